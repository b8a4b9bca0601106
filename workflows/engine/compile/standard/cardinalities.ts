/** What the metamodel requires an element to have, and what it may not have together (the class diagrams and attribute tables of BPMN 2.0). */
import { child, list, type Node } from '../moddle.ts'
import type { Report } from './tree.ts'

/** By type: properties of which there is at least that many. */
const REQUIRED: Record<string, readonly (readonly [property: string, least: number])[]> = {
  'bpmn:Assignment': [
    ['from', 1],
    ['to', 1],
  ],
  'bpmn:ChoreographyTask': [
    ['messageFlowRef', 1],
    ['participantRef', 2],
    ['initiatingParticipantRef', 1],
  ],
  'bpmn:Conversation': [['participantRef', 2]],
  'bpmn:ConversationLink': [
    ['sourceRef', 1],
    ['targetRef', 1],
  ],
  'bpmn:CorrelationProperty': [['correlationPropertyRetrievalExpression', 1]],
  'bpmn:CorrelationPropertyBinding': [
    ['dataPath', 1],
    ['correlationPropertyRef', 1],
  ],
  'bpmn:CorrelationPropertyRetrievalExpression': [
    ['messagePath', 1],
    ['messageRef', 1],
  ],
  'bpmn:CorrelationSubscription': [['correlationKeyRef', 1]],
  'bpmn:InputOutputBinding': [
    ['inputDataRef', 1],
    ['outputDataRef', 1],
    ['operationRef', 1],
  ],
  'bpmn:Interface': [['operations', 1]],
  'bpmn:MessageFlowAssociation': [
    ['innerMessageFlowRef', 1],
    ['outerMessageFlowRef', 1],
  ],
  'bpmn:Operation': [['inMessageRef', 1]],
  'bpmn:ParticipantAssociation': [
    ['innerParticipantRef', 1],
    ['outerParticipantRef', 1],
  ],
  'bpmn:Relationship': [
    ['source', 1],
    ['target', 1],
  ],
  'bpmn:ResourceAssignmentExpression': [['expression', 1]],
  'bpmn:ResourceParameterBinding': [
    ['expression', 1],
    ['parameterRef', 1],
  ],
}

export function checkCardinalities(node: Node, report: Report): void {
  for (const [property, least] of REQUIRED[node.$type] ?? []) {
    const found = [node.get(property) ?? []].flat().length
    if (found < least) report(node, 'missingPart', `a ${node.$type.replace('bpmn:', '')} has at least ${least} ${property}, found ${found}`)
  }
  if (node.$instanceOf('bpmn:ResourceRole')) checkRole(node, report)
}

/** Clause 10.3.1: who performs an activity is named by a resource or by an expression; parameters belong to a resource. */
function checkRole(node: Node, report: Report): void {
  const [resource, expression] = [child(node, 'resourceRef'), child(node, 'resourceAssignmentExpression')]
  if (resource && expression) report(node, 'resourceRole', 'a resource role names either a resource or an assignment expression')
  if (!resource && list(node, 'resourceParameterBindings').length > 0)
    report(node, 'resourceRole', 'parameters of a resource role belong to a resource that it names')
}
