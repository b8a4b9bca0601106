import { interestedIn } from '#domain/approval'
import type { Json, Variables } from '#schema/json'
import type { TaskCall } from '../../workflows/protocol.ts'
import { fallbackGroup } from '../store/approval/approvals.ts'
import { type Asked, deadlineAfter, nameApprovers } from '../store/approval/name-approvers.ts'
import type { Db } from '../store/database.ts'
import { hopeless, type TaskHandler } from './task.ts'

const textOf = (value: Json | undefined): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** Who is asked at first: by list, by group, or the manager of somebody. A task of the older type `findApprovers` asks the ticket's own group otherwise. */
function askedOf({ input, headers, jobType, elementId }: TaskCall, ownGroup: string | null): Asked {
  const { ask, askGroup, askManagerOf, approverGroup } = input
  if (Array.isArray(ask)) return { by: 'people', ids: ask.filter((id) => typeof id === 'string') }
  const [person, group, managed] = [textOf(ask), headers.group || textOf(askGroup) || textOf(approverGroup), textOf(askManagerOf)]
  if (person !== null) return { by: 'people', ids: [person] }
  if (group) return { by: 'group', groupId: group }
  if (managed !== null) return { by: 'managerOf', personId: managed }
  if (jobType !== 'findApprovers')
    throw hopeless(
      'nobodyNamed',
      `expected an input ask (people), askGroup or askManagerOf at ${elementId}, found none: map one in the diagram`,
    )
  if (ownGroup === null)
    throw hopeless('noApproverGroup', `expected a group to ask at ${elementId}, found none: give the ticket a group, then retry`)
  return { by: 'group', groupId: ownGroup }
}

/** The ticket's own variables, under what the task was given. */
async function contextOf(
  db: Db,
  { ticketId, input }: TaskCall,
): Promise<{ variables: Variables; requesterId: string; groupId: string | null }> {
  const ticket = await db.selectFrom('ticket').select(['requesterId', 'groupId']).where('id', '=', ticketId).executeTakeFirst()
  const instance = await db.selectFrom('instance').select('variables').where('ticketId', '=', ticketId).executeTakeFirst()
  const variables = { ...((instance?.variables ?? {}) as Variables), ...input }
  return { variables, requesterId: ticket?.requesterId ?? textOf(variables.requesterId) ?? '', groupId: ticket?.groupId ?? null }
}

/** The instant that header `dueVariable` names: input `approvalDeadline`, in working time. */
async function dueOf(db: Db, { headers, input, elementId }: TaskCall, variables: Variables): Promise<Variables> {
  const { dueVariable } = headers
  if (!dueVariable) return {}
  const duration = textOf(input.approvalDeadline)
  const due = duration === null ? null : await deadlineAfter(db, variables, Date.now(), duration)
  if (due === null)
    throw hopeless(
      'badDeadline',
      `expected a duration such as P3D (three working days) or PT4H in approvalDeadline at ${elementId}, found ${JSON.stringify(input.approvalDeadline ?? null)}: correct it, then retry`,
    )
  return { [dueVariable]: new Date(due.dueAt).toISOString(), approvalCalendar: due.calendarId }
}

/**
 * Task types `approvers` and, in diagrams from before, `findApprovers`: who is really asked. Inputs `ask` (person ids), `askGroup` (group id, or header
 * `group`) or `askManagerOf` (person id); `quorum` (or header), 1 when absent; header `fallback`: the group that decides when nobody else may; header
 * `dueVariable`: the variable that gets the end of `approvalDeadline`. Never the requester, who opened it, who gains by it, or who will carry it out. Yields
 * `approvers`, `quorum` and `replacedApprovers`. Fewer people than the quorum is a stall with the remedy, never an approval by fewer.
 */
export const approvers: TaskHandler = {
  async run(call, { db }) {
    const { variables, requesterId, groupId } = await contextOf(db, call)
    const implementer = textOf(variables.implementerId)
    const interested = [...interestedIn(requesterId, variables), ...(implementer === null ? [] : [implementer])]
    const fallback = call.headers.fallback || fallbackGroup
    const quorum = call.headers.quorum ? Number(call.headers.quorum) : (call.input.quorum ?? 1)
    const named = await nameApprovers(db, { asked: askedOf(call, groupId), interested, quorum, fallback })
    if (named.ok)
      return {
        approvers: named.approvers,
        quorum: named.quorum,
        replacedApprovers: named.replaced as unknown as Json,
        ...(await dueOf(db, call, variables)),
      }
    if (named.problem === 'noApprover')
      throw hopeless(
        'noApprover',
        `expected somebody who may decide at ${call.elementId}, found nobody: those asked have an interest or are not there, and group '${fallback}' has no other member. Add one to the group, then retry`,
      )
    throw hopeless(
      'quorumUnreachable',
      `expected a quorum from 1 to ${named.voters} (the number of approvers) at ${call.elementId}, found ${JSON.stringify(quorum)}: lower it or name more approvers, then retry`,
    )
  },
}
