/**
 * FEEL's years reach from -999,999,999 to 999,999,999 (DMN 1.3 clause 10.3.2.3.5), Temporal's to about ±270,000. The calendar
 * repeats every 400 years, weekdays included: a far date is the same day between 2000 and 2399, and a count of such cycles.
 */
const MAX_YEAR = 999_999_999
const NEAR_YEAR = 200_000
const CYCLE_YEARS = 400
export const CYCLE_DAYS = 146_097
const CYCLE_MS = CYCLE_DAYS * 86_400_000

const cycles = new WeakMap<object, number>()
/** Zero for all dates of usual years. */
export const cyclesOf = (value: object): number => cycles.get(value) ?? 0
/** Milliseconds that a far date's cycles stand for. */
export const farMs = (value: object): number => cyclesOf(value) * CYCLE_MS

/** A year as Temporal's and its cycles. @throws RangeError beyond FEEL's years */
export function splitYear(year: number): { year: number; cycles: number } {
  if (!Number.isInteger(year) || Math.abs(year) > MAX_YEAR) throw new RangeError(`the year ${year} is outside the calendar`)
  if (Math.abs(year) <= NEAR_YEAR) return { year, cycles: 0 }
  const near = 2000 + ((((year - 2000) % CYCLE_YEARS) + CYCLE_YEARS) % CYCLE_YEARS)
  return { year: near, cycles: (year - near) / CYCLE_YEARS }
}

export const wholeYear = (near: number, far: number): number => near + far * CYCLE_YEARS

/** Marks `value`, made of a near date, as far away: its year and its text tell. */
export function placeFar(value: object, far: number, year: number): void {
  if (far === 0) return
  cycles.set(value, far)
  Object.defineProperty(value, 'year', { value: year })
}
