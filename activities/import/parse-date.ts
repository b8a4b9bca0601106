import { Temporal } from 'temporal-polyfill'

const tokens = {
  YYYY: '(?<year>\\d{4})',
  MM: '(?<month>\\d{1,2})',
  DD: '(?<day>\\d{1,2})',
  HH: '(?<hour>\\d{1,2})',
  mm: '(?<minute>\\d{2})',
  ss: '(?<second>\\d{2})',
} as const

/** A reader of dates written as `format` in `timeZone`: UTC epoch ms, or null for a text that is no such date. */
export type DateReader = (text: string) => number | null

/**
 * Builds a reader. A wall time that the change to summer time skips is moved forward, one that occurs twice is the first
 * (RFC 5545 §3.3.5). Throws RangeError for a format that names no full date, or an unknown zone: both are mistakes of the mapping.
 */
export function dateReader(format: string, timeZone: string): DateReader {
  const pattern = new RegExp(
    `^${format.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/YYYY|MM|DD|HH|mm|ss/g, (token) => tokens[token as keyof typeof tokens])}$`,
  )
  for (const token of ['YYYY', 'MM', 'DD'])
    if (!format.includes(token)) throw new RangeError(`expected a date format with ${token}, found "${format}"`)
  Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone)
  const known = new Map<string, number | null>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    const instant = read(pattern, timeZone, text)
    known.set(text, instant)
    return instant
  }
}

function read(pattern: RegExp, timeZone: string, text: string): number | null {
  const groups = pattern.exec(text)?.groups
  if (groups === undefined) return null
  const part = (name: string) => Number(groups[name] ?? 0)
  try {
    const wall = Temporal.PlainDateTime.from(
      { year: part('year'), month: part('month'), day: part('day'), hour: part('hour'), minute: part('minute'), second: part('second') },
      { overflow: 'reject' },
    )
    return wall.toZonedDateTime(timeZone).epochMilliseconds
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
