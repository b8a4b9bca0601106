import { type Client, isGrpcServiceError, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client'
import { ApplicationFailure, WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy } from '@temporalio/common'
import { sql } from 'kysely'
import { type InstanceInput, refusalType, workflowType } from '../workflows/protocol.ts'
import { claim } from '../workflows/runtime/payload.ts'
import type { Db } from './store/database.ts'
import { settleAfterEnd } from './store/ticket/ticket-commands.ts'
import { taskQueueOf } from './temporal-client.ts'

/** Intakes and commands handled in one round. */
const roundLimit = 100
/** A call to Temporal that takes longer is given up; the row waits for the next round. */
export const callTimeoutMs = 15_000
const idleMs = 1_000
/** Between rounds while Temporal does not answer. */
const longestBackoffMs = 15_000

export interface Round {
  started: number
  delivered: number
  /** Rows that were tried in vain. */
  failed: number
}

/**
 * Starts the workflow of an intake. Exactly once: the workflow id is the ticket's id, and one that was ever started is
 * never started again, so a repetition only finds that it is done.
 */
export async function startIntake(db: Db, client: Client, ticketId: string, input: InstanceInput): Promise<void> {
  try {
    await client.withDeadline(Date.now() + callTimeoutMs, () =>
      client.workflow.start(workflowType, {
        taskQueue: taskQueueOf(process.env),
        workflowId: ticketId,
        workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
        args: [input, claim(input.bundleHash)],
      }),
    )
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
  await db
    .updateTable('intake')
    .set({ startedAt: sql<Date>`now()`, lastError: null })
    .where('ticketId', '=', ticketId)
    .where('startedAt', 'is', null)
    .execute()
}

/** Starts what was committed and is not running yet, oldest first. Stops at the first sign that Temporal is away. */
export async function startWaitingIntakes(db: Db, client: Client): Promise<Omit<Round, 'delivered'>> {
  const rows = await db
    .selectFrom('intake')
    .select(['ticketId', 'input'])
    .where('startedAt', 'is', null)
    .orderBy('attempts')
    .orderBy('createdAt')
    .limit(roundLimit)
    .execute()
  const round = { started: 0, failed: 0 }
  for (const { ticketId, input } of rows) {
    try {
      await startIntake(db, client, ticketId, input as unknown as InstanceInput)
      round.started++
    } catch (error) {
      round.failed++
      await db
        .updateTable('intake')
        .set((eb) => ({ attempts: eb('attempts', '+', 1), lastError: messageOf(error) }))
        .where('ticketId', '=', ticketId)
        .execute()
      if (isAway(error)) break
    }
  }
  return round
}

/** Delivers commands that were accepted while their workflow could not be reached: once each, in order per ticket. */
export async function deliverCommands(db: Db, client: Client): Promise<Omit<Round, 'started'>> {
  const rows = await db
    .selectFrom('commandOutbox')
    .selectAll()
    .distinctOn('ticketId')
    .where('deliveredAt', 'is', null)
    .orderBy('ticketId')
    .orderBy('id')
    .limit(roundLimit)
    .execute()
  const round = { delivered: 0, failed: 0 }
  for (const row of rows) {
    const command = row.command as unknown as { key: string }
    let outcome: string | null = null
    try {
      await client.withDeadline(Date.now() + callTimeoutMs, () =>
        client.workflow.getHandle(row.ticketId).executeUpdate(row.updateName, { args: [command], updateId: command.key }),
      )
    } catch (error) {
      outcome = messageOf(error)
      if (!isFinal(error)) {
        round.failed++
        await db
          .updateTable('commandOutbox')
          .set((eb) => ({ attempts: eb('attempts', '+', 1), lastError: outcome }))
          .where('id', '=', row.id)
          .execute()
        if (isAway(error)) break
        continue
      }
      if (isOver(error)) {
        await settleAfterEnd(db, row.id)
        round.delivered++
        continue
      }
    }
    await db.updateTable('commandOutbox').set({ deliveredAt: sql<Date>`now()`, lastError: outcome }).where('id', '=', row.id).execute()
    round.delivered++
  }
  return round
}

/** Runs both until `signal` is aborted: every second, slower while Temporal is away. */
export async function runIntakeLoop(db: Db, client: Client, signal: AbortSignal, onError: (error: unknown) => void): Promise<void> {
  let waitMs = idleMs
  while (!signal.aborted) {
    try {
      const { failed, started } = await startWaitingIntakes(db, client)
      const { failed: undelivered, delivered } = await deliverCommands(db, client)
      if (failed + undelivered > 0) waitMs = Math.min(waitMs * 2, longestBackoffMs)
      else waitMs = started + delivered > 0 ? 0 : idleMs
    } catch (error) {
      onError(error)
      waitMs = Math.min(Math.max(waitMs, idleMs) * 2, longestBackoffMs)
    }
    await pause(Math.max(waitMs, 1), signal)
  }
}

export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}

/** The command was refused, or its workflow has ended: trying again would not change it. A workflow that is not started yet is waited for. */
export function isFinal(error: unknown): boolean {
  if (error instanceof WorkflowUpdateFailedError) return error.cause instanceof ApplicationFailure && error.cause.type === refusalType
  return isOver(error)
}

/** The workflow has ended: by its own word, or by the server's. */
function isOver(error: unknown): boolean {
  if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure)
    return (error.cause.details?.[0] as { code?: string } | undefined)?.code === 'instanceEnded'
  return error instanceof WorkflowNotFoundError && /already completed/i.test(error.message)
}

export function isAway(error: unknown): boolean {
  const unavailable = 14
  const deadlineExceeded = 4
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  return isGrpcServiceError(cause) && (cause.code === unavailable || cause.code === deadlineExceeded)
}

export const messageOf = (error: unknown): string =>
  (error instanceof Error
    ? error.cause instanceof Error
      ? `${error.message}: ${error.cause.message}`
      : error.message
    : String(error)
  ).slice(0, 1_000)
