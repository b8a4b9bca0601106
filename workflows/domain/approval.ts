/** Who may decide an approval, and what a decision must hold. Pure; asked by the API, and by the workflow before it accepts an update. */
import type { OpenTask } from '#engine/contract'
import type { Variables } from '#schema/json'
import { ApprovalValues, type Standing } from '#schema/approval'
import type { Actor } from '#schema/role'

type Asked = Pick<OpenTask, 'assignee' | 'candidateGroups' | 'candidateUsers'> & { attributes?: Record<string, string> }

/** The subject of an approval (`guichet:approval` on the task); null: an ordinary task. */
export const approvalOf = (task: Pick<OpenTask, 'attributes'> | undefined): string | null => task?.attributes?.approval ?? null

export interface Principal {
  /** Who was asked. */
  approverId: string
  /** By which delegation he is represented; null: he decides himself. */
  delegationId: string | null
}

/** Is the question put to this person: by name, or through one of his groups while nobody has taken it? */
const isAsked = (personId: string, groups: readonly string[], task: Asked): boolean =>
  task.assignee !== null
    ? task.assignee === personId
    : task.candidateUsers.includes(personId) || task.candidateGroups.some((group) => groups.includes(group))

function isCovered({ scope, value }: Standing, task: Asked, ticketGroupId: string | null): boolean {
  if (scope === 'all') return true
  if (scope === 'subject') return approvalOf(task) === value
  return value !== null && (task.candidateGroups.includes(value) || ticketGroupId === value)
}

/**
 * For whom the actor decides when he decides this: himself first, then one whose delegate he is; null: he is not asked.
 * @param interested those who may not decide: one of them is stood for only where there is no other
 */
export function principalOf(
  actor: Actor,
  task: Asked,
  ticketGroupId: string | null = null,
  interested: readonly string[] = [],
): Principal | null {
  if (isAsked(actor.id, actor.groups, task)) return { approverId: actor.id, delegationId: null }
  const standings = (actor.actsFor ?? []).filter((one) => isAsked(one.personId, one.groups, task) && isCovered(one, task, ticketGroupId))
  const standing = standings.find(({ personId }) => !interested.includes(personId)) ?? standings[0]
  return standing ? { approverId: standing.personId, delegationId: standing.delegationId } : null
}

/** Variables of a ticket that name who gains by it, beside its requester. */
export const interestVariables = ['openedById', 'beneficiaryId', 'requestedForId'] as const

/** Who has asked for the ticket, opened it, or gains by it: none of them decides about it. */
export function interestedIn(requesterId: string, variables: Variables): string[] {
  const others = interestVariables.map((name) => variables[name]).filter((id) => typeof id === 'string' && id !== '' && id !== 'system')
  return [...new Set([requesterId, ...(others as string[])])].filter((id) => id !== '')
}

/** Used once while the module loads: zod sets a schema up at its first use, and a workflow's modules are frozen by then. */
ApprovalValues.safeParse({ decision: 'approved' })
const { parse, safeParse } = ApprovalValues

/** What is wrong with a decision; null: nothing. */
export function decisionProblem(values: Variables): 'invalidDecision' | 'commentRequired' | null {
  const parsed = safeParse(values)
  if (!parsed.success) return 'invalidDecision'
  return parsed.data.decision === 'rejected' && parsed.data.decisionComment.trim() === '' ? 'commentRequired' : null
}

/** Both keys, always: a comment left out must not show that of the vote before. */
export const decisionValues = (values: Variables): Variables => ({ ...parse(values) })

/** Can so many yes votes come from so few voters? A quorum that cannot be reached would turn every approval into a rejection. */
export const isQuorumReachable = (quorum: number, voters: number): boolean => Number.isInteger(quorum) && quorum >= 1 && quorum <= voters

/** What is known of somebody who might be asked. */
export interface Askable {
  id: string
  isActive: boolean
  managerId: string | null
}
export interface Replacement {
  personId: string
  byId: string | null
  reason: 'interested' | 'inactive'
}

type Register = ReadonlyMap<string, Askable>

const mayDecide = (id: string | null, interested: readonly string[], people: Register): id is string =>
  id !== null && people.get(id)?.isActive === true && !interested.includes(id)

/** Who decides in somebody's place: his manager, else the first of the fallback group, who may and is not asked already; null: nobody is left. */
export function replacementOf(
  personId: string,
  interested: readonly string[],
  people: Register,
  fallback: readonly string[],
  taken: readonly string[],
): string | null {
  const candidates = [people.get(personId)?.managerId ?? null, ...fallback]
  return candidates.find((id): id is string => mayDecide(id, interested, people) && id !== personId && !taken.includes(id)) ?? null
}

/**
 * Who is really asked. One who has an interest, or is no longer there, is replaced; nobody is asked twice. Replaced by null: nobody is left for him.
 * @param fallback members of the fallback group, in their order
 */
export function chooseApprovers(
  asked: readonly string[],
  interested: readonly string[],
  people: Register,
  fallback: readonly string[],
): { approvers: string[]; replaced: Replacement[] } {
  const approvers: string[] = []
  const replaced: Replacement[] = []
  for (const personId of new Set(asked)) {
    if (mayDecide(personId, interested, people)) {
      approvers.push(personId)
      continue
    }
    const byId = replacementOf(personId, interested, people, fallback, [...asked, ...approvers])
    replaced.push({ personId, byId, reason: interested.includes(personId) ? 'interested' : 'inactive' })
    if (byId !== null) approvers.push(byId)
  }
  return { approvers, replaced }
}

/**
 * Whom a group's question is put to: its members without those who have an interest. Where that leaves nobody (its only member asks for himself), each is
 * replaced as one who was asked by name would be.
 * @param members active members of the group
 */
export function chooseFromGroup(
  members: readonly string[],
  interested: readonly string[],
  people: Register,
  fallback: readonly string[],
): { approvers: string[]; replaced: Replacement[] } {
  const approvers = members.filter((id) => mayDecide(id, interested, people))
  return approvers.length > 0 ? { approvers, replaced: [] } : chooseApprovers(members, interested, people, fallback)
}
