/** Subscriptions and what triggers them; errors and escalations on their way outward. */
import type { Variables } from './contract.ts'
import { activate, begin, finish, handlerFinished, spawn, takeFlows, terminate, terminateChildren } from './lifecycle.ts'
import type { BoundaryEventElement, CatchEventElement, EventDefinition, EventSubProcessElement, Expression, ScopeElement } from './model.ts'
import { type Run, StallError } from './run.ts'
import type { Activation, TimerWait, Wait } from './state.ts'
import { addDuration, nextOccurrence, parseCycle, parseInstant } from './time.ts'

type Role = Wait['role']

/** Opens the wait for `event`. `waitId` is the owner's key for its own wait, else a new one. Nothing for error, escalation, cancel, compensation. `except`: the part of a multiple event that came already. */
export function subscribe(
  run: Run,
  ownerKey: string,
  elementId: string,
  event: EventDefinition,
  role: Role,
  except?: EventDefinition,
): void {
  if (event.type === 'multiple') {
    event.events.forEach((part, index) => {
      if (part !== except) openWait(run, ownerKey, elementId, part, role, run.draft.newKey(), index)
    })
    return
  }
  openWait(run, ownerKey, elementId, event, role, role === 'self' ? ownerKey : run.draft.newKey())
}

function openWait(run: Run, ownerKey: string, elementId: string, event: EventDefinition, role: Role, waitId: string, part?: number): void {
  const base = { waitId, elementId, ownerKey, role }
  if (event.type === 'timer') {
    const { dueAt, cycle } = timerOf(run, ownerKey, event)
    run.draft.addWait({ ...base, kind: 'timer', dueAt, cycle })
    scheduled(run, waitId, elementId, dueAt)
  } else if (event.type === 'message') {
    const name = run.evaluateText(ownerKey, event.name, 'the message name')
    const correlationKey = correlationKeyOf(run, ownerKey, elementId, event)
    run.draft.addWait({ ...base, kind: 'message', name, correlationKey })
    run.facts.push({ type: 'subscriptionOpened', at: run.at, elementId, waitId, kind: 'message', name, correlationKey })
  } else if (event.type === 'signal') {
    const name = run.evaluateText(ownerKey, event.name, 'the signal name')
    run.draft.addWait({ ...base, kind: 'signal', name })
    run.facts.push({ type: 'subscriptionOpened', at: run.at, elementId, waitId, kind: 'signal', name, correlationKey: null })
  } else if (event.type === 'conditional') {
    run.draft.addWait({ ...base, kind: 'conditional', isFresh: true, ...(part === undefined ? {} : { part }) })
    run.hasFreshCondition = true
    const name = 'feel' in event.condition ? event.condition.feel : ''
    run.facts.push({ type: 'subscriptionOpened', at: run.at, elementId, waitId, kind: 'conditional', name, correlationKey: null })
  }
}

/** What belongs to a parallel start is awaited under the key of the message that came first (BPMN 2.0 clause 10.6.6). */
function correlationKeyOf(
  run: Run,
  ownerKey: string,
  elementId: string,
  event: Extract<EventDefinition, { type: 'message' }>,
): string | null {
  const { rootKey } = run.draft.state
  const key = run.draft.get(ownerKey).parentKey === rootKey ? run.draft.get(rootKey).occurrence?.correlationKey : undefined
  if (key != null && run.program.process.startTriggers.some((trigger) => trigger.groupId && trigger.elementId === elementId)) return key
  return event.correlationKey ? run.evaluateText(ownerKey, event.correlationKey, 'the correlation key') : null
}

function scheduled(run: Run, waitId: string, elementId: string, dueAt: number): void {
  run.effects.push({ type: 'startTimer', waitId, elementId, dueAt })
  run.facts.push({ type: 'timerScheduled', at: run.at, elementId, waitId, dueAt })
}

