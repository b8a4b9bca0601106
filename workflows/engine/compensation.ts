/** Compensation (BPMN 2.0 clause 13.5.5): handlers of completed activities, in reverse order, each once; the thrower waits for all. */
import { begin, spawn } from './lifecycle.ts'
import type { ModelElement } from './model.ts'
import type { Run } from './run.ts'
import type { Activation, Compensable } from './state.ts'

/**
 * Starts the first handler for what completed in the thrower's scope. `activityId` limits it to one activity.
 * False: there is nothing to compensate.
 */
export function compensate(run: Run, thrower: Activation, activityId: string | null): boolean {
  const wanted = compensationScopes(run, thrower).flatMap((scopeKey) => takeFrom(run, scopeKey, activityId))
  if (wanted.length === 0) return false
  const plan = wanted.flatMap((entry) => flatten(run, thrower.processId, entry)).reverse()
  const { facts } = run
  facts.push({ type: 'compensationTriggered', at: run.at, elementId: thrower.elementId, targets: plan.map(({ elementId }) => elementId) })
  if (plan.length === 0) return false
  const waiting = run.draft.own(thrower.key)
  waiting.compensables = plan.slice(1)
  startHandler(run, thrower, plan[0]!)
  return true
}

/** A handler ended. True when it was the last; else the next one starts. */
export function compensationDone(run: Run, thrower: Activation): boolean {
  const waiting = run.draft.own(thrower.key)
  const [next, ...rest] = waiting.compensables ?? []
  if (!next) return true
  waiting.compensables = rest
  startHandler(run, waiting, next)
  return false
}

/** What is to be compensated in one scope; it cannot be compensated a second time. */
function takeFrom(run: Run, scopeKey: string, activityId: string | null): Compensable[] {
  const scope = run.draft.own(scopeKey)
  const all = scope.compensables ?? []
  const wanted = all.filter((entry) => activityId === null || entry.elementId === activityId)
  const kept = all.filter((entry) => !wanted.includes(entry))
  if (kept.length > 0) scope.compensables = kept
  else delete scope.compensables
  return wanted
}

/** The scopes whose completed activities are meant, outer first: inside an event sub-process, the scope around it too. */
function compensationScopes(run: Run, thrower: Activation): string[] {
  const parent = run.draft.get(thrower.parentKey!)
  const element = run.element(thrower)
  if ('event' in element && element.event.type === 'cancel') return [transactionOf(run, parent)]
  const around = run.element(parent)
  if (around.type !== 'eventSubProcess') return [parent.key]
  // A compensation event sub-process holds what completed in the sub-process that it compensates.
  return around.event.type === 'compensation' ? [parent.key] : [parent.parentKey!, parent.key]
}

function transactionOf(run: Run, from: Activation): string {
  let at = from
  while (run.element(at).type !== 'transaction' && at.parentKey !== null) at = run.draft.get(at.parentKey)
  return at.key
}

/** A sub-process without a handler of its own is compensated by what completed inside it. */
function flatten(run: Run, processId: string, entry: Compensable): Compensable[] {
  const element = run.elementById(processId, entry.elementId)
  if (element.compensationHandler || compensationStartOf(run, processId, element)) return [entry]
  return entry.inner
    .flatMap((inner) => flatten(run, processId, inner))
    .map((inner) => ({ ...inner, variables: { ...entry.variables, ...inner.variables } }))
}

/** The compensation event sub-process of a sub-process (BPMN 2.0 clause 10.7.2). */
export function compensationStartOf(run: Run, processId: string, element: ModelElement): string | undefined {
  if (!('eventSubProcesses' in element)) return undefined
  return element.eventSubProcesses.find((id) => {
    const inner = run.elementById(processId, id)
    return inner.type === 'eventSubProcess' && inner.event.type === 'compensation'
  })
}

function startHandler(run: Run, thrower: Activation, entry: Compensable): void {
  const element = run.elementById(thrower.processId, entry.elementId)
  const handler = run.elementById(thrower.processId, element.compensationHandler ?? compensationStartOf(run, thrower.processId, element)!)
  run.draft.own(thrower.key).awaiting = 1
  const snapshot = entry.variables ? { variables: { ...entry.variables } } : {}
  const scopeKey = thrower.parentKey!
  const activation = spawn(run, handler, scopeKey, {
    throwerKey: thrower.key,
    ...snapshot,
    ...(handler.type === 'eventSubProcess' ? { live: 0, compensables: entry.inner } : {}),
  })
  begin(run, activation.key)
}
