import { CancellationScope, proxyActivities, proxyLocalActivities } from '@temporalio/workflow'
import type { Bundle } from '#domain/bundle'
import type { FlushConflict, FlushInput } from '../protocol.ts'
import { local } from './payload.ts'
import type { RecordedCommand, Stimuli, Stimulus, Told } from './stimuli.ts'

/** The flush as an activity; `FlushInput` reaches it, whatever wrapper carried it. */
interface FlushActivities {
  flush(input: FlushInput): Promise<FlushConflict | undefined>
  loadBundle(hash: string): Promise<Bundle>
}
/** A lost task is told again once; conflicts that go on are a fault of ours. */
const retellLimit = 3

/**
 * Inside the workflow task: a few quick attempts, over before 80 % of the task's ten seconds would ask the server for another task.
 * A local activity costs one marker and no round trip.
 */
const { flush, loadBundle } = proxyLocalActivities<FlushActivities>({
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
  readonly #stimuli: Stimuli
  readonly #onStored: (batch: Told) => void
  readonly #onRetold: (answered: readonly RecordedCommand[]) => void
  /** What happened is stored, also when the workflow is being canceled. One scope for all: each costs the sandbox several promises. */
  readonly #shield = new CancellationScope({ cancellable: false })
  #running: Promise<void> | null = null
  /** The store may know more than the instance: ask it, also without anything to store. */
  #isProbing = false

  /** `onRetold`: these commands are recorded already, by a task that was lost. */
  constructor(stimuli: Stimuli, onStored: (batch: Told) => void, onRetold: (answered: readonly RecordedCommand[]) => void) {
    this.#stimuli = stimuli
    this.#onStored = onStored
    this.#onRetold = onRetold
  }

  get isIdle(): boolean {
    return this.#running === null && !this.#stimuli.hasUnstored && !this.#isProbing
  }

  /** Resolves when the instance knows all that is stored of it. */
  catchUp(): Promise<void> {
    this.#isProbing = true
    return this.settle()
  }

  /** Resolves when every fact recorded until now is stored and its effects are handed out. */
  settle(): Promise<void> {
    if (this.#running === null && !this.isIdle) this.#running = this.#drain()
    return this.#running ?? Promise.resolve()
  }

  async #drain(): Promise<void> {
    try {
      // Updates that came with the same workflow task join this batch.
      await Promise.resolve()
      let retold = 0
      for (let batch = this.#next(); batch !== null; batch = this.#next()) {
        const { flush: input } = batch
        const conflict = await this.#shield.run(() => store(input))
        if (conflict === undefined) {
          retold = 0
          this.#onStored(batch)
        } else if (++retold <= retellLimit) {
          await this.#retell(batch, conflict.recorded as Stimulus[])
        } else {
          throw new Error(
            `expected the recorded stimuli of ${input.streamId} to lead to its facts from ${input.fromSequence} on, found other facts`,
          )
        }
      }
    } finally {
      this.#running = null
    }
  }

  #next(): Told | null {
    const isProbe = this.#isProbing
    this.#isProbing = false
    return this.#stimuli.take(isProbe)
  }

  async #retell(batch: Told, recorded: readonly Stimulus[]): Promise<void> {
    const bundles = new Map<string, Bundle>()
    for (const hash of this.#stimuli.bundlesIn(recorded)) bundles.set(hash, await this.#shield.run(() => loadBundle(hash)))
    this.#onRetold(this.#stimuli.retell(batch, recorded, bundles))
  }
}

async function store(input: FlushInput): Promise<FlushConflict | undefined> {
  try {
    return (await flush(local(input) as unknown as FlushInput)) ?? undefined
  } catch {
    return (await flushWhenBack(input)) ?? undefined
  }
}
