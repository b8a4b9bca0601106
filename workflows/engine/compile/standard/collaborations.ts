/** Collaborations, conversations and choreographies (BPMN 2.0 clauses 9 and 11). */
import { child, list, type Node } from '../moddle.ts'
import { definitionsOf } from './flows.ts'
import type { Report } from './tree.ts'

export function checkCollaboration(node: Node, report: Report): void {
  if (node.$type === 'bpmn:ParticipantMultiplicity') checkMultiplicity(node, report)
  if (node.$type === 'bpmn:MessageFlow') checkMessageFlow(node, report)
  if (/^bpmn:(Choreography|GlobalConversation)$/.test(node.$type) && list(node, 'choreographyRef').length > 0)
    report(node, 'choreography', 'a choreography or global conversation refers to no choreography')
  if (/Choreography$/.test(node.$type) && list(node, 'laneSets').length > 0) report(node, 'choreography', 'a choreography has no lanes')
}

/** Table 9.3. */
function checkMultiplicity(node: Node, report: Report): void {
  const minimum = Number(node.get('minimum') ?? 0)
  const maximum = Number(node.get('maximum') ?? 1)
  if (minimum < 0) report(node, 'multiplicity', 'the minimum of a participant is not negative')
  if (maximum < 1 || maximum < minimum) report(node, 'multiplicity', 'the maximum of a participant is at least 1, and at least its minimum')
}

/** Clauses 10.5.2 to 10.5.4: an event at the end of a message flow is a message event. */
function checkMessageFlow(flow: Node, report: Report): void {
  for (const end of [child(flow, 'sourceRef'), child(flow, 'targetRef')])
    if (end?.$instanceOf('bpmn:Event') && !definitionsOf(end).some(({ $type }) => $type === 'bpmn:MessageEventDefinition'))
      report(end, 'messageFlowEnd', 'an event at the end of a message flow has a message event definition')
}
