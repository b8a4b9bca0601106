import type { Bundle } from '#domain/bundle'
import { approvalOf, decisionProblem, decisionValues, principalOf } from '#domain/approval'
import { lateFact } from '#domain/late-facts'
import { decisionRefusal, mayCommand, type TicketAccess } from '#domain/permissions'
import type { PolicyChange } from '#domain/recompute'
import type { Input, OpenTask } from '#engine/contract'
import type { ApprovalValues } from '#schema/approval'
import type { Fact } from '#schema/fact'
import type { Command, InstanceMove, UpdateName, Updates } from '../protocol.ts'
import type { Instance } from './instance.ts'
import type { WithoutTime } from './jobs.ts'
import { type CommandRefusal, refuse } from './refusal.ts'

/** What a command does, in order. `isOptional`: a refusal by the engine is no refusal of the command. `before`: noted only when the engine would take that. */
type Step =
  | { input: WithoutTime<Input>; isOptional?: true }
  | { note: (at: number) => Fact; before?: WithoutTime<Input> }
  | { move: InstanceMove }
  | { policies: PolicyChange }
type Planner = { [N in UpdateName]: (command: Command<Updates[N]>, ticket: TicketAccess) => Step[] }

/** The approval that a command is about, with its subject; null: an ordinary task. */
function askedApproval(waitId: string, { openTasks }: TicketAccess): { task: OpenTask; subject: string } | null {
  const task = openTasks?.find((one) => one.waitId === waitId)
  const subject = approvalOf(task)
  return task && subject !== null ? { task, subject } : null
}

/** A decision is evidence of its own: who was asked, who answered, for whom, where. */
function decide({ actor, payload }: Command<Updates['completeTask']>, ticket: TicketAccess): Step[] {
  const { waitId, variables, via } = payload
  const asked = askedApproval(waitId, ticket)
  const values = decisionProblem(variables) === null ? decisionValues(variables) : null
  const principal = asked && principalOf(actor, asked.task, ticket.groupId, ticket.interested)
  if (!asked || !principal || !values) return [{ input: { type: 'completeTask', waitId, variables } }]
  const { elementId } = asked.task
  const { decision, decisionComment: comment } = values as ApprovalValues
  const said = { elementId, waitId, subject: asked.subject, ...principal, decidedById: actor.id, decision, comment, via: via ?? 'api' }
  const input: WithoutTime<Input> = { type: 'completeTask', waitId, variables: { ...variables, ...values } }
  return [{ note: (at) => ({ type: 'approvalDecided', at, ...said }), before: input }, { input }]
}

/** Another approver is told with the reason. */
function reassign({ payload }: Command<Updates['assignTask']>, ticket: TicketAccess): Step[] {
  const { waitId, assigneeId, reason = '' } = payload
  const input: Step = { input: { type: 'assignTask', waitId, assignee: assigneeId } }
  const asked = askedApproval(waitId, ticket)
  if (!asked) return [input]
  const { elementId, assignee: from } = asked.task
  return [
    input,
    { note: (at) => ({ type: 'approvalReassigned', at, elementId, waitId, subject: asked.subject, from, to: assigneeId, reason }) },
  ]
}

