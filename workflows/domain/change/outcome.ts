/** What outcomes come to: a team's success rate, and when a template is no longer to be trusted. */
import { type ChangeOutcome, countedOutcomes, goodOutcomes } from '#schema/change'

export interface Ended {
  outcome: ChangeOutcome
  /** UTC epoch ms. */
  at: number
}

/** Share of successful changes among those that were made; null: none was. */
export function successRate(outcomes: readonly ChangeOutcome[]): number | null {
  const counted = outcomes.filter((outcome) => countedOutcomes.includes(outcome))
  return counted.length === 0 ? null : counted.filter((outcome) => goodOutcomes.includes(outcome)).length / counted.length
}

const isFailure = (outcome: ChangeOutcome): boolean => countedOutcomes.includes(outcome) && !goodOutcomes.includes(outcome)

/** Failures of a template within its days, the earlier ones forgotten; those before `since` (its last revision) do not count. */
export const failuresWithin = (ended: readonly Ended[], days: number, since: number, at: number): number =>
  ended.filter((each) => isFailure(each.outcome) && each.at > Math.max(since, at - days * 86_400_000) && each.at <= at).length

/** The final risk is the highest of what was worked out and what was answered. */
export const highestRisk = (...levels: readonly (number | null)[]): number | null => {
  const known = levels.filter((level) => level !== null)
  return known.length === 0 ? null : Math.max(...known)
}

/** A board's vote: one rejection is a veto; else enough approvals must have come. */
export function verdictOf(votes: readonly { decision: string | null }[], quorum: number): 'approved' | 'rejected' | 'open' {
  if (votes.some(({ decision }) => decision === 'rejected')) return 'rejected'
  if (votes.filter(({ decision }) => decision === 'approved').length >= quorum) return 'approved'
  return votes.every(({ decision }) => decision !== null) ? 'rejected' : 'open'
}
