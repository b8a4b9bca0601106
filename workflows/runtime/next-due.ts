import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow'
import type { InstanceClock } from './instance-clock.ts'

/**
 * One Temporal timer for all that an instance waits for by time. It is replaced only when something becomes due earlier;
 * when its instant has moved away it fires once for nothing and sleeps on.
 */
export class NextDue {
  readonly #clock: InstanceClock
  readonly #onDue: () => void
  #armed: { dueAt: number; scope: CancellationScope } | null = null

  constructor(clock: InstanceClock, onDue: () => void) {
    this.#clock = clock
    this.#onDue = onDue
  }

  /** Sees to it that the instance wakes at `dueAt` (instance time) or before. */
  arm(dueAt: number | null): void {
    if (dueAt === null || (this.#armed !== null && this.#armed.dueAt <= dueAt)) return
    this.disarm()
    const armed = { dueAt, scope: new CancellationScope() }
    this.#armed = armed
    void this.#wait(armed)
  }

  disarm(): void {
    this.#armed?.scope.cancel()
    this.#armed = null
  }

  async #wait(armed: { dueAt: number; scope: CancellationScope }): Promise<void> {
    try {
      await armed.scope.run(() => sleep(this.#clock.delayMs(armed.dueAt, Date.now())))
    } catch (error) {
      if (isCancellation(error)) return
      throw error
    }
    if (this.#armed !== armed) return
    this.#armed = null
    this.#onDue()
  }
}
