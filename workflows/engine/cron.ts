/** Cron expressions with seconds, as Camunda 8 takes them in timer cycles: `0 0 9 * * MON-FRI`. Read in the process's time zone. */
import { Temporal } from 'temporal-polyfill'

interface Cron {
  seconds: number[]
  minutes: number[]
  hours: number[]
  days: Set<number>
  months: Set<number>
  /** 0 = Sunday */
  weekdays: Set<number>
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']
/** A date that never comes (30 February) is given up after this many days. */
const HORIZON_DAYS = 366 * 8

/** Whether `text` is a cron expression of six fields. */
export function isCron(text: string): boolean {
  return parse(text) !== null
}

/** The first instant after `from` (UTC epoch ms) that matches; null: not a cron expression, or never. */
export function nextCron(text: string, from: number, timeZone: string): number | null {
  const cron = parse(text)
  if (!cron) return null
  const start = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(timeZone).toPlainDate()
  for (let offset = 0; offset < HORIZON_DAYS; offset++) {
    const day = start.add({ days: offset })
    if (!cron.months.has(day.month) || !cron.days.has(day.day) || !cron.weekdays.has(day.dayOfWeek % 7)) continue
    const found = firstOfDay(cron, day, from, timeZone)
    if (found !== null) return found
  }
  return null
}

function firstOfDay(cron: Cron, day: Temporal.PlainDate, from: number, timeZone: string): number | null {
  for (const hour of cron.hours) {
    const endOfHour = day.toPlainDateTime({ hour, minute: 59, second: 59 }).toZonedDateTime(timeZone).epochMilliseconds
    if (endOfHour <= from) continue
    for (const minute of cron.minutes) {
      for (const second of cron.seconds) {
        const at = day.toPlainDateTime({ hour, minute, second }).toZonedDateTime(timeZone).epochMilliseconds
        if (at > from) return at
      }
    }
  }
  return null
}

function parse(text: string): Cron | null {
  const fields = text.trim().toUpperCase().split(/\s+/)
  if (fields.length !== 6) return null
  const [second, minute, hour, day, month, weekday] = fields as [string, string, string, string, string, string]
  const seconds = values(second, 0, 59)
  const minutes = values(minute, 0, 59)
  const hours = values(hour, 0, 23)
  const days = values(day, 1, 31)
  const months = values(names(month, MONTHS, 1), 1, 12)
  const weekdays = values(names(weekday, WEEKDAYS, 0), 0, 7)
  if (!seconds || !minutes || !hours || !days || !months || !weekdays) return null
  return { seconds, minutes, hours, days: new Set(days), months: new Set(months), weekdays: new Set(weekdays.map((value) => value % 7)) }
}

const names = (field: string, list: string[], first: number): string =>
  field.replace(/[A-Z]{3}/g, (name) => (list.includes(name) ? String(list.indexOf(name) + first) : name))

/** `*`, `?`, lists, ranges and steps; null when malformed or out of range. */
function values(field: string, low: number, high: number): number[] | null {
  const found = new Set<number>()
  for (const part of field.split(',')) {
    const match = /^(?:(\*|\?)|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part)
    if (!match) return null
    const step = match[4] === undefined ? 1 : Number(match[4])
    const from = match[1] ? low : Number(match[2])
    const isOpen = match[1] !== undefined || (match[4] !== undefined && match[3] === undefined)
    const to = isOpen ? high : Number(match[3] ?? match[2])
    if (step < 1 || from < low || to > high || from > to) return null
    for (let value = from; value <= to; value += step) found.add(value)
  }
  return [...found].sort((a, b) => a - b)
}
