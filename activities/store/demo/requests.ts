/** The past of the demonstration's requests, played on a virtual clock, and the rights that are held when it begins. Once. */
import { randomUUID } from 'node:crypto'
import { addBusinessDays, addBusinessMs } from '#domain/calendar'
import { play, type ScriptStep } from '#domain/play'
import type { Job } from '#domain/rehearsal'
import type { CatalogueItem } from '#schema/catalogue-item'
import type { Calendar } from '#schema/calendar'
import type { Variables } from '#schema/json'
import { TicketOpening } from '#schema/ticket'
import { type PastRequest, requestHistory, seededGrants } from '../../../definitions/seed/request-stories.ts'
import { grantAccess } from '../access/access-rights.ts'
import { sha256 } from '../canonical.ts'
import { listItems, promiseCalendarId } from '../request/catalogue.ts'
import { type Db, instant, json, type Trx } from '../database.ts'
import { type Composed, composeBundle } from '../definition/definitions.ts'
import { isDemoLoaded, markDemoLoaded } from './history.ts'
import { numbered } from './played.ts'
import { appendFacts } from '../facts.ts'
import { nextNumber } from '../ticket/intake.ts'
import { nextOrderNumber, requestVariables } from '../request/orders.ts'

const day = 86_400_000
const minute = 60_000

/** When the request is approved, and what was promised from then on. */
function promiseOf(past: PastRequest, item: CatalogueItem, calendar: Calendar): { approvedAt: number; promisedAt: string } {
  const approvedAt = past.approvers.length === 0 ? past.askedAt : addBusinessMs(calendar, past.askedAt, past.approvalMinutes * minute)
  return { approvedAt, promisedAt: new Date(addBusinessDays(calendar, approvedAt, item.deliveryDays)).toISOString() }
}

/** What the handlers would have answered. */
function workOf(past: PastRequest, item: CatalogueItem, calendar: Calendar): (job: Job) => Variables {
  const { promisedAt } = promiseOf(past, item, calendar)
  const dueAt = new Date(past.askedAt + 30 * day).toISOString()
  const rounds = past.approvers.map((approver) => ({
    subject: 'manager',
    approvers: [approver],
    quorum: 1,
    remindAt: dueAt,
    dueAt,
    expiresAt: dueAt,
  }))
  return ({ jobType, headers }): Variables => {
    if (jobType === 'provision') return { provisioned: 'system', provisionReference: '' }
    if (jobType !== 'request') return {}
    if (headers.do === 'plan') return { approvalRounds: rounds, stage: rounds.length > 0 ? 'awaitingApproval' : 'received' }
    return headers.do === 'promise' ? { promisedAt, stage: 'beingDelivered' } : {}
  }
}

/** Delivery by people, by item: who does what, in equal parts of the time that it took. */
const deliverySteps: Record<string, [elementId: string, values: Record<string, string | boolean>][]> = {
  laptop: [
    ['orderDevice', { purchaseOrder: 'BC-2100' }],
    ['prepareDevice', { assetTag: 'LT-0300', isEncrypted: true }],
    ['handOver', { handedOverOn: '2026-01-01' }],
  ],
  'shared-mailbox': [['setMembers', { membersSet: true }]],
}
const deliverers: Record<string, string> = { laptop: 'sofia', 'shared-mailbox': 'lucie' }

function stepsOf(past: PastRequest): ScriptStep[] {
  const business = (after: number, actorId: string) => ({ after, isBusiness: true, actorId })
  if (past.outcome === 'canceled') return [{ ...business(30, past.requesterId), act: 'publish', name: 'requesterCanceled', variables: {} }]
  const isRejected = past.outcome === 'rejected'
  const votes = past.approvers.map((approver): ScriptStep => {
    const values = { decision: isRejected ? 'rejected' : 'approved', decisionComment: isRejected ? past.comment : '' }
    return { ...business(past.approvalMinutes, approver), act: 'complete', elementId: 'approve', values }
  })
  if (isRejected) return votes
  const parts = deliverySteps[past.itemId] ?? []
  const deliveries = parts.map(
    ([elementId, values]): ScriptStep => ({
      ...business(Math.round(past.deliveryMinutes / parts.length), deliverers[past.itemId] ?? 'sofia'),
      act: 'complete',
      elementId,
      values,
    }),
  )
  const confirm: ScriptStep = { ...business(60, past.requesterId), act: 'publish', name: 'requesterConfirmed', variables: {} }
  const survey: ScriptStep[] =
    past.score === null ? [] : [{ ...business(30, past.requesterId), act: 'survey', score: past.score, comment: '' }]
  return [...votes, ...deliveries, confirm, ...survey]
}

