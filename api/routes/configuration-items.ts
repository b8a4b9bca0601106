import { sql } from 'kysely'
import { z } from 'zod'
import type { Actor } from '#schema/role'
import { ImpactItemView } from '#schema/record'
import { Page, TicketRow } from '#schema/view'
import { maxImpactDepth } from '#domain/impact'
import { impactOf } from '../../activities/store/record/configuration-items.ts'
import type { AppDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import { listTickets, TicketQuery } from '../read/ticket-rows.ts'
import { isStaff } from '../read/visibility.ts'
import { defineRoute, type Route } from '../route.ts'

const ImpactQuery = z.object({ depth: z.coerce.number().int().min(1).max(maxImpactDepth).default(6) })
/** Open tickets shown beside the impact; the queue lists the rest. */
const ticketsShown = 20

export const ImpactView = z.object({
  /** Hit when the item fails. */
  upstream: z.array(ImpactItemView),
  /** What the item relies on. */
  downstream: z.array(ImpactItemView),
  /** The walk went further than the depth. */
  isCut: z.boolean(),
  tickets: z.array(TicketRow),
})

/** Choices in one answer; one types on to narrow them. */
const choicesShown = 30
/** What a requester may name beside his own equipment. */
const sharedClasses = ['application', 'cloud', 'printer']

/** Staff name any item; requesters their own equipment, and what everybody uses. */
async function choicesFor({ db }: AppDeps, actor: Actor, q: string): Promise<{ value: string; label: string }[]> {
  const like = `%${q.trim().replace(/[\\%_]/g, (c) => `\\${c}`)}%`
  let query = db
    .selectFrom('configurationItem as ci')
    .select(['ci.id', 'ci.code', 'ci.name'])
    .where('ci.archivedAt', 'is', null)
    .where('ci.status', '<>', 'retired')
    .where(sql<boolean>`unaccent(ci.name || ' ' || ci.code) ilike unaccent(${like})`)
  if (!isStaff(actor))
    query = query.where((eb) =>
      eb.or([
        eb('ci.class', 'in', sharedClasses),
        eb('ci.ownerId', '=', actor.id),
        eb.exists(
          eb
            .selectFrom('asset')
            .select('asset.id')
            .whereRef('asset.ciId', '=', 'ci.id')
            .where('asset.holderId', '=', actor.id)
            .where('asset.archivedAt', 'is', null),
        ),
      ]),
    )
  const rows = await query.orderBy('ci.name').orderBy('ci.id').limit(choicesShown).execute()
  return rows.map(({ id, code, name }) => ({ value: id, label: `${name} (${code})` }))
}

export const configurationItemRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/configuration-items',
    access: 'anyone',
    tag: 'Register',
    summary: 'Configuration items that the caller may name in a ticket',
    query: z.object({ q: z.string().max(200).default('') }),
    response: Page(z.object({ value: z.string(), label: z.string() })),
    handle: async ({ deps, query, caller }) => ({ items: await choicesFor(deps, caller.actor, query.q), nextCursor: null }),
  }),
  defineRoute({
    method: 'get',
    path: '/records/configuration-items/{id}/impact',
    access: ['agent', 'processOwner', 'auditor', 'administrator'],
    tag: 'Register',
    summary: 'What is hit when a configuration item fails, what it relies on, and the open tickets on it',
    params: z.object({ id: z.string().min(1).max(100) }),
    query: ImpactQuery,
    response: ImpactView,
    problems: { 404: ['recordNotFound'] },
    handle: async ({ deps, params, query, caller, locale }) => {
      const { db } = deps
      const known = await db.selectFrom('configurationItem').select('id').where('id', '=', params.id).executeTakeFirst()
      if (!known)
        throw new ApiProblem(404, 'recordNotFound', {
          params: { id: params.id, noun: locale === 'fr' ? 'Élément de configuration' : 'Configuration item' },
        })
      const [upstream, downstream, tickets] = await Promise.all([
        impactOf(db, params.id, 'upstream', query.depth),
        impactOf(db, params.id, 'downstream', query.depth),
        listTickets(
          db,
          TicketQuery.parse({ ciId: params.id, status: 'new,assigned,inProgress,pending', limit: ticketsShown }),
          caller.actor,
          deps.clock(),
        ),
      ])
      return { upstream: upstream.items, downstream: downstream.items, isCut: upstream.isCut || downstream.isCut, tickets: tickets.items }
    },
  }),
]
