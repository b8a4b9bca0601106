import { z } from 'zod'
import { contactKinds } from '#domain/desk-type'
import { Variables } from '#schema/json'
import { Outcome } from '#schema/interaction'
import { ChannelId, isTicketField, TicketFields, TicketKind } from '#schema/ticket'
import { Page } from '#schema/view'
import { getDefinition, UnknownDefinition } from '../../activities/store/definition/definitions.ts'
import { Form } from '#schema/form'
import { channels } from '../../activities/channels/registry.ts'
import { admit } from '../../activities/store/record/desks.ts'
import { addInteraction, addMessage, type NewInteraction } from '../../activities/store/message/messages.ts'
import { openTicket } from '../../activities/store/ticket/intake.ts'
import { deskProblem } from '../desk-problem.ts'
import { idOfKey } from '../id-of-key.ts'
import { ApiProblem } from '../problem.ts'
import { InteractionQuery, InteractionRow, listInteractions } from '../read/interaction-rows.ts'
import { isStaff } from '../read/visibility.ts'
import { type Call, defineRoute, type Route } from '../route.ts'
import { checkForm } from './tasks.ts'
import { checkAttachments } from './messages.ts'

const InteractionBody = z.strictObject({
  channel: ChannelId.exclude(['import', 'mail']).optional(),
  subject: z.string().trim().min(1).max(200),
  body: z.string().max(100_000).default(''),
  form: z.strictObject({ id: z.string().max(100), values: Variables }).optional(),
  requesterId: z.string().max(100).optional().describe('On whose behalf; agents only'),
  disposition: z.enum(['ticket', 'answered']).default('ticket').describe('answered: solved in the contact, no ticket; agents only'),
  attachmentIds: z.array(z.uuid()).max(20).default([]),
  kind: TicketKind.exclude(['change', 'problem']).default('incident').describe('What is opened when it was not answered'),
  deskId: z.string().max(40).optional().describe('Absent: the form’s, the API key’s, or the default desk'),
  outcome: Outcome.optional().describe('How the contact ended; agents only'),
  startedAt: z.iso.datetime({ offset: true }).optional().describe('When a contact that an agent notes began; now when absent'),
})
type InteractionCall = Call<undefined, undefined, typeof InteractionBody>
const InteractionAnswer = z.object({ interactionId: z.string(), ticketId: z.string().nullable(), number: z.string().nullable() })
/** Whose interaction it is: the caller's own, or a person an agent names. */
async function requesterOf({ deps, caller, body }: InteractionCall): Promise<string> {
  const openedBy = body.channel ? channels[body.channel].openedBy : 'anyone'
  if ((openedBy === 'agent' && !isStaff(caller.actor)) || (openedBy === 'apiKey' && caller.via !== 'apiKey'))
    throw new ApiProblem(403, 'notPermitted')
  const isForOther = body.requesterId !== undefined && body.requesterId !== caller.actor.id
  if (!isStaff(caller.actor) && (isForOther || body.disposition === 'answered')) throw new ApiProblem(403, 'notPermitted')
  if (!isForOther || !body.requesterId) return caller.actor.id
  const person = await deps.db
    .selectFrom('person')
    .select('id')
    .where('id', '=', body.requesterId)
    .where('isActive', '=', true)
    .executeTakeFirst()
  if (!person)
    throw new ApiProblem(422, 'personNotFound', {
      params: { id: body.requesterId },
      errors: [{ path: 'requesterId', code: 'personNotFound', message: 'unknown or inactive' }],
    })
  return person.id
}

/** The deployed form's values, checked and split into the ticket's own fields and the rest. */
async function formValues({ deps, body, locale }: InteractionCall): Promise<{ fields: Partial<TicketFields>; extra: Variables }> {
  if (!body.form) return { fields: {}, extra: {} }
  const definition = await getDefinition(deps.db, 'form', body.form.id)
  if (!definition) throw new ApiProblem(422, 'formNotFound', { params: { id: body.form.id } })
  const values = checkForm(Form.parse(JSON.parse(definition.source)), body.form.values, locale, 'form.values')
  const own = Object.fromEntries(Object.entries(values).filter(([key]) => isTicketField(key) && key !== 'status' && key !== 'requesterId'))
  const extra = Object.fromEntries(Object.entries(values).filter(([key]) => !isTicketField(key)))
  const fields = TicketFields.partial().safeParse(own)
  if (fields.success) return { fields: fields.data, extra }
  throw new ApiProblem(422, 'invalidForm', {
    params: { form: body.form.id },
    errors: fields.error.issues.map((i) => ({ path: `form.values.${i.path.join('.')}`, code: i.code, message: i.message })),
  })
}

