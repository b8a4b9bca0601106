/** Events and what they carry (BPMN 2.0 clause 10.5). */
import { child, list, type Node, text } from '../moddle.ts'
import { definitionsOf } from './flows.ts'
import { descendants, isExecutable, type Report } from './tree.ts'

const isThrown = (event: Node): boolean => event.$instanceOf('bpmn:ThrowEvent')

export function checkEvent(node: Node, report: Report): void {
  if (!node.$instanceOf('bpmn:Event')) return
  for (const definition of definitionsOf(node)) {
    checkCarried(node, definition, report)
    if (definition.$type === 'bpmn:LinkEventDefinition') checkLink(node, definition, report)
    if (definition.$type === 'bpmn:CompensateEventDefinition') {
      if (node.$type === 'bpmn:StartEvent' && node.get('isInterrupting') === false)
        report(node, 'mustInterrupt', 'a compensation start event always interrupts')
      if (node.$type === 'bpmn:BoundaryEvent' && node.get('cancelActivity') === false)
        report(node, 'mustInterrupt', 'a compensation boundary event does not know cancelActivity')
    }
  }
}

/** Tables 10.89 and following: what an executable process must name. */
function checkCarried(event: Node, definition: Node, report: Report): void {
  if (!isExecutable(event)) return
  const type = definition.$type
  if (type === 'bpmn:MessageEventDefinition') {
    if (!child(definition, 'messageRef')) report(event, 'missingMessage', 'a message event of an executable process names its message')
    if (!child(definition, 'operationRef'))
      report(event, 'missingOperation', 'a message event of an executable process names its operation')
  }
  if (type === 'bpmn:SignalEventDefinition' && !child(definition, 'signalRef'))
    report(event, 'missingSignal', 'a signal event names its signal')
  if (type === 'bpmn:ErrorEventDefinition' && isThrown(event) && !text(child(definition, 'errorRef'), 'errorCode'))
    report(event, 'missingCode', 'a thrown error has a code')
  if (type === 'bpmn:EscalationEventDefinition' && isThrown(event) && !text(child(definition, 'escalationRef'), 'escalationCode'))
    report(event, 'missingCode', 'a thrown escalation has a code')
  if (type === 'bpmn:ConditionalEventDefinition' && !child(definition, 'condition'))
    report(event, 'missingCondition', 'a conditional event has a condition')
}

/** Clause 10.5.5: links name one another, on the same level of one process. */
function checkLink(event: Node, definition: Node, report: Report): void {
  const scope = event.$parent
  const level = scope ? list(scope, 'flowElements').flatMap((node) => (node.$instanceOf('bpmn:Event') ? definitionsOf(node) : [])) : []
  const others = level.filter(({ $type }) => $type === 'bpmn:LinkEventDefinition')
  if (!others.some((link) => child(link, 'target') || list(link, 'source').length > 0)) return
  if (isThrown(event)) {
    const target = child(definition, 'target')
    if (!target) report(event, 'linkTarget', 'a throwing link names its target')
    else if (!others.includes(target) || !list(target, 'source').includes(definition))
      report(event, 'linkTarget', 'the target of a link stands on the same level and names it as a source')
  } else if (list(definition, 'source').length === 0) report(event, 'linkSource', 'a catching link names its sources')
}

/** Clause 10.5.1: a definition that stands in a throw event is that event's alone. */
export function checkReuse(definitions: Node, report: Report): void {
  for (const node of descendants(definitions)) {
    if (!node.$instanceOf('bpmn:Event')) continue
    for (const definition of list(node, 'eventDefinitionRef')) {
      const owner = definition.$parent
      if (owner && owner !== node && owner.$instanceOf('bpmn:ThrowEvent'))
        report(owner, 'sharedDefinition', 'the definition of a throw event may not be used by another event')
    }
  }
}
