/**
 * Business time: how many working milliseconds lie between two instants, and when a number of them has passed.
 * Instants are UTC epoch milliseconds; the calendar's zone turns wall times into instants, so a span that crosses a
 * daylight-saving change lasts as long as it really does (00:00 to 24:00 is 23 or 25 hours on those days).
 * A wall time that the change skips stands for the instant of the change; one that occurs twice for its first occurrence.
 */
import { Temporal } from 'temporal-polyfill'
import type { Calendar } from '#schema/calendar'

/** Half-open, UTC epoch ms. */
export interface Span {
  from: number
  to: number
}

/** The calendar cannot answer: it holds no working time where it is needed. */
export class CalendarError extends Error {
  readonly calendarId: string
  constructor(calendarId: string, message: string) {
    super(message)
    this.name = 'CalendarError'
    this.calendarId = calendarId
  }
}

const dayMs = 86_400_000
/** A calendar closed for so many days in a row is taken to have no more working time. */
const maxIdleDays = 800
/** Days kept per calendar; beyond it the memory is dropped and filled anew. */
const maxCachedDays = 5_000

interface Index {
  calendar: Calendar
  exceptions: Map<string, { from: string; to: string }[]>
  holidays: Set<string>
  /** By local day number (days since 1970-01-01 on the wall). */
  days: Map<number, Span[]>
  isAlways: boolean
}
const indexes = new WeakMap<Calendar, Index>()

const isFullDay = (spans: { from: string; to: string }[] | undefined) =>
  spans?.length === 1 && spans[0]?.from === '00:00' && spans[0].to === '24:00'

function indexOf(calendar: Calendar): Index {
  const known = indexes.get(calendar)
  if (known) return known
  if (!hasWorkingTime(calendar))
    throw new CalendarError(calendar.id, `calendar ${calendar.id}: expected working time, found none in the week or the exceptions`)
  const isAlways =
    (['1', '2', '3', '4', '5', '6', '7'] as const).every((day) => isFullDay(calendar.week[day])) &&
    calendar.holidays.length === 0 &&
    calendar.exceptions.length === 0
  const index: Index = {
    calendar,
    exceptions: new Map(calendar.exceptions.map((e) => [e.date, e.spans])),
    holidays: new Set(calendar.holidays.map((h) => h.date)),
    days: new Map(),
    isAlways,
  }
  indexes.set(calendar, index)
  return index
}

/** Is there any working time in the calendar at all? (A calendar without is refused when it is saved.) */
export function hasWorkingTime(calendar: Calendar): boolean {
  return Object.values(calendar.week).some((spans) => (spans ?? []).length > 0) || calendar.exceptions.some((e) => e.spans.length > 0)
}

/** Wall time on a day -> instant. */
function instantOf(date: Temporal.PlainDate, time: string, timeZone: string): number {
  if (time === '24:00') return date.add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds
  const wall = date.toPlainDateTime(Temporal.PlainTime.from(time))
  const zoned = wall.toZonedDateTime(timeZone, { disambiguation: 'earlier' })
  if (zoned.toPlainDateTime().equals(wall)) return zoned.epochMilliseconds
  return zoned.getTimeZoneTransition('next')?.epochMilliseconds ?? zoned.epochMilliseconds
}

function mergeSpans(spans: Span[]): Span[] {
  const merged: Span[] = []
  for (const span of spans.filter((s) => s.to > s.from).sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1)
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to)
    else merged.push({ ...span })
  }
  return merged
}

function spansOfDay(index: Index, day: number): Span[] {
  const known = index.days.get(day)
  if (known) return known
  const { calendar } = index
  const date = new Temporal.PlainDate(1970, 1, 1).add({ days: day })
  const iso = date.toString()
  const wall = index.exceptions.get(iso) ?? (index.holidays.has(iso) ? [] : (calendar.week[`${date.dayOfWeek}` as '1'] ?? []))
  const spans = mergeSpans(
    wall.map((s) => ({ from: instantOf(date, s.from, calendar.timeZone), to: instantOf(date, s.to, calendar.timeZone) })),
  )
  if (index.days.size >= maxCachedDays) index.days.clear()
  index.days.set(day, spans)
  return spans
}

/** A local day number that is never after the day of `at` (zones reach 14 hours west to east). */
const dayBefore = (at: number) => Math.floor(at / dayMs) - 1

/** Working spans from the first that ends after `at`, for ever; throws CalendarError when there are no more. */
function* spansFrom(index: Index, at: number): Generator<Span> {
  let idleDays = 0
  for (let day = dayBefore(at); idleDays <= maxIdleDays; day++) {
    const spans = spansOfDay(index, day)
    idleDays = spans.length > 0 ? 0 : idleDays + 1
    for (const span of spans) if (span.to > at) yield span
  }
  throw new CalendarError(
    index.calendar.id,
    `calendar ${index.calendar.id}: expected working time after ${new Date(at).toISOString()}, found ${maxIdleDays} closed days in a row`,
  )
}

