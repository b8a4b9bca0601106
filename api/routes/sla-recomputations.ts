import { z } from 'zod'
import {
  type SlaScope,
  slaRecomputationActions,
  SlaRecomputationTicket,
  SlaRecomputationView,
  SlaScope as Scope,
} from '#schema/sla-recomputation'
import { Page } from '#schema/view'
import { isUuid } from '../../activities/store/database.ts'
import { checkDefinition, getDefinition } from '../../activities/store/definition/definitions.ts'
import {
  changeRecomputation,
  createRecomputation,
  listRecomputations,
  listRecomputationTickets,
  readRecomputation,
} from '../../activities/store/operation/sla-recomputations.ts'
import type { Db } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import { PageQuery, pageOf, readCursor, writeCursor } from '../read/page.ts'
import { defineRoute, type Route } from '../route.ts'

const operators = ['processOwner', 'administrator'] as const
const Params = z.object({ id: z.string().max(60) })

async function read(db: Db, id: string): Promise<SlaRecomputationView> {
  const view = isUuid(id) ? await readRecomputation(db, id) : null
  if (!view) throw new ApiProblem(404, 'recomputationNotFound', { params: { id } })
  return view
}

/** The version that tickets are compared with: the deployed one, or the draft as the next. */
async function targetVersion(db: Db, { kind, id }: SlaScope, draft: string | undefined): Promise<number | null> {
  const definition = await getDefinition(db, kind, id)
  if (draft === undefined) {
    if (!definition) throw new ApiProblem(404, 'definitionNotFound', { params: { kind, id } })
    return definition.version
  }
  const wrong = (await checkDefinition(db, kind, draft, id)).filter(({ severity }) => severity === 'error')
  if (wrong.length > 0)
    throw new ApiProblem(422, 'invalidDefinition', {
      params: { count: wrong.length },
      errors: wrong.map(({ elementId, code, message }) => ({ path: 'draft', code, message, elementId })),
    })
  return (definition?.version ?? 0) + 1
}

/** What is applied is what was compared: a draft must have been deployed as it was, and no newer version since. */
async function requireDeployed(db: Db, view: SlaRecomputationView): Promise<void> {
  const definition = await getDefinition(db, view.scope.kind, view.scope.id)
  const draft = view.isDraft
    ? await db.selectFrom('slaRecomputation').select('draft').where('id', '=', view.id).executeTakeFirst()
    : undefined
  const isSame = definition?.version === view.targetVersion && (draft === undefined || draft.draft === definition?.source)
  if (!isSame)
    throw new ApiProblem(409, 'recomputationNotDeployed', { params: { version: view.targetVersion ?? '?', kind: view.scope.kind } })
}

export const slaRecomputationRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/sla-recomputations',
    access: operators,
    tag: 'Service levels',
    summary: 'Compare: what open (and past) clocks would be under the latest version, or a draft, of a policy or calendar',
    description: 'Nothing changes. The answer’s state is `checking`, later `checked`; then `apply` puts the open tickets on it.',
    body: z.strictObject({
      scope: Scope,
      draft: z.string().max(500_000).optional(),
      since: z.coerce.date().optional().describe('Compare tickets closed since then too'),
    }),
    status: 201,
    response: SlaRecomputationView,
    problems: { 404: ['definitionNotFound'], 422: ['invalidCall', 'invalidDefinition'] },
    handle: async ({ deps, body, caller }) => {
      const { scope, draft } = body
      if (draft !== undefined && scope.kind === 'process')
        throw new ApiProblem(422, 'invalidCall', {
          errors: [{ path: 'draft', code: 'draftOfProcess', message: 'a draft is one of a policy or a calendar' }],
        })
      const version = await targetVersion(deps.db, scope, draft)
      const at = deps.clock()
      const made = { scope, draft: draft ?? null, targetVersion: version, since: body.since ?? null, reason: '', actor: caller.actor, at }
      return read(deps.db, await createRecomputation(deps.db, made))
    },
  }),
  defineRoute({
    method: 'get',
    path: '/sla-recomputations',
    access: [...operators, 'auditor'],
    tag: 'Service levels',
    summary: 'Comparisons and changes of service levels, latest first',
    query: z.object({
      kind: Scope.shape.kind.optional(),
      scopeId: Scope.shape.id.optional(),
      limit: z.coerce.number().int().min(1).max(50).default(20),
    }),
    response: Page(SlaRecomputationView),
    handle: async ({ deps, query }) => {
      const scope = { ...(query.kind ? { kind: query.kind } : {}), ...(query.scopeId ? { id: query.scopeId } : {}) }
      const items = await listRecomputations(deps.db, scope, query.limit)
      return { items, nextCursor: null, total: items.length }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/sla-recomputations/{id}',
    access: [...operators, 'auditor'],
    tag: 'Service levels',
    summary: 'Progress, and how many tickets change how',
    params: Params,
    response: SlaRecomputationView,
    problems: { 404: ['recomputationNotFound'] },
    handle: ({ deps, params }) => read(deps.db, params.id),
  }),
  defineRoute({
    method: 'get',
    path: '/sla-recomputations/{id}/tickets',
    access: [...operators, 'auditor'],
    tag: 'Service levels',
    summary: 'The tickets that change, clock by clock',
    params: Params,
    query: PageQuery.extend({ transition: z.string().max(40).optional() }),
    response: Page(SlaRecomputationTicket),
    problems: { 404: ['recomputationNotFound'] },
    handle: async ({ deps, params, query }) => {
      const { id } = await read(deps.db, params.id)
      const after = query.cursor ? readCursor(query.cursor, z.tuple([z.string()]))[0] : ''
      const rows = await listRecomputationTickets(deps.db, id, { transition: query.transition, after, limit: query.limit + 1 })
      return pageOf(
        rows,
        query.limit,
        (row) => row,
        (last) => writeCursor(last.number),
      )
    },
  }),
  defineRoute({
    method: 'post',
    path: '/sla-recomputations/{id}/{action}',
    access: operators,
    tag: 'Service levels',
    summary: 'Apply to the open tickets, with the reason; or leave it',
    description: 'Past tickets stay as they were. What was applied stays applied.',
    params: Params.extend({ action: z.enum(slaRecomputationActions) }),
    body: z.strictObject({ reason: z.string().trim().max(1_000).default('') }),
    response: SlaRecomputationView,
    problems: { 404: ['recomputationNotFound'], 409: ['recomputationState', 'recomputationNotDeployed'], 422: ['invalidCall'] },
    handle: async ({ deps, params, body, caller }) => {
      const view = await read(deps.db, params.id)
      if (params.action === 'apply') {
        if (body.reason === '')
          throw new ApiProblem(422, 'invalidCall', {
            errors: [{ path: 'reason', code: 'required', message: 'expected the reason, which every ticket keeps, found nothing' }],
          })
        await requireDeployed(deps.db, view)
      }
      const by = { actor: caller.actor, at: deps.clock(), reason: body.reason }
      const changed = await changeRecomputation(deps.db, params.id, params.action, by)
      if (!changed.ok && changed.reason === 'wrongState')
        throw new ApiProblem(409, 'recomputationState', { params: { action: params.action, state: changed.state } })
      return read(deps.db, params.id)
    },
  }),
]
