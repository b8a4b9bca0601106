import { type ExpressionBuilder, sql } from 'kysely'
import type { Variables } from '#schema/json'
import type { Delivery } from '../../../workflows/protocol.ts'
import { type Database, type Db, inTransaction, instant, json, type Trx } from '../database.ts'
import { lockCorrelation } from './lock.ts'
import { offer, orderStart, type Publication, starterOf } from './match.ts'

export interface NewMessage {
  name: string
  /** Null: for subscriptions without a key, and for starts that may run side by side. */
  correlationKey: string | null
  /** The same id under the same name and key is one message, while it is remembered (`forgetAfterMs`). */
  messageId: string
  variables: Variables
  /** How long it waits for a receiver; 0: only for one who waits now. */
  timeToLiveMs: number
  /** Who published: a person's id, or `ticket/<id>` of the instance that threw it. */
  source: string
  /** UTC epoch ms. */
  at: number
}

export interface Published {
  /** False: a repetition; nothing was done. */
  isNew: boolean
  /** Who was given it now; the others get it when they subscribe before it expires. */
  receivers: { processId: string; ticketId: string }[]
}

async function insert(
  trx: Trx,
  kind: 'message' | 'signal',
  { name, correlationKey, messageId, variables, timeToLiveMs, source, at }: NewMessage,
): Promise<Publication | undefined> {
  const { rows } = await sql<Publication>`
    insert into publication (kind, name, correlation_key, message_id, variables, source, published_at, expires_at)
    values (${kind}, ${name}, ${correlationKey}, ${messageId}, ${json(variables)}, ${source}, ${instant(at)}, ${instant(at + timeToLiveMs)})
    on conflict (kind, name, coalesce(correlation_key, ''), message_id) do nothing returning *`.execute(trx)
  return rows[0]
}

/** Publishes a message: at most one receiver of each process definition gets it, once; the transaction decides who, the outbox delivers. */
export function publishMessage(db: Db | Trx, message: NewMessage): Promise<Published> {
  return inTransaction(db, async (trx) => {
    await lockCorrelation(trx, [message])
    const publication = await insert(trx, 'message', message)
    if (publication === undefined) return { isNew: false, receivers: [] }
    return { isNew: true, receivers: await offer(trx, publication, message.at) }
  })
}

/** Instances that a part of the same parallel start has begun: the signal is theirs, and begins no other. */
const awaitedAt = (eb: ExpressionBuilder<Database, 'startTrigger'>, name: string, exceptTicketId: string | null) =>
  eb
    .selectFrom('subscription')
    .select('subscription.id')
    .whereRef('subscription.processId', '=', 'startTrigger.processId')
    .whereRef('subscription.elementId', '=', 'startTrigger.elementId')
    .where('subscription.kind', '=', 'signal')
    .where('subscription.name', '=', name)
    .where(sql<boolean>`subscription.ticket_id is distinct from ${exceptTicketId}::uuid`)

/**
 * Broadcasts a signal to all who listen at this moment: the list is made here, then delivered from the outbox. Signal start events
 * start an instance each.
 * @param exceptTicketId the thrower, within which the engine has broadcast it already
 */
export function publishSignal(
  db: Db | Trx,
  signal: Omit<NewMessage, 'correlationKey' | 'timeToLiveMs'> & { exceptTicketId: string | null },
): Promise<Published> {
  return inTransaction(db, async (trx) => {
    const { name, variables, source, at, exceptTicketId } = signal
    const publication = await insert(trx, 'signal', { ...signal, correlationKey: null, timeToLiveMs: 0 })
    if (publication === undefined) return { isNew: false, receivers: [] }
    const payload: Delivery = { type: 'signal', name, variables }
    const { rows } = await sql<{ processId: string; ticketId: string }>`
      insert into delivery (kind, publication_id, process_id, ticket_id, payload, created_at)
      select 'signal', ${publication.id}::bigint, process_id, ticket_id, ${json(payload)}::jsonb, ${instant(at)}::timestamptz
      from (select ticket_id, process_id, min(id) as first from subscription where kind = 'signal' and name = ${name}
        and ticket_id is distinct from ${exceptTicketId}::uuid group by 1, 2) as listening
      order by first returning process_id, ticket_id`.execute(trx)
    const receivers = [...rows]
    const occurrence = { type: 'signal' as const, name, correlationKey: null }
    const triggers = await trx
      .selectFrom('startTrigger')
      .select(['processId', 'elementId'])
      .where('kind', '=', 'signal')
      .where('name', '=', name)
      .where((eb) => eb.or([eb('groupId', 'is', null), eb.not(eb.exists(awaitedAt(eb, name, exceptTicketId)))]))
      .orderBy('processId')
      .orderBy('elementId')
      .execute()
    for (const { processId, elementId } of triggers) {
      const start = {
        publicationId: publication.id,
        processId,
        elementId,
        payload: { variables, startedById: starterOf(source), occurrence },
      }
      receivers.push({ processId, ticketId: await orderStart(trx, start, at) })
    }
    return { isNew: true, receivers }
  })
}

/** A message's id is remembered for this long after it expired. */
export const forgetAfterMs = 7 * 86_400_000

/** Removes what expired long ago and is on its way to nobody. */
export async function forgetOldPublications(db: Db, at: number): Promise<void> {
  const before = instant(at - forgetAfterMs)
  await sql`delete from publication where expires_at < ${before}
    and not exists (select from delivery where delivery.publication_id = publication.id and settled_at is null)`.execute(db)
  await db.deleteFrom('delivery').where('publicationId', 'is', null).where('settledAt', '<', before).execute()
}
