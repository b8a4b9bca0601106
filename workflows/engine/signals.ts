/** Signals: to all who listen in the instance. */
import type { Variables } from './contract.ts'
import { isInterrupting, trigger } from './events.ts'
import { attempt } from './lifecycle.ts'
import type { Run } from './run.ts'
import type { Wait } from './state.ts'

/** Who throws a signal, and how it goes on once nothing interrupts it. */
interface Thrower {
  key: string
  goOn?: (() => void) | undefined
}

/** A signal reaches all who listen now: those first who interrupt its thrower, then event sub-processes, then the oldest. How many it reached. */
export function broadcastSignal(run: Run, name: string, variables: Variables, thrower?: Thrower): number {
  const listening = Object.values(run.draft.state.waits).filter((wait) => wait.kind === 'signal' && wait.name === name)
  const above = thrower ? ancestors(run, thrower.key) : new Set<string>()
  const isFirst = (wait: Wait): boolean => above.has(wait.ownerKey) && isInterrupting(run, wait)
  const starts = (wait: Wait): boolean => wait.role === 'eventSubProcess'
  const first = listening.filter(isFirst)
  const others = listening.filter((wait) => !isFirst(wait))
  // Scopes whose own event sub-process took the signal: their boundary event does not take the same one.
  const interrupted = new Set<string>()
  let reached = 0
  const reach = (wait: Wait): void => {
    const current = run.draft.state.waits[wait.waitId]
    if (!current || (wait.role === 'boundary' && interrupted.has(wait.ownerKey))) return
    reached++
    if (starts(wait) && isInterrupting(run, wait)) interrupted.add(wait.ownerKey)
    attempt(run, wait.ownerKey, () => trigger(run, current, variables))
  }
  for (const wait of [...first.filter(starts), ...first.filter((other) => !starts(other))]) reach(wait)
  if (thrower?.goOn && run.draft.find(thrower.key)) thrower.goOn()
  for (const wait of [...others.filter(starts), ...others.filter((other) => !starts(other))]) reach(wait)
  return reached
}

function ancestors(run: Run, key: string): Set<string> {
  const found = new Set<string>()
  for (let at = run.draft.find(key); at; at = at.parentKey === null ? undefined : run.draft.find(at.parentKey)) found.add(at.key)
  return found
}
