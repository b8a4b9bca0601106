/**
 * Who is on call, and where nobody is. Pure: rotations, overrides, absences and the group's opening hours go in, shifts, gaps and double bookings
 * come out. Turns are reckoned on the wall clock of the rotation's zone: a week with a daylight-saving change is an hour longer or shorter.
 */
import { Temporal } from 'temporal-polyfill'
import type { Span } from './calendar.ts'

export interface Rotation {
  id: string
  name: string
  groupId: string
  /** 1 is called first. */
  level: number
  timeZone: string
  memberIds: readonly string[]
  handover: string
  /** ISO, of weekly handovers. */
  handoverWeekday: number | null
  handoverTime: string
  startsOn: string
  /** Last day, included. */
  endsOn: string | null
  days: string
  coversFrom: string | null
  coversTo: string | null
}
/** Instead of whoever's turn it is; it may reach beyond the rotation's own hours. */
export interface Override extends Span {
  rotationId: string
  personId: string
}
/** Whole days, both included, in the rotation's zone. */
export interface Away {
  personId: string
  startsOn: string
  endsOn: string
}
export interface Shift extends Span {
  rotationId: string
  level: number
  personId: string
  isOverride: boolean
}
export interface Gap extends Span {
  groupId: string
  /** Whose turn it is, though he is away; null: nobody's. */
  absentId: string | null
}
export interface DoubleBooking extends Span {
  personId: string
  rotationIds: [string, string]
}

const at = (date: Temporal.PlainDate, time: string, timeZone: string): number =>
  date.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds
const localDate = (instant: number, timeZone: string): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone).toPlainDate()
const meet = (a: Span, b: Span): Span => ({ from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) })
const isSpan = ({ from, to }: Span): boolean => from < to

/** What is left of `span` without `holes`, in order. */
export function without(span: Span, holes: readonly Span[]): Span[] {
  let left = [span]
  for (const hole of holes)
    left = left.flatMap((each) =>
      [
        { from: each.from, to: Math.min(each.to, hole.from) },
        { from: Math.max(each.from, hole.to), to: each.to },
      ].filter((part) => isSpan(part) && isSpan(meet(part, each))),
    )
  return left.sort((a, b) => a.from - b.from)
}

/** Every local day that touches the range, a day more at each end: a night belongs to the day on which it begins. */
function* daysOf(range: Span, timeZone: string): Generator<Temporal.PlainDate> {
  const last = localDate(range.to, timeZone).add({ days: 1 })
  for (
    let day = localDate(range.from, timeZone).subtract({ days: 1 });
    Temporal.PlainDate.compare(day, last) <= 0;
    day = day.add({ days: 1 })
  )
    yield day
}

const isCovered = (rotation: Rotation, day: Temporal.PlainDate): boolean =>
  rotation.days === 'all' || (rotation.days === 'weekend') === day.dayOfWeek > 5

/** Hours that the rotation covers within the range. */
function coverage(rotation: Rotation, range: Span): Span[] {
  const { timeZone, coversFrom, coversTo, startsOn, endsOn } = rotation
  const spans: Span[] = []
  for (const day of daysOf(range, timeZone)) {
    const date = day.toString()
    if (date < startsOn || (endsOn !== null && date > endsOn) || !isCovered(rotation, day)) continue
    const next = day.add({ days: 1 })
    const span =
      coversFrom === null || coversTo === null
        ? { from: at(day, '00:00', timeZone), to: at(next, '00:00', timeZone) }
        : { from: at(day, coversFrom, timeZone), to: at(coversTo > coversFrom ? day : next, coversTo, timeZone) }
    const inside = meet(span, range)
    if (isSpan(inside)) spans.push(inside)
  }
  return spans
}

const daysOfWeek = 7

/** Number of handovers since the rotation began, at the end of a local day's handover. */
function turnOn(rotation: Rotation, day: Temporal.PlainDate): number {
  const start = Temporal.PlainDate.from(rotation.startsOn)
  const days = start.until(day, { largestUnit: 'days' }).days
  if (rotation.handover === 'daily') return days
  const toFirst = ((rotation.handoverWeekday ?? 1) - start.dayOfWeek + daysOfWeek) % daysOfWeek
  return days < toFirst ? 0 : Math.floor((days - toFirst) / daysOfWeek) + (toFirst === 0 ? 0 : 1)
}

/** Turns within the range: whose, from when to when. */
function turns(rotation: Rotation, range: Span): (Span & { personId: string })[] {
  const { timeZone, memberIds, handoverTime, startsOn } = rotation
  const found: (Span & { personId: string })[] = []
  for (const day of daysOf(range, timeZone)) {
    if (day.toString() < startsOn) continue
    const isFirst = day.toString() === startsOn
    const span = meet(
      { from: at(day, isFirst ? '00:00' : handoverTime, timeZone), to: at(day.add({ days: 1 }), handoverTime, timeZone) },
      range,
    )
    const personId = memberIds[turnOn(rotation, day) % memberIds.length]
    if (personId === undefined || !isSpan(span)) continue
    const last = found.at(-1)
    if (last?.personId === personId && last.to === span.from) last.to = span.to
    else found.push({ ...span, personId })
  }
  return found
}

