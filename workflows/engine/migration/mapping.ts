/** Which element of a new version stands for which of the old: by id, then by name, then by neighbourhood in the drawing. */
import type { EventType, Model, ModelElement, Program } from '../model.ts'

/** Old element id to new element id. Elements of a called process are written `processId/elementId`, on the left only. */
export type NodeMapping = Record<string, string>

export type MatchReason = 'id' | 'name' | 'neighbourhood'
export interface MappingProposal {
  mapping: NodeMapping
  /** Why each was proposed, by old id. */
  reasons: Record<string, MatchReason>
  /** Old elements for which nothing in the new version stands. */
  unmatched: string[]
}

/** Of an element that has an event definition; null for the others. */
export const eventTypeOf = (element: ModelElement): EventType | null => ('event' in element ? element.event.type : null)

/** `sequential`, `parallel`, `standard`, or null: what a running loop cannot change. */
export function loopKindOf({ loop }: ModelElement): string | null {
  if (!loop) return null
  return loop.type === 'standard' ? 'standard' : loop.isSequential ? 'sequential' : 'parallel'
}

/** May a token at `from` go on at `to`? Their scopes are compared elsewhere. */
export const isAlike = (from: ModelElement, to: ModelElement): boolean =>
  from.type === to.type && eventTypeOf(from) === eventTypeOf(to) && loopKindOf(from) === loopKindOf(to)

class Matcher {
  readonly from: Model
  readonly to: Model
  readonly mapping = new Map<string, string>()
  readonly reasons: Record<string, MatchReason> = {}
  readonly #taken = new Set<string>()

  constructor(from: Model, to: Model) {
    this.from = from
    this.to = to
  }

  take(fromId: string, toId: string, reason: MatchReason): void {
    this.mapping.set(fromId, toId)
    this.#taken.add(toId)
    this.reasons[fromId] = reason
  }

  free(): { from: ModelElement[]; to: ModelElement[] } {
    return {
      from: Object.values(this.from.elements).filter(({ id }) => !this.mapping.has(id)),
      to: Object.values(this.to.elements).filter(({ id }) => !this.#taken.has(id)),
    }
  }

  /** Alike, and the containers stand for one another. */
  fits(from: ModelElement, to: ModelElement): boolean {
    if (!isAlike(from, to)) return false
    if (from.scopeId === null || to.scopeId === null) return from.scopeId === to.scopeId
    return this.mapping.get(from.scopeId) === to.scopeId
  }
}

/** Elements around one: before, after, and the host of a boundary event. */
function neighbours(model: Model, element: ModelElement): { before: string[]; after: string[]; host: string | null } {
  return {
    before: element.incoming.flatMap((id) => model.flows[id]?.sourceId ?? []),
    after: element.outgoing.flatMap((id) => model.flows[id]?.targetId ?? []),
    host: element.type === 'boundaryEvent' ? element.attachedToId : null,
  }
}

/** How many neighbours of the one stand for neighbours of the other, on the same side. */
function sharedNeighbours(matcher: Matcher, from: ModelElement, to: ModelElement): number {
  const old = neighbours(matcher.from, from)
  const next = neighbours(matcher.to, to)
  const count = (ids: string[], others: string[]): number => ids.filter((id) => others.includes(matcher.mapping.get(id) ?? '')).length
  const isSameHost = old.host !== null && matcher.mapping.get(old.host) === next.host
  return count(old.before, next.before) + count(old.after, next.after) + (isSameHost ? 2 : 0)
}

function matchByName(matcher: Matcher): boolean {
  const { from, to } = matcher.free()
  let hasMatched = false
  for (const element of from) {
    if (element.name === '') continue
    const same = (other: ModelElement): boolean => other.name === element.name
    const rivals = from.filter((other) => same(other) && isAlike(other, element) && other.scopeId === element.scopeId)
    const found = to.filter((other) => same(other) && matcher.fits(element, other))
    if (rivals.length !== 1 || found.length !== 1) continue
    matcher.take(element.id, found[0]!.id, 'name')
    hasMatched = true
  }
  return hasMatched
}

/** The clearest match of one round; two candidates that score the same are no match. */
function matchByNeighbourhood(matcher: Matcher): boolean {
  const { from, to } = matcher.free()
  let best: { fromId: string; toId: string; score: number } | null = null
  for (const element of from) {
    const scored = to
      .filter((other) => matcher.fits(element, other))
      .map((other) => ({ toId: other.id, score: sharedNeighbours(matcher, element, other) }))
      .filter(({ score }) => score > 0)
      .toSorted((a, b) => b.score - a.score)
    const [first, second] = scored
    if (!first || (second && second.score === first.score)) continue
    if (best === null || first.score > best.score) best = { fromId: element.id, ...first }
  }
  if (best === null) return false
  matcher.take(best.fromId, best.toId, 'neighbourhood')
  return true
}

/**
 * Proposes what stands for what between two versions of one process. An id that both have is believed when the two elements are
 * alike; the rest is matched by a name that is unique in its scope, then by the elements around it. Whoever migrates may correct it.
 */
export function proposeMapping(from: Model, to: Model): MappingProposal {
  const matcher = new Matcher(from, to)
  matcher.take(from.processId, to.processId, 'id')
  for (const element of Object.values(from.elements)) {
    const other = to.elements[element.id]
    if (element.type !== 'process' && other && isAlike(element, other)) matcher.take(element.id, other.id, 'id')
  }
  while (matchByName(matcher) || matchByNeighbourhood(matcher));
  return {
    mapping: Object.fromEntries(matcher.mapping),
    reasons: matcher.reasons,
    unmatched: matcher.free().from.map(({ id }) => id),
  }
}

/** As `proposeMapping`, with the called processes that both programs have. */
export function proposeProgramMapping(from: Program, to: Program): MappingProposal {
  const whole = proposeMapping(from.process, to.process)
  for (const processId in from.called) {
    const other = to.called[processId]
    if (!other) continue
    const part = proposeMapping(from.called[processId]!, other)
    for (const id in part.mapping) {
      whole.mapping[`${processId}/${id}`] = part.mapping[id]!
      whole.reasons[`${processId}/${id}`] = part.reasons[id]!
    }
    whole.unmatched.push(...part.unmatched.map((id) => `${processId}/${id}`))
  }
  return whole
}
