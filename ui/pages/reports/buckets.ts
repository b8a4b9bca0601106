/** Days as the API counts them, put together so that a chart stays readable. Days are ISO dates. */
export interface DayCount {
  day: string
  opened: number
  resolved: number
}
export type BucketSize = 'day' | 'week' | 'month'
export interface Bucket {
  /** First day, and the day after the last one. */
  from: string
  to: string
  opened: number
  resolved: number
}

const dayMs = 86_400_000
const parse = (day: string): number => Date.parse(`${day}T00:00:00Z`)
const print = (instant: number): string => new Date(instant).toISOString().slice(0, 10)

/** A day up to 62 days, weeks up to 26 weeks, months beyond. */
export function bucketSize(days: readonly DayCount[]): BucketSize {
  const first = days[0]
  const last = days.at(-1)
  if (!first || !last) return 'day'
  const span = (parse(last.day) - parse(first.day)) / dayMs + 1
  return span <= 62 ? 'day' : span <= 183 ? 'week' : 'month'
}

/** Start of the bucket that holds the day; weeks begin on Monday (ISO 8601). */
function startOf(day: string, size: BucketSize): string {
  if (size === 'month') return `${day.slice(0, 7)}-01`
  if (size === 'day') return day
  const instant = parse(day)
  return print(instant - ((new Date(instant).getUTCDay() + 6) % 7) * dayMs)
}

function nextOf(start: string, size: BucketSize): string {
  if (size !== 'month') return print(parse(start) + (size === 'week' ? 7 : 1) * dayMs)
  const date = new Date(parse(start))
  return print(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1))
}

/** Sums `days` (in order, days without tickets left out) into buckets without a gap. */
export function bucketDays(days: readonly DayCount[], size: BucketSize = bucketSize(days)): Bucket[] {
  const first = days[0]
  const last = days.at(-1)
  if (!first || !last) return []
  const buckets: Bucket[] = []
  const byStart = new Map<string, Bucket>()
  for (let from = startOf(first.day, size); from <= last.day; from = nextOf(from, size)) {
    const bucket = { from, to: nextOf(from, size), opened: 0, resolved: 0 }
    buckets.push(bucket)
    byStart.set(from, bucket)
  }
  for (const day of days) {
    const bucket = byStart.get(startOf(day.day, size))
    if (!bucket) continue
    bucket.opened += day.opened
    bucket.resolved += day.resolved
  }
  return buckets
}

/** The part of a page's period that a preset names, as instants; `to` is exclusive. `today` is an ISO date. */
export function presetPeriod(days: number | null, today: string): { from?: string; to?: string } {
  return days === null ? {} : { from: `${print(parse(today) - (days - 1) * dayMs)}T00:00:00.000Z` }
}

/** From an inclusive range of days to instants. */
export const dayRange = (from: string, to: string): { from?: string; to?: string } => ({
  ...(from === '' ? {} : { from: `${from}T00:00:00.000Z` }),
  ...(to === '' ? {} : { to: `${print(parse(to) + dayMs)}T00:00:00.000Z` }),
})
