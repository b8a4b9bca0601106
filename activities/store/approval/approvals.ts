import { sql } from 'kysely'
import { type Askable, interestedIn, principalOf, type Replacement, replacementOf } from '#domain/approval'
import { type KnownDelegation, standingsOf } from '#domain/delegation'
import type { Variables } from '#schema/json'
import { type Actor, Role, systemActor } from '#schema/role'
import { type Db, instant, type Trx } from '../database.ts'
import { orderCommand } from '../ticket/ticket-commands.ts'

/** The group that decides when nobody else may, unless the diagram names another. */
export const fallbackGroup = 'managers'

/** An approval that waits for an answer, with its ticket. */
export interface PendingApproval {
  ticketId: string
  waitId: string
  name: string
  subject: string
  approverId: string | null
  candidateGroups: string[]
  candidateUsers: string[]
  openedAt: Date
  dueAt: Date | null
  number: string
  kind: string
  title: string
  description: string
  priority: number | null
  requesterId: string
  requesterName: string | null
  groupId: string | null
  variables: Variables | null
}

const pendingColumns = sql`a.ticket_id, a.wait_id, a.name, a.subject, a.approver_id, a.candidate_groups, a.candidate_users, a.opened_at, a.due_at,
  t.number, t.kind, t.title, t.description, t.priority, t.requester_id, requester.name as requester_name, t.group_id, i.variables`
const pendingSource = sql`approval a join ticket t on t.id = a.ticket_id left join person requester on requester.id = t.requester_id left join instance i on i.ticket_id = a.ticket_id`

/** At most so many in one round; the rest follow in the next. */
const roundLimit = 500

export async function pendingApprovals(db: Db | Trx): Promise<PendingApproval[]> {
  const { rows } =
    await sql<PendingApproval>`select ${pendingColumns} from ${pendingSource} where a.state = 'pending' order by a.opened_at limit ${roundLimit}`.execute(
      db,
    )
  return rows
}

export async function pendingApproval(db: Db | Trx, ticketId: string, waitId: string): Promise<PendingApproval | undefined> {
  const { rows } =
    await sql<PendingApproval>`select ${pendingColumns} from ${pendingSource} where a.state = 'pending' and a.ticket_id = ${ticketId}::uuid and a.wait_id = ${waitId}`.execute(
      db,
    )
  return rows[0]
}

export const interestedInApproval = ({ requesterId, variables }: Pick<PendingApproval, 'requesterId' | 'variables'>): string[] =>
  interestedIn(requesterId, variables ?? {})

export interface PersonAsked extends Askable {
  name: string
  email: string
  locale: 'fr' | 'en'
  roles: Role[]
  groups: string[]
}

/** Everybody who could be concerned: named, a delegate, or in a group that is asked. */
export async function peopleById(db: Db | Trx): Promise<Map<string, PersonAsked>> {
  const { rows } = await sql<
    Omit<PersonAsked, 'roles'> & { roles: string[] }
  >`select p.id, p.name, p.email, p.locale, p.roles, p.is_active, p.manager_id,
    coalesce((select array_agg(m.group_id order by m.group_id) from group_member m where m.person_id = p.id), '{}') as groups from person p`.execute(
    db,
  )
  return new Map(rows.map((row) => [row.id, { ...row, roles: row.roles.map((role) => Role.parse(role)) }]))
}

export const membersOf = (groupId: string, people: ReadonlyMap<string, PersonAsked>): string[] =>
  [...people.values()]
    .filter(({ groups, isActive }) => isActive && groups.includes(groupId))
    .map(({ id }) => id)
    .sort()

