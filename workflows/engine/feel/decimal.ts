/**
 * FEEL's numbers: decimals of 34 digits (DMN 1.3 clause 10.3.2.3.1), on two carriers. A JavaScript number stands for the decimal
 * that it is written as; an `Exact` carries what no JavaScript number can. Each value has one carrier only, so that what
 * gateways mostly hold (whole numbers, amounts) is computed without the library. See ADR 19.
 */
import library, { type Decimal } from 'decimal.js-light'

/** Its declarations describe the bundlers' module; Node gives the constructor itself. */
const Library = library as unknown as typeof Decimal

const DIGITS = 34
const HALF_EVEN = 6
export const Exact = Library.clone({ precision: DIGITS, rounding: HALF_EVEN, toExpNeg: -7, toExpPos: 21 })
export type Exact = InstanceType<typeof Exact>
/** The library cuts off quotients, powers and roots: they are made with more digits, then rounded once. */
const Wide = Library.clone({ precision: 2 * DIGITS + 4, rounding: HALF_EVEN })

export type FeelNumber = number | Exact

/** Exponents of a decimal128: beyond, there is no number; below, there is zero. */
const MAX_EXPONENT = 6144
const MIN_EXPONENT = -6176
/** Every decimal of so many digits survives as a JavaScript number. */
const SAFE_DIGITS = 15
const SAFE_EXPONENT = 290

export const isNumber = (value: unknown): value is FeelNumber => typeof value === 'number' || value instanceof Exact

const exact = (n: FeelNumber): Exact => (n instanceof Exact ? n : new Exact(n))

const settleWide = (value: Decimal): FeelNumber | null => settle(new Exact(value.toSignificantDigits(DIGITS, HALF_EVEN).toString()))

/** The value on its one carrier; null beyond a decimal128. */
function settle(rounded: Exact): FeelNumber | null {
  if (rounded.isZero()) return 0
  const exponent = rounded.exponent()
  if (exponent > MAX_EXPONENT) return null
  if (exponent < MIN_EXPONENT) return 0
  const near = rounded.toNumber()
  const digits = rounded.precision(false)
  if (digits <= SAFE_DIGITS && Math.abs(exponent) < SAFE_EXPONENT) return near
  if (digits <= 17 && Number.isFinite(near) && near !== 0 && new Exact(near).eq(rounded)) return near
  return rounded
}

/** A literal or text in FEEL's notation, an exponent allowed. */
export function readDecimal(text: string): FeelNumber | null {
  const plain = text.replace(/^\+/, '').replace(/\.(?=$|[eE])/, '')
  if (plain.length <= SAFE_DIGITS && !/e/i.test(plain)) return Number(plain) || 0
  return settleWide(new Wide(plain).plus(0))
}

const isWhole = (n: number): boolean => Number.isSafeInteger(n)
const fits = (n: number): boolean => n <= 1e15 && n >= -1e15
const MILLION = 1e6
/** `n` in millionths, when it is a whole number of them. */
const inMillionths = (n: number): number | null => {
  const scaled = Math.round(n * MILLION)
  return fits(scaled) && scaled / MILLION === n ? scaled : null
}
const TEN_THOUSAND = 1e4
const inTenThousandths = (n: number): number | null => {
  const scaled = Math.round(n * TEN_THOUSAND)
  return fits(scaled) && scaled / TEN_THOUSAND === n ? scaled : null
}

export function add(a: FeelNumber, b: FeelNumber): FeelNumber | null {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (isWhole(a) && isWhole(b) && isWhole(sum)) return sum
    const [x, y] = [inMillionths(a), inMillionths(b)]
    if (x !== null && y !== null && fits(x + y)) return (x + y) / MILLION
  }
  return settle(exact(a).plus(exact(b)))
}

export const negative = (n: FeelNumber): FeelNumber => (typeof n === 'number' ? 0 - n : n.negated())
export const absolute = (n: FeelNumber): FeelNumber => (typeof n === 'number' ? Math.abs(n) : n.abs())
export const subtract = (a: FeelNumber, b: FeelNumber): FeelNumber | null => add(a, negative(b))

export function multiply(a: FeelNumber, b: FeelNumber): FeelNumber | null {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b
    if (isWhole(a) && isWhole(b) && isWhole(product)) return product || 0
    const [x, y] = [inTenThousandths(a), inTenThousandths(b)]
    if (x !== null && y !== null && fits(x * y)) return (x * y) / (TEN_THOUSAND * TEN_THOUSAND) || 0
  }
  return settle(exact(a).times(exact(b)))
}