function timerOf(run: Run, key: string, event: Extract<EventDefinition, { type: 'timer' }>): Pick<TimerWait, 'dueAt' | 'cycle'> {
  const text = run.evaluateText(key, event.value, `the timer's ${event.timer}`)
  const { timeZone } = run.model(run.draft.get(key).processId)
  if (event.timer === 'cycle') {
    const cycle = parseCycle(text, timeZone)
    if (!cycle) throw new StallError('timer', `expected a repetition such as R3/PT10M, found ${text}`)
    const dueAt = cycle.startAt ?? nextOccurrence(cycle.interval, run.at, timeZone)
    if (dueAt === null) throw new StallError('timer', `${text} never comes`)
    return { dueAt, cycle: { interval: cycle.interval, remaining: cycle.repetitions === null ? null : cycle.repetitions - 1 } }
  }
  // A date that turns out to be a duration counts from now, as in Camunda 7 and Flowable.
  const dueAt = (event.timer === 'date' ? parseInstant(text, timeZone) : null) ?? addDuration(run.at, text, timeZone)
  if (dueAt === null) throw new StallError('timer', `expected an ISO 8601 ${event.timer}, found ${text}`)
  return { dueAt, cycle: null }
}

export function openBoundary(run: Run, key: string, boundary: string[]): void {
  const { processId } = run.draft.get(key)
  for (const id of boundary) subscribe(run, key, id, (run.elementById(processId, id) as BoundaryEventElement).event, 'boundary')
}

export function openEventSubProcesses(run: Run, key: string, scope: ScopeElement): void {
  const { processId } = run.draft.get(key)
  for (const id of scope.eventSubProcesses) {
    const element = run.elementById(processId, id) as EventSubProcessElement
    subscribe(run, key, element.startId, element.event, 'eventSubProcess')
  }
}

/** Closes the waits of an activation: all, or those of one role. */
export function closeWaits(run: Run, key: string, role?: Role): void {
  for (const waitId of [...(run.draft.get(key).waits ?? [])]) {
    const wait = run.draft.state.waits[waitId]
    if (wait && (role === undefined || wait.role === role)) cancelWait(run, wait)
  }
}

/** Closes a wait that was not triggered. */
export function cancelWait(run: Run, wait: Wait): void {
  const { waitId, elementId } = wait
  run.draft.removeWait(waitId)
  if (wait.kind === 'timer') {
    run.effects.push({ type: 'cancelTimer', waitId })
    run.facts.push({ type: 'timerCanceled', at: run.at, elementId, waitId })
  } else if (wait.kind === 'job') run.effects.push({ type: 'cancelJob', waitId })
  else if (wait.kind === 'task') run.facts.push({ type: 'taskCanceled', at: run.at, elementId, waitId })
  else run.facts.push({ type: 'subscriptionClosed', at: run.at, elementId, waitId })
}

/** A wait was triggered: the task goes on, or the event does what it is drawn for. The facts of the trigger come first, from the caller. */
export function trigger(run: Run, wait: Wait, variables: Variables): void {
  const owner = run.draft.get(wait.ownerKey)
  if (isAwaitingOthers(run, wait, variables)) return
  variables = withEarlier(run, wait, variables)
  if (wait.role === 'self') {
    closeTriggered(run, wait)
    closeParts(run, wait)
    finish(run, wait.ownerKey, variables)
  } else if (wait.role === 'gateway') triggerGateway(run, wait, variables)
  else {
    const element = run.elementById(owner.processId, wait.elementId)
    const interrupts = isInterrupting(run, wait)
    if (wait.kind === 'timer' && !interrupts && rearm(run, wait)) {
      // The same wait fires again at its next due time.
    } else if (interrupts || wait.kind === 'timer') closeTriggered(run, wait)
    if (interrupts) closeParts(run, wait)
    else reopenParts(run, wait)
    if (wait.role === 'boundary') triggerBoundary(run, owner.key, element as BoundaryEventElement, variables)
    else triggerEventSubProcess(run, owner.key, element.scopeId!, variables)
  }
}

/** The multiple event that a wait is a part of. */
function multipleOf(run: Run, wait: Wait): Extract<EventDefinition, { type: 'multiple' }> | null {
  const element = run.elementById(run.draft.get(wait.ownerKey).processId, wait.elementId)
  return 'event' in element && element.event.type === 'multiple' ? element.event : null
}