/** The earliest instant that has `ms` (>= 0) working milliseconds between `from` and itself. */
export function addBusinessMs(calendar: Calendar, from: number, ms: number): number {
  if (!(ms >= 0)) throw new RangeError(`expected a duration of 0 ms or more, found ${ms}`)
  const index = indexOf(calendar)
  if (ms === 0 || index.isAlways) return from + ms
  let left = ms
  for (const span of spansFrom(index, from)) {
    const start = Math.max(span.from, from)
    if (span.to - start >= left) return start + left
    left -= span.to - start
  }
  throw new Error('expected endless spans, found an end')
}

/** Working milliseconds between two instants; negative when `to` is before `from`. */
export function businessMsBetween(calendar: Calendar, from: number, to: number): number {
  if (to < from) return 0 - businessMsBetween(calendar, to, from)
  const index = indexOf(calendar)
  if (index.isAlways) return to - from
  let sum = 0
  for (let day = dayBefore(from); day <= Math.floor(to / dayMs) + 1; day++) {
    for (const span of spansOfDay(index, day)) sum += Math.max(0, Math.min(span.to, to) - Math.max(span.from, from))
  }
  return sum
}

/** Working spans that touch a range, cut to it, in order. */
export function workingSpans(calendar: Calendar, range: Span): Span[] {
  const index = indexOf(calendar)
  if (index.isAlways) return range.from < range.to ? [{ ...range }] : []
  const spans: Span[] = []
  for (let day = dayBefore(range.from); day <= Math.floor(range.to / dayMs) + 1; day++)
    for (const span of spansOfDay(index, day)) {
      const cut = { from: Math.max(span.from, range.from), to: Math.min(span.to, range.to) }
      if (cut.from < cut.to) spans.push(cut)
    }
  return mergeSpans(spans)
}

/** `at` itself when it is working time, else the start of the next span. */
export function nextOpening(calendar: Calendar, at: number): number {
  const index = indexOf(calendar)
  if (index.isAlways) return at
  for (const span of spansFrom(index, at)) return Math.max(span.from, at)
  throw new Error('expected endless spans, found an end')
}

export const isWorkingTime = (calendar: Calendar, at: number): boolean => nextOpening(calendar, at) === at

/**
 * The same wall time `days` working days later (a working day has at least one span), moved to the next opening when
 * that time is not worked: Thursday 16:00 + 2 is Monday 16:00 in a Monday-to-Friday week.
 */
export function addBusinessDays(calendar: Calendar, from: number, days: number): number {
  if (!Number.isInteger(days) || days < 0) throw new RangeError(`expected a whole number of days, 0 or more, found ${days}`)
  const index = indexOf(calendar)
  const start = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(calendar.timeZone)
  const epoch = new Temporal.PlainDate(1970, 1, 1)
  let day = epoch.until(start.toPlainDate(), { largestUnit: 'days' }).days
  let idleDays = 0
  for (let left = days; left > 0; ) {
    day++
    idleDays++
    if (spansOfDay(index, day).length === 0) {
      if (idleDays > maxIdleDays)
        throw new CalendarError(
          calendar.id,
          `calendar ${calendar.id}: expected ${days} working days after ${new Date(from).toISOString()}, found ${days - left}`,
        )
      continue
    }
    idleDays = 0
    left--
  }
  const wall = epoch.add({ days: day }).toPlainDateTime(start.toPlainTime())
  return nextOpening(calendar, wall.toZonedDateTime(calendar.timeZone).epochMilliseconds)
}

/** Longer deadlines are no deadlines. */
const longestDeadlineDays = 366

/**
 * When a duration of working time has passed: its days are working days, its hours working hours. Null: it is no ISO 8601 duration of weeks, days, hours,
 * minutes and seconds above nothing. @param calendar null: wall time
 */
export function businessDeadline(calendar: Calendar | null, from: number, duration: string): number | null {
  const part = /^P(?=.)(?:(\d{1,3})W)?(?:(\d{1,3})D)?(?:T(?=.)(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?$/.exec(duration)
  if (!part) return null
  const [weeks, days, hours, minutes, seconds] = part.slice(1).map((text) => Number(text ?? 0)) as [number, number, number, number, number]
  const ms = ((hours * 60 + minutes) * 60 + seconds) * 1_000
  // a week is the working days of a week
  const wholeDays = days + weeks * (calendar === null ? 7 : Math.max(1, workingWeekdays(calendar)))
  if ((wholeDays === 0 && ms === 0) || wholeDays > longestDeadlineDays) return null
  if (calendar === null) return from + wholeDays * dayMs + ms
  return addBusinessMs(calendar, wholeDays === 0 ? from : addBusinessDays(calendar, from, wholeDays), ms)
}

const workingWeekdays = ({ week }: Calendar): number => Object.values(week).filter((spans) => (spans ?? []).length > 0).length