/** Records one request of the past with its order. Those of the past have ended: the last was asked for long enough ago. */
async function record(trx: Trx, past: PastRequest, item: CatalogueItem, { bundle, hash, version }: Composed, now: number): Promise<void> {
  const ticketId = randomUUID()
  const calendar = bundle.calendars[promiseCalendarId]
  if (!calendar) throw new Error(`expected calendar ${promiseCalendarId} in the bundle of requests, found none`)
  const line = { item, quantity: past.quantity, answers: past.answers }
  const who = { orderedById: past.requesterId, requesterId: past.requesterId, notes: '' }
  const draft = (number: string, order: string) =>
    TicketOpening.parse({
      ticketId,
      number,
      kind: 'request',
      channel: 'portal',
      interactionId: null,
      openedById: past.requesterId,
      fields: {
        title: item.name.fr,
        description: '',
        requesterId: past.requesterId,
        category: item.category,
        service: item.service,
        priority: item.priority,
        groupId: item.fulfilment.groupId,
      },
      extra: requestVariables(line, who, order, past.askedAt),
    })
  const options = { until: now, calendarId: promiseCalendarId, newId: randomUUID, sha256, work: workOf(past, item, calendar) }
  const [number, order] = [await nextNumber(trx, 'request'), await nextOrderNumber(trx)]
  const played = play(bundle, draft(number, order), past.askedAt, stepsOf(past), options)
  if (!played.rehearsal.isEnded) throw new Error(`expected the request of ${past.itemId} to have ended, found it open`)
  await trx.insertInto('instance').values({ ticketId, processId: 'request', processVersion: version, bundleHash: hash }).execute()
  const facts = played.rehearsal.record.map(({ actorId, fact }) => ({ actorId, fact: numbered(fact, number) }))
  await appendFacts(trx, ticketId, 1, facts, { isSilent: true, recordedAt: now })
  const orderId = randomUUID()
  const totals = item.price
    ? [{ currency: item.price.currency, recurrence: item.price.recurrence, amount: item.price.amount * past.quantity }]
    : []
  await trx
    .insertInto('catalogueOrder')
    .values({ id: orderId, number: order, ...who, totals: json(totals), createdAt: instant(past.askedAt) })
    .execute()
  await trx
    .insertInto('catalogueOrderLine')
    .values({
      orderId,
      line: 1,
      ticketId,
      itemId: item.id,
      itemVersion: item.version,
      quantity: past.quantity,
      unitAmount: item.price?.amount ?? null,
      currency: item.price?.currency ?? null,
      recurrence: item.price?.recurrence ?? null,
    })
    .execute()
}

/** Loads past requests and held rights, all or nothing, unless the desk has them. @returns how many requests were recorded */
export async function loadDemoRequests(db: Db, now = Date.now(), count?: number): Promise<number> {
  if (await isDemoLoaded(db, 'requests')) return 0
  const history = requestHistory(now, count)
  const asked = new Set(history.map(({ itemId }) => itemId))
  const items = new Map((await listItems(db)).filter(({ id }) => asked.has(id)).map((item) => [item.id, item]))
  const composed = new Map<string, Composed>()
  for (const { id, fulfilment } of items.values()) composed.set(id, await composeBundle(db, 'request', [fulfilment.processId]))
  return db.transaction().execute(async (trx) => {
    if (await isDemoLoaded(trx, 'requests')) return 0
    let requests = 0
    for (const past of history) {
      const [item, bundle] = [items.get(past.itemId), composed.get(past.itemId)]
      if (!item || !bundle) continue
      await record(trx, past, item, bundle, now)
      requests += 1
    }
    for (const { entitlementId, personId, grantedById, daysAgo, endsInDays, reason } of seededGrants) {
      const at = now - daysAgo * day
      await grantAccess(trx, {
        entitlementId,
        personId,
        grantedById,
        requestId: null,
        reason,
        expiresAt: endsInDays === null ? null : now + endsInDays * day,
        at,
      })
    }
    await markDemoLoaded(trx, 'requests', requests, now)
    return requests
  })
}
