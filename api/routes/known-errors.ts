import { sql } from 'kysely'
import { z } from 'zod'
import { KnownErrorContent, KnownErrorMatch, KnownErrorRow, KnownErrorState, KnownErrorView } from '#schema/known-error'
import { Page } from '#schema/view'
import {
  addKnownError,
  allWordsOf,
  editKnownError,
  moveKnownError,
  recordUse,
  StaleKnownError,
} from '../../activities/store/ticket/known-errors.ts'
import { LinkRefused, linkTickets } from '../../activities/store/ticket/ticket-links.ts'
import type { AppDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import { findKnownError, forRequesters, listKnownErrors, matchKnownErrors } from '../read/known-errors.ts'
import { PageQuery, pageOf, readCursor, writeCursor } from '../read/page.ts'
import { findTicket } from '../read/ticket-view.ts'
import { defineRoute, type Route } from '../route.ts'
import { send } from './ticket-actions.ts'
import { Done, TicketParams } from './tickets.ts'
import type { Caller } from '../deps.ts'

const Params = z.object({ id: z.uuid() })
const keepers = ['agent', 'processOwner', 'administrator'] as const
const notFound = { 404: ['knownErrorNotFound'] } as const

async function found(deps: AppDeps, id: string, { actor }: Caller): Promise<KnownErrorView> {
  const known = await findKnownError(deps.db, id, actor)
  if (!known) throw new ApiProblem(404, 'knownErrorNotFound')
  return known
}

/** A problem that is named must be one. */
async function checkProblem(deps: AppDeps, problemId: string | null): Promise<void> {
  if (problemId === null) return
  const ticket = await deps.db.selectFrom('ticket').select('kind').where('id', '=', problemId).executeTakeFirst()
  if (ticket?.kind !== 'problem')
    throw new ApiProblem(422, 'notAProblem', { errors: [{ path: 'problemId', code: 'notAProblem', message: problemId }] })
}

export const knownErrorRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/known-errors',
    access: 'anyone',
    tag: 'Known errors',
    summary: 'Known errors by words, state or place',
    description: 'Requesters see what is published for customers. Words are searched in French and English, accents and endings ignored.',
    query: PageQuery.extend({
      q: z.string().trim().max(200).default(''),
      state: KnownErrorState.optional(),
      category: z.string().max(100).optional(),
      isReviewDue: z.stringbool().optional(),
      isForRequesters: z.stringbool().optional().describe('Only what requesters may read, whoever asks'),
    }),
    response: Page(KnownErrorRow),
    handle: async ({ deps, query, caller }) => {
      const offset = query.cursor ? readCursor(query.cursor, z.tuple([z.int().min(0).max(1_000_000)]))[0] : 0
      const words = allWordsOf(query.q)
      const where = sql`${query.q === '' ? sql`true` : sql`(k.search @@ ${words} or k.number ilike ${`${query.q}%`})`}
        and ${query.state ? sql`k.state = ${query.state}` : sql`true`} and ${query.category ? sql`k.category = ${query.category}` : sql`true`}
        and ${query.isForRequesters ? forRequesters : sql`true`} and ${query.isReviewDue ? sql`k.state = 'published' and k.review_on <= current_date` : sql`true`}`
      const order = query.q === '' ? sql`k.updated_at desc, k.id` : sql`ts_rank(k.search, ${words}) desc, k.id`
      const rows = await listKnownErrors(deps.db, where, order, caller.actor, query.limit + 1, offset)
      return pageOf(
        rows,
        query.limit,
        (row) => row,
        () => writeCursor(offset + query.limit),
      )
    },
  }),
  defineRoute({
    method: 'post',
    path: '/known-errors',
    access: keepers,
    tag: 'Known errors',
    summary: 'Write a known error, as a draft',
    body: KnownErrorContent,
    status: 201,
    response: KnownErrorView,
    problems: { 422: ['notAProblem'] },
    handle: async ({ deps, body, caller }) => {
      await checkProblem(deps, body.problemId)
      const { id } = await addKnownError(deps.db, body, { actorId: caller.actor.id, at: deps.clock() })
      return found(deps, id, caller)
    },
  }),
  defineRoute({
    method: 'get',
    path: '/known-errors/{id}',
    access: 'anyone',
    tag: 'Known errors',
    summary: 'One known error with its versions and uses',
    params: Params,
    response: KnownErrorView,
    problems: notFound,
    handle: ({ deps, params, caller }) => found(deps, params.id, caller),
  }),
  defineRoute({
    method: 'patch',
    path: '/known-errors/{id}',
    access: keepers,
    tag: 'Known errors',
    summary: 'Save a new version',
    params: Params,
    body: z.strictObject({ content: KnownErrorContent, baseVersion: z.int().min(1), note: z.string().trim().max(500).default('') }),
    response: KnownErrorView,
    problems: { ...notFound, 409: ['staleVersion'], 422: ['notAProblem'] },
    handle: async ({ deps, params, body, caller }) => {
      await checkProblem(deps, body.content.problemId)
      const { baseVersion, note } = body
      try {
        const by = { actorId: caller.actor.id, at: deps.clock(), baseVersion, note }
        if ((await editKnownError(deps.db, params.id, body.content, by)) === undefined) throw new ApiProblem(404, 'knownErrorNotFound')
      } catch (error) {
        if (!(error instanceof StaleKnownError)) throw error
        throw new ApiProblem(409, 'staleVersion', { params: { current: error.currentVersion, base: baseVersion } })
      }
      return found(deps, params.id, caller)
    },
  }),
  defineRoute({
    method: 'post',
    path: '/known-errors/{id}/state',
    access: keepers,
    tag: 'Known errors',
    summary: 'Publish or retire',
    params: Params,
    body: z.strictObject({ state: z.enum(['published', 'retired']) }),
    response: KnownErrorView,
    problems: { ...notFound, 409: ['knownErrorState'] },
    handle: async ({ deps, params, body, caller }) => {
      const moved = await moveKnownError(deps.db, params.id, body.state, { actorId: caller.actor.id, at: deps.clock() })
      if (moved === undefined) throw new ApiProblem(404, 'knownErrorNotFound')
      if (!moved) throw new ApiProblem(409, 'knownErrorState')
      return found(deps, params.id, caller)
    },
  }),
  defineRoute({
    method: 'get',
    path: '/tickets/{id}/known-errors',
    access: ['agent', 'processOwner', 'auditor', 'administrator'],
    tag: 'Known errors',
    summary: 'Known errors that fit this ticket, and why',
    params: TicketParams,
    response: Page(KnownErrorMatch),
    problems: { 404: ['ticketNotFound'] },
    handle: async ({ deps, params, caller }) => {
      const ticket = await findTicket(deps.db, params.id, caller.actor)
      const { ciId } = await deps.db.selectFrom('ticket').select('ciId').where('id', '=', ticket.id).executeTakeFirstOrThrow()
      return { items: await matchKnownErrors(deps.db, { ...ticket, ciId }, caller.actor), nextCursor: null }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/tickets/{id}/known-errors/{knownErrorId}',
    access: ['agent'],
    tag: 'Known errors',
    summary: 'Apply a known error: its workaround becomes the incident’s, the incident is linked to its problem, the use is counted',
    params: TicketParams.extend({ knownErrorId: z.uuid() }),
    body: z.strictObject({}),
    response: Done,
    problems: {
      404: ['ticketNotFound', 'knownErrorNotFound'],
      409: ['knownErrorState', 'wrongStatus', 'instanceEnded'],
      503: ['workflowUnavailable'],
    },
    handle: async (call) => {
      const { deps, params, caller } = call
      const ticket = await findTicket(deps.db, params.id, caller.actor)
      const known = await found(deps, params.knownErrorId, caller)
      if (known.state !== 'published') throw new ApiProblem(409, 'knownErrorState')
      const { id: knownErrorId, number, version, title, workaround, problemId } = known
      const done = await send(call, ticket.id, 'applyKnownError', { knownErrorId, number, version, title, workaround })
      const at = deps.clock()
      await recordUse(deps.db, { knownErrorId, ticketId: ticket.id, ticketNumber: ticket.number, version, actorId: caller.actor.id, at })
      if (problemId !== null && ticket.kind === 'incident')
        await linkTickets(deps.db, { kind: 'causedBy', fromId: ticket.id, toId: problemId, actor: caller.actor, reason: number, at }).catch(
          (error: unknown) => {
            if (!(error instanceof LinkRefused)) throw error
          },
        )
      return done
    },
  }),
]
