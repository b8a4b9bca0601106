/** Changes for lists and their calendar: rows of the view `change_record` with names. */
import { type RawBuilder, sql } from 'kysely'
import { z } from 'zod'
import { ChangeOutcome, ChangeType } from '#schema/change'
import type { CalendarView, ChangeRowView } from '#schema/change-view'
import { TicketStatus } from '#schema/ticket'
import { conflictsOf } from '#domain/change/conflict'
import { occurrencesOf } from '#domain/change/recurrence'
import { type ChangeRow, changeWorld, listWindows, plannedChange } from '../../activities/store/change/world.ts'
import { loadBundle } from '../../activities/store/definition/definitions.ts'
import type { Actor } from '#schema/role'
import type { Db } from '../deps.ts'
import type { Locale } from '../problem.ts'
import { elementNames, type NameOf } from './element-name.ts'
import { ofVisibleTicket } from './visibility.ts'
import { PageQuery, pageOf, readCursor, writeCursor } from './page.ts'

const list = <T>(item: z.ZodType<T, unknown>) =>
  z.preprocess((text) => (typeof text === 'string' ? text.split(',').filter(Boolean) : text), z.array(item))
export const ChangeQuery = PageQuery.extend({
  type: ChangeType.optional(),
  status: list(TicketStatus as z.ZodType<TicketStatus, unknown>).optional(),
  risk: z.coerce.number().int().min(1).max(4).optional(),
  groupId: z.string().max(100).optional(),
  q: z.string().max(200).optional(),
  /** open: not closed or canceled; cab: waiting for the board; mine: as requester or implementer. */
  view: z.enum(['all', 'open', 'cab', 'mine', 'unauthorised']).default('open'),
})
export type ChangeQuery = z.output<typeof ChangeQuery>

export interface NamedRow extends ChangeRow {
  groupName: string | null
  requesterName: string | null
  implementerName: string | null
  activeElement: string | null
  bundleHash: string | null
}

const namedColumns = sql`c.*, support_group.name as group_name, requester.name as requester_name, implementer.name as implementer_name,
  (select a.value ->> 'elementId' from jsonb_array_elements(instance.active) a where a.value ->> 'elementId' <> instance.process_id order by a.value ->> 'since' desc limit 1) as active_element, instance.bundle_hash`
const namedSource = sql`change_record c left join support_group on support_group.id = c.group_id left join person requester on requester.id = c.requester_id
  left join person implementer on implementer.id = c.implementer_id left join instance on instance.ticket_id = c.id`

export async function namedChanges(db: Db, where: ReturnType<typeof sql>, tail = sql``): Promise<NamedRow[]> {
  const { rows } = await sql<NamedRow>`select ${namedColumns} from ${namedSource} where ${where} ${tail}`.execute(db)
  return rows
}

const ref = (id: string | null, name: string | null) => (id === null ? null : { id, name: name ?? id })
const outcomeOf = (text: string | null): ChangeOutcome | null => {
  const parsed = ChangeOutcome.safeParse(text)
  return parsed.success ? parsed.data : null
}

type StepOf = (row: NamedRow) => string | null
/** The name of the step that each stands at, as its own version of the diagram calls it. */
export async function stepNames(db: Db, rows: readonly NamedRow[], locale: Locale): Promise<StepOf> {
  const names = new Map<string, NameOf>()
  for (const hash of new Set(rows.flatMap(({ bundleHash }) => bundleHash ?? [])))
    names.set(hash, await elementNames(db, await loadBundle(db, hash), locale))
  return ({ isEnded, activeElement, bundleHash }) =>
    isEnded || activeElement === null ? null : (names.get(bundleHash ?? '')?.(activeElement) ?? activeElement)
}

