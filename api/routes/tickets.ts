import { z } from 'zod'
import { channelRefusal, ciRefusal, kindRefusal } from '#domain/desk-type'
import type { Variables } from '#schema/json'
import { TicketFields } from '#schema/ticket'
import { Page, TicketRow, TicketView } from '#schema/view'
import { listTickets, TicketQuery } from '../read/ticket-rows.ts'
import { DeskRefused, getDesk, UnknownDesk } from '../../activities/store/record/desks.ts'
import { deskProblem } from '../desk-problem.ts'
import type { Db } from '../deps.ts'
import { findTicket, readTicket, type TicketRecord } from '../read/ticket-view.ts'
import { isStaff } from '../read/visibility.ts'
import { ApiProblem, type Locale } from '../problem.ts'
import { defineRoute, type Route } from '../route.ts'

export const TicketParams = z.object({ id: z.string().min(1).max(60).describe('Id or number (INC-000123)') })
/** What an update answers with: the caller reads its own write. */
export const Done = z.object({ sequence: z.int().describe('Number of the last fact') })

/** What may be edited outside a task; status moves by the process only. */
const EditableFields = TicketFields.omit({ status: true, requesterId: true, deskType: true })
  .extend({ deskId: z.string().min(1).max(40) })
  .partial()
  .strict()
type Edit = z.output<typeof EditableFields>

/**
 * An edit as the ticket's desk permits it. Handed to another desk, the ticket takes that desk's type and, unless the edit names one, its first group:
 * the old group's people do not see it any more.
 */
async function atDesk(db: Db, row: TicketRecord, fields: Edit, locale: Locale): Promise<Variables> {
  const values = { ciId: row.ciId, ...fields }
  if (!fields.deskId || fields.deskId === row.deskId) {
    const refused = ciRefusal(row.deskType, fields)
    if (refused) throw new ApiProblem(422, refused.code, { errors: [{ path: 'fields.ciId', code: refused.code, message: refused.value }] })
    return fields
  }
  const desk = await getDesk(db, fields.deskId)
  if (!desk) throw deskProblem(new UnknownDesk(), locale, fields.deskId)
  const refused = desk.isActive ? (kindRefusal(desk, row.kind) ?? ciRefusal(desk.type, values)) : channelRefusal(desk, row.channel)
  if (refused) throw deskProblem(new DeskRefused(refused, desk), locale)
  const groupId = fields.groupId === undefined ? (desk.groupIds[0] ?? row.groupId) : fields.groupId
  return { ...fields, deskType: desk.type, groupId, ...(fields.assigneeId === undefined ? { assigneeId: null } : {}) }
}

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
    handle: async ({ deps, params, body, caller, commandKey, locale }) => {
      if (!isStaff(caller.actor)) throw new ApiProblem(403, 'notPermitted')
      const row = await findTicket(deps.db, params.id, caller.actor)
      const { sequence } = await deps.commander.execute(row.id, 'changeTicket', {
        actor: caller.actor,
        key: commandKey,
        payload: { fields: await atDesk(deps.db, row, body.fields, locale) },
      })
      return { sequence }
    },
  }),
]
