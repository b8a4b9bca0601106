/** What ended changes say: of a team, of items, of a template. */
import { sql } from 'kysely'
import { type Ended, successRate } from '#domain/change/outcome'
import { ChangeOutcome } from '#schema/change'
import { type Db, instant, type Trx } from '../database.ts'

const dayMs = 86_400_000
/** Days that a team's success rate looks back, and an item's failures. */
export const rateDays = 180
const failureDays = 90

type OutcomeRow = { outcome: string | null; closedAt: Date | null }
const endedOf = (rows: readonly OutcomeRow[]): Ended[] =>
  rows.flatMap(({ outcome, closedAt }) => {
    const known = ChangeOutcome.safeParse(outcome)
    return known.success && closedAt ? [{ outcome: known.data, at: closedAt.getTime() }] : []
  })

export interface TeamRecord {
  /** Null: no change of the team was closed lately. */
  teamSuccessRate: number | null
  teamChanges: number
}

/** How a team's changes ended in the last 180 days. */
export async function teamRecord(db: Db | Trx, groupId: string | null, at: number): Promise<TeamRecord> {
  if (groupId === null) return { teamSuccessRate: null, teamChanges: 0 }
  const { rows } =
    await sql<OutcomeRow>`select resolution_code as outcome, closed_at from ticket where kind = 'change' and group_id = ${groupId}
    and status = 'closed' and closed_at > ${instant(at - rateDays * dayMs)}`.execute(db)
  const ended = endedOf(rows)
  return { teamSuccessRate: successRate(ended.map(({ outcome }) => outcome)), teamChanges: ended.length }
}

/** Changes of any of these items that failed or were backed out in the last 90 days, and incidents that their changes caused. */
export async function itemsRecord(
  db: Db | Trx,
  ciIds: readonly string[],
  at: number,
): Promise<{ recentFailures: number; recentIncidents: number }> {
  if (ciIds.length === 0) return { recentFailures: 0, recentIncidents: 0 }
  const since = instant(at - failureDays * dayMs)
  const { rows } = await sql<{ recentFailures: number; recentIncidents: number }>`
    select (select count(*)::int from change_record where ci_ids && ${[...ciIds]}::text[] and outcome in ('failed', 'backedOut') and closed_at > ${since}) as recent_failures,
      (select count(distinct l.from_id)::int from ticket_link l join change_record c on c.id = l.to_id where l.kind = 'causedBy' and l.unlinked_at is null and l.created_at > ${since}
        and c.ci_ids && ${[...ciIds]}::text[]) as recent_incidents`.execute(db)
  return rows[0] ?? { recentFailures: 0, recentIncidents: 0 }
}

/**
 * How the changes of a template ended. `including`: one whose outcome is known but whose ticket is about to be closed; it counts as closed at `at`.
 */
export async function templateOutcomes(db: Db | Trx, templateId: string, including: string | null, at: number): Promise<Ended[]> {
  const { rows } =
    await sql<OutcomeRow>`select outcome, case when id = ${including}::uuid then ${instant(at)}::timestamptz else closed_at end as closed_at
    from change_record where template_id = ${templateId} and (id = ${including}::uuid or status = 'closed')`.execute(db)
  return endedOf(rows)
}
