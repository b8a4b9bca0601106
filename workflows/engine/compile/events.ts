/** Event definitions: from moddle to the model, each refused where its position does not allow it (BPMN 2.0 tables 10.84 to 10.93). */
import type { EventDefinition, EventType, Expression } from '../model.ts'
import { evaluateFeel } from '../expression.ts'
import { isDuration, parseCycle, parseInstant } from '../time.ts'
import type { CompileContext } from './context.ts'
import { extensions, jobOf } from './extensions.ts'
import { child, list, type Node, text } from './moddle.ts'

export type Position = 'start' | 'eventSubProcessStart' | 'intermediateCatch' | 'boundary' | 'intermediateThrow' | 'end'

/** Which event goes where. Also the source of the support table. */
export const EVENT_POSITIONS: Record<EventType, readonly Position[]> = {
  none: ['start', 'intermediateThrow', 'end'],
  timer: ['start', 'eventSubProcessStart', 'intermediateCatch', 'boundary'],
  message: ['start', 'eventSubProcessStart', 'intermediateCatch', 'boundary', 'intermediateThrow', 'end'],
  signal: ['start', 'eventSubProcessStart', 'intermediateCatch', 'boundary', 'intermediateThrow', 'end'],
  error: ['eventSubProcessStart', 'boundary', 'end'],
  escalation: ['eventSubProcessStart', 'boundary', 'intermediateThrow', 'end'],
  conditional: ['start', 'eventSubProcessStart', 'intermediateCatch', 'boundary'],
  link: ['intermediateCatch', 'intermediateThrow'],
  terminate: ['end'],
  cancel: ['boundary', 'end'],
  compensation: ['eventSubProcessStart', 'boundary', 'intermediateThrow', 'end'],
  multiple: ['start', 'eventSubProcessStart', 'intermediateCatch', 'boundary', 'intermediateThrow', 'end'],
}

/** Boundary events and starts of event sub-processes that cannot leave their host running. */
export const ALWAYS_INTERRUPTS: readonly EventType[] = ['error', 'cancel', 'compensation']

const TYPES: Record<string, EventType> = {
  TimerEventDefinition: 'timer',
  MessageEventDefinition: 'message',
  SignalEventDefinition: 'signal',
  ErrorEventDefinition: 'error',
  EscalationEventDefinition: 'escalation',
  ConditionalEventDefinition: 'conditional',
  LinkEventDefinition: 'link',
  TerminateEventDefinition: 'terminate',
  CancelEventDefinition: 'cancel',
  CompensateEventDefinition: 'compensation',
}

const isThrown = (position: Position): boolean => position === 'intermediateThrow' || position === 'end'

/** The event's one definition; `none` when it has none or is refused. */
export function eventOf(context: CompileContext, node: Node, id: string, position: Position): EventDefinition {
  const definitions = [...list(node, 'eventDefinitions'), ...list(node, 'eventDefinitionRef')]
  if (definitions.length > 1) {
    const isParallel = !isThrown(position) && node.get('parallelMultiple') === true
    const events = definitions.map((each) => single(context, each, id, position, node))
    checkParts(context, id, position, events, isParallel)
    return { type: 'multiple', events, isParallel }
  }
  return single(context, definitions[0], id, position, node)
}

/**
 * What a multiple event may be made of: triggers that are subscribed to, or results that are thrown without waiting. Of a parallel start only
 * what an instance that has begun can still be given: a timer or condition belongs to no one instance.
 */
const PARTS = {
  caught: /^(timer|message|signal|conditional)$/,
  thrown: /^(message|signal|escalation)$/,
  parallelStart: /^(message|signal)$/,
}

function checkParts(context: CompileContext, id: string, position: Position, events: EventDefinition[], isParallel: boolean): void {
  const isParallelStart = isParallel && position === 'start'
  const allowed = isThrown(position) ? PARTS.thrown : isParallelStart ? PARTS.parallelStart : PARTS.caught
  for (const event of events) {
    const hasJob = event.type === 'message' && event.jobType !== undefined
    if (!allowed.test(event.type) || hasJob)
      context.error(id, 'unsupportedMultiple', `a ${event.type} event cannot be part of a multiple event here: draw it alone`, {
        event: event.type,
      })
  }
  const names = events.map((event) => JSON.stringify('name' in event ? [event.type, event.name] : event))
  if (isParallelStart && new Set(names).size < names.length)
    context.error(id, 'duplicateCatch', 'a parallel start waits for different messages and signals: one is named twice', {
      event: 'multiple',
    })
}

function single(context: CompileContext, definition: Node | undefined, id: string, position: Position, node: Node): EventDefinition {
  const type = definition ? TYPES[definition.$type.replace(/^bpmn:/, '')] : 'none'
  if (type === undefined || !EVENT_POSITIONS[type].includes(position)) {
    context.error(id, 'eventPosition', `a ${type ?? definition?.$type} event is not allowed here (${position})`, {
      event: type ?? '',
      position,
    })
    return { type: 'none' }
  }
  return definition ? READERS[type](context, definition, id, position, node) : { type: 'none' }
}

type Reader = (context: CompileContext, definition: Node, id: string, position: Position, node: Node) => EventDefinition

