/** Static constraints that concern several elements at once (BPMN 2.0 clauses 7.6, 10.3 to 10.6). */
import type { ElementOf, ModelElement } from '../model.ts'
import type { Draft } from './process.ts'

export function checkConstraints(draft: Draft): void {
  for (const element of Object.values(draft.elements)) {
    checkReachable(draft, element)
    checkHandler(draft, element)
    checkDirection(draft, element)
    checkInstantiating(draft, element)
    if (element.type === 'eventSubProcess' && element.event.type === 'compensation') checkCompensationStart(draft, element)
    if ('event' in element && element.event.type === 'compensation' && element.type !== 'eventSubProcess')
      checkCompensationTarget(draft, element)
    if (element.type === 'intermediateCatchEvent' && element.event.type === 'link') checkLinkSource(draft, element)
  }
}

/** Clause 10.5.2: with a start event, every other flow node is the target of a sequence flow. */
function checkReachable(draft: Draft, element: ModelElement): void {
  const { id, type, scopeId, incoming } = element
  if (scopeId === null || incoming.length > 0 || element.isForCompensation) return
  if (/^(startEvent|boundaryEvent|eventSubProcess)$/.test(type)) return
  if ((type === 'intermediateCatchEvent' && element.event.type === 'link') || ('isInstantiating' in element && element.isInstantiating))
    return
  const scope = draft.elements[scopeId]
  const hasStart = Object.values(draft.elements).some((other) => other.type === 'startEvent' && other.scopeId === scopeId)
  if (hasStart && scope?.type !== 'adHocSubProcess')
    draft.context.error(
      id,
      'notReachable',
      'nothing leads here: the scope has a start event, so every other element needs an incoming flow',
    )
}

/** Clause 10.7.2: a handler is reached by an association from a compensation boundary event, once per activity. */
function checkHandler(draft: Draft, element: ModelElement): void {
  if (element.isForCompensation && element.type !== 'eventSubProcess' && !draft.associations.some(({ to }) => to === element.id))
    draft.context.error(
      element.id,
      'handlerNotAssociated',
      'the compensation handler needs an association from a compensation boundary event',
    )
  const boundary = (element.boundary ?? []).filter((id) => {
    const event = draft.elements[id]
    return event?.type === 'boundaryEvent' && event.event.type === 'compensation'
  })
  for (const id of boundary.slice(1))
    draft.context.error(id, 'duplicateCatch', 'an activity has at most one compensation boundary event', { event: 'compensation' })
}

/** Clause 10.6.1: what is drawn as converging or diverging is connected so. */
function checkDirection(draft: Draft, { id, incoming, outgoing }: ModelElement): void {
  const direction = draft.directions[id]
  const [joins, splits] = [incoming.length > 1, outgoing.length > 1]
  const isWrong =
    (direction === 'Converging' && splits) || (direction === 'Diverging' && joins) || (direction === 'Mixed' && !(joins && splits))
  if (isWrong)
    draft.context.error(
      id,
      'gatewayDirection',
      `the gateway is ${direction}, but has ${incoming.length} incoming and ${outgoing.length} outgoing flows`,
      {
        direction: direction ?? '',
      },
    )
}

/** Clauses 10.3.3 and 10.6.6: what starts an instance stands in the process itself, with nothing before it; a gateway after a none start event at most. */
function checkInstantiating(draft: Draft, element: ModelElement): void {
  const { context, elements, flows } = draft
  if (element.type === 'eventBasedGateway' && element.isParallel && !element.isInstantiating)
    context.error(
      element.id,
      'parallelEventGateway',
      'a parallel event-based gateway begins an instance: set instantiate, or use a parallel gateway',
    )
  if (!('isInstantiating' in element) || !element.isInstantiating) return
  const before = element.incoming.map((id) => elements[flows[id]!.sourceId])
  const isAfterNoneStart = before.every((source) => source?.type === 'startEvent' && source.event.type === 'none')
  if (before.length > (element.type === 'eventBasedGateway' && isAfterNoneStart ? 1 : 0))
    context.error(element.id, 'incomingNotAllowed', `an instantiating ${element.type} may not have an incoming flow`, {
      type: element.type,
    })
  if (element.scopeId === null || elements[element.scopeId]?.type !== 'process')
    context.error(element.id, 'instantiatePosition', `an instantiating ${element.type} belongs in the process itself`)
  if (element.type !== 'eventBasedGateway') return
  for (const target of element.outgoing.map((id) => elements[flows[id]!.targetId]))
    if (!target || !('event' in target) || (target.event.type !== 'message' && target.event.type !== 'signal'))
      context.error(
        target?.id ?? element.id,
        'eventGateway',
        'an instantiating event-based gateway leads to message and signal events only',
      )
}

/** Clause 10.5.2: a compensation start stands in an event sub-process of a sub-process, which it never interrupts. */
function checkCompensationStart(draft: Draft, element: ElementOf<'eventSubProcess'>): void {
  const parent = element.scopeId === null ? undefined : draft.elements[element.scopeId]
  if (parent?.type === 'process')
    draft.context.error(
      element.startId,
      'compensationStart',
      'a compensation event sub-process belongs in a sub-process, not in the process itself',
    )
  const twins = Object.values(draft.elements).filter(
    (other) => other.type === 'eventSubProcess' && other.scopeId === element.scopeId && other.event.type === 'compensation',
  )
  if (twins.length > 1)
    draft.context.error(element.startId, 'duplicateCatch', 'a sub-process has at most one compensation event sub-process', {
      event: 'compensation',
    })
}

/** Clause 10.5.5: a compensation event names an activity of its own scope, or of the scope around its event sub-process. */
function checkCompensationTarget(draft: Draft, element: ModelElement & { event: { type: string } }): void {
  const { event, id, scopeId } = element as ElementOf<'endEvent'>
  if (event.type !== 'compensation' || event.activityId === null || element.type === 'boundaryEvent') return
  const target = draft.elements[event.activityId]
  const scope = scopeId === null ? undefined : draft.elements[scopeId]
  const scopes = scope?.type === 'eventSubProcess' ? [scopeId, scope.scopeId] : [scopeId]
  if (!target || !/Task$|^task$|ubProcess$|^transaction$|^callActivity$/.test(target.type) || !scopes.includes(target.scopeId))
    draft.context.error(
      id,
      'compensationTarget',
      `${event.activityId} is not an activity of this scope: it cannot be compensated from here`,
    )
}

/** Clause 10.5.5: a link target has a source. */
function checkLinkSource(draft: Draft, element: ElementOf<'intermediateCatchEvent'>): void {
  const isUsed = Object.values(draft.elements).some((other) => other.type === 'intermediateThrowEvent' && other.linkTargetId === element.id)
  if (!isUsed) draft.context.error(element.id, 'linkSource', 'no link throw event of this scope leads here')
}
