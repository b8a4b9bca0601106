/** One builder per BPMN element: what is particular to it, beside what all elements share. */
import type { ElementOf, ElementType, Loop } from '../model.ts'
import { calledProcess } from './called-element.ts'
import type { CompileContext } from './context.ts'
import { eventOf, message } from './events.ts'
import { attributesOf, extensions, jobOf, optional } from './extensions.ts'
import { child, flag, list, type Node, text } from './moddle.ts'

type Shared =
  | 'id'
  | 'name'
  | 'scopeId'
  | 'incoming'
  | 'outgoing'
  | 'defaultFlow'
  | 'attributes'
  | 'boundary'
  | 'inputs'
  | 'outputs'
  | 'loop'
  | 'startQuantity'
  | 'completionQuantity'
  | 'isForCompensation'
  | 'compensationHandler'
/** What a builder adds to the shared part. */
export type Particular = { [T in ElementType]: Omit<ElementOf<T>, Shared> }[ElementType]
type Builder = (context: CompileContext, node: Node, id: string) => Particular | null

type OpenScope = { starts: string[]; eventSubProcesses: string[] }
const openScope = (): OpenScope => ({ starts: [], eventSubProcesses: [] })

/** By BPMN type. A type without a builder is refused. */
export const builders: Record<string, Builder> = {
  Task: () => ({ type: 'task' }),
  ManualTask: () => ({ type: 'manualTask' }),
  UserTask: (context, node, id) => userTask(context, node, id),
  ServiceTask: (context, node, id) => ({ type: 'serviceTask', job: requiredJob(context, node, id) }),
  SendTask: (context, node, id) => ({ type: 'sendTask', job: requiredJob(context, node, id) }),
  ReceiveTask(context, node, id) {
    const event = message(context, child(node, 'messageRef'), id, null)
    return { type: 'receiveTask', event, ...(flag(node, 'instantiate') ? { isInstantiating: true } : {}) }
  },
  ScriptTask: (context, node, id) => scriptTask(context, node, id),
  BusinessRuleTask: (context, node, id) => businessRuleTask(context, node, id),
  ExclusiveGateway: () => ({ type: 'exclusiveGateway' }),
  ParallelGateway: () => ({ type: 'parallelGateway' }),
  InclusiveGateway: () => ({ type: 'inclusiveGateway', upstream: {} }),
  EventBasedGateway(_context, node) {
    const isParallel = text(node, 'eventGatewayType') === 'Parallel'
    return { type: 'eventBasedGateway', isInstantiating: flag(node, 'instantiate'), ...(isParallel ? { isParallel } : {}) }
  },
  StartEvent(context, node, id) {
    const isEventStart = node.$parent?.get('triggeredByEvent') === true
    return { type: 'startEvent', event: eventOf(context, node, id, isEventStart ? 'eventSubProcessStart' : 'start') }
  },
  EndEvent: (context, node, id) => ({ type: 'endEvent', event: eventOf(context, node, id, 'end') }),
  IntermediateCatchEvent(context, node, id) {
    if (list(node, 'eventDefinitions').length === 0)
      context.error(id, 'eventPosition', 'an intermediate catch event needs an event definition', {
        event: 'none',
        position: 'intermediateCatch',
      })
    return { type: 'intermediateCatchEvent', event: eventOf(context, node, id, 'intermediateCatch') }
  },
  IntermediateThrowEvent: (context, node, id) => ({
    type: 'intermediateThrowEvent',
    event: eventOf(context, node, id, 'intermediateThrow'),
  }),
  BoundaryEvent(context, node, id) {
    const attachedToId = child(node, 'attachedToRef')?.id
    if (attachedToId === undefined) context.error(id, 'notAttached', 'the boundary event is not attached to an activity')
    const event = eventOf(context, node, id, 'boundary')
    const isInterrupting = node.get('cancelActivity') !== false && event.type !== 'compensation'
    return { type: 'boundaryEvent', event, attachedToId: attachedToId ?? '', isInterrupting }
  },
  SubProcess(_context, node) {
    if (!flag(node, 'triggeredByEvent')) return { type: 'subProcess', ...openScope() }
    return { type: 'eventSubProcess', ...openScope(), startId: '', isInterrupting: true, event: { type: 'none' } }
  },
  Transaction: () => ({ type: 'transaction', ...openScope() }),
  AdHocSubProcess: (context, node, id) => adHoc(context, node, id),
  CallActivity: (context, node, id) => callActivity(context, node, id),
}

