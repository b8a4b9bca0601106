/** A process: its elements, flows and scopes, from moddle's tree. */
import type { Diagnostic } from '../contract.ts'
import type { EventSubProcessElement, Flow, Model, ModelElement, ScopeElement, StartTrigger } from '../model.ts'
import { isTimeZone } from '../time.ts'
import { CompileContext } from './context.ts'
import { builders, loopOf } from './elements.ts'
import { attributesOf, checkExtensions, extensions, mappingsOf } from './extensions.ts'
import { child, flag, kind, list, type Node, text } from './moddle.ts'
import { fillUpstream } from './reachability.ts'
import { validate } from './validate.ts'

const DEFAULT_TIME_ZONE = 'UTC'
const MAX_QUANTITY = 1_000
/** Drawn, read by people, without effect on the run. */
const DESCRIPTIVE = new Set(['DataObject', 'DataObjectReference', 'DataStoreReference', 'TextAnnotation', 'Group', 'Association'])

export interface Draft {
  context: CompileContext
  elements: Record<string, ModelElement>
  flows: Record<string, Flow>
  /** Compensation associations: boundary event id to handler id. */
  associations: { from: string; to: string }[]
  /** gatewayDirection, where it is drawn. */
  directions: Record<string, string>
}

/** The model of one process, or what is wrong with it. */
export function compileProcessNode(process: Node, isImported = false, isStrict = false): { model: Model; diagnostics: Diagnostic[] } {
  const context = new CompileContext(isImported, isStrict)
  const processId = process.id ?? ''
  const draft: Draft = { context, elements: {}, flows: {}, associations: [], directions: {} }
  checkExtensions(context, process, processId)
  const attributes = attributesOf(process, 'process')
  const root: ModelElement = {
    id: processId,
    name: process.name ?? processId,
    type: 'process',
    scopeId: null,
    incoming: [],
    outgoing: [],
    starts: [],
    eventSubProcesses: [],
    ...(attributes ? { attributes } : {}),
  }
  draft.elements[processId] = root
  readScope(draft, process, processId)
  connect(draft)
  const timeZone = attributes?.timeZone ?? DEFAULT_TIME_ZONE
  if (!isTimeZone(timeZone))
    context.error(processId, 'unknownTimeZone', `${timeZone} is not a time zone, such as Europe/Paris`, { timeZone })
  validate(draft, processId)
  fillUpstream(draft)
  const tag = extensions(process, 'zeebe:VersionTag')[0]
  const model: Model = {
    format: 1,
    processId,
    name: process.name ?? processId,
    versionTag: tag ? (text(tag, 'value') ?? null) : null,
    timeZone,
    attributes: attributes ?? {},
    elements: draft.elements,
    flows: draft.flows,
    startTriggers: triggersOf(draft, processId),
    references: {
      processes: [...context.references.processes].sort(),
      decisions: [...context.references.decisions].sort(),
      forms: [...context.references.forms].sort(),
      jobTypes: [...context.references.jobTypes].sort(),
    },
  }
  return { model, diagnostics: context.diagnostics }
}

function readScope(draft: Draft, scope: Node, scopeId: string): void {
  for (const node of list(scope, 'flowElements')) {
    if (node.$type === 'bpmn:SequenceFlow') readFlow(draft, node)
    else if (!DESCRIPTIVE.has(kind(node))) readElement(draft, node, scopeId)
  }
  for (const artifact of list(scope, 'artifacts')) {
    const from = child(artifact, 'sourceRef')?.id
    const to = child(artifact, 'targetRef')?.id
    if (artifact.$type === 'bpmn:Association' && from && to) draft.associations.push({ from, to })
  }
}

