/** Static constraints of BPMN 2.0 that a drawing can break. Each is refused at its element. */
import type { ElementOf, ModelElement, ScopeElement } from '../model.ts'
import { checkConstraints } from './constraints.ts'
import { ALWAYS_INTERRUPTS } from './events.ts'
import type { Draft } from './process.ts'

export function validate(draft: Draft, processId: string): void {
  const { elements, flows } = draft
  for (const flow of Object.values(flows)) checkFlow(draft, flow.id)
  for (const element of Object.values(elements)) {
    checkConnections(draft, element)
    if ('starts' in element) checkScope(draft, element, processId)
    if (element.type === 'boundaryEvent') checkBoundary(draft, element)
    if (element.type === 'eventBasedGateway') checkEventGateway(draft, element)
    if (element.defaultFlow) checkDefault(draft, element)
    checkCancel(draft, element)
  }
  checkUniqueStarts(draft)
  checkConstraints(draft)
}

const isGateway = (element: ModelElement): boolean => element.type.endsWith('Gateway')
const isActivity = (element: ModelElement): boolean =>
  /Task$|^task$|ubProcess$|^transaction$|^callActivity$/.test(element.type) && element.type !== 'eventSubProcess'

function checkFlow(draft: Draft, id: string): void {
  const { elements, context, flows } = draft
  const flow = flows[id]!
  const source = elements[flow.sourceId]
  const target = elements[flow.targetId]
  if (!source || !target) {
    context.error(id, 'flowCrossesPool', 'a sequence flow joins two flow nodes of one process: use a message flow between pools')
    return
  }
  if (source.scopeId !== target.scopeId) context.error(id, 'flowCrossesScope', 'a sequence flow may not cross the border of a sub-process')
  if (flow.condition && (source.type === 'parallelGateway' || source.type === 'eventBasedGateway' || source.type === 'startEvent')) {
    context.error(id, 'conditionNotAllowed', `a flow out of a ${source.type} may not have a condition`, { source: source.type })
  }
  if (flow.condition && !isActivity(source) && !isGateway(source))
    context.error(id, 'conditionOnEvent', 'a flow out of an event may not have a condition: use a gateway')
}

function checkConnections(draft: Draft, element: ModelElement): void {
  const { context } = draft
  const { id, type, incoming, outgoing } = element
  if (incoming.length > 0 && (type === 'startEvent' || type === 'boundaryEvent' || type === 'eventSubProcess')) {
    context.error(id, 'incomingNotAllowed', `a ${type} may not have an incoming sequence flow`, { type })
  }
  if (outgoing.length > 0 && (type === 'endEvent' || type === 'eventSubProcess'))
    context.error(id, 'outgoingNotAllowed', `a ${type} may not have an outgoing sequence flow`, { type })
  if (element.isForCompensation && (incoming.length > 0 || outgoing.length > 0))
    context.error(id, 'handlerConnected', 'a compensation handler may not have sequence flows')
  const isLinkCatch = type === 'intermediateCatchEvent' && element.event.type === 'link'
  const isLinkThrow = type === 'intermediateThrowEvent' && element.event.type === 'link'
  if (isLinkCatch && incoming.length > 0)
    context.error(id, 'incomingNotAllowed', 'a link catch event may not have an incoming sequence flow', { type })
  if (isLinkThrow && outgoing.length > 0)
    context.error(id, 'outgoingNotAllowed', 'a link throw event may not have an outgoing sequence flow', { type })
  if (isGateway(element) && outgoing.length === 0 && incoming.length === 0)
    context.error(id, 'looseGateway', 'the gateway is not connected')
  if (element.type === 'exclusiveGateway' && outgoing.length > 1) checkConditions(draft, element)
}

function checkConditions(draft: Draft, element: ModelElement): void {
  for (const id of element.outgoing) {
    if (id !== element.defaultFlow && !draft.flows[id]!.condition) {
      draft.context.error(
        id,
        'missingCondition',
        `a flow out of the exclusive gateway ${element.name || element.id} needs a condition, or to be its default`,
      )
    }
  }
}

function checkDefault(draft: Draft, element: ModelElement): void {
  const { context, flows } = draft
  if (!element.outgoing.includes(element.defaultFlow!))
    context.error(element.id, 'defaultFlow', 'the default flow does not leave this element')
  else if (flows[element.defaultFlow!]!.condition)
    context.error(element.defaultFlow!, 'conditionNotAllowed', 'a default flow may not have a condition')
  if (element.type === 'parallelGateway' || element.type === 'eventBasedGateway')
    context.error(element.id, 'defaultFlow', `a ${element.type} may not have a default flow`)
}