const plans: Planner = {
  completeTask: decide,
  assignTask: reassign,
  changeTicket: ({ payload }) => [{ input: { type: 'setVariables', variables: payload.fields } }],
  addMessage: ({ actor, payload }) => {
    const heard = payload.direction === 'in' ? 'requesterReplied' : payload.visibility === 'public' ? 'agentReplied' : null
    const note: Step = { note: (at) => ({ type: 'messageAdded', at, authorId: actor.id, ...payload }) }
    if (heard === null) return [note]
    return [note, { input: { type: 'message', name: heard, variables: {}, messageId: payload.messageId }, isOptional: true }]
  },
  publishMessage: ({ payload }) => [{ input: { type: 'message', ...payload } }],
  answerSurvey: ({ payload }) => [
    { note: (at) => ({ type: 'surveyAnswered', at, ...payload }) },
    {
      input: { type: 'message', name: 'surveyAnswered', variables: { surveyScore: payload.score, surveyComment: payload.comment } },
      isOptional: true,
    },
  ],
  retryStall: ({ payload }) => [{ input: { type: 'retry', ...payload } }],
  setVariables: ({ payload }) => [{ input: { type: 'setVariables', ...payload } }],
  cancelInstance: ({ payload }) => [{ input: { type: 'cancel', reason: payload.reason } }],
  correlate: ({ payload }) => {
    if (payload.type === 'signal') return [{ input: payload }]
    const { correlationKey, ...message } = payload
    return [{ input: { ...message, ...(correlationKey === null ? {} : { correlationKey }) } }]
  },
  modifyInstance: ({ payload }) => [{ input: { type: 'modify', ...payload } }],
  migrateInstance: ({ payload }) => [{ move: payload }],
  changePolicies: ({ payload }) => [{ policies: payload }],
  linkTicket: ({ payload }) => {
    const note: Step = { note: (at) => lateFact('linkTicket', payload, at) }
    if (payload.kind !== 'duplicateOf' || payload.direction !== 'out') return [note]
    const variables = { duplicateOf: payload.otherNumber, duplicateReason: payload.reason }
    return [note, { input: { type: 'message', name: 'markedDuplicate', variables, messageId: payload.linkId }, isOptional: true }]
  },
  unlinkTicket: ({ payload }) => [{ note: (at) => lateFact('unlinkTicket', payload, at) }],
  applyKnownError: ({ payload }) => {
    const { workaround, ...applied } = payload
    const { knownErrorId, number: knownErrorNumber } = applied
    return [
      { note: (at) => ({ type: 'knownErrorApplied', at, ...applied }) },
      { input: { type: 'setVariables', variables: { workaround, knownErrorId, knownErrorNumber } } },
    ]
  },
  watchTicket: ({ payload }) => [{ note: (at) => lateFact('watchTicket', payload, at) }],
  unwatchTicket: ({ payload }) => [{ note: (at) => lateFact('unwatchTicket', payload, at) }],
  completeJob: ({ payload }) => [{ input: { type: 'jobCompleted', ...payload } }],
  failJob: ({ payload }) => [{ input: { type: 'jobFailed', ...payload } }],
}

function planOf<N extends UpdateName>(name: N, command: Command<Updates[N]>, instance: Instance): Step[] {
  return plans[name](command, instance.ticket)
}

/** Who may not, and when not: the actor's rights on the ticket as it is now. */
function denial<N extends UpdateName>(instance: Instance, name: N, command: Command<Updates[N]>): CommandRefusal | null {
  if (instance.isEnded) return { code: 'instanceEnded', message: 'the process of this ticket has ended' }
  const { ticket } = instance
  const denied = mayCommand(command.actor, name, command.payload, ticket)
  if (denied !== null || name !== 'completeTask') return denied
  const { waitId, variables } = command.payload as Updates['completeTask']
  return decisionRefusal(
    ticket.openTasks?.find((task) => task.waitId === waitId),
    variables,
  )
}

/** For validators: throws the first thing that stands against the command, which then leaves no trace in the history. */
export function validateCommand<N extends UpdateName>(
  instance: Instance,
  name: N,
  command: Command<Updates[N]>,
  at: number,
  bundle?: Bundle,
): void {
  const denied = denial(instance, name, command)
  if (denied !== null) throw refuse(denied)
  for (const step of planOf(name, command, instance)) {
    if ('move' in step) {
      const stands = instance.rehearseMove(bundle, step.move, at)
      if (stands !== null) throw refuse(stands)
      continue
    }
    if ('policies' in step) {
      const stands = instance.rehearsePolicies(bundle, step.policies)
      if (stands !== null) throw refuse(stands)
      continue
    }
    if (!('input' in step) || step.isOptional) continue
    const refusal = instance.rehearse({ ...step.input, at } as Input, command.key)
    if (refusal !== null) throw refuse(refusal)
  }
}

/** Carries the command out, facts buffered. @throws the refusal, when the state has moved on since it was validated */
export function carryOut<N extends UpdateName>(
  instance: Instance,
  name: N,
  command: Command<Updates[N]>,
  at: number,
  bundle?: Bundle,
): void {
  const denied = denial(instance, name, command)
  if (denied !== null) throw refuse(denied)
  for (const step of planOf(name, command, instance)) {
    if ('move' in step) {
      const stands = instance.move(bundle, step.move, at, command.actor.id)
      if (stands !== null) throw refuse(stands)
      continue
    }
    if ('policies' in step) {
      const stands = instance.changePolicies(bundle, step.policies, at, command.actor.id)
      if (stands !== null) throw refuse(stands)
      continue
    }
    if ('note' in step) {
      const stands = step.before ? instance.rehearse({ ...step.before, at } as Input, command.key) : null
      if (stands !== null) throw refuse(stands)
      instance.note(step.note(at), command.actor.id)
      continue
    }
    const refusal = instance.apply({ ...step.input, at } as Input, command.actor.id, command.key)
    if (refusal !== null && !step.isOptional) throw refuse(refusal)
  }
}
