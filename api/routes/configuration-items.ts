import { z } from 'zod'
import { ImpactItemView } from '#schema/record'
import { TicketRow } from '#schema/view'
import { maxImpactDepth } from '#domain/impact'
import { impactOf } from '../../activities/store/configuration-items.ts'
import { ApiProblem } from '../problem.ts'
import { listTickets, TicketQuery } from '../read/ticket-rows.ts'
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

export const configurationItemRoutes: readonly Route[] = [
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
