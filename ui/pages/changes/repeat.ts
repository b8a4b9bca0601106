/** The common repetitions of a window, and the RRULE of each for a first day. */
export const repeats = ['once', 'daily', 'weekly', 'biweekly', 'monthly', 'custom'] as const
export type Repeat = (typeof repeats)[number]

const days = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']

/** The rule of a repetition that begins on the day of `startsAt` (wall time); null: once. */
export function ruleOf(repeat: Exclude<Repeat, 'custom'>, startsAt: string): string | null {
  const start = new Date(`${startsAt}Z`)
  const day = days[start.getUTCDay()] ?? 'MO'
  switch (repeat) {
    case 'once':
      return null
    case 'daily':
      return 'FREQ=DAILY'
    case 'weekly':
      return `FREQ=WEEKLY;BYDAY=${day}`
    case 'biweekly':
      return `FREQ=WEEKLY;INTERVAL=2;BYDAY=${day}`
    case 'monthly':
      return `FREQ=MONTHLY;BYDAY=${Math.min(4, Math.ceil(start.getUTCDate() / 7))}${day}`
  }
}

/** Which repetition a rule is; one that none of them makes is the reader's own. */
export const repeatOf = (rule: string | null, startsAt: string): Repeat =>
  (['once', 'daily', 'weekly', 'biweekly', 'monthly'] as const).find((repeat) => ruleOf(repeat, startsAt) === rule) ?? 'custom'
