/** FEEL's built-in functions (DMN 1.3 clause 10.3.4): conversion, text, numbers, dates. Lists and contexts: collections.ts. */
import { type FeelDate, type FeelDateTime, type FeelDuration, FeelRange, type FeelTime } from 'feelin'
import { COLLECTIONS } from './collections.ts'
import { builtin, type CheckedFunction, NoAnswer, demand } from './functions.ts'
import {
  absolute,
  decimalText,
  exponential,
  type FeelNumber,
  isInteger,
  isNumber,
  logarithm,
  modulo,
  type Rounding,
  squareRoot,
  toDouble,
} from './decimal.ts'
import { mode, readNumber, round } from './numbers.ts'
import { patternOf, replaceText, splitText } from './patterns.ts'
import { RANGES } from './ranges.ts'
import {
  calendarOf,
  combine,
  datePart,
  makeDate,
  makeTime,
  monthsBetween,
  monthsDuration,
  monthsOf,
  readDate,
  readDateTime,
  readDuration,
  readTime,
  secondsDuration,
  secondsOf,
  timePart,
} from './temporal.ts'
import { identical, kindOf, NotEqualTest } from './values.ts'

/** The text of a value, as `string()` gives it; texts within are quoted. */
export function textOf(value: unknown, isNested = false): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'string') return isNested ? `"${value.replace(/(["\\])/g, '\\$1')}"` : value
  if (isNumber(value)) return decimalText(value)
  if (Array.isArray(value)) return `[${value.map((item) => textOf(item, true)).join(', ')}]`
  if (value instanceof FeelRange) {
    const ends = `${value.start === null ? '' : textOf(value.start, true)}..${value.end === null ? '' : textOf(value.end, true)}`
    return `${value['start included'] ? '[' : '('}${ends}${value['end included'] ? ']' : ')'}`
  }
  if (value instanceof NotEqualTest) return `!=${textOf(value.value, true)}`
  if (kindOf(value) === 'function') return '<function>'
  if (kindOf(value) !== 'context') return String(value)
  const key = (name: string): string => (/^\w+$/.test(name) ? name : textOf(name, true))
  return `{${Object.entries(value)
    .map(([name, item]) => `${key(name)}: ${textOf(item, true)}`)
    .join(', ')}}`
}

function orNoAnswer<T>(value: T | null, message: string): T {
  if (value === null) throw new NoAnswer(message)
  return value
}

/** Footnote 1 of table 74: the start is within the text, counted from 1, or from -1 at its end. */
function substring(text: string, start: FeelNumber, length?: FeelNumber): string {
  const letters = Array.from(text)
  const place = Math.trunc(toDouble(start))
  demand(place !== 0 && Math.abs(place) <= Math.max(letters.length, 1), `the start position ${place} is not in the text`)
  demand(length === undefined || toDouble(length) >= 1, 'the length is at least 1')
  const from = place < 0 ? letters.length + place : place - 1
  return letters.slice(from, length === undefined ? undefined : from + Math.trunc(toDouble(length))).join('')
}

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']

/** A function of a calendar day, given as a date or a date and time. */
const ofDay = (run: (calendar: ReturnType<typeof calendarOf>) => unknown): CheckedFunction =>
  builtin(['date: date', (date: FeelDate) => run(calendarOf(date))], ['date: date and time', (date: FeelDateTime) => run(calendarOf(date))])

const rounding = (rule: Rounding): CheckedFunction =>
  builtin(['n: number, scale: number', (n: FeelNumber, scale: FeelNumber) => round(n, scale, rule)])
const toInteger = (rule: Rounding): CheckedFunction =>
  builtin(
    ['n: number', (n: FeelNumber) => round(n, 0, rule)],
    ['n: number, scale: number', (n: FeelNumber, scale: FeelNumber) => round(n, scale, rule)],
  )

const CONVERSION: Record<string, CheckedFunction> = {
  number: builtin([
    'from: string, grouping separator?: string | null, decimal separator?: string | null',
    (from: string, group?: string | null, point?: string | null) =>
      orNoAnswer(readNumber(from, group ?? null, point ?? null), `"${from}" is not a number`),
  ]),
  string: builtin(['from: Any', (from: unknown) => textOf(from)]),
  date: builtin(
    ['from: string', (from: string) => orNoAnswer(readDate(from), `"${from}" is not a date`)],
    ['from: date', (from: FeelDate) => from],
    ['from: date and time', (from: FeelDateTime) => datePart(from)],
    [
      'year: number, month: number, day: number',
      (year: number, month: number, day: number) => orNoAnswer(makeDate(year, month, day), 'there is no such date'),
    ],
  ),
  'date and time': builtin(
    ['from: string', (from: string) => orNoAnswer(readDateTime(from), `"${from}" is not a date and time`)],
    ['date: date, time: time', (date: FeelDate, time: FeelTime) => combine(date, time)],
    ['date: date and time, time: time', (date: FeelDateTime, time: FeelTime) => combine(date, time)],
    ['from: date and time', (from: FeelDateTime) => from],
  ),
  time: builtin(
    ['from: string', (from: string) => orNoAnswer(readTime(from), `"${from}" is not a time`)],
    ['from: time', (from: FeelTime) => from],
    ['from: date and time', (from: FeelDateTime) => timePart(from)],
    [
      'hour: number, minute: number, second: number, offset?: days and time duration | null',
      (hour: number, minute: number, second: FeelNumber, offset?: FeelDuration | null) =>
        orNoAnswer(makeTime(hour, minute, toDouble(second), offset ?? null), 'there is no such time'),
    ],
  ),
  duration: builtin(
    ['from: string', (from: string) => orNoAnswer(readDuration(from), `"${from}" is not a duration`)],
    ['from: duration', (from: FeelDuration) => from],
  ),
  'years and months duration': builtin(
    ...(['date', 'date and time'] as const).flatMap((from) =>
      (['date', 'date and time'] as const).map((to): [string, (a: FeelDate, b: FeelDate) => unknown] => [
        `from: ${from}, to: ${to}`,
        monthsBetween,
      ]),
    ),
  ),
  not: builtin(['negand: boolean', (negand: boolean) => !negand]),
  is: builtin(['value1: Any | null, value2: Any | null', identical]),
}

