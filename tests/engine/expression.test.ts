import { describe, expect, test } from 'vitest'
import type { Json, Variables } from '#engine/contract'
import { checkExpression, evaluateFeel, FeelFailure, passesUnaryTests } from '#engine/expression'

/** Sunday 29 March 2026, 00:30 UTC: 01:30 in Paris, half an hour before its clocks go forward. */
const CLOCK = { at: Date.UTC(2026, 2, 29, 0, 30), timeZone: 'Europe/Paris' }
const feel = (source: string, variables: Variables = {}): Json => evaluateFeel(source, variables, CLOCK)

test.each<[string, Variables, Json]>([
  ['x > 3 and y = "a"', { x: 4, y: 'a' }, true],
  ['x > 3 or y = "a"', { x: 1, y: 'a' }, true],
  ['not(done)', { done: false }, true],
  ['customer.vip', { customer: { vip: true } }, true],
  ['x = null', {}, true],
  ['[x, null]', { x: 1 }, [1, null]],
  ['if x = 1 then "one" else null', { x: 1 }, 'one'],
  ['x + 1 * 2 - 3', { x: 10 }, 9],
  ['a + "-" + b', { a: 'x', b: 'y' }, 'x-y'],
  ['-(x) + 1', { x: 2 }, -1],
  ['x - -1', { x: 2 }, 3],
  ['x != null and x > 1', { x: null }, false],
  ['get or else(null, 3)', {}, 3],
  ['string(now())', {}, '2026-03-29T01:30:00@Europe/Paris'],
  ['today()', {}, '2026-03-29'],
  ['now() + duration("PT1H")', {}, '2026-03-29T03:30:00@Europe/Paris'],
  ['[{a: 1}, {b: 2}][a = 1]', {}, [{ a: 1 }]],
  ['for i in 1..n return i * 2', { n: 3 }, [2, 4, 6]],
  ['"a" + 1 = null', {}, true],
])('%s with %j is %j', (source, variables, expected) => {
  expect(feel(source, variables)).toEqual(expected)
})

describe('failures', () => {
  test.each<[string, Variables]>([
    ['x > 3', {}],
    ['x = 3', {}],
    ['x.y', { x: {} }],
    ['"a" + 1', {}],
    ['1 / 0 + "a"', {}],
    ['function(x) x', {}],
    ['for i in 1..n return i', { n: 1e9 }],
    ['for i in 1..n, j in 1..n return i * j', { n: 5000 }],
  ])('%s with %j', (source, variables) => {
    expect(() => feel(source, variables)).toThrow(FeelFailure)
  })
})

test('mistakes are found before anything runs, with their place', () => {
  expect(checkExpression('x > ')).toMatchObject({ offset: expect.any(Number) })
  expect(checkExpression('for i in 1..1000000 return i')).toMatchObject({ message: 'the range is longer than 10000' })
  expect(checkExpression('x > 3 and y')).toBeNull()
})

test.each<[string, Json, boolean]>([
  ['"a", "b"', 'b', true],
  ['"a", "b"', 'c', false],
  ['"a,b"', 'a,b', true],
  ['>= 5', 5, true],
  ['1, 2', 'medium', false],
  ['< 5', 'medium', false],
  ['not(1)', 'medium', true],
  ['< 5', 5, false],
  ['[1..5]', 3, true],
  ['not("a")', 'b', true],
  ['not("a", null)', null, false],
  ['(1..5)', 1, false],
  ['[1..5[', 5, false],
  ['1, [3..4]', 4, true],
  ['> limit', 11, true],
])('unary test %s of %j is %s', (source, value, expected) => {
  expect(passesUnaryTests(source, value, { limit: 10 }, CLOCK)).toBe(expected)
})
