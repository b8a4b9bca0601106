import { z } from 'zod'
import { can } from '#domain/permissions'
import { MajorView, StatusPage } from '#schema/major'
import { systemActor } from '#schema/role'
import { openTicket } from '../../activities/store/ticket/intake.ts'
import { majorOf, majorProcessId, openMajorLike, proposeMajor } from '../../activities/store/ticket/majors.ts'
import { getPerson } from '../../activities/store/record/people.ts'
import { linkTickets } from '../../activities/store/ticket/ticket-links.ts'
import type { AppDeps } from '../deps.ts'
import { idOfKey } from '../id-of-key.ts'
import { ApiProblem } from '../problem.ts'
import { listMajors, readStatus } from '../read/majors.ts'
import { findTicket } from '../read/ticket-view.ts'
import { type Call, defineRoute, type Route } from '../route.ts'
import { send } from './ticket-actions.ts'
import { Done, TicketParams } from './tickets.ts'

const Opened = z.object({ id: z.string(), number: z.string() })

/** Refuses what is no open incident, or is under a major incident already. */
async function propose(call: Call<typeof TicketParams, undefined, z.ZodObject<{ reason: z.ZodString }>>): Promise<z.infer<typeof Opened>> {
  const { deps, caller, body } = call
  const ticket = await findTicket(deps.db, call.params.id, caller.actor)
  const majorId = idOfKey(call.commandKey, 'ticket')
  const known = await deps.db.selectFrom('ticket').select(['id', 'number']).where('id', '=', majorId).executeTakeFirst()
  if (known) return known
  if (ticket.kind !== 'incident' || ticket.processId === majorProcessId)
    throw new ApiProblem(409, 'notAnIncident', { params: { number: ticket.number } })
  const verdict = can(caller.actor, 'ticket.escalate', { ticket })
  if (!verdict.allowed) throw new ApiProblem(verdict.code === 'wrongStatus' ? 409 : 403, verdict.code ?? 'notPermitted')
  const over = await majorOf(deps.db, ticket.id)
  const like = over ?? (await openMajorLike(deps.db, { ticketId: ticket.id, service: ticket.service, openedAt: ticket.openedAt.getTime() }))
  if (like) throw new ApiProblem(409, over ? 'underMajor' : 'majorOfService', { params: { number: ticket.number, major: like.number } })
  const linkId = idOfKey(call.commandKey, 'link')
  const made = await proposeMajor(deps.db, {
    incidentId: ticket.id,
    majorId,
    linkId,
    reason: body.reason,
    actor: caller.actor,
    at: deps.clock(),
  })
  deps.kickIntake()
  return made
}

interface RunningMajor {
  id: string
  title: string
  category: string | null
  service: string | null
  variables: unknown
}
async function runningMajor(deps: AppDeps, number: string): Promise<RunningMajor> {
  const major = await deps.db
    .selectFrom('ticket')
    .innerJoin('instance', 'instance.ticketId', 'ticket.id')
    .select(['ticket.id', 'ticket.title', 'ticket.category', 'ticket.service', 'ticket.status', 'instance.variables'])
    .where('ticket.number', '=', number.toUpperCase())
    .where('instance.processId', '=', majorProcessId)
    .executeTakeFirst()
  if (!major || major.status === 'new' || major.status === 'canceled') throw new ApiProblem(404, 'majorNotFound', { params: { number } })
  if (major.status !== 'inProgress') throw new ApiProblem(409, 'majorOver', { params: { number } })
  return major
}

/** "This affects me too": an incident of the caller's under the major one; the one that he has there already, when he has. */
async function affected(call: Call<z.ZodObject<{ number: z.ZodString }>, undefined, z.ZodObject<{ text: z.ZodDefault<z.ZodString> }>>) {
  const { deps, caller, body, locale } = call
  const major = await runningMajor(deps, call.params.number)
  const own = (await readStatus(deps.db, caller.actor.id, deps.clock())).current.find(
    ({ number }) => number === call.params.number.toUpperCase(),
  )
  if (own?.ownNumber) return { number: own.ownNumber, isNew: false }
  const title = own?.title[locale] ?? major.title
  const at = deps.clock()
  const text = body.text || title
  const message = { at, authorId: caller.actor.id, direction: 'in' as const, visibility: 'public' as const, channel: 'portal', text }
  const ticket = {
    ticketId: idOfKey(call.commandKey, 'ticket'),
    kind: 'incident' as const,
    channel: 'portal' as const,
    openedById: caller.actor.id,
    at,
    fields: { title, description: text, category: major.category, service: major.service, requesterId: caller.actor.id },
    extra: { affectedBy: call.params.number },
    message,
  }
  const { number } = await openTicket(deps.db, ticket, (trx, { ticketId }) =>
    linkTickets(trx, { kind: 'childOf', fromId: ticketId, toId: major.id, actor: systemActor, reason: 'affected', at }),
  )
  deps.kickIntake()
  return { number, isNew: true }
}

const HandOver = z.strictObject({
  role: z.enum(['commander', 'communicationLead']),
  personId: z.string().min(1).max(100),
  reason: z.string().trim().min(3).max(2_000),
})
/** The task that each role has open, and the variable that names who has it. */
const commandRoles = {
  commander: { variable: 'commanderId', elementId: 'restore' },
  communicationLead: { variable: 'communicationLeadId', elementId: 'communicate' },
} as const

