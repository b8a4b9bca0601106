/**
 * Dates, times and durations of FEEL (DMN 1.3 clauses 10.3.2.3.4 to 10.3.2.3.8 and 10.3.4.1) on feelin's value classes.
 * Years may have more than four digits or be negative; a days and time duration counts exact seconds.
 */
import { FeelDate, FeelDateTime, FeelDuration, FeelTime, parseTime as feelinTime } from 'feelin'
import { Temporal } from 'temporal-polyfill'
import { CYCLE_DAYS, cyclesOf, farMs, placeFar, splitYear, wholeYear } from './far-years.ts'

const YEAR = String.raw`(-?(?:\d{4}|[1-9]\d{4,8}))`
const DAY = String.raw`-(\d\d)-(\d\d)`
const CLOCK = String.raw`(\d\d:\d\d:\d\d(?:\.\d+)?)([Zz]|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z_+\-/0-9]+)?`
const DATE_TEXT = new RegExp(`^${YEAR}${DAY}$`)
const TIME_TEXT = new RegExp(`^${CLOCK}$`)
const DATE_TIME_TEXT = new RegExp(`^${YEAR}${DAY}T${CLOCK}$`)
const DAYS_TEXT = /^-?P(?!$)(?:\d+D)?(?:T(?!$)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$/
const MONTHS_TEXT = /^(-)?P(?:(\d+)Y)?(?:(\d+)M)?$/
/** Milliseconds at midnight UTC of 1970-01-01, where a time without a date is placed. */
const EPOCH = Temporal.PlainDate.from('1970-01-01')

function yearText(date: { year: number; month: number; day: number }): string {
  const pad = (value: number, length: number): string => String(value).padStart(length, '0')
  return `${date.year < 0 ? '-' : ''}${pad(Math.abs(date.year), 4)}-${pad(date.month, 2)}-${pad(date.day, 2)}`
}

const isUsual = (year: number): boolean => year >= 0 && year <= 9999

/** A date with FEEL's own way of writing its year: Temporal writes `+010000` and `-000001`. @throws RangeError */
export function dateOf(value: Temporal.PlainDate, far = 0): FeelDate {
  const year = wholeYear(value.year, far)
  const near = splitYear(year)
  const date = new FeelDate((near.year === value.year ? value : value.with({ year: near.year })) as never)
  placeFar(date, near.cycles, year)
  if (!isUsual(year)) Object.assign(date, { iso: yearText({ year, month: value.month, day: value.day }) })
  return date
}

export function dateTimeOf(value: Temporal.PlainDateTime, zone: string | null, far = 0): FeelDateTime {
  const year = wholeYear(value.year, far)
  const near = splitYear(year)
  const dateTime = new FeelDateTime((near.year === value.year ? value : value.with({ year: near.year })) as never, zone)
  placeFar(dateTime, near.cycles, year)
  const day = { year, month: value.month, day: value.day }
  if (!isUsual(year)) Object.assign(dateTime, { iso: yearText(day) + dateTime.iso.slice(dateTime.iso.indexOf('T')) })
  return dateTime
}

const plainDate = (value: FeelDate): Temporal.PlainDate => value.unwrap() as unknown as Temporal.PlainDate
const plainTime = (value: FeelTime): Temporal.PlainTime => value.unwrap() as unknown as Temporal.PlainTime
const plain = (value: FeelDateTime): Temporal.PlainDateTime => value.unwrap() as unknown as Temporal.PlainDateTime
const raw = (value: FeelDuration): Temporal.Duration => value.unwrap() as unknown as Temporal.Duration

function orNull<T>(work: () => T): T | null {
  try {
    return work()
  } catch {
    return null
  }
}

/** A date of the calendar; null when there is no such day. */
export function makeDate(year: number, month: number, day: number): FeelDate | null {
  return orNull(() => {
    if (!Number.isInteger(month) || !Number.isInteger(day)) return null
    const near = splitYear(year)
    return dateOf(new Temporal.PlainDate(near.year, month, day), near.cycles)
  })
}

export function readDate(text: string): FeelDate | null {
  const parts = DATE_TEXT.exec(text)
  return parts ? makeDate(Number(parts[1]), Number(parts[2]), Number(parts[3])) : null
}

export function readTime(text: string): FeelTime | null {
  const parts = TIME_TEXT.exec(text)
  if (!parts || !isOffset(parts[2])) return null
  return feelinTime(parts[1]!.slice(0, 18) + (parts[2] === 'z' ? 'Z' : (parts[2] ?? '')))
}

/** Offsets reach from -18:00 to +18:00. */
function isOffset(zone: string | undefined): boolean {
  const offset = /^[+-](\d\d):(\d\d)/.exec(zone ?? '')
  return !offset || (Number(offset[2]) < 60 && Number(offset[1]) * 60 + Number(offset[2]) <= 18 * 60)
}

export function readDateTime(text: string): FeelDateTime | null {
  const parts = DATE_TIME_TEXT.exec(text)
  if (!parts) return readDate(text) === null ? null : combine(readDate(text)!, makeTime(0, 0, 0, null)!)
  const date = makeDate(Number(parts[1]), Number(parts[2]), Number(parts[3]))
  const time = readTime(parts[4]! + (parts[5] ?? ''))
  return date && time && combine(date, time)
}

export function readDuration(text: string): FeelDuration | null {
  const months = MONTHS_TEXT.exec(text)
  if (months && (months[2] !== undefined || months[3] !== undefined))
    return monthsDuration((months[1] ? -1 : 1) * (Number(months[2] ?? 0) * 12 + Number(months[3] ?? 0)))
  return DAYS_TEXT.test(text) ? orNull(() => timeDuration(Temporal.Duration.from(text))) : null
}

/** Any temporal literal, as in `@"..."`. */
export function readTemporal(text: string): FeelDate | FeelTime | FeelDateTime | FeelDuration | null {
  if (/^-?P/.test(text)) return readDuration(text)
  if (TIME_TEXT.test(text)) return readTime(text)
  return text.includes('T') ? readDateTime(text) : readDate(text)
}

/** A time of day; `offset` is a days and time duration, and fractions of a second count. */
export function makeTime(hour: number, minute: number, second: number, offset: FeelDuration | null): FeelTime | null {
  return orNull(() => {
    if (!Number.isInteger(hour) || !Number.isInteger(minute)) return null
    const whole = Math.floor(second)
    const nanoseconds = Math.round((second - whole) * 1e9)
    const time = new Temporal.PlainTime(hour, minute, whole, 0, 0, 0).add({ nanoseconds })
    if (offset === null) return new FeelTime(time as never)
    const total = Math.trunc(secondsOf(offset))
    if (total === 0) return readTime(`${time.toString()}Z`)
    const pad = (value: number): string => String(Math.floor(value)).padStart(2, '0')
    const size = Math.abs(total)
    const seconds = size % 60 === 0 ? '' : `:${pad(size % 60)}`
    const suffix = `${total < 0 ? '-' : '+'}${pad(size / 3600)}:${pad((size % 3600) / 60)}${seconds}`
    return readTime(`${time.toString()}${suffix}`)
  })
}

/** A date, or the date of a date and time, at a time of day and in its zone. */
export function combine(date: FeelDate | FeelDateTime, time: FeelTime): FeelDateTime {
  const day = date instanceof FeelDate ? plainDate(date) : plain(date).toPlainDate()
  return dateTimeOf(day.toPlainDateTime(plainTime(time) as never), time.zone, cyclesOf(date))
}

export const datePart = (value: FeelDateTime): FeelDate => dateOf(plain(value).toPlainDate(), cyclesOf(value))
export const timePart = (value: FeelDateTime): FeelTime => new FeelTime(plain(value).toPlainTime() as never, value.zone)
/** A date is its midnight in UTC where a date and time is due (clause 10.3.2.9.4). */
export const midnight = (value: FeelDate): FeelDateTime => dateTimeOf(plainDate(value).toPlainDateTime(), 'UTC', cyclesOf(value))

export const isMonths = (value: FeelDuration): boolean => value.yearsMonths
export const monthsOf = (value: FeelDuration): number => raw(value).years * 12 + raw(value).months
export const secondsOf = (value: FeelDuration): number => raw(value).total('seconds')

/** A duration as it is given, however long: feelin's constructor places each on a calendar. */
function durationOf(value: Temporal.Duration, yearsMonths: boolean): FeelDuration {
  const duration = Object.create(FeelDuration.prototype) as FeelDuration
  Object.defineProperty(duration, 'value', { value })
  return Object.assign(duration, { yearsMonths, iso: yearsMonths && value.blank ? 'P0M' : value.toString() })
}

export function monthsDuration(months: number): FeelDuration | null {
  const whole = Math.trunc(months) || 0
  return orNull(() => durationOf(new Temporal.Duration(Math.trunc(whole / 12), whole % 12), true))
}

/** In days, hours, minutes and seconds. */
const timeDuration = (value: Temporal.Duration): FeelDuration => durationOf(value.round({ largestUnit: 'days' }), false)

export function secondsDuration(seconds: number): FeelDuration | null {
  return orNull(() => {
    const whole = Math.trunc(seconds)
    const nanoseconds = Math.round((seconds - whole) * 1e9)
    return timeDuration(Temporal.Duration.from({ seconds: whole, nanoseconds }))
  })
}

/** `+05:00`, `UTC` and `+00:00` by their offset; a named zone by its name. */
export function zoneKey(zone: string | null): string {
  return zone === null ? '' : zone === 'UTC' ? '+00:00' : zone
}

function offsetSeconds(zone: string | null): number | null {
  const parts = /^([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(zoneKey(zone))
  if (!parts) return zone === null ? 0 : null
  return (parts[1] === '-' ? -1 : 1) * (Number(parts[2]) * 3600 + Number(parts[3]) * 60 + Number(parts[4] ?? 0))
}

/** Milliseconds from `b` to `a`: negative, zero or positive as their order. */
export const apart = (a: Instant, b: Instant): number => millisecondsOf(a) - millisecondsOf(b) + (farMs(a) - farMs(b))

/** Epoch ms without far cycles; local values are taken as UTC, times as on 1970-01-01. */
function millisecondsOf(value: FeelDate | FeelTime | FeelDateTime): number {
  if (value instanceof FeelDate) return plainDate(value).toZonedDateTime('UTC').epochMilliseconds
  const local = value instanceof FeelTime ? EPOCH.toPlainDateTime(plainTime(value) as never) : plain(value)
  const offset = offsetSeconds(value.zone)
  if (offset !== null) return local.toZonedDateTime('UTC').epochMilliseconds - offset * 1000
  return local.toZonedDateTime(value.zone!).epochMilliseconds
}

type Instant = FeelDate | FeelTime | FeelDateTime

/** An instant moved by a duration; null for a time and months, or a result outside the calendar. */
export function move(value: Instant, by: FeelDuration, sign: 1 | -1): Instant | null {
  return orNull(() => {
    if (value instanceof FeelTime)
      return by.yearsMonths ? null : new FeelTime(plainTime(value).add(sign < 0 ? raw(by).negated() : raw(by)) as never, value.zone)
    return by.yearsMonths ? moveMonths(value, sign * monthsOf(by)) : moveTime(value, sign < 0 ? raw(by).negated() : raw(by))
  })
}

/** A day that the month does not have becomes its last. */
function moveMonths(value: FeelDate | FeelDateTime, months: number): FeelDate | FeelDateTime {
  const all = value.year * 12 + value.month - 1 + months
  const near = splitYear(Math.floor(all / 12))
  const day = Temporal.PlainDate.from({ year: near.year, month: (((all % 12) + 12) % 12) + 1, day: value.day }, { overflow: 'constrain' })
  if (value instanceof FeelDate) return dateOf(day, near.cycles)
  const moved = day.toPlainDateTime(plain(value).toPlainTime() as never)
  const isPlain = near.cycles !== 0 || offsetSeconds(value.zone) !== null
  return dateTimeOf(isPlain ? moved : moved.toZonedDateTime(value.zone!).toPlainDateTime(), value.zone, near.cycles)
}

function moveTime(value: FeelDate | FeelDateTime, length: Temporal.Duration): FeelDate | FeelDateTime {
  const far = Math.trunc(length.total('days') / CYCLE_DAYS)
  const rest = far === 0 ? length : length.subtract({ days: far * CYCLE_DAYS })
  const cycles = cyclesOf(value) + far
  if (value instanceof FeelDate) return dateOf(plainDate(value).toPlainDateTime().add(rest).toPlainDate(), cycles)
  if (offsetSeconds(value.zone) !== null) return dateTimeOf(plain(value).add(rest), value.zone, cycles)
  return dateTimeOf(plain(value).toZonedDateTime(value.zone!).add(rest).toPlainDateTime(), value.zone, cycles)
}

/** The days and time duration from `b` to `a`; null when one knows its zone and the other does not. */
export function difference(a: Instant, b: Instant): FeelDuration | null {
  if (a instanceof FeelTime !== b instanceof FeelTime) return null
  const isZoned = (value: Instant): boolean => !(value instanceof FeelDate) && value.zone !== null
  if (!(a instanceof FeelDate) && !(b instanceof FeelDate) && isZoned(a) !== isZoned(b)) return null
  return orNull(() => {
    return secondsDuration(apart(a, b) / 1000)
  })
}

/** Whole months from `from` to `to`, by their dates. */
export function monthsBetween(from: FeelDate | FeelDateTime, to: FeelDate | FeelDateTime): FeelDuration | null {
  const months = (to.year - from.year) * 12 + to.month - from.month
  const isPartial = months > 0 ? to.day < from.day : months < 0 && to.day > from.day
  return monthsDuration(isPartial ? months - Math.sign(months) : months)
}

/** The second of a time, with its fraction; of a duration, what is left beyond whole minutes. */
export function secondOf(value: FeelTime | FeelDateTime | FeelDuration): number {
  const parts = value.unwrap() as unknown as Temporal.PlainTime | Temporal.Duration
  const [second, fraction] =
    parts instanceof Temporal.Duration
      ? [parts.seconds, parts.milliseconds * 1e6 + parts.microseconds * 1e3 + parts.nanoseconds]
      : [parts.second, parts.millisecond * 1e6 + parts.microsecond * 1e3 + parts.nanosecond]
  return second + fraction / 1e9
}

/** Day 1 to 366 of the year, ISO week 1 to 53, day 1 (Monday) to 7 of the week, month 1 to 12. */
export function calendarOf(value: FeelDate | FeelDateTime): { day: number; week: number; weekday: number; month: number } {
  const date = value instanceof FeelDate ? plainDate(value) : plain(value).toPlainDate()
  return { day: date.dayOfYear, week: date.weekOfYear ?? 0, weekday: date.dayOfWeek, month: date.month }
}
