import { z } from 'zod'
import { LinkKind } from '#schema/ticket-link'
import { TicketLinkView, WatcherView } from '#schema/view-links'
import { type Linked, LinkRefused, linksOf, linkTickets, unlinkTickets } from '../../activities/store/ticket/ticket-links.ts'
import { unwatchTicket, watchersOf, watchTicket } from '../../activities/store/ticket/watchers.ts'
import { idOfKey } from '../id-of-key.ts'
import { ApiProblem } from '../problem.ts'
import { findTicket } from '../read/ticket-view.ts'
import { isStaff } from '../read/visibility.ts'
import { defineRoute, type Route } from '../route.ts'
import { TicketParams } from './tickets.ts'

const Links = z.object({ items: z.array(TicketLinkView) })
const Watchers = z.object({ items: z.array(WatcherView) })
const reason = z.string().trim().max(2_000)

/** A refusal of the store, at the field that named the other ticket. */
export function linkProblem(error: unknown, path: string): never {
  if (!(error instanceof LinkRefused)) throw error
  const { code, params } = error
  const status =
    code === 'ticketNotFound' || code === 'unknownLink' ? 404 : code === 'linkToSelf' || code === 'linkKindMismatch' ? 422 : 409
  throw new ApiProblem(status, code, { params, errors: [{ path, code, message: params.to ?? params.id ?? '' }], cause: error })
}

export const ticketLinkRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/tickets/{id}/links',
    access: 'anyone',
    tag: 'Links',
    summary: 'Linked tickets, from this ticket’s point of view',
    description: 'Requesters see links to their own tickets only.',
    params: TicketParams,
    response: Links,
    problems: { 404: ['ticketNotFound'] },
    handle: async ({ deps, params, caller }) => {
      const ticket = await findTicket(deps.db, params.id, caller.actor)
      const links = await linksOf(deps.db, ticket.id)
      const seen = isStaff(caller.actor) ? links : links.filter(({ other }) => other.requesterId === caller.actor.id)
      return {
        items: seen.map(({ createdAt, other: { requesterId: _, ...other }, ...link }) => ({
          ...link,
          createdAt: createdAt.toISOString(),
          other,
        })),
      }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/tickets/{id}/links',
    access: ['agent', 'administrator'],
    tag: 'Links',
    summary: 'Link two tickets',
    description:
      'Reads “this ticket is `kind` the other”; with `direction` `in`, the other way round. Told in both tickets. A duplicate of a duplicate is linked to the original: `toId` says where the link leads.',
    params: TicketParams,
    body: z.strictObject({
      kind: LinkKind,
      other: z.string().trim().min(1).max(60).describe('Id or number of the other ticket'),
      direction: z.enum(['out', 'in']).default('out'),
      reason: reason.default(''),
    }),
    status: 201,
    response: z.object({ linkId: z.string(), toId: z.string() }),
    problems: {
      404: ['ticketNotFound'],
      409: ['alreadyLinked', 'linkCycle', 'hasParent', 'alreadyDuplicate'],
      422: ['linkToSelf', 'linkKindMismatch'],
    },
    handle: async ({ deps, params, body, caller, commandKey }) => {
      const ticket = await findTicket(deps.db, params.id, caller.actor)
      const other = await findTicket(deps.db, body.other, caller.actor)
      const [fromId, toId] = body.direction === 'out' ? [ticket.id, other.id] : [other.id, ticket.id]
      const link = { kind: body.kind, fromId, toId, actor: caller.actor, reason: body.reason, linkId: idOfKey(commandKey, 'link') }
      const linked: Linked = await linkTickets(deps.db, { ...link, at: deps.clock() }).catch((error: unknown) =>
        linkProblem(error, 'other'),
      )
      deps.kickIntake()
      return { linkId: linked.linkId, toId: linked.toId }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/tickets/{id}/links/{linkId}/remove',
    access: ['agent', 'administrator'],
    tag: 'Links',
    summary: 'Remove a link, with the reason',
    params: TicketParams.extend({ linkId: z.uuid() }),
    body: z.strictObject({ reason: reason.min(1) }),
    status: 204,
    problems: { 404: ['ticketNotFound', 'unknownLink'] },
    handle: async ({ deps, params, body, caller }) => {
      const ticket = await findTicket(deps.db, params.id, caller.actor)
      const { linkId } = params
      if (!(await linksOf(deps.db, ticket.id)).some((link) => link.linkId === linkId)) throw new ApiProblem(404, 'unknownLink')
      await unlinkTickets(deps.db, { linkId, actor: caller.actor, reason: body.reason, at: deps.clock() }).catch((error: unknown) =>
        linkProblem(error, 'path.linkId'),
      )
      deps.kickIntake()
    },
  }),
  defineRoute({
    method: 'get',
    path: '/tickets/{id}/watchers',
    access: ['agent', 'auditor', 'processOwner', 'administrator'],
    tag: 'Links',
    summary: 'Who follows the ticket: told of public messages and of its end',
    params: TicketParams,
    response: Watchers,
    problems: { 404: ['ticketNotFound'] },
    handle: async ({ deps, params, caller }) => {
      const ticket = await findTicket(deps.db, params.id, caller.actor)
      return { items: (await watchersOf(deps.db, ticket.id)).map(({ locale: _, ...watcher }) => watcher) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/tickets/{id}/watchers',
    access: ['agent', 'administrator'],
    tag: 'Links',
    summary: 'Add a watcher, by person or by address',
    params: TicketParams,
    body: z.union([z.strictObject({ personId: z.string().min(1).max(100) }), z.strictObject({ address: z.email().max(320) })]),
    status: 202,
    response: z.object({ isNew: z.boolean() }),
    problems: { 404: ['ticketNotFound'], 422: ['personNotFound'] },
    handle: async ({ deps, params, body, caller }) => {
      const ticket = await findTicket(deps.db, params.id, caller.actor)
      if ('personId' in body) {
        const person = await deps.db.selectFrom('person').select('id').where('id', '=', body.personId).executeTakeFirst()
        if (!person)
          throw new ApiProblem(422, 'personNotFound', {
            params: { id: body.personId },
            errors: [{ path: 'personId', code: 'personNotFound', message: body.personId }],
          })
      }
      const isNew = await watchTicket(deps.db, { ticketId: ticket.id, ...body, actor: caller.actor, at: deps.clock() })
      return { isNew }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/tickets/{id}/watchers/remove',
    access: ['agent', 'administrator'],
    tag: 'Links',
    summary: 'Remove a watcher',
    params: TicketParams,
    body: z.strictObject({ address: z.string().trim().min(1).max(320) }),
    status: 204,
    problems: { 404: ['ticketNotFound', 'unknownWatcher'] },
    handle: async ({ deps, params, body, caller }) => {
      const ticket = await findTicket(deps.db, params.id, caller.actor)
      const isRemoved = await unwatchTicket(deps.db, { ticketId: ticket.id, address: body.address, actor: caller.actor, at: deps.clock() })
      if (!isRemoved)
        throw new ApiProblem(404, 'unknownWatcher', { errors: [{ path: 'address', code: 'unknownWatcher', message: body.address }] })
    },
  }),
]
