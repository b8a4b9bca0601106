/** Errors, escalations and cancellations on their way outward. */
import type { Json, Variables } from './contract.ts'
import { triggerBoundary, triggerEventSubProcess } from './events.ts'
import type { BoundaryEventElement, EventSubProcessElement, Expression } from './model.ts'
import { type Run, StallError } from './run.ts'
import type { Activation } from './state.ts'

/** Who catches an error or escalation: the nearest handler outward, in each scope a precise code before a catch-all. */
export interface Catcher {
  element: BoundaryEventElement | EventSubProcessElement
  /** The host of the boundary event, or the scope of the event sub-process. */
  ownerKey: string
}

export function findCatcher(
  run: Run,
  fromKey: string,
  type: 'error' | 'escalation' | 'cancel',
  code: string,
  startsInside: boolean,
): Catcher | null {
  let current = run.draft.find(fromKey)
  let isInside = startsInside
  let cameFrom: string | null = null
  while (current) {
    const element = run.element(current)
    if (isInside && 'eventSubProcesses' in element && !current.interruptedBy) {
      const inside = element.eventSubProcesses.filter((id) => id !== cameFrom)
      const found = pick(run, current, inside, type, code)
      if (found) return { element: found, ownerKey: current.key }
    }
    if (element.boundary && !current.isInner) {
      const found = pick(run, current, element.boundary, type, code)
      if (found) return { element: found, ownerKey: current.key }
    }
    cameFrom = current.elementId
    isInside = !current.isInner
    current = current.parentKey === null ? undefined : run.draft.find(current.parentKey)
  }
  return null
}

function pick(run: Run, owner: Activation, ids: string[], type: string, code: string): Catcher['element'] | null {
  let catchAll: Catcher['element'] | null = null
  for (const id of ids) {
    const element = run.elementById(owner.processId, id) as Catcher['element']
    const { event } = element
    if (event.type !== type) continue
    if (!('code' in event)) return element
    if (event.code === null) catchAll ??= element
    else if (literalOf(event.code) === code) return element
  }
  return catchAll
}

function literalOf(expression: Expression): Json | undefined {
  return 'literal' in expression ? expression.literal : undefined
}

export function deliver(run: Run, catcher: Catcher, variables: Variables): void {
  if (catcher.element.type === 'boundaryEvent') triggerBoundary(run, catcher.ownerKey, catcher.element, variables)
  else triggerEventSubProcess(run, catcher.ownerKey, catcher.element.id, variables)
}

/**
 * An error leaves `key` outward.
 * @throws StallError `uncaughtError` when nothing catches it: the thrower stays where it is
 */
export function throwError(run: Run, key: string, code: string, variables: Variables, message?: string): void {
  const activation = run.draft.get(key)
  const catcher = findCatcher(run, key, 'error', code, false)
  run.facts.push({
    type: 'errorThrown',
    at: run.at,
    elementId: activation.elementId,
    code,
    caughtBy: catcher?.element.id ?? null,
    ...(message ? { message } : {}),
  })
  if (!catcher)
    throw new StallError('uncaughtError', `error ${code || '(without code)'} is caught by no boundary event or event sub-process`)
  deliver(run, catcher, variables)
}

/** An escalation leaves `key` outward; uncaught ones are ignored (BPMN 2.0 clause 10.5.6). False when the thrower was interrupted. */
export function throwEscalation(
  run: Run,
  key: string,
  code: string,
  variables: Variables,
  elementId: string | null,
  startsInside = false,
): boolean {
  const catcher = findCatcher(run, key, 'escalation', code, startsInside)
  run.facts.push({ type: 'escalationThrown', at: run.at, elementId, code, caughtBy: catcher?.element.id ?? null })
  if (catcher) deliver(run, catcher, variables)
  return run.draft.find(key) !== undefined
}
