/** Lists of tickets: one query for the rows (people, group and next clock joined in), one for the count. */
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { z } from 'zod'
import type { DeskType } from '#schema/desk'
import type { Actor } from '#schema/role'
import { openStatuses } from '#schema/ticket'
import { TicketKind, TicketStatus } from '#schema/ticket'
import type { TicketRow } from '#schema/view'
import { majorProcessId } from '../../activities/store/ticket/majors.ts'
import type { Db } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import { figureTickets } from '../reports/index.ts'
import { type ClockRow, clockJson, clockView, loadCalendars } from './clock-view.ts'
import { PageQuery, pageOf, readCursor, writeCursor } from './page.ts'
import { visibleTickets } from './visibility.ts'

/** Several values, separated by commas. */
const list = <T>(item: z.ZodType<T, unknown>) =>
  z.preprocess((text) => (typeof text === 'string' ? text.split(',').filter(Boolean) : text), z.array(item))
export const ticketSorts = ['due', 'priority', 'updated', 'opened', 'number'] as const
export const TicketQuery = PageQuery.extend({
  view: z.enum(['mine', 'group', 'unassigned', 'all', 'requested', 'overdue', 'majors', 'stalled']).default('all'),
  status: list(TicketStatus as z.ZodType<TicketStatus, unknown>).optional(),
  priority: list(z.coerce.number<unknown>().int().min(1).max(5)).optional(),
  groupId: z.string().max(100).optional(),
  kind: TicketKind.optional(),
  ciId: z.string().max(100).optional(),
  deskId: z.string().max(40).optional(),
  /** Of VIP requesters only. */
  vip: z.enum(['true']).optional(),
  q: z.string().max(200).optional(),
  from: z.coerce.date().optional(),
  to: z.coerce.date().optional(),
  source: z.enum(['all', 'live', 'imported']).default('all'),
  /** A part of a figure, e.g. `slaAttainment:resolution:met`: exactly the tickets it counts. */
  metric: z.string().max(100).optional(),
  sort: z.enum([...ticketSorts, ...ticketSorts.map((s) => `-${s}` as const)]).default('opened'),
})
export type TicketQuery = z.output<typeof TicketQuery>

const epoch = (column: RawBuilder<unknown>) => sql`extract(epoch from ${column})`
/** Ascending sort values; the newest, most urgent or soonest first. Numbers, so that one cursor shape serves all. */
const sortValues: Record<(typeof ticketSorts)[number], RawBuilder<unknown>> = {
  due: sql`coalesce(${epoch(sql`next_clock.due_at`)}, 99999999999)`,
  priority: sql`(coalesce(ticket.priority, 9) * 100000000000 + ${epoch(sql`ticket.opened_at`)})`,
  updated: sql`(- ${epoch(sql`ticket.updated_at`)})`,
  opened: sql`(- ${epoch(sql`ticket.opened_at`)})`,
  number: sql`(- coalesce(nullif(regexp_replace(ticket.number, '\\D', '', 'g'), ''), '0')::numeric)`,
}

const isOpen = sql<SqlBool>`ticket.status in (${sql.join([...openStatuses])})`

function viewCondition(query: TicketQuery, actor: Actor, now: Date): RawBuilder<SqlBool> {
  const open = query.status ? sql<SqlBool>`true` : isOpen
  switch (query.view) {
    case 'mine':
      return sql<SqlBool>`ticket.assignee_id = ${actor.id} and ${open}`
    case 'group':
      return sql<SqlBool>`ticket.group_id = any(${actor.groups}) and ${open}`
    case 'unassigned':
      return sql<SqlBool>`ticket.assignee_id is null and ${open}`
    case 'requested':
      return sql<SqlBool>`ticket.requester_id = ${actor.id}`
    case 'overdue':
      return sql<SqlBool>`${isOpen} and exists (select from clock where clock.ticket_id = ticket.id and clock.kind = 'sla' and clock.stopped_at is null and clock.state in ('running', 'breached') and clock.due_at < ${now})`
    case 'majors':
      return sql<SqlBool>`exists (select from instance where instance.ticket_id = ticket.id and instance.process_id = ${majorProcessId} and not instance.is_ended)`
    case 'stalled':
      return sql<SqlBool>`exists (select from instance where instance.ticket_id = ticket.id and not instance.is_ended and jsonb_array_length(coalesce(instance.stalls, '[]')) > 0)`
    case 'all':
      return sql<SqlBool>`true`
  }
}

