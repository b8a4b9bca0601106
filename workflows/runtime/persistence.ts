import { CancellationScope, proxyActivities, proxyLocalActivities } from '@temporalio/workflow'
import type { FlushInput } from '../protocol.ts'
import type { Batch, Instance } from './instance.ts'
import { local } from './payload.ts'

/** The flush as an activity; `FlushInput` reaches it, whatever wrapper carried it. */
interface FlushActivities {
  flush(input: FlushInput): Promise<void>
}

/**
 * Inside the workflow task: a few quick attempts, over before 80 % of the task's ten seconds would ask the server for another task.
 * A local activity costs one marker and no round trip.
 */
const { flush } = proxyLocalActivities<FlushActivities>({
  startToCloseTimeout: '4s',
  scheduleToCloseTimeout: '6s',
  localRetryThreshold: '2s',
  retry: { initialInterval: '100ms', backoffCoefficient: 2, maximumInterval: '1s' },
})

/** The database is down: an ordinary activity waits for it, for ever, without adding an event per attempt to the history. */
const { flush: flushWhenBack } = proxyActivities<FlushActivities>({
  startToCloseTimeout: '30s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '10s' },
  summary: 'store the facts when the database is back',
})

/** Stores the instance's facts batch by batch, in order, one batch on its way at a time; what comes up meanwhile goes into the next. */
export class Persistence {
  readonly #instance: Instance
  readonly #onStored: (batch: Batch) => void
  #running: Promise<void> | null = null

  constructor(instance: Instance, onStored: (batch: Batch) => void) {
    this.#instance = instance
    this.#onStored = onStored
  }

  get isIdle(): boolean {
    return this.#running === null && !this.#instance.hasUnstored
  }

  /** Resolves when every fact recorded until now is stored and its effects are handed out. */
  async settle(): Promise<void> {
    while (!this.isIdle) {
      this.#running ??= this.#drain()
      await this.#running
    }
  }

  async #drain(): Promise<void> {
    try {
      // Updates that came with the same workflow task join this batch.
      await Promise.resolve()
      for (let batch = this.#instance.take(); batch !== null; batch = this.#instance.take()) {
        const { flush: input } = batch
        await CancellationScope.nonCancellable(() => store(input))
        this.#onStored(batch)
      }
    } finally {
      this.#running = null
    }
  }
}

async function store(input: FlushInput): Promise<void> {
  try {
    await flush(local(input) as unknown as FlushInput)
  } catch {
    await flushWhenBack(input)
  }
}
