/** Approvals as lists and as evidence. */
import { type RawBuilder, sql } from 'kysely'
import { interestedIn, interestVariables, principalOf } from '#domain/approval'
import { mayCommand } from '#domain/permissions'
import type { ApprovalRow, ApprovalState, ApprovalView } from '#schema/approval-view'
import type { ApprovalVia, Standing } from '#schema/approval'
import type { Variables } from '#schema/json'
import type { Actor } from '#schema/role'
import type { TicketKind, TicketStatus } from '#schema/ticket'
import { theGroup } from '../../activities/store/approval/approvals.ts'
import type { Caller, Db } from '../deps.ts'
import { codeWords, type Locale } from '../problem.ts'
import { isStaff } from './visibility.ts'

interface Name {
  id: string
  name: string
}
export interface ApprovalRecord {
  ticketId: string
  waitId: string
  elementId: string
  name: string
  nameEn: string | null
  subject: string
  approverId: string | null
  approverName: string | null
  candidateGroups: string[]
  candidateUsers: string[]
  groups: Name[]
  openedAt: Date
  dueAt: Date | null
  state: ApprovalState
  decidedById: string | null
  decidedByName: string | null
  decidedForId: string | null
  decidedForName: string | null
  comment: string
  via: ApprovalVia | null
  endedAt: Date | null
  moves: { from: string | null; to: string | null; reason: string; at: number }[]
  isStuck: boolean
  number: string
  kind: TicketKind
  title: string
  description: string
  priority: number | null
  requesterId: string
  requesterName: string | null
  groupId: string | null
  assigneeId: string | null
  status: TicketStatus
  variables: Variables | null
}

const columns = sql`a.ticket_id, a.wait_id, a.element_id, a.name, a.subject, a.approver_id, approver.name as approver_name, a.candidate_groups, a.candidate_users, a.opened_at, a.due_at, a.state,
  a.decided_by_id, decider.name as decided_by_name, a.decided_for_id, represented.name as decided_for_name, a.comment, a.via, a.ended_at, a.moves,
  a.state = 'pending' and exists (select from approval_notice n where n.ticket_id = a.ticket_id and n.wait_id = a.wait_id and n.kind = 'stuck' and n.person_id = coalesce(a.approver_id, ${theGroup})) as is_stuck,
  coalesce((select jsonb_agg(jsonb_build_object('id', g.id, 'name', g.name) order by g.name) from support_group g where g.id = any(a.candidate_groups)), '[]') as groups,
  t.number, t.kind, t.title, t.description, t.priority, t.requester_id, requester.name as requester_name, t.group_id, t.assignee_id, t.status, i.variables`
const source = sql`approval a join ticket t on t.id = a.ticket_id left join instance i on i.ticket_id = a.ticket_id left join person approver on approver.id = a.approver_id
  left join person decider on decider.id = a.decided_by_id left join person represented on represented.id = a.decided_for_id left join person requester on requester.id = t.requester_id`

export async function selectApprovals(
  db: Db,
  where: RawBuilder<unknown>,
  order: RawBuilder<unknown>,
  limit = 200,
  offset = 0,
): Promise<ApprovalRecord[]> {
  const { rows } =
    await sql<ApprovalRecord>`select ${columns} from ${source} where ${where} order by ${order} limit ${limit} offset ${offset}`.execute(db)
  return rows
}

export const findApproval = async (db: Db, ticketId: string, waitId: string): Promise<ApprovalRecord | undefined> =>
  (await selectApprovals(db, sql`a.ticket_id = ${ticketId}::uuid and a.wait_id = ${waitId}`, sql`a.opened_at`, 1))[0]

const nameOf = (id: string | null, name: string | null): Name | null => (id === null ? null : { id, name: name ?? id })

/** Names of those that a question went through. */
export async function namesIn(db: Db, records: readonly ApprovalRecord[]): Promise<Map<string, string>> {
  const ids = records.flatMap(({ moves }) => moves.flatMap(({ from, to }) => [from, to])).filter((id) => id !== null)
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('person').select(['id', 'name']).where('id', 'in', ids).execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}

