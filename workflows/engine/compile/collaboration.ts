/** Static constraints of collaborations (BPMN 2.0 clauses 9.2 and 9.4, table 7.4): message flows join different pools. */
import type { Diagnostic } from '../contract.ts'
import { child, kind, list, type Node } from './moddle.ts'

const SENDERS = /^(Participant|\w*Task|SubProcess|Transaction|AdHocSubProcess|CallActivity|IntermediateThrowEvent|EndEvent)$/
const RECEIVERS =
  /^(Participant|\w*Task|SubProcess|Transaction|AdHocSubProcess|CallActivity|IntermediateCatchEvent|StartEvent|BoundaryEvent)$/

/** What is wrong with the message flows of a file. `isLenient`: warnings instead of errors. */
export function checkCollaborations(definitions: Node, isLenient: boolean): Diagnostic[] {
  const found: Diagnostic[] = []
  for (const root of list(definitions, 'rootElements').filter((node) => kind(node) === 'Collaboration')) {
    for (const flow of list(root, 'messageFlows')) {
      const mistake = mistakeOf(root, flow)
      if (mistake) found.push({ elementId: flow.id ?? '', severity: isLenient ? 'warning' : 'error', ...mistake })
    }
  }
  return found
}

function mistakeOf(collaboration: Node, flow: Node): { code: string; message: string } | null {
  const source = child(flow, 'sourceRef')
  const target = child(flow, 'targetRef')
  if (!source || !target) return { code: 'looseMessageFlow', message: 'the message flow needs a source and a target' }
  const pool = poolOf(collaboration, source)
  if (pool !== undefined && pool === poolOf(collaboration, target))
    return { code: 'messageFlowInPool', message: 'a message flow joins two pools: use a sequence flow, or a signal, inside one' }
  if (!SENDERS.test(kind(source)) || !carriesMessage(source))
    return { code: 'messageFlowEnd', message: `a message flow may not leave a ${kind(source)} that sends no message` }
  if (!RECEIVERS.test(kind(target)) || !carriesMessage(target))
    return { code: 'messageFlowEnd', message: `a message flow may not enter a ${kind(target)} that receives no message` }
  return null
}

/** Events only when they are message events, or left undefined (none). */
function carriesMessage(node: Node): boolean {
  if (!/Event$/.test(kind(node))) return true
  const definitions = list(node, 'eventDefinitions')
  return definitions.length === 0 || definitions.some(({ $type }) => $type === 'bpmn:MessageEventDefinition')
}

/** The participant's own id, or that of the participant whose process holds the node. */
function poolOf(collaboration: Node, node: Node): string | undefined {
  if (kind(node) === 'Participant') return node.id
  let at: Node | undefined = node
  while (at && kind(at) !== 'Process') at = at.$parent
  return list(collaboration, 'participants').find((participant) => child(participant, 'processRef') === at)?.id
}
