import type { Client } from '@temporalio/client'
import { systemActor } from '#schema/role'
import type { Command, Delivery } from '../workflows/protocol.ts'
import { callTimeoutMs, isAway, isFinal, messageOf, pause, startWaitingIntakes } from './intake-starter.ts'
import type { StartPayload } from './store/correlation/match.ts'
import {
  postpone,
  settleDelivered,
  settleRefused,
  settleStart,
  type WaitingDelivery,
  waitingDeliveries,
} from './store/correlation/outbox.ts'
import { forgetOldPublications } from './store/correlation/publish.ts'
import { catalogueStartTriggers, fireDueStarts } from './store/correlation/triggers.ts'
import type { Db } from './store/database.ts'
import { UnknownDefinition } from './store/definition/definitions.ts'
import { isKnownInstance, NoSuchStart, startProcess } from './store/ticket/instances.ts'

/** Deliveries on their way at a time; each receiver has at most one. */
const width = 10
const idleMs = 250
const longestBackoffMs = 15_000
const forgetEveryMs = 3_600_000

export interface CorrelationRound {
  delivered: number
  /** Tried in vain; they are tried again. */
  failed: number
}

/** Brings what is in the outbox to its receivers: at most one per receiver and round, oldest first. */
export async function deliverWaiting(db: Db, client: Client, at = Date.now()): Promise<CorrelationRound> {
  const round = { delivered: 0, failed: 0 }
  const waiting = await waitingDeliveries(db, at)
  for (let from = 0; from < waiting.length; from += width) {
    const outcomes = await Promise.all(waiting.slice(from, from + width).map((delivery) => deliver(db, client, delivery)))
    for (const outcome of outcomes) round[outcome === 'settled' ? 'delivered' : 'failed']++
    if (outcomes.includes('away')) break
  }
  return round
}

type Outcome = 'settled' | 'postponed' | 'away'

async function deliver(db: Db, client: Client, delivery: WaitingDelivery): Promise<Outcome> {
  try {
    if (delivery.kind === 'start') await start(db, delivery)
    else await correlate(db, client, delivery)
    return 'settled'
  } catch (error) {
    await postpone(db, delivery, messageOf(error), Date.now())
    return isAway(error) ? 'away' : 'postponed'
  }
}

/** The delivery's number names the update: repeated after a crash, it returns the first answer and delivers nothing twice. */
async function correlate(db: Db, client: Client, delivery: WaitingDelivery): Promise<void> {
  const key = `delivery-${delivery.id}`
  const command: Command<Delivery> = { actor: systemActor, key, payload: delivery.payload as unknown as Delivery }
  try {
    await client.withDeadline(Date.now() + callTimeoutMs, () =>
      client.workflow.getHandle(delivery.ticketId).executeUpdate('correlate', { args: [command], updateId: key }),
    )
  } catch (error) {
    if (!isFinal(error)) throw error
    return settleRefused(db, delivery, messageOf(error), Date.now())
  }
  await settleDelivered(db, delivery, Date.now())
}

/** Commits the instance under the id that was decided when the start was ordered. */
async function start(db: Db, delivery: WaitingDelivery): Promise<void> {
  const { ticketId: instanceId, processId, elementId: startElementId } = delivery
  const { variables, startedById, occurrence } = delivery.payload as unknown as StartPayload
  let failure: string | null = null
  if (!(await isKnownInstance(db, instanceId))) {
    try {
      await startProcess(db, { instanceId, processId, startElementId, variables, startedById, occurrence })
    } catch (error) {
      if (!(error instanceof UnknownDefinition || error instanceof NoSuchStart)) throw error
      failure = messageOf(error)
    }
  }
  await settleStart(db, delivery, failure, Date.now())
}

/** One round: due timers, then the outbox, then the instances that it ordered. */
export async function correlateOnce(db: Db, client: Client, at = Date.now()): Promise<CorrelationRound> {
  await fireDueStarts(db, at)
  const round = await deliverWaiting(db, client, at)
  if (round.delivered > 0) await startWaitingIntakes(db, client)
  return round
}

/** Rounds until `signal` is aborted. Several workers at once do no harm: every step is settled by one of them. */
export async function runCorrelationLoop(db: Db, client: Client, signal: AbortSignal, onError: (error: unknown) => void): Promise<void> {
  let waitMs = 0
  let forgetAt = 0
  let isCatalogued = false
  while (!signal.aborted) {
    try {
      if (!isCatalogued) await catalogueStartTriggers(db, Date.now())
      isCatalogued = true
      if (Date.now() >= forgetAt) {
        await forgetOldPublications(db, Date.now())
        forgetAt = Date.now() + forgetEveryMs
      }
      const { delivered } = await correlateOnce(db, client)
      waitMs = delivered > 0 ? 0 : idleMs
    } catch (error) {
      if (signal.aborted) return
      onError(error)
      waitMs = Math.min(Math.max(waitMs, idleMs) * 2, longestBackoffMs)
    }
    await pause(Math.max(waitMs, 1), signal)
  }
}