/** Who else is or was asked at the same step: nobody votes twice. */
async function othersAsked(db: Db | Trx, { ticketId, waitId }: PendingApproval): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select distinct coalesce(other.decided_for_id, other.approver_id) as id
    from approval own join approval other on other.ticket_id = own.ticket_id and other.element_id = own.element_id and other.wait_id <> own.wait_id and other.state <> 'withdrawn'
    where own.ticket_id = ${ticketId}::uuid and own.wait_id = ${waitId} and coalesce(other.decided_for_id, other.approver_id) is not null`.execute(
    db,
  )
  return rows.map(({ id }) => id)
}

/** Who takes an approver's place, and why; null: he may decide himself. Replaced by null: nobody is left. */
export async function replacementFor(
  db: Db | Trx,
  approval: PendingApproval,
  people: ReadonlyMap<string, PersonAsked>,
): Promise<Replacement | null> {
  const { approverId } = approval
  const interested = interestedInApproval(approval)
  if (approverId === null) return null
  const isInterested = interested.includes(approverId)
  if (!isInterested && people.get(approverId)?.isActive) return null
  const byId = replacementOf(approverId, interested, people, membersOf(fallbackGroup, people), await othersAsked(db, approval))
  return { personId: approverId, byId, reason: isInterested ? 'interested' : 'inactive' }
}

/** Members of the groups that a question is put to, in their order. */
const membersAsked = ({ candidateGroups, candidateUsers }: PendingApproval, people: ReadonlyMap<string, PersonAsked>): string[] => [
  ...new Set([...candidateUsers, ...candidateGroups.flatMap((group) => membersOf(group, people))]),
]

/**
 * Who takes a group's place when none of its members may decide: its only member asks for himself, or nobody is in it. Null: somebody of the group may, or
 * the question is put to one person. `byId` null: nobody is left.
 */
export async function groupReplacement(
  db: Db | Trx,
  approval: PendingApproval,
  people: ReadonlyMap<string, PersonAsked>,
): Promise<{ byId: string | null; reason: Replacement['reason'] } | null> {
  if (approval.approverId !== null) return null
  const interested = interestedInApproval(approval)
  const members = membersAsked(approval, people)
  if (members.some((id) => people.get(id)?.isActive && !interested.includes(id))) return null
  const taken = await othersAsked(db, approval)
  const [first = ''] = members
  const byId = replacementOf(first, interested, people, membersOf(fallbackGroup, people), taken)
  return { byId, reason: members.some((id) => interested.includes(id)) ? 'interested' : 'inactive' }
}

/** As the permission rules see somebody. */
const actorOf = ({ id, name, roles, groups }: PersonAsked, delegations: readonly KnownDelegation[], now: number): Actor => ({
  id,
  name,
  roles,
  groups,
  actsFor: standingsOf(id, delegations, now),
})

/** Who may answer now: asked by name or through a group, or a delegate of one who is; with whom each answers for. */
export function answerersOf(
  approval: PendingApproval,
  people: ReadonlyMap<string, PersonAsked>,
  delegations: readonly KnownDelegation[],
  now: number,
): { person: PersonAsked; forId: string }[] {
  const interested = interestedInApproval(approval)
  const task = { assignee: approval.approverId, candidateGroups: approval.candidateGroups, candidateUsers: approval.candidateUsers }
  const asked = { ...task, attributes: { approval: approval.subject } }
  return [...people.values()].flatMap((person) => {
    if (!person.isActive || interested.includes(person.id)) return []
    const principal = principalOf(actorOf(person, delegations, now), asked, approval.groupId, interested)
    return principal && !interested.includes(principal.approverId) ? [{ person, forId: principal.approverId }] : []
  })
}

/** Puts the desk's own reassignment on its way to the ticket's workflow. */
export async function orderReassignment(
  trx: Trx,
  approval: PendingApproval,
  assigneeId: string,
  reason: string,
  at: number,
): Promise<void> {
  const { ticketId, waitId, approverId } = approval
  const key = `approval-move/${ticketId}/${waitId}/${approverId}`
  await orderCommand(trx, { ticketId, name: 'assignTask', payload: { waitId, assigneeId, reason }, actor: systemActor, key, at })
}

/** In place of a person: the group or groups that a question is put to. */
export const theGroup = ''

export type NoticeKind = 'asked' | 'reminded' | 'moved' | 'stuck'

/** Remembers what was done about an approval; false: it was done before. */
export async function noteOnce(
  trx: Trx,
  { ticketId, waitId }: Pick<PendingApproval, 'ticketId' | 'waitId'>,
  kind: NoticeKind,
  personId: string,
  at: number,
): Promise<boolean> {
  const row = await trx
    .insertInto('approvalNotice')
    .values({ ticketId, waitId, kind, personId, at: instant(at) })
    .onConflict((on) => on.doNothing())
    .returning('kind')
    .executeTakeFirst()
  return row !== undefined
}
