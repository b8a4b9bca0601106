/** What DMN 1.3 clause 10 says of FEEL, beyond feelin: one line for each rule. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, Variables } from '#engine/contract'
import { evaluateFeel, FeelFailure, passesUnaryTests } from '#engine/expression'

const CLOCK = { at: Date.UTC(2026, 0, 5, 8), timeZone: 'UTC' }
const feel = (source: string, variables: Variables = {}): Json => evaluateFeel(source, variables, CLOCK)

describe('values', () => {
  test.each<[string, Json]>([
    ['@"2026-01-01" + @"PT36H"', '2026-01-02'],
    ['@"2026-01-31" + @"P1M"', '2026-02-28'],
    ['@"P1Y" * 1.5', 'P1Y6M'],
    ['-@"P1D"', '-P1D'],
    ['@"P1D" / @"PT6H"', 4],
    ['string(@"-2021-01-01T10:10:10+11:00" + @"P1Y")', '-2020-01-01T10:10:10+11:00'],
    ['duration("P999999999M")', 'P83333333Y3M'],
    ['@"2026-01-02T00:00:00Z" - @"2026-01-01T00:00:00@Asia/Dhaka"', 'P1DT6H'],
    ['@"23:30:00" + @"PT1H"', '00:30:00'],
    ['@"2026-01-05".weekday', 1],
    ['duration("PT90M").minutes', 30],
    ['[1..5].start', 1],
    ['1 = "1"', null],
    ['[1] = 1', true],
    ['@"P0D" = @"-P0D"', true],
    ['(!=10) = (!=10)', true],
    ['5 in (1..5)', false],
    ['5 in ([1..3], > 4)', true],
    ['[] instance of list<number>', true],
    ['[1..3] instance of range<number>', true],
    ['[1..3] instance of range<string>', false],
    ['{a: 1} instance of context<a: number>', true],
    ['1e3 + 0.5', 1000.5],
    ['"\\u0041\\U01F40E"', 'A🐎'],
  ])('%s is %j', (source, expected) => {
    expect(feel(source)).toEqual(expected)
  })
})

describe('constructs', () => {
  test.each<[string, Json]>([
    ['for i in 3..1 return i', [3, 2, 1]],
    ['for i in (1..4) return i', [2, 3]],
    ['for d in @"2026-01-01"..@"2026-01-02" return string(d)', ['2026-01-01', '2026-01-02']],
    ['for i in 0..3 return if i = 0 then 1 else i * partial[-1]', [1, 1, 2, 6]],
    ['for i in [1, 2], j in 1..i return i * j', [1, 2, 4]],
    ['some x in [1, null] satisfies x = 1', true],
    ['every x in [1, "a"] satisfies x > 0', null],
    ['[{x: 1}, {x: 2}][x > 1].x', [2]],
    ['true[true]', [true]],
    ['100[0]', null],
    ['{a: 1, b: a + 1}.b', 2],
    ['(function(a: number, b) a + b)(b: 2, a: [1])', 3],
    ['{fact: function(n: number) if n < 2 then 1 else n, r: fact(5)}.r', 5],
    ['get value({a: {b: 1}}, ["a", "b"])', 1],
    ['context put({a: {b: 1}}, ["a", "c"], 2)', { a: { b: 1, c: 2 } }],
    ['context merge([{a: 1}, {a: 2, b: 3}])', { a: 2, b: 3 }],
  ])('%s is %j', (source, expected) => {
    if (expected === null) expect(answerOf(source)).toBeNull()
    else expect(feel(source)).toEqual(expected)
  })
})

describe('functions', () => {
  test.each<[string, Json]>([
    ['substring("\\U01F40Eab", 2)', 'ab'],
    ['substring("foobar", -2, 1)', 'a'],
    ['string length("\\U01F40Eab")', 3],
    ['replace("abracadabra", "a(.)", "[$1]")', '[b]r[c][d][b]ra'],
    ['matches("a b", "a b", "x")', false],
    ['split("a;b;c", ";")', ['a', 'b', 'c']],
    ['decimal(2.5, 0)', 2],
    ['decimal(1.005, 2)', 1],
    ['round half up(-5.5, 0)', -6],
    ['round half down(5.5, 0)', 5],
    ['round up(1.121, 2)', 1.13],
    ['floor(-1.56, 1)', -1.6],
    ['modulo(-12, 5)', 3],
    ['median([10, 9, 2])', 9],
    ['mode([10, 2, 2, 10])', [2, 10]],
    ['stddev([2, 4])', Math.SQRT2],
    ['min("b", "a")', 'a'],
    ['max(@"2026-01-01", @"2026-02-01")', '2026-02-01'],
    ['sum([@"PT1H", @"PT30M"])', 'PT1H30M'],
    ['list contains([[1]], [1])', true],
    ['list replace([1, 2, 3], function(old, new) old < new, 3)', [3, 3, 3]],
    ['list replace([1, 2, 3], -1, 9)', [1, 2, 9]],
    ['sort([3, 1, 2], function(x, y) x > y)', [3, 2, 1]],
    ['append([1], [2])', [1, [2]]],
    ['all([])', true],
    ['number("1 000,5", " ", ",")', 1000.5],
    ['string(1e25)', `1${'0'.repeat(25)}`],
    ['is(@"10:00:00Z", @"10:00:00+00:00")', true],
    ['range("]18..21]") = ]18..21]', true],
    ['overlaps before([1..5], [3..8])', true],
    ['finishes(5, [1..5])', true],
    ['during([2..3], [1..5])', true],
    ['day of year(date("2026-02-01"))', 32],
    ['week of year(@"2026-01-01")', 1],
    ['years and months duration(@"2013-08-24", date and time("2017-12-15T00:59:59"))', 'P4Y3M'],
  ])('%s is %j', (source, expected) => {
    const found = feel(source)
    if (typeof expected === 'number') expect(found).toBeCloseTo(expected, 10)
    else expect(found).toEqual(expected)
  })
})

function answerOf(source: string): Json {
  try {
    return feel(source)
  } catch (error) {
    expect(error).toBeInstanceOf(FeelFailure)
    return null
  }
}

test.each([
  'date("2026-02-30")',
  'date and time("2026-01-01T10:00:00+01:00@Europe/Paris")',
  '@"10:10:10" + @"P1Y"',
  'list replace([1], 2, 9)',
  'round up(1, 9999)',
  'substring("a", 0)',
  'string length(1)',
  'abs("1")',
  'for i in [2..1] return i',
  '5 in [null..10]',
  '{a: 1, a: 2}',
  'context merge()',
  'range("[string(1)..2]")',
  '(function(a: number) a)("x")',
  '1 < "a"',
  'unknown function(1)',
])('%s has no answer', (source) => {
  expect(answerOf(source)).toBeNull()
})

test('an absent value gives null without a failure, in comparisons and calls', () => {
  for (const source of ['x > 1', 'not(x)', 'contains(x, "a")', 'count(list: x)']) expect(feel(source, { x: null })).toBeNull()
  expect(feel('- 2 + 3')).toBe(1)
})

test('variables with spaces, at the top and within', () => {
  expect(feel('Monthly Income * 2', { 'Monthly Income': 10 })).toBe(20)
  expect(feel('person.full name', { person: { 'full name': 'Ada' } })).toBe('Ada')
  expect(feel('a-b', { 'a-b': 1, a: 5, b: 2 })).toBe(1)
  expect(feel('a-b', { a: 5, b: 2 })).toBe(3)
})

test.each<[string, Json, boolean]>([
  ['? > 1 and ? < 4', 3, true],
  ['not(? > 2)', 3, false],
  ['list contains(["a"], ?)', 'a', true],
  ['["a", "b"]', 'b', true],
  ['true', false, false],
  ['null', null, true],
  ['not(> 2)', 1, true],
  ['not(> 2)', null, false],
  ['not(> 2)', 'a', false],
  ['not("a")', null, true],
])('unary test %s of %j is %s', (source, value, expected) => {
  expect(passesUnaryTests(source, value, {}, CLOCK)).toBe(expected)
})

test('properties: rounding, sorting and reversing agree with plain arithmetic', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -1e6, max: 1e6 })),
      fc.integer({ min: -1e6, max: 1e6 }),
      fc.integer({ min: 0, max: 3 }),
      (list, n, scale) => {
        expect(feel('sort(list, function(x, y) x < y)', { list })).toEqual([...list].sort((a, b) => a - b))
        expect(feel('reverse(reverse(list))', { list })).toEqual(list)
        expect(feel('count(distinct values(list))', { list })).toBe(new Set(list).size)
        const value = n / 1000
        const [down, up] = [
          feel('floor(value, scale)', { value, scale }) as number,
          feel('ceiling(value, scale)', { value, scale }) as number,
        ]
        expect(down <= value && value <= up).toBe(true)
        expect(up - down).toBeLessThanOrEqual(10 ** -scale + 1e-9)
      },
    ),
    { numRuns: 50 },
  )
})

describe('overlaps before and after, of ranges that share an end (table 78)', () => {
  test.each<[string, Json]>([
    ['overlaps before([1..5], [3..8])', true],
    ['overlaps before([1..5], (5..8])', false],
    ['overlaps before([1..5], (1..5])', true],
    ['overlaps before([1..5), (1..5])', true],
    ['overlaps before([1..5], [1..5])', false],
    ['overlaps after([3..8], [1..5])', true],
    ['overlaps after((1..5], [1..5])', true],
    ['overlaps after((1..5], [1..5))', true],
    ['overlaps after([1..5], [1..5])', false],
  ])('%s is %j', (source, expected) => {
    expect(feel(source)).toEqual(expected)
  })
})
