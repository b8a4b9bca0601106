import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { type Recurrence, recurrences } from '#domain/recurrence'
import type { Json } from '#schema/json'
import type { RecurrenceField, RecurrenceRule } from '#schema/recurrence'
import type { Actor } from '#schema/role'
import { type Db, inTransaction, instant, type Trx } from '../database.ts'
import { appendNext } from '../facts.ts'
import { openTicket } from './intake.ts'
import { LinkRefused, linkTickets } from './ticket-links.ts'

const columns: Record<RecurrenceField, string> = { ciId: 'ci_id', category: 'category', service: 'service' }
const dayMs = 86_400_000

export async function recurrenceRules(db: Db | Trx): Promise<(RecurrenceRule & { version: number })[]> {
  const rows = await db.selectFrom('recurrenceRule').selectAll().orderBy('id').execute()
  return rows.map(({ nameFr, nameEn, field, id, least, days, isActive, version }) => ({
    id,
    name: { fr: nameFr, en: nameEn },
    field: field as RecurrenceField,
    least,
    days,
    isActive,
    version,
  }))
}

/** Adds or changes a rule, and records what changed. */
export function saveRecurrenceRule(db: Db | Trx, rule: RecurrenceRule, actorId: string, at: number): Promise<void> {
  return inTransaction(db, async (trx) => {
    const before = (await recurrenceRules(trx)).find(({ id }) => id === rule.id)
    const { id, name, field, least, days, isActive } = rule
    const row = {
      nameFr: name.fr,
      nameEn: name.en,
      field,
      least,
      days,
      isActive,
      version: (before?.version ?? 0) + 1,
      updatedAt: instant(at),
    }
    await trx
      .insertInto('recurrenceRule')
      .values({ id, ...row })
      .onConflict((on) => on.column('id').doUpdateSet(row))
      .execute()
    const facts = (['name', 'field', 'least', 'days', 'isActive'] as const)
      .filter((key) => JSON.stringify(before?.[key]) !== JSON.stringify(rule[key]))
      .map((key) => ({
        actorId,
        fact: {
          type: 'recordChanged' as const,
          at,
          noun: 'recurrenceRule',
          id,
          field: key,
          from: (before?.[key] ?? null) as Json,
          to: rule[key] as Json,
        },
      }))
    if (facts.length > 0) await appendNext(trx, `recurrenceRule/${id}`, facts)
  })
}

/** Incidents that could be the same: not canceled, no duplicates, not told of by a problem yet. */
async function occurrencesOf(trx: Trx, { field, days }: RecurrenceRule, now: number) {
  const column = sql.ref(`t.${columns[field]}`)
  const { rows } = await sql<{
    ticketId: string
    openedAt: Date
    value: string
  }>`select t.id as ticket_id, t.opened_at, ${column} as value from ticket t
    where t.kind = 'incident' and not t.is_imported and t.status <> 'canceled' and ${column} is not null and t.opened_at > ${instant(now - 2 * days * dayMs)}
      and not exists (select from ticket_link l join ticket o on o.id = l.to_id where l.from_id = t.id and l.unlinked_at is null
        and (l.kind = 'duplicateOf' or (l.kind = 'causedBy' and o.kind = 'problem')))`.execute(trx)
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
      const found = recurrences(rule, await occurrencesOf(trx, rule, now), await decidedUntil(trx, rule.id), now)
      for (const recurrence of found) if (await propose(trx, rule, recurrence, now)) made++
    }
    return made
  })
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