function conditions(query: TicketQuery, actor: Actor, now: Date): RawBuilder<SqlBool> {
  const all = [visibleTickets(actor), viewCondition(query, actor, now)]
  if (query.status) all.push(sql<SqlBool>`ticket.status = any(${query.status})`)
  if (query.priority) all.push(sql<SqlBool>`ticket.priority = any(${query.priority})`)
  if (query.kind) all.push(sql<SqlBool>`ticket.kind = ${query.kind}`)
  if (query.groupId) all.push(sql<SqlBool>`ticket.group_id = ${query.groupId}`)
  if (query.deskId) all.push(sql<SqlBool>`coalesce(ticket.desk_id, (select id from desk where is_default)) = ${query.deskId}`)
  if (query.vip) all.push(sql<SqlBool>`exists (select from person where person.id = ticket.requester_id and person.is_vip)`)
  if (query.ciId) all.push(sql<SqlBool>`ticket.ci_id = ${query.ciId}`)
  if (query.q?.trim()) {
    const q = query.q.trim()
    const like = `${q.replace(/[\\%_]/g, (c) => `\\${c}`)}%`
    all.push(
      sql<SqlBool>`(ticket.number ilike ${like} or ticket.title ilike ${`%${like}`} or ticket.search @@ (websearch_to_tsquery('french', ${q}) || websearch_to_tsquery('english', ${q}) || websearch_to_tsquery('simple', ${q})))`,
    )
  }
  if (query.from) all.push(sql<SqlBool>`ticket.opened_at >= ${query.from}`)
  if (query.to) all.push(sql<SqlBool>`ticket.opened_at < ${query.to}`)
  if (query.source !== 'all') all.push(sql<SqlBool>`ticket.is_imported = ${query.source === 'imported'}`)
  if (query.metric) {
    const counted = figureTickets(query.metric, { from: query.from ?? null, to: query.to ?? null, source: query.source, at: now })
    if (!counted)
      throw new ApiProblem(422, 'invalidCall', {
        errors: [
          {
            path: 'query.metric',
            code: 'unknownMetric',
            message: `expected a part of a figure such as byStatus:pending, found ${query.metric}`,
          },
        ],
      })
    all.push(counted)
  }
  return sql<SqlBool>`(${sql.join(
    all.map((c) => sql`(${c})`),
    sql` and `,
  )})`
}

/** Columns and joins of a TicketRow; `ticket` is unaliased so that the figures' conditions apply. */
export const rowColumns = sql`ticket.id, ticket.number, ticket.kind, ticket.channel, ticket.title, ticket.status, ticket.impact, ticket.urgency, ticket.priority, ticket.category, ticket.service,
  coalesce(ticket.desk_id, desk.id) as desk_id, ticket.desk_type, desk.name_fr as desk_name_fr, desk.name_en as desk_name_en, ticket.ci_id, configuration_item.code as ci_code, configuration_item.name as ci_name, ticket.requester_id, ticket.assignee_id, ticket.group_id, requester.name as requester_name, coalesce(requester.is_vip, false) as is_vip, coalesce(instance.process_id = 'major-incident', false) as is_major, assignee.name as assignee_name, support_group.name as group_name, ticket.opened_at, ticket.updated_at, ticket.resolved_at, ticket.closed_at,
  ticket.reopen_count, ticket.is_imported, coalesce(jsonb_array_length(instance.stalls), 0) > 0 as is_stalled, next_clock.clock as next_clock,
  (select count(*)::int from task where task.ticket_id = ticket.id and task.state = 'open') as open_task_count`
export const rowSource = sql`ticket left join person requester on requester.id = ticket.requester_id left join person assignee on assignee.id = ticket.assignee_id
  left join support_group on support_group.id = ticket.group_id left join configuration_item on configuration_item.id = ticket.ci_id left join instance on instance.ticket_id = ticket.id
  left join desk on desk.id = coalesce(ticket.desk_id, (select id from desk standard where standard.is_default))
  left join lateral (select c.due_at, ${clockJson} as clock from clock c where c.ticket_id = ticket.id and c.kind = 'sla' and c.stopped_at is null and c.state in ('running', 'paused', 'breached') order by c.due_at nulls last limit 1) next_clock on true`

