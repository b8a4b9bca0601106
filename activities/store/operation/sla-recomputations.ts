/** Recomputations of service levels: their rows, and nothing of what compares or changes the tickets. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { type ClockChange, transitionOf } from '#domain/recompute'
import type { Actor } from '#schema/role'
import {
  nextRecomputationState,
  type SlaRecomputationAction,
  type SlaRecomputationItemState,
  type SlaRecomputationState,
  type SlaRecomputationTicket,
  type SlaRecomputationView,
  type SlaScope,
} from '#schema/sla-recomputation'
import { type Db, inTransaction, iso, json, maybeIso, type Trx } from '../database.ts'
import { loadBundle } from '../definition/definitions.ts'
import { appendNext } from '../facts.ts'
import { type Draft, isConcerned } from '../definition/policy-bundle.ts'

export interface NewRecomputation {
  scope: SlaScope
  /** Compared with this text as the next version; null: with the version deployed now. */
  draft: string | null
  targetVersion: number | null
  /** Tickets that ended since then are compared too. */
  since: Date | null
  reason: string
  actor: Actor
  /** UTC epoch ms */
  at: number
}

/** An operation as its runner sees it. */
export interface Recomputation {
  id: string
  scope: SlaScope
  draft: Draft | null
  reason: string
  state: SlaRecomputationState
  actor: Actor
}

export interface RecomputationItem {
  ticketId: string
  isPast: boolean
  fromHash: string
  toHash: string | null
}

const record = (trx: Trx, id: string, actorId: string, at: number, from: string | null, to: string): Promise<unknown> =>
  appendNext(trx, `sla-recomputation/${id}`, [
    { actorId, fact: { type: 'recordChanged', at, noun: 'slaRecomputation', id, field: 'state', from, to } },
  ])

/** Begins with the comparison of all tickets that what was edited concerns. */
export async function createRecomputation(
  db: Db,
  { scope, draft, targetVersion, since, reason, actor, at }: NewRecomputation,
): Promise<string> {
  const id = randomUUID()
  const isWanted = sql<boolean>`(not instance.is_ended or (${since}::timestamptz is not null and exists (select from ticket where ticket.id = instance.ticket_id and ticket.closed_at >= ${since})))`
  const hashes = await db.selectFrom('instance').select('bundleHash').distinct().where(isWanted).execute()
  const concerned: string[] = []
  for (const { bundleHash } of hashes) if (isConcerned(await loadBundle(db, bundleHash), scope)) concerned.push(bundleHash)
  await inTransaction(db, async (trx) => {
    await trx
      .insertInto('slaRecomputation')
      .values({
        id,
        scopeKind: scope.kind,
        scopeId: scope.id,
        draft,
        targetVersion,
        since,
        reason,
        state: 'checking',
        actor: json(actor),
        createdAt: new Date(at),
        updatedAt: new Date(at),
      })
      .execute()
    await sql`insert into sla_recomputation_item (recomputation_id, ticket_id, is_past, from_hash)
      select ${id}::uuid, instance.ticket_id, instance.is_ended, instance.bundle_hash from instance
      where instance.bundle_hash = any(${concerned}) and ${isWanted} and exists (select from ticket where ticket.id = instance.ticket_id)`.execute(
      trx,
    )
    await record(trx, id, actor.id, at, null, 'checking')
  })
  return id
}

export type Changed = { ok: true } | { ok: false; reason: 'unknown' } | { ok: false; reason: 'wrongState'; state: SlaRecomputationState }

