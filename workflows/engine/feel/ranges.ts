/** FEEL's built-in functions on ranges (DMN 1.3 clause 10.3.4.9, table 78), and range() of DMN 1.4. A point is a range of itself. */
import { FeelRange } from 'feelin'
import { builtin, type CheckedFunction, NoAnswer, demand } from './functions.ts'
import { readNumber } from './numbers.ts'
import { readDate, readDateTime, readDuration, readTemporal, readTime } from './temporal.ts'
import { compare, includes, interval, rangeOf } from './values.ts'

function order(a: unknown, b: unknown): number {
  const result = compare(a, b)
  if (result === null) throw new NoAnswer('the ends have no order')
  return result
}

const asRange = (value: unknown): FeelRange => (value instanceof FeelRange ? value : rangeOf(value, value, true, true))
const hasStart = (range: FeelRange): boolean => range['start included']
const hasEnd = (range: FeelRange): boolean => range['end included']
/** Order of two starts: of equal ones, the included comes first. */
const starts = (a: FeelRange, b: FeelRange): number => order(a.start, b.start) || Number(hasStart(b)) - Number(hasStart(a))
/** Order of two ends: of equal ones, the included comes last. */
const ends = (a: FeelRange, b: FeelRange): number => order(a.end, b.end) || Number(hasEnd(a)) - Number(hasEnd(b))

type Relation = (a: FeelRange, b: FeelRange) => boolean

const before: Relation = (a, b) => {
  const gap = order(a.end, b.start)
  return gap < 0 || (gap === 0 && !(hasEnd(a) && hasStart(b)))
}
const meets: Relation = (a, b) => hasEnd(a) && hasStart(b) && order(a.end, b.start) === 0
const overlaps: Relation = (a, b) => !before(a, b) && !before(b, a)
const overlapsBefore: Relation = (a, b) => starts(a, b) < 0 && ends(a, b) <= 0 && overlaps(a, b)
const finishes: Relation = (a, b) => ends(a, b) === 0 && starts(a, b) >= 0
const startsWith: Relation = (a, b) => starts(a, b) === 0 && ends(a, b) <= 0
const contains: Relation = (a, b) => starts(a, b) <= 0 && ends(a, b) >= 0

const RANGES_ONLY = 'range1: range, range2: range'
const both = (relation: Relation): CheckedFunction => builtin([RANGES_ONLY, relation])
/** Points or ranges on either side; the names tell which. */
const either = (relation: Relation): CheckedFunction => {
  const run = (a: unknown, b: unknown): boolean => relation(asRange(a), asRange(b))
  return builtin(
    ['point1: Any, point2: Any', run],
    ['point: Any, range: range', run],
    ['range: range, point: Any', run],
    [RANGES_ONLY, run],
  )
}
const flipped =
  (relation: Relation): Relation =>
  (a, b) =>
    relation(b, a)
type Membership = (a: unknown, b: unknown) => unknown
/** The one side must be a range, the other may be a point. */
const pointIn = (run: Membership): CheckedFunction => builtin(['point: Any, range: range', run], [RANGES_ONLY, run])
const rangeWith = (run: Membership): CheckedFunction => builtin(['range: range, point: Any', run], [RANGES_ONLY, run])
const asRanges =
  (relation: Relation): Membership =>
  (a, b) =>
    relation(asRange(a), asRange(b))

/** A point or a range in a range. */
const within: Membership = (value, range) =>
  value instanceof FeelRange ? contains(range as FeelRange, value) : includes(range as FeelRange, value)
const coincides: Membership = (a, b) => {
  demand(a instanceof FeelRange === b instanceof FeelRange, 'a point and a range cannot coincide')
  return starts(asRange(a), asRange(b)) === 0 && ends(asRange(a), asRange(b)) === 0
}

const QUOTED = /^\s*"([^"\\]*)"\s*$/
const LITERAL = /^\s*(?:@\s*"([^"]*)"|(date and time|date|time|duration)\s*\(\s*"([^"]*)"\s*\))\s*$/
const READERS = { date: readDate, time: readTime, 'date and time': readDateTime, duration: readDuration }

/** An end of range(): a literal, nothing computed. */
function endOf(text: string): unknown {
  if (text.trim() === '') return null
  const quoted = QUOTED.exec(text)
  if (quoted) return quoted[1]
  const literal = LITERAL.exec(text)
  const value = literal
    ? literal[1] === undefined
      ? READERS[literal[2] as keyof typeof READERS](literal[3]!)
      : readTemporal(literal[1])
    : readNumber(text, null, null)
  if (value === null) throw new NoAnswer(`${text} is not a literal`)
  return value
}

function readRange(text: string): FeelRange {
  const parts = /^([[\](])(.*?)\.\.(.*)([[\])])$/s.exec(text.trim())
  demand(parts !== null, `"${text}" is not a range`)
  const [start, end] = [endOf(parts![2]!), endOf(parts![3]!)]
  const isStartIncluded = parts![1] === '['
  const isEndIncluded = parts![4] === ']'
  demand(
    (start !== null || end !== null) && (start !== null || !isStartIncluded) && (end !== null || !isEndIncluded),
    `"${text}" has no end`,
  )
  if (start === null || end === null) return rangeOf(start, end, isStartIncluded, isEndIncluded)
  demand((compare(start, end) ?? 1) <= 0, 'the ends are not in order')
  const range = interval(start, end, isStartIncluded, isEndIncluded)
  if (!range) throw new NoAnswer('the ends have no order')
  return range
}

export const RANGES: Readonly<Record<string, CheckedFunction>> = {
  range: builtin(['from: string', readRange]),
  before: either(before),
  after: either(flipped(before)),
  meets: both(meets),
  'met by': both(flipped(meets)),
  overlaps: both(overlaps),
  'overlaps before': both(overlapsBefore),
  'overlaps after': both(flipped(overlapsBefore)),
  finishes: pointIn(asRanges(finishes)),
  'finished by': rangeWith(asRanges(flipped(finishes))),
  includes: rangeWith((range, value) => within(value, range)),
  during: pointIn(within),
  starts: pointIn(asRanges(startsWith)),
  'started by': rangeWith(asRanges(flipped(startsWith))),
  coincides: builtin(['point1: Any, point2: Any', coincides], [RANGES_ONLY, coincides]),
}
