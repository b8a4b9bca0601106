/** ISO 8601 instants, durations and repetitions as timers need them. Calendar units are counted in the process's zone. */
import { Temporal } from 'temporal-polyfill'
import { isCron, nextCron } from './cron.ts'

/** A repetition: `repetitions` null means without end. `startAt` null: one interval from now. */
export interface Cycle {
  repetitions: number | null
  startAt: number | null
  /** An ISO 8601 duration or a cron expression. */
  interval: string
}

const ZONED = /^(?<local>\d{4}-\d\d-\d\d(?:T[\d:.]+)?)(?<offset>Z|[+-]\d\d:?\d\d)?(?:[@[](?<zone>[A-Za-z_+\-/0-9]+)\]?)?$/

/**
 * UTC epoch ms of an ISO 8601 date or date-time: with an offset, a zone (`[Europe/Paris]` or FEEL's `@Europe/Paris`) or neither,
 * which means local time in `timeZone`. A date alone is its midnight. Null when it is none of these.
 */
export function parseInstant(text: string, timeZone: string): number | null {
  const parts = ZONED.exec(text.trim())?.groups
  if (!parts) return null
  try {
    const local = Temporal.PlainDateTime.from(parts.local!)
    if (parts.offset) return Temporal.Instant.from(`${local.toString()}${parts.offset}`).epochMilliseconds
    return local.toZonedDateTime(parts.zone ?? timeZone).epochMilliseconds
  } catch {
    return null
  }
}

/** Whether `text` is an ISO 8601 duration. */
export function isDuration(text: string): boolean {
  return parseDuration(text) !== null
}

function parseDuration(text: string): Temporal.Duration | null {
  try {
    return Temporal.Duration.from(text.trim())
  } catch {
    return null
  }
}

/** `from` plus an ISO 8601 duration; days and longer follow the calendar of `timeZone` (a day may have 23 or 25 hours). Null: no duration. */
export function addDuration(from: number, text: string, timeZone: string): number | null {
  const duration = parseDuration(text)
  if (!duration) return null
  const isExact = duration.years === 0 && duration.months === 0 && duration.weeks === 0 && duration.days === 0
  if (isExact) return from + duration.total({ unit: 'millisecond' })
  return Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(timeZone).add(duration).epochMilliseconds
}

/** When a repetition comes next after `from`: by its duration, or its cron expression. Null: never. */
export function nextOccurrence(interval: string, from: number, timeZone: string): number | null {
  return interval.includes(' ') ? nextCron(interval, from, timeZone) : addDuration(from, interval, timeZone)
}

/** `R3/PT10M`, `R/2026-01-01T00:00:00Z/P1D`, a bare duration or a cron expression (repeat without end). Null: none of these. */
export function parseCycle(text: string, timeZone: string): Cycle | null {
  if (isCron(text)) return { repetitions: null, startAt: null, interval: text.trim() }
  const parts = text.trim().split('/')
  const head = parts[0] ?? ''
  if (parts.length === 1) return isDuration(head) && isPositive(head) ? { repetitions: null, startAt: null, interval: head } : null
  const repetition = /^R(\d*)$/.exec(head)
  const interval = parts[parts.length - 1]!
  if (!repetition || parts.length > 3 || !isDuration(interval) || !isPositive(interval)) return null
  const startAt = parts.length === 3 ? parseInstant(parts[1]!, timeZone) : null
  if (parts.length === 3 && startAt === null) return null
  return { repetitions: repetition[1] === '' ? null : Number(repetition[1]), startAt, interval }
}

function isPositive(duration: string): boolean {
  return (parseDuration(duration)?.sign ?? 0) > 0
}

/** Local date-time in a zone, as FEEL writes it: `2026-03-29T09:00:00@Europe/Paris`, UTC with `Z`. */
export function toFeelDateTime(at: number, timeZone: string): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone)
  return zoned.toPlainDateTime().toString() + (timeZone === 'UTC' ? 'Z' : `@${timeZone}`)
}

/** Whether the run time knows this IANA zone. */
export function isTimeZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone)
    return true
  } catch {
    return false
  }
}
