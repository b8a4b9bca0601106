import type { Bundle } from '#domain/bundle'
import type { Fact } from '#schema/fact'
import type { Variables } from '#schema/json'
import type { Actor } from '#schema/role'
import type { FlushInput, InstanceInput, TaskCall } from '../../workflows/protocol.ts'
import { type Batch, Instance } from '../../workflows/runtime/instance.ts'

/** One stimulus of the incident and all that follows from it: the facts to store, the state to show, the job to start. */
export interface Stage {
  facts: FlushInput['facts']
  snapshot: FlushInput['snapshot']
  job: TaskCall | null
  retries: number
}

/** What the hand-written workflow does instead of interpreting a diagram: known beforehand, stage by stage. */
export interface Script {
  triageWaitId: string
  resolveWaitId: string
  start: Stage
  receipt: Stage
  assign: Stage
  triage: Stage
  resolve: Stage
  resolved: Stage
  confirm: Stage
  closed: Stage
  survey: Stage
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
  const done = ({ job }: Stage): Stage => act({ type: 'jobCompleted', at, waitId: job?.waitId ?? 'none', variables: {} }, 'system')
  const waitAt = (elementId: string): string => {
    const task = instance.openTasks.find((open) => open.elementId === elementId)
    if (task === undefined) throw new Error(`expected an open task at ${elementId}, found none`)
    return task.waitId
  }
  instance.open({ ...input, openedAt: at }, at)
  const start = stageOf(instance.take())
  const receipt = done(start)
  const triageWaitId = waitAt('triage')
  const assign = act({ type: 'assignTask', at, waitId: triageWaitId, assignee: agent.id }, agent.id)
  const triage = act({ type: 'completeTask', at, waitId: triageWaitId, variables: triageValues }, agent.id)
  const resolveWaitId = waitAt('resolve')
  const resolve = act({ type: 'completeTask', at, waitId: resolveWaitId, variables: resolveValues }, agent.id)
  const resolved = done(resolve)
  const confirm = act({ type: 'message', at, name: 'requesterConfirmed', variables: {} }, requesterId)
  const closed = done(confirm)
  const survey = done(closed)
  if (!instance.isEnded) throw new Error('expected the incident to be closed at the end of the script, found it alive')
  return { triageWaitId, resolveWaitId, start, receipt, assign, triage, resolve, resolved, confirm, closed, survey }
}

function stageOf(batch: Batch | null): Stage {
  if (batch === null) throw new Error('expected facts to store, found none')
  const { flush, effects } = batch
  const jobs = effects.filter((effect) => effect.type === 'runJob')
  if (jobs.length > 1) throw new Error(`expected one job at most in a stage, found ${jobs.length}`)
  const [job] = jobs
  const call: TaskCall | null =
    job === undefined
      ? null
      : {
          ticketId: flush.streamId,
          waitId: job.waitId,
          elementId: job.elementId,
          jobType: job.jobType,
          headers: job.headers,
          input: job.input,
          idempotencyKey: '',
        }
  return { facts: flush.facts as { actorId: string; fact: Fact }[], snapshot: flush.snapshot, job: call, retries: job?.retries ?? 1 }
}
