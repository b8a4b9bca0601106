/** FEEL's numbers are decimals of 34 digits (DMN 1.3 clause 10.3.2.3.1): amounts are exact, and the variables stay JSON. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, Variables } from '#engine/contract'
import { evaluateFeel, FeelFailure } from '#engine/expression'

const CLOCK = { at: Date.UTC(2026, 0, 5, 8), timeZone: 'UTC' }
const feel = (source: string, variables: Variables = {}): Json => evaluateFeel(source, variables, CLOCK)

test.each<[string, Json]>([
  ['0.1 + 0.2 = 0.3', true],
  ['1 - 0.9', 0.1],
  ['19.99 * 3', 59.97],
  ['1.1 * 1.1', 1.21],
  ['1 / 3 * 3 = 1', false],
  ['string(1 / 3 * 3)', '0.9999999999999999999999999999999999'],
  ['string(2 / 3)', '0.6666666666666666666666666666666667'],
  ['string(12345678901234567890123456789012345)', '12345678901234567890123456789012340'],
  ['12345678901234567 + 1 = 12345678901234568', true],
  ['string(2 ** 100)', '1267650600228229401496703205376'],
  ['2 ** 0.5 = sqrt(2)', true],
  ['4 ** 0.5', 2],
  ['2 ** -3', 0.125],
  ['1e1000 > 1e999', true],
  ['1e-7 * 1e-7 = 1e-14', true],
  ['string(0.000000001)', '0.000000001'],
  ['string(1.10)', '1.1'],
  ['string(-0.0)', '0'],
  ['log(exp(100)) > 99.9999', true],
])('%s is %j', (source, expected) => {
  expect(feel(source)).toEqual(expected)
})

test.each(['1 / 0', '10 ** 7000', '0 ** -1', '(-8) ** 0.5', 'exp(20000)', 'log(0)', 'sqrt(-1)', 'modulo(1, 0)'])(
  '%s is no number',
  (source) => {
    expect(() => feel(source)).toThrow(FeelFailure)
  },
)

describe('functions', () => {
  test.each<[string, Json]>([
    ['sum(0.1, 0.2, 0.3) = 0.6', true],
    ['mean(0.1, 0.2, 0.3)', 0.2],
    ['product(0.1, 0.2)', 0.02],
    ['median(0.1, 0.2)', 0.15],
    ['round half up(1.005, 2)', 1.01],
    ['decimal(1.005, 2)', 1],
    ['decimal(1234.5, -2)', 1200],
    ['round half up(-2.5, 0)', -3],
    ['floor(1 / 3)', 0],
    ['modulo(10.1, 4.5)', 1.1],
    ['modulo(-10.1, 4.5)', 3.4],
    ['modulo(10.1, -4.5)', -3.4],
    ['modulo(-10.1, -4.5)', -1.1],
    ['mode(0.1 + 0.2, 0.3, 1)', [0.3]],
    ['list contains([0.3], 0.1 + 0.2)', true],
    ['distinct values([1 / 3, 2 / 6])', [1 / 3]],
    ['index of([1 / 3], 1 / 3)', [1]],
    ['max(1 / 3, 2 / 3) = 2 / 3', true],
    ['for i in 0.1..2.2 return i', [0.1, 1.1, 2.1]],
    ['number("0.1") + number("0.2")', 0.3],
  ])('%s is %j', (source, expected) => {
    expect(feel(source)).toEqual(expected)
  })
})

test('a result that JSON cannot hold is a failure, not infinity', () => {
  expect(() => feel('10 ** 400')).toThrow(/not a finite number/)
})

test('properties: sums and products of amounts are those of whole numbers of cents', () => {
  const cents = fc.integer({ min: -1e9, max: 1e9 })
  const amount = (whole: bigint, places: number): string => {
    const digits = String(whole < 0n ? -whole : whole).padStart(places + 1, '0')
    const text = `${whole < 0n ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`
    return text.replace(/\.?0+$/, '').replace(/^-0$/, '0')
  }
  fc.assert(
    fc.property(cents, cents, (a, b) => {
      const variables = { a: a / 100, b: b / 100 }
      expect(feel('string(a + b)', variables)).toBe(amount(BigInt(a) + BigInt(b), 2))
      expect(feel('string(a - b)', variables)).toBe(amount(BigInt(a) - BigInt(b), 2))
      expect(feel('string(a * b)', variables)).toBe(amount(BigInt(a) * BigInt(b), 4))
    }),
  )
})

test('properties: a quotient times its divisor comes back within one unit of the 34th digit; the rest is below the divisor', () => {
  const number = fc.integer({ min: 1, max: 1e9 })
  fc.assert(
    fc.property(number, number, (a, b) => {
      expect(feel('abs(a / b * b - a) <= a * 1e-33', { a, b })).toBe(true)
      expect(feel('modulo(a / 10, b / 10) = modulo(a, b) / 10', { a, b })).toBe(true)
    }),
  )
})
