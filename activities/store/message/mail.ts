import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { decideDelivery, type Delivery, isConfirmation, isMandatory, loopLimits } from '#domain/notification'
import { type Db, inTransaction, instant, type Trx } from '../database.ts'
import { getPreferences } from './notification-preferences.ts'

export interface NewMail {
  /** The same key queues one mail, however often it is asked for. */
  idempotencyKey: string
  ticketId: string | null
  /** Template's name: the event that the recipient may unsubscribe from, and what the list of mails shows. */
  template: string
  locale: string
  recipient: string
  subject: string
  text: string
  html: string | null
  /** The template says that nobody may unsubscribe from it. */
  isMandatory?: boolean
  /** A person asked for exactly this mail, now (a test, a digest): neither preferences nor limits apply. */
  isAsked?: boolean
  /** UTC epoch ms; now when absent. */
  at?: number
}

/** Domain part of our Message-IDs; replies are matched by the whole id, so it need not resolve. */
const messageIdDomain = 'guichet.localhost'

const personOf = (db: Db | Trx, address: string) =>
  db.selectFrom('person').select(['id', 'isActive']).where(sql`lower(email)`, '=', address.toLowerCase()).executeTakeFirst()

/** How many mails went to this address lately, for the loop guard. */
async function recentMails(db: Db | Trx, mail: NewMail, at: number): Promise<{ aboutTicket: number; confirmations: number }> {
  const { rows } = await sql<{ aboutTicket: number; confirmations: number }>`
    select count(*) filter (where ticket_id = ${mail.ticketId} and created_at > ${instant(at - loopLimits.perTicketMs)})::int as about_ticket,
      count(*) filter (where template = ${mail.template} and created_at > ${instant(at - loopLimits.confirmationsMs)})::int as confirmations
    from mail_out where recipient = ${mail.recipient} and created_at > ${instant(at - loopLimits.perTicketMs)} and state <> 'suppressed'`.execute(
    db,
  )
  const found = rows[0]
  return {
    aboutTicket: mail.ticketId ? (found?.aboutTicket ?? 0) : 0,
    confirmations: isConfirmation(mail.template) ? (found?.confirmations ?? 0) : 0,
  }
}

async function decide(db: Db | Trx, mail: NewMail, person: { id: string; isActive: boolean } | undefined, at: number): Promise<Delivery> {
  if (mail.isAsked) return { state: 'pending' }
  const address = mail.recipient.trim().toLowerCase()
  const [blocked, own, recent] = await Promise.all([
    db.selectFrom('mailAddress').select('address').where('address', '=', address).where('blockedAt', 'is not', null).executeTakeFirst(),
    db.selectFrom('desk').select('id').where(sql<boolean>`${address} = any(mail_addresses)`).executeTakeFirst(),
    recentMails(db, mail, at),
  ])
  return decideDelivery({
    event: mail.template,
    isMandatory: isMandatory(mail.template, mail.isMandatory),
    address,
    person: person ? { isActive: person.isActive, preferences: await getPreferences(db, person.id) } : null,
    isOwnAddress: own !== undefined,
    isBlocked: blocked !== undefined,
    recent,
    at,
  })
}

/**
 * Queues a mail for the sender (channels/mail), or keeps it with the reason why it does not go out now: every mail that the desk decides
 * on stands in the log. A mail about a ticket is threaded under the ticket's first mail (RFC 5322 3.6.4).
 * @returns whether it is new
 */
export function queueMail(db: Db | Trx, mail: NewMail): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    const at = mail.at ?? Date.now()
    // one recipient's mails are decided one after the other: the loop guard counts what the other transaction queues
    await sql`select pg_advisory_xact_lock(hashtext(${`mail/${mail.recipient}`}))`.execute(trx)
    const known = await trx.selectFrom('mailOut').select('id').where('idempotencyKey', '=', mail.idempotencyKey).executeTakeFirst()
    if (known) return false
    const person = await personOf(trx, mail.recipient)
    const delivery = await decide(trx, mail, person, at)
    const first = mail.ticketId === null ? undefined : await firstMail(trx, mail.ticketId, mail.recipient)
    const id = randomUUID()
    const { isAsked: _, at: __, isMandatory: isMarked, ...row } = mail
    const result = await trx
      .insertInto('mailOut')
      .values({
        id,
        ...row,
        personId: person?.id ?? null,
        isMandatory: isMandatory(mail.template, isMarked),
        messageId: `<${id}@${messageIdDomain}>`,
        inReplyTo: first?.messageId ?? null,
        mailReferences: first ? [first.messageId] : [],
        createdAt: instant(at),
        state: delivery.state,
        ...(delivery.state === 'suppressed' ? { reasonCode: delivery.reason } : {}),
        ...(delivery.state === 'collected' ? { reasonCode: 'digest', digestDueAt: instant(delivery.dueAt) } : {}),
      })
      .onConflict((on) => on.column('idempotencyKey').doNothing())
      .executeTakeFirst()
    return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
  })
}

const firstMail = (trx: Trx, ticketId: string, recipient: string) =>
  trx
    .selectFrom('mailOut')
    .select('messageId')
    .where('ticketId', '=', ticketId)
    .where('recipient', '=', recipient)
    .where('state', 'in', ['pending', 'sent'])
    .orderBy('createdAt')
    .limit(1)
    .executeTakeFirst()

/** Notes that an event had nobody to tell: an empty group, a ticket without an assignee. */
export async function noteNobody(
  db: Db | Trx,
  note: { idempotencyKey: string; ticketId: string; template: string; audience: string },
): Promise<void> {
  const id = randomUUID()
  await db
    .insertInto('mailOut')
    .values({
      id,
      idempotencyKey: note.idempotencyKey,
      ticketId: note.ticketId,
      template: note.template,
      locale: 'fr',
      recipient: '',
      subject: note.audience,
      text: '',
      messageId: `<${id}@${messageIdDomain}>`,
      state: 'suppressed',
      reasonCode: 'noRecipient',
    })
    .onConflict((on) => on.column('idempotencyKey').doNothing())
    .execute()
}
