import type { Bundle } from '#domain/bundle'
import type { Fact } from '#schema/fact'
import type { Variables } from '#schema/json'
import type { Actor } from '#schema/role'
import type { FlushInput, InstanceInput, TaskCall } from '../../workflows/protocol.ts'
import { type Batch, Instance } from '../../workflows/runtime/instance.ts'

/** One stimulus of the incident and all that follows from it: the facts to store, the state to show, the jobs to start. */
export interface Stage {
  facts: FlushInput['facts']
  snapshot: FlushInput['snapshot']
  jobs: { call: TaskCall; retries: number }[]
}

/** What the hand-written workflow does instead of interpreting a diagram: known beforehand, stage by stage. */
export interface Script {
  triageWaitId: string
  resolveWaitId: string
  start: Stage
  assign: Stage
  triage: Stage
  resolve: Stage
  confirm: Stage
  /** What follows from the end of a job, by its wait. */
  after: Record<string, Stage>
  /** How many jobs are done before the agent begins, before the requester is asked, and in all. */
  jobs: { beforeTriage: number; beforeConfirmation: number; all: number }
}

export const triageValues: Variables = { impact: 2, urgency: 2, category: 'network', triageOutcome: 'diagnose' }
export const resolveValues: Variables = { resolveOutcome: 'resolve', resolutionCode: 'fixed', resolution: 'The switch was replaced.' }

/** Plays one incident through engine and desk, without Temporal, and writes down what each stage gives. */
export function recordScript(bundle: Bundle, input: InstanceInput, agent: Actor, requesterId: string): Script {
  const at = input.openedAt
  const instance = new Instance(bundle, input)
  const act = (stimulus: Parameters<Instance['apply']>[0], actorId: string): Stage => {
    const refusal = instance.apply(stimulus, actorId)
    if (refusal !== null) throw new Error(`expected ${stimulus.type} to be taken, found ${refusal.code}: ${refusal.message}`)
    return stageOf(instance.take())
  }
  const after: Record<string, Stage> = {}
  /** Does the jobs of a stage and those that follow from them; says how many are done by now. */
  const settle = (stage: Stage): number => {
    for (let open = [...stage.jobs]; open.length > 0; ) {
      const [job, ...others] = open
      if (job === undefined || after[job.call.waitId] !== undefined)
        throw new Error('expected each job once in an incident, found one again')
      const next = act({ type: 'jobCompleted', at, waitId: job.call.waitId, variables: {} }, 'system')
      after[job.call.waitId] = next
      open = [...others, ...next.jobs]
    }
    return Object.keys(after).length
  }
  const waitAt = (elementId: string): string => {
    const task = instance.openTasks.find((open) => open.elementId === elementId)
    if (task === undefined) throw new Error(`expected an open task at ${elementId}, found none`)
    return task.waitId
  }
  instance.open({ ...input, openedAt: at }, at)
  const start = stageOf(instance.take())
  const beforeTriage = settle(start)
  const triageWaitId = waitAt('triage')
  const assign = act({ type: 'assignTask', at, waitId: triageWaitId, assignee: agent.id }, agent.id)
  settle(assign)
  const triage = act({ type: 'completeTask', at, waitId: triageWaitId, variables: triageValues }, agent.id)
  settle(triage)
  const resolveWaitId = waitAt('resolve')
  const resolve = act({ type: 'completeTask', at, waitId: resolveWaitId, variables: resolveValues }, agent.id)
  const beforeConfirmation = settle(resolve)
  const confirm = act({ type: 'message', at, name: 'requesterConfirmed', variables: {} }, requesterId)
  const all = settle(confirm)
  if (!instance.isEnded) throw new Error('expected the incident to be closed at the end of the script, found it alive')
  const jobs = { beforeTriage, beforeConfirmation, all }
  return { triageWaitId, resolveWaitId, start, assign, triage, resolve, confirm, after, jobs }
}

function stageOf(batch: Batch | null): Stage {
  if (batch === null) throw new Error('expected facts to store, found none')
  const { flush, effects } = batch
  const jobs = effects.flatMap((effect) => {
    if (effect.type !== 'runJob') return []
    const { waitId, elementId, jobType, headers, input, retries } = effect
    return [{ call: { ticketId: flush.streamId, waitId, elementId, jobType, headers, input, idempotencyKey: '' }, retries }]
  })
  return { facts: flush.facts as { actorId: string; fact: Fact }[], snapshot: flush.snapshot, jobs }
}
