/** For each inclusive join: from which elements of its scope can which of its incoming flows still be reached? */
import type { InclusiveGatewayElement, ModelElement } from '../model.ts'
import type { Draft } from './process.ts'

/** Fills `upstream` of every inclusive gateway. Links and boundary events of a host count as ways on. */
export function fillUpstream(draft: Draft): void {
  for (const element of Object.values(draft.elements)) {
    if (element.type === 'inclusiveGateway' && element.incoming.length > 1) element.upstream = upstreamOf(draft, element)
  }
}

function upstreamOf(draft: Draft, gateway: InclusiveGatewayElement): Record<string, string[]> {
  const found: Record<string, string[]> = {}
  for (const flowId of gateway.incoming) {
    const seen = new Set<string>()
    const pending = [draft.flows[flowId]!.sourceId]
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      if (id === gateway.id || seen.has(id)) continue
      seen.add(id)
      found[id] = [...(found[id] ?? []), flowId]
      pending.push(...predecessors(draft, id))
    }
  }
  return found
}

function predecessors(draft: Draft, id: string): string[] {
  const element = draft.elements[id]
  if (!element) return []
  const sources = element.incoming.map((flowId) => draft.flows[flowId]!.sourceId)
  if (element.type === 'boundaryEvent') return [...sources, element.attachedToId]
  if (element.type === 'intermediateCatchEvent' && element.event.type === 'link') return [...sources, ...linkSources(draft, element)]
  return sources
}

function linkSources(draft: Draft, target: ModelElement): string[] {
  return Object.values(draft.elements).flatMap((element) =>
    element.type === 'intermediateThrowEvent' && element.linkTargetId === target.id ? [element.id] : [],
  )
}
