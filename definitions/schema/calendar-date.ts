/** Arithmetic of calendar dates (`2026-03-31`), without clock or zone. */
const dayMs = 86_400_000
const parse = (date: string): Date => new Date(`${date}T00:00:00Z`)
const format = (date: Date): string => date.toISOString().slice(0, 10)

export const addDays = (date: string, days: number): string => format(new Date(parse(date).getTime() + days * dayMs))
export const daysBetween = (from: string, to: string): number => Math.round((parse(to).getTime() - parse(from).getTime()) / dayMs)

/** The same day some months away; the month's last one where it has no such day. The last day of a month stays a last day. */
export function addMonths(date: string, months: number): string {
  const start = parse(date)
  const isLast = parse(addDays(date, 1)).getUTCDate() === 1
  const lastOfTarget = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + months + 1, 0))
  const day = isLast ? lastOfTarget.getUTCDate() : Math.min(start.getUTCDate(), lastOfTarget.getUTCDate())
  return format(new Date(Date.UTC(lastOfTarget.getUTCFullYear(), lastOfTarget.getUTCMonth(), day)))
}

/** Last day on which notice may be given: the contract's last day less the notice. */
export const noticeDate = (contract: { endsOn: string; noticeValue: number; noticeUnit: string }): string =>
  contract.noticeUnit === 'days' ? addDays(contract.endsOn, -contract.noticeValue) : addMonths(contract.endsOn, -contract.noticeValue)
