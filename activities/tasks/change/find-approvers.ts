import { findChange } from '../../store/change/world.ts'
import { hopeless, type TaskHandler } from '../task.ts'

/**
 * Task type `findApprovers`: who is asked. Members of the group of header `group` or variable `approverGroup`, else of the change's own group;
 * never the requester, who opened it, or who will implement it. Answers `approvers` and `quorum` (header, else variable, else 1).
 * Fewer people than the quorum is a stall with the remedy, never an approval by fewer.
 */
export const findApprovers: TaskHandler = {
  async run(call, { db }) {
    const row = await findChange(db, call.ticketId)
    if (!row) throw hopeless('notAChange', `expected a change at ${call.elementId}, found another kind of ticket`)
    const named = call.headers.group ?? call.input.approverGroup
    const groupId = typeof named === 'string' && named !== '' ? named : row.groupId
    if (groupId === null)
      throw hopeless('noApproverGroup', `expected a group to ask at ${call.elementId}, found none: give the change a group, then retry`)
    const quorum = Number(call.headers.quorum ?? call.input.quorum ?? 1)
    const interested = [row.requesterId, row.implementerId, call.input.openedById].filter((id) => typeof id === 'string')
    const members = await db
      .selectFrom('groupMember')
      .innerJoin('person', 'person.id', 'groupMember.personId')
      .select('person.id')
      .where('groupMember.groupId', '=', groupId)
      .where('person.isActive', '=', true)
      .orderBy('person.id')
      .execute()
    const approvers = members.map(({ id }) => id).filter((id) => !interested.includes(id))
    if (!(quorum >= 1) || approvers.length < quorum)
      throw hopeless(
        'quorumTooLarge',
        `expected at least ${quorum} people to ask in group '${groupId}' (without requester and implementer), found ${approvers.length}: add members or lower the quorum, then retry`,
      )
    return { approvers, quorum }
  },
}
