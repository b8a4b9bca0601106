import type { InstanceInput } from '../protocol.ts'

export type ClockSetting = InstanceInput['clock']

/**
 * Instance time: real time, or time that runs faster for demonstrations. `real` values are UTC epoch ms of the
 * workflow's deterministic clock; instance instants are UTC epoch ms as the process sees them.
 */
export class InstanceClock {
  readonly #setting: ClockSetting

  constructor(setting: ClockSetting) {
    if (setting !== undefined && !(setting.rate > 0)) throw new RangeError(`expected a clock rate above 0, found ${setting.rate}`)
    this.#setting = setting
  }

  /** Instance time at the real instant `realMs`. */
  at(realMs: number): number {
    if (this.#setting === undefined) return realMs
    const { originReal, startAt, rate } = this.#setting
    return Math.round(startAt + (realMs - originReal) * rate)
  }

  /** Real ms to sleep from `realMs` until instance time has reached `dueAt`; never below 1, so that a due timer still yields. */
  delayMs(dueAt: number, realMs: number): number {
    const rate = this.#setting?.rate ?? 1
    return Math.max(1, Math.ceil((dueAt - this.at(realMs)) / rate))
  }
}
