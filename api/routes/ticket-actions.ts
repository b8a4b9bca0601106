import { z } from 'zod'
import { Variables } from '#schema/json'
import type { Command, UpdateName, Updates } from '../../workflows/protocol.ts'
import type { Db } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import { openFollowing, reopening } from '../reopen.ts'
import { answerSurvey } from '../survey.ts'
import { actionMessages, findTicket } from '../read/ticket-view.ts'
import { type Call, defineRoute, type Route } from '../route.ts'
import { Done, TicketParams } from './tickets.ts'

const ActionBody = z.strictObject({
  reason: z.string().max(2_000).optional(),
  /** retry: the stalled activation, and variables to mend it with. */
  key: z.string().max(100).optional(),
  variables: Variables.optional(),
  /** escalate: to which group (functional); without one, to the managers (hierarchical). */
  groupId: z.string().min(1).max(100).optional(),
})
type ActionBody = z.output<typeof ActionBody>
const actionNames = ['confirm', 'reopen', 'cancel', 'retry', 'escalate'] as const
type ActionName = (typeof actionNames)[number]

const needed = (body: ActionBody, field: 'reason' | 'key'): string => {
  const value = body[field]?.trim()
  if (!value)
    throw new ApiProblem(422, 'invalidCall', { errors: [{ path: field, code: 'required', message: `expected ${field}, found nothing` }] })
  return value
}

/** The update that an action is. */
function updateOf(name: ActionName, body: ActionBody): { [N in UpdateName]: [N, Updates[N]] }[UpdateName] {
  switch (name) {
    case 'confirm':
      return ['publishMessage', { name: actionMessages.confirm, variables: {} }]
    case 'reopen':
      return ['publishMessage', { name: actionMessages.reopen, variables: { reopenReason: needed(body, 'reason') } }]
    case 'cancel':
      return ['publishMessage', { name: actionMessages.cancel, variables: { cancelReason: needed(body, 'reason') } }]
    case 'escalate': {
      const escalationReason = needed(body, 'reason')
      if (body.groupId === undefined) return ['publishMessage', { name: actionMessages.escalate, variables: { escalationReason } }]
      return ['publishMessage', { name: 'escalatedToGroup', variables: { escalationReason, escalationGroupId: body.groupId } }]
    }
    case 'retry':
      return ['retryStall', { key: needed(body, 'key'), variables: body.variables ?? {} }]
  }
}

async function checkGroup(db: Db, groupId: string | undefined): Promise<void> {
  if (groupId === undefined) return
  const group = await db.selectFrom('supportGroup').select('id').where('id', '=', groupId).executeTakeFirst()
  if (group) return
  const errors = [{ path: 'groupId', code: 'groupNotFound', message: groupId }]
  throw new ApiProblem(422, 'groupNotFound', { params: { id: groupId }, errors })
}

/** Sends one command to a ticket's workflow and says how far the stream has come. */
export async function send<N extends UpdateName>(
  call: Pick<Call<unknown, unknown, unknown>, 'deps' | 'caller' | 'commandKey'>,
  ticketId: string,
  name: N,
  payload: Updates[N],
): Promise<{ sequence: number }> {
  const command: Command<Updates[N]> = { actor: call.caller.actor, key: call.commandKey, payload }
  const { sequence } = await call.deps.commander.execute(ticketId, name, command)
  return { sequence }
}

export const ticketActionRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/tickets/{id}/actions/{name}',
    access: 'anyone',
    tag: 'Tickets',
    summary: 'Confirm, reopen, cancel, escalate or retry',
    description:
      'What is possible now stands in the ticket’s `actions`. `reopen`, `cancel` and `escalate` need a `reason`; `retry` needs the stall’s `key`. By the reopening policy, `reopen` may open a new, linked ticket: `opened` names it.',
    params: TicketParams.extend({ name: z.enum(actionNames) }),
    body: ActionBody,
    response: Done.extend({ opened: z.object({ id: z.string(), number: z.string() }).optional() }),
    problems: { 404: ['ticketNotFound'], 409: ['notCorrelated', 'instanceEnded'], 422: ['groupNotFound'], 503: ['workflowUnavailable'] },
    handle: async (call) => {
      const { body, deps } = call
      const ticket = await findTicket(deps.db, call.params.id, call.caller.actor)
      const [name, payload] = updateOf(call.params.name, body)
      if (call.params.name === 'escalate') await checkGroup(deps.db, body.groupId)
      if (call.params.name === 'reopen' && (await reopening(deps, ticket)) === 'newTicket')
        return openFollowing(call, ticket, needed(body, 'reason'))
      return send(call, ticket.id, name, payload)
    },
  }),
  defineRoute({
    method: 'post',
    path: '/tickets/{id}/survey',
    access: 'anyone',
    tag: 'Survey',
    summary: 'Answer the satisfaction survey of one’s own ticket',
    params: TicketParams,
    body: z.strictObject({ score: z.int().min(1).max(5), comment: z.string().max(5_000).default('') }),
    response: Done,
    problems: { 404: ['ticketNotFound'], 409: ['surveyAlreadyAnswered', 'instanceEnded'], 503: ['workflowUnavailable'] },
    handle: async (call) => {
      const ticket = await findTicket(call.deps.db, call.params.id, call.caller.actor)
      if (ticket.requesterId !== call.caller.actor.id) throw new ApiProblem(403, 'notPermitted')
      if (ticket.surveyScore !== null) throw new ApiProblem(409, 'surveyAlreadyAnswered')
      return answerSurvey(call.deps, ticket.id, call.caller.actor, call.body)
    },
  }),
]