function readFlow(draft: Draft, node: Node): void {
  const sourceId = child(node, 'sourceRef')?.id
  // A flow needs no id in BPMN; facts name flows, so one is made that is stable for the drawing.
  const id = node.id ?? `flow_${sourceId}_${child(node, 'targetRef')?.id}_${Object.keys(draft.flows).length}`
  const targetId = child(node, 'targetRef')?.id
  if (sourceId === undefined || targetId === undefined) {
    draft.context.error(id, 'looseFlow', 'the sequence flow needs a source and a target')
    return
  }
  const condition = child(node, 'conditionExpression')
  const body = text(condition, 'body')
  if (condition && body === undefined) draft.context.error(id, 'missingCondition', 'the condition of the sequence flow is empty')
  checkLanguage(draft, condition, id)
  draft.flows[id] = { id, sourceId, targetId, ...(body === undefined ? {} : { condition: draft.context.feel(id, 'the condition', body) }) }
}

function checkLanguage(draft: Draft, expression: Node | undefined, id: string): void {
  const language = expression ? text(expression, 'language') : undefined
  if (language !== undefined && !/feel/i.test(language))
    draft.context.error(id, 'expressionLanguage', `the expression language ${language} is not supported: use FEEL`, { language })
}

function readElement(draft: Draft, node: Node, scopeId: string): void {
  const { context } = draft
  const id = node.id ?? ''
  const build = builders[kind(node)]
  if (!build) {
    context.error(id, 'unsupportedElement', `${kind(node)} is not supported: draw it with supported elements`, { kind: kind(node) })
    return
  }
  checkExtensions(context, node, id)
  const holder = child(node, 'loopCharacteristics')
  if (holder) checkExtensions(context, holder, id)
  const particular = build(context, node, id)
  if (!particular) return
  const loop = loopOf(context, node, id)
  const attributes = attributesOf(node, 'flowNode')
  const defaultFlow = child(node, 'default')?.id
  const element = {
    id,
    name: node.name ?? '',
    scopeId,
    incoming: [],
    outgoing: [],
    ...particular,
    ...mappingsOf(context, node, id),
    ...(loop ? { loop } : {}),
    ...(attributes ? { attributes } : {}),
    ...(defaultFlow ? { defaultFlow } : {}),
    ...(flag(node, 'isForCompensation') ? { isForCompensation: true } : {}),
    ...quantities(draft, node, id),
  } as ModelElement
  draft.elements[id] = element
  const direction = text(node, 'gatewayDirection')
  if (direction !== undefined) draft.directions[id] = direction
  if ('starts' in element) {
    readScope(draft, node, id)
    if (element.type === 'eventSubProcess') readTrigger(draft, node, element)
  }
}

/** Above the usual 1 only. */
function quantities(draft: Draft, node: Node, id: string): Record<string, number> {
  const found: Record<string, number> = {}
  for (const attribute of ['startQuantity', 'completionQuantity']) {
    const quantity = Number(text(node, attribute) ?? 1)
    if (!Number.isInteger(quantity) || quantity < 1 || quantity > MAX_QUANTITY)
      draft.context.error(id, 'quantity', `${attribute} is a whole number from 1 to ${MAX_QUANTITY}`, { attribute })
    else if (quantity !== 1) found[attribute] = quantity
  }
  return found
}

function readTrigger(draft: Draft, node: Node, element: EventSubProcessElement): void {
  const start = list(node, 'flowElements').find((inner) => inner.$type === 'bpmn:StartEvent')
  const compiled = start?.id ? draft.elements[start.id] : undefined
  if (!start || compiled?.type !== 'startEvent') return
  element.startId = compiled.id
  element.event = compiled.event
  element.isInterrupting = start.get('isInterrupting') !== false
}

/** Flows onto their elements, boundary events onto their hosts, starts and event sub-processes onto their scopes. */
function connect(draft: Draft): void {
  const { elements, flows, context } = draft
  for (const flow of Object.values(flows)) {
    const source = elements[flow.sourceId]
    const target = elements[flow.targetId]
    if (source) source.outgoing.push(flow.id)
    if (target) target.incoming.push(flow.id)
  }
  for (const element of Object.values(elements)) {
    if (element.type === 'boundaryEvent') {
      const host = elements[element.attachedToId]
      if (host) host.boundary = [...(host.boundary ?? []), element.id]
      if (element.event.type === 'compensation') connectHandler(draft, element.id, host)
    }
    if (element.type === 'eventSubProcess') scopeOf(elements, element)?.eventSubProcesses.push(element.id)
  }
  for (const element of Object.values(elements)) if ('starts' in element) element.starts = startsOf(elements, element)
  connectLinks(draft, context)
}

