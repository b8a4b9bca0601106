/**
 * When a window occurs: the part of RFC 5545 that change windows need (DAILY, WEEKLY, MONTHLY, YEARLY with INTERVAL, BYDAY,
 * BYMONTHDAY, BYMONTH, COUNT, UNTIL). Wall times stay the same across daylight-saving changes, so the length of an occurrence may not.
 */
import { Temporal } from 'temporal-polyfill'
import type { ChangeWindow, WindowKind } from '#schema/change'
import type { Span } from '../calendar.ts'

export interface Rule {
  freq: 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY'
  interval: number
  /** `day`: 1 Monday to 7 Sunday; `nth` of the month, negative from its end, null for every one. */
  byDay: { nth: number | null; day: number }[]
  byMonthDay: number[]
  byMonth: number[]
  count: number | null
  /** Last local day, inclusive. */
  until: string | null
}

const days = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']
const frequencies = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const
/** Periods looked at before a rule is held to have no more occurrences: some thirty years. */
const periodLimit: Record<Rule['freq'], number> = { DAILY: 11_000, WEEKLY: 1_600, MONTHLY: 400, YEARLY: 40 }

const numbers = (text: string, min: number, max: number): number[] | null => {
  const found = text.split(',').map(Number)
  return found.every((n) => Number.isInteger(n) && n !== 0 && n >= min && n <= max) ? found : null
}