function requiredJob(context: CompileContext, node: Node, id: string): ElementOf<'serviceTask'>['job'] {
  const job = jobOf(context, node, id)
  if (!job && extensions(node, 'zeebe:TaskDefinition').length === 0)
    context.error(id, 'missingTaskDefinition', 'the task needs a zeebe:taskDefinition with its type')
  return job ?? { jobType: { literal: '' }, retries: { literal: '0' }, headers: {} }
}

function userTask(context: CompileContext, node: Node, id: string): Particular {
  const assignment = extensions(node, 'zeebe:AssignmentDefinition')[0]
  const form = extensions(node, 'zeebe:FormDefinition')[0]
  const schedule = extensions(node, 'zeebe:TaskSchedule')[0]
  const of = (holder: Node | undefined, property: string, what: string) =>
    optional(context, id, what, holder ? text(holder, property) : undefined)
  const formId = of(form, 'formId', 'the form id')
  if (formId && 'literal' in formId) context.references.forms.add(String(formId.literal))
  for (const [name, value] of Object.entries(attributesOf(node, 'flowNode') ?? {})) context.value(id, `guichet:${name}`, value)
  return {
    type: 'userTask',
    formId,
    assignee: of(assignment, 'assignee', 'the assignee'),
    candidateGroups: of(assignment, 'candidateGroups', 'the candidate groups'),
    candidateUsers: of(assignment, 'candidateUsers', 'the candidate users'),
    dueDate: of(schedule, 'dueDate', 'the due date'),
  }
}

function scriptTask(context: CompileContext, node: Node, id: string): Particular {
  const script = extensions(node, 'zeebe:Script')[0]
  const job = script ? null : jobOf(context, node, id)
  if (job) return { type: 'scriptTask', expression: null, resultVariable: '', job }
  const expression = script ? text(script, 'expression') : undefined
  const resultVariable = script ? text(script, 'resultVariable') : undefined
  if (expression === undefined || resultVariable === undefined) {
    context.error(
      id,
      'missingScript',
      'the script task needs a zeebe:script with a FEEL expression and a result variable; other script languages are not supported',
    )
    return { type: 'scriptTask', expression: null, resultVariable: '', job: null }
  }
  return { type: 'scriptTask', expression: context.feel(id, 'the script', expression), resultVariable, job: null }
}

function businessRuleTask(context: CompileContext, node: Node, id: string): Particular {
  const called = extensions(node, 'zeebe:CalledDecision')[0]
  const job = jobOf(context, node, id)
  if ((called === undefined) === (job === null))
    context.error(id, 'missingDecision', 'the business rule task needs either a zeebe:calledDecision or a zeebe:taskDefinition')
  if (!called) return { type: 'businessRuleTask', decision: null, job }
  const decisionId = text(called, 'decisionId')
  const resultVariable = text(called, 'resultVariable')
  if (decisionId === undefined || resultVariable === undefined)
    context.error(id, 'missingDecision', 'the called decision needs a decision id and a result variable')
  const value = context.value(id, 'the decision id', decisionId ?? '')
  if ('literal' in value && decisionId !== undefined) context.references.decisions.add(decisionId)
  return { type: 'businessRuleTask', decision: { decisionId: value, resultVariable: resultVariable ?? '' }, job: null }
}