function checkScope(draft: Draft, scope: ScopeElement, processId: string): void {
  const { context, elements } = draft
  const inside = Object.values(elements).filter((element) => element.scopeId === scope.id)
  const starts = inside.filter((element): element is ElementOf<'startEvent'> => element.type === 'startEvent')
  if (scope.type === 'eventSubProcess') {
    if (starts.length !== 1)
      context.error(scope.id, 'eventSubProcessStart', `an event sub-process needs exactly one start event, found ${starts.length}`)
    else if (starts[0]!.event.type === 'none')
      context.error(starts[0]!.id, 'eventSubProcessStart', 'the start event of an event sub-process needs a trigger')
    if (scope.boundary) context.error(scope.id, 'boundaryNotAllowed', 'an event sub-process may not have boundary events')
    if (ALWAYS_INTERRUPTS.includes(scope.event.type) && !scope.isInterrupting)
      context.error(starts[0]?.id ?? scope.id, 'mustInterrupt', `an ${scope.event.type} start event always interrupts`)
    if (scope.event.type === 'timer' && scope.event.timer === 'cycle' && scope.isInterrupting)
      context.error(scope.startId, 'interruptingCycle', 'an interrupting timer may not repeat')
    return
  }
  if (scope.id === processId) {
    if (inside.length === 0) context.error(scope.id, 'emptyProcess', 'the process has no elements')
    return
  }
  for (const start of starts)
    if (start.event.type !== 'none') context.error(start.id, 'startTrigger', 'a start event inside a sub-process may not have a trigger')
  if (scope.type === 'adHocSubProcess') {
    for (const element of inside)
      if (element.type === 'startEvent' || element.type === 'endEvent')
        context.error(element.id, 'adHocEvent', 'an ad-hoc sub-process may not hold start or end events')
    if (!inside.some(isActivity)) context.error(scope.id, 'emptyScope', 'the ad-hoc sub-process needs at least one activity')
  } else if (starts.length > 1) context.error(scope.id, 'manyStarts', 'a sub-process may have only one start event')
}

function checkBoundary(draft: Draft, element: ElementOf<'boundaryEvent'>): void {
  const { context, elements } = draft
  const { id, event } = element
  const host = elements[element.attachedToId]
  if (!host) return
  if (!isActivity(host))
    context.error(id, 'boundaryNotAllowed', `a boundary event may not be attached to a ${host.type}`, { host: host.type })
  if (host.scopeId !== element.scopeId) context.error(id, 'flowCrossesScope', 'a boundary event belongs to the scope of its activity')
  if (event.type === 'compensation') {
    if (element.outgoing.length > 0)
      context.error(id, 'outgoingNotAllowed', 'a compensation boundary event may not have an outgoing sequence flow')
    return
  }
  if (event.type === 'cancel' && host.type !== 'transaction')
    context.error(id, 'cancelPosition', 'a cancel boundary event belongs on a transaction')
  if (!element.isInterrupting && ALWAYS_INTERRUPTS.includes(event.type))
    context.error(id, 'mustInterrupt', `an ${event.type} boundary event always interrupts`)
  if (element.isInterrupting && event.type === 'timer' && event.timer === 'cycle')
    context.error(id, 'interruptingCycle', 'an interrupting timer may not repeat')
  if (element.outgoing.length === 0) context.warn(id, 'noOutgoing', 'the boundary event leads nowhere')
  const twins = (host.boundary ?? []).filter((other) => other !== id && isSameCatch(elements[other], element))
  if (twins.length > 0 && (event.type === 'error' || event.type === 'escalation'))
    context.error(id, 'duplicateCatch', `another boundary event catches the same ${event.type}`, { event: event.type })
}

function isSameCatch(other: ModelElement | undefined, element: ElementOf<'boundaryEvent'>): boolean {
  return other?.type === 'boundaryEvent' && JSON.stringify(other.event) === JSON.stringify(element.event)
}

const GATEWAY_TARGETS = new Set(['timer', 'message', 'signal', 'conditional', 'multiple'])

function checkEventGateway(draft: Draft, gateway: ModelElement): void {
  const { context, elements, flows } = draft
  if (gateway.outgoing.length < 2) context.error(gateway.id, 'eventGateway', 'an event-based gateway needs at least two outgoing flows')
  const targets = gateway.outgoing.map((id) => elements[flows[id]!.targetId]).filter((target) => target !== undefined)
  for (const target of targets) {
    const isEvent = target.type === 'intermediateCatchEvent' && GATEWAY_TARGETS.has(target.event.type)
    if (!isEvent && target.type !== 'receiveTask') {
      context.error(
        target.id,
        'eventGateway',
        'an event-based gateway leads only to message, timer, signal, conditional and multiple catch events and to receive tasks',
      )
    } else if (target.incoming.length > 1)
      context.error(target.id, 'eventGateway', 'an event after an event-based gateway may have no other incoming flow')
    if (target.type === 'receiveTask' && target.boundary)
      context.error(target.id, 'eventGateway', 'a receive task after an event-based gateway may not have boundary events')
  }
  const names = new Set(targets.map(({ type }) => type))
  const hasMessageEvent = targets.some((target) => target.type === 'intermediateCatchEvent' && target.event.type === 'message')
  if (names.has('receiveTask') && hasMessageEvent)
    context.error(gateway.id, 'eventGateway', 'an event-based gateway may not lead to both message events and receive tasks')
}

function checkCancel(draft: Draft, element: ModelElement): void {
  if (element.type !== 'endEvent' || element.event.type !== 'cancel') return
  let scope = element.scopeId === null ? undefined : draft.elements[element.scopeId]
  while (scope && scope.type !== 'transaction' && scope.scopeId !== null) scope = draft.elements[scope.scopeId]
  if (scope?.type !== 'transaction') draft.context.error(element.id, 'cancelPosition', 'a cancel end event belongs in a transaction')
}

/** Two event sub-processes of one scope may not catch the same. */
function checkUniqueStarts(draft: Draft): void {
  for (const scope of Object.values(draft.elements)) {
    if (!('starts' in scope)) continue
    const seen = new Map<string, string>()
    for (const id of scope.eventSubProcesses) {
      const element = draft.elements[id]
      if (element?.type !== 'eventSubProcess' || !['error', 'escalation', 'message', 'signal'].includes(element.event.type)) continue
      const trigger = JSON.stringify(element.event)
      if (seen.has(trigger))
        draft.context.error(
          element.startId,
          'duplicateCatch',
          `another event sub-process of this scope is started by the same ${element.event.type}`,
          { event: element.event.type },
        )
      else seen.set(trigger, id)
    }
  }
}
