import { randomUUID } from 'node:crypto'
import type { Db, Trx } from './database.ts'

export interface NewMail {
  /** The same key queues one mail, however often it is asked for. */
  idempotencyKey: string
  ticketId: string | null
  /** Template's name, for the list of mails. */
  template: string
  locale: string
  recipient: string
  subject: string
  text: string
  html: string | null
}

/** Domain part of our Message-IDs; replies are matched by the whole id, so it need not resolve. */
const messageIdDomain = 'guichet.localhost'

/**
 * Queues a mail for the sender (channels/mail). A mail about a ticket is threaded under the ticket's first mail (RFC 5322 3.6.4).
 * @returns whether it is new
 */
export async function queueMail(db: Db | Trx, mail: NewMail): Promise<boolean> {
  const first =
    mail.ticketId === null
      ? undefined
      : await db
          .selectFrom('mailOut')
          .select('messageId')
          .where('ticketId', '=', mail.ticketId)
          .where('recipient', '=', mail.recipient)
          .orderBy('createdAt')
          .limit(1)
          .executeTakeFirst()
  const id = randomUUID()
  const result = await db
    .insertInto('mailOut')
    .values({
      id,
      ...mail,
      messageId: `<${id}@${messageIdDomain}>`,
      inReplyTo: first?.messageId ?? null,
      mailReferences: first ? [first.messageId] : [],
      state: 'pending',
    })
    .onConflict((on) => on.column('idempotencyKey').doNothing())
    .executeTakeFirst()
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
}
