import { z } from 'zod'
import { contactKinds } from '#domain/desk-type'
import { PhoneNumber } from '#schema/desk'
import { CallEvent, Outcome } from '#schema/interaction'
import { TicketKind } from '#schema/ticket'
import { takeMessage } from '../../activities/store/contact/contacts.ts'
import { defaultDesk, getDesk, UnknownDesk } from '../../activities/store/record/desks.ts'
import { openTicket } from '../../activities/store/ticket/intake.ts'
import { takeCallEvent, wrapUp } from '../../activities/store/contact/interactions.ts'
import { deskProblem } from '../desk-problem.ts'
import { idOfKey } from '../id-of-key.ts'
import { ApiProblem } from '../problem.ts'
import { InteractionRow, readInteraction } from '../read/interaction-rows.ts'
import { ofOwnDesks } from '../read/visibility.ts'
import { CallFiguresView, CallFilter, callDefinitions, computeCallFigures } from '../reports/call-figures.ts'
import { type Call, defineRoute, type Route } from '../route.ts'

const InteractionParams = z.object({ id: z.uuid() })
const ContactBody = z.strictObject({
  channel: z.enum(['chat', 'social', 'webhook']),
  conversationId: z.string().trim().min(1).max(200),
  messageId: z.string().trim().min(1).max(200),
  from: z.strictObject({
    name: z.string().max(200).optional(),
    email: z.email().max(254).optional(),
    phone: PhoneNumber.optional(),
    handle: z.string().max(200).optional(),
  }),
  text: z.string().trim().min(1).max(100_000),
  at: z.iso.datetime({ offset: true }).optional(),
  deskId: z.string().max(40).optional(),
})
const WrapUpBody = z.strictObject({
  disposition: z.enum(['answered', 'ticket']).describe('answered: solved on the spot; ticket: it becomes one'),
  outcome: Outcome.optional(),
  note: z.string().max(5_000).default(''),
  personId: z.string().max(100).optional().describe('Who it was, when that was not recognised'),
  kind: TicketKind.exclude(['change', 'problem']).default('incident'),
  title: z.string().trim().min(1).max(200).optional(),
  description: z.string().max(100_000).optional(),
})
type WrapUpCall = Call<typeof InteractionParams, undefined, typeof WrapUpBody>

const found = async ({ deps, params, caller }: Pick<WrapUpCall, 'deps' | 'params' | 'caller'>): Promise<InteractionRow> => {
  const row = await readInteraction(deps.db, params.id, caller.actor)
  if (!row) throw new ApiProblem(404, 'interactionNotFound')
  return row
}

/** Whoever calls without being known is known to the desk by his number: the agent says who it was, or a ticket cannot be opened. */
function personOf(row: InteractionRow, body: WrapUpCall['body']): string {
  const personId = body.personId ?? row.person?.id
  if (!personId)
    throw new ApiProblem(422, 'requesterNeeded', { errors: [{ path: 'personId', code: 'requesterNeeded', message: row.address ?? '' }] })
  return personId
}

async function becomeTicket(call: WrapUpCall, row: InteractionRow): Promise<{ ticketId: string; number: string }> {
  const { deps, caller, body, locale } = call
  const requesterId = personOf(row, body)
  const desk = row.desk ? await getDesk(deps.db, row.desk.id) : undefined
  if (desk && !contactKinds(desk.type).includes(body.kind)) throw new ApiProblem(422, 'requestByCatalogue')
  const ticketId = idOfKey(call.commandKey, 'ticket')
  const text = body.description || row.body || body.note || row.subject
  const opened = await openTicket(deps.db, {
    ticketId,
    kind: body.kind,
    channel: row.channel,
    openedById: caller.actor.id,
    deskId: row.desk?.id ?? null,
    interactionId: row.id,
    at: deps.clock(),
    fields: { title: body.title ?? row.subject, description: text, requesterId },
    message: { at: deps.clock(), authorId: requesterId, direction: 'in', visibility: 'public', channel: row.channel, text },
  }).catch((error) => {
    throw deskProblem(error, locale)
  })
  deps.kickIntake()
  return { ticketId, number: opened.number }
}

