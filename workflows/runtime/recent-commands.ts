/** How many command keys an instance remembers; a repeat older than that is a new command. */
export const recentLimit = 128

/**
 * Results by idempotency key, oldest forgotten first. An answer may still be on its way: a repeat that arrives
 * meanwhile waits for the same answer.
 */
export class RecentCommands<R> {
  readonly #settled = new Map<string, R>()
  readonly #running = new Map<string, Promise<R>>()

  constructor(entries: [string, R][] = []) {
    for (const [key, result] of entries) this.#settled.set(key, result)
  }

  has(key: string): boolean {
    return this.#settled.has(key) || this.#running.has(key)
  }

  /** The answer to `key`: the remembered one, or what `execute` gives. It ends by `remember` or `forget`. */
  once(key: string, execute: () => Promise<R>): Promise<R> {
    const settled = this.#settled.get(key)
    if (settled !== undefined) return Promise.resolve(settled)
    const running = this.#running.get(key)
    if (running !== undefined) return running
    const started = execute()
    this.#running.set(key, started)
    return started
  }

  /** Its execution has ended without an answer: a repeat is executed again. */
  forget(key: string): void {
    this.#running.delete(key)
  }

  /** The answer to `key` from now on. */
  remember(key: string, result: R): void {
    this.#running.delete(key)
    this.#settled.set(key, result)
    for (const oldest of this.#settled.keys()) {
      if (this.#settled.size <= recentLimit) break
      this.#settled.delete(oldest)
    }
  }

  /** For continue-as-new; only at quiescence, when nothing is running. */
  entries(): [string, R][] {
    return [...this.#settled]
  }
}
