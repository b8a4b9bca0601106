/** The process itself, and the inlined process of a call activity (BPMN 2.0 clause 13.2). */
import type { Behaviour } from '../behaviour.ts'
import type { Variables } from '../contract.ts'
import { finish, scopeEmpty, spawn } from '../lifecycle.ts'
import type { Run } from '../run.ts'
import { callFinished } from './call-activity.ts'

/** A receive task, or an event after an event-based gateway, whose message created this instance (clauses 13.3.3 and 13.4.4). */
const isTriggered = (run: Run, processId: string, elementId: string): boolean =>
  run.elementById(processId, elementId).type !== 'startEvent' &&
  run.model(processId).startTriggers.some((trigger) => trigger.elementId === elementId)

function beginTriggered(run: Run, scopeKey: string, elementId: string, variables: Variables): void {
  const { processId } = run.draft.get(scopeKey)
  const caught = spawn(run, run.elementById(processId, elementId), scopeKey)
  run.draft.move(caught.key, 'active')
  finish(run, caught.key, variables)
}

export const process: Behaviour<'process'> = {
  isScope: true,
  execute(run, activation, element) {
    const named = activation.step
    const starts = named === undefined ? element.starts : [named]
    const scope = run.draft.own(activation.key)
    delete scope.step
    const trigger = scope.pending
    delete scope.pending
    if (trigger) for (const name in trigger) run.setVariable(scope.key, name, trigger[name]!)
    if (named !== undefined && isTriggered(run, activation.processId, named)) {
      beginTriggered(run, activation.key, named, {})
      return
    }
    for (const id of starts) run.send(activation.key, id, null)
    if (starts.length === 0) scopeEmpty(run, activation.key)
  },
  onEmpty(run, activation) {
    if (activation.parentKey === null) finish(run, activation.key)
    else callFinished(run, activation)
  },
}
