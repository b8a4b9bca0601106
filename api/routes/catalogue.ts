import { z } from 'zod'
import { unavailability } from '#domain/catalogue'
import type { CatalogueItem } from '#schema/catalogue-item'
import { Form } from '#schema/form'
import { CartLine, CatalogueCard, OrderView, RequestView } from '#schema/request'
import { Page, PersonRef } from '#schema/view'
import { getItem, listItems } from '../../activities/store/request/catalogue.ts'
import { getDefinition, UnknownDefinition } from '../../activities/store/definition/definitions.ts'
import { submitOrder } from '../../activities/store/request/orders.ts'
import { idOfKey } from '../id-of-key.ts'
import { ApiProblem, type Locale } from '../problem.ts'
import { checkCart, deskDay } from '../read/order-check.ts'
import { listOrders, readOrder } from '../read/order-view.ts'
import { PageQuery, pageOf, readCursor, writeCursor } from '../read/page.ts'
import { readRequest } from '../read/request-view.ts'
import { type Call, defineRoute, type Route } from '../route.ts'

const ItemParams = z.object({ id: z.string().min(1).max(100) })
const OrderBody = z.strictObject({
  lines: z.array(CartLine).min(1).max(50),
  requesterId: z.string().max(100).optional().describe('For whom; the caller himself when absent'),
  notes: z.string().max(2_000).default(''),
})
type OrderCall = Call<undefined, undefined, typeof OrderBody>
/** Colleagues offered in a choice; beyond that, people write more of the name. */
const choicesLimit = 500

const card = (item: CatalogueItem, locale: Locale): CatalogueCard => ({
  id: item.id,
  version: item.version,
  name: item.name[locale],
  summary: item.summary[locale],
  description: item.description[locale],
  category: item.category,
  icon: item.icon,
  price: item.price,
  deliveryDays: item.deliveryDays,
  maxQuantity: item.maxQuantity,
  isForOthers: item.isForOthers,
  hasForm: item.formId !== null,
  approvals: item.approvals.map(({ subject, condition }) => ({ subject, isConditional: condition !== undefined })),
})

/** For whom: the caller, or somebody of the register. */
async function requesterOf({ deps, caller, body }: OrderCall): Promise<string> {
  const id = body.requesterId ?? caller.actor.id
  if (id === caller.actor.id) return id
  const person = await deps.db.selectFrom('person').select('id').where('id', '=', id).where('isActive', '=', true).executeTakeFirst()
  if (person) return id
  throw new ApiProblem(422, 'personNotFound', { params: { id }, errors: [{ path: 'requesterId', code: 'personNotFound', message: id }] })
}

async function order(call: OrderCall): Promise<OrderView> {
  const { deps, caller, body, locale } = call
  const orderId = idOfKey(call.commandKey, 'order')
  const isKnown = await deps.db.selectFrom('catalogueOrder').select('id').where('id', '=', orderId).executeTakeFirst()
  if (isKnown) return readOrder(deps.db, orderId, caller.actor)
  const at = deps.clock()
  const [orderedById, requesterId] = [caller.actor.id, await requesterOf(call)]
  const lines = await checkCart(deps.db, { lines: body.lines, orderedById, requesterId, groups: caller.actor.groups, locale, at })
  const channel = caller.via === 'apiKey' ? ('api' as const) : ('portal' as const)
  try {
    await submitOrder(deps.db, { orderId, orderedById, requesterId, locale, notes: body.notes, lines, channel, at })
  } catch (error) {
    if (error instanceof UnknownDefinition)
      throw new ApiProblem(503, 'noProcess', { params: { id: 'request' }, detail: error.message, cause: error })
    throw error
  }
  deps.kickIntake()
  return readOrder(deps.db, orderId, caller.actor)
}

