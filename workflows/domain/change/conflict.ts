/** Conflict tests of a planned change, and the next time at which it has none. Pure: the other changes, the windows and the relations are data. */
import { blockingConflicts, type ChangeWindow, type ConflictKind } from '#schema/change'
import type { Span } from '../calendar.ts'
import { joined, occurrencesOf } from './recurrence.ts'
import { type CiRelation, neighboursOf, windowsAbout } from './scope.ts'

export interface PlannedChange {
  id: string
  number: string
  ciIds: readonly string[]
  service: string | null
  implementerId: string | null
  /** Changes that must be finished before this one begins. */
  dependsOn: readonly string[]
  /** Null: not scheduled yet. */
  span: Span | null
  isFinished: boolean
}
export interface ChangeWorld {
  /** Every other change that is not over, and those that a dependency names. */
  changes: readonly PlannedChange[]
  windows: readonly ChangeWindow[]
  relations: readonly CiRelation[]
}
export interface Conflict extends Span {
  kind: ConflictKind
  isBlocking: boolean
  changeId: string | null
  windowId: string | null
  ciIds: string[]
}

const overlaps = (a: Span, b: Span): boolean => a.from < b.to && b.from < a.to
const common = (a: Span, b: Span): Span => ({ from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) })
const conflict = (kind: ConflictKind, span: Span, more: Partial<Conflict> = {}): Conflict => ({
  kind,
  isBlocking: blockingConflicts.includes(kind),
  changeId: null,
  windowId: null,
  ciIds: [],
  from: span.from,
  to: span.to,
  ...more,
})

interface Slots {
  /** Occurrences of each maintenance window about the change; null: none is about it, any time will do. */
  maintenance: Span[] | null
  blackouts: { windowId: string; spans: Span[] }[]
}

/** The windows about a change, as spans that touch [from, to). */
function slotsOf(change: PlannedChange, { windows, relations }: ChangeWorld, from: number, to: number): Slots {
  const about = windowsAbout(windows, change, relations)
  const maintenance = about.filter(({ kind }) => kind === 'maintenance')
  return {
    maintenance: maintenance.length === 0 ? null : joined(maintenance.flatMap((window) => occurrencesOf(window, from, to))),
    blackouts: about
      .filter(({ kind }) => kind === 'blackout')
      .map((window) => ({ windowId: window.id, spans: occurrencesOf(window, from, to) })),
  }
}

function windowConflicts(span: Span, { maintenance, blackouts }: Slots): Conflict[] {
  const found: Conflict[] = []
  if (maintenance !== null && !maintenance.some((slot) => slot.from <= span.from && span.to <= slot.to))
    found.push(conflict('outsideMaintenance', span))
  for (const { windowId, spans } of blackouts) {
    const hit = spans.find((blackout) => overlaps(blackout, span))
    if (hit) found.push(conflict('insideBlackout', common(hit, span), { windowId }))
  }
  return found
}

/** Same or neighbouring item, same window, same person: between two changes whose times overlap. The gravest of the first three speaks. */
function collisions(change: PlannedChange, span: Span, near: ReadonlySet<string>, other: PlannedChange, slots: Slots): Conflict[] {
  if (other.span === null || other.isFinished || other.id === change.id || !overlaps(span, other.span)) return []
  const both = common(span, other.span)
  const found: Conflict[] = []
  const same = other.ciIds.filter((id) => change.ciIds.includes(id))
  const related = other.ciIds.filter((id) => near.has(id))
  const theirs = other.span
  const isSameWindow =
    (change.service !== null && change.service === other.service) ||
    (slots.maintenance !== null && slots.maintenance.some((slot) => slot.from <= theirs.from && theirs.to <= slot.to))
  if (same.length > 0) found.push(conflict('sameCi', both, { changeId: other.id, ciIds: same }))
  else if (related.length > 0) found.push(conflict('relatedCi', both, { changeId: other.id, ciIds: related }))
  else if (isSameWindow) found.push(conflict('sameWindow', both, { changeId: other.id }))
  if (change.implementerId !== null && change.implementerId === other.implementerId)
    found.push(conflict('implementerBusy', both, { changeId: other.id }))
  return found
}

/** What this change stands on must be over before it begins; what stands on it must not begin before it is over. */
function dependencies(change: PlannedChange, span: Span, other: PlannedChange): Conflict[] {
  if (other.isFinished) return []
  if (change.dependsOn.includes(other.id)) {
    if (other.span === null) return [conflict('dependencyUnfinished', span, { changeId: other.id })]
    return other.span.to > span.from ? [conflict('dependencyOverlap', { from: span.from, to: other.span.to }, { changeId: other.id })] : []
  }
  if (other.dependsOn.includes(change.id) && other.span !== null && other.span.from < span.to)
    return [conflict('dependencyOverlap', { from: other.span.from, to: span.to }, { changeId: other.id })]
  return []
}

function conflictsIn(change: PlannedChange, span: Span, world: ChangeWorld, near: ReadonlySet<string>, slots: Slots): Conflict[] {
  const found = windowConflicts(span, slots)
  for (const other of world.changes) {
    if (other.id === change.id) continue
    found.push(...collisions(change, span, near, other, slots), ...dependencies(change, span, other))
  }
  return found
}

/** Everything that speaks against a change at its time. None when it has no time. */
export function conflictsOf(change: PlannedChange, world: ChangeWorld): Conflict[] {
  const { span } = change
  if (span === null) return []
  return conflictsIn(change, span, world, neighboursOf(change.ciIds, world.relations), slotsOf(change, world, span.from, span.to))
}

export const slotGridMs = 30 * 60_000
export const horizonMs = 90 * 86_400_000

/**
 * The earliest start on the half-hour grid, from `from` on and within 90 days, at which the change has no conflict; null: there is none.
 * A start that cannot be is left out at once: the search goes on at the end of what is in its way.
 */
export function nextFreeSlot(change: PlannedChange, world: ChangeWorld, from: number, durationMs: number): Span | null {
  const end = from + horizonMs
  const slots = slotsOf(change, world, from, end + durationMs)
  const near = neighboursOf(change.ciIds, world.relations)
  for (let start = Math.ceil(from / slotGridMs) * slotGridMs; start <= end; ) {
    const span = { from: start, to: start + durationMs }
    const found = conflictsIn(change, span, world, near, slots)
    if (found.length === 0) return span
    start = Math.max(start + slotGridMs, Math.ceil(firstChance(span, found, slots, world) / slotGridMs) * slotGridMs)
  }
  return null
}

/** No start before it can be free: the end of a blackout or of a collision, the next opening. */
function firstChance(span: Span, found: readonly Conflict[], { maintenance, blackouts }: Slots, world: ChangeWorld): number {
  let chance = span.from
  for (const each of found) {
    if (each.kind === 'outsideMaintenance') {
      const next = maintenance?.find((slot) => slot.to - (span.to - span.from) >= span.from)
      chance = Math.max(chance, next === undefined ? Number.MAX_SAFE_INTEGER : next.from)
    } else if (each.kind === 'insideBlackout') {
      const hit = blackouts.find(({ windowId }) => windowId === each.windowId)?.spans.find((blackout) => overlaps(blackout, span))
      chance = Math.max(chance, hit?.to ?? chance)
    } else if (each.kind !== 'dependencyUnfinished' && each.kind !== 'dependencyOverlap') {
      chance = Math.max(chance, world.changes.find(({ id }) => id === each.changeId)?.span?.to ?? chance)
    }
  }
  return chance
}
