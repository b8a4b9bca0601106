/** Intermediate throw and end events (BPMN 2.0 clauses 13.5.2, 13.5.6): one function per event definition. */
import type { Behaviour } from '../behaviour.ts'
import { compensate, compensationDone } from '../compensation.ts'
import type { Variables } from '../contract.ts'
import { deliver, findCatcher, throwError, throwEscalation } from '../errors.ts'
import { childGone, finish, terminate, terminateChildren } from '../lifecycle.ts'
import type { ElementOf, EventDefinition, EventType } from '../model.ts'
import { type Run, StallError } from '../run.ts'
import { broadcastSignal } from '../signals.ts'
import type { Activation } from '../state.ts'
import { addDuration } from '../time.ts'
import { requestJob } from './service-task.ts'

type Thrower = ElementOf<'endEvent' | 'intermediateThrowEvent'>
type Throw = (run: Run, activation: Activation, event: EventDefinition, element: Thrower) => void

const done: Throw = (run, activation) => finish(run, activation.key)
const carried = (activation: Activation): Variables => ({ ...activation.variables })

const THROWS: Record<EventType, Throw> = {
  none: done,
  conditional: done,
  timer: done,
  link(run, activation, _event, element) {
    const { parentKey, key } = activation
    const target = element.type === 'intermediateThrowEvent' ? element.linkTargetId : undefined
    if (target === undefined) throw new StallError('link', `link ${element.id} has no catching event`)
    run.send(parentKey!, target, null)
    finish(run, key)
  },
  message(run, activation, event) {
    if (event.type !== 'message') return
    const { key } = activation
    if (event.jobType) {
      requestJob(run, activation, { jobType: event.jobType, retries: event.retries ?? { literal: '3' }, headers: event.headers ?? {} })
      return
    }
    publish(run, activation, event)
    finish(run, key)
  },
  /** Who throws in passing goes on before those who catch; an end event ends its scope only after they have caught. */
  signal(run, activation, event, element) {
    if (event.type !== 'signal') return
    const goOn = (): void => finish(run, activation.key)
    broadcast(run, activation, event, element.type === 'intermediateThrowEvent' ? goOn : undefined)
    if (run.draft.find(activation.key)) goOn()
  },
  error(run, activation, event) {
    if (event.type !== 'error') return
    const code = event.code === null ? '' : run.evaluateText(activation.key, event.code, 'the error code')
    throwError(run, activation.key, code, carried(activation))
  },
  escalation(run, activation, event) {
    if (event.type !== 'escalation') return
    if (escalate(run, activation, event)) finish(run, activation.key)
  },
  terminate(run, activation) {
    const { key, parentKey, elementId } = activation
    run.facts.push({ type: 'elementCompleted', at: run.at, elementId, key, elementType: 'endEvent' })
    run.draft.remove(key)
    terminateChildren(run, parentKey!)
    const scope = run.draft.own(parentKey!)
    scope.live = 1
    childGone(run, parentKey!)
  },
  cancel(run, activation) {
    endSiblings(run, activation)
    if (compensate(run, activation, null)) return
    cancelTransaction(run, activation)
  },
  /** Each in turn, as drawn; an escalation may interrupt the rest. */
  multiple(run, activation, event) {
    if (event.type !== 'multiple') return
    for (const part of event.events) if (run.draft.find(activation.key)) emit(run, activation, part)
    if (run.draft.find(activation.key)) finish(run, activation.key)
  },
  compensation(run, activation, event) {
    if (event.type !== 'compensation') return
    if (!compensate(run, activation, event.activityId)) finish(run, activation.key)
  },
}

type EventOf<T extends EventType> = Extract<EventDefinition, { type: T }>

function publish(run: Run, activation: Activation, event: EventOf<'message'>): void {
  const { key, elementId } = activation
  const name = run.evaluateText(key, event.name, 'the message name')
  const correlationKey = event.correlationKey ? run.evaluateText(key, event.correlationKey, 'the correlation key') : null
  const timeToLive = event.timeToLive ? run.evaluateText(key, event.timeToLive, 'the time to live') : 'PT1H'
  const until = addDuration(run.at, timeToLive, 'UTC')
  if (until === null) throw new StallError('type', `expected the time to live to be an ISO 8601 duration, found ${timeToLive}`)
  run.effects.push({
    type: 'publishMessage',
    elementId,
    name,
    correlationKey,
    messageId: key,
    variables: carried(activation),
    timeToLiveMs: until - run.at,
  })
  run.facts.push({ type: 'messageThrown', at: run.at, elementId, name, correlationKey })
}

function broadcast(run: Run, activation: Activation, event: EventOf<'signal'>, goOn?: () => void): void {
  const { key, elementId } = activation
  const name = run.evaluateText(key, event.name, 'the signal name')
  const variables = carried(activation)
  run.effects.push({ type: 'publishSignal', name, variables })
  run.facts.push({ type: 'signalThrown', at: run.at, elementId, name })
  broadcastSignal(run, name, variables, { key, goOn })
}

/** False when the thrower was interrupted. */
function escalate(run: Run, activation: Activation, event: EventOf<'escalation'>): boolean {
  const code = event.code === null ? '' : run.evaluateText(activation.key, event.code, 'the escalation code')
  return throwEscalation(run, activation.key, code, carried(activation), activation.elementId)
}

/** One part of a multiple event. */
function emit(run: Run, activation: Activation, event: EventDefinition): void {
  if (event.type === 'message') publish(run, activation, event)
  else if (event.type === 'signal') broadcast(run, activation, event)
  else if (event.type === 'escalation') escalate(run, activation, event)
}

/** What else runs in the transaction ends before anything is compensated. */
function endSiblings(run: Run, activation: Activation): void {
  for (let at = activation; at.parentKey !== null; at = run.draft.get(at.parentKey)) {
    const scopeKey = at.parentKey
    for (const key of run.draft.children(scopeKey)) if (key !== at.key && run.draft.find(key)) terminate(run, key)
    for (let index = run.queue.length - 1; index >= 0; index--) if (run.queue[index]!.scopeKey === scopeKey) run.queue.splice(index, 1)
    const scope = run.draft.own(scopeKey)
    scope.live = 1
    delete scope.joins
    if (run.element(scope).type === 'transaction') return
  }
}

/** BPMN 2.0 clause 13.5.2: when all is compensated the transaction is left by its cancel boundary event. */
function cancelTransaction(run: Run, activation: Activation): void {
  const catcher = findCatcher(run, activation.key, 'cancel', '', false)
  if (!catcher) throw new StallError('uncaughtCancel', 'the transaction has no cancel boundary event')
  deliver(run, catcher, carried(activation))
}

function onTrigger(run: Run, activation: Activation, element: Thrower, variables: Variables): void {
  if (element.event.type === 'cancel' || element.event.type === 'compensation') {
    if (!compensationDone(run, activation)) return
    if (element.event.type === 'cancel') cancelTransaction(run, activation)
    else finish(run, activation.key)
  } else finish(run, activation.key, variables)
}

export const endEvent: Behaviour<'endEvent'> = {
  execute: (run, activation, element) => THROWS[element.event.type](run, activation, element.event, element),
  onTrigger,
}

export const intermediateThrowEvent: Behaviour<'intermediateThrowEvent'> = {
  execute: (run, activation, element) => THROWS[element.event.type](run, activation, element.event, element),
  onTrigger,
}
