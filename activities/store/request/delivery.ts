import { maxHardBounces } from '#domain/notification'
import { type Db, inTransaction, instant, type Trx } from '../database.ts'
import { appendNext } from '../facts.ts'

export interface NotedReport {
  messageIds: readonly string[]
  recipient: string | null
  outcome: 'bounced' | 'delayed' | 'delivered'
  detail: string
}

/**
 * Notes at our mails what became of them. An address that refuses for good several times in a row gets no more mail, until an
 * administrator says so; one delivery in between and it counts from the beginning.
 */
export function noteDelivery(db: Db | Trx, report: NotedReport, at: number): Promise<void> {
  if (report.messageIds.length === 0) return Promise.resolve()
  return inTransaction(db, async (trx) => {
    const rows = await trx
      .updateTable('mailOut')
      .set({
        delivery: report.outcome,
        deliveryDetail: report.detail,
        deliveryAt: instant(at),
        ...(report.outcome === 'bounced' ? { state: 'failed', reasonCode: 'bounced', reason: `bounced: ${report.detail}` } : {}),
      })
      .where('messageId', 'in', [...report.messageIds])
      .returning('recipient')
      .execute()
    // the report's own word on the address counts only when the mail is one of ours: anybody can write a report
    for (const recipient of new Set(rows.map((row) => row.recipient.toLowerCase()))) {
      if (report.outcome === 'bounced') await countBounce(trx, recipient, report.detail, at)
      if (report.outcome === 'delivered') await clearBounces(trx, recipient)
    }
  })
}

async function countBounce(trx: Trx, address: string, detail: string, at: number): Promise<void> {
  const row = await trx
    .insertInto('mailAddress')
    .values({ address, hardBounces: 1, lastBounceAt: instant(at), lastReason: detail })
    .onConflict((on) =>
      on.column('address').doUpdateSet((eb) => ({
        hardBounces: eb('mailAddress.hardBounces', '+', 1),
        lastBounceAt: instant(at),
        lastReason: detail,
      })),
    )
    .returning(['hardBounces', 'blockedAt'])
    .executeTakeFirstOrThrow()
  if (row.hardBounces < maxHardBounces || row.blockedAt) return
  await trx
    .updateTable('mailAddress')
    .set({ blockedAt: instant(at) })
    .where('address', '=', address)
    .execute()
  await recordBlock(trx, address, true, 'system', at)
}

const recordBlock = (trx: Trx, address: string, isBlocked: boolean, actorId: string, at: number) =>
  appendNext(trx, `mail-address/${address}`, [
    { actorId, fact: { type: 'recordChanged', at, noun: 'mailAddress', id: address, field: 'isBlocked', from: !isBlocked, to: isBlocked } },
  ])

const clearBounces = (trx: Trx, address: string) =>
  trx.updateTable('mailAddress').set({ hardBounces: 0 }).where('address', '=', address).where('blockedAt', 'is', null).execute()

/** An administrator found that the address is good again. False when it was not blocked. */
export function unblockAddress(db: Db, address: string, actorId: string, at: number): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const result = await trx
      .updateTable('mailAddress')
      .set({ hardBounces: 0, blockedAt: null })
      .where('address', '=', address.toLowerCase())
      .where('blockedAt', 'is not', null)
      .executeTakeFirst()
    if (result.numUpdatedRows === 0n) return false
    await recordBlock(trx, address.toLowerCase(), false, actorId, at)
    return true
  })
}

export type Retried = 'retried' | 'notFound' | 'notRetryable'

/** Sends a mail that failed or was held back after all, at once and whatever held it back. */
export function retryMail(db: Db, id: string, actorId: string, at: number): Promise<Retried> {
  return db.transaction().execute(async (trx) => {
    const mail = await trx
      .selectFrom('mailOut')
      .select(['id', 'state', 'recipient', 'text'])
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst()
    if (!mail) return 'notFound'
    if (!['failed', 'suppressed', 'collected'].includes(mail.state) || mail.recipient === '' || mail.text === '') return 'notRetryable'
    await trx
      .updateTable('mailOut')
      .set({ state: 'pending', attempts: 0, reason: null, reasonCode: null, digestDueAt: null, delivery: null, deliveryDetail: null })
      .where('id', '=', id)
      .execute()
    await appendNext(trx, `mail/${id}`, [
      { actorId, fact: { type: 'recordChanged', at, noun: 'mail', id, field: 'state', from: mail.state, to: 'pending' } },
    ])
    return 'retried'
  })
}
