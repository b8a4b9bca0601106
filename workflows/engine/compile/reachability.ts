/**
 * For each inclusive join: from which elements of its scope can which of its incoming flows still be reached? By sequence flows and links, as
 * BPMN 2.0 clause 13.4.3 counts paths. A boundary event is on no such path; it counts as a place of its own, from which a token may yet start.
 */
import type { InclusiveGatewayElement, ModelElement } from '../model.ts'
import type { Draft } from './process.ts'

/** Fills `upstream` and `attached` of every inclusive gateway. */
export function fillUpstream(draft: Draft): void {
  for (const element of Object.values(draft.elements)) {
    if (element.type !== 'inclusiveGateway' || element.incoming.length < 2) continue
    element.upstream = upstreamOf(draft, element)
    element.attached = attachedOf(draft, element)
  }
}

function upstreamOf(draft: Draft, gateway: InclusiveGatewayElement): Record<string, string[]> {
  const found: Record<string, string[]> = {}
  for (const flowId of gateway.incoming)
    for (const id of before(draft, draft.flows[flowId]!.sourceId, gateway.id, false)) found[id] = [...(found[id] ?? []), flowId]
  return found
}

/** From wherever its host can be reached, and while its host is active, an event may be triggered. */
function attachedOf(draft: Draft, gateway: InclusiveGatewayElement): Record<string, string[]> {
  const found: Record<string, string[]> = {}
  for (const event of Object.values(draft.elements)) {
    if (event.type !== 'boundaryEvent' || !gateway.upstream[event.id]) continue
    for (const id of before(draft, event.attachedToId, gateway.id, true)) found[id] = [...(found[id] ?? []), event.id]
  }
  return found
}

/** An element and all that lead to it without passing the gateway; with `crosses`, by the boundary events of a host too. */
function before(draft: Draft, fromId: string, gatewayId: string, crosses: boolean): Set<string> {
  const seen = new Set<string>()
  const pending = [fromId]
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (id === gatewayId || seen.has(id)) continue
    seen.add(id)
    pending.push(...predecessors(draft, id, crosses))
  }
  return seen
}

function predecessors(draft: Draft, id: string, crosses: boolean): string[] {
  const element = draft.elements[id]
  if (!element) return []
  const sources = element.incoming.map((flowId) => draft.flows[flowId]!.sourceId)
  if (element.type === 'boundaryEvent' && crosses) return [...sources, element.attachedToId]
  if (element.type === 'intermediateCatchEvent' && element.event.type === 'link') return [...sources, ...linkSources(draft, element)]
  return sources
}

function linkSources(draft: Draft, target: ModelElement): string[] {
  return Object.values(draft.elements).flatMap((element) =>
    element.type === 'intermediateThrowEvent' && element.linkTargetId === target.id ? [element.id] : [],
  )
}