export const changeRowView = (row: NamedRow, stepOf: StepOf): ChangeRowView => ({
  id: row.id,
  number: row.number,
  title: row.title,
  type: row.changeType ?? 'normal',
  status: row.status,
  risk: row.risk !== null && row.risk >= 1 && row.risk <= 4 ? row.risk : null,
  service: row.service,
  group: ref(row.groupId, row.groupName),
  requester: { id: row.requesterId, name: row.requesterName ?? row.requesterId },
  implementer: ref(row.implementerId, row.implementerName),
  plannedStart: row.plannedStart?.toISOString() ?? null,
  plannedEnd: row.plannedEnd?.toISOString() ?? null,
  outcome: outcomeOf(row.outcome),
  isUnauthorised: row.isUnauthorised === true,
  step: stepOf(row),
  openedAt: row.openedAt.toISOString(),
})

const likeText = (q: string) => `%${q.replace(/[\\%_]/g, (c) => `\\${c}`)}%`

/** Of the actor's desks, or his to implement. */
const mayRead = (actor: Actor) => sql`(${ofVisibleTicket(actor, 'c.id')} or c.implementer_id = ${actor.id})`

export async function listChanges(
  db: Db,
  query: ChangeQuery,
  actor: Actor,
  locale: Locale,
): Promise<{ items: ChangeRowView[]; nextCursor: string | null }> {
  const parts: RawBuilder<unknown>[] = [mayRead(actor)]
  if (query.type) parts.push(sql`c.change_type = ${query.type}`)
  if (query.status) parts.push(sql`c.status = any(${query.status})`)
  if (query.risk) parts.push(sql`c.risk = ${query.risk}`)
  if (query.groupId) parts.push(sql`c.group_id = ${query.groupId}`)
  if (query.q?.trim()) parts.push(sql`(c.number ilike ${likeText(query.q.trim())} or c.title ilike ${likeText(query.q.trim())})`)
  if (query.view === 'open') parts.push(sql`c.status not in ('closed', 'canceled')`)
  if (query.view === 'cab') parts.push(sql`instance.active @> '[{"elementId":"cabApproval"}]'`)
  if (query.view === 'mine') parts.push(sql`(c.requester_id = ${actor.id} or c.implementer_id = ${actor.id})`)
  if (query.view === 'unauthorised') parts.push(sql`c.is_unauthorised`)
  if (query.cursor) {
    const [at, id] = readCursor(query.cursor, z.tuple([z.iso.datetime(), z.uuid()]))
    parts.push(sql`(date_trunc('milliseconds', c.opened_at), c.id) < (${at}::timestamptz, ${id}::uuid)`)
  }
  const rows = await namedChanges(
    db,
    sql`${sql.join(parts, sql` and `)}`,
    sql`order by date_trunc('milliseconds', c.opened_at) desc, c.id desc limit ${query.limit + 1}`,
  )
  const stepOf = await stepNames(db, rows, locale)
  return pageOf(
    rows,
    query.limit,
    (row) => changeRowView(row, stepOf),
    (row) => writeCursor(row.openedAt.toISOString(), row.id),
  )
}

/** Longest span of a calendar. */
export const calendarDays = 62

/** What is planned between two instants: changes with their conflicts, and when the windows occur. */
export async function readCalendar(db: Db, from: number, to: number, actor: Actor, locale: Locale): Promise<CalendarView> {
  const rows = await namedChanges(
    db,
    sql`c.planned_start < ${new Date(to)} and c.planned_end > ${new Date(from)} and c.status <> 'canceled' and ${mayRead(actor)}`,
    sql`order by c.planned_start, c.number limit 1000`,
  )
  const world = await changeWorld(db)
  const windows = await listWindows(db)
  const stepOf = await stepNames(db, rows, locale)
  return {
    changes: rows.map((row) => {
      const planned = plannedChange(row)
      const found = planned.isFinished ? [] : conflictsOf(planned, world)
      return {
        ...changeRowView(row, stepOf),
        hasConflict: found.length > 0,
        hasBlockingConflict: found.some(({ isBlocking }) => isBlocking),
      }
    }),
    occurrences: windows
      .flatMap((window) =>
        occurrencesOf(window, from, to).map((span) => ({
          windowId: window.id,
          kind: window.kind,
          name: window.name,
          reason: window.reason,
          isEverything: window.scope.type === 'everything',
          from: new Date(span.from).toISOString(),
          to: new Date(span.to).toISOString(),
        })),
      )
      .sort((a, b) => (a.from < b.from ? -1 : 1)),
  }
}
