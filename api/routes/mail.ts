import { sql } from 'kysely'
import { z } from 'zod'
import { MailView, Page } from '#schema/view'
import { retryMail, unblockAddress } from '../../activities/store/request/delivery.ts'
import type { Db } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import { PageQuery, pageOf, readCursor, writeCursor } from '../read/page.ts'
import { defineRoute, type Route } from '../route.ts'

const RejectedMailView = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  from: z.string().nullable(),
  subject: z.string().nullable(),
  reason: z.string(),
  remedy: z.string(),
})
const After = z.tuple([z.iso.datetime(), z.uuid()])
const ms = (column: 'received_at') => sql`date_trunc('milliseconds', ${sql.ref(column)})`

const MailQuery = PageQuery.extend({
  state: MailView.shape.state.optional(),
  reason: z.string().max(40).optional().describe('A reason code such as unsubscribed, loopGuard or digest'),
  q: z.string().max(200).optional().describe('Part of the recipient, subject, template or ticket number'),
})
const AddressView = z.object({ address: z.string(), hardBounces: z.int(), lastReason: z.string().nullable(), blockedAt: z.iso.datetime() })

interface MailRecord extends Omit<MailView, 'to' | 'at' | 'digestDueAt'> {
  recipient: string
  createdAt: Date
  digestDueAt: Date | null
}

function conditions({ state, reason, q }: z.output<typeof MailQuery>) {
  const all = [sql<boolean>`true`]
  if (state) all.push(sql<boolean>`mail_out.state = ${state}`)
  if (reason) all.push(sql<boolean>`mail_out.reason_code = ${reason}`)
  if (q?.trim()) {
    const like = `%${q.trim().replace(/[\\%_]/g, (c) => `\\${c}`)}%`
    all.push(
      sql<boolean>`(mail_out.recipient || ' ' || mail_out.subject || ' ' || mail_out.template || ' ' || coalesce(ticket.number, '')) ilike ${like}`,
    )
  }
  return sql.join(all, sql` and `)
}

async function listMail(db: Db, query: z.output<typeof MailQuery>) {
  const after = query.cursor ? readCursor(query.cursor, After) : null
  const at = sql`date_trunc('milliseconds', mail_out.created_at)`
  const { rows } = await sql<MailRecord>`
    select mail_out.id, recipient, subject, template, state, reason, reason_code, attempts, delivery, delivery_detail, digest_due_at, ${at} as created_at, text, html, mail_out.ticket_id, ticket.number
    from mail_out left join ticket on ticket.id = mail_out.ticket_id
    where ${conditions(query)} and ${after ? sql`(${at}, mail_out.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql`true`} order by ${at} desc, mail_out.id desc limit ${query.limit + 1}`.execute(
    db,
  )
  return pageOf(
    rows,
    query.limit,
    ({ recipient, createdAt, digestDueAt, ...m }) => ({
      ...m,
      to: recipient,
      at: createdAt.toISOString(),
      digestDueAt: digestDueAt?.toISOString() ?? null,
    }),
    (m) => writeCursor(m.createdAt.toISOString(), m.id),
  )
}

export const mailRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/mail',
    access: ['administrator'],
    tag: 'Mail',
    summary: 'The send log: what went out, waits to, failed, or was held back, with the reason',
    query: MailQuery,
    response: Page(MailView),
    handle: ({ deps, query }) => listMail(deps.db, query),
  }),
  defineRoute({
    method: 'post',
    path: '/mail/{id}/retry',
    access: ['administrator'],
    tag: 'Mail',
    summary: 'Send a mail that failed or was held back after all',
    params: z.object({ id: z.uuid() }),
    status: 204,
    problems: { 404: ['mailNotFound'], 409: ['mailNotRetryable'] },
    handle: async ({ deps, params, caller }) => {
      const result = await retryMail(deps.db, params.id, caller.actor.id, deps.clock())
      if (result === 'notFound') throw new ApiProblem(404, 'mailNotFound')
      if (result === 'notRetryable') throw new ApiProblem(409, 'mailNotRetryable')
    },
  }),
  defineRoute({
    method: 'get',
    path: '/mail-addresses/blocked',
    access: ['administrator'],
    tag: 'Mail',
    summary: 'Addresses that get no more mail because they refused it for good several times',
    query: z.object({ limit: z.coerce.number().optional() }),
    response: Page(AddressView),
    handle: async ({ deps }) => {
      const rows = await deps.db
        .selectFrom('mailAddress')
        .selectAll()
        .where('blockedAt', 'is not', null)
        .orderBy('blockedAt', 'desc')
        .limit(200)
        .execute()
      const items = rows.map(({ address, hardBounces, lastReason, blockedAt }) => ({
        address,
        hardBounces,
        lastReason,
        blockedAt: blockedAt?.toISOString() ?? '',
      }))
      return { items, nextCursor: null, total: items.length }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/mail-addresses/unblock',
    access: ['administrator'],
    tag: 'Mail',
    summary: 'Write to an address again',
    body: z.strictObject({ address: z.string().trim().toLowerCase().min(3).max(254) }),
    status: 204,
    problems: { 404: ['addressNotBlocked'] },
    handle: async ({ deps, body, caller }) => {
      if (!(await unblockAddress(deps.db, body.address, caller.actor.id, deps.clock())))
        throw new ApiProblem(404, 'addressNotBlocked', { params: { address: body.address } })
    },
  }),
  defineRoute({
    method: 'get',
    path: '/rejected-mail',
    access: ['administrator'],
    tag: 'Mail',
    summary: 'Mail that was refused, with reason and remedy',
    query: PageQuery,
    response: Page(RejectedMailView),
    handle: async ({ deps, query }) => {
      const after = query.cursor ? readCursor(query.cursor, After) : null
      const { rows } = await sql<{
        id: string
        receivedAt: Date
        sender: string | null
        subject: string | null
        reason: string
        remedy: string
      }>`
        select id, ${ms('received_at')} as received_at, sender, subject, reason, remedy from rejected_mail
        where ${after ? sql`(${ms('received_at')}, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql`true`} order by ${ms('received_at')} desc, id desc limit ${query.limit + 1}`.execute(
        deps.db,
      )
      return pageOf(
        rows,
        query.limit,
        (m) => ({ id: m.id, at: m.receivedAt.toISOString(), from: m.sender, subject: m.subject, reason: m.reason, remedy: m.remedy }),
        (m) => writeCursor(m.receivedAt.toISOString(), m.id),
      )
    },
  }),
]