export const isZero = (n: FeelNumber): boolean => n === 0
export const isNegative = (n: FeelNumber): boolean => (typeof n === 'number' ? n < 0 : n.isNegative())
export const isInteger = (n: FeelNumber): boolean => (typeof n === 'number' ? Number.isInteger(n) : n.isInteger())

/** Null for a division by zero. */
export function divide(a: FeelNumber, b: FeelNumber): FeelNumber | null {
  if (isZero(b)) return null
  if (typeof a === 'number' && typeof b === 'number' && isWhole(a) && isWhole(b) && a % b === 0) return a / b || 0
  return settleWide(new Wide(a.toString()).dividedBy(b.toString()))
}

/** dividend - divisor * floor(dividend / divisor): the sign of the divisor. Null for a divisor of zero. */
export function modulo(dividend: FeelNumber, divisor: FeelNumber): FeelNumber | null {
  if (isZero(divisor)) return null
  if (typeof dividend === 'number' && typeof divisor === 'number' && isWhole(dividend) && isWhole(divisor)) {
    const rest = dividend % divisor
    return (rest !== 0 && rest < 0 !== divisor < 0 ? rest + divisor : rest) || 0
  }
  const quotient = roundTo(divide(dividend, divisor) ?? 0, 0, 'floor')
  return subtract(dividend, multiply(divisor, quotient) ?? 0)
}

/** Null where there is no real power. */
export function power(base: FeelNumber, exponent: FeelNumber): FeelNumber | null {
  return computed(() => {
    // A power that is beyond every number is not worked out.
    const size = Math.log10(Math.abs(Number(base))) * Number(exponent)
    if (size > MAX_EXPONENT + 1) return null
    if (size < MIN_EXPONENT - 1) return new Wide(0)
    return new Wide(base.toString()).pow(exponent.toString())
  })
}

export function squareRoot(n: FeelNumber): FeelNumber | null {
  return isNegative(n) ? null : computed(() => new Wide(n.toString()).sqrt())
}
export function logarithm(n: FeelNumber): FeelNumber | null {
  return isNegative(n) || isZero(n) ? null : computed(() => new Wide(n.toString()).ln())
}
export function exponential(n: FeelNumber): FeelNumber | null {
  if (Number(n) > 15_000) return null
  return Number(n) < -15_000 ? 0 : computed(() => new Wide(n.toString()).exp())
}

/** The library throws where there is no finite answer. */
function computed(work: () => Decimal | null): FeelNumber | null {
  try {
    const value = work()
    return value && settleWide(value)
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('[DecimalError]')) return null
    throw error
  }
}

/** Negative, zero or positive. */
export function compareNumbers(a: FeelNumber, b: FeelNumber): number {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0
  return exact(a).cmp(exact(b))
}

export type Rounding = 'up' | 'down' | 'half up' | 'half down' | 'half even' | 'floor' | 'ceiling'
const MODES: Record<Rounding, number> = { up: 0, down: 1, ceiling: 2, floor: 3, 'half up': 4, 'half down': 5, 'half even': 6 }

/** `n` to `scale` decimal places; a negative scale rounds before the point. */
export function roundTo(n: FeelNumber, scale: number, rule: Rounding): FeelNumber {
  if (typeof n === 'number' && Number.isInteger(n) && scale >= 0) return n
  if (scale >= 0) return settle(exact(n).toDecimalPlaces(scale, MODES[rule])) ?? 0
  const unit = new Exact(`1e${-scale}`)
  const tens = settle(new Exact(new Wide(n.toString()).times(`1e${scale}`).toDecimalPlaces(0, MODES[rule]).toString()).times(unit))
  return tens ?? 0
}

/** As FEEL writes it: digits only, no exponent. */
export function decimalText(n: FeelNumber): string {
  if (typeof n === 'number' && Math.abs(n) < 1e21 && (Math.abs(n) >= 1e-6 || n === 0)) return String(n || 0)
  return exact(n).toFixed()
}

/** The nearest JavaScript number: at the border to JSON, and where whole numbers are due. */
export const toDouble = (n: FeelNumber): number => (typeof n === 'number' ? n : n.toNumber())
