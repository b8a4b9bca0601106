import { type Selectable, sql } from 'kysely'
import { type Database, type Db, instant, type Trx } from '../database.ts'
import { lockCorrelation } from './lock.ts'
import { feedSubscription, offer, type Publication } from './match.ts'

export type WaitingDelivery = Selectable<Database['delivery']>

/** Deliveries looked at in one round. */
const roundLimit = 100
const longestBackoffMs = 60_000

/** The oldest delivery of each receiver: the next one follows when it is settled. Those that failed lately are left for later. */
export async function waitingDeliveries(db: Db, at: number): Promise<WaitingDelivery[]> {
  return await db
    .selectFrom((eb) =>
      eb
        .selectFrom('delivery')
        .selectAll()
        .distinctOn('ticketId')
        .where('settledAt', 'is', null)
        .orderBy('ticketId')
        .orderBy('id')
        .as('next'),
    )
    .selectAll()
    .where((eb) => eb.or([eb('retryAt', 'is', null), eb('retryAt', '<=', instant(at))]))
    .orderBy('id')
    .limit(roundLimit)
    .execute()
}

/** It did not work for now: tried again later, ever more seldom. */
export async function postpone(db: Db, delivery: WaitingDelivery, reason: string, at: number): Promise<void> {
  const waitMs = Math.min(250 * 2 ** Math.min(delivery.attempts, 10), longestBackoffMs)
  await db
    .updateTable('delivery')
    .set({ attempts: delivery.attempts + 1, retryAt: instant(at + waitMs), lastError: reason })
    .where('id', '=', delivery.id)
    .execute()
}

/** False: another worker has settled it meanwhile. */
async function settle(trx: Trx, delivery: WaitingDelivery, outcome: string, at: number, reason: string | null = null): Promise<boolean> {
  const settled = await trx
    .updateTable('delivery')
    .set({ settledAt: instant(at), outcome, lastError: reason })
    .where('id', '=', delivery.id)
    .where('settledAt', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return settled !== undefined
}

const publicationOf = (trx: Trx, { publicationId }: WaitingDelivery): Promise<Publication | undefined> =>
  publicationId === null
    ? Promise.resolve(undefined)
    : trx.selectFrom('publication').selectAll().where('id', '=', publicationId).executeTakeFirst()

/** The receiver has it. A subscription that stays open (a non-interrupting event) takes the next message that waits for it. */
export async function settleDelivered(db: Db, delivery: WaitingDelivery, at: number): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const publication = await publicationOf(trx, delivery)
    if (publication) await lockCorrelation(trx, [publication])
    if (await settle(trx, delivery, 'delivered', at)) await free(trx, delivery, at)
  })
}

async function free(trx: Trx, delivery: WaitingDelivery, at: number): Promise<void> {
  const still = await trx
    .updateTable('subscription')
    .set({ deliveryId: null })
    .where('deliveryId', '=', delivery.id)
    .returningAll()
    .executeTakeFirst()
  if (still?.kind === 'message') await feedSubscription(trx, still, still, at)
}

/**
 * The receiver does not wait for it (any more). A message then belongs to nobody again: another one of the same definition may take it, now or
 * until it expires. One whose correlation is a recorded fact was delivered after all: only the answer was lost.
 */
export async function settleRefused(db: Db, delivery: WaitingDelivery, reason: string, at: number): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const publication = await publicationOf(trx, delivery)
    if (publication) await lockCorrelation(trx, [publication])
    const receipt =
      publication &&
      (await trx
        .selectFrom('messageReceipt')
        .selectAll()
        .where('publicationId', '=', publication.id)
        .where('processId', '=', delivery.processId)
        .where('ticketId', '=', delivery.ticketId)
        .executeTakeFirst())
    const wasDelivered = receipt?.correlatedAt != null
    if (!(await settle(trx, delivery, wasDelivered ? 'delivered' : 'refused', at, wasDelivered ? null : reason))) return
    if (wasDelivered) return free(trx, delivery, at)
    await trx.deleteFrom('subscription').where('deliveryId', '=', delivery.id).execute()
    if (!publication || !receipt) return
    await trx.deleteFrom('messageReceipt').where('publicationId', '=', publication.id).where('processId', '=', delivery.processId).execute()
    if (publication.expiresAt.getTime() > at) await offer(trx, publication, at)
  })
}

/** The instance of a start is committed, or can never be: its key is then free for the next message. */
export async function settleStart(db: Db, delivery: WaitingDelivery, failure: string | null, at: number): Promise<void> {
  await db.transaction().execute(async (trx) => {
    if (!(await settle(trx, delivery, failure === null ? 'delivered' : 'failed', at, failure)) || failure === null) return
    await sql`delete from exclusive_start where ticket_id = ${delivery.ticketId}::uuid`.execute(trx)
  })
}