const READERS: Record<EventType, Reader> = {
  none: () => ({ type: 'none' }),
  multiple: () => ({ type: 'none' }),
  terminate: () => ({ type: 'terminate' }),
  cancel: () => ({ type: 'cancel' }),
  timer: (context, definition, id) => timer(context, definition, id),
  message(context, definition, id, position, node) {
    const event = message(context, child(definition, 'messageRef'), id, isThrown(position) ? node : null)
    return event.type === 'message' ? { ...event, name: constantName(context, id, event.name, position) } : event
  },
  signal(context, definition, id, position) {
    const name = text(child(definition, 'signalRef'), 'name')
    if (name === undefined) context.error(id, 'missingSignal', 'the signal event needs a signal with a name')
    return { type: 'signal', name: constantName(context, id, context.value(id, 'the signal name', name ?? ''), position) }
  },
  error: (context, definition, id, position) => ({
    type: 'error',
    code: code(context, id, 'error', child(definition, 'errorRef'), 'errorCode', position),
  }),
  escalation: (context, definition, id, position) => ({
    type: 'escalation',
    code: code(context, id, 'escalation', child(definition, 'escalationRef'), 'escalationCode', position),
  }),
  conditional(context, definition, id) {
    const condition = text(child(definition, 'condition'), 'body')
    if (condition === undefined) context.error(id, 'missingCondition', 'the conditional event needs a condition')
    return { type: 'conditional', condition: condition === undefined ? { literal: false } : context.feel(id, 'the condition', condition) }
  },
  link(context, definition, id) {
    // A throwing link may name its target by reference; its own name is a label then.
    const name = text(child(definition, 'target'), 'name') ?? text(definition, 'name')
    if (name === undefined) context.error(id, 'missingLinkName', 'the link event needs a name')
    return { type: 'link', name: name ?? '' }
  },
  compensation(context, definition, id, position) {
    if (isThrown(position) && definition.get('waitForCompletion') === false) {
      context.error(id, 'unsupportedAttribute', 'a compensation event that does not wait for its handlers is not supported', {
        attribute: 'waitForCompletion',
      })
    }
    return { type: 'compensation', activityId: child(definition, 'activityRef')?.id ?? null }
  },
}

function code(
  context: CompileContext,
  id: string,
  what: string,
  reference: Node | undefined,
  property: string,
  position: Position,
): Expression | null {
  const value = text(reference, property)
  if (value === undefined) {
    if (isThrown(position))
      context.error(id, what === 'error' ? 'missingCode' : 'missingEscalationCode', `a thrown ${what} needs an ${what} with a code`)
    return null
  }
  const expression = context.value(id, `the ${what} code`, value)
  if ('feel' in expression && !isThrown(position))
    context.error(id, 'dynamicCode', `a caught ${what}'s code is a constant: an expression is not allowed here`)
  return expression
}

function timer(context: CompileContext, definition: Node, id: string): EventDefinition {
  const found = (['date', 'duration', 'cycle'] as const).flatMap((kind) => {
    const body = text(child(definition, `time${kind[0]!.toUpperCase()}${kind.slice(1)}`), 'body')
    return body === undefined ? [] : [{ kind, body }]
  })
  const [only] = found
  if (!only || found.length > 1) {
    context.error(id, 'timerDefinition', 'the timer needs exactly one of date, duration and cycle')
    return { type: 'timer', timer: 'duration', value: { literal: 'PT0S' } }
  }
  const value = context.value(id, `the timer's ${only.kind}`, only.body)
  if ('literal' in value && !isTimer(only.kind, only.body)) {
    context.error(
      id,
      'timerValue',
      `${only.body} is not an ISO 8601 ${only.kind === 'cycle' ? 'repetition such as R3/PT10M' : only.kind}`,
      { value: only.body, timer: only.kind },
    )
  }
  return { type: 'timer', timer: only.kind, value }
}

function isTimer(kind: 'date' | 'duration' | 'cycle', value: string): boolean {
  if (kind === 'duration') return isDuration(value)
  return (kind === 'date' ? parseInstant(value, 'UTC') : parseCycle(value, 'UTC')) !== null
}

/** A message event or receive task. `thrower`: the throwing event, which may ask for a job instead of publishing. */
/** A start event's name is fixed when the process is deployed: there is no instance yet to evaluate it in. */
function constantName(context: CompileContext, id: string, name: Expression, position: Position): Expression {
  if (!('feel' in name) || position !== 'start') return name
  try {
    return { literal: evaluateFeel(name.feel, {}, { at: 0, timeZone: 'UTC' }) }
  } catch {
    context.error(id, 'dynamicName', 'the name that a start event waits for must not depend on variables')
    return name
  }
}

export function message(context: CompileContext, reference: Node | undefined, id: string, thrower: Node | null): EventDefinition {
  const job = thrower ? jobOf(context, thrower, id) : null
  const name = text(reference, 'name')
  if (name === undefined && !job) context.error(id, 'missingMessage', 'a message with a name is needed here')
  const key = reference ? text(extensions(reference, 'zeebe:Subscription')[0], 'correlationKey') : undefined
  return {
    type: 'message',
    name: context.value(id, 'the message name', name ?? ''),
    ...(key === undefined ? {} : { correlationKey: context.value(id, 'the correlation key', key) }),
    ...(job ? { jobType: job.jobType, retries: job.retries, headers: job.headers } : {}),
  }
}
