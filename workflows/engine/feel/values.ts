/**
 * FEEL's values (DMN 1.3 clause 10.3.2.2) as feelin represents them: their types, equality, order and membership in a range.
 * `null` stands for "no answer" in three-valued logic.
 */
import { FeelDate, FeelDateTime, FeelDuration, FeelFunction, FeelRange, FeelTime } from 'feelin'
import { compareNumbers, Exact, type FeelNumber } from './decimal.ts'
import { apart, isMonths, monthsOf, secondsOf, zoneKey } from './temporal.ts'

export type Kind =
  | 'null'
  | 'boolean'
  | 'number'
  | 'string'
  | 'list'
  | 'context'
  | 'date'
  | 'time'
  | 'date and time'
  | 'days and time duration'
  | 'years and months duration'
  | 'range'
  | 'function'
  | 'test'
  | 'other'

/** A unary test that is no range, as a value: `(!= 10)`. */
export class NotEqualTest {
  readonly value: unknown
  constructor(value: unknown) {
    this.value = value
  }
}

/** Intervals written with a null end: nothing can be said about what is in them. */
const unbounded = new WeakSet<FeelRange>()

export function kindOf(value: unknown): Kind {
  if (value === null || value === undefined) return 'null'
  const type = typeof value
  if (type === 'boolean' || type === 'number' || type === 'string') return type
  if (type === 'function') return 'function'
  if (Array.isArray(value)) return 'list'
  if (value instanceof Exact) return 'number'
  if (value instanceof FeelDate) return 'date'
  if (value instanceof FeelTime) return 'time'
  if (value instanceof FeelDateTime) return 'date and time'
  if (value instanceof FeelDuration) return isMonths(value) ? 'years and months duration' : 'days and time duration'
  if (value instanceof FeelRange) return 'range'
  if (value instanceof FeelFunction) return 'function'
  if (value instanceof NotEqualTest) return 'test'
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null ? 'context' : 'other'
}

/** Equality (clause 10.3.2.13, table 42): null when the two are of different kinds. */
export function equal(a: unknown, b: unknown): boolean | null {
  const [left, right] = [kindOf(a), kindOf(b)]
  if (left === 'null' || right === 'null') return left === right
  if (left === 'list' && right !== 'list') return (a as unknown[]).length === 1 ? equal((a as unknown[])[0], b) : null
  if (right === 'list' && left !== 'list') return (b as unknown[]).length === 1 ? equal(a, (b as unknown[])[0]) : null
  if (left !== right) return a instanceof FeelDuration && b instanceof FeelDuration ? magnitude(a) === 0 && magnitude(b) === 0 : null
  return EQUAL[left](a, b)
}

type Test = (a: unknown, b: unknown) => boolean | null
const same: Test = (a, b) => a === b
const instant: Test = (a, b) =>
  isZoned(a) !== isZoned(b) ? false : apart(a as FeelTime | FeelDateTime, b as FeelTime | FeelDateTime) === 0
const duration: Test = (a, b) => magnitude(a as FeelDuration) === magnitude(b as FeelDuration)

const EQUAL: Record<Kind, Test> = {
  null: () => true,
  boolean: same,
  number: (a, b) => compareNumbers(a as FeelNumber, b as FeelNumber) === 0,
  string: same,
  function: same,
  other: same,
  list: (a, b) => allEqual(a as unknown[], b as unknown[]),
  context: (a, b) => contextsEqual(a as Record<string, unknown>, b as Record<string, unknown>),
  date: (a, b) => String(a) === String(b),
  time: instant,
  'date and time': instant,
  'days and time duration': duration,
  'years and months duration': duration,
  range: (a, b) => rangesEqual(a as FeelRange, b as FeelRange),
  test: (a, b) => equal((a as NotEqualTest).value, (b as NotEqualTest).value),
}

const isZoned = (value: unknown): boolean => (value as FeelTime).zone !== null
const magnitude = (value: FeelDuration): number => (isMonths(value) ? monthsOf(value) : secondsOf(value))

function allEqual(a: unknown[], b: unknown[]): boolean | null {
  if (a.length !== b.length) return false
  const answers = a.map((item, index) => equal(item, b[index]))
  return answers.includes(false) ? false : answers.every((answer) => answer === true) ? true : null
}

function contextsEqual(a: Record<string, unknown>, b: Record<string, unknown>): boolean | null {
  const names = Object.keys(a)
  if (names.length !== Object.keys(b).length || names.some((name) => !Object.hasOwn(b, name))) return false
  return allEqual(
    names.map((name) => a[name]),
    names.map((name) => b[name]),
  )
}