const partsOf = (run: Run, wait: Wait): Wait[] =>
  (run.draft.get(wait.ownerKey).waits ?? [])
    .map((id) => run.draft.state.waits[id]!)
    .filter((other) => other.elementId === wait.elementId && other.waitId !== wait.waitId)

/** A parallel multiple event fires when all of its triggers came; what the earlier ones brought is kept with the owner. */
function isAwaitingOthers(run: Run, wait: Wait, variables: Variables): boolean {
  if (!multipleOf(run, wait)?.isParallel || partsOf(run, wait).length === 0) return false
  const owner = run.draft.own(wait.ownerKey)
  owner.arrived = { ...owner.arrived, [wait.elementId]: { ...owner.arrived?.[wait.elementId], ...variables } }
  closeTriggered(run, wait)
  return true
}

function withEarlier(run: Run, wait: Wait, variables: Variables): Variables {
  const earlier = run.draft.get(wait.ownerKey).arrived?.[wait.elementId]
  if (!earlier) return variables
  const { [wait.elementId]: _, ...rest } = run.draft.get(wait.ownerKey).arrived!
  const owner = run.draft.own(wait.ownerKey)
  if (Object.keys(rest).length > 0) owner.arrived = rest
  else delete owner.arrived
  return { ...earlier, ...variables }
}

/** One trigger of a multiple event came: the others are not waited for any more. */
function closeParts(run: Run, wait: Wait): void {
  if (multipleOf(run, wait)) for (const other of partsOf(run, wait)) cancelWait(run, other)
}

/** A parallel multiple event that does not interrupt waits for all of its triggers anew. */
function reopenParts(run: Run, wait: Wait): void {
  const event = multipleOf(run, wait)
  if (!event?.isParallel) return
  if (run.draft.state.waits[wait.waitId]) cancelWait(run, wait)
  subscribe(run, wait.ownerKey, wait.elementId, event, wait.role)
}

/** The subscription is used up. Timers and tasks have facts of their own. */
function closeTriggered(run: Run, wait: Wait): void {
  run.draft.removeWait(wait.waitId)
  if (wait.kind === 'message' || wait.kind === 'signal' || wait.kind === 'conditional') {
    run.facts.push({ type: 'subscriptionClosed', at: run.at, elementId: wait.elementId, waitId: wait.waitId })
  }
}

function rearm(run: Run, wait: TimerWait): boolean {
  if (!wait.cycle || wait.cycle.remaining === 0) return false
  const { timeZone } = run.model(run.draft.get(wait.ownerKey).processId)
  const dueAt = nextOccurrence(wait.cycle.interval, wait.dueAt, timeZone)
  if (dueAt === null) return false
  const remaining = wait.cycle.remaining === null ? null : wait.cycle.remaining - 1
  run.draft.replaceWait({ ...wait, dueAt, cycle: { ...wait.cycle, remaining } })
  scheduled(run, wait.waitId, wait.elementId, dueAt)
  return true
}

function triggerGateway(run: Run, wait: Wait, variables: Variables): void {
  closeTriggered(run, wait)
  closeWaits(run, wait.ownerKey)
  passGateway(run, wait.ownerKey, wait.elementId, variables)
}

/** An event after the gateway has come: its way is taken. The other ways out of a parallel gateway are taken too, and wait. */
export function passGateway(run: Run, key: string, caughtId: string, variables: Variables): void {
  const gateway = run.draft.get(key)
  const element = run.element(gateway)
  const { flows } = run.model(gateway.processId)
  const flowId = element.outgoing.find((id) => flows[id]!.targetId === caughtId)!
  run.draft.move(key, 'completing')
  run.draft.remove(key)
  run.facts.push({ type: 'elementCompleted', at: run.at, elementId: element.id, key, elementType: element.type })
  if (element.type === 'eventBasedGateway' && element.isParallel)
    takeFlows(
      run,
      gateway.processId,
      gateway.parentKey!,
      element.outgoing.filter((id) => id !== flowId),
    )
  run.facts.push({ type: 'flowTaken', at: run.at, flowId })
  const caught = run.elementById(gateway.processId, caughtId) as CatchEventElement
  const event = activate(run, caught, run.draft.get(gateway.parentKey!))
  run.draft.move(event.key, 'active')
  finish(run, event.key, variables)
}

