/** Who may decide in whose place, and which delegations may be made. Pure: the store brings those that stand. */
import type { Standing } from '#schema/approval'
import type { Delegation } from '#schema/delegation'

/** Delegates of delegates: at most so many hands. */
export const longestChain = 3
/** A longer absence is a change of duties, not a delegation. */
export const longestDelegationMs = 366 * 86_400_000

export type DelegationProblem =
  | { code: 'endsBeforeStart' | 'alreadyOver' | 'tooLong'; path: 'endsAt' }
  | { code: 'delegateIsSelf' | 'delegationCycle' | 'chainTooLong' | 'duplicateDelegation'; path: 'delegateId'; through?: string[] }
  | { code: 'valueMissing' | 'valueNotNeeded'; path: 'value' }

type Span = Pick<Delegation, 'startsAt' | 'endsAt'>
type Cover = Pick<Delegation, 'scope' | 'value'>

const meet = (a: Span, b: Span): Span => ({ startsAt: Math.max(a.startsAt, b.startsAt), endsAt: Math.min(a.endsAt, b.endsAt) })
const isEmpty = ({ startsAt, endsAt }: Span): boolean => startsAt >= endsAt

/** What both cover; null: nothing. A group and a subject may meet in one approval. */
function common(a: Cover, b: Cover): Cover | null {
  if (a.scope === 'all') return b
  if (b.scope === 'all') return a
  return a.scope !== b.scope || a.value === b.value ? a : null
}

/** Every way on from `from` within a span and a cover, as the people passed; stops at a circle. */
function* paths(from: string, span: Span, cover: Cover, all: readonly Delegation[], passed: readonly string[]): Generator<string[]> {
  for (const next of all) {
    if (next.personId !== from || next.delegateId === null) continue
    const left = meet(span, next)
    const shared = common(cover, next)
    if (isEmpty(left) || shared === null) continue
    const way = [...passed, next.delegateId]
    yield way
    if (!passed.includes(next.delegateId)) yield* paths(next.delegateId, left, shared, all, way)
  }
}

/** How many hands lead to `to` within a span and a cover, at most. */
function handsBefore(to: string, span: Span, cover: Cover, all: readonly Delegation[], seen: readonly string[] = []): number {
  let longest = 0
  for (const before of all) {
    if (before.delegateId !== to || seen.includes(before.personId)) continue
    const left = meet(span, before)
    const shared = common(cover, before)
    if (isEmpty(left) || shared === null) continue
    longest = Math.max(longest, 1 + handsBefore(before.personId, left, shared, all, [...seen, to]))
  }
  return longest
}

/**
 * What stands against a new delegation, field by field; empty when nothing does. Overlapping ones to others are allowed: who decides first has
 * decided. @param standing those that are neither revoked nor over
 */
export function delegationProblems(made: Delegation, standing: readonly Delegation[], now: number): DelegationProblem[] {
  const found: DelegationProblem[] = []
  if (made.endsAt <= made.startsAt) found.push({ code: 'endsBeforeStart', path: 'endsAt' })
  else if (made.endsAt <= now) found.push({ code: 'alreadyOver', path: 'endsAt' })
  else if (made.endsAt - made.startsAt > longestDelegationMs) found.push({ code: 'tooLong', path: 'endsAt' })
  if (made.scope !== 'all' && !made.value) found.push({ code: 'valueMissing', path: 'value' })
  if (made.scope === 'all' && made.value) found.push({ code: 'valueNotNeeded', path: 'value' })
  const { delegateId, personId } = made
  if (delegateId === null || found.length > 0) return found
  if (delegateId === personId) return [{ code: 'delegateIsSelf', path: 'delegateId' }]
  const isSame = (other: Delegation) =>
    other.personId === personId && other.delegateId === delegateId && other.scope === made.scope && other.value === made.value
  if (standing.some((other) => isSame(other) && !isEmpty(meet(other, made)))) return [{ code: 'duplicateDelegation', path: 'delegateId' }]
  const ways = [...paths(delegateId, made, made, standing, [personId, delegateId])]
  const circle = ways.find((way) => way.at(-1) === personId)
  if (circle) return [{ code: 'delegationCycle', path: 'delegateId', through: circle }]
  const hands = handsBefore(personId, made, made, standing) + Math.max(0, ...ways.map((way) => way.length - 2)) + 1
  return hands > longestChain ? [{ code: 'chainTooLong', path: 'delegateId' }] : []
}

/** A delegation with the groups of the one who is away. */
export interface KnownDelegation extends Delegation {
  groups: string[]
}

const isActive = ({ startsAt, endsAt }: Span, now: number): boolean => startsAt <= now && now < endsAt

/** In whose place this person may decide now, nearest first; through a delegate of a delegate only what both cover. */
export function standingsOf(delegateId: string, all: readonly KnownDelegation[], now: number, hands = 1, within?: Cover): Standing[] {
  if (hands > longestChain) return []
  const found: Standing[] = []
  for (const one of all) {
    if (one.delegateId !== delegateId || !isActive(one, now)) continue
    const cover = within ? common(within, one) : { scope: one.scope, value: one.value }
    if (cover === null) continue
    found.push({ personId: one.personId, groups: one.groups, ...cover, delegationId: one.id })
    found.push(...standingsOf(one.personId, all, now, hands + 1, cover))
  }
  return found
}

/** Away now, with nobody who decides in his place for this cover. */
export function isAwayAlone(personId: string, all: readonly Delegation[], now: number): boolean {
  const own = all.filter((one) => one.personId === personId && isActive(one, now))
  return own.length > 0 && own.every(({ delegateId }) => delegateId === null)
}
