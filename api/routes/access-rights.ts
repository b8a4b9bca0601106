import { z } from 'zod'
import { EntitlementView, GrantState, GrantView } from '#schema/access'
import { OrderView } from '#schema/request'
import { Page } from '#schema/view'
import { getItem } from '../../activities/store/request/catalogue.ts'
import { orderRemoval } from '../../activities/store/access/access-rights.ts'
import { saveEntitlement } from '../../activities/store/access/entitlements.ts'
import { submitOrder } from '../../activities/store/request/orders.ts'
import type { Db } from '../deps.ts'
import { idOfKey } from '../id-of-key.ts'
import { ApiProblem, type ProblemPlace } from '../problem.ts'
import { listEntitlements, listGrants } from '../read/access-view.ts'
import { checkCart } from '../read/order-check.ts'
import { readOrder } from '../read/order-view.ts'
import { PageQuery, pageOf, readCursor, writeCursor } from '../read/page.ts'
import { type Call, defineRoute, type Route } from '../route.ts'

const IdParams = z.object({ id: z.string().regex(/^[\w.-]{1,100}$/) })
const GrantParams = z.object({ id: z.uuid() })
const readers = ['agent', 'processOwner', 'auditor', 'administrator'] as const
const writers = ['processOwner', 'administrator'] as const

const EntitlementBody = z.strictObject({
  nameFr: z.string().trim().min(1).max(200),
  nameEn: z.string().trim().min(1).max(200),
  resource: z.string().trim().min(1).max(100),
  role: z.string().trim().min(1).max(100),
  ownerId: z.string().min(1).max(100),
  connectorId: z.string().min(1).max(100),
  groupId: z.string().min(1).max(100),
  defaultDays: z.int().min(1).max(3_650).nullable().default(null),
  isActive: z.boolean().default(true),
})
const ExtensionBody = z.strictObject({
  expiresAt: z.iso.datetime({ local: true, offset: true }),
  reason: z.string().trim().min(1).max(2_000),
})

const extensionItemId = 'access-extension'

/** Owner, system and group must be there. */
async function checkEntitlement(db: Db, body: z.infer<typeof EntitlementBody>): Promise<void> {
  const has = async (
    path: string,
    code: string,
    id: string,
    table: 'person' | 'supportGroup' | 'provisionConnector',
  ): Promise<ProblemPlace[]> =>
    (await db.selectFrom(table).select('id').where('id', '=', id).executeTakeFirst()) ? [] : [{ path, code, message: id }]
  const places = (
    await Promise.all([
      has('ownerId', 'personNotFound', body.ownerId, 'person'),
      has('groupId', 'groupNotFound', body.groupId, 'supportGroup'),
      has('connectorId', 'connectorNotFound', body.connectorId, 'provisionConnector'),
    ])
  ).flat()
  if (places.length > 0) throw new ApiProblem(422, 'invalidEntitlement', { errors: places })
}

/** An extension is a request of its own: it is approved like one. */
async function extend(call: Call<typeof GrantParams, undefined, typeof ExtensionBody>): Promise<OrderView> {
  const { deps, caller, params, body, locale } = call
  const orderId = idOfKey(call.commandKey, 'order')
  const isKnown = await deps.db.selectFrom('catalogueOrder').select('id').where('id', '=', orderId).executeTakeFirst()
  if (isKnown) return readOrder(deps.db, orderId, caller.actor)
  const item = await getItem(deps.db, extensionItemId)
  if (!item) throw new ApiProblem(503, 'noProcess', { params: { id: extensionItemId } })
  const requesterId = caller.actor.id
  const answers = { grantId: params.id, expiresAt: body.expiresAt, reason: body.reason }
  const line = { itemId: item.id, version: item.version, quantity: 1, answers }
  const at = deps.clock()
  const lines = await checkCart(deps.db, { lines: [line], orderedById: requesterId, requesterId, groups: caller.actor.groups, locale, at })
  await submitOrder(deps.db, { orderId, orderedById: requesterId, requesterId, locale, notes: '', lines, at })
  deps.kickIntake()
  return readOrder(deps.db, orderId, caller.actor)
}

