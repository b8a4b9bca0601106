/** What an instance waits for, moved to the new drawing: kept where it is the same, re-opened where it changed, closed where it is gone. */
import { cancelWait, subscribe } from '../events.ts'
import { attributesNow, candidatesOf, formOf } from '../elements/user-task.ts'
import type { BoundaryEventElement, EventDefinition, EventSubProcessElement, ModelElement } from '../model.ts'
import { type Run, StallError } from '../run.ts'
import type { Activation, EngineState, TaskWait, Wait } from '../state.ts'
import { eventTypeOf } from './mapping.ts'
import { type Plan, sameJson } from './plan.ts'

type Role = Wait['role']
/** An event that an activation listens to on behalf of an element. */
interface Listener {
  elementId: string
  event: EventDefinition
}
export interface MovedTask {
  waitId: string
  elementId: string
  name: string
  formId: string | null
  candidateGroups: string[]
  candidateUsers: string[]
  attributes?: Record<string, string>
}

/** Moves the waits of every activation; returns the user tasks that are open, as they now are. */
export function moveWaits(plan: Plan, run: Run, before: EngineState, retimes: boolean): MovedTask[] {
  const tasks: MovedTask[] = []
  for (const key in before.activations) {
    const old = before.activations[key]!
    try {
      for (const waitId of old.waits ?? []) {
        const wait = before.waits[waitId]
        if (wait?.role === 'self') moveOwn(plan, run, old, wait, retimes, tasks)
      }
      for (const role of ['boundary', 'eventSubProcess', 'gateway'] as const) moveListeners(plan, run, before, old, role, retimes)
    } catch (error) {
      if (!(error instanceof StallError)) throw error
      plan.refuse('cannotSubscribe', old.elementId, error.message)
    }
  }
  return tasks
}

const eventOf = (element: ModelElement): EventDefinition | null => ('event' in element ? element.event : null)

/** Is it another subscription now, so that it must be opened anew? */
function isChanged(from: EventDefinition, to: EventDefinition, retimes: boolean): boolean {
  if (from.type !== to.type) return true
  if (from.type === 'timer') return retimes && !sameJson(from, to)
  if (from.type === 'message' && to.type === 'message')
    return !sameJson(from.name, to.name) || !sameJson(from.correlationKey, to.correlationKey)
  return !sameJson(from, to)
}

function moveOwn(plan: Plan, run: Run, old: Activation, wait: Wait, retimes: boolean, tasks: MovedTask[]): void {
  const from = plan.oldElement(old.processId, old.elementId)
  const to = plan.targetOf(old)!
  if (wait.kind === 'task') {
    const moved = moveTask(run, old.key, wait, from, to)
    const { waitId, elementId, name, formId, candidateGroups, candidateUsers, attributes } = moved
    run.draft.replaceWait(moved)
    tasks.push({ waitId, elementId, name, formId, candidateGroups, candidateUsers, ...(attributes ? { attributes } : {}) })
    return
  }
  const [fromEvent, toEvent] = [eventOf(from), eventOf(to)]
  if (fromEvent && toEvent && wait.kind !== 'job' && isChanged(fromEvent, toEvent, retimes)) {
    cancelWait(run, wait)
    subscribe(run, old.key, to.id, toEvent, 'self')
  } else run.draft.replaceWait({ ...wait, elementId: to.id })
}

/** A person's task keeps its assignee and due date; its name, form and candidates follow the drawing where that changed. */
function moveTask(run: Run, key: string, wait: TaskWait, from: ModelElement, to: ModelElement): TaskWait {
  const moved: TaskWait = { ...wait, elementId: to.id, name: to.name }
  if (from.type !== 'userTask' || to.type !== 'userTask') return moved
  if (!sameJson(from.attributes, to.attributes)) {
    delete moved.attributes
    Object.assign(moved, attributesNow(run, key, to))
  }
  if (!sameJson(from.formId, to.formId)) moved.formId = formOf(run, key, to)
  if (!sameJson([from.candidateGroups, from.candidateUsers], [to.candidateGroups, to.candidateUsers]))
    Object.assign(moved, candidatesOf(run, key, to))
  return moved
}