export interface TicketRowRecord {
  id: string
  number: string
  kind: TicketRow['kind']
  channel: TicketRow['channel']
  title: string
  status: TicketRow['status']
  impact: TicketRow['impact']
  urgency: TicketRow['urgency']
  priority: number | null
  category: string | null
  service: string | null
  deskId: string | null
  deskType: DeskType | null
  deskNameFr: string | null
  deskNameEn: string | null
  ciId: string | null
  ciCode: string | null
  ciName: string | null
  requesterId: string
  assigneeId: string | null
  groupId: string | null
  requesterName: string | null
  isVip: boolean
  isMajor: boolean
  assigneeName: string | null
  groupName: string | null
  openedAt: Date
  updatedAt: Date
  resolvedAt: Date | null
  closedAt: Date | null
  reopenCount: number
  isImported: boolean
  isStalled: boolean
  nextClock: ClockRow | null
  openTaskCount: number
}

export type CalendarOf = Awaited<ReturnType<typeof loadCalendars>>

export function ticketRow(row: TicketRowRecord, calendarOf: CalendarOf, now: number): TicketRow {
  const clock = row.nextClock
  return {
    id: row.id,
    number: row.number,
    kind: row.kind,
    channel: row.channel,
    title: row.title,
    status: row.status,
    impact: row.impact,
    urgency: row.urgency,
    priority: row.priority,
    category: row.category,
    service: row.service,
    ci: row.ciId ? { id: row.ciId, code: row.ciCode ?? row.ciId, name: row.ciName ?? row.ciId } : null,
    desk: row.deskNameFr ? { id: row.deskId ?? '', name: { fr: row.deskNameFr, en: row.deskNameEn ?? row.deskNameFr } } : null,
    requester: { id: row.requesterId, name: row.requesterName ?? (row.requesterId === 'system' ? 'Guichet' : row.requesterId) },
    isVip: row.isVip,
    isMajor: row.isMajor,
    assignee: row.assigneeId ? { id: row.assigneeId, name: row.assigneeName ?? row.assigneeId } : null,
    group: row.groupId ? { id: row.groupId, name: row.groupName ?? row.groupId } : null,
    openedAt: row.openedAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
    closedAt: row.closedAt?.toISOString() ?? null,
    reopenCount: row.reopenCount,
    isStalled: row.isStalled,
    isImported: row.isImported,
    nextClock: clock ? clockView(clock, calendarOf(clock.calendarId, clock.calendarVersion), now) : null,
    openTaskCount: row.openTaskCount,
  }
}

/** One page; the total comes with the first page only. */
export async function listTickets(
  db: Db,
  query: TicketQuery,
  actor: Actor,
  now: number,
): Promise<{ items: TicketRow[]; nextCursor: string | null; total?: number }> {
  const isReverse = query.sort.startsWith('-')
  const value = sortValues[query.sort.replace('-', '') as keyof typeof sortValues]
  const where = conditions(query, actor, new Date(now))
  const after = query.cursor ? readCursor(query.cursor, z.tuple([z.string().regex(/^-?\d+(\.\d+)?$/), z.uuid()])) : null
  const compare = isReverse ? sql`<` : sql`>`
  const beyond = after ? sql`and (${value}, ticket.id) ${compare} (${after[0]}::numeric, ${after[1]}::uuid)` : sql``
  const direction = isReverse ? sql`desc` : sql`asc`
  const { rows } = await sql<
    TicketRowRecord & { sortValue: string }
  >`select ${rowColumns}, (${value})::text as sort_value from ${rowSource} where ${where} ${beyond} order by ${value} ${direction}, ticket.id ${direction} limit ${query.limit + 1}`.execute(
    db,
  )
  const calendarOf = await loadCalendars(
    db,
    rows.flatMap((r) => (r.nextClock ? [r.nextClock] : [])),
  )
  const page = pageOf(
    rows,
    query.limit,
    (row) => ticketRow(row, calendarOf, now),
    (last) => writeCursor(last.sortValue, last.id),
  )
  if (after) return page
  const counted = await sql<{ total: number }>`select count(*)::int as total from ticket where ${where}`.execute(db)
  return { ...page, total: counted.rows[0]?.total ?? 0 }
}