export function approvalView(record: ApprovalRecord, names: ReadonlyMap<string, string>): ApprovalView {
  const { ticketId, waitId, elementId, name, subject, state, comment, via, groups, isStuck } = record
  const named = (id: string | null) => nameOf(id, id === null ? null : (names.get(id) ?? id))
  return {
    ticketId,
    waitId,
    elementId,
    name,
    subject,
    approver: nameOf(record.approverId, record.approverName),
    groups,
    openedAt: record.openedAt.toISOString(),
    dueAt: record.dueAt?.toISOString() ?? null,
    state,
    decidedBy: nameOf(record.decidedById, record.decidedByName),
    decidedFor: record.decidedForId === record.decidedById ? null : nameOf(record.decidedForId, record.decidedForName),
    comment,
    via,
    endedAt: record.endedAt?.toISOString() ?? null,
    moves: record.moves.map(({ from, to, reason, at }) => ({ at: new Date(at).toISOString(), from: named(from), to: named(to), reason })),
    isStuck,
  }
}

/** A question as the one who may answer it sees it. */
export async function approvalRow(
  db: Db,
  record: ApprovalRecord,
  names: ReadonlyMap<string, string>,
  actor: Actor,
  locale: Locale,
): Promise<ApprovalRow> {
  const { waitId, elementId, name, subject, approverId: assignee, candidateGroups, candidateUsers, dueAt } = record
  const task = { waitId, elementId, name, formId: null, assignee, candidateGroups, candidateUsers, dueAt: dueAt?.getTime() ?? null }
  const asked = { ...task, attributes: { approval: subject } }
  const { requesterId, groupId, assigneeId, status, variables } = record
  const interested = interestedIn(requesterId, variables ?? {})
  const ticket = { requesterId, groupId, assigneeId, status, interested, openTasks: record.state === 'pending' ? [asked] : [] }
  const refusal = mayCommand(actor, 'completeTask', { waitId, variables: {} }, ticket)
  const principal = principalOf(actor, asked, groupId, interested)
  const forId = principal && principal.approverId !== actor.id ? principal.approverId : null
  const forName = forId && (forId === assignee ? record.approverName : await personName(db, forId))
  return {
    ...approvalView(record, names),
    number: record.number,
    kind: record.kind,
    title: record.title,
    description: record.description,
    priority: record.priority,
    requester: { id: requesterId, name: record.requesterName ?? requesterId },
    forPerson: nameOf(forId, forName),
    mayDecide: refusal === null,
    whyNot: refusal && (codeWords(refusal.code, locale) ?? refusal.message),
  }
}

const personName = async (db: Db, id: string): Promise<string> =>
  (await db.selectFrom('person').select('name').where('id', '=', id).executeTakeFirst())?.name ?? id

const isAsked = (personId: string, groups: readonly string[]): RawBuilder<unknown> =>
  sql`(a.approver_id = ${personId} or (a.approver_id is null and (${personId} = any(a.candidate_users) or a.candidate_groups && ${groups}::text[])))`

function isCovered({ scope, value }: Standing): RawBuilder<unknown> {
  if (scope === 'all') return sql`true`
  return scope === 'subject' ? sql`a.subject = ${value}` : sql`(${value} = any(a.candidate_groups) or t.group_id = ${value})`
}

/** Who asked for the ticket, opened it or gains by it, as `interestedIn` says. */
const isInterested = (personId: string): RawBuilder<unknown> =>
  sql`(t.requester_id = ${personId} or ${personId} in (${sql.join(interestVariables.map((name) => sql`coalesce(i.variables ->> ${name}, '')`))}))`

/**
 * What a person may decide: asked by name, through a group, or as the delegate of one who is; never where he or whom he stands for has an interest. The rule
 * of the workflow (principalOf), said in the query, so that a page is as long as it was asked for.
 */
export function askedOf(actor: Actor): RawBuilder<unknown> {
  const delegated = (actor.actsFor ?? []).map(
    (one) => sql`(${isAsked(one.personId, one.groups)} and ${isCovered(one)} and not ${isInterested(one.personId)})`,
  )
  return sql`(not ${isInterested(actor.id)} and (${sql.join([isAsked(actor.id, actor.groups), ...delegated], sql` or `)}))`
}

/** Where somebody decides, for the evidence. */
export const viaOf = ({ via, actor }: Caller): ApprovalVia => (via === 'apiKey' ? 'api' : isStaff(actor) ? 'inbox' : 'portal')
