import { sql } from 'kysely'
import { z } from 'zod'
import type { ChannelId } from '#schema/ticket'
import { AttachmentView, MessageView, Page } from '#schema/view'
import { queueReplyMail } from '../../activities/channels/mail/reply.ts'
import { addAttachment, addMessage, getAttachment, markRecorded, messageSha256 } from '../../activities/store/message/messages.ts'
import type { Db } from '../deps.ts'
import { idOfKey } from '../id-of-key.ts'
import { ApiProblem } from '../problem.ts'
import { findTicket } from '../read/ticket-view.ts'
import { isStaff } from '../read/visibility.ts'
import { type Call, defineRoute, type Route } from '../route.ts'
import { send } from './ticket-actions.ts'
import { TicketParams } from './tickets.ts'
import { sayBytes } from '../mount.ts'

const MessageBody = z.strictObject({
  text: z.string().trim().min(1).max(100_000),
  visibility: z.enum(['public', 'internal']).default('public'),
  attachmentIds: z.array(z.uuid()).max(20).default([]),
})

/** Uploaded, and not yet part of a message. */
export async function checkAttachments(db: Db, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const found = new Set(
    (await db.selectFrom('attachment').select('id').where('id', 'in', ids).where('messageId', 'is', null).execute()).map((r) => r.id),
  )
  const missing = ids.filter((id) => !found.has(id))
  if (missing.length > 0)
    throw new ApiProblem(422, 'attachmentNotFound', {
      errors: missing.map((id) => ({ path: `attachmentIds.${ids.indexOf(id)}`, code: 'attachmentNotFound', message: id })),
    })
}

interface MessageRecord {
  id: string
  at: Date
  authorId: string | null
  authorName: string | null
  authorAddress: string | null
  direction: 'in' | 'out'
  visibility: 'public' | 'internal'
  channel: ChannelId
  text: string
  html: string | null
  attachments: z.infer<typeof AttachmentView>[]
}

async function readMessages(db: Db, ticketId: string, withInternal: boolean): Promise<MessageView[]> {
  const { rows } =
    await sql<MessageRecord>`select message.id, message.at, message.author_id, person.name as author_name, message.author_address, message.direction, message.visibility, message.channel, message.text, message.html,
      coalesce((select jsonb_agg(jsonb_build_object('id', a.id, 'name', a.name, 'mediaType', a.media_type, 'bytes', a.bytes) order by a.name, a.id) from attachment a where a.message_id = message.id), '[]') as attachments
    from message left join person on person.id = message.author_id
    where message.ticket_id = ${ticketId} and (${withInternal} or message.visibility = 'public') order by message.at, message.id limit 1000`.execute(
      db,
    )
  return rows.map((r) => ({
    id: r.id,
    at: r.at.toISOString(),
    author: r.authorId ? { id: r.authorId, name: r.authorName ?? r.authorId } : null,
    authorAddress: r.authorAddress,
    direction: r.direction,
    visibility: r.visibility,
    channel: r.channel,
    text: r.text,
    html: r.html,
    attachments: r.attachments,
  }))
}

/**
 * Stores the message, then tells the workflow. Refused or out of reach: the message is taken back, as if it had not been sent.
 * An agent's public message goes to the requester by mail.
 */
async function post(call: Call<typeof TicketParams, undefined, typeof MessageBody>): Promise<{ id: string; sequence: number }> {
  const { deps, caller, body } = call
  const ticket = await findTicket(deps.db, call.params.id, caller.actor)
  const staff = isStaff(caller.actor)
  if (!staff && body.visibility === 'internal') throw new ApiProblem(403, 'notPermitted')
  await checkAttachments(deps.db, body.attachmentIds)
  const direction = ticket.requesterId === caller.actor.id ? ('in' as const) : ('out' as const)
  const channel: ChannelId = caller.via === 'apiKey' ? 'api' : 'portal'
  const id = idOfKey(call.commandKey, 'message')
  const known = await deps.db.selectFrom('message').select('id').where('id', '=', id).executeTakeFirst()
  if (!known)
    await addMessage(deps.db, {
      id,
      ticketId: ticket.id,
      at: deps.clock(),
      authorId: caller.actor.id,
      direction,
      visibility: body.visibility,
      channel,
      text: body.text,
      attachmentIds: body.attachmentIds,
    })
  const sha256 = messageSha256(body.text)
  try {
    const done = await send(call, ticket.id, 'addMessage', { messageId: id, visibility: body.visibility, direction, channel, sha256 })
    await markRecorded(deps.db, [id])
    if (direction === 'out' && body.visibility === 'public') {
      await queueReplyMail(deps.db, { ticketId: ticket.id, messageId: id, publicUrl: deps.config.publicUrl })
    }
    return { id, sequence: done.sequence }
  } catch (error) {
    await takeBack(deps.db, id, body.attachmentIds)
    throw error
  }
}

