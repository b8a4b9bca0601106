import { randomUUID } from 'node:crypto'
import { sha256 } from '../canonical.ts'
import { type Db, inTransaction, instant, json, type Trx } from '../database.ts'

export interface NewInteraction {
  channel: string
  personId: string | null
  /** Mail address, telephone number, ...: where it came from. */
  address?: string | null
  subject: string
  body: string
  /** UTC epoch ms. */
  receivedAt: number
  disposition?: 'open' | 'answered' | 'ticket'
  ticketId?: string | null
  messageId?: string | null
  rawSha256?: string | null
  extra?: Record<string, unknown>
  deskId?: string | null
  agentId?: string
  offeredAt?: Date
  answeredAt?: Date
  endedAt?: Date
  wrappedUpAt?: Date
  outcome?: string
  /** Of another system: one interaction for each. */
  callId?: string
}

export interface NewAttachment {
  name: string
  mediaType: string
  content: Uint8Array
}

export interface NewMessage {
  id?: string
  ticketId: string | null
  interactionId?: string | null
  /** UTC epoch ms. */
  at: number
  authorId: string | null
  authorAddress?: string | null
  direction: 'in' | 'out'
  visibility: 'public' | 'internal'
  channel: string
  text: string
  html?: string | null
  /** RFC 5322 Message-ID, unique: a message that is delivered twice is stored once. */
  messageId?: string | null
  inReplyTo?: string | null
  references?: string[]
  attachments?: NewAttachment[]
  /** Attachments uploaded before (without a message until now). */
  attachmentIds?: string[]
  /** The ledger knows of it already. */
  isRecorded?: boolean
}

/** What was said, as it goes into the `messageAdded` fact. */
export const messageSha256 = (text: string): string => sha256(text)

export async function addInteraction(db: Db | Trx, interaction: NewInteraction): Promise<string> {
  const id = randomUUID()
  const { receivedAt, extra, ...rest } = interaction
  await db
    .insertInto('interaction')
    .values({ ...rest, id, receivedAt: instant(receivedAt), extra: json(extra ?? {}) })
    .execute()
  return id
}

export const linkInteraction = (db: Db | Trx, interactionId: string, ticketId: string) =>
  db.updateTable('interaction').set({ ticketId, disposition: 'ticket' }).where('id', '=', interactionId).execute()

/**
 * Stores a conversation message with its attachments. A message whose Message-ID is known is not stored again:
 * `isNew` is false then and `id` is the first one's.
 */
export function addMessage(db: Db | Trx, message: NewMessage): Promise<{ id: string; sha256: string; isNew: boolean }> {
  return inTransaction(db, async (trx) => {
    const { attachments = [], attachmentIds = [], references, at, ...rest } = message
    const id = message.id ?? randomUUID()
    const inserted = await trx
      .insertInto('message')
      .values({ ...rest, id, at: instant(at), mailReferences: references ?? [], isRecorded: message.isRecorded ?? false })
      .onConflict((on) => on.column('messageId').doNothing())
      .returning('id')
      .executeTakeFirst()
    const digest = messageSha256(message.text)
    if (!inserted) {
      const known = await trx
        .selectFrom('message')
        .select('id')
        .where('messageId', '=', message.messageId ?? '')
        .executeTakeFirstOrThrow()
      return { id: known.id, sha256: digest, isNew: false }
    }
    for (const attachment of attachments) await addAttachment(trx, attachment, id)
    if (attachmentIds.length > 0)
      await trx.updateTable('attachment').set({ messageId: id }).where('id', 'in', attachmentIds).where('messageId', 'is', null).execute()
    return { id, sha256: digest, isNew: true }
  })
}

export async function addAttachment(
  db: Db | Trx,
  attachment: NewAttachment,
  messageId: string | null = null,
): Promise<{ id: string; name: string; mediaType: string; bytes: number }> {
  const { name, mediaType } = attachment
  const content = Buffer.from(attachment.content)
  const id = randomUUID()
  const row = { id, messageId, name, mediaType, bytes: content.length, sha256: sha256(content), content }
  await db.insertInto('attachment').values(row).execute()
  return { id, name, mediaType, bytes: content.length }
}

/** An attachment with its content and the ticket that it belongs to (null while it hangs on no message). */
export const getAttachment = (db: Db, id: string) =>
  db
    .selectFrom('attachment')
    .leftJoin('message', 'message.id', 'attachment.messageId')
    .select([
      'attachment.id',
      'attachment.name',
      'attachment.mediaType',
      'attachment.bytes',
      'attachment.content',
      'attachment.sha256',
      'message.ticketId',
      'message.visibility',
    ])
    .where('attachment.id', '=', id)
    .executeTakeFirst()

/** The ledger has the message's fact now. */
export const markRecorded = (db: Db | Trx, messageIds: readonly string[]) =>
  db.updateTable('message').set({ isRecorded: true }).where('id', 'in', messageIds).execute()

/** The ticket that a mail answers: by its In-Reply-To and References among the messages received and the mails sent. */
export async function findTicketByReferences(db: Db | Trx, messageIds: readonly string[]): Promise<string | null> {
  if (messageIds.length === 0) return null
  const sent = await db
    .selectFrom('mailOut')
    .select('ticketId')
    .where('messageId', 'in', messageIds)
    .where('ticketId', 'is not', null)
    .orderBy('createdAt', 'desc')
    .executeTakeFirst()
  if (sent) return sent.ticketId
  const received = await db
    .selectFrom('message')
    .select('ticketId')
    .where('messageId', 'in', messageIds)
    .where('ticketId', 'is not', null)
    .orderBy('at', 'desc')
    .executeTakeFirst()
  return received?.ticketId ?? null
}
