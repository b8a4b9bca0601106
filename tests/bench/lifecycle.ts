import { randomUUID } from 'node:crypto'
import type { Client } from '@temporalio/client'
import pg from 'pg'
import type { Actor } from '#schema/role'
import type { Db } from '../../activities/store/database.ts'
import { openTicket } from '../../activities/store/ticket/intake.ts'
import { type InstanceInput, taskQueue, type UpdateName, type Updates, workflowType } from '../../workflows/protocol.ts'
import { claim } from '../../workflows/runtime/payload.ts'
import { resolveValues, type Script, triageValues } from './script.ts'

export type Arm = 'engine' | 'hand'

export const newIncident = (requesterId: string) =>
  ({
    kind: 'incident',
    channel: 'portal',
    openedById: requesterId,
    fields: {
      title: 'No network on the third floor',
      description: 'Since this morning.',
      requesterId,
      impact: 2,
      urgency: 2,
      category: 'network',
    },
  }) as const

/** Tells how many jobs of a ticket are recorded as completed, by the database's own notices. */
export class Progress {
  readonly #client: pg.Client
  readonly #waiting = new Map<string, { count: number; done: () => void }>()

  constructor(url: string) {
    this.#client = new pg.Client({ connectionString: url })
  }

  async listen(): Promise<void> {
    await this.#client.connect()
    this.#client.on('notification', ({ payload }) => {
      const { ticketId, types } = JSON.parse(payload ?? '{}') as { ticketId: string; types: string[] }
      if (types.includes('jobCompleted')) void this.#count(ticketId)
    })
    await this.#client.query('listen guichet')
  }

  /** Resolves when so many jobs of the ticket are done. One notice may tell of several. */
  async jobs(ticketId: string, count: number): Promise<void> {
    const reached = new Promise<void>((done) => this.#waiting.set(ticketId, { count, done }))
    await this.#count(ticketId)
    return reached
  }

  async #count(ticketId: string): Promise<void> {
    const waiting = this.#waiting.get(ticketId)
    if (waiting === undefined) return
    const counted = "select count(*)::int as done from fact where stream_id = $1 and type = 'jobCompleted'"
    const { rows } = await this.#client.query<{ done: number }>(counted, [ticketId])
    if ((rows[0]?.done ?? 0) < waiting.count || this.#waiting.get(ticketId) !== waiting) return
    this.#waiting.delete(ticketId)
    waiting.done()
  }

  close(): Promise<void> {
    return this.#client.end()
  }
}

export interface Cast {
  db: Db
  client: Client
  progress: Progress
  agent: Actor
  requester: Actor
  script: Script
}

/** One incident from report to closure. The same calls for both arms; only the workflow type differs. */
export async function live(arm: Arm, { db, client, progress, agent, requester, script }: Cast): Promise<string> {
  const { ticketId } = await openTicket(db, newIncident(requester.id))
  const { input } = await db.selectFrom('intake').select('input').where('ticketId', '=', ticketId).executeTakeFirstOrThrow()
  const instance = input as unknown as InstanceInput
  const handle = await client.workflow.start(arm === 'engine' ? workflowType : 'handWrittenIncident', {
    taskQueue,
    workflowId: ticketId,
    args: arm === 'engine' ? [instance, claim(instance.bundleHash)] : [instance],
  })
  await db.updateTable('intake').set({ startedAt: new Date() }).where('ticketId', '=', ticketId).execute()
  const update = <N extends UpdateName>(name: N, actor: Actor, payload: Updates[N]) => {
    const key = randomUUID()
    return handle.executeUpdate(name, { args: [{ actor, key, payload }], updateId: key })
  }
  await progress.jobs(ticketId, script.jobs.beforeTriage)
  await update('assignTask', agent, { waitId: script.triageWaitId, assigneeId: agent.id })
  await update('completeTask', agent, { waitId: script.triageWaitId, variables: triageValues })
  await update('completeTask', agent, { waitId: script.resolveWaitId, variables: resolveValues })
  await progress.jobs(ticketId, script.jobs.beforeConfirmation)
  await update('publishMessage', requester, { name: 'requesterConfirmed', variables: {} })
  await handle.result()
  return ticketId
}
