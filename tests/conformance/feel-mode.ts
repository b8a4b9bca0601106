/** `{expr, expected}`: FEEL alone. `$date`, `$time`, `$dateTime`, `$duration` mark typed values; they are compared by their ISO text. */
import type { Json, Variables } from '#engine/contract'
import { evaluateFeel, FeelFailure } from '#engine/expression'
import type { Outcome } from './cases.ts'

export interface FeelCase {
  expr: string
  expected: Json
  errorResult?: boolean
}

const CLOCK = { at: Date.UTC(2026, 0, 5, 8), timeZone: 'UTC' }

export function runFeelCase(test: FeelCase): Outcome {
  try {
    const found = evaluateFeel(test.expr, {} as Variables, CLOCK)
    return isEqual(found, test.expected)
      ? { verdict: 'passed' }
      : { verdict: 'failed', reason: `${test.expr}: expected ${JSON.stringify(test.expected)}, found ${JSON.stringify(found)}` }
  } catch (error) {
    if (!(error instanceof FeelFailure)) throw error
    if (test.expected === null) return { verdict: 'passed' }
    return { verdict: 'failed', reason: `${test.expr}: expected ${JSON.stringify(test.expected)}, found failure ${error.message}` }
  }
}

/** Numbers within 1e-8; typed values by their text, a duration's or zone's way of writing apart. */
export function isEqual(found: Json, expected: Json): boolean {
  if (typeof found === 'number' && typeof expected === 'number') return Math.abs(found - expected) <= 1e-8 * Math.max(1, Math.abs(expected))
  if (Array.isArray(found) && Array.isArray(expected))
    return found.length === expected.length && found.every((item, index) => isEqual(item, expected[index]!))
  if (expected !== null && typeof expected === 'object' && !Array.isArray(expected)) {
    const [mark, ...others] = Object.keys(expected)
    if (mark?.startsWith('$') && others.length === 0) return normal(String(found)) === normal(String(expected[mark]))
    if (found === null || typeof found !== 'object' || Array.isArray(found)) return false
    const keys = new Set([...Object.keys(found), ...Object.keys(expected)])
    return [...keys].every((key) => isEqual(found[key] ?? null, expected[key] ?? null))
  }
  return found === expected
}

/** An empty duration of years and months may be written `P0Y` or `P0M`. */
const normal = (text: string): string =>
  text
    .replace(/^P0[YM]$/, 'P0M')
    .replace(/\+00:00$/, 'Z')
    .replace(/@(?:UTC|Etc\/UTC)$/, 'Z')
    .replace(/\.0+(?=$|[Z+@-])/, '')
