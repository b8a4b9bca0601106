import { z } from 'zod'
import { ConnectorAttempt, ConnectorKind, ConnectorView } from '#schema/access'
import { Page } from '#schema/view'
import { newSecret, sealSecret } from '../../activities/provisioning/signature.ts'
import { connectorAttempts, listConnectors, setConnectorSecret } from '../../activities/store/access/connectors.ts'
import { saveConnector } from '../../activities/store/access/entitlements.ts'
import { tryConnector } from '../../activities/tasks/provision.ts'
import type { AppDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import { PageQuery, pageOf, readCursor, writeCursor } from '../read/page.ts'
import { defineRoute, type Route } from '../route.ts'

const tag = 'Access rights'
const ConnectorParams = z.object({ id: z.string().regex(/^[\w.-]{1,100}$/) })
const readers = ['agent', 'processOwner', 'auditor', 'administrator'] as const
const ConnectorBody = z
  .strictObject({
    kind: ConnectorKind,
    name: z.string().trim().min(1).max(100),
    url: z
      .url({ protocol: /^https?$/ })
      .max(500)
      .nullable()
      .default(null),
    isFailing: z.boolean().default(false),
  })
  .refine(({ kind, url }) => kind !== 'webhook' || url !== null, { path: ['url'], message: 'a webhook needs an address' })
const Trial = z.object({
  isDone: z.boolean(),
  reference: z.string(),
  error: z.string().describe('Why it was not taken; empty when it was'),
})

const unknown = (id: string) => new ApiProblem(404, 'connectorNotFound', { params: { id } })

async function found({ db }: AppDeps, id: string): Promise<ConnectorView> {
  const connector = (await listConnectors(db)).find((each) => each.id === id)
  if (!connector) throw unknown(id)
  return connector
}

export const connectorRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/access/connectors',
    access: readers,
    tag,
    summary: 'The systems that deliver, with their last failure',
    response: Page(ConnectorView),
    handle: async ({ deps }) => {
      const items = await listConnectors(deps.db)
      return { items, nextCursor: null, total: items.length }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/access/connectors/{id}',
    access: ['administrator'],
    tag,
    summary: 'Add or change a system: by hand, by webhook, or simulated',
    params: ConnectorParams,
    body: ConnectorBody,
    response: ConnectorView,
    handle: async ({ deps, params, body, caller }) => {
      await saveConnector(deps.db, params.id, body, caller.actor.id, deps.clock())
      return found(deps, params.id)
    },
  }),
  defineRoute({
    method: 'post',
    path: '/access/connectors/{id}/secret',
    access: ['administrator'],
    tag,
    summary: 'Give a system a new signing secret; it is shown this once, and the one before is worth nothing',
    description:
      'Every call then carries `guichet-timestamp` and `guichet-signature: v1=<hex>`, the HMAC-SHA256 of `<timestamp>.<body>` under the secret.',
    params: ConnectorParams,
    body: z.strictObject({}),
    response: z.object({ secret: z.string(), connector: ConnectorView }),
    problems: { 404: ['connectorNotFound'] },
    handle: async ({ deps, params, caller, c }) => {
      const secret = newSecret()
      const isSet = await setConnectorSecret(deps.db, params.id, sealSecret(deps.config.secret, secret), caller.actor.id, deps.clock())
      if (!isSet) throw unknown(params.id)
      c.header('cache-control', 'no-store')
      return { secret, connector: await found(deps, params.id) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/access/connectors/{id}/test',
    access: ['administrator'],
    tag,
    summary: 'Call a system once, about nothing (operation `test`), and say what it answered',
    params: ConnectorParams,
    body: z.strictObject({}),
    response: Trial,
    problems: { 404: ['connectorNotFound'], 409: ['connectorByHand'] },
    handle: async ({ deps, params, commandKey, c }) => {
      const row = await deps.db.selectFrom('provisionConnector').selectAll().where('id', '=', params.id).executeTakeFirst()
      if (!row) throw unknown(params.id)
      const world = { db: deps.db, secret: deps.config.secret, signal: c.req.raw.signal }
      const answer = await tryConnector(world, row, `test/${params.id}/${commandKey}`)
      if (answer === null) throw new ApiProblem(409, 'connectorByHand', { params: { name: row.name } })
      return answer
    },
  }),
  defineRoute({
    method: 'get',
    path: '/access/connectors/{id}/attempts',
    access: readers,
    tag,
    summary: 'What a system was asked, and why it was not done when it was not',
    params: ConnectorParams,
    query: PageQuery,
    response: Page(ConnectorAttempt),
    problems: { 404: ['connectorNotFound'] },
    handle: async ({ deps, params, query }) => {
      await found(deps, params.id)
      const before = query.cursor ? readCursor(query.cursor, z.tuple([z.number()]))[0] : null
      const rows = await connectorAttempts(deps.db, params.id, before, query.limit + 1)
      return pageOf(
        rows,
        query.limit,
        (row) => row,
        (last) => writeCursor(last.id),
      )
    },
  }),
]