/** A contact that an agent notes while it lasts (a call, a visit, a chat): it was answered by him, and is over. */
function liveColumns({ caller, body }: InteractionCall, at: number): Partial<NewInteraction> {
  const isLive = body.channel === 'phone' || body.channel === 'walkIn' || body.channel === 'chat'
  if (!isLive || !isStaff(caller.actor)) return {}
  const began = Math.min(at, body.startedAt ? Date.parse(body.startedAt) : at)
  return {
    agentId: caller.actor.id,
    offeredAt: new Date(began),
    answeredAt: new Date(began),
    endedAt: new Date(at),
    wrappedUpAt: new Date(at),
    outcome: body.outcome ?? (body.disposition === 'answered' ? 'solved' : 'ticketOpened'),
  }
}

async function report(call: InteractionCall): Promise<z.infer<typeof InteractionAnswer>> {
  const { deps, caller, body } = call
  const [requesterId, { fields, extra }] = [await requesterOf(call), await formValues(call)]
  await checkAttachments(deps.db, body.attachmentIds)
  const at = deps.clock()
  const channel = body.channel ?? (caller.via === 'apiKey' ? 'api' : 'portal')
  const description = fields.description ?? body.body
  const message = {
    at,
    authorId: requesterId,
    direction: 'in' as const,
    visibility: 'public' as const,
    channel,
    text: description || body.subject,
    attachmentIds: body.attachmentIds,
  }
  const interaction = {
    channel,
    personId: requesterId,
    subject: body.subject,
    body: description,
    receivedAt: at,
    extra: { takenById: caller.actor.id, ...(body.form ? { formId: body.form.id } : {}) },
    ...liveColumns(call, at),
  }
  const kind = body.kind
  const desk = await admit(deps.db, body.deskId ?? fields.deskId ?? caller.deskId, {
    kind,
    channel,
    values: { ...extra, ...fields },
  }).catch((error) => {
    throw deskProblem(error, call.locale, body.deskId ?? fields.deskId)
  })
  if (desk && body.disposition === 'ticket' && !contactKinds(desk.type).includes(kind)) throw new ApiProblem(422, 'requestByCatalogue')
  if (body.disposition === 'answered') {
    const interactionId = await addInteraction(deps.db, { ...interaction, deskId: desk?.id ?? null, disposition: 'answered' })
    await addMessage(deps.db, { ...message, ticketId: null, interactionId })
    return { interactionId, ticketId: null, number: null }
  }
  const ticketId = idOfKey(call.commandKey, 'ticket')
  const known = await deps.db.selectFrom('ticket').select(['number', 'interactionId']).where('id', '=', ticketId).executeTakeFirst()
  if (known) return { interactionId: known.interactionId ?? '', ticketId, number: known.number }
  try {
    const opened = await openTicket(deps.db, {
      ticketId,
      kind,
      channel,
      deskId: desk?.id ?? null,
      openedById: caller.actor.id,
      at,
      extra,
      interaction: { ...interaction, deskId: desk?.id ?? null },
      message,
      fields: { ...fields, title: fields.title ?? body.subject, description, requesterId },
    })
    deps.kickIntake()
    return { interactionId: opened.interactionId ?? '', ticketId: opened.ticketId, number: opened.number }
  } catch (error) {
    if (error instanceof UnknownDefinition)
      throw new ApiProblem(503, 'noProcess', { params: { id: kind }, detail: error.message, cause: error })
    throw error
  }
}

export const interactionRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/interactions',
    access: 'anyone',
    tag: 'Interactions',
    summary: 'Report something: an interaction, and an incident unless it was answered on the spot',
    description: 'Accepted as long as the database stands: the incident’s process starts as soon as the process engine answers.',
    body: InteractionBody,
    status: 201,
    response: InteractionAnswer,
    problems: {
      422: ['deskNotFound', 'channelNotOfDesk', 'kindNotOfDesk', 'invalidForm', 'formNotFound', 'personNotFound', 'attachmentNotFound'],
      503: ['noProcess'],
    },
    handle: report,
  }),
  defineRoute({
    method: 'get',
    path: '/interactions',
    access: ['agent', 'administrator', 'auditor'],
    tag: 'Interactions',
    summary: 'List interactions, newest first',
    query: InteractionQuery,
    response: Page(InteractionRow),
    description: 'Agents see those of their desks. `metric` opens exactly the interactions that a call figure counts.',
    handle: ({ deps, query, caller }) => listInteractions(deps.db, query, caller.actor),
  }),
]