export const catalogueRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/catalogue',
    access: 'anyone',
    tag: 'Catalogue',
    summary: 'What the caller may ask for',
    query: z.object({ q: z.string().max(200).default(''), category: z.string().max(100).optional() }),
    response: Page(CatalogueCard),
    handle: async ({ deps, query, caller, locale }) => {
      const day = deskDay(deps.clock())
      const words = plain(query.q).split(/\s+/).filter(Boolean)
      const items = (await listItems(deps.db))
        .filter(({ isListed }) => isListed)
        .filter(
          (item) =>
            unavailability(item, caller.actor.groups, day) === null && (query.category === undefined || item.category === query.category),
        )
        .map((item) => card(item, locale))
        .filter(({ name, summary, description }) => words.every((word) => plain(`${name} ${summary} ${description}`).includes(word)))
        .sort((a, b) => a.name.localeCompare(b.name, locale))
      return { items, nextCursor: null, total: items.length }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/catalogue/choices',
    access: 'anyone',
    tag: 'Catalogue',
    summary: 'Colleagues and jobs to choose from',
    query: z.object({ q: z.string().max(200).default('') }),
    response: z.object({ people: z.array(PersonRef), profiles: z.array(PersonRef) }),
    handle: async ({ deps, query, locale }) => {
      const like = `%${query.q.trim().replace(/[\\%_]/g, (character) => `\\${character}`)}%`
      const people = await deps.db
        .selectFrom('person')
        .select(['id', 'name'])
        .where('isActive', '=', true)
        .where('name', 'ilike', like)
        .orderBy('name')
        .limit(choicesLimit)
        .execute()
      const profiles = await deps.db.selectFrom('accessProfile').select(['id', 'nameFr', 'nameEn']).orderBy('id').execute()
      return { people, profiles: profiles.map(({ id, nameFr, nameEn }) => ({ id, name: locale === 'fr' ? nameFr : nameEn })) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/catalogue/items/{id}',
    access: 'anyone',
    tag: 'Catalogue',
    summary: 'One item with the form that it asks to be filled in',
    params: ItemParams,
    response: z.object({ item: CatalogueCard, form: Form.nullable() }),
    problems: { 404: ['itemNotFound'] },
    handle: async ({ deps, params, caller, locale }) => {
      const item = await getItem(deps.db, params.id)
      if (!item || unavailability(item, caller.actor.groups, deskDay(deps.clock())) !== null)
        throw new ApiProblem(404, 'itemNotFound', { params: { id: params.id } })
      const definition = item.formId === null ? undefined : await getDefinition(deps.db, 'form', item.formId)
      return { item: card(item, locale), form: definition ? Form.parse(JSON.parse(definition.source)) : null }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/catalogue/orders',
    access: 'anyone',
    tag: 'Catalogue',
    summary: 'Order what is in the cart: one request for each line',
    description:
      'All or nothing. Each line names the version that was seen; another one by now is refused. The same Idempotency-Key orders once.',
    body: OrderBody,
    status: 201,
    response: OrderView,
    problems: { 422: ['invalidOrder', 'personNotFound'], 503: ['noProcess'] },
    handle: order,
  }),
  defineRoute({
    method: 'get',
    path: '/catalogue/orders',
    access: 'anyone',
    tag: 'Catalogue',
    summary: 'One’s own orders, newest first',
    query: PageQuery,
    response: Page(OrderView),
    handle: async ({ deps, query, caller }) => {
      const after = query.cursor ? readCursor(query.cursor, z.tuple([z.iso.datetime(), z.uuid()])) : null
      const rows = await listOrders(deps.db, caller.actor.id, after, query.limit + 1)
      return pageOf(
        rows,
        query.limit,
        (row) => row,
        ({ orderedAt, id }) => writeCursor(orderedAt, id),
      )
    },
  }),
  defineRoute({
    method: 'get',
    path: '/catalogue/orders/{id}',
    access: 'anyone',
    tag: 'Catalogue',
    summary: 'One order with where its requests stand',
    params: ItemParams,
    response: OrderView,
    problems: { 404: ['orderNotFound'] },
    handle: ({ deps, params, caller }) => readOrder(deps.db, params.id, caller.actor),
  }),
  defineRoute({
    method: 'get',
    path: '/tickets/{id}/request',
    access: 'anyone',
    tag: 'Catalogue',
    summary: 'What was asked for, who approved it, and how far its delivery is',
    params: ItemParams,
    response: RequestView,
    problems: { 404: ['ticketNotFound', 'requestNotFound'] },
    handle: ({ deps, params, caller, locale }) => readRequest(deps.db, params.id, caller.actor, locale),
  }),
]

/** Without case and accents, for searching. */
const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
