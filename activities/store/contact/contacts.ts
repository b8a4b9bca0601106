/** Conversations of other systems (chat, social networks, any webhook): one interaction each, its messages in order, once. */
import { type Actor, systemActor } from '#schema/role'
import type { Command, Updates } from '../../../workflows/protocol.ts'
import { channelRefusal } from '#domain/desk-type'
import type { Desk } from '#schema/desk'
import { sql } from 'kysely'
import { type Db, json } from '../database.ts'
import { DeskRefused } from '../record/desks.ts'
import { personOfNumber } from './interactions.ts'
import { addInteraction, addMessage } from '../message/messages.ts'
import { findPersonByEmail } from '../record/people.ts'

export interface IncomingMessage {
  channel: 'chat' | 'social' | 'webhook'
  conversationId: string
  /** Of the other system: the same message again is stored once. */
  messageId: string
  from: { name?: string | undefined; email?: string | undefined; phone?: string | undefined; handle?: string | undefined }
  text: string
  at: number
}

const wroteIt = async (db: Db, from: IncomingMessage['from']): Promise<string | null> =>
  (from.email ? (await findPersonByEmail(db, from.email))?.id : undefined) ??
  (from.phone ? await personOfNumber(db, from.phone) : undefined) ??
  null

/**
 * Takes in one message. The first of a conversation is an interaction; later ones join it, and the ticket that it has become.
 * @throws DeskRefused when the desk is not reached on this channel
 */
export async function takeMessage(
  db: Db,
  message: IncomingMessage,
  desk: Desk | undefined,
  now: number,
): Promise<{ interactionId: string; ticketId: string | null; isNew: boolean }> {
  const refused = desk ? channelRefusal(desk, message.channel) : null
  if (desk && refused) throw new DeskRefused(refused, desk)
  const { channel, conversationId, from, text, at } = message
  const key = `${channel}:${conversationId}`
  const personId = await wroteIt(db, from)
  const address = from.handle ?? from.email ?? from.phone ?? from.name ?? null
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext(${`contact/${key}`}))`.execute(trx)
    const known = await trx.selectFrom('interaction').select(['id', 'ticketId']).where('callId', '=', key).executeTakeFirst()
    const interactionId =
      known?.id ??
      (await addInteraction(trx, {
        channel,
        personId,
        address,
        subject: text.split('\n')[0]?.slice(0, 200) || '(—)',
        body: text,
        receivedAt: at,
        offeredAt: new Date(at),
        deskId: desk?.id ?? null,
        callId: key,
      }))
    const ticketId = known?.ticketId ?? null
    const stored = await addMessage(trx, {
      ticketId,
      interactionId,
      at,
      authorId: personId,
      authorAddress: address,
      direction: 'in',
      visibility: 'public',
      channel,
      text,
      messageId: `<${key}/${message.messageId}@webhook.invalid>`,
    })
    if (ticketId !== null && stored.isNew) {
      const actor: Actor = systemActor
      const payload = { messageId: stored.id, visibility: 'public' as const, direction: 'in' as const, channel, sha256: stored.sha256 }
      const command: Command<Updates['addMessage']> = { actor, key: `contact:${stored.id}`, payload }
      await trx
        .insertInto('commandOutbox')
        .values({ ticketId, updateName: 'addMessage', command: json(command), createdAt: new Date(now) })
        .execute()
    }
    return { interactionId, ticketId, isNew: stored.isNew }
  })
}
