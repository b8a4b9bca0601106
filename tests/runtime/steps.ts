import { WorkflowUpdateFailedError } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import type { Variables } from '#schema/json'
import type { UpdateResult } from '../../workflows/protocol.ts'
import { agent, type Desk, openTask, requester, until } from './desk.ts'

/** The agent takes the ticket and triages it. */
export async function triage(desk: Desk, ticketId: string, triageOutcome = 'diagnose', more: Variables = {}): Promise<UpdateResult> {
  const waitId = await openTask(desk, ticketId, 'triage')
  await desk.update(ticketId, 'assignTask', { waitId, assigneeId: agent.id })
  return desk.update(ticketId, 'completeTask', {
    waitId,
    variables: { impact: 2, urgency: 2, category: 'network', triageOutcome, ...more },
  })
}

export async function resolve(desk: Desk, ticketId: string): Promise<UpdateResult> {
  const waitId = await openTask(desk, ticketId, 'resolve')
  return desk.update(ticketId, 'completeTask', {
    waitId,
    variables: { resolveOutcome: 'resolve', resolutionCode: 'fixed', resolution: 'The switch was replaced.' },
  })
}

/** The requester agrees, once the diagram awaits it. */
export async function confirm(desk: Desk, ticketId: string, timeoutMs = 15_000): Promise<UpdateResult> {
  await until(
    'the confirmation to be awaited',
    async () => (await desk.snapshot(ticketId)).active.some(({ elementId }) => elementId === 'awaitConfirmation'),
    timeoutMs,
  )
  return desk.update(ticketId, 'publishMessage', { name: 'requesterConfirmed', variables: {} }, requester)
}

export const ticketOf = (desk: Desk, ticketId: string) =>
  desk.db.selectFrom('ticket').selectAll().where('id', '=', ticketId).executeTakeFirstOrThrow()

export const isClosed = async (desk: Desk, ticketId: string): Promise<boolean> =>
  (await desk.client.workflow.getHandle(ticketId).describe()).status.name === 'COMPLETED'

/** The refusal that an update failed with. */
export function refusalOf(error: unknown): unknown {
  if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure)) return error
  return error.cause.details?.[0]
}

/** Waits until each of these elements has been completed at least once. */
export const elementsDone = (desk: Pick<Desk, 'db'>, ticketId: string, elementIds: readonly string[], timeoutMs: number) =>
  until(
    `${elementIds.join(', ')} to be done`,
    async () => {
      const rows = await desk.db
        .selectFrom('fact')
        .select('elementId')
        .where('streamId', '=', ticketId)
        .where('type', '=', 'elementCompleted')
        .where('elementId', 'in', elementIds)
        .execute()
      return new Set(rows.map(({ elementId }) => elementId)).size === elementIds.length
    },
    timeoutMs,
  )
