/** An order: what was in one cart. Each line becomes a request of its own (ADR 0013); the order's number holds them together. */
import { sql } from 'kysely'
import { lineTotal, neededApprovals, orderTotals } from '#domain/catalogue'
import type { CatalogueItem } from '#schema/catalogue-item'
import type { Variables } from '#schema/json'
import type { ChannelId } from '#schema/ticket'
import { type Db, instant, json, type Trx } from '../database.ts'
import { type Composed, composeBundle } from '../definition/definitions.ts'
import { openTicketOn } from '../ticket/intake.ts'

export interface OrderLine {
  item: CatalogueItem
  quantity: number
  answers: Variables
}
export interface NewOrder {
  /** Decided beforehand: the same id again finds the order that was made. */
  orderId: string
  orderedById: string
  /** For whom. */
  requesterId: string
  locale: 'fr' | 'en'
  notes: string
  lines: OrderLine[]
  channel?: ChannelId
  /** UTC epoch ms; now when absent. */
  at?: number
}

const processId = 'request'

/** The next ORD-000123. */
export async function nextOrderNumber(trx: Trx): Promise<string> {
  const { value } = await trx
    .insertInto('counter')
    .values({ name: 'ORD', value: 1 })
    .onConflict((on) => on.column('name').doUpdateSet({ value: sql<number>`counter.value + 1` }))
    .returning('value')
    .executeTakeFirstOrThrow()
  return `ORD-${String(value).padStart(6, '0')}`
}

/** The root variables that a request begins with: `RequestVariables`, and what its approvals are decided by. */
export function requestVariables(
  line: OrderLine,
  order: Pick<NewOrder, 'orderedById' | 'requesterId' | 'notes'>,
  number: string,
  at: number,
): Variables {
  const { item, quantity, answers } = line
  const isOnBehalf = order.orderedById !== order.requesterId
  const { id, version, name, icon, ownerId, deliveryDays, price, entitlementId, fulfilment, isConfirmed } = item
  return {
    stage: 'received',
    item: { id, version, name, icon, ownerId, deliveryDays, price, entitlementId },
    quantity,
    total: lineTotal(price, quantity),
    answers,
    orderNumber: number,
    deliveryNotes: order.notes,
    fulfilmentProcessId: fulfilment.processId,
    isConfirmed,
    approvalRules: neededApprovals(item, { quantity, answers, isOnBehalf }, at) as unknown as Variables[],
    approvalRounds: [],
    approvalVotes: [],
    approvalOutcome: 'none',
    votes: [],
    promisedAt: null,
    // Whoever the request is about gains by it as well: he does not decide about it.
    ...(typeof answers.personId === 'string' ? { beneficiaryId: answers.personId } : {}),
  }
}

/** What each line runs by, composed before the transaction: item and sub-process are pinned in the bundle. */
const composeLines = (db: Db, lines: readonly OrderLine[]): Promise<Composed[]> =>
  Promise.all(lines.map(({ item }) => composeBundle(db, processId, [item.fulfilment.processId])))

/**
 * Opens all requests of a cart, or none. Needs no Temporal.
 * @returns whether it is new: an order that was made before is left as it is
 * @throws UnknownDefinition when a process that an item names is not deployed
 */
export async function submitOrder(db: Db, order: NewOrder): Promise<{ number: string; isNew: boolean }> {
  const at = order.at ?? Date.now()
  const composed = await composeLines(db, order.lines)
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${order.orderId}, 8))`.execute(trx)
    const known = await trx.selectFrom('catalogueOrder').select('number').where('id', '=', order.orderId).executeTakeFirst()
    if (known) return { number: known.number, isNew: false }
    const number = await nextOrderNumber(trx)
    const totals = orderTotals(order.lines.map(({ item, quantity }) => ({ price: item.price, quantity })))
    const { orderId: id, orderedById, requesterId, notes } = order
    await trx
      .insertInto('catalogueOrder')
      .values({ id, number, orderedById, requesterId, notes, totals: json(totals), createdAt: instant(at) })
      .execute()
    for (const [index, line] of order.lines.entries()) await openLine(trx, order, line, composed[index]!, { number, line: index + 1, at })
    return { number, isNew: true }
  })
}

async function openLine(
  trx: Trx,
  order: NewOrder,
  line: OrderLine,
  composed: Composed,
  place: { number: string; line: number; at: number },
): Promise<void> {
  const { item, quantity } = line
  const name = item.name[order.locale]
  const { ticketId } = await openTicketOn(
    trx,
    {
      kind: 'request',
      processId,
      channel: order.channel ?? 'portal',
      openedById: order.orderedById,
      at: place.at,
      fields: {
        title: quantity > 1 ? `${name} × ${quantity}` : name,
        description: order.notes,
        requesterId: order.requesterId,
        category: item.category,
        service: item.service,
        priority: item.priority,
        groupId: item.fulfilment.groupId,
      },
      extra: requestVariables(line, order, place.number, place.at),
    },
    composed,
  )
  await trx
    .insertInto('catalogueOrderLine')
    .values({
      orderId: order.orderId,
      line: place.line,
      ticketId,
      itemId: item.id,
      itemVersion: item.version,
      quantity,
      unitAmount: item.price?.amount ?? null,
      currency: item.price?.currency ?? null,
      recurrence: item.price?.recurrence ?? null,
    })
    .execute()
}