async function takeBack(db: Db, messageId: string, attachmentIds: readonly string[]): Promise<void> {
  // timed out, but delivered after all: the ledger knows of it, so it stays
  const known =
    await sql`select from message join fact on fact.stream_id = message.ticket_id::text and fact.type = 'messageAdded' and fact.body->>'messageId' = message.id::text where message.id = ${messageId}`.execute(
      db,
    )
  if (known.rows.length > 0) return
  if (attachmentIds.length > 0)
    await db
      .updateTable('attachment')
      .set({ messageId: null })
      .where('id', 'in', [...attachmentIds])
      .execute()
  await db.deleteFrom('message').where('id', '=', messageId).execute()
}

export const messageRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/tickets/{id}/messages',
    access: 'anyone',
    tag: 'Conversation',
    summary: 'The conversation, oldest first',
    description: 'Requesters see public messages only.',
    params: TicketParams,
    response: Page(MessageView),
    problems: { 404: ['ticketNotFound'] },
    handle: async ({ deps, params, caller }) => {
      const ticket = await findTicket(deps.db, params.id, caller.actor)
      return { items: await readMessages(deps.db, ticket.id, isStaff(caller.actor)), nextCursor: null }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/tickets/{id}/messages',
    access: 'anyone',
    tag: 'Conversation',
    summary: 'Reply, or add an internal note',
    params: TicketParams,
    body: MessageBody,
    status: 201,
    response: z.object({ id: z.string(), sequence: z.int() }),
    problems: { 404: ['ticketNotFound'], 409: ['instanceEnded'], 422: ['attachmentNotFound'], 503: ['workflowUnavailable'] },
    handle: post,
  }),
  defineRoute({
    method: 'post',
    path: '/attachments',
    access: 'anyone',
    tag: 'Conversation',
    summary: 'Upload a file, to name it in a message afterwards',
    rawBody: { mediaType: 'multipart/form-data', description: 'One part named `file`, at most 25 MB.' },
    maxBytes: (limits) => limits.attachmentBytes + 64 * 1024,
    status: 201,
    response: AttachmentView,
    problems: { 413: ['tooLarge'], 415: ['unsupportedMediaType'] },
    handle: async ({ deps, c }) => {
      if (!/^multipart\/form-data\b/i.test(c.req.header('content-type') ?? ''))
        throw new ApiProblem(415, 'unsupportedMediaType', { params: { expected: 'multipart/form-data' } })
      const file = (await c.req.formData()).get('file')
      if (!(file instanceof File))
        throw new ApiProblem(422, 'invalidCall', {
          errors: [{ path: 'file', code: 'required', message: 'expected a part named file, found none' }],
        })
      if (file.size > deps.config.limits.attachmentBytes)
        throw new ApiProblem(413, 'tooLarge', { params: { limit: sayBytes(deps.config.limits.attachmentBytes) } })
      const name = file.name.replace(/[\\/\p{Cc}]/gu, '_').slice(0, 255) || 'file'
      return addAttachment(deps.db, {
        name,
        mediaType: file.type || 'application/octet-stream',
        content: new Uint8Array(await file.arrayBuffer()),
      })
    },
  }),
  defineRoute({
    method: 'get',
    path: '/attachments/{id}',
    access: 'anyone',
    tag: 'Conversation',
    summary: 'Download a file of a conversation one may read',
    params: z.object({ id: z.uuid() }),
    answers: { mediaType: 'application/octet-stream', description: 'The bytes, always as a download' },
    problems: { 404: ['attachmentNotFound'] },
    handle: async ({ deps, params, caller }) => {
      const found = await getAttachment(deps.db, params.id)
      if (!found?.ticketId || (found.visibility === 'internal' && !isStaff(caller.actor))) throw new ApiProblem(404, 'attachmentNotFound')
      await findTicket(deps.db, found.ticketId, caller.actor)
      return new Response(new Uint8Array(found.content), {
        headers: {
          'content-type': 'application/octet-stream',
          'content-length': String(found.bytes),
          'cache-control': 'private, max-age=3600',
          'x-content-type-options': 'nosniff',
          'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(found.name)}`,
          'content-security-policy': "sandbox; default-src 'none'",
        },
      })
    },
  }),
]
