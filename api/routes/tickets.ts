import { z } from 'zod'
import { TicketFields } from '#schema/ticket'
import { Page, TicketRow, TicketView } from '#schema/view'
import { listTickets, TicketQuery } from '../read/ticket-rows.ts'
import { findTicket, readTicket } from '../read/ticket-view.ts'
import { isStaff } from '../read/visibility.ts'
import { ApiProblem } from '../problem.ts'
import { defineRoute, type Route } from '../route.ts'

export const TicketParams = z.object({ id: z.string().min(1).max(60).describe('Id or number (INC-000123)') })
/** What an update answers with: the caller reads its own write. */
export const Done = z.object({ sequence: z.int().describe('Number of the last fact') })

/** What may be edited outside a task; status moves by the process only. */
const EditableFields = TicketFields.omit({ status: true, requesterId: true }).partial().strict()

export const ticketRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/tickets',
    access: 'anyone',
    tag: 'Tickets',
    summary: 'List tickets',
    description: 'Requesters see their own. `metric` opens exactly the tickets that a part of a figure counts.',
    query: TicketQuery,
    response: Page(TicketRow),
    handle: ({ deps, query, caller }) => listTickets(deps.db, query, caller.actor, deps.clock()),
  }),
  defineRoute({
    method: 'get',
    path: '/tickets/{id}',
    access: 'anyone',
    tag: 'Tickets',
    summary: 'One ticket, with its tasks, clocks and what the caller may do',
    params: TicketParams,
    response: TicketView,
    problems: { 404: ['ticketNotFound'] },
    handle: ({ deps, params, caller, locale }) => readTicket(deps.db, params.id, caller.actor, locale, deps.clock()),
  }),
  defineRoute({
    method: 'patch',
    path: '/tickets/{id}',
    access: ['agent', 'administrator'],
    tag: 'Tickets',
    summary: 'Edit fields outside a task',
    params: TicketParams,
    body: z.strictObject({ fields: EditableFields }),
    response: Done,
    problems: { 404: ['ticketNotFound'], 409: ['instanceEnded'], 503: ['workflowUnavailable'] },
    handle: async ({ deps, params, body, caller, commandKey }) => {
      if (!isStaff(caller.actor)) throw new ApiProblem(403, 'notPermitted')
      const row = await findTicket(deps.db, params.id, caller.actor)
      const { sequence } = await deps.commander.execute(row.id, 'changeTicket', {
        actor: caller.actor,
        key: commandKey,
        payload: { fields: body.fields },
      })
      return { sequence }
    },
  }),
]
