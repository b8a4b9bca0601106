/** Modification by an operator: cancel here, start there. */
import type { Input, Refusal } from './contract.ts'
import { activate, childGone, isScopeElement, terminate } from './lifecycle.ts'
import { openEventSubProcesses } from './events.ts'
import type { ModelElement } from './model.ts'
import type { Run } from './run.ts'

export function modify(run: Run, input: Extract<Input, { type: 'modify' }>): Refusal | null {
  const { rootKey } = run.draft.state
  const model = run.program.process
  const canceled = input.cancel.map((key) => run.draft.find(key))
  const missing = input.cancel.find((_, index) => !canceled[index])
  if (missing) return { code: 'unknownWait', message: `there is no live activation ${missing}` }
  if (input.cancel.includes(rootKey)) return { code: 'invalidInput', message: 'the instance itself is ended by cancel, not by modify' }
  for (const { elementId } of input.start) {
    const element = model.elements[elementId]
    if (!element || element.type === 'process' || element.type === 'boundaryEvent' || element.type === 'eventSubProcess') {
      return { code: 'unknownElement', message: `a token cannot be placed at ${elementId}`, elementId }
    }
  }
  run.facts.push({
    type: 'instanceModified',
    at: run.at,
    canceled: canceled.map((activation) => activation!.elementId),
    started: input.start.map(({ elementId }) => elementId),
  })
  // Started first, so that no scope completes in between.
  const parents = canceled.map((activation) => activation!.parentKey!)
  for (const { elementId, variables } of input.start) {
    const scopeKey = ensureScope(run, model.elements[elementId]!)
    for (const name in variables) run.setVariable(scopeKey, name, variables[name]!)
    run.send(scopeKey, elementId, null)
  }
  input.cancel.forEach((key, index) => {
    if (!run.draft.find(key)) return
    terminate(run, key)
    if (run.draft.find(parents[index]!)) childGone(run, parents[index]!)
  })
  return null
}

/** The live scope that holds `element`, opened (without its start events) when there is none. */
function ensureScope(run: Run, element: ModelElement): string {
  const { activations, rootKey } = run.draft.state
  const { processId } = run.program.process
  if (element.scopeId === processId || element.scopeId === null) return rootKey
  for (const key in activations) {
    const activation = activations[key]!
    if (activation.elementId === element.scopeId && activation.processId === processId && !activation.loop) return key
  }
  const scopeElement = run.elementById(processId, element.scopeId)
  const parentKey = ensureScope(run, scopeElement)
  const parent = run.draft.own(parentKey)
  parent.live = (parent.live ?? 0) + 1
  const opened = activate(run, scopeElement, parent, { live: 0 })
  if (isScopeElement(scopeElement)) openEventSubProcesses(run, opened.key, scopeElement)
  run.draft.move(opened.key, 'active')
  return opened.key
}
