import type { Db } from '../store/database.ts'
import type { ReplayTicket } from './replay-plan.ts'

export interface ReplayOutcome {
  tickets: number
  /** Ended in the state that the log gives. */
  sameStatus: number
  sameReopenings: number
  /** Live minus log, ms, per ticket that was resolved; sorted. */
  resolveDifferencesMs: number[]
  /** Log's median time to resolve, ms. */
  expectedMedianMs: number | null
  /** Number, reference, and how they differ. */
  different: string[]
}

const median = (sorted: readonly number[]): number | null => {
  const middle = Math.floor(sorted.length / 2)
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]]
  return low === undefined || high === undefined ? null : (low + high) / 2
}
const ascending = (values: number[]): number[] => values.sort((a, b) => a - b)

/** Sets the live tickets, as their projections have them, beside what the log says. */
export async function compareReplay(db: Db, ids: ReadonlyMap<string, ReplayTicket>): Promise<ReplayOutcome> {
  const rows =
    ids.size === 0
      ? []
      : await db
          .selectFrom('ticket')
          .select(['id', 'number', 'status', 'openedAt', 'resolvedAt', 'reopenCount'])
          .where('id', 'in', [...ids.keys()])
          .execute()
  const outcome: ReplayOutcome = {
    tickets: ids.size,
    sameStatus: 0,
    sameReopenings: 0,
    resolveDifferencesMs: [],
    expectedMedianMs: null,
    different: [],
  }
  for (const row of rows) {
    const ticket = ids.get(row.id)
    if (ticket === undefined) continue
    const { status, reopenCount, resolveMs } = ticket.expected
    if (row.status === status) outcome.sameStatus += 1
    if (row.reopenCount === reopenCount) outcome.sameReopenings += 1
    if (row.status !== status || row.reopenCount !== reopenCount)
      outcome.different.push(
        `  ${row.number} (${ticket.reference}): ${row.status}, reopened ${row.reopenCount}; the log has ${status}, reopened ${reopenCount}`,
      )
    if (row.resolvedAt !== null) outcome.resolveDifferencesMs.push(row.resolvedAt.getTime() - row.openedAt.getTime() - resolveMs)
  }
  ascending(outcome.resolveDifferencesMs)
  outcome.expectedMedianMs = median(ascending([...ids.values()].map(({ expected }) => expected.resolveMs)))
  return outcome
}

const hours = (ms: number | null): string => (ms === null ? 'unknown' : `${(ms / 3_600_000).toFixed(1)} h`)
/** Lines of a list before "and n more". */
const longestList = 20

export function replaySummary(outcome: ReplayOutcome, actions: number, failures: readonly string[]): string {
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0
      ? []
      : [
          `${title} (${lines.length}):`,
          ...lines.slice(0, longestList),
          ...(lines.length > longestList ? [`  and ${lines.length - longestList} more`] : []),
        ]
  return [
    ...list('Not possible', failures),
    ...list('Different from the log', outcome.different),
    `${outcome.tickets} tickets lived through the process with ${actions} actions by people.`,
    `Same final state as in the log: ${outcome.sameStatus} of ${outcome.tickets}. Reopened as often: ${outcome.sameReopenings} of ${outcome.tickets}.`,
    `Time to resolve: median ${hours(outcome.expectedMedianMs)} in the log; live minus log, median ${hours(median(outcome.resolveDifferencesMs))}.`,
  ].join('\n')
}