function connectHandler(draft: Draft, boundaryId: string, host: ModelElement | undefined): void {
  const handlerId = draft.associations.find(({ from }) => from === boundaryId)?.to
  const handler = handlerId === undefined ? undefined : draft.elements[handlerId]
  if (!handler?.isForCompensation)
    draft.context.error(boundaryId, 'missingHandler', 'the compensation event needs an association to an activity that is for compensation')
  else if (host) host.compensationHandler = handler.id
}

function connectLinks(draft: Draft, context: CompileContext): void {
  const all = Object.values(draft.elements)
  for (const element of all) {
    if (element.type !== 'intermediateThrowEvent' || element.event.type !== 'link') continue
    const { name } = element.event
    const targets = all.filter(
      (other) =>
        other.type === 'intermediateCatchEvent' &&
        other.event.type === 'link' &&
        other.event.name === name &&
        other.scopeId === element.scopeId,
    )
    if (targets.length === 1) element.linkTargetId = targets[0]!.id
    else
      context.error(
        element.id,
        'linkTarget',
        `the link ${name} needs exactly one catching event in the same scope, found ${targets.length}`,
        { link: name },
      )
  }
}

const scopeOf = (elements: Record<string, ModelElement>, element: ModelElement): ScopeElement | undefined => {
  const found = element.scopeId === null ? undefined : elements[element.scopeId]
  return found && 'starts' in found ? found : undefined
}

/** None start events; without any start event, what has no incoming flow (BPMN 2.0 clause 13.2). */
function startsOf(elements: Record<string, ModelElement>, scope: ScopeElement): string[] {
  const inside = Object.values(elements).filter((element) => element.scopeId === scope.id)
  const events = inside.filter((element) => element.type === 'startEvent')
  if (events.length > 0 && scope.type !== 'adHocSubProcess')
    return events.filter((element) => element.type === 'startEvent' && element.event.type === 'none').map(({ id }) => id)
  const isStart = (element: ModelElement): boolean =>
    element.incoming.length === 0 &&
    element.type !== 'boundaryEvent' &&
    element.type !== 'eventSubProcess' &&
    !element.isForCompensation &&
    !('isInstantiating' in element && element.isInstantiating) &&
    !(element.type === 'intermediateCatchEvent' && element.event.type === 'link')
  return inside.filter(isStart).map(({ id }) => id)
}

/** Start events other than none; what instantiates without one: receive tasks and event-based gateways. */
function triggersOfElement(draft: Draft, element: ModelElement): StartTrigger[] {
  const elementId = element.id
  if (element.type === 'startEvent' && element.event.type === 'multiple') {
    const group = element.event.isParallel ? { groupId: elementId } : {}
    return element.event.events.map((event) => ({ elementId, event, ...group }))
  }
  if (element.type === 'startEvent' && element.event.type !== 'none') return [{ elementId, event: element.event }]
  if (element.type === 'receiveTask' && element.isInstantiating) return [{ elementId, event: element.event }]
  if (element.type !== 'eventBasedGateway' || !element.isInstantiating) return []
  const group = element.isParallel ? { groupId: elementId } : {}
  return element.outgoing.flatMap((id) => {
    const target = draft.elements[draft.flows[id]!.targetId]
    return target && 'event' in target ? [{ elementId: target.id, event: target.event, ...group }] : []
  })
}

function triggersOf(draft: Draft, processId: string): StartTrigger[] {
  return Object.values(draft.elements).flatMap((element) => (element.scopeId === processId ? triggersOfElement(draft, element) : []))
}
