/**
 * The walk from one configuration item to those that rely on it (upstream: hit when it fails) or that it relies on (downstream: may be the cause).
 * Breadth first, so that every item is found at its least distance; cycles end where they began.
 */
export interface Reliance {
  /** Relies on `toId`. */
  fromId: string
  kind: string
  toId: string
}
export type ImpactDirection = 'upstream' | 'downstream'

export interface Reached {
  id: string
  /** 1: next to the start. */
  distance: number
  /** The item through which it was reached first, and by which kind of relation. */
  viaId: string
  kind: string
}

export const maxImpactDepth = 12

/** Items reached from `startId`, nearest first; the start itself is not among them. `isCut`: the walk went on beyond the depth. */
export function walkImpact(
  relations: readonly Reliance[],
  startId: string,
  direction: ImpactDirection,
  depth: number = maxImpactDepth,
): { reached: Reached[]; isCut: boolean } {
  const next = new Map<string, { id: string; kind: string }[]>()
  for (const { fromId, kind, toId } of relations) {
    const [at, to] = direction === 'upstream' ? [toId, fromId] : [fromId, toId]
    const steps = next.get(at)
    if (steps) steps.push({ id: to, kind })
    else next.set(at, [{ id: to, kind }])
  }
  const seen = new Set([startId])
  const reached: Reached[] = []
  let edge = [startId]
  for (let distance = 1; distance <= depth && edge.length > 0; distance += 1) {
    const found: string[] = []
    for (const viaId of edge)
      for (const { id, kind } of next.get(viaId) ?? []) {
        if (seen.has(id)) continue
        seen.add(id)
        found.push(id)
        reached.push({ id, distance, viaId, kind })
      }
    edge = found
  }
  return { reached, isCut: edge.some((id) => (next.get(id) ?? []).some((step) => !seen.has(step.id))) }
}

/** Whether a failure of one would be felt at the other, in either direction, or they are the same. */
export function areRelated(relations: readonly Reliance[], a: string, b: string, depth: number = maxImpactDepth): boolean {
  if (a === b) return true
  return (['upstream', 'downstream'] as const).some((direction) =>
    walkImpact(relations, a, direction, depth).reached.some(({ id }) => id === b),
  )
}
