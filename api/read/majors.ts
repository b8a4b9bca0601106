/** Major incidents: the board's rows and the status page, from tickets, their root variables and the ledger. */
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { historyMs, isPublic, majorState } from '#domain/majors'
import type { Variables } from '#schema/json'
import { type MajorView, type PublicMajor, Severity, type StatusPage, type StatusUpdate, UpdateLevel } from '#schema/major'
import type { TicketStatus } from '#schema/ticket'
import { majorProcessId } from '../../activities/store/ticket/majors.ts'
import type { Actor } from '#schema/role'
import type { Db } from '../deps.ts'
import { visibleTickets } from './visibility.ts'

interface Row {
  id: string
  number: string
  title: string
  status: TicketStatus
  resolutionCode: string | null
  service: string | null
  priority: number | null
  openedAt: Date
  resolvedAt: Date | null
  closedAt: Date | null
  variables: Variables | null
  commanderName: string | null
  leadName: string | null
  childCount: number
  openChildCount: number
  /** Since when a communication is due. */
  dueSince: Date | null
}

/** The youngest first; ended ones since `since`. A limit that no desk reaches in a month. */
async function rowsSince(db: Db, since: Date, visible: RawBuilder<SqlBool> = sql<SqlBool>`true`): Promise<Row[]> {
  const { rows } =
    await sql<Row>`select ticket.id, ticket.number, ticket.title, ticket.status, ticket.resolution_code, ticket.service, ticket.priority, ticket.opened_at, ticket.resolved_at, ticket.closed_at, instance.variables,
      commander.name as commander_name, lead.name as lead_name, coalesce(children.total, 0)::int as child_count, coalesce(children.open, 0)::int as open_child_count,
      (select min(task.opened_at) from task where task.ticket_id = ticket.id and task.state = 'open' and task.element_id = 'communicate') as due_since
    from ticket join instance on instance.ticket_id = ticket.id
      left join person commander on commander.id = instance.variables->>'commanderId'
      left join person lead on lead.id = instance.variables->>'communicationLeadId'
      left join lateral (select count(*) as total, count(*) filter (where child.status not in ('resolved', 'closed', 'canceled')) as open
        from ticket_link l join ticket child on child.id = l.from_id where l.to_id = ticket.id and l.kind = 'childOf' and l.unlinked_at is null) children on true
    where instance.process_id = ${majorProcessId} and (not instance.is_ended or coalesce(ticket.closed_at, ticket.opened_at) > ${since}) and ${visible}
    order by ticket.opened_at desc, ticket.id limit 200`.execute(db)
  return rows
}

/** Communications by ticket, oldest first: what the lead sent, and what the restoration announced. */
export async function statusUpdatesOf(db: Db, ids: readonly string[]): Promise<Map<string, StatusUpdate[]>> {
  const found = new Map<string, StatusUpdate[]>()
  if (ids.length === 0) return found
  const facts = await db
    .selectFrom('fact')
    .select(['streamId', 'at', 'body'])
    .where('streamId', 'in', [...ids])
    .where('type', '=', 'taskCompleted')
    .where('elementId', 'in', ['communicate', 'restore'])
    .orderBy('at')
    .orderBy('sequence')
    .execute()
  for (const { streamId, at, body } of facts) {
    const { values } = body as { values?: Variables }
    const level = UpdateLevel.safeParse(values?.restoreOutcome ?? values?.updateLevel)
    const own = values?.restoreOutcome === undefined ? 'update' : 'end'
    const text = { fr: textOf(values, `${own}Fr`), en: textOf(values, `${own}En`) }
    if (!level.success || text.fr + text.en === '') continue
    found.set(streamId, [...(found.get(streamId) ?? []), { at: at.toISOString(), level: level.data, text }])
  }
  return found
}

/** When the wait for the next communication ends, by ticket. */
async function nextDueOf(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{
    streamId: string
    dueAt: number
  }>`select distinct on (stream_id) stream_id, (body->>'dueAt')::float8 as due_at
    from fact where stream_id = any(${ids}::text[]) and type = 'timerScheduled' and element_id = 'nextDue' order by stream_id, sequence desc`.execute(
    db,
  )
  return new Map(rows.map(({ streamId, dueAt }) => [streamId, new Date(dueAt).toISOString()]))
}

