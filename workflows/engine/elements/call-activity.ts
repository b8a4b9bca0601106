/** Call activity (BPMN 2.0 clause 13.3.4), inlined: the called process is a scope of the same instance, with variables of its own. */
import type { Behaviour } from '../behaviour.ts'
import { closeWaits } from '../events.ts'
import { activate, begin, finish } from '../lifecycle.ts'
import { CALL_DEPTH_LIMIT, type Run, StallError } from '../run.ts'
import type { Activation } from '../state.ts'

export const callActivity: Behaviour<'callActivity'> = {
  execute(run, activation, element) {
    const processId = run.evaluateText(activation.key, element.processId, 'the called process id')
    const model = processId === run.program.process.processId ? run.program.process : run.program.called[processId]
    const called = model?.elements[processId]
    if (called?.type !== 'process')
      throw new StallError('unknownProcess', `the called process ${processId} is not deployed with this definition`)
    if (called.starts.length === 0) throw new StallError('noStart', `the called process ${processId} has no none start event`)
    if (depthOf(run, activation) >= CALL_DEPTH_LIMIT)
      throw new StallError('callDepth', `call activities are nested more than ${CALL_DEPTH_LIMIT} deep`)
    const caller = run.draft.own(activation.key)
    caller.live = 1
    const brought = element.propagatesAllParentVariables ? { ...run.visible(caller.key) } : { ...caller.variables }
    const child = activate(run, called, { ...caller, processId }, { live: 0, variables: {}, pending: brought })
    begin(run, child.key)
  },
}

function depthOf(run: Run, activation: Activation): number {
  let depth = 0
  for (let at: Activation | undefined = activation; at; at = at.parentKey === null ? undefined : run.draft.find(at.parentKey))
    if (at.elementId === at.processId) depth++
  return depth
}

/** The called process has nothing left: its variables go to the caller, as drawn. */
export function callFinished(run: Run, called: Activation): void {
  const callerKey = called.parentKey!
  const caller = run.draft.get(callerKey)
  const element = run.element(caller)
  const variables = called.variables ?? {}
  run.draft.move(called.key, 'completing')
  closeWaits(run, called.key)
  run.facts.push({ type: 'elementCompleted', at: run.at, elementId: called.elementId, key: called.key, elementType: 'process' })
  run.draft.remove(called.key)
  run.draft.own(callerKey).live = 0
  const takesAll = element.type === 'callActivity' && (element.propagatesAllChildVariables || element.outputs !== undefined)
  finish(run, callerKey, takesAll ? variables : undefined)
}
