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

const both = (first: string, second: string, relation: Relation): CheckedFunction =>
  builtin([`${first}: range, ${second}: range`, relation])
const points = (first: string, second: string, relation: Relation): CheckedFunction =>
  builtin([`${first}: Any, ${second}: Any`, (a: unknown, b: unknown) => relation(asRange(a), asRange(b))])
const flipped =
  (relation: Relation): Relation =>
  (a, b) =>
    relation(b, a)
/** The one side must be a range, the other may be a point. */
const pointIn = (relation: Relation): CheckedFunction =>
  builtin(['point: Any, range: range', (point: unknown, range: FeelRange) => relation(asRange(point), range)])
const rangeWith = (relation: Relation): CheckedFunction =>
  builtin(['range: range, point: Any', (range: FeelRange, point: unknown) => relation(range, asRange(point))])

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
  before: points('a', 'b', before),
  after: points('a', 'b', flipped(before)),
  meets: both('range1', 'range2', meets),
  'met by': both('range1', 'range2', flipped(meets)),
  overlaps: both('range1', 'range2', overlaps),
  'overlaps before': both('range1', 'range2', overlapsBefore),
  'overlaps after': both('range1', 'range2', flipped(overlapsBefore)),
  finishes: pointIn(finishes),
  'finished by': rangeWith(flipped(finishes)),
  includes: builtin([
    'range: range, point: Any',
    (range: FeelRange, value: unknown) => (value instanceof FeelRange ? contains(range, value) : includes(range, value)),
  ]),
  during: builtin([
    'point: Any, range: range',
    (value: unknown, range: FeelRange) => (value instanceof FeelRange ? contains(range, value) : includes(range, value)),
  ]),
  starts: pointIn(startsWith),
  'started by': rangeWith(flipped(startsWith)),
  coincides: points('range1', 'range2', (a, b) => starts(a, b) === 0 && ends(a, b) === 0),
}
