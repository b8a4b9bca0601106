/** Which open promises will probably be missed: due soon and not begun, or slower than such clocks usually are. */
import { sql } from 'kysely'
import type { PredictedBreach } from '#schema/service-level'
import type { PolicyKind } from '#schema/sla'
import type { TicketStatus } from '#schema/ticket'
import type { Actor } from '#schema/role'
import type { Db } from '../deps.ts'
import { visibleTickets } from './visibility.ts'
import { type ClockRow, clockJson, clockView, groupNames, loadCalendars } from './clock-view.ts'

export interface PredictionQuery {
  withinMs: number
  groupId: string | null
  kind: PolicyKind | null
  limit: number
}

/** Clocks due later than this are not looked at, days. */
const horizonDays = 30
const mostClocks = 2_000
/** Fewer finished clocks than this say nothing about the next. */
const leastSamples = 5
const sampleDays = 180

interface OpenClock {
  id: string
  number: string
  title: string
  status: TicketStatus
  priority: number | null
  groupId: string | null
  assigneeId: string | null
  assigneeName: string | null
  policyId: string
  clock: ClockRow
}
interface Usual {
  policyId: string
  metric: string
  groupId: string | null
  count: number
  medianMs: number
  p90Ms: number
}

export async function predictedBreaches(
  db: Db,
  query: PredictionQuery,
  actor: Actor,
  now: number,
): Promise<{ items: PredictedBreach[]; total: number }> {
  const { rows } = await sql<OpenClock>`
    select ticket.id, ticket.number, ticket.title, ticket.status, ticket.priority, ticket.group_id as "groupId", ticket.assignee_id as "assigneeId", person.name as "assigneeName",
      c.policy_id as "policyId", ${clockJson} as clock
    from clock c join ticket on ticket.id = c.ticket_id left join person on person.id = ticket.assignee_id
    where c.state = 'running' and c.breached_at is null and c.stopped_at is null and c.due_at > ${new Date(now)} and c.due_at < ${new Date(now + horizonDays * 86_400_000)}
      and ticket.status in ('new', 'assigned', 'inProgress', 'pending')
      and ${visibleTickets(actor)} and (${query.groupId}::text is null or ticket.group_id = ${query.groupId}) and (${query.kind}::text is null or c.kind = ${query.kind})
    order by c.due_at limit ${mostClocks}`.execute(db)
  const [calendarOf, groupName, usual] = await Promise.all([
    loadCalendars(
      db,
      rows.map(({ clock }) => clock),
    ),
    groupNames(db),
    usualTimes(db, now),
  ])
  const found = rows.flatMap((row): PredictedBreach[] => {
    const clock = clockView(row.clock, calendarOf(row.clock.calendarId, row.clock.calendarVersion), now, groupName)
    const left = clock.remainingBusinessMs ?? 0
    const typicalLeftMs = stillNeeded(usual, row, clock.elapsedBusinessMs ?? 0)
    const isIdle = row.status === 'new' || row.status === 'assigned'
    const reason = isIdle && left <= query.withinMs ? 'notStarted' : typicalLeftMs !== null && typicalLeftMs > left ? 'slow' : null
    if (reason === null) return []
    const { id, number, title, status, priority } = row
    return [
      {
        ticket: { id, number, title, status, priority },
        group: row.groupId === null ? null : { id: row.groupId, name: groupName(row.groupId) },
        assignee: row.assigneeId === null ? null : { id: row.assigneeId, name: row.assigneeName ?? row.assigneeId },
        clock,
        reason,
        typicalLeftMs,
      },
    ]
  })
  found.sort((a, b) => (a.clock.remainingBusinessMs ?? 0) - (b.clock.remainingBusinessMs ?? 0))
  return { items: found.slice(0, query.limit), total: found.length }
}

/** How long finished clocks took, by policy, metric and group; without a group: all of them. */
async function usualTimes(db: Db, now: number): Promise<Usual[]> {
  const { rows } = await sql<Usual>`
    select c.policy_id as "policyId", c.metric, ticket.group_id as "groupId", count(*)::int as count,
      percentile_cont(0.5) within group (order by c.elapsed_business_ms)::float8 as "medianMs", percentile_cont(0.9) within group (order by c.elapsed_business_ms)::float8 as "p90Ms"
    from clock c join ticket on ticket.id = c.ticket_id
    where c.elapsed_business_ms is not null and c.state in ('met', 'breached') and c.stopped_at > ${new Date(now - sampleDays * 86_400_000)}
    group by grouping sets ((c.policy_id, c.metric, ticket.group_id), (c.policy_id, c.metric)) having count(*) >= ${leastSamples}`.execute(
    db,
  )
  return rows
}

/** Business ms that such a clock usually still needs: to the median, and past it to the 90th percentile. */
function stillNeeded(usual: readonly Usual[], { policyId, groupId, clock }: OpenClock, elapsedMs: number): number | null {
  const same = usual.filter((one) => one.policyId === policyId && one.metric === clock.metric)
  const like = same.find((one) => one.groupId === groupId && groupId !== null) ?? same.find((one) => one.groupId === null)
  if (!like) return null
  return Math.max(0, (elapsedMs < like.medianMs ? like.medianMs : like.p90Ms) - elapsedMs)
}
