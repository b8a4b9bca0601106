/** One change with all that its page shows beside the ticket's own. */
import { sql } from 'kysely'
import { RiskLevel, type CabDecision } from '#schema/change'
import type { ChangeView } from '#schema/change-view'
import type { Json, Variables } from '#schema/json'
import type { Actor } from '#schema/role'
import type { TicketStatus } from '#schema/ticket'
import { conflictsOf } from '#domain/change/conflict'
import { freezeAt } from '#domain/change/freeze'
import { can } from '#domain/permissions'
import { itemsRecord, teamRecord } from '../../activities/store/change/outcomes.ts'
import { changeWorld, conflictViews, plannedChange } from '../../activities/store/change/world.ts'
import type { Db } from '../deps.ts'
import { ApiProblem, type Locale } from '../problem.ts'
import { changeRowView, namedChanges, stepNames, type NamedRow } from './changes.ts'
import { findTicket, type TicketRecord } from './ticket-view.ts'

const textOf = (value: Json | undefined): string | null => (typeof value === 'string' && value !== '' ? value : null)
const numberOf = (value: Json | undefined): number | null => (typeof value === 'number' ? value : null)
const levelOf = (value: Json | undefined): number | null => {
  const parsed = RiskLevel.safeParse(value)
  return parsed.success ? parsed.data : null
}
const questions = ['qReach', 'qOutage', 'qTested', 'qBackout', 'qExperience']

/** A change by id or number, with its ticket; `notAChange` for other tickets. */
export async function findNamedChange(db: Db, idOrNumber: string, actor: Actor): Promise<{ ticket: TicketRecord; row: NamedRow }> {
  const ticket = await findTicket(db, idOrNumber, actor)
  const [row] = await namedChanges(db, sql`c.id = ${ticket.id}::uuid`)
  if (!row) throw new ApiProblem(409, 'notAChange', { params: { id: ticket.number } })
  return { ticket, row }
}

const people = async (db: Db, ids: readonly string[]): Promise<(id: string) => { id: string; name: string }> => {
  const rows =
    ids.length === 0
      ? []
      : await db
          .selectFrom('person')
          .select(['id', 'name'])
          .where('id', 'in', [...ids])
          .execute()
  return (id) => rows.find((row) => row.id === id) ?? { id, name: id }
}
export { people as peopleById }

interface Vote {
  at: number
  approverId: string
  decidedById: string
  decision: string
  comment: string
}
/** The votes of the latest round: those after the last time that approvers were found. */
async function votesOn(db: Db, ticketId: string): Promise<Vote[]> {
  const { rows } = await sql<{ body: Vote }>`
    select body from fact where stream_id = ${ticketId} and type = 'approvalDecided' and sequence > coalesce(
      (select max(sequence) from fact where stream_id = ${ticketId} and type = 'elementActivated' and element_id in ('findApprovers', 'findEcab')), 0) order by sequence`.execute(
    db,
  )
  return rows.map(({ body }) => body)
}

async function dependenciesOf(db: Db, ids: readonly string[]) {
  if (ids.length === 0) return []
  const { rows } = await sql<{ id: string; number: string; title: string; status: TicketStatus }>`
    select id, number, title, status from ticket where id::text = any(${[...ids]}::text[]) order by number`.execute(db)
  return rows
}

async function cisOf(db: Db, ids: readonly string[]): Promise<{ id: string; name: string }[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('configurationItem')
    .select(['id', 'name'])
    .where('id', 'in', [...ids])
    .execute()
  return ids.map((id) => rows.find((row) => row.id === id) ?? { id, name: id })
}

