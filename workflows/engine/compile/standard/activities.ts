/** Activities: quantities, loops, what they call (BPMN 2.0 clause 10.3). */
import { child, list, type Node, text } from '../moddle.ts'
import { definitionsOf } from './flows.ts'
import { isExecutable, type Report } from './tree.ts'

export function checkActivity(node: Node, definitions: Node, report: Report): void {
  if (!node.$instanceOf('bpmn:Activity')) return
  for (const name of ['startQuantity', 'completionQuantity'])
    if (Number(text(node, name) ?? 1) < 1) report(node, 'quantity', `${name} is at least 1`)
  const specification = child(node, 'ioSpecification')
  if (specification && node.$instanceOf('bpmn:SubProcess'))
    report(node, 'specificationNotAllowed', 'a sub-process has no input and output specification')
  if (specification) checkSets(node, specification, report)
  const loop = child(node, 'loopCharacteristics')
  if (loop?.$type === 'bpmn:MultiInstanceLoopCharacteristics') checkMultiInstance(node, loop, report)
  if (node.$type === 'bpmn:CallActivity') checkCalled(node, definitions, report)
  if (node.$type === 'bpmn:AdHocSubProcess') checkAdHoc(node, report)
  if (
    /^bpmn:(Service|Send|Receive)Task$/.test(node.$type) &&
    isExecutable(node) &&
    child(node, 'operationRef') === undefined &&
    usesServices(definitions)
  )
    report(node, 'missingOperation', 'a task that calls a service names its operation')
}

/** Operations are asked for only where the file describes interfaces at all. */
const usesServices = (definitions: Node): boolean => list(definitions, 'rootElements').some(({ $type }) => $type === 'bpmn:Interface')

/** Clauses 10.3.3: how much data a task that exchanges one message may declare. */
function checkSets(node: Node, specification: Node, report: Report): void {
  const inputs = list(specification, 'inputSets').length
  const outputs = list(specification, 'outputSets').length
  if (node.$type === 'bpmn:ServiceTask' && (inputs !== 1 || outputs > 1))
    report(node, 'dataSets', 'a service task has exactly one input set and at most one output set')
  if (node.$type === 'bpmn:SendTask' && (inputs > 1 || list(specification, 'dataInputs').length > 1))
    report(node, 'dataSets', 'a send task has at most one input set and one data input')
  if (node.$type === 'bpmn:ReceiveTask' && (outputs > 1 || list(specification, 'dataOutputs').length > 1))
    report(node, 'dataSets', 'a receive task has at most one output set and one data output')
}

/** Table 10.29. */
function checkMultiInstance(node: Node, loop: Node, report: Report): void {
  const behaviour = text(loop, 'behavior') ?? 'All'
  if (behaviour === 'None' && !child(loop, 'noneBehaviorEventRef')) report(node, 'loopBehaviour', 'behavior None names its event')
  if (behaviour === 'One' && !child(loop, 'oneBehaviorEventRef')) report(node, 'loopBehaviour', 'behavior One names its event')
  if (behaviour === 'Complex' && list(loop, 'complexBehaviorDefinition').length === 0)
    report(node, 'loopBehaviour', 'behavior Complex has a definition')
  if (child(loop, 'loopCardinality') && child(loop, 'loopDataInputRef'))
    report(node, 'loopBehaviour', 'a multi-instance has either a cardinality or a data input')
}

/** Clause 10.5.2: what is called can start without a trigger. */
function checkCalled(node: Node, definitions: Node, report: Report): void {
  const called = text(node, 'calledElement')?.replace(/^[^:]*:/, '')
  const process = list(definitions, 'rootElements').find((root) => root.$type === 'bpmn:Process' && root.id === called)
  const starts = process ? list(process, 'flowElements').filter(({ $type }) => $type === 'bpmn:StartEvent') : []
  if (starts.length > 0 && starts.every((start) => definitionsOf(start).length > 0))
    report(process!, 'noneStart', 'a process that is called needs a start event without a trigger')
}

/** Clause 10.3.5. */
function checkAdHoc(node: Node, report: Report): void {
  const inside = list(node, 'flowElements')
  if (!inside.some((inner) => inner.$instanceOf('bpmn:Activity')))
    report(node, 'emptyScope', 'an ad-hoc sub-process holds at least one activity')
  for (const inner of inside)
    if (inner.$type === 'bpmn:StartEvent' || inner.$type === 'bpmn:EndEvent')
      report(inner, 'adHocEvent', 'an ad-hoc sub-process holds no start or end events')
}
