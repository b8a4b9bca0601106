import { chooseApprovers, interestedIn, isQuorumReachable } from '#domain/approval'
import type { Json, Variables } from '#schema/json'
import { fallbackGroup, membersOf, type PersonAsked, peopleById } from '../store/approval/approvals.ts'
import { hopeless, type TaskHandler } from './task.ts'

const textOf = (value: Json | undefined): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** Who is asked at first: by list, by group, or the manager of somebody. */
function askedOf(input: Variables, people: ReadonlyMap<string, PersonAsked>, at: string): string[] {
  const { ask, askGroup, askManagerOf } = input
  if (Array.isArray(ask)) return ask.filter((id) => typeof id === 'string')
  if (textOf(ask) !== null) return [ask as string]
  if (textOf(askGroup) !== null) return membersOf(askGroup as string, people)
  if (textOf(askManagerOf) !== null) return [people.get(askManagerOf as string)?.managerId ?? '']
  throw hopeless('nobodyNamed', `expected an input ask (people), askGroup or askManagerOf at ${at}, found none: map one in the diagram`)
}

/**
 * Task type `approvers`: decides who is really asked. Inputs `ask` (person ids), `askGroup` (group id) or `askManagerOf` (person id); `quorum`, when one is
 * needed; header `fallback`: the group that decides when nobody else may. Yields `approvers`, `quorum` and `replacedApprovers`.
 */
export const approvers: TaskHandler = {
  async run(call, { db }) {
    const people = await peopleById(db)
    const ticket = await db.selectFrom('ticket').select('requesterId').where('id', '=', call.ticketId).executeTakeFirst()
    const instance = await db.selectFrom('instance').select('variables').where('ticketId', '=', call.ticketId).executeTakeFirst()
    const variables = { ...((instance?.variables ?? {}) as Variables), ...call.input }
    const interested = interestedIn(ticket?.requesterId ?? textOf(variables.requesterId) ?? '', variables)
    const group = call.headers.fallback || fallbackGroup
    const chosen = chooseApprovers(askedOf(call.input, people, call.elementId), interested, people, membersOf(group, people))
    if (chosen.approvers.length === 0)
      throw hopeless(
        'noApprover',
        `expected somebody who may decide at ${call.elementId}, found nobody: those asked have an interest or are not there, and group '${group}' has no other member. Add one to the group, then retry`,
      )
    const quorum = call.input.quorum ?? 1
    if (typeof quorum !== 'number' || !isQuorumReachable(quorum, chosen.approvers.length))
      throw hopeless(
        'quorumUnreachable',
        `expected a quorum from 1 to ${chosen.approvers.length} (the number of approvers) at ${call.elementId}, found ${JSON.stringify(quorum)}: lower it or name more approvers, then retry`,
      )
    return { approvers: chosen.approvers, quorum, replacedApprovers: chosen.replaced as unknown as Json }
  },
}
