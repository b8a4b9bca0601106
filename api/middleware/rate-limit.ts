/**
 * Failed attempts per key in a sliding window, in memory: one API process, and a restart is no gift to a guesser who must still wait for it.
 * At most `maxKeys` keys are remembered; the oldest go first.
 */
export interface AttemptLimit {
  /** Seconds to wait, 0 when another attempt is free. */
  waitSeconds(key: string, now: number): number
  fail(key: string, now: number): void
  succeed(key: string): void
}

export function createAttemptLimit(options: { attempts: number; windowMs: number; maxKeys?: number }): AttemptLimit {
  const failures = new Map<string, number[]>()
  const recent = (key: string, now: number) => (failures.get(key) ?? []).filter((at) => now - at < options.windowMs)
  return {
    waitSeconds(key, now) {
      const times = recent(key, now)
      const oldest = times[0]
      return times.length < options.attempts || oldest === undefined ? 0 : Math.max(1, Math.ceil((oldest + options.windowMs - now) / 1000))
    },
    fail(key, now) {
      const times = [...recent(key, now), now].slice(-options.attempts)
      failures.delete(key)
      failures.set(key, times)
      const first = failures.keys().next().value
      if (failures.size > (options.maxKeys ?? 10_000) && first !== undefined) failures.delete(first)
    },
    succeed(key) {
      failures.delete(key)
    },
  }
}
