import type { Bundle } from '#domain/bundle'
import { mayCommand } from '#domain/permissions'
import type { Input, Refusal } from '#engine/contract'
import type { Fact } from '#schema/fact'
import type { Command, InstanceMove, UpdateName, Updates } from '../protocol.ts'
import type { Instance } from './instance.ts'
import type { WithoutTime } from './jobs.ts'
import { type CommandRefusal, refuse } from './refusal.ts'

/** What a command does, in order. `isOptional`: a refusal by the engine is no refusal of the command. */
type Step = { input: WithoutTime<Input>; isOptional?: true } | { note: (at: number) => Fact } | { move: InstanceMove }
type Planner = { [N in UpdateName]: (command: Command<Updates[N]>) => Step[] }

const plans: Planner = {
  completeTask: ({ payload }) => [{ input: { type: 'completeTask', ...payload } }],
  assignTask: ({ payload }) => [{ input: { type: 'assignTask', waitId: payload.waitId, assignee: payload.assigneeId } }],
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
}

function planOf<N extends UpdateName>(name: N, command: Command<Updates[N]>): Step[] {
  return plans[name](command)
}

/** Who may not, and when not: the actor's rights on the ticket as it is now. */
function denial<N extends UpdateName>(instance: Instance, name: N, command: Command<Updates[N]>): CommandRefusal | null {
  if (instance.isEnded) return { code: 'instanceEnded', message: 'the process of this ticket has ended' }
  return mayCommand(command.actor, name, command.payload, instance.ticket)
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
  for (const step of planOf(name, command)) {
    if ('move' in step) {
      const stands = instance.rehearseMove(bundle, step.move, at)
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
  for (const step of planOf(name, command)) {
    if ('move' in step) {
      const stands = instance.move(bundle, step.move, at, command.actor.id)
      if (stands !== null) throw refuse(stands)
      continue
    }
    if ('note' in step) {
      instance.note(step.note(at), command.actor.id)
      continue
    }
    const refusal: Refusal | null = instance.apply({ ...step.input, at } as Input, command.actor.id, command.key)
    if (refusal !== null && !step.isOptional) throw refuse(refusal)
  }
}
