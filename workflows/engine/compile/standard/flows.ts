/** Sequence flows, and which flow nodes need them (BPMN 2.0 clauses 8.3.13, 10.3 to 10.6). */
import { child, flag, list, type Node } from '../moddle.ts'
import type { Report } from './tree.ts'

const isFor = (node: Node, ...types: string[]): boolean => types.some((type) => node.$instanceOf(`bpmn:${type}`))
const isEventSubProcess = (node: Node): boolean => node.$type === 'bpmn:SubProcess' && flag(node, 'triggeredByEvent')
const flowsOf = (scope: Node): Node[] => list(scope, 'flowElements').filter(({ $type }) => $type === 'bpmn:SequenceFlow')
export const definitionsOf = (event: Node): Node[] => [...list(event, 'eventDefinitions'), ...list(event, 'eventDefinitionRef')]
const hasDefinition = (event: Node, type: string): boolean =>
  definitionsOf(event).some(({ $type }) => $type === `bpmn:${type}EventDefinition`)

/** The flows of its scope that leave or reach a node. */
const leaving = (node: Node): Node[] => (node.$parent ? flowsOf(node.$parent).filter((flow) => child(flow, 'sourceRef') === node) : [])
const reaching = (node: Node): Node[] => (node.$parent ? flowsOf(node.$parent).filter((flow) => child(flow, 'targetRef') === node) : [])

/** Clause 8.3.13: a flow is named by both its ends; a conditional one out of an activity has another beside it. */
export function checkSequenceFlow(flow: Node, report: Report): void {
  if (flow.$type !== 'bpmn:SequenceFlow') return
  const [source, target] = [child(flow, 'sourceRef'), child(flow, 'targetRef')]
  if (!source || !target) return
  const usesLists = flow.$parent !== undefined && list(flow.$parent, 'flowElements').some((node) => hasLists(node))
  if (usesLists && !(isListed(source, 'outgoing', flow) && isListed(target, 'incoming', flow)))
    report(flow, 'flowNotListed', 'the source lists the flow as outgoing, the target as incoming')
  if (child(flow, 'conditionExpression') && isFor(source, 'Activity') && leaving(source).length < 2)
    report(flow, 'soleCondition', 'an activity with a conditional flow needs another outgoing flow')
}

const hasLists = (node: Node): boolean =>
  isFor(node, 'FlowNode') && (list(node, 'incoming').length > 0 || list(node, 'outgoing').length > 0)
const isListed = (node: Node, property: string, flow: Node): boolean => isFor(node, 'FlowNode') && list(node, property).includes(flow)

export function checkFlowNode(node: Node, report: Report): void {
  if (!isFor(node, 'FlowNode') || !node.$parent || node.$parent.$type === 'bpmn:AdHocSubProcess') return
  checkEnds(node, report)
  if (isFor(node, 'Gateway') && leaving(node).length < 2 && reaching(node).length < 2)
    report(node, 'looseGateway', 'a gateway has several incoming or several outgoing flows')
  if (node.$type === 'bpmn:InclusiveGateway' && leaving(node).length > 1) {
    for (const flow of leaving(node))
      if (!child(flow, 'conditionExpression') && child(node, 'default') !== flow)
        report(flow, 'missingCondition', 'a flow out of an inclusive gateway needs a condition, or to be its default')
  }
}

/** Whether something must lead here, and on from here. */
function checkEnds(node: Node, report: Report): void {
  if (flag(node, 'isForCompensation') || isEventSubProcess(node)) return
  const scope = list(node.$parent!, 'flowElements')
  const isLink = isFor(node, 'Event') && hasDefinition(node, 'Link')
  const isCompensation = isFor(node, 'BoundaryEvent') && hasDefinition(node, 'Compensate')
  const hasEnd = scope.some(({ $type }) => $type === 'bpmn:EndEvent')
  const isIntermediate = isFor(node, 'IntermediateCatchEvent', 'IntermediateThrowEvent')
  const mustLeave = hasEnd || isIntermediate || isFor(node, 'StartEvent', 'BoundaryEvent')
  const isLinkThrow = isLink && node.$type === 'bpmn:IntermediateThrowEvent'
  if (mustLeave && !isFor(node, 'EndEvent') && !isLinkThrow && !isCompensation && leaving(node).length === 0)
    report(node, 'noOutgoing', 'a flow must lead on from here')
  const isLinkCatch = isLink && node.$type === 'bpmn:IntermediateCatchEvent'
  if ((isFor(node, 'EndEvent') || (isIntermediate && !isLinkCatch)) && reaching(node).length === 0)
    report(node, 'notReachable', 'a flow must lead here')
}

/** Clauses 10.5.2 and 10.5.3: start and end events come together; no choreography stands in a process. */
export function checkScope(scope: Node, report: Report): void {
  if (!isFor(scope, 'Process', 'SubProcess')) return
  const nodes = list(scope, 'flowElements')
  const starts = nodes.filter(({ $type }) => $type === 'bpmn:StartEvent')
  const ends = nodes.filter(({ $type }) => $type === 'bpmn:EndEvent')
  if (starts.length > 0 && ends.length === 0) report(starts[0]!, 'missingEnd', 'where there is a start event there is an end event')
  if (ends.length > 0 && starts.length === 0) report(ends[0]!, 'missingStart', 'where there is an end event there is a start event')
  for (const node of nodes)
    if (isFor(node, 'ChoreographyActivity')) report(node, 'choreography', 'a choreography activity does not belong in a process')
}