const textOf = (values: Variables | null | undefined, name: string): string => {
  const value = values?.[name]
  return typeof value === 'string' ? value : ''
}
const personIn = (row: Row, variable: string, name: string | null) => {
  const id = textOf(row.variables, variable)
  return id === '' ? null : { id, name: name ?? id }
}

/** Candidates, running ones, those that wait for their review, and what ended within the month. */
export async function listMajors(db: Db, actor: Actor, now: number): Promise<MajorView[]> {
  const rows = await rowsSince(db, new Date(now - historyMs), visibleTickets(actor))
  const running = rows.filter((row) => majorState(row) === 'running').map(({ id }) => id)
  const [updates, nextDue] = await Promise.all([
    statusUpdatesOf(
      db,
      rows.map(({ id }) => id),
    ),
    nextDueOf(db, running),
  ])
  return rows.map((row) => {
    const state = majorState(row)
    const sent = updates.get(row.id) ?? []
    return {
      id: row.id,
      number: row.number,
      title: row.title,
      state,
      service: row.service,
      priority: row.priority,
      openedAt: row.openedAt.toISOString(),
      endedAt: (row.resolvedAt ?? row.closedAt)?.toISOString() ?? null,
      commander: personIn(row, 'commanderId', row.commanderName),
      communicationLead: personIn(row, 'communicationLeadId', row.leadName),
      childCount: row.childCount,
      openChildCount: row.openChildCount,
      updateCount: sent.length,
      lastUpdateAt: sent.at(-1)?.at ?? null,
      nextUpdateAt: state === 'running' ? (row.dueSince?.toISOString() ?? nextDue.get(row.id) ?? null) : null,
      reviewDueAt: state === 'review' ? textOf(row.variables, 'reviewDueAt') || null : null,
    }
  })
}

/** The caller's own incidents under each major one. */
async function ownChildren(db: Db, personId: string | null): Promise<Map<string, string>> {
  if (personId === null) return new Map()
  const { rows } = await sql<{
    majorId: string
    number: string
  }>`select l.to_id as major_id, child.number from ticket_link l join ticket child on child.id = l.from_id
    where l.kind = 'childOf' and l.unlinked_at is null and child.requester_id = ${personId} and child.status <> 'canceled' order by child.opened_at`.execute(
    db,
  )
  return new Map(rows.map(({ majorId, number }) => [majorId, number]))
}

/** What everybody may know: majors that were accepted, with what was said of them. */
export async function readStatus(db: Db, personId: string | null, now: number): Promise<StatusPage> {
  const rows = (await rowsSince(db, new Date(now - historyMs))).filter((row) => isPublic(majorState(row)))
  const [updates, own] = await Promise.all([
    statusUpdatesOf(
      db,
      rows.map(({ id }) => id),
    ),
    ownChildren(db, personId),
  ])
  const views = rows.map((row) => publicMajor(row, updates.get(row.id) ?? [], own.get(row.id) ?? null))
  return {
    at: new Date(now).toISOString(),
    current: views.filter(({ endedAt }) => endedAt === null),
    history: views.filter(({ endedAt }) => endedAt !== null),
  }
}

function publicMajor(row: Row, updates: StatusUpdate[], ownNumber: string | null): PublicMajor {
  const severity = Severity.safeParse(row.variables?.publicSeverity)
  const title = (locale: 'Fr' | 'En') => textOf(row.variables, `publicTitle${locale}`) || row.title
  return {
    number: row.number,
    title: { fr: title('Fr'), en: title('En') },
    service: row.service,
    severity: severity.success ? severity.data : 'degraded',
    level: updates.at(-1)?.level ?? 'investigating',
    startedAt: row.openedAt.toISOString(),
    endedAt: (row.resolvedAt ?? row.closedAt)?.toISOString() ?? null,
    updates: updates.toReversed(),
    ownNumber,
  }
}
