import { randomUUID } from 'node:crypto'
import { type Selectable, sql } from 'kysely'
import type { Occurrence } from '#engine/contract'
import type { Variables } from '#schema/json'
import type { Delivery } from '../../../workflows/protocol.ts'
import { type Database, instant, json, type Trx } from '../database.ts'
import { type Address, lockCorrelation } from './lock.ts'

/**
 * Who gets a message. One receiver of each process definition: an instance that waits for it, else a new instance by its start event.
 * The caller holds the lock of the message's address (lock.ts).
 */
export type Publication = Selectable<Database['publication']>
export type Subscription = Pick<Selectable<Database['subscription']>, 'id' | 'ticketId' | 'waitId' | 'processId' | 'elementId'>

/** What the outbox holds for a start: the variables that the instance begins with. */
export interface StartPayload {
  variables: Variables
  startedById: string
  /** The message or signal that began it. */
  occurrence?: Occurrence
}

/** What an instance has thrown starts in the name of the desk, what a person has published in his. */
export const starterOf = (source: string): string => (source.startsWith('ticket/') ? 'system' : source)

/** Takes the message for a process definition. False: the definition has had it. */
async function take(
  trx: Trx,
  publication: Publication,
  receiver: { processId: string; ticketId: string; waitId: string | null },
  at: number,
) {
  const taken = await trx
    .insertInto('messageReceipt')
    .values({ publicationId: publication.id, ...receiver, takenAt: instant(at) })
    .onConflict((on) => on.columns(['publicationId', 'processId']).doNothing())
    .returning('publicationId')
    .executeTakeFirst()
  return taken !== undefined
}