/** The event is active at once and goes on with what it brought. */
function passEvent(run: Run, scopeKey: string, element: BoundaryEventElement, variables: Variables): void {
  const event = spawn(run, element, scopeKey)
  run.draft.move(event.key, 'active')
  finish(run, event.key, variables)
}

export function triggerBoundary(run: Run, hostKey: string, element: BoundaryEventElement, variables: Variables): void {
  const { parentKey: scopeKey, throwerKey } = run.draft.get(hostKey)
  const parentKey = scopeKey!
  if (element.isInterrupting) {
    terminate(run, hostKey)
    const parent = run.draft.own(parentKey)
    parent.live = (parent.live ?? 1) - 1
  }
  passEvent(run, parentKey, element, variables)
  // A compensation handler that is interrupted has ended for who waits for it.
  if (element.isInterrupting && throwerKey !== undefined) handlerFinished(run, throwerKey)
}

/** What was stalled is given up: an operator need not look at it any more. */
export function settleStall(run: Run, activation: Activation): void {
  if (!activation.stall) return
  const { elementId, key, stall } = activation
  delete activation.stall
  run.facts.push({ type: 'stallResolved', at: run.at, elementId, key, code: stall.code })
}

export function triggerEventSubProcess(run: Run, scopeKey: string, id: string, variables: Variables): void {
  const scope = run.draft.own(scopeKey)
  const element = run.elementById(scope.processId, id) as EventSubProcessElement
  if (element.isInterrupting) {
    terminateChildren(run, scopeKey)
    closeWaits(run, scopeKey, 'eventSubProcess')
    scope.interruptedBy = id
    settleStall(run, scope)
  }
  const activation = spawn(run, element, scopeKey, { live: 0, pending: variables })
  begin(run, activation.key)
}

/** Whether the trigger of a boundary event or event sub-process interrupts what it belongs to. */
export function isInterrupting(run: Run, wait: Wait): boolean {
  const { processId } = run.draft.get(wait.ownerKey)
  const element = run.elementById(processId, wait.elementId)
  if (wait.role === 'boundary') return element.type === 'boundaryEvent' && element.isInterrupting
  if (wait.role !== 'eventSubProcess') return false
  const scope = run.elementById(processId, element.scopeId!)
  return scope.type === 'eventSubProcess' && scope.isInterrupting
}

/** Conditional events fire when they are reached, and whenever a variable that the condition names is written, if it is true then. True when one fired. */
export function evaluateConditionals(run: Run): boolean {
  const written = [...run.written]
  run.written.clear()
  run.hasFreshCondition = false
  let hasFired = false
  for (const wait of Object.values(run.draft.state.waits)) {
    if (wait.kind !== 'conditional' || !run.draft.state.waits[wait.waitId]) continue
    if (!wait.isFresh && !written.some((name) => isNamed(run, wait, name))) continue
    if (wait.isFresh) run.draft.replaceWait({ ...wait, isFresh: false })
    if (!isConditionTrue(run, wait)) continue
    hasFired = true
    const current = run.draft.state.waits[wait.waitId]
    if (current) trigger(run, current, {})
  }
  return hasFired
}

function conditionOf(run: Run, wait: Wait): Expression | null {
  const element = run.elementById(run.draft.get(wait.ownerKey).processId, wait.elementId)
  if (!('event' in element)) return null
  const { event } = element
  const part = event.type === 'multiple' && wait.kind === 'conditional' ? event.events[wait.part ?? 0] : event
  return part?.type === 'conditional' ? part.condition : null
}

function isNamed(run: Run, wait: Wait, variable: string): boolean {
  const condition = conditionOf(run, wait)
  return condition !== null && 'feel' in condition && condition.feel.includes(variable)
}

/** A condition that cannot be evaluated yet (a variable is still missing) is not true. */
function isConditionTrue(run: Run, wait: Wait): boolean {
  const condition = conditionOf(run, wait)
  if (!condition) return false
  try {
    return run.evaluateCondition(wait.ownerKey, condition)
  } catch (error) {
    if (error instanceof StallError) return false
    throw error
  }
}
