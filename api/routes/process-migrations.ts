import { z } from 'zod'
import { Variables } from '#schema/json'
import { ElementMapping, MappingProposalView, processMigrationActions, ProcessMigrationView } from '#schema/process-migration'
import { Page } from '#schema/view'
import { isUuid } from '../../activities/store/database.ts'
import { getDefinition, loadBundle, UnknownDefinition } from '../../activities/store/definition/definitions.ts'
import {
  changeProcessMigration,
  createProcessMigration,
  listProcessMigrations,
  readProcessMigration,
} from '../../activities/store/operation/process-migrations.ts'
import type { Db } from '../deps.ts'
import { ApiProblem, type Locale } from '../problem.ts'
import { elementNames } from '../read/element-name.ts'
import { readProposal } from '../read/mapping-proposal.ts'
import { findTicket } from '../read/ticket-view.ts'
import { defineRoute, type Route } from '../route.ts'
import { send } from './ticket-actions.ts'
import { Done, TicketParams } from './tickets.ts'

const operators = ['processOwner', 'administrator'] as const
const ProcessId = z.string().regex(/^[\w./-]{1,100}$/)
const Version = z.coerce.number().int().min(1)
const MigrationParams = z.object({ id: z.string().max(60) })

async function requireVersions(db: Db, processId: string, versions: readonly number[]): Promise<void> {
  for (const version of versions)
    if (!(await getDefinition(db, 'process', processId, version)))
      throw new ApiProblem(404, 'definitionNotFound', { params: { kind: 'process', id: `${processId} v${version}` } })
}

async function read(db: Db, id: string): Promise<ProcessMigrationView> {
  const view = isUuid(id) ? await readProcessMigration(db, id) : null
  if (!view) throw new ApiProblem(404, 'processMigrationNotFound', { params: { id } })
  return view
}

/** Names in a mapping that the drawings do not have, as places of the call. */
function strangers(proposal: MappingProposalView, mapping: Record<string, string>): { path: string; code: string; message: string }[] {
  const from = new Set(proposal.rows.map((row) => row.from.id))
  const to = new Set(proposal.targets.map(({ id }) => id))
  return Object.entries(mapping).flatMap(([oldId, newId]) => [
    ...(from.has(oldId)
      ? []
      : [{ path: `mapping.${oldId}`, code: 'unknownElement', message: `version ${proposal.fromVersion} has no element ${oldId}` }]),
    ...(to.has(newId)
      ? []
      : [{ path: `mapping.${oldId}`, code: 'unknownElement', message: `version ${proposal.toVersion} has no element ${newId}` }]),
  ])
}

async function propose(db: Db, processId: string, from: number, to: number, locale: Locale): Promise<MappingProposalView> {
  await requireVersions(db, processId, [from, to])
  try {
    return await readProposal(db, processId, from, to, locale)
  } catch (error) {
    if (error instanceof UnknownDefinition) throw new ApiProblem(409, 'definitionIncomplete', { detail: error.message, cause: error })
    throw error
  }
}

