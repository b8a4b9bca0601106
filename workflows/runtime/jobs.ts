import { ActivityFailure, ApplicationFailure, CancellationScope, isCancellation, proxyActivities } from '@temporalio/workflow'
import type { Effect, Input } from '#engine/contract'
import type { Variables } from '#schema/json'
import { bpmnErrorType, offeredToWorkers, type PublishInput, type TaskCall } from '../protocol.ts'

/** The activities that touch the world; implemented in activities/. */
interface WorldActivities {
  runTask(call: TaskCall): Promise<Variables>
  publish(input: PublishInput): Promise<void>
}

type RunJob = Extract<Effect, { type: 'runJob' }>
/** What a job's end tells the engine; the shell adds `at`. */
export type JobOutcome =
  | { type: 'jobCompleted'; waitId: string; variables: Variables }
  | { type: 'jobFailed'; waitId: string; message: string; errorCode?: string }
export type WithoutTime<T extends Input> = T extends Input ? Omit<T, 'at'> : never

/** A task may take this long per attempt; a handler that needs longer splits its work. */
const attemptTimeout = '60s'
/** The activity beats every three seconds (activities/tasks/index.ts). */
const heartbeatTimeout = '10s'

/** Effects reach other instances sooner or later; giving up would lose a message. */
const { publish } = proxyActivities<WorldActivities>({
  startToCloseTimeout: '30s',
  retry: { initialInterval: '1s', maximumInterval: '60s' },
})

/** Jobs on their way: ordinary activities, each with a key that makes a repetition harmless, each cancellable. */
export class Jobs {
  readonly #ticketId: string
  readonly #finished: (outcome: JobOutcome) => void
  readonly #open = new Map<string, CancellationScope>()
  #publishing = 0

  constructor(ticketId: string, finished: (outcome: JobOutcome) => void) {
    this.#ticketId = ticketId
    this.#finished = finished
  }

  get isIdle(): boolean {
    return this.#open.size === 0 && this.#publishing === 0
  }

  start(effect: RunJob): void {
    const scope = new CancellationScope()
    this.#open.set(effect.waitId, scope)
    void this.#run(effect, scope)
  }

  cancel(waitId: string): void {
    this.#open.get(waitId)?.cancel()
  }

  publish(effect: Extract<Effect, { type: 'publishMessage' | 'publishSignal' }>): void {
    this.#publishing++
    void publish({ fromTicketId: this.#ticketId, effect }).finally(() => {
      this.#publishing--
    })
  }

  async #run(effect: RunJob, scope: CancellationScope): Promise<void> {
    const { waitId, jobType } = effect
    const { runTask } = proxyActivities<WorldActivities>({
      startToCloseTimeout: attemptTimeout,
      heartbeatTimeout,
      retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '60s', maximumAttempts: Math.max(1, effect.retries) },
      summary: `${jobType} at ${effect.elementId}`,
    })
    const call: TaskCall = {
      ticketId: this.#ticketId,
      waitId,
      elementId: effect.elementId,
      jobType,
      headers: effect.headers,
      input: effect.input,
      idempotencyKey: `${this.#ticketId}/${waitId}`,
      attempt: effect.attempt,
      retries: effect.retries,
    }
    let outcome: JobOutcome
    try {
      const variables = await scope.run(() => runTask(call))
      if (isOffered(variables)) return
      outcome = { type: 'jobCompleted', waitId, variables }
    } catch (error) {
      if (isCancellation(error)) return
      outcome = { type: 'jobFailed', waitId, ...reason(error) }
    } finally {
      this.#open.delete(waitId)
    }
    this.#finished(outcome)
  }
}

/** A worker of the customer's does it; the wait stays open until its update. */
const isOffered = (variables: Variables): boolean => Object.keys(offeredToWorkers).every((name) => name in variables)

function reason(error: unknown): { message: string; errorCode?: string } {
  const cause = error instanceof ActivityFailure ? error.cause : error
  if (cause instanceof ApplicationFailure && cause.type === bpmnErrorType) {
    const [errorCode] = cause.details as [string]
    return { message: cause.message, errorCode }
  }
  return { message: cause instanceof Error ? cause.message : String(cause) }
}