/** Puts the message on its way to a subscription. */
async function give(trx: Trx, publication: Publication, subscription: Subscription, at: number): Promise<boolean> {
  const { ticketId, waitId, processId, elementId } = subscription
  if (!(await take(trx, publication, { processId, ticketId, waitId }, at))) return false
  const payload: Delivery & { type: 'message' } = {
    type: 'message',
    name: publication.name,
    variables: publication.variables as Variables,
    correlationKey: publication.correlationKey,
    messageId: publication.messageId,
    waitId,
  }
  const row = await trx
    .insertInto('delivery')
    .values({
      kind: 'message',
      publicationId: publication.id,
      processId,
      ticketId,
      elementId,
      payload: json(payload),
      createdAt: instant(at),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await trx.updateTable('subscription').set({ deliveryId: row.id }).where('id', '=', subscription.id).execute()
  return true
}

/** Orders a new instance. Its id is decided here, so that a repeated attempt starts nothing twice. */
export async function orderStart(
  trx: Trx,
  start: { publicationId: number | null; processId: string; elementId: string | null; payload: StartPayload },
  at: number,
): Promise<string> {
  const ticketId = randomUUID()
  const { payload, ...row } = start
  await trx
    .insertInto('delivery')
    .values({ ...row, kind: 'start', ticketId, payload: json(payload), createdAt: instant(at) })
    .execute()
  return ticketId
}

const forAddress = (trx: Trx, { name, correlationKey }: Address) =>
  trx
    .selectFrom('subscription')
    .select(['id', 'ticketId', 'waitId', 'processId', 'elementId'])
    .where('kind', '=', 'message')
    .where('name', '=', name)
    .where((eb) => (correlationKey === null ? eb('correlationKey', 'is', null) : eb('correlationKey', '=', correlationKey)))

/** Offers a message to all who could take it now; what nobody takes stays buffered until it expires. */
export async function offer(trx: Trx, publication: Publication, at: number): Promise<{ processId: string; ticketId: string }[]> {
  const given: { processId: string; ticketId: string }[] = []
  const free = await forAddress(trx, publication)
    .distinctOn('processId')
    .where('deliveryId', 'is', null)
    .orderBy('processId')
    .orderBy('id')
    .execute()
  for (const subscription of free) if (await give(trx, publication, subscription, at)) given.push(subscription)
  const triggers = await trx
    .selectFrom('startTrigger')
    .select(['processId', 'elementId', 'groupId'])
    .distinctOn('processId')
    .where('kind', '=', 'message')
    .where('name', '=', publication.name)
    .orderBy('processId')
    .orderBy('elementId')
    .execute()
  for (const trigger of triggers) {
    const { processId } = trigger
    const ticketId = await startBy(trx, publication, trigger, at)
    if (ticketId !== null) given.push({ processId, ticketId })
  }
  return given
}

type Trigger = Pick<Selectable<Database['startTrigger']>, 'processId' | 'elementId' | 'groupId'>

/**
 * Without a key, what belongs to one parallel start goes to the instance that another part of it has begun: one that has told nothing yet will
 * wait for this message in a moment.
 */
async function isAboutToWait(trx: Trx, { name }: Address, { processId, groupId }: Trigger): Promise<boolean> {
  if (groupId === null) return false
  // Taken last, so that what meets here has no other lock in common.
  await lockCorrelation(trx, [{ name: `start:${processId}/${groupId}`, correlationKey: null }])
  const { rows } = await sql`
    select from delivery join publication on publication.id = delivery.publication_id
    where delivery.kind = 'start' and delivery.process_id = ${processId} and publication.name <> ${name}
      and delivery.element_id in (select element_id from start_trigger where process_id = ${processId} and group_id = ${groupId})
      and delivery.outcome is distinct from 'failed'
      and not exists (select from fact where stream_id = delivery.ticket_id::text and type = 'instanceStarted')
      and not exists (select from message_receipt receipt join publication taken on taken.id = receipt.publication_id
        where receipt.ticket_id = delivery.ticket_id and taken.name = ${name})
    limit 1`.execute(trx)
  return rows.length > 0
}

/** Null: the definition has had the message, an instance that this key started still runs, or one is about to wait for it. */
async function startBy(trx: Trx, publication: Publication, trigger: Trigger, at: number): Promise<string | null> {
  const { correlationKey } = publication
  const { processId, elementId } = trigger
  const isRunning =
    correlationKey !== null &&
    (await trx
      .selectFrom('exclusiveStart')
      .select('ticketId')
      .where('processId', '=', processId)
      .where('correlationKey', '=', correlationKey)
      .executeTakeFirst()) !== undefined
  if (isRunning) return null
  const hadIt = await trx
    .selectFrom('messageReceipt')
    .select('ticketId')
    .where('publicationId', '=', publication.id)
    .where('processId', '=', processId)
    .executeTakeFirst()
  if (hadIt || (correlationKey === null && (await isAboutToWait(trx, publication, trigger)))) return null
  const occurrence: Occurrence = { type: 'message', name: publication.name, correlationKey }
  const payload = { variables: publication.variables as Variables, startedById: starterOf(publication.source), occurrence }
  const ticketId = await orderStart(trx, { publicationId: publication.id, processId, elementId, payload }, at)
  await take(trx, publication, { processId, ticketId, waitId: null }, at)
  if (correlationKey !== null) await trx.insertInto('exclusiveStart').values({ processId, correlationKey, ticketId }).execute()
  return ticketId
}

/** The oldest message that waits for `processId` under one of `names` and is still alive at `at`. */
function nextBuffered(trx: Trx, processId: string, names: readonly string[], correlationKey: string | null, at: number) {
  return trx
    .selectFrom('publication')
    .selectAll()
    .where('kind', '=', 'message')
    .where('name', 'in', names)
    .where((eb) => (correlationKey === null ? eb('correlationKey', 'is', null) : eb('correlationKey', '=', correlationKey)))
    .where('expiresAt', '>', instant(at))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('messageReceipt')
            .select(sql`1`.as('one'))
            .whereRef('messageReceipt.publicationId', '=', 'publication.id')
            .where('messageReceipt.processId', '=', processId),
        ),
      ),
    )
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
}

/** Gives a subscription the oldest message that is buffered for it. */
export async function feedSubscription(trx: Trx, subscription: Subscription, address: Address, at: number): Promise<boolean> {
  const publication = await nextBuffered(trx, subscription.processId, [address.name], address.correlationKey, at)
  return publication !== undefined && (await give(trx, publication, subscription, at))
}

/** The instance that a key had started has ended: the oldest message buffered meanwhile may start the next. */
export async function feedStart(trx: Trx, processId: string, correlationKey: string, at: number): Promise<void> {
  const triggers = await trx
    .selectFrom('startTrigger')
    .select(['name', 'processId', 'elementId', 'groupId'])
    .where('processId', '=', processId)
    .where('kind', '=', 'message')
    .orderBy('elementId')
    .execute()
  const names = triggers.map(({ name }) => name ?? '')
  if (names.length === 0) return
  const publication = await nextBuffered(trx, processId, names, correlationKey, at)
  const trigger = triggers.find(({ name }) => name === publication?.name)
  if (publication !== undefined && trigger !== undefined) await startBy(trx, publication, trigger, at)
}
