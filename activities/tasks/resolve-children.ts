import { systemActor } from '#schema/role'
import { openChildrenOf } from '../store/ticket/ticket-links.ts'
import { orderCommand } from '../store/ticket/ticket-commands.ts'
import { inTransaction } from '../store/database.ts'
import type { TaskHandler } from './task.ts'

/**
 * Task type `resolve-children`: tells every open child that its parent is resolved (message `parentResolved`, with the parent's resolution), unless
 * the agent has chosen otherwise (`resolveChildren` false). A child whose diagram does not wait for it stays as it is.
 */
export const resolveChildren: TaskHandler = {
  async run(call, { db }) {
    if (call.input.resolveChildren === false) return {}
    const parent = await db
      .selectFrom('ticket')
      .select(['number', 'resolution', 'resolutionCode'])
      .where('id', '=', call.ticketId)
      .executeTakeFirstOrThrow()
    await inTransaction(db, async (trx) => {
      for (const { id } of await openChildrenOf(trx, call.ticketId)) {
        const key = `${call.idempotencyKey}/${id}`
        const variables = {
          resolution: parent.resolution ?? '',
          resolutionCode: parent.resolutionCode ?? 'fixed',
          resolvedWith: parent.number,
        }
        const payload = { name: 'parentResolved', variables, messageId: key }
        await orderCommand(trx, { ticketId: id, name: 'publishMessage', payload, actor: systemActor, key, at: Date.now() })
      }
    })
    return {}
  },
}
