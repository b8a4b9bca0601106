import type { Db } from '../../store/database.ts'
import { queueMail } from '../../store/mail.ts'
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

/** An agent's reply goes to the requester by mail, once per message; the sender threads it. Nothing when the requester cannot be written to. */
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
    ])
    .where('message.id', '=', reply.messageId)
    .executeTakeFirst()
  if (!found?.isActive || !channels[found.channel as ChannelId].repliesByMail) return
  const locale = found.locale === 'en' ? 'en' : 'fr'
  const mail = await render(db, 'agent-reply', locale, {
    number: found.number,
    title: found.title,
    recipientName: found.recipientName,
    authorName: found.authorName,
    messageText: found.text,
    ticketUrl: `${reply.publicUrl}/tickets/${found.number}`,
  })
  await queueMail(db, {
    idempotencyKey: `reply/${reply.messageId}`,
    ticketId: reply.ticketId,
    template: 'agent-reply',
    locale,
    recipient: found.email,
    subject: mail.subject,
    text: `${replyMarker}\n\n${mail.text}`,
    html: mail.html === null ? null : `<p style="color:#8a93a6;font-size:12px">${replyMarker}</p>${mail.html}`,
  })
}
