/** The present of the demonstration's requests: ordered and driven through the real workflow, so that they stand in every state. */
import { randomUUID } from 'node:crypto'
import type { Client } from '@temporalio/client'
import {
  type LiveRequest,
  type LiveStep,
  requestLive,
  type SeededCampaign,
  seededCampaigns,
  seededRemovals,
} from '../definitions/seed/request-stories.ts'
import { startWaitingIntakes } from './intake-starter.ts'
import { orderRemoval } from './store/access/access-rights.ts'
import { decideReview, startCampaign } from './store/access/campaigns.ts'
import { getItem } from './store/request/catalogue.ts'
import type { Db } from './store/database.ts'
import { isDemoLoaded, markDemoLoaded } from './store/demo/history.ts'
import { submitOrder } from './store/request/orders.ts'
import { actorOf, getPerson } from './store/record/people.ts'

/** How long a step may wait for the diagram to be ready for it. */
const patienceMs = 20_000
const retryMs = 150
const dayMs = 86_400_000

async function patiently<T>(what: string, attempt: () => Promise<T | null | undefined>): Promise<T> {
  let reason = ''
  for (const deadline = Date.now() + patienceMs; ; ) {
    const found = await attempt().catch((error: Error) => {
      reason = error.message
      return null
    })
    if (found !== null && found !== undefined) return found
    if (Date.now() > deadline) throw new Error(`expected ${what}, found none${reason === '' ? '' : `: ${reason}`}`)
    await new Promise((resolve) => setTimeout(resolve, retryMs))
  }
}

async function taskFor(db: Db, ticketId: string, elementId: string, actorId: string): Promise<string | null> {
  const tasks = await db
    .selectFrom('task')
    .select(['waitId', 'assigneeId'])
    .where('ticketId', '=', ticketId)
    .where('elementId', '=', elementId)
    .where('state', '=', 'open')
    .execute()
  return (tasks.find(({ assigneeId }) => assigneeId === actorId) ?? tasks.find(({ assigneeId }) => assigneeId === null))?.waitId ?? null
}

/** Tries until the workflow accepts: it may not have come to the step yet. */
async function perform(db: Db, client: Client, ticketId: string, { actorId, elementId, message, values = {} }: LiveStep): Promise<void> {
  const person = await getPerson(db, actorId)
  if (!person) throw new Error(`expected a person ${actorId}, found nobody`)
  const command = { actor: actorOf(person), key: randomUUID() }
  await patiently(`${actorId} to be able to act at ${elementId ?? message ?? ''}`, async () => {
    const waitId = elementId === undefined ? null : await taskFor(db, ticketId, elementId, actorId)
    if (elementId !== undefined && waitId === null) return null
    const handle = client.workflow.getHandle(ticketId)
    return waitId === null
      ? handle.executeUpdate('publishMessage', {
          args: [{ ...command, payload: { name: message ?? '', variables: {} } }],
          updateId: command.key,
        })
      : handle.executeUpdate('completeTask', { args: [{ ...command, payload: { waitId, variables: values } }], updateId: command.key })
  })
}

const setFailing = (db: Db, id: string, isFailing: boolean) =>
  db.updateTable('provisionConnector').set({ isFailing }).where('id', '=', id).execute()

async function drive(db: Db, client: Client, live: LiveRequest): Promise<void> {
  const item = await getItem(db, live.itemId)
  if (!item) throw new Error('expected the item to be deployed, found none')
  const orderId = randomUUID()
  const { requesterId, orderedById = requesterId, notes = '', quantity = 1, answers, failing } = live
  if (failing !== undefined) await setFailing(db, failing, true)
  await submitOrder(db, { orderId, orderedById, requesterId, locale: 'fr', notes, lines: [{ item, quantity, answers }] })
  const { ticketId } = await db.selectFrom('catalogueOrderLine').select('ticketId').where('orderId', '=', orderId).executeTakeFirstOrThrow()
  await startWaitingIntakes(db, client)
  try {
    for (const step of live.steps) await perform(db, client, ticketId, step)
    if (failing !== undefined) await patiently('the failure to be in somebody’s hands', () => taskFor(db, ticketId, 'decideFailure', ''))
  } finally {
    if (failing !== undefined) await setFailing(db, failing, false)
  }
}

async function runCampaign(db: Db, { name, entitlementIds, startedById, dueInDays, answers }: SeededCampaign): Promise<void> {
  const campaignId = randomUUID()
  const at = Date.now()
  const dueAt = at + dueInDays * dayMs
  await startCampaign(db, { campaignId, name, entitlementIds, startedById, dueAt, graceUntil: dueAt + 5 * dayMs, unanswered: 'revoke', at })
  const items = await db
    .selectFrom('reviewItem')
    .innerJoin('accessGrant', 'accessGrant.id', 'reviewItem.grantId')
    .select(['reviewItem.grantId', 'reviewItem.reviewerId', 'accessGrant.personId'])
    .where('campaignId', '=', campaignId)
    .execute()
  for (const { grantId, reviewerId, personId } of items) {
    const answer = answers.find((each) => each.personId === personId)
    if (answer)
      await decideReview(db, {
        campaignId,
        grantId,
        decision: answer.decision,
        comment: answer.comment || null,
        actorId: reviewerId,
        at: Date.now(),
      })
  }
}

async function remove(db: Db, { entitlementId, personId, actorId, reason }: (typeof seededRemovals)[number]): Promise<void> {
  const grant = await db
    .selectFrom('accessGrant')
    .select('id')
    .where('entitlementId', '=', entitlementId)
    .where('personId', '=', personId)
    .where('state', '=', 'active')
    .executeTakeFirst()
  if (grant) await orderRemoval(db, grant.id, { actorId, reason, at: Date.now() })
}

/** Orders and drives the live requests and reviews, unless that was done before. @returns what went wrong */
export async function driveRequests(db: Db, client: Client, now = Date.now()): Promise<string[]> {
  if (await isDemoLoaded(db, 'live-requests')) return []
  const requests = requestLive(now)
  await markDemoLoaded(db, 'live-requests', requests.length, now)
  const problems: string[] = []
  const attempt = (name: string, work: Promise<void>) => work.catch((error: Error) => problems.push(`${name}: ${error.message}`))
  for (const live of requests) await attempt(`${live.itemId} for ${live.requesterId}`, drive(db, client, live))
  for (const campaign of seededCampaigns) await attempt(campaign.name, runCampaign(db, campaign))
  for (const removal of seededRemovals) await attempt(`removal of ${removal.entitlementId}`, remove(db, removal))
  return problems
}
