/** FEEL's numbers on binary ones: rounding in decimal, reading and writing without exponents, statistics. */
import { demand } from './functions.ts'

type Rule = 'up' | 'down' | 'half up' | 'half down' | 'half even' | 'floor' | 'ceiling'

/** Scales of a decimal128 (DMN 1.3 clause 10.3.4.5). */
const MIN_SCALE = -6111
const MAX_SCALE = 6176

const RULES: Record<Rule, (size: number, isNegative: boolean) => number> = {
  up: (size) => Math.ceil(size),
  down: (size) => Math.floor(size),
  'half up': (size) => Math.floor(size + 0.5),
  'half down': (size) => Math.ceil(size - 0.5),
  'half even': (size) => {
    const low = Math.floor(size)
    return size - low === 0.5 ? low + (low % 2) : Math.round(size)
  },
  floor: (size, isNegative) => (isNegative ? Math.ceil(size) : Math.floor(size)),
  ceiling: (size, isNegative) => (isNegative ? Math.floor(size) : Math.ceil(size)),
}

/** `n` with the decimal point moved, by its decimal digits: no binary noise. */
function shift(n: number, places: number): number {
  const [digits = '0', exponent = '0'] = String(n).split('e')
  return Number(`${digits}e${Number(exponent) + places}`)
}

/** `n` to `scale` decimal places. */
export function round(n: number, scale: number, rule: Rule): number {
  const places = Math.trunc(scale)
  demand(places >= MIN_SCALE && places <= MAX_SCALE, `the scale ${scale} is outside ${MIN_SCALE} to ${MAX_SCALE}`)
  const moved = shift(Math.abs(n), places)
  // More places than a number has: nothing to round.
  if (!Number.isFinite(moved) || moved > Number.MAX_SAFE_INTEGER) return n
  const size = shift(RULES[rule](moved, n < 0), -places)
  return (n < 0 ? -size : size) || 0
}

/** A number as FEEL writes it: digits only, no exponent. */
export function numberText(n: number): string {
  const text = String(n)
  const parts = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text)
  if (!parts) return text
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts
  const places = Number(exponent)
  const digits = whole + fraction
  if (places < 0) return `${sign}0.${'0'.repeat(-places - 1)}${digits}`
  return sign + digits.padEnd(places + 1, '0')
}

/** number(from, grouping separator, decimal separator): null when the text is no number. */
export function readNumber(text: string, group: string | null, point: string | null): number | null {
  demand(group === null || [' ', ',', '.'].includes(group), `"${group}" is not a grouping separator`)
  demand(point === null || [',', '.'].includes(point), `"${point}" is not a decimal separator`)
  demand(group === null || group !== point, 'the separators are the same')
  let plain = group === null ? text : text.split(group).join('')
  if (point !== null && point !== '.') {
    if (plain.includes('.')) return null
    plain = plain.replace(point, '.')
  }
  return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(plain.trim()) ? Number(plain) : null
}

/** The values that occur most often, in ascending order. */
export function mode(values: unknown[]): unknown[] {
  demand(
    values.every((value) => typeof value === 'number'),
    'mode() takes numbers',
  )
  const counts = new Map<number, number>()
  for (const value of values as number[]) counts.set(value, (counts.get(value) ?? 0) + 1)
  const most = Math.max(...counts.values())
  return [...counts].flatMap(([value, count]) => (count === most ? [value] : [])).sort((a, b) => a - b)
}