/** Apply, or leave it. What was applied stays so. */
export function changeRecomputation(
  db: Db,
  id: string,
  action: SlaRecomputationAction,
  { actor, at, reason }: { actor: Actor; at: number; reason?: string },
): Promise<Changed> {
  return inTransaction(db, async (trx): Promise<Changed> => {
    const row = await trx.selectFrom('slaRecomputation').select('state').where('id', '=', id).forUpdate().executeTakeFirst()
    if (!row) return { ok: false, reason: 'unknown' }
    const state = row.state as SlaRecomputationState
    const to = nextRecomputationState[action][state]
    if (to === undefined) return { ok: false, reason: 'wrongState', state }
    await trx
      .updateTable('slaRecomputation')
      .set({
        state: to,
        updatedAt: new Date(at),
        actor: json(actor),
        ...(reason ? { reason } : {}),
        ...(to === 'aborted' ? { endedAt: new Date(at) } : {}),
      })
      .where('id', '=', id)
      .execute()
    await record(trx, id, actor.id, at, state, to)
    return { ok: true }
  })
}

/** Operations that have something to do, oldest first. */
export async function activeRecomputations(db: Db): Promise<Recomputation[]> {
  const rows = await db
    .selectFrom('slaRecomputation')
    .selectAll()
    .where('state', 'in', ['checking', 'applying'])
    .orderBy('createdAt')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    scope: { kind: row.scopeKind as SlaScope['kind'], id: row.scopeId },
    draft: row.draft === null ? null : { source: row.draft, version: row.targetVersion ?? 1 },
    reason: row.reason,
    state: row.state as SlaRecomputationState,
    actor: row.actor as unknown as Actor,
  }))
}

/** The next tickets of an operation, those that failed least often first. Past ones are never changed, and what has the version already need not be. */
export async function nextRecomputationItems(db: Db, { id, state }: Recomputation, limit: number): Promise<RecomputationItem[]> {
  let query = db
    .selectFrom('slaRecomputationItem')
    .select(['ticketId', 'isPast', 'fromHash', 'toHash'])
    .where('recomputationId', '=', id)
    .orderBy('attempts')
    .orderBy('ticketId')
    .limit(limit)
  if (state === 'checking') query = query.where('state', '=', 'waiting')
  else query = query.where('state', 'in', ['changed', 'unchanged']).where('isPast', '=', false).whereRef('toHash', '!=', 'fromHash')
  return query.execute()
}

export interface RecomputedItem {
  state: SlaRecomputationItemState
  changes?: ClockChange[]
  toHash?: string
  code?: string
  message?: string
}

export async function settleRecomputationItem(db: Db, id: string, ticketId: string, outcome: RecomputedItem): Promise<void> {
  const { state, changes, toHash, code = null, message = null } = outcome
  await db
    .updateTable('slaRecomputationItem')
    .set({
      state,
      code,
      message: message?.slice(0, 1_000) ?? null,
      updatedAt: new Date(),
      ...(toHash === undefined ? {} : { toHash }),
      ...(changes === undefined ? {} : { changes: json(changes), transitions: [...new Set(changes.map(transitionOf))] }),
    })
    .where('recomputationId', '=', id)
    .where('ticketId', '=', ticketId)
    .execute()
}

/** The ticket could not be reached, or had moved on: it is tried again after the others. */
export async function deferRecomputationItem(db: Db, id: string, ticketId: string, message: string): Promise<void> {
  await db
    .updateTable('slaRecomputationItem')
    .set((eb) => ({ attempts: eb('attempts', '+', 1), message: message.slice(0, 1_000), updatedAt: new Date() }))
    .where('recomputationId', '=', id)
    .where('ticketId', '=', ticketId)
    .execute()
}

/** Nothing is left to do. Not when it was aborted meanwhile. */
export async function finishRecomputation(db: Db, { id, state, actor }: Recomputation, at: number): Promise<void> {
  const to = state === 'checking' ? 'checked' : 'done'
  await inTransaction(db, async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('slaRecomputation')
      .set({ state: to, updatedAt: new Date(at), ...(to === 'done' ? { endedAt: new Date(at) } : {}) })
      .where('id', '=', id)
      .where('state', '=', state)
      .executeTakeFirst()
    if (numUpdatedRows > 0n) await record(trx, id, actor.id, at, state, to)
  })
}

