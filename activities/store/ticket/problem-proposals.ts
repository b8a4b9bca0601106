import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { type Recurrence, recurrences, rehearse } from '#domain/recurrence'
import type { RecurrenceField, RecurrenceRule } from '#schema/recurrence'
import type { Actor } from '#schema/role'
import { type Db, inTransaction, instant, type Trx } from '../database.ts'
import { appendNext } from '../facts.ts'
import { openTicket } from './intake.ts'
import { recurrenceRules } from './recurrence-rules.ts'
import { LinkRefused, linkTickets } from './ticket-links.ts'

const columns: Record<RecurrenceField, string> = { ciId: 'ci_id', category: 'category', service: 'service' }
const dayMs = 86_400_000

/**
 * Incidents that could be the same, opened after `since`: not canceled, no duplicates; `new`: not told of by a problem yet, `all`: those too, as
 * they were when they came.
 */
async function occurrencesOf(db: Db | Trx, field: RecurrenceField, since: number, which: 'new' | 'all') {
  const column = sql.ref(`t.${columns[field]}`)
  const { rows } = await sql<{
    ticketId: string
    openedAt: Date
    value: string
  }>`select t.id as ticket_id, t.opened_at, ${column} as value from ticket t
    where t.kind = 'incident' and not t.is_imported and t.status <> 'canceled' and ${column} is not null and t.opened_at > ${instant(since)}
      and not exists (select from ticket_link l join ticket o on o.id = l.to_id where l.from_id = t.id and l.unlinked_at is null
        and (l.kind = 'duplicateOf' or (l.kind = 'causedBy' and o.kind = 'problem' and ${which === 'new'})))`.execute(db)
  return rows.map(({ openedAt, ...row }) => ({ ...row, openedAt: openedAt.getTime() }))
}

async function decidedUntil(trx: Trx, ruleId: string): Promise<Map<string, number>> {
  const rows = await trx
    .selectFrom('problemProposal')
    .select('value')
    .select((eb) => eb.fn.max('lastAt').as('lastAt'))
    .where('ruleId', '=', ruleId)
    .where('state', '<>', 'open')
    .groupBy('value')
    .execute()
  return new Map(rows.map(({ value, lastAt }) => [value, (lastAt as unknown as Date).getTime()]))
}

/** One look at the incidents by every active rule; returns how many proposals are new. Repeated, it only brings open proposals up to date. */
export function proposeProblems(db: Db | Trx, now: number): Promise<number> {
  return inTransaction(db, async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('problem-proposals', 9))`.execute(trx)
    let made = 0
    for (const rule of await recurrenceRules(trx)) {
      if (!rule.isActive) continue
      const found = recurrences(
        rule,
        await occurrencesOf(trx, rule.field, now - 2 * rule.days * dayMs, 'new'),
        await decidedUntil(trx, rule.id),
        now,
      )
      for (const recurrence of found) if (await propose(trx, rule, recurrence, now)) made++
    }
    return made
  })
}

/** What a rule that is not saved yet would have proposed since then, and how many incidents it looked at. */
export async function rehearseRule(
  db: Db | Trx,
  rule: Pick<RecurrenceRule, 'field' | 'least' | 'days'>,
  since: number,
): Promise<{ considered: number; proposals: Recurrence[] }> {
  const occurrences = await occurrencesOf(db, rule.field, since, 'all')
  return { considered: occurrences.length, proposals: rehearse(rule, occurrences) }
}

async function propose(trx: Trx, rule: RecurrenceRule, { value, ticketIds, firstAt, lastAt }: Recurrence, now: number): Promise<boolean> {
  const seen = { ticketIds, firstAt: instant(firstAt), lastAt: instant(lastAt), least: rule.least, days: rule.days }
  const open = await trx
    .updateTable('problemProposal')
    .set(seen)
    .where('ruleId', '=', rule.id)
    .where('value', '=', value)
    .where('state', '=', 'open')
    .returning('id')
    .executeTakeFirst()
  if (open) return false
  const id = randomUUID()
  await trx
    .insertInto('problemProposal')
    .values({ id, ruleId: rule.id, field: rule.field, value, ...seen, state: 'open', proposedAt: instant(now) })
    .execute()
  await appendNext(trx, `problemProposal/${id}`, [decided('system', now, id, 'proposed', `${rule.id} ${value}: ${ticketIds.length}`)])
  return true
}

const decided = (actorId: string, at: number, id: string, field: string, to: string) => ({
  actorId,
  fact: { type: 'recordChanged' as const, at, noun: 'problemProposal', id, field, from: null, to },
})

/** Settles an open proposal; undefined: it was settled before, or never was. */
async function settle(
  trx: Trx,
  id: string,
  to: { state: 'accepted' | 'dismissed'; problemId?: string; reason: string },
  actorId: string,
  at: number,
) {
  const row = await trx
    .updateTable('problemProposal')
    .set({ ...to, decidedAt: instant(at), decidedBy: actorId })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .returningAll()
    .executeTakeFirst()
  if (row) await appendNext(trx, `problemProposal/${id}`, [decided(actorId, at, id, to.state, to.problemId ?? to.reason)])
  return row
}

export const dismissProposal = (db: Db | Trx, id: string, reason: string, actorId: string, at: number): Promise<boolean> =>
  inTransaction(db, async (trx) => (await settle(trx, id, { state: 'dismissed', reason }, actorId, at)) !== undefined)

/**
 * Opens the problem and links the incidents to it. The problem's id is the proposal's: cut off in between, a repetition goes on where it stopped.
 * Undefined: the proposal was dismissed, or never was.
 */
export async function acceptProposal(
  db: Db,
  id: string,
  problem: { title: string; description: string; impact: 1 | 2 | 3; urgency: 1 | 2 | 3 },
  actor: Actor,
  at: number,
): Promise<{ ticketId: string; number: string } | undefined> {
  const proposal = await db.selectFrom('problemProposal').selectAll().where('id', '=', id).executeTakeFirst()
  if (!proposal || proposal.state === 'dismissed') return undefined
  const known = await db.selectFrom('ticket').select('number').where('id', '=', id).executeTakeFirst()
  const place = { [proposal.field]: proposal.value }
  const opened =
    known ??
    (await openTicket(db, {
      kind: 'problem',
      channel: 'portal',
      openedById: actor.id,
      ticketId: id,
      fields: { ...problem, ...place, requesterId: actor.id },
      extra: { raisedFrom: 'recurrence', incidentCount: proposal.ticketIds.length },
      at,
    }))
  await inTransaction(db, (trx) => settle(trx, id, { state: 'accepted', problemId: id, reason: '' }, actor.id, at))
  for (const fromId of proposal.ticketIds)
    await linkTickets(db, { kind: 'causedBy', fromId, toId: id, actor, reason: opened.number, at }).catch((error: unknown) => {
      if (!(error instanceof LinkRefused)) throw error
    })
  return { ticketId: id, number: opened.number }
}
