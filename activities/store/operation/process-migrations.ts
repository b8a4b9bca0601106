/** Operations that move open tickets to another version of their process: their rows, and nothing of what moves the tickets. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import {
  nextState,
  type ProcessMigrationAction,
  type ProcessMigrationItemState,
  type ProcessMigrationState,
  type ProcessMigrationView,
  processMigrationItemStates,
} from '#schema/process-migration'
import type { Actor } from '#schema/role'
import { type Db, inTransaction, iso, json, maybeIso, type Trx } from '../database.ts'
import { appendNext } from '../facts.ts'

export interface NewProcessMigration {
  processId: string
  fromVersion: number
  toVersion: number
  mapping: Record<string, string>
  retimesTimers: boolean
  actor: Actor
  /** UTC epoch ms */
  at: number
}

/** An operation as its runner sees it. */
export interface ProcessMigration {
  id: string
  processId: string
  fromVersion: number
  toVersion: number
  mapping: Record<string, string>
  retimesTimers: boolean
  state: ProcessMigrationState
  actor: Actor
}

/** Tickets shown per reason. */
const shownTickets = 20
/** Reasons shown per operation. */
const shownReasons = 50

/** Who changed an operation's state and when: a fact in the operation's own stream. */
const record = (trx: Trx, id: string, actorId: string, at: number, from: string | null, to: string): Promise<unknown> =>
  appendNext(trx, `process-migration/${id}`, [
    { actorId, fact: { type: 'recordChanged', at, noun: 'processMigration', id, field: 'state', from, to } },
  ])

/** Begins with the dry run over all tickets that are open on the old version now. */
export async function createProcessMigration(db: Db, { actor, at, ...migration }: NewProcessMigration): Promise<string> {
  const id = randomUUID()
  await inTransaction(db, async (trx) => {
    await trx
      .insertInto('processMigration')
      .values({ id, ...migration, mapping: json(migration.mapping), state: 'checking', actor: json(actor), createdAt: new Date(at) })
      .execute()
    await trx
      .insertInto('processMigrationItem')
      .columns(['migrationId', 'ticketId'])
      .expression((eb) =>
        eb
          .selectFrom('instance')
          .select([sql<string>`${id}::uuid`.as('migrationId'), 'ticketId'])
          .where('processId', '=', migration.processId)
          .where('processVersion', '=', migration.fromVersion)
          .where('isEnded', '=', false),
      )
      .execute()
    await record(trx, id, actor.id, at, null, 'checking')
  })
  return id
}

export type Changed = { ok: true } | { ok: false; reason: 'unknown' } | { ok: false; reason: 'wrongState'; state: ProcessMigrationState }

/** Start, pause, resume or abort. What was moved already stays moved. */
export function changeProcessMigration(db: Db, id: string, action: ProcessMigrationAction, actor: Actor, at: number): Promise<Changed> {
  return inTransaction(db, async (trx): Promise<Changed> => {
    const row = await trx.selectFrom('processMigration').select('state').where('id', '=', id).forUpdate().executeTakeFirst()
    if (!row) return { ok: false, reason: 'unknown' }
    const state = row.state as ProcessMigrationState
    const to = nextState[action][state]
    if (to === undefined) return { ok: false, reason: 'wrongState', state }
    await trx
      .updateTable('processMigration')
      .set({ state: to, updatedAt: new Date(at), ...(to === 'aborted' ? { endedAt: new Date(at) } : {}) })
      .where('id', '=', id)
      .execute()
    await record(trx, id, actor.id, at, state, to)
    return { ok: true }
  })
}

/** Operations that have something to do, oldest first. */
export async function activeProcessMigrations(db: Db): Promise<ProcessMigration[]> {
  const rows = await db
    .selectFrom('processMigration')
    .selectAll()
    .where('state', 'in', ['checking', 'running'])
    .orderBy('createdAt')
    .execute()
  return rows.map((row) => ({
    ...row,
    state: row.state as ProcessMigrationState,
    mapping: row.mapping as Record<string, string>,
    actor: row.actor as unknown as Actor,
  }))
}

/** The next tickets of an operation, those that failed least often first. */
export async function nextItems(db: Db, migration: ProcessMigration, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('processMigrationItem')
    .select('ticketId')
    .where('migrationId', '=', migration.id)
    .where('state', '=', migration.state === 'checking' ? 'waiting' : 'ready')
    .orderBy('attempts')
    .orderBy('ticketId')
    .limit(limit)
    .execute()
  return rows.map(({ ticketId }) => ticketId)
}