export async function listRecomputations(db: Db, scope: Partial<SlaScope>, limit: number): Promise<SlaRecomputationView[]> {
  let query = db.selectFrom('slaRecomputation').select('id').orderBy('createdAt', 'desc').limit(limit)
  if (scope.kind !== undefined) query = query.where('scopeKind', '=', scope.kind)
  if (scope.id !== undefined) query = query.where('scopeId', '=', scope.id)
  const rows = await query.execute()
  const views = await Promise.all(rows.map(({ id }) => readRecomputation(db, id)))
  return views.filter((view) => view !== null)
}

export async function readRecomputation(db: Db, id: string): Promise<SlaRecomputationView | null> {
  const row = await db.selectFrom('slaRecomputation').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) return null
  const counted = await db
    .selectFrom('slaRecomputationItem')
    .select(['state', 'isPast', (eb) => eb.fn.countAll<number>().as('count')])
    .where('recomputationId', '=', id)
    .groupBy(['state', 'isPast'])
    .execute()
  const count = (state: SlaRecomputationItemState, isPast: boolean) =>
    counted.find((one) => one.state === state && one.isPast === isPast)?.count ?? 0
  const { rows: transitions } = await sql<{ transition: string; open: number; past: number }>`
    select transition, (count(*) filter (where not is_past))::int as open, (count(*) filter (where is_past))::int as past
    from sla_recomputation_item, unnest(transitions) as transition where recomputation_id = ${id} group by transition order by count(*) desc, transition`.execute(
    db,
  )
  const { id: actorId, name } = row.actor as unknown as Actor
  const [{ current } = { current: 0 }] = await db
    .selectFrom('slaRecomputationItem')
    .select((eb) => eb.fn.countAll<number>().as('current'))
    .where('recomputationId', '=', id)
    .where('isPast', '=', false)
    .where('state', '=', 'unchanged')
    .whereRef('toHash', '=', 'fromHash')
    .execute()
  const open = (state: SlaRecomputationItemState) => count(state, false)
  const past = (state: SlaRecomputationItemState) => count(state, true)
  return {
    id,
    scope: { kind: row.scopeKind as SlaScope['kind'], id: row.scopeId },
    isDraft: row.draft !== null,
    targetVersion: row.targetVersion,
    since: maybeIso(row.since),
    reason: row.reason,
    state: row.state as SlaRecomputationState,
    startedBy: { id: actorId, name },
    createdAt: iso(row.createdAt),
    endedAt: maybeIso(row.endedAt),
    open: {
      waiting: open('waiting'),
      unchanged: open('unchanged') - current,
      current,
      changed: open('changed'),
      applied: open('applied'),
      refused: open('refused'),
      gone: open('gone'),
    },
    past: { waiting: past('waiting'), unchanged: past('unchanged'), changed: past('changed'), refused: past('refused') },
    transitions,
  }
}

/** Tickets of an operation by number, after one; of one transition when it is named, else those with something to show. */
export async function listRecomputationTickets(
  db: Db,
  id: string,
  { transition, after, limit }: { transition?: string | undefined; after: string; limit: number },
): Promise<SlaRecomputationTicket[]> {
  let query = db
    .selectFrom('slaRecomputationItem as item')
    .innerJoin('ticket', 'ticket.id', 'item.ticketId')
    .select(['item.ticketId', 'ticket.number', 'ticket.title', 'item.isPast', 'item.state', 'item.message', 'item.changes'])
    .where('item.recomputationId', '=', id)
    .where('ticket.number', '>', after)
    .orderBy('ticket.number')
    .limit(limit)
  query = transition
    ? query.where(sql<boolean>`${transition} = any(item.transitions)`)
    : query.where(sql<boolean>`(cardinality(item.transitions) > 0 or item.state in ('refused', 'gone'))`)
  return (await query.execute()).map((row) => ({
    ...row,
    state: row.state as SlaRecomputationItemState,
    changes: (row.changes as unknown as ClockChange[]).map((change) => ({ ...change, transition: transitionOf(change) })),
  }))
}