/** The owner of the entitlement, or an administrator, has a right taken away. */
async function revoke({
  deps,
  params,
  body,
  caller,
  locale,
}: Call<typeof GrantParams, undefined, z.ZodObject<{ reason: z.ZodString }>>): Promise<GrantView> {
  const [grant] = await listGrants(deps.db, { ids: [params.id] }, locale, null, 1)
  if (!grant) throw new ApiProblem(404, 'grantNotFound', { params: { id: params.id } })
  if (grant.owner.id !== caller.actor.id && !caller.actor.roles.includes('administrator')) throw new ApiProblem(403, 'notEntitlementOwner')
  const isOrdered = await orderRemoval(deps.db, params.id, { actorId: caller.actor.id, reason: body.reason, at: deps.clock() })
  if (!isOrdered) throw new ApiProblem(409, 'grantNotActive', { params: { state: grant.state } })
  deps.kickIntake()
  const [after] = await listGrants(deps.db, { ids: [params.id] }, locale, null, 1)
  return after ?? grant
}

const GrantQuery = PageQuery.extend({
  personId: z.string().max(100).optional(),
  entitlementId: z.string().max(100).optional(),
  ownerId: z.string().max(100).optional(),
  state: GrantState.optional(),
})

export const accessRightRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/access/entitlements',
    access: readers,
    tag: 'Access rights',
    summary: 'What may be granted, by whom, and how many hold it',
    query: z.object({ limit: z.coerce.number().optional() }),
    response: Page(EntitlementView),
    handle: async ({ deps, locale }) => {
      const items = await listEntitlements(deps.db, locale)
      return { items, nextCursor: null, total: items.length }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/access/entitlements/{id}',
    access: writers,
    tag: 'Access rights',
    summary: 'Add or change an entitlement',
    params: IdParams,
    body: EntitlementBody,
    response: EntitlementView,
    problems: { 422: ['invalidEntitlement'] },
    handle: async ({ deps, params, body, caller, locale }) => {
      await checkEntitlement(deps.db, body)
      await saveEntitlement(deps.db, params.id, body, caller.actor.id, deps.clock())
      return (await listEntitlements(deps.db, locale)).find(({ id }) => id === params.id)
    },
  }),
  defineRoute({
    method: 'get',
    path: '/access/grants',
    access: readers,
    tag: 'Access rights',
    summary: 'The register: who holds or held what, since when, why',
    query: GrantQuery,
    response: Page(GrantView),
    handle: async ({ deps, query, locale }) => {
      const after = query.cursor ? readCursor(query.cursor, z.tuple([z.iso.datetime(), z.uuid()])) : null
      const rows = await listGrants(deps.db, query, locale, after, query.limit + 1)
      return pageOf(
        rows,
        query.limit,
        (row) => row,
        ({ grantedAt, id }) => writeCursor(grantedAt, id),
      )
    },
  }),
  defineRoute({
    method: 'get',
    path: '/access/mine',
    access: 'anyone',
    tag: 'Access rights',
    summary: 'One’s own access rights',
    response: Page(GrantView),
    handle: async ({ deps, caller, locale }) => {
      const items = await listGrants(deps.db, { personId: caller.actor.id }, locale, null, 200)
      return { items, nextCursor: null, total: items.length }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/access/grants/{id}/revoke',
    access: 'anyone',
    tag: 'Access rights',
    summary: 'Have a right taken away; for the owner of the entitlement and administrators',
    params: GrantParams,
    body: z.strictObject({ reason: z.string().trim().min(1).max(500) }),
    response: GrantView,
    problems: { 403: ['notEntitlementOwner'], 404: ['grantNotFound'], 409: ['grantNotActive'] },
    handle: revoke,
  }),
  defineRoute({
    method: 'post',
    path: '/access/grants/{id}/extension',
    access: 'anyone',
    tag: 'Access rights',
    summary: 'Ask for a later end of one’s own right: a request that is approved like any other',
    params: GrantParams,
    body: ExtensionBody,
    status: 201,
    response: OrderView,
    problems: { 422: ['invalidOrder'], 503: ['noProcess'] },
    handle: extend,
  }),
]