export const processMigrationRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/process-migrations/proposal',
    access: operators,
    tag: 'Process migrations',
    summary: 'Which element of the new version stands for which of the old',
    description: 'By id, then by name, then by the elements around it; with how many open tickets stand at each.',
    query: z.object({ processId: ProcessId, from: Version, to: Version }),
    response: MappingProposalView,
    problems: { 404: ['definitionNotFound'], 409: ['definitionIncomplete'] },
    handle: ({ deps, query, locale }) => propose(deps.db, query.processId, query.from, query.to, locale),
  }),
  defineRoute({
    method: 'get',
    path: '/process-migrations',
    access: operators,
    tag: 'Process migrations',
    summary: 'Operations that moved tickets between versions, latest first',
    query: z.object({ processId: ProcessId.optional(), limit: z.coerce.number().int().min(1).max(50).default(20) }),
    response: Page(ProcessMigrationView),
    handle: async ({ deps, query }) => {
      const items = await listProcessMigrations(deps.db, query.processId, query.limit)
      return { items, nextCursor: null, total: items.length }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/process-migrations',
    access: operators,
    tag: 'Process migrations',
    summary: 'Dry run: which open tickets could go on in another version, and why others could not',
    description: 'Nothing moves. The answer’s state is `checking`, later `checked`; then `start` moves those that are ready.',
    body: z.strictObject({
      processId: ProcessId,
      fromVersion: z.int().min(1),
      toVersion: z.int().min(1),
      mapping: ElementMapping,
      retimesTimers: z.boolean().default(false),
    }),
    status: 201,
    response: ProcessMigrationView,
    problems: { 404: ['definitionNotFound'], 409: ['definitionIncomplete'], 422: ['invalidCall'] },
    handle: async ({ deps, body, caller, locale }) => {
      if (body.fromVersion === body.toVersion)
        throw new ApiProblem(422, 'invalidCall', {
          errors: [{ path: 'toVersion', code: 'sameVersion', message: 'expected another version' }],
        })
      const errors = strangers(await propose(deps.db, body.processId, body.fromVersion, body.toVersion, locale), body.mapping)
      if (errors.length > 0) throw new ApiProblem(422, 'invalidCall', { errors })
      return read(deps.db, await createProcessMigration(deps.db, { ...body, actor: caller.actor, at: deps.clock() }))
    },
  }),
  defineRoute({
    method: 'get',
    path: '/process-migrations/{id}',
    access: operators,
    tag: 'Process migrations',
    summary: 'Progress, and refusals by reason',
    params: MigrationParams,
    response: ProcessMigrationView,
    problems: { 404: ['processMigrationNotFound'] },
    handle: ({ deps, params }) => read(deps.db, params.id),
  }),
  defineRoute({
    method: 'post',
    path: '/process-migrations/{id}/{action}',
    access: operators,
    tag: 'Process migrations',
    summary: 'Start, pause, resume or abort',
    description: 'What was moved stays moved.',
    params: MigrationParams.extend({ action: z.enum(processMigrationActions) }),
    response: ProcessMigrationView,
    problems: { 404: ['processMigrationNotFound'], 409: ['processMigrationState'] },
    handle: async ({ deps, params, caller }) => {
      await read(deps.db, params.id)
      const changed = await changeProcessMigration(deps.db, params.id, params.action, caller.actor, deps.clock())
      if (!changed.ok && changed.reason === 'wrongState')
        throw new ApiProblem(409, 'processMigrationState', { params: { action: params.action, state: changed.state } })
      return read(deps.db, params.id)
    },
  }),
  defineRoute({
    method: 'get',
    path: '/tickets/{id}/tokens',
    access: operators,
    tag: 'Process migrations',
    summary: 'Where the ticket’s tokens are, and where one could be put',
    params: TicketParams,
    response: z.object({
      tokens: z.array(z.object({ key: z.string(), elementId: z.string(), since: z.number() })),
      targets: z.array(z.object({ id: z.string(), name: z.string(), type: z.string(), scopeId: z.string().nullable() })),
    }),
    problems: { 404: ['ticketNotFound'] },
    handle: async ({ deps, params, caller, locale }) => {
      const ticket = await findTicket(deps.db, params.id, caller.actor)
      return readTokens(deps.db, ticket.id, locale)
    },
  }),
  defineRoute({
    method: 'post',
    path: '/tickets/{id}/modify',
    access: operators,
    tag: 'Process migrations',
    summary: 'Move tokens: cancel some, start others, with variables',
    params: TicketParams,
    body: z
      .strictObject({
        cancel: z.array(z.string().max(100)).max(100),
        start: z.array(z.strictObject({ elementId: z.string().max(300), variables: Variables.default({}) })).max(100),
      })
      .refine(({ cancel, start }) => cancel.length + start.length > 0, { message: 'expected something to cancel or to start' }),
    response: Done,
    problems: { 404: ['ticketNotFound'], 409: ['unknownWait', 'unknownElement', 'instanceEnded'], 503: ['workflowUnavailable'] },
    handle: async (call) => {
      const ticket = await findTicket(call.deps.db, call.params.id, call.caller.actor)
      return send(call, ticket.id, 'modifyInstance', call.body)
    },
  }),
]

/** Where a modification may not put a token: containers that are opened by what is put into them, and events that belong to a host. */
const noTargets = new Set(['process', 'boundaryEvent', 'eventSubProcess'])

async function readTokens(db: Db, ticketId: string, locale: Locale) {
  const row = await db.selectFrom('instance').select(['active', 'bundleHash']).where('ticketId', '=', ticketId).executeTakeFirst()
  if (!row) return { tokens: [], targets: [] }
  const bundle = await loadBundle(db, row.bundleHash)
  const nameOf = await elementNames(db, bundle, locale)
  return {
    tokens: row.active as unknown as { key: string; elementId: string; since: number }[],
    targets: Object.values(bundle.process.elements)
      .filter(({ type }) => !noTargets.has(type))
      .map(({ id, name, type, scopeId }) => ({ id, name: nameOf(id) ?? name, type, scopeId })),
  }
}
