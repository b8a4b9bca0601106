/** Days of a calendar's view, in the reader's own time zone. Weeks begin on Monday. */
export type Mode = 'month' | 'week'

/** Midnight of the day `count` days later; days are not all 24 hours long. */
export const addDays = (day: Date, count: number): Date => new Date(day.getFullYear(), day.getMonth(), day.getDate() + count)

const mondayOf = (day: Date): Date => addDays(day, -((day.getDay() + 6) % 7))

/** The seven days of the week, or the whole weeks that the month touches. */
export function daysOf(mode: Mode, anchor: Date): Date[] {
  if (mode === 'week') return Array.from({ length: 7 }, (_, index) => addDays(mondayOf(anchor), index))
  const first = mondayOf(new Date(anchor.getFullYear(), anchor.getMonth(), 1))
  const last = new Date(anchor.getFullYear(), anchor.getMonth() + 1, 0)
  const days: Date[] = []
  for (let day = first; day <= last || days.length % 7 !== 0; day = addDays(day, 1)) days.push(day)
  return days
}

export const shift = (mode: Mode, anchor: Date, by: 1 | -1): Date =>
  mode === 'week' ? addDays(anchor, 7 * by) : new Date(anchor.getFullYear(), anchor.getMonth() + by, 1)

/** Does [from, to) touch the day? */
export const touches = (from: string, to: string, day: Date): boolean => new Date(from) < addDays(day, 1) && new Date(to) > day