/** The events around an activation, as its element's drawing has them: boundary events, event sub-processes, a gateway's events. */
function listenersOf(plan: Plan, processId: string, element: ModelElement, role: Role, isNew: boolean): Listener[] {
  const model = (isNew ? plan.newModel(processId) : plan.oldModel(processId))!
  if (role === 'boundary')
    return (element.boundary ?? []).map((id) => ({ elementId: id, event: (model.elements[id] as BoundaryEventElement).event }))
  if (role === 'eventSubProcess' && 'eventSubProcesses' in element)
    return element.eventSubProcesses.map((id) => {
      const { startId, event } = model.elements[id] as EventSubProcessElement
      return { elementId: startId, event }
    })
  if (role !== 'gateway' || element.type !== 'eventBasedGateway') return []
  return element.outgoing.flatMap((flowId) => {
    const caught = model.elements[model.flows[flowId]!.targetId]
    return caught && 'event' in caught ? [{ elementId: caught.id, event: caught.event }] : []
  })
}

/** Does the activation listen in this role now? A body listens at its border, its inner instances inside. */
function listens(activation: Activation, element: ModelElement, role: Role): boolean {
  if (activation.phase !== 'active') return (activation.waits?.length ?? 0) > 0
  if (role === 'boundary') return !activation.isInner
  if (role === 'eventSubProcess')
    return activation.interruptedBy === undefined && (element.loop === undefined || activation.isInner === true)
  return element.type === 'eventBasedGateway' && !activation.stall
}

function moveListeners(plan: Plan, run: Run, before: EngineState, old: Activation, role: Role, retimes: boolean): void {
  const { processId, key } = old
  const from = plan.oldElement(processId, old.elementId)
  const to = plan.targetOf(old)!
  const wanted = listenersOf(plan, processId, to, role, true)
  const previous = listenersOf(plan, processId, from, role, false)
  if ((wanted.length === 0 && previous.length === 0) || !listens(old, from, role)) return
  const successors = pairUp(plan, old, previous, wanted)
  for (const waitId of old.waits ?? []) {
    const wait = before.waits[waitId]
    if (wait?.role !== role) continue
    const was = previous.find(({ elementId }) => elementId === wait.elementId)!
    const next = successors.get(wait.elementId)
    if (!next) cancelWait(run, wait)
    else if (isChanged(was.event, next.event, retimes)) {
      cancelWait(run, wait)
      subscribe(run, key, next.elementId, next.event, role)
    } else run.draft.replaceWait({ ...wait, elementId: next.elementId })
  }
  // What the new drawing adds. One that stands for an old event is not opened again: that one may have fired already.
  const inherited = new Set([...successors.values()].map(({ elementId }) => elementId))
  for (const { elementId, event } of wanted) if (!inherited.has(elementId)) subscribe(run, key, elementId, event, role)
  if (role === 'gateway' && !run.draft.get(key).waits?.length)
    plan.refuse('nothingToWaitFor', old.elementId, `${to.id} has no event left to wait for`)
}

/** Old listeners and those that stand for them at the same place. */
function pairUp(plan: Plan, { processId, elementId }: Activation, previous: Listener[], wanted: Listener[]): Map<string, Listener> {
  const pairs = new Map<string, Listener>()
  const taken = new Set<string>()
  for (const listener of previous) {
    const next = wanted.find((other) => other.elementId === plan.targetId(processId, listener.elementId))
    if (!next) continue
    if (taken.has(next.elementId)) plan.refuse('ambiguousTarget', listener.elementId, `two events at ${elementId} become ${next.elementId}`)
    const source = plan.oldElement(processId, listener.elementId)
    if (eventTypeOf(source) !== next.event.type)
      plan.refuse(
        'eventTypeChanged',
        listener.elementId,
        `${source.id} waits for a ${eventTypeOf(source)}, ${next.elementId} for a ${next.event.type}`,
      )
    taken.add(next.elementId)
    pairs.set(listener.elementId, next)
  }
  return pairs
}