async function aside(db: Db, row: NamedRow) {
  const { rows: sessions } = await sql<{ meetingId: string; decision: CabDecision; minutes: string }>`
    select meeting_id, decision, minutes from cab_decision where ticket_id = ${row.id}::uuid order by decided_at desc limit 1`.execute(db)
  const { rows: caused } = await sql<{ count: number }>`
    select count(distinct from_id)::int as count from ticket_link where to_id = ${row.id}::uuid and kind = 'causedBy' and unlinked_at is null`.execute(
    db,
  )
  const awaited = await db
    .selectFrom('task')
    .select('assigneeId')
    .where('ticketId', '=', row.id)
    .where('state', '=', 'open')
    .where('elementId', 'in', ['peerApproval', 'managerApproval', 'cabApproval', 'ecabApproval'])
    .execute()
  return {
    session: sessions[0] ?? null,
    causedIncidents: caused[0]?.count ?? 0,
    awaitedIds: awaited.flatMap(({ assigneeId }) => assigneeId ?? []),
  }
}

export async function readChange(db: Db, idOrNumber: string, actor: Actor, locale: Locale, now: number): Promise<ChangeView> {
  const { ticket, row } = await findNamedChange(db, idOrNumber, actor)
  const opening = await db.selectFrom('ticket').select('extra').where('id', '=', ticket.id).executeTakeFirstOrThrow()
  // Before its workflow has started, a change is what its opening says.
  const own: Variables = { ...(opening.extra as Variables), ...ticket.variables }
  const [world, votes, { session, causedIncidents, awaitedIds }] = await Promise.all([changeWorld(db), votesOn(db, row.id), aside(db, row)])
  const planned = plannedChange(row)
  const nameOf = await people(db, [...new Set([...votes.flatMap((vote) => [vote.approverId, vote.decidedById]), ...awaitedIds])])
  const freeze = planned.isFinished || row.changeType === 'emergency' ? null : freezeAt(planned, world.windows, world.relations, now)
  const mayEdit = can(actor, 'ticket.edit', { ticket }).allowed
  const answers = questions.flatMap((key) => (typeof own[key] === 'number' ? [[key, own[key]] as const] : []))
  return {
    ...changeRowView(row, await stepNames(db, [row], locale)),
    cis: await cisOf(db, row.ciIds),
    dependsOn: await dependenciesOf(db, row.dependsOn),
    templateName: textOf(own.templateName),
    templateVersion: numberOf(own.templateVersion),
    durationMinutes: numberOf(own.durationMinutes),
    justification: textOf(own.justification),
    implementationPlan: textOf(own.implementationPlan),
    testPlan: textOf(own.testPlan),
    backoutPlan: textOf(own.backoutPlan),
    riskCalculated: levelOf(own.riskCalculated),
    riskQuestionnaire: levelOf(own.riskQuestionnaire),
    questionnaireScore: numberOf(own.questionnaireScore),
    answers: Object.fromEntries(answers) as Record<string, number>,
    team: await teamOf(db, row, now),
    votes: votes.map(({ at, approverId, decidedById, decision, comment }) => ({
      at: new Date(at).toISOString(),
      approver: nameOf(approverId),
      decidedBy: nameOf(decidedById),
      decision,
      comment,
    })),
    awaited: awaitedIds.map(nameOf),
    quorum: numberOf(own.quorum),
    session,
    conflicts: planned.isFinished ? [] : conflictViews(conflictsOf(planned, world), world),
    freeze: freeze && { name: freeze.name, until: new Date(freeze.until).toISOString() },
    mayEditPlan: mayEdit && !planned.isFinished && !['implement', 'backOut'].includes(row.activeElement ?? ''),
    mayReschedule: mayEdit && row.activeElement === 'awaitStart',
    lessonsLearned: textOf(own.lessonsLearned),
    causedIncidents,
  }
}

async function teamOf(db: Db, row: NamedRow, now: number): Promise<ChangeView['team']> {
  const { teamSuccessRate, teamChanges } = await teamRecord(db, row.groupId, now)
  return { successRate: teamSuccessRate, changes: teamChanges, ...(await itemsRecord(db, row.ciIds, now)) }
}
