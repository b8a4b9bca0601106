/** FEEL's functions on numbers that have rules of their own: rounding, reading a text, mode. */
import { compareNumbers, type FeelNumber, isNumber, readDecimal, type Rounding, roundTo, toDouble } from './decimal.ts'
import { demand } from './functions.ts'

/** Scales of a decimal128 (DMN 1.3 clause 10.3.4.5). */
const MIN_SCALE = -6111
const MAX_SCALE = 6176

/** `n` to `scale` decimal places. */
export function round(n: FeelNumber, scale: FeelNumber, rule: Rounding): FeelNumber {
  const places = Math.trunc(toDouble(scale))
  demand(places >= MIN_SCALE && places <= MAX_SCALE, `the scale ${scale} is outside ${MIN_SCALE} to ${MAX_SCALE}`)
  return roundTo(n, places, rule)
}

/** number(from, grouping separator, decimal separator): null when the text is no number. */
export function readNumber(text: string, group: string | null, point: string | null): FeelNumber | null {
  demand(group === null || [' ', ',', '.'].includes(group), `"${group}" is not a grouping separator`)
  demand(point === null || [',', '.'].includes(point), `"${point}" is not a decimal separator`)
  demand(group === null || group !== point, 'the separators are the same')
  let plain = group === null ? text : text.split(group).join('')
  if (point !== null && point !== '.') {
    if (plain.includes('.')) return null
    plain = plain.replace(point, '.')
  }
  return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(plain.trim()) ? readDecimal(plain.trim()) : null
}

/** The values that occur most often, in ascending order. */
export function mode(values: unknown[]): unknown[] {
  demand(values.every(isNumber), 'mode() takes numbers')
  const counts = new Map<string, { value: FeelNumber; count: number }>()
  for (const value of values as FeelNumber[]) {
    const known = counts.get(String(value))
    if (known) known.count++
    else counts.set(String(value), { value, count: 1 })
  }
  const most = Math.max(...[...counts.values()].map(({ count }) => count))
  return [...counts.values()].flatMap(({ value, count }) => (count === most ? [value] : [])).sort(compareNumbers)
}
