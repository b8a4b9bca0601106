/**
 * Modification by an operator: cancel here, start there. A variable goes to the nearest scope around the new token that has it, else
 * to the process, as when a task is completed.
 */
import type { Input, Refusal, Variables } from './contract.ts'
import { activate, childGone, handlerFinished, isScopeElement, terminate } from './lifecycle.ts'
import { innerCanceled } from './loops.ts'
import { openBoundary, openEventSubProcesses } from './events.ts'
import type { ModelElement } from './model.ts'
import { type Run, StallError } from './run.ts'

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
  try {
    for (const { elementId, variables } of input.start) {
      const scopeKey = ensureScope(run, model.elements[elementId]!, new Set(input.cancel))
      run.mergeVariables(scopeKey, variables)
      run.send(scopeKey, elementId, null)
    }
  } catch (error) {
    if (error instanceof StallError) return { code: 'invalidInput', message: error.message }
    throw error
  }
  input.cancel.forEach((key, index) => {
    cancelOne(run, key, parents[index]!)
  })
  return null
}

/** Those who wait for it (a loop for its instance, a compensation for its handler) go on without it. */
function cancelOne(run: Run, key: string, parentKey: string): void {
  const activation = run.draft.find(key)
  if (!activation) return
  const { isInner, throwerKey } = activation
  terminate(run, key)
  if (!run.draft.find(parentKey)) return
  if (isInner) innerCanceled(run, parentKey)
  else childGone(run, parentKey)
  if (throwerKey !== undefined) handlerFinished(run, throwerKey)
}

/** Does `key`, or what contains it, end with this modification? */
function isEnding(run: Run, key: string, canceled: ReadonlySet<string>): boolean {
  for (let at = run.draft.find(key); at; at = at.parentKey === null ? undefined : run.draft.find(at.parentKey))
    if (canceled.has(at.key)) return true
  return false
}

/**
 * The live scope that holds `element`, and outlives this modification; opened (without its start events, with its input mappings
 * and subscriptions) when there is none.
 * @throws StallError when a mapping or subscription fails, or when the scope is a repeated one of which no instance runs
 */
function ensureScope(run: Run, element: ModelElement, canceled: ReadonlySet<string>): string {
  const { activations, rootKey } = run.draft.state
  const { processId } = run.program.process
  if (element.scopeId === processId || element.scopeId === null) return rootKey
  for (const key in activations) {
    const activation = activations[key]!
    if (activation.elementId !== element.scopeId || activation.processId !== processId || activation.loop) continue
    if (activation.phase === 'active' && !isEnding(run, key, canceled)) return key
  }
  const scopeElement = run.elementById(processId, element.scopeId)
  if (scopeElement.loop)
    throw new StallError('noScope', `no instance of the repeated ${scopeElement.id} runs, in which ${element.id} could start`)
  const parentKey = ensureScope(run, scopeElement, canceled)
  const parent = run.draft.own(parentKey)
  parent.live = (parent.live ?? 0) + 1
  const { key } = activate(run, scopeElement, parent, { live: 0 })
  const write = (name: string, value: Variables[string]): void => run.setVariable(key, name, value)
  if (scopeElement.inputs) run.applyMappings(key, scopeElement.inputs, write, (name) => run.draft.get(key).variables?.[name])
  if (isScopeElement(scopeElement)) openEventSubProcesses(run, key, scopeElement)
  if (scopeElement.boundary) openBoundary(run, key, scopeElement.boundary)
  run.draft.move(key, 'active')
  return key
}
