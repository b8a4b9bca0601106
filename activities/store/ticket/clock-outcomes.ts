/** A ticket's clocks as their projection holds them, in the words of a recomputation. */
import type { Recomputed } from '#domain/recompute'
import type { ClockOutcome } from '#schema/fact'
import type { Db, Trx } from '../database.ts'

export async function clockOutcomes(db: Db | Trx, ticketId: string): Promise<Recomputed['outcomes']> {
  const rows = await db.selectFrom('clock').selectAll().where('ticketId', '=', ticketId).orderBy('startedAt').orderBy('clockId').execute()
  return rows.map((row) => ({
    clockId: row.clockId,
    metric: row.metric,
    outcome: {
      state: row.state as ClockOutcome['state'],
      policyId: row.policyId,
      policyVersion: row.policyVersion,
      calendarId: row.calendarId,
      calendarVersion: row.calendarVersion,
      targetMs: row.targetMs,
      startedAt: row.startedAt.getTime(),
      dueAt: row.dueAt?.getTime() ?? null,
      elapsedBusinessMs: row.elapsedBusinessMs ?? (row.remainingBusinessMs === null ? 0 : row.targetMs - row.remainingBusinessMs),
      stoppedAt: row.stoppedAt?.getTime() ?? null,
      breachedAt: row.breachedAt?.getTime() ?? null,
      ownedMs: row.ownedMs as Record<string, number>,
      kind: row.kind as ClockOutcome['kind'],
      groupId: row.groupId,
      name: row.name as ClockOutcome['name'],
    },
  }))
}