async function finish(call: WrapUpCall): Promise<InteractionRow> {
  const { deps, body, caller, params } = call
  const row = await found(call)
  if (row.ticketId && body.disposition !== 'ticket')
    throw new ApiProblem(409, 'interactionIsTicket', { params: { number: row.number ?? '' } })
  if (body.personId) {
    const person = await deps.db
      .selectFrom('person')
      .select('id')
      .where('id', '=', body.personId)
      .where('isActive', '=', true)
      .executeTakeFirst()
    if (!person)
      throw new ApiProblem(422, 'personNotFound', {
        params: { id: body.personId },
        errors: [{ path: 'personId', code: 'personNotFound', message: body.personId }],
      })
  }
  if (body.disposition === 'ticket' && !row.ticketId) await becomeTicket(call, row)
  await deps.db.transaction().execute(async (trx) => {
    const before = await trx.selectFrom('interaction').selectAll().where('id', '=', params.id).forUpdate().executeTakeFirstOrThrow()
    const outcome = body.outcome ?? (body.disposition === 'answered' ? 'solved' : 'ticketOpened')
    const { note, personId, title: subject } = body
    await wrapUp(trx, before, { outcome, note, personId, subject }, body.disposition, caller.actor.id, deps.clock())
  })
  return found(call)
}

export const callRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/interactions/calls',
    access: ['agent', 'administrator'],
    tag: 'Interactions',
    summary: 'What the telephone system reports of a call',
    description:
      'In any order, as often as it likes: events of one `callId` are kept by type and time, and the call is computed from all of them. The dialled number chooses the desk.',
    body: CallEvent.strict(),
    status: 202,
    response: z.object({ interactionId: z.string() }),
    problems: { 422: ['channelNotOfDesk', 'channelNotOfDeskType'] },
    handle: async ({ deps, body, caller, locale }) => {
      const { interactionId } = await takeCallEvent(deps.db, body, caller.actor.id, deps.clock()).catch((error) => {
        throw deskProblem(error, locale)
      })
      return { interactionId }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/interactions/contacts',
    access: ['agent', 'administrator'],
    tag: 'Interactions',
    summary: 'A message of a chat, a social network or any other system',
    description:
      'The first message of a conversation is an interaction; later ones join it, and the ticket that it has become. The same `messageId` is taken once.',
    body: ContactBody,
    status: 202,
    response: z.object({ interactionId: z.string(), ticketId: z.string().nullable() }),
    problems: { 422: ['deskNotFound', 'channelNotOfDesk', 'channelNotOfDeskType'] },
    handle: async ({ deps, body, caller, locale }) => {
      const { deskId = caller.deskId, at, ...message } = body
      const desk = deskId ? await getDesk(deps.db, deskId) : await defaultDesk(deps.db)
      if (deskId && !desk) throw deskProblem(new UnknownDesk(), locale, deskId)
      const { interactionId, ticketId } = await takeMessage(
        deps.db,
        { ...message, at: at ? Date.parse(at) : deps.clock() },
        desk,
        deps.clock(),
      ).catch((error) => {
        throw deskProblem(error, locale, deskId)
      })
      if (ticketId) deps.kickIntake()
      return { interactionId, ticketId }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/interactions/figures',
    access: ['agent', 'administrator', 'auditor', 'processOwner'],
    tag: 'Interactions',
    summary: 'Offered, answered, abandoned, speed of answer, service level and handling time',
    description: 'Each opens exactly its interactions: GET /interactions?metric=...',
    query: CallFilter,
    response: CallFiguresView.extend({
      definitions: z.array(z.object({ id: z.string(), version: z.int(), title: z.string(), formula: z.string() })),
    }),
    handle: async ({ deps, query, caller, locale }) => ({
      ...(await computeCallFigures(deps.db, query, ofOwnDesks(caller.actor, 'interaction.desk_id'))),
      definitions: callDefinitions(locale, query),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/interactions/{id}',
    access: ['agent', 'administrator', 'auditor', 'processOwner'],
    tag: 'Interactions',
    summary: 'One interaction',
    params: InteractionParams,
    response: InteractionRow,
    problems: { 404: ['interactionNotFound'] },
    handle: found,
  }),
  defineRoute({
    method: 'post',
    path: '/interactions/{id}/wrap-up',
    access: ['agent', 'administrator'],
    tag: 'Interactions',
    summary: 'Note how a contact ended: solved on the spot, or it becomes a ticket',
    params: InteractionParams,
    body: WrapUpBody,
    response: InteractionRow,
    problems: { 404: ['interactionNotFound'], 409: ['interactionIsTicket'], 422: ['requesterNeeded', 'personNotFound'] },
    handle: finish,
  }),
]