const rangesEqual = (a: FeelRange, b: FeelRange): boolean =>
  a['start included'] === b['start included'] &&
  a['end included'] === b['end included'] &&
  equal(a.start, b.start) === true &&
  equal(a.end, b.end) === true

/** Strict equality, is(): of one kind and, for times, of one zone (clause 10.3.4.6). */
export function identical(a: unknown, b: unknown): boolean {
  if (kindOf(a) !== kindOf(b)) return false
  if ((a instanceof FeelTime || a instanceof FeelDateTime) && zoneKey(a.zone) !== zoneKey((b as FeelTime).zone)) return false
  return equal(a, b) === true
}

/** Whether two values are the same item of a list: equality that does not unwrap lists. */
export const sameItem = (a: unknown, b: unknown): boolean =>
  kindOf(a) === 'list' && kindOf(b) !== 'list' ? false : kindOf(b) === 'list' && kindOf(a) !== 'list' ? false : equal(a, b) === true

/** Negative, zero or positive; null when there is no order between the two (clause 10.3.2.13, table 43). */
export function compare(a: unknown, b: unknown): number | null {
  const kind = kindOf(a)
  if (kind !== kindOf(b)) return null
  if (kind === 'number') return compareNumbers(a as FeelNumber, b as FeelNumber)
  if (kind === 'string') return (a as string) < (b as string) ? -1 : a === b ? 0 : 1
  if (kind === 'date') return apart(a as FeelDate, b as FeelDate)
  if (kind === 'time' || kind === 'date and time') return isZoned(a) === isZoned(b) ? apart(a as FeelTime, b as FeelTime) : null
  if (a instanceof FeelDuration && b instanceof FeelDuration) return magnitude(a) - magnitude(b)
  return null
}

export function rangeOf(start: unknown, end: unknown, isStartIncluded: boolean, isEndIncluded: boolean): FeelRange {
  const range = { start, end, 'start included': isStartIncluded, 'end included': isEndIncluded, valueType: null }
  return new FeelRange(range as ConstructorParameters<typeof FeelRange>[0])
}

/** `[a..b]` as written; null when its ends have no order. */
export function interval(start: unknown, end: unknown, isStartIncluded: boolean, isEndIncluded: boolean): FeelRange | null {
  if (start !== null && end !== null && compare(start, end) === null) return null
  if (start === null && end === null) return null
  const range = rangeOf(start, end, start !== null && isStartIncluded, end !== null && isEndIncluded)
  if (start === null || end === null) unbounded.add(range)
  return range
}

/** Whether `value` lies in `range`; null when the two cannot be compared. */
export function includes(range: FeelRange, value: unknown): boolean | null {
  if (value === null || value === undefined || unbounded.has(range)) return null
  let [start, end] = [range.start as unknown, range.end as unknown]
  let [startIncluded, endIncluded] = [range['start included'], range['end included']]
  if (start !== null && end !== null && (compare(start, end) ?? 0) > 0) {
    ;[start, end] = [end, start]
    ;[startIncluded, endIncluded] = [endIncluded, startIncluded]
  }
  const low = start === null ? 1 : compare(value, start)
  const high = end === null ? -1 : compare(value, end)
  if (low === null || high === null) return null
  return (low > 0 || (low === 0 && startIncluded)) && (high < 0 || (high === 0 && endIncluded))
}

/** `value in test`, where a list holds values, ranges and lists of them (clause 10.3.2.8). */
export function isIn(value: unknown, test: unknown): boolean | null {
  if (!Array.isArray(test)) return passes(value, test)
  if (
    Array.isArray(value) &&
    test.length > 0 &&
    !test.some((item) => Array.isArray(item) || item instanceof FeelRange) &&
    equal(value, test)
  )
    return true
  let answer: boolean | null = false
  for (const item of test) {
    const result = passes(value, item)
    if (result === true) return true
    if (result === null && item instanceof FeelRange) answer = null
  }
  return answer
}

/** A value against one test: a range, a negation, or a value to be equal to. */
export function passes(value: unknown, test: unknown): boolean | null {
  if (test instanceof FeelRange) return value instanceof FeelRange ? equal(value, test) : includes(test, value)
  if (test instanceof NotEqualTest) {
    const answer = equal(value, test.value)
    return answer === null ? null : !answer
  }
  if (Array.isArray(test) && !Array.isArray(value)) return isIn(value, test)
  return equal(value, test)
}