/** One rotation's shifts within the range, overrides in place of turns; in order, never overlapping. */
export function shiftsOf(rotation: Rotation, overrides: readonly Override[], range: Span): Shift[] {
  const { id: rotationId, level } = rotation
  const stands: Shift[] = []
  // The later override of two that overlap counts: it was made knowing the first.
  for (const { personId, from, to } of [...overrides].reverse().filter((each) => each.rotationId === rotationId))
    for (const part of without(meet({ from, to }, range), stands))
      if (isSpan(part)) stands.push({ ...part, rotationId, level, personId, isOverride: true })
  const hours = coverage(rotation, range)
  const own = turns(rotation, range).flatMap(({ personId, ...turn }) =>
    hours
      .map((span) => meet(span, turn))
      .filter(isSpan)
      .flatMap((span) => without(span, stands))
      .map((span) => ({ ...span, rotationId, level, personId, isOverride: false })),
  )
  return joined([...own, ...stands].sort((a, b) => a.from - b.from))
}

function joined(shifts: readonly Shift[]): Shift[] {
  const found: Shift[] = []
  for (const shift of shifts) {
    const last = found.at(-1)
    if (last?.personId === shift.personId && last.to === shift.from && last.isOverride === shift.isOverride) last.to = shift.to
    else found.push({ ...shift })
  }
  return found
}

const absencesOf = (personId: string, away: readonly Away[], timeZone: string): Span[] =>
  away
    .filter((each) => each.personId === personId)
    .map((each) => ({
      from: at(Temporal.PlainDate.from(each.startsOn), '00:00', timeZone),
      to: at(Temporal.PlainDate.from(each.endsOn).add({ days: 1 }), '00:00', timeZone),
    }))

export interface OnCallPlan {
  shifts: Shift[]
  gaps: Gap[]
  doubleBookings: DoubleBooking[]
}
export interface OnCallInput {
  rotations: readonly Rotation[]
  overrides: readonly Override[]
  away: readonly Away[]
  /** When each group is open: nobody needs to be on call then. A group that is not here must be covered always. */
  openings: Readonly<Record<string, readonly Span[]>>
}

/** What the range looks like: shifts of all rotations, hours in which a group's first level is nobody's, people who have two at once. */
export function planOnCall(input: OnCallInput, range: Span): OnCallPlan {
  const shifts = input.rotations.flatMap((rotation) => shiftsOf(rotation, input.overrides, range))
  const groups = [...new Set(input.rotations.filter(({ level }) => level === 1).map(({ groupId }) => groupId))]
  return {
    shifts: shifts.sort((a, b) => a.from - b.from || a.level - b.level),
    gaps: groups.flatMap((groupId) => gapsOf(groupId, input, shifts, range)),
    doubleBookings: doubleBookings(shifts),
  }
}

function gapsOf(groupId: string, { rotations, away, openings }: OnCallInput, shifts: readonly Shift[], range: Span): Gap[] {
  const needed = without(range, openings[groupId] ?? [])
  const first = rotations.filter((rotation) => rotation.groupId === groupId && rotation.level === 1)
  const zones = new Map(first.map(({ id, timeZone }) => [id, timeZone]))
  const held = shifts.filter(({ rotationId }) => zones.has(rotationId))
  const absent = held.flatMap((shift) =>
    absencesOf(shift.personId, away, zones.get(shift.rotationId) ?? 'UTC')
      .map((span) => ({ ...meet(span, shift), absentId: shift.personId }))
      .filter(isSpan),
  )
  const present = held.flatMap((shift) =>
    without(
      shift,
      absent.filter(({ absentId }) => absentId === shift.personId),
    ),
  )
  return needed
    .flatMap((span) => without(span, present))
    .flatMap((span) => {
      const theirs = absent.map(({ absentId, ...absence }) => ({ ...meet(absence, span), absentId })).filter(isSpan)
      const nobodys = without(span, theirs).map((part) => ({ ...part, absentId: null }))
      return [...theirs, ...nobodys].map((part) => ({ ...part, groupId }))
    })
    .sort((a, b) => a.from - b.from)
}

function doubleBookings(shifts: readonly Shift[]): DoubleBooking[] {
  const found: DoubleBooking[] = []
  for (const [index, one] of shifts.entries())
    for (const other of shifts.slice(index + 1)) {
      if (one.personId !== other.personId || one.rotationId === other.rotationId) continue
      const both = meet(one, other)
      if (isSpan(both)) found.push({ ...both, personId: one.personId, rotationIds: [one.rotationId, other.rotationId] })
    }
  return found
}

/** Whom to call now: present people on call for the group, first level first. */
export function onCallAt(groupId: string, input: OnCallInput, instant: number): Shift[] {
  const range = { from: instant, to: instant + 1 }
  return input.rotations
    .filter((rotation) => rotation.groupId === groupId)
    .flatMap((rotation) =>
      shiftsOf(rotation, input.overrides, range).filter(
        (shift) => !absencesOf(shift.personId, input.away, rotation.timeZone).some((span) => isSpan(meet(span, range))),
      ),
    )
    .sort((a, b) => a.level - b.level)
}
