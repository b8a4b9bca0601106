import { ApplicationFailure } from '@temporalio/common'
import {
  CancellationScope,
  condition,
  defineUpdate,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  sleep,
} from '@temporalio/workflow'
import type { Variables } from '#schema/json'
import type { Command, FlushInput, InstanceInput, TaskCall, UpdateResult, Updates } from '../../workflows/protocol.ts'
import { local } from '../../workflows/runtime/payload.ts'
import type { Script, Stage } from './script.ts'

const { flush } = proxyLocalActivities<{ flush(input: FlushInput): Promise<void> }>({
  startToCloseTimeout: '4s',
  scheduleToCloseTimeout: '6s',
  localRetryThreshold: '2s',
})

/** Until the first response is late: what the diagram's clock would wake up for. */
const firstResponseMs = 45 * 60_000

/**
 * The incident as one would write it for Temporal without an engine: the same updates, local activities, jobs and facts, the control
 * flow in code. What it costs is the limit for the interpreter.
 */
export function handWritten(script: Script): (input: InstanceInput) => Promise<{ sequence: number }> {
  return async function handWrittenIncident(input) {
    let sequence = input.sequence
    let assignee: string | null = null
    let stage: 'triage' | 'resolve' | 'announced' | 'confirmed' | 'closed' = 'triage'
    let isAwaitingConfirmation = false

    let storing: Promise<void> = Promise.resolve()
    const store = ({ facts, snapshot, jobs }: Stage): Promise<void> => {
      const at = Date.now()
      const fromSequence = sequence + 1
      sequence += facts.length
      const flushed: FlushInput = {
        streamId: input.ticketId,
        fromSequence,
        actorId: facts[0]?.actorId ?? 'system',
        facts: facts.map(({ actorId, fact }) => ({ actorId, fact: { ...(fact as object), at } })),
        snapshot,
      }
      storing = storing.then(async () => {
        await flush(local(flushed) as unknown as FlushInput)
        for (const job of jobs) void run(job.call, job.retries)
      })
      return storing
    }
    let done = 0
    const run = async (job: TaskCall, retries: number): Promise<void> => {
      const { runTask } = proxyActivities<{ runTask(call: TaskCall): Promise<Variables> }>({
        startToCloseTimeout: '60s',
        heartbeatTimeout: '10s',
        retry: { maximumAttempts: retries },
        summary: `${job.jobType} at ${job.elementId}`,
      })
      await runTask({ ...job, ticketId: input.ticketId, idempotencyKey: `${input.ticketId}/${job.waitId}` })
      const next = script.after[job.waitId]
      if (next !== undefined) await store(next)
      done += 1
    }
    const answer = (): UpdateResult => ({ sequence, openTasks: [], isEnded: false })
    const refuse = (code: string): never => {
      throw ApplicationFailure.nonRetryable(code, 'GuichetRefusal', { code })
    }
    const mustBeAgent = ({ actor }: Command<unknown>): void => {
      if (!actor.roles.includes('agent')) refuse('roleMissing')
    }

    setHandler(
      defineUpdate<UpdateResult, [Command<Updates['assignTask']>]>('assignTask'),
      async ({ payload }) => {
        assignee = payload.assigneeId
        await store(script.assign)
        return answer()
      },
      { validator: mustBeAgent },
    )
    setHandler(
      defineUpdate<UpdateResult, [Command<Updates['completeTask']>]>('completeTask'),
      async () => {
        const now = stage
        stage = now === 'triage' ? 'resolve' : 'announced'
        await store(now === 'triage' ? script.triage : script.resolve)
        return answer()
      },
      {
        validator: (command) => {
          mustBeAgent(command)
          const waitId = stage === 'triage' ? script.triageWaitId : script.resolveWaitId
          if (command.payload.waitId !== waitId || assignee !== command.actor.id) refuse('unknownTask')
        },
      },
    )
    setHandler(
      defineUpdate<UpdateResult, [Command<Updates['publishMessage']>]>('publishMessage'),
      async () => {
        stage = 'confirmed'
        await store(script.confirm)
        return answer()
      },
      {
        validator: ({ actor }) => {
          if (!isAwaitingConfirmation || actor.id !== input.opening?.fields.requesterId) refuse('notCorrelated')
        },
      },
    )

    const clock = new CancellationScope()
    void clock
      .run(() => sleep(firstResponseMs))
      .catch((error: unknown) => {
        if (!isCancellation(error)) throw error
      })
    await store(script.start)
    await condition(() => done === script.jobs.beforeConfirmation)
    isAwaitingConfirmation = true
    await condition(() => done === script.jobs.all)
    clock.cancel()
    return { sequence }
  }
}