function parseDays(text: string): Rule['byDay'] | null {
  const found = text.split(',').map((part) => /^([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)$/.exec(part))
  if (found.some((match) => match === null)) return null
  return found.map((match) => ({ nth: match?.[1] ? Number(match[1]) : null, day: days.indexOf(match?.[2] ?? '') + 1 }))
}

/** The rule, or null when it is not one that windows know. */
export function parseRule(text: string): Rule | null {
  const rule: Rule = { freq: 'WEEKLY', interval: 1, byDay: [], byMonthDay: [], byMonth: [], count: null, until: null }
  let hasFrequency = false
  for (const part of text
    .replace(/^RRULE:/i, '')
    .toUpperCase()
    .split(';')) {
    const [name = '', value = ''] = part.split('=')
    if (name === 'FREQ') {
      const freq = frequencies.find((each) => each === value)
      if (!freq) return null
      rule.freq = freq
      hasFrequency = true
    } else if (name === 'INTERVAL' || name === 'COUNT') {
      if (!/^[1-9]\d{0,3}$/.test(value)) return null
      if (name === 'INTERVAL') rule.interval = Number(value)
      else rule.count = Number(value)
    } else if (name === 'UNTIL') {
      const match = /^(\d{4})(\d{2})(\d{2})(T\d{6}Z?)?$/.exec(value)
      if (!match) return null
      rule.until = `${match[1]}-${match[2]}-${match[3]}`
    } else if (name === 'BYDAY') rule.byDay = parseDays(value) ?? []
    else if (name === 'BYMONTHDAY') rule.byMonthDay = numbers(value, -31, 31) ?? []
    else if (name === 'BYMONTH') rule.byMonth = numbers(value, 1, 12) ?? []
    else if (name !== 'WKST') return null
    if (name === 'BYDAY' && rule.byDay.length === 0) return null
    if (name === 'BYMONTHDAY' && rule.byMonthDay.length === 0) return null
    if (name === 'BYMONTH' && rule.byMonth.length === 0) return null
  }
  const hasNth = rule.byDay.some(({ nth }) => nth !== null)
  return hasFrequency && !(hasNth && (rule.freq === 'DAILY' || rule.freq === 'WEEKLY')) ? rule : null
}

/** Days of one month that the rule names; `start` says which when it names none. */
function daysOfMonth(rule: Rule, year: number, month: number, start: Temporal.PlainDate): Temporal.PlainDate[] {
  const first = Temporal.PlainDate.from({ year, month, day: 1 })
  const length = first.daysInMonth
  const all = Array.from({ length }, (_, index) => first.add({ days: index }))
  const wanted = rule.byMonthDay.map((n) => (n > 0 ? n : length + 1 + n))
  const isNamed = (date: Temporal.PlainDate): boolean => {
    if (rule.byMonthDay.length > 0 && !wanted.includes(date.day)) return false
    if (rule.byDay.length === 0) return rule.byMonthDay.length > 0 || date.day === start.day
    return rule.byDay.some(({ nth, day }) => {
      if (day !== date.dayOfWeek) return false
      if (nth === null) return true
      return nth > 0 ? Math.ceil(date.day / 7) === nth : Math.ceil((length - date.day + 1) / 7) === -nth
    })
  }
  return all.filter(isNamed)
}

/** The days of the `n`th period of the rule. */
function daysOfPeriod(rule: Rule, start: Temporal.PlainDate, n: number): Temporal.PlainDate[] {
  const step = n * rule.interval
  const isMonth = (date: Temporal.PlainDate): boolean => rule.byMonth.length === 0 || rule.byMonth.includes(date.month)
  if (rule.freq === 'DAILY') {
    const date = start.add({ days: step })
    const isDay = rule.byDay.length === 0 || rule.byDay.some(({ day }) => day === date.dayOfWeek)
    const isMonthDay = rule.byMonthDay.length === 0 || rule.byMonthDay.some((d) => (d > 0 ? d : date.daysInMonth + 1 + d) === date.day)
    return isMonth(date) && isDay && isMonthDay ? [date] : []
  }
  if (rule.freq === 'WEEKLY') {
    const monday = start.subtract({ days: start.dayOfWeek - 1 }).add({ weeks: step })
    const wanted = rule.byDay.length === 0 ? [start.dayOfWeek] : [...new Set(rule.byDay.map(({ day }) => day))].sort()
    return wanted.map((day) => monday.add({ days: day - 1 })).filter(isMonth)
  }
  if (rule.freq === 'MONTHLY') {
    const month = start.with({ day: 1 }).add({ months: step })
    return isMonth(month) ? daysOfMonth(rule, month.year, month.month, start) : []
  }
  const months = rule.byMonth.length === 0 ? [start.month] : [...rule.byMonth].sort((a, b) => a - b)
  return months.flatMap((month) => daysOfMonth(rule, start.year + step, month, start))
}

/** How many periods surely lie before `day`: a rule without a count need not be counted from its beginning. */
function periodsBefore(rule: Rule, start: Temporal.PlainDate, day: Temporal.PlainDate): number {
  if (rule.count !== null) return 0
  const unit = { DAILY: 'days', WEEKLY: 'weeks', MONTHLY: 'months', YEARLY: 'years' } as const
  const passed = start.until(day, { largestUnit: unit[rule.freq] })[unit[rule.freq]]
  return Math.max(0, Math.floor(passed / rule.interval) - 1)
}

/** Local days on which the window begins, in order, from about `from` on. */
function* startDays(rule: Rule | null, start: Temporal.PlainDate, from: Temporal.PlainDate): Generator<Temporal.PlainDate> {
  if (rule === null) {
    yield start
    return
  }
  let counted = 0
  const first = periodsBefore(rule, start, from)
  for (let n = first; n < first + periodLimit[rule.freq]; n++) {
    for (const day of daysOfPeriod(rule, start, n)) {
      if (Temporal.PlainDate.compare(day, start) < 0) continue
      if (rule.until !== null && day.toString() > rule.until) return
      counted += 1
      if (rule.count !== null && counted > rule.count) return
      yield day
    }
  }
}

/** A wall time that a change of the clocks skips is the instant of the change; of one that comes twice, `which`. */
function instantOf(wall: Temporal.PlainDateTime, timeZone: string, which: 'earlier' | 'later'): number {
  const earlier = wall.toZonedDateTime(timeZone, { disambiguation: 'earlier' })
  if (!earlier.toPlainDateTime().equals(wall)) return earlier.getTimeZoneTransition('next')?.epochMilliseconds ?? earlier.epochMilliseconds
  return which === 'earlier' ? earlier.epochMilliseconds : wall.toZonedDateTime(timeZone, { disambiguation: 'later' }).epochMilliseconds
}

/** When both come twice, a blackout lasts the longer, a maintenance window the shorter: nothing is allowed by an ambiguity. */
const endsAt: Record<WindowKind, 'earlier' | 'later'> = { maintenance: 'earlier', blackout: 'later' }

type Timing = Pick<ChangeWindow, 'kind' | 'startsAt' | 'endsAt' | 'timeZone' | 'rule'>

/** Occurrences that touch [from, to), in order; UTC epoch ms, half-open. An unreadable rule occurs once. */
export function occurrencesOf(window: Timing, from: number, to: number): Span[] {
  const start = Temporal.PlainDateTime.from(window.startsAt)
  const length = start.until(Temporal.PlainDateTime.from(window.endsAt), { largestUnit: 'days' })
  const rule = window.rule === null ? null : parseRule(window.rule)
  const local = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(window.timeZone).toPlainDate()
  const found: Span[] = []
  for (const day of startDays(rule, start.toPlainDate(), local.subtract({ days: length.days + 1 }))) {
    const wall = day.toPlainDateTime(start.toPlainTime())
    const span = {
      from: instantOf(wall, window.timeZone, 'earlier'),
      to: instantOf(wall.add(length), window.timeZone, endsAt[window.kind]),
    }
    if (span.from >= to) break
    if (span.to > from && span.to > span.from) found.push(span)
  }
  return found
}

/** Spans joined where they touch or overlap, in order. */
export function joined(spans: readonly Span[]): Span[] {
  const found: Span[] = []
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = found.at(-1)
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to)
    else found.push({ ...span })
  }
  return found
}