export interface ItemOutcome {
  state: ProcessMigrationItemState
  code?: string
  elementId?: string
  message?: string
}

export async function settleItem(db: Db, migrationId: string, ticketId: string, outcome: ItemOutcome): Promise<void> {
  const { state, code = null, elementId = null, message = null } = outcome
  await db
    .updateTable('processMigrationItem')
    .set({ state, code, elementId, message: message?.slice(0, 1_000) ?? null, updatedAt: new Date() })
    .where('migrationId', '=', migrationId)
    .where('ticketId', '=', ticketId)
    .execute()
}

/** The ticket could not be reached: it is tried again after the others. */
export async function deferItem(db: Db, migrationId: string, ticketId: string, message: string): Promise<void> {
  await db
    .updateTable('processMigrationItem')
    .set((eb) => ({ attempts: eb('attempts', '+', 1), message: message.slice(0, 1_000), updatedAt: new Date() }))
    .where('migrationId', '=', migrationId)
    .where('ticketId', '=', ticketId)
    .execute()
}

/** Nothing is left to do: a dry run is checked, a move is done. Not when it was paused or aborted meanwhile. */
export async function finishProcessMigration(db: Db, { id, state, actor }: ProcessMigration, at: number): Promise<void> {
  const to = state === 'checking' ? 'checked' : 'done'
  await inTransaction(db, async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('processMigration')
      .set({ state: to, updatedAt: new Date(at), ...(to === 'done' ? { endedAt: new Date(at) } : {}) })
      .where('id', '=', id)
      .where('state', '=', state)
      .executeTakeFirst()
    if (numUpdatedRows > 0n) await record(trx, id, actor.id, at, state, to)
  })
}

export async function listProcessMigrations(db: Db, processId: string | undefined, limit: number): Promise<ProcessMigrationView[]> {
  let query = db.selectFrom('processMigration').select('id').orderBy('createdAt', 'desc').limit(limit)
  if (processId !== undefined) query = query.where('processId', '=', processId)
  const rows = await query.execute()
  const views = await Promise.all(rows.map(({ id }) => readProcessMigration(db, id)))
  return views.filter((view) => view !== null)
}

export async function readProcessMigration(db: Db, id: string): Promise<ProcessMigrationView | null> {
  const row = await db.selectFrom('processMigration').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) return null
  const counted = await db
    .selectFrom('processMigrationItem')
    .select(['state', (eb) => eb.fn.countAll<number>().as('count')])
    .where('migrationId', '=', id)
    .groupBy('state')
    .execute()
  const counts = Object.fromEntries(processMigrationItemStates.map((state) => [state, 0])) as ProcessMigrationView['counts']
  for (const { state, count } of counted) counts[state as ProcessMigrationItemState] = count
  const { id: actorId, name } = row.actor as unknown as Actor
  return {
    id,
    processId: row.processId,
    fromVersion: row.fromVersion,
    toVersion: row.toVersion,
    mapping: row.mapping as Record<string, string>,
    retimesTimers: row.retimesTimers,
    state: row.state as ProcessMigrationState,
    startedBy: { id: actorId, name },
    createdAt: iso(row.createdAt),
    endedAt: maybeIso(row.endedAt),
    counts,
    reasons: await reasonsOf(db, id),
  }
}

async function reasonsOf(db: Db, migrationId: string): Promise<ProcessMigrationView['reasons']> {
  const rows = await db
    .selectFrom('processMigrationItem as item')
    .innerJoin('ticket', 'ticket.id', 'item.ticketId')
    .select(['item.code', 'item.elementId'])
    .select((eb) => [
      eb.fn.countAll<number>().as('count'),
      eb.fn.min('item.message').as('message'),
      sql<
        { id: string; number: string }[]
      >`(jsonb_agg(jsonb_build_object('id', ticket.id, 'number', ticket.number) order by ticket.number))`.as('tickets'),
    ])
    .where('item.migrationId', '=', migrationId)
    .where('item.state', 'in', ['refused', 'gone'])
    .groupBy(['item.code', 'item.elementId'])
    .orderBy('count', 'desc')
    .limit(shownReasons)
    .execute()
  return rows.map((row) => ({
    code: row.code ?? 'unknown',
    elementId: row.elementId,
    message: row.message ?? '',
    count: row.count,
    tickets: row.tickets.slice(0, shownTickets),
  }))
}