/** Command changes hands while the major incident runs: its open task goes over with the reason, what comes later goes to the new one. */
async function handOver(call: Call<typeof TicketParams, undefined, typeof HandOver>): Promise<{ sequence: number }> {
  const { deps, caller, body, params } = call
  const ticket = await findTicket(deps.db, params.id, caller.actor)
  if (ticket.processId !== majorProcessId) throw new ApiProblem(404, 'majorNotFound', { params: { number: ticket.number } })
  if (ticket.status !== 'inProgress') throw new ApiProblem(409, 'majorOver', { params: { number: ticket.number } })
  const { variable, elementId } = commandRoles[body.role]
  const mayHandOver =
    caller.actor.groups.includes('managers') ||
    caller.actor.roles.includes('administrator') ||
    ticket.variables?.[variable] === caller.actor.id
  if (!mayHandOver) throw new ApiProblem(403, 'notInCommand', { params: { number: ticket.number } })
  const person = await getPerson(deps.db, body.personId)
  const refused = !person?.roles.includes('agent') ? 'notAnAgent' : ticket.variables?.[variable] === person.id ? 'hasCommand' : null
  if (refused)
    throw new ApiProblem(422, refused, {
      params: { name: person?.name ?? body.personId },
      errors: [{ path: 'personId', code: refused, message: person?.name ?? body.personId }],
    })
  const task = await deps.db
    .selectFrom('task')
    .select('waitId')
    .where('ticketId', '=', ticket.id)
    .where('elementId', '=', elementId)
    .where('state', '=', 'open')
    .executeTakeFirst()
  if (task)
    await send({ ...call, commandKey: `${call.commandKey}/task` }, ticket.id, 'assignTask', {
      waitId: task.waitId,
      assigneeId: body.personId,
      reason: body.reason,
    })
  // the variables are no ticket fields: the process's root variables are set by the same update (as a change's plan is)
  return send(call, ticket.id, 'changeTicket', { fields: { [variable]: body.personId, handOverReason: body.reason } as never })
}

export const majorRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/majors',
    access: ['agent', 'auditor', 'processOwner', 'administrator'],
    tag: 'Major incidents',
    summary: 'Major incidents and candidates; ended ones of the last 30 days',
    response: z.object({ items: z.array(MajorView) }),
    handle: async ({ deps, caller }) => ({ items: await listMajors(deps.db, caller.actor, deps.clock()) }),
  }),
  defineRoute({
    method: 'post',
    path: '/tickets/{id}/major',
    access: ['agent'],
    tag: 'Major incidents',
    summary: 'Propose an incident as a major one',
    description: 'Opens a candidate, for the managers to accept or refuse; the incident becomes its child.',
    params: TicketParams,
    body: z.strictObject({ reason: z.string().trim().min(3).max(2_000) }),
    status: 201,
    response: Opened,
    problems: { 404: ['ticketNotFound'], 409: ['notAnIncident', 'underMajor', 'majorOfService', 'wrongStatus'] },
    handle: propose,
  }),
  defineRoute({
    method: 'post',
    path: '/majors/{id}/communicate-now',
    access: ['agent'],
    tag: 'Major incidents',
    summary: 'Make the next communication due now',
    params: TicketParams,
    body: z.strictObject({}),
    response: Done,
    problems: { 404: ['ticketNotFound'], 409: ['notCorrelated', 'instanceEnded'], 503: ['workflowUnavailable'] },
    handle: async (call) => {
      const ticket = await findTicket(call.deps.db, call.params.id, call.caller.actor)
      return send(call, ticket.id, 'publishMessage', { name: 'communicateNow', variables: {} })
    },
  }),
  defineRoute({
    method: 'post',
    path: '/majors/{id}/hand-over',
    access: ['agent', 'administrator'],
    tag: 'Major incidents',
    summary: 'Hand over the command, or the communication, of a running major incident',
    description: 'By a manager, by whoever has that role, or by an administrator.',
    params: TicketParams,
    body: HandOver,
    response: Done,
    problems: {
      403: ['notInCommand'],
      404: ['ticketNotFound', 'majorNotFound'],
      409: ['majorOver', 'instanceEnded'],
      422: ['notAnAgent', 'hasCommand'],
      503: ['workflowUnavailable'],
    },
    handle: handOver,
  }),
  defineRoute({
    method: 'get',
    path: '/status',
    access: 'public',
    tag: 'Status page',
    summary: 'Major incidents as the public knows them: current, and of the last 30 days',
    description: 'For signed-in people; for everybody where the installation says so (GUICHET_PUBLIC_STATUS=1).',
    response: StatusPage,
    handle: async ({ deps, caller }) => {
      if (!caller && !deps.config.isStatusPublic) throw new ApiProblem(401, 'notSignedIn')
      return readStatus(deps.db, caller?.actor.id ?? null, deps.clock())
    },
  }),
  defineRoute({
    method: 'post',
    path: '/status/{number}/affected',
    access: 'anyone',
    tag: 'Status page',
    summary: 'This affects me too: an incident of one’s own under the major one',
    params: z.object({ number: z.string().min(1).max(20) }),
    body: z.strictObject({ text: z.string().trim().max(5_000).default('') }),
    status: 201,
    response: z.object({ number: z.string(), isNew: z.boolean() }),
    problems: { 404: ['majorNotFound'], 409: ['majorOver'] },
    handle: affected,
  }),
]
