/** "It still does not work": by the reopening policy (a decision table) the same ticket is reopened, or a new one follows it. */
import { workingCalendar } from '#domain/bundle'
import { businessDaysBetween, isReopenable, judgeReopening, reopenPolicyId } from '#domain/reopening'
import type { Reopening } from '#schema/reopening'
import { loadDecision } from '../activities/store/definition/decisions.ts'
import { loadBundle, UnknownDefinition } from '../activities/store/definition/definitions.ts'
import { openTicket } from '../activities/store/ticket/intake.ts'
import { linkTickets } from '../activities/store/ticket/ticket-links.ts'
import { can } from '#domain/permissions'
import { systemActor } from '#schema/role'
import type { AppDeps } from './deps.ts'
import { idOfKey } from './id-of-key.ts'
import { ApiProblem } from './problem.ts'
import type { findTicket } from './read/ticket-view.ts'
import type { Call } from './route.ts'

type Ticket = Awaited<ReturnType<typeof findTicket>>

/** What the policy says of a ticket that is resolved or closed. One that is still open is left to its workflow, which refuses. */
export async function reopening(deps: AppDeps, ticket: Ticket): Promise<Reopening> {
  if (!isReopenable(ticket.kind, ticket.processId) || (ticket.status !== 'resolved' && ticket.status !== 'closed')) return 'reopen'
  const bundle = ticket.bundleHash ? await loadBundle(deps.db, ticket.bundleHash) : null
  const calendar = bundle ? workingCalendar(bundle) : undefined
  // nobody could reopen it: its process has ended, or it never had one
  if (ticket.isEnded !== false || !bundle) return 'newTicket'
  // its process knows no working days, so no window either: the diagram decides whether it can be reopened
  if (!calendar) return 'reopen'
  const since = (ticket.resolvedAt ?? ticket.closedAt ?? ticket.updatedAt).getTime()
  const at = deps.clock()
  const policy = await loadDecision(deps.db, reopenPolicyId).catch((error: unknown) => {
    if (!(error instanceof UnknownDefinition)) throw error
    throw new ApiProblem(503, 'definitionIncomplete', { detail: error.message, cause: error })
  })
  const { kind, status, reopenCount, deskId: desk } = ticket
  const asked = { kind, status, reopenCount, desk, businessDays: businessDaysBetween(calendar, since, at) }
  return judgeReopening(policy, asked, { at, timeZone: bundle.process.timeZone })
}

/** Opens the ticket that follows a former one, linked to it. A repeated call finds the one that it opened. */
export async function openFollowing(
  call: Pick<Call<unknown, unknown, unknown>, 'deps' | 'caller' | 'commandKey'>,
  former: Ticket,
  reason: string,
): Promise<{ sequence: number; opened: { id: string; number: string } }> {
  const { deps, caller } = call
  const verdict = can(caller.actor, 'ticket.reply', { ticket: former })
  if (!verdict.allowed) throw new ApiProblem(403, verdict.code ?? 'notPermitted')
  const ticketId = idOfKey(call.commandKey, 'ticket')
  const known = await deps.db.selectFrom('ticket').select(['number', 'lastSequence']).where('id', '=', ticketId).executeTakeFirst()
  if (known) return { sequence: known.lastSequence, opened: { id: ticketId, number: known.number } }
  const { title, category, service, impact, urgency, requesterId } = former
  const at = deps.clock()
  const channel = caller.via === 'apiKey' ? ('api' as const) : ('portal' as const)
  const message = { at, authorId: requesterId, direction: 'in' as const, visibility: 'public' as const, channel, text: reason }
  const opened = await openTicket(
    deps.db,
    {
      ticketId,
      kind: former.kind,
      deskId: former.deskId,
      channel,
      openedById: caller.actor.id,
      at,
      fields: { title, description: reason, category, service, impact, urgency, requesterId },
      extra: { followsTicket: former.number },
      message,
    },
    (trx) => linkTickets(trx, { kind: 'related', fromId: ticketId, toId: former.id, actor: systemActor, reason, at }),
  )
  deps.kickIntake()
  return { sequence: opened.sequence, opened: { id: ticketId, number: opened.number } }
}
