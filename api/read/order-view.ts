/** Orders: what was in one cart, with where each of its requests stands. */
import { z } from 'zod'
import { CatalogueIcon } from '#schema/catalogue-item'
import { type OrderView, RequestStage, Total } from '#schema/request'
import type { Actor } from '#schema/role'
import { isUuid } from '../../activities/store/database.ts'
import type { Db } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import { namesOf } from './person-names.ts'
import { isStaff } from './visibility.ts'

const ItemPart = z.object({ item: z.object({ icon: CatalogueIcon }), stage: RequestStage })

const ordersQuery = (db: Db) => db.selectFrom('catalogueOrder').selectAll('catalogueOrder')
type OrderRow = Awaited<ReturnType<ReturnType<typeof ordersQuery>['execute']>>[number]

async function views(db: Db, orders: readonly OrderRow[]): Promise<OrderView[]> {
  if (orders.length === 0) return []
  const lines = await db
    .selectFrom('catalogueOrderLine')
    .innerJoin('ticket', 'ticket.id', 'catalogueOrderLine.ticketId')
    .innerJoin('instance', 'instance.ticketId', 'ticket.id')
    .select([
      'orderId',
      'line',
      'ticket.id',
      'ticket.number',
      'ticket.title',
      'ticket.status',
      'quantity',
      'instance.variables',
      'ticket.extra',
    ])
    .where(
      'orderId',
      'in',
      orders.map(({ id }) => id),
    )
    .orderBy('line')
    .execute()
  const nameOf = await namesOf(
    db,
    orders.flatMap(({ orderedById, requesterId }) => [orderedById, requesterId]),
  )
  return orders.map((order) => ({
    id: order.id,
    number: order.number,
    orderedAt: order.createdAt.toISOString(),
    orderedBy: nameOf(order.orderedById),
    requester: nameOf(order.requesterId),
    notes: order.notes,
    totals: z.array(Total).parse(order.totals),
    requests: lines
      .filter(({ orderId }) => orderId === order.id)
      .map(({ id, number, title, status, quantity, variables, extra }) => {
        // Before its process has begun, a request is what its opening says.
        const known = ItemPart.parse({ ...(extra as object), ...(variables as object) })
        return { ticketId: id, number, title, status, quantity, icon: known.item.icon, stage: known.stage }
      }),
  }))
}

/** By id or number; only one's own, or any when one works at the desk. */
export async function readOrder(db: Db, idOrNumber: string, actor: Actor): Promise<OrderView> {
  const order = await ordersQuery(db)
    .where(isUuid(idOrNumber) ? 'id' : 'number', '=', isUuid(idOrNumber) ? idOrNumber : idOrNumber.toUpperCase())
    .executeTakeFirst()
  const maySee = order !== undefined && (isStaff(actor) || order.requesterId === actor.id || order.orderedById === actor.id)
  const [view] = maySee ? await views(db, [order]) : []
  if (!view) throw new ApiProblem(404, 'orderNotFound', { params: { id: idOrNumber } })
  return view
}

/** What somebody has ordered, or has had ordered for him, newest first. */
export async function listOrders(db: Db, personId: string, after: readonly [string, string] | null, limit: number): Promise<OrderView[]> {
  let query = ordersQuery(db).where((eb) => eb.or([eb('requesterId', '=', personId), eb('orderedById', '=', personId)]))
  if (after) {
    const [at, id] = after
    query = query.where((eb) =>
      eb.or([eb('createdAt', '<', new Date(at)), eb.and([eb('createdAt', '=', new Date(at)), eb('id', '<', id)])]),
    )
  }
  return views(db, await query.orderBy('createdAt', 'desc').orderBy('id', 'desc').limit(limit).execute())
}
