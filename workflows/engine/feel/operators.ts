/** FEEL's operators on values (DMN 1.3 clauses 10.3.2.8 to 10.3.2.13). Null with a warning where an operand does not fit. */
import { FeelDate, FeelDateTime, FeelDuration, FeelRange, FeelTime } from 'feelin'
import { add, divide, type FeelNumber, isNumber, isZero, multiply, negative, power, subtract, toDouble } from './decimal.ts'
import { difference, midnight, monthsDuration, monthsOf, move, secondOf, secondsDuration, secondsOf } from './temporal.ts'
import { compare, equal, kindOf } from './values.ts'

type Operator = (a: unknown, b: unknown) => unknown

const isInstant = (value: unknown): value is FeelDate | FeelTime | FeelDateTime =>
  value instanceof FeelDate || value instanceof FeelTime || value instanceof FeelDateTime

/** A duration times a number; months are cut to whole ones. */
function scale(duration: FeelDuration, by: FeelNumber): FeelDuration | null {
  const factor = toDouble(by)
  if (!Number.isFinite(factor)) return null
  return duration.yearsMonths ? monthsDuration(monthsOf(duration) * factor) : secondsDuration(secondsOf(duration) * factor)
}

function sumOfDurations(a: FeelDuration, b: FeelDuration, sign: 1 | -1): FeelDuration | null {
  if (a.yearsMonths !== b.yearsMonths) return null
  return a.yearsMonths ? monthsDuration(monthsOf(a) + sign * monthsOf(b)) : secondsDuration(secondsOf(a) + sign * secondsOf(b))
}

const ARITHMETIC: Record<string, Operator> = {
  '+': (a, b) => {
    if (isNumber(a) && isNumber(b)) return add(a, b)
    if (typeof a === 'string' && typeof b === 'string') return a + b
    if (a instanceof FeelDuration && b instanceof FeelDuration) return sumOfDurations(a, b, 1)
    if (isInstant(a) && b instanceof FeelDuration) return move(a, b, 1)
    if (a instanceof FeelDuration && isInstant(b)) return move(b, a, 1)
    return null
  },
  '-': (a, b) => {
    if (isNumber(a) && isNumber(b)) return subtract(a, b)
    if (a instanceof FeelDuration && b instanceof FeelDuration) return sumOfDurations(a, b, -1)
    if (isInstant(a) && b instanceof FeelDuration) return move(a, b, -1)
    if (!isInstant(a) || !isInstant(b)) return null
    // Next to a date and time, a date is its midnight in UTC.
    if (a instanceof FeelDate && b instanceof FeelDateTime) return difference(midnight(a), b)
    return a instanceof FeelDateTime && b instanceof FeelDate ? difference(a, midnight(b)) : difference(a, b)
  },
  '*': (a, b) => {
    if (isNumber(a) && isNumber(b)) return multiply(a, b)
    if (a instanceof FeelDuration && isNumber(b)) return scale(a, b)
    return isNumber(a) && b instanceof FeelDuration ? scale(b, a) : null
  },
  '/': (a, b) => {
    if (isNumber(a) && isNumber(b)) return divide(a, b)
    if (a instanceof FeelDuration && isNumber(b)) return isZero(b) ? null : scale(a, divide(1, b) ?? 0)
    if (!(a instanceof FeelDuration) || !(b instanceof FeelDuration) || a.yearsMonths !== b.yearsMonths) return null
    return a.yearsMonths ? divide(monthsOf(a), monthsOf(b)) : divide(secondsOf(a), secondsOf(b))
  },
  '**': (a, b) => (isNumber(a) && isNumber(b) ? power(a, b) : null),
}
ARITHMETIC['^'] = ARITHMETIC['**']!

export function arithmetic(operator: string, a: unknown, b: unknown): unknown {
  return ARITHMETIC[operator]?.(a, b) ?? null
}

export function negate(value: unknown): unknown {
  if (isNumber(value)) return negative(value)
  return value instanceof FeelDuration ? scale(value, -1) : null
}

/** `=`, `!=`, `<`, `<=`, `>`, `>=`: true, false, or null when the two cannot be compared. */
export function relate(operator: string, a: unknown, b: unknown): boolean | null {
  if (operator === '=' || operator === '!=') {
    const answer = equal(a, b)
    return answer === null ? null : answer === (operator === '=')
  }
  const order = compare(a, b)
  if (order === null) return null
  return operator === '<' ? order < 0 : operator === '<=' ? order <= 0 : operator === '>' ? order > 0 : order >= 0
}

export const and = (a: unknown, b: unknown): boolean | null => (a === false || b === false ? false : a === true && b === true ? true : null)
export const or = (a: unknown, b: unknown): boolean | null => (a === true || b === true ? true : a === false && b === false ? false : null)

const PROPERTIES: Partial<Record<ReturnType<typeof kindOf>, string[]>> = {
  date: ['year', 'month', 'day', 'weekday'],
  time: ['hour', 'minute', 'second', 'time offset', 'timezone'],
  'date and time': ['year', 'month', 'day', 'weekday', 'hour', 'minute', 'second', 'time offset', 'timezone'],
  'days and time duration': ['days', 'hours', 'minutes', 'seconds'],
  'years and months duration': ['years', 'months'],
  range: ['start', 'end', 'start included', 'end included'],
}

/** A property of a date, time, duration or range (clause 10.3.2.14, table 65); undefined when it has none of that name. */
export function propertyOf(value: unknown, name: string): unknown {
  if (!PROPERTIES[kindOf(value)]?.includes(name)) return undefined
  if (name === 'second' || name === 'seconds') return secondOf(value as FeelTime | FeelDateTime | FeelDuration)
  const found = (value as Record<string, unknown>)[name]
  if (name === 'timezone' && typeof found === 'string' && (found === 'UTC' || /^[+-]/.test(found))) return null
  return value instanceof FeelRange || found !== undefined ? found : null
}