function callActivity(context: CompileContext, node: Node, id: string): Particular {
  const called = extensions(node, 'zeebe:CalledElement')[0]
  return {
    type: 'callActivity',
    processId: calledProcess(context, node, id),
    propagatesAllChildVariables: called?.get('propagateAllChildVariables') !== false,
    propagatesAllParentVariables: called?.get('propagateAllParentVariables') !== false,
  }
}

function adHoc(context: CompileContext, node: Node, id: string): Particular {
  const settings = extensions(node, 'zeebe:AdHoc')[0]
  const active = settings ? text(settings, 'activeElementsCollection') : undefined
  const condition = text(child(node, 'completionCondition'), 'body')
  if (settings && (text(settings, 'outputCollection') || text(settings, 'outputElement')))
    context.error(id, 'unsupportedAttribute', 'an output collection of an ad-hoc sub-process is not supported', {
      attribute: 'outputCollection',
    })
  return {
    type: 'adHocSubProcess',
    ...openScope(),
    isSequential: text(node, 'ordering') === 'Sequential',
    cancelsRemaining: node.get('cancelRemainingInstances') !== false,
    ...(text(node, 'guichet:adHocStart') === 'manual' ? { isManual: true } : {}),
    ...(condition === undefined ? {} : { completionCondition: context.feel(id, 'the completion condition', condition) }),
    ...(active === undefined ? {} : { activeElements: context.feel(id, 'the active elements', active) }),
  }
}

/** Multi-instance and standard loop characteristics. */
export function loopOf(context: CompileContext, node: Node, id: string): Loop | undefined {
  const characteristics = child(node, 'loopCharacteristics')
  if (!characteristics) return undefined
  if (characteristics.$type === 'bpmn:StandardLoopCharacteristics') {
    const condition = text(child(characteristics, 'loopCondition'), 'body')
    const maximum = text(characteristics, 'loopMaximum')
    if (condition === undefined && maximum === undefined) context.error(id, 'endlessLoop', 'the loop needs a condition or a maximum')
    return {
      type: 'standard',
      testBefore: flag(characteristics, 'testBefore'),
      ...(condition === undefined ? {} : { condition: context.feel(id, 'the loop condition', condition) }),
      ...(maximum === undefined ? {} : { maximum: Number(maximum) }),
    }
  }
  return multiInstance(context, characteristics, id)
}

function multiInstance(context: CompileContext, characteristics: Node, id: string): Loop {
  const settings = extensions(characteristics, 'zeebe:LoopCharacteristics')[0]
  const of = (property: string) => (settings ? text(settings, property) : undefined)
  const collection = of('inputCollection')
  const cardinality = text(child(characteristics, 'loopCardinality'), 'body')
  if ((collection === undefined) === (cardinality === undefined))
    context.error(id, 'missingCollection', 'the multi-instance needs either an input collection or a loop cardinality')
  const outputCollection = of('outputCollection')
  const outputElement = of('outputElement')
  if ((outputCollection === undefined) !== (outputElement === undefined))
    context.error(id, 'incompleteOutput', 'the output collection and the output element go together')
  const inputElement = of('inputElement')
  const condition = text(child(characteristics, 'completionCondition'), 'body')
  return {
    type: 'multiInstance',
    isSequential: flag(characteristics, 'isSequential'),
    ...(collection === undefined ? {} : { collection: context.feel(id, 'the input collection', collection) }),
    ...(cardinality === undefined
      ? {}
      : {
          cardinality: /^\d+$/.test(cardinality) ? { literal: Number(cardinality) } : context.feel(id, 'the loop cardinality', cardinality),
        }),
    ...(inputElement === undefined ? {} : { inputElement }),
    ...(outputCollection === undefined || outputElement === undefined
      ? {}
      : { outputCollection, outputElement: context.feel(id, 'the output element', outputElement) }),
    ...(condition === undefined ? {} : { completionCondition: context.feel(id, 'the completion condition', condition) }),
  }
}

/** Element types that a diagram can hold, by the BPMN type that makes them. */
export const supportedTypes = Object.keys(builders)
