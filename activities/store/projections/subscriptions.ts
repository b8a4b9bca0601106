import type { FactOf, RecordedFact } from '#schema/fact'
import { lockCorrelation } from '../correlation/lock.ts'
import { feedStart, feedSubscription } from '../correlation/match.ts'
import { instant, type Trx } from '../database.ts'

type Opened = FactOf<'subscriptionOpened'> & { kind: 'message' | 'signal' }

/** What a batch of facts comes to: a subscription opened and closed within it was never seen by anyone. */
export interface SubscriptionChange {
  opened: Opened[]
  closed: string[]
  correlated: { waitId: string; messageId: string }[]
  isEnded: boolean
}

export function subscriptionChange(facts: readonly RecordedFact[]): SubscriptionChange {
  const opened = new Map<string, Opened>()
  const closed = new Set<string>()
  const correlated: SubscriptionChange['correlated'] = []
  let isEnded = false
  for (const { fact } of facts) {
    if (fact.type === 'subscriptionOpened' && fact.kind !== 'conditional') opened.set(fact.waitId, fact as Opened)
    else if (fact.type === 'subscriptionClosed' && !opened.delete(fact.waitId)) closed.add(fact.waitId)
    else if (fact.type === 'messageCorrelated' && fact.messageId !== null)
      correlated.push({ waitId: fact.waitId, messageId: fact.messageId })
    else if (fact.type === 'instanceCompleted' || fact.type === 'instanceCanceled') isEnded = true
  }
  return { opened: isEnded ? [] : [...opened.values()], closed: [...closed], correlated, isEnded }
}

/**
 * Keeps the list of what instances wait for, and gives a new subscription the message that is buffered for it, in the transaction of its fact:
 * there is no moment in which both wait and miss one another.
 */
export async function projectSubscriptions(trx: Trx, ticketId: string, facts: readonly RecordedFact[], at = Date.now()): Promise<void> {
  const { opened, closed, correlated, isEnded } = subscriptionChange(facts)
  if (opened.length + closed.length + correlated.length === 0 && !isEnded) return
  const instance = await trx.selectFrom('instance').select('processId').where('ticketId', '=', ticketId).executeTakeFirst()
  if (!instance) return
  const released = isEnded ? await trx.selectFrom('exclusiveStart').selectAll().where('ticketId', '=', ticketId).execute() : []
  const messages = opened.filter(({ kind }) => kind === 'message')
  await lockCorrelation(trx, [...messages, ...released.map(({ correlationKey }) => ({ name: '', correlationKey }))])
  for (const { waitId, messageId } of correlated)
    await trx
      .updateTable('messageReceipt')
      .set({ correlatedAt: instant(at) })
      .where('ticketId', '=', ticketId)
      .where('waitId', '=', waitId)
      .where('publicationId', 'in', (eb) => eb.selectFrom('publication').select('id').where('messageId', '=', messageId))
      .execute()
  if (isEnded) await trx.deleteFrom('subscription').where('ticketId', '=', ticketId).execute()
  else if (closed.length > 0) await trx.deleteFrom('subscription').where('ticketId', '=', ticketId).where('waitId', 'in', closed).execute()
  await open(trx, ticketId, instance.processId, opened, at)
  for (const { processId, correlationKey } of released) {
    await trx.deleteFrom('exclusiveStart').where('processId', '=', processId).where('correlationKey', '=', correlationKey).execute()
    await feedStart(trx, processId, correlationKey, at)
  }
}

async function open(trx: Trx, ticketId: string, processId: string, opened: readonly Opened[], at: number): Promise<void> {
  for (const fact of opened) {
    const { waitId, elementId, kind, name, correlationKey } = fact
    const row = { ticketId, waitId, processId, elementId, kind, name, correlationKey, openedAt: instant(fact.at) }
    const inserted = await trx
      .insertInto('subscription')
      .values(row)
      .onConflict((on) => on.columns(['ticketId', 'waitId']).doUpdateSet({ kind, name, correlationKey, elementId }))
      .returning(['id', 'deliveryId'])
      .executeTakeFirstOrThrow()
    if (kind === 'message' && inserted.deliveryId === null) await feedSubscription(trx, { ...row, id: inserted.id }, fact, at)
  }
}
