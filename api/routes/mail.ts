import { sql } from 'kysely'
import { z } from 'zod'
import { MailView, Page } from '#schema/view'
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
const ms = (column: 'created_at' | 'received_at') => sql`date_trunc('milliseconds', ${sql.ref(column)})`

export const mailRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/mail',
    access: ['administrator'],
    tag: 'Mail',
    summary: 'Mail that went out, or waits to',
    query: PageQuery,
    response: Page(MailView),
    handle: async ({ deps, query }) => {
      const after = query.cursor ? readCursor(query.cursor, After) : null
      const { rows } = await sql<{
        id: string
        recipient: string
        subject: string
        template: string
        state: z.infer<typeof MailView>['state']
        reason: string | null
        createdAt: Date
        text: string
        html: string | null
        ticketId: string | null
      }>`
        select id, recipient, subject, template, state, reason, ${ms('created_at')} as created_at, text, html, ticket_id from mail_out
        where ${after ? sql`(${ms('created_at')}, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql`true`} order by ${ms('created_at')} desc, id desc limit ${query.limit + 1}`.execute(
        deps.db,
      )
      return pageOf(
        rows,
        query.limit,
        ({ recipient, createdAt, ...m }) => ({ ...m, to: recipient, at: createdAt.toISOString() }),
        (m) => writeCursor(m.createdAt.toISOString(), m.id),
      )
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
