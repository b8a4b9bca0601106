import type { Db } from '../../store/database.ts'
import { queueMail } from '../../store/message/mail.ts'
import { watchersOf } from '../../store/ticket/watchers.ts'
import { render } from '../../tasks/render.ts'
import { replyMarker } from './parse.ts'
import { channels } from '../registry.ts'
import type { ChannelId } from '#schema/ticket'

export interface ReplyMail {
  ticketId: string
  /** The agent's public message. */
  messageId: string
  publicUrl: string
}

interface Reader {
  email: string
  name: string
  locale: string
  /** Distinguishes the mails of one message. */
  key: string
}

/**
 * An agent's reply goes to the requester by mail, once per message, and to those who watch the ticket; the sender threads it. Nothing to the
 * requester when he cannot be written to.
 */
export async function queueReplyMail(db: Db, reply: ReplyMail): Promise<void> {
  const found = await db
    .selectFrom('message')
    .innerJoin('ticket', 'ticket.id', 'message.ticketId')
    .innerJoin('person as requester', 'requester.id', 'ticket.requesterId')
    .leftJoin('person as author', 'author.id', 'message.authorId')
    .select([
      'message.text',
      'ticket.number',
      'ticket.title',
      'ticket.channel',
      'requester.email',
      'requester.name as recipientName',
      'requester.locale',
      'requester.isActive',
      'author.name as authorName',
      'author.email as authorEmail',
    ])
    .where('message.id', '=', reply.messageId)
    .executeTakeFirst()
  if (!found) return
  const isReached = found.isActive && channels[found.channel as ChannelId].repliesByMail
  const requester: Reader[] = isReached ? [{ email: found.email, name: found.recipientName, locale: found.locale, key: '' }] : []
  const watchers = (await watchersOf(db, reply.ticketId)).map(({ address, name, locale }) => ({
    email: address,
    name: name ?? '',
    locale,
    key: `/${address}`,
  }))
  for (const reader of [...requester, ...watchers]) {
    if (reader.email === found.authorEmail) continue
    await queueFor(db, reply, found, reader)
  }
}

async function queueFor(
  db: Db,
  reply: ReplyMail,
  message: { text: string; number: string; title: string; authorName: string | null },
  reader: Reader,
): Promise<void> {
  const locale = reader.locale === 'en' ? 'en' : 'fr'
  const mail = await render(db, 'agent-reply', locale, {
    number: message.number,
    title: message.title,
    recipientName: reader.name,
    authorName: message.authorName,
    messageText: message.text,
    ticketUrl: `${reply.publicUrl}/tickets/${message.number}`,
  })
  await queueMail(db, {
    idempotencyKey: `reply/${reply.messageId}${reader.key}`,
    ticketId: reply.ticketId,
    template: 'agent-reply',
    locale,
    recipient: reader.email,
    subject: mail.subject,
    text: `${replyMarker}\n\n${mail.text}`,
    html: mail.html === null ? null : `<p style="color:#8a93a6;font-size:12px">${replyMarker}</p>${mail.html}`,
  })
}
