import { useSyncExternalStore } from 'react'

/** One timer for every countdown on the page: ticks each second while somebody looks. */
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined
let current = Date.now()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    current = Date.now()
    for (const each of listeners) each()
  }, 1000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}
const read = (): number => current

/** Now, in epoch milliseconds, renewed each second. */
export const useNow = (): number => useSyncExternalStore(subscribe, read)