const TEXT: Record<string, CheckedFunction> = {
  substring: builtin(['string: string, start position: number, length?: number', substring]),
  'string length': builtin(['string: string', (text: string) => Array.from(text).length]),
  'upper case': builtin(['string: string', (text: string) => text.toUpperCase()]),
  'lower case': builtin(['string: string', (text: string) => text.toLowerCase()]),
  trim: builtin(['string: string', (text: string) => text.trim()]),
  'substring before': builtin([
    'string: string, match: string',
    (text: string, match: string) => text.slice(0, Math.max(0, text.indexOf(match))),
  ]),
  'substring after': builtin([
    'string: string, match: string',
    (text: string, match: string) => (text.includes(match) ? text.slice(text.indexOf(match) + match.length) : ''),
  ]),
  replace: builtin(['input: string, pattern: string, replacement: string, flags?: string | null', replaceText]),
  contains: builtin(['string: string, match: string', (text: string, match: string) => text.includes(match)]),
  matches: builtin([
    'input: string, pattern: string, flags?: string | null',
    (input: string, source: string, flags?: string | null) => patternOf(source, flags ?? '').test(input),
  ]),
  'starts with': builtin(['string: string, match: string', (text: string, match: string) => text.startsWith(match)]),
  'ends with': builtin(['string: string, match: string', (text: string, match: string) => text.endsWith(match)]),
  split: builtin(['string: string, delimiter: string', splitText]),
}

const NUMBERS: Record<string, CheckedFunction> = {
  decimal: rounding('half even'),
  'round up': rounding('up'),
  'round down': rounding('down'),
  'round half up': rounding('half up'),
  'round half down': rounding('half down'),
  floor: toInteger('floor'),
  ceiling: toInteger('ceiling'),
  abs: builtin(
    ['n: number', absolute],
    ['n: years and months duration', (n: FeelDuration) => monthsDuration(Math.abs(monthsOf(n)))],
    ['n: days and time duration', (n: FeelDuration) => secondsDuration(Math.abs(secondsOf(n)))],
  ),
  modulo: builtin([
    'dividend: number, divisor: number',
    (dividend: FeelNumber, divisor: FeelNumber) => orNoAnswer(modulo(dividend, divisor), 'the divisor is zero'),
  ]),
  sqrt: builtin(['number: number', (n: FeelNumber) => orNoAnswer(squareRoot(n), 'a negative number has no square root')]),
  log: builtin(['number: number', (n: FeelNumber) => orNoAnswer(logarithm(n), 'only positive numbers have a logarithm')]),
  exp: builtin(['number: number', (n: FeelNumber) => orNoAnswer(exponential(n), 'the result is beyond every number')]),
  odd: builtin(['number: number', (n: FeelNumber) => !isDivisibleByTwo(n)]),
  even: builtin(['number: number', isDivisibleByTwo]),
}

function isDivisibleByTwo(n: FeelNumber): boolean {
  demand(isInteger(n), 'only whole numbers are odd or even')
  return modulo(n, 2) === 0
}

const DAYS: Record<string, CheckedFunction> = {
  'day of year': ofDay(({ day }) => day),
  'day of week': ofDay(({ weekday }) => WEEKDAYS[weekday - 1]),
  'month of year': ofDay(({ month }) => MONTHS[month - 1]),
  'week of year': ofDay(({ week }) => week),
}

/** Camunda's null handling, in common use in the models that are imported. */
const EXTRA: Record<string, CheckedFunction> = {
  'is defined': builtin(['value: Any | null', (value: unknown) => value !== null]),
  'get or else': builtin(['value: Any | null, default: Any | null', (value: unknown, other: unknown) => value ?? other]),
}

export const BUILTINS: Readonly<Record<string, CheckedFunction>> = {
  ...CONVERSION,
  ...TEXT,
  ...NUMBERS,
  ...DAYS,
  ...EXTRA,
  ...COLLECTIONS,
  ...RANGES,
  mode: builtin(['list: list', mode], ['...list: number', mode]),
}
