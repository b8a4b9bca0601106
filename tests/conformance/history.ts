/**
 * What a case states of the whole run: how it ended, how often each element completed, which were canceled. The peers count each
 * token that a join consumed, and call an event-based gateway canceled when an event won. Their tables differ among themselves (bodies
 * of multi-instances, boundary events that only waited), so a difference is reported and does not fail the case unless asked for.
 */
import type { EngineFact } from '#engine/contract'
import type { Case } from './cases.ts'
import type { World } from './world.ts'

type Counts = Record<string, number>

/** The first difference; null when the history is as stated, or the case states none. */
export function historyDifference(world: World, test: Case): string | null {
  if (test.end !== undefined && test.end !== endOf(world)) return `end: expected ${test.end}, found ${endOf(world)}`
  return (
    (test.executed ? compare('executed', test.executed, executedOf(world)) : null) ??
    (test.canceled ? compare('canceled', test.canceled, canceledOf(world)) : null)
  )
}

/** `active` while an instance lives; `terminated` when one was canceled from outside. */
function endOf(world: World): string {
  if (world.live().length > 0) return 'active'
  return world.facts.some(({ type }) => type === 'instanceCanceled') ? 'terminated' : 'completed'
}

function executedOf(world: World): Counts {
  const counts: Counts = {}
  for (const fact of world.facts) {
    if (fact.type === 'flowTaken') countArrival(world, fact, counts)
    else if (fact.type === 'elementCompleted' && isCounted(world, fact) && !isJoin(world, fact.elementId)) add(counts, fact.elementId, 1)
  }
  for (const id of world.joinsWaiting()) add(counts, id, -1)
  return counts
}

function countArrival(world: World, fact: Extract<EngineFact, { type: 'flowTaken' }>, counts: Counts): void {
  const target = world.targetOf(fact.flowId)
  if (target !== undefined && isJoin(world, target)) add(counts, target, 1)
}

function isJoin(world: World, elementId: string): boolean {
  const element = world.elementOf(elementId)?.element
  return element !== undefined && /^(parallel|inclusive)Gateway$/.test(element.type) && element.incoming.length > 1
}

/** Bodies of multi-instances and whole processes are not elements of the peers' counts. */
function isCounted(world: World, fact: { elementId: string; key: string }): boolean {
  const element = world.elementOf(fact.elementId)?.element
  return element !== undefined && element.type !== 'process' && element.type !== 'eventBasedGateway' && !world.isBody(fact.key)
}

function canceledOf(world: World): Counts {
  const counts: Counts = {}
  for (const fact of world.facts) {
    const isGateway = fact.type === 'elementCompleted' && world.elementOf(fact.elementId)?.element.type === 'eventBasedGateway'
    if (
      isGateway ||
      (fact.type === 'elementTerminated' && world.elementOf(fact.elementId)?.element.type !== 'process' && !world.isBody(fact.key))
    )
      add(counts, fact.elementId, 1)
  }
  return counts
}

function add(counts: Counts, id: string, by: number): void {
  const next = (counts[id] ?? 0) + by
  if (next === 0) delete counts[id]
  else counts[id] = next
}

function compare(what: string, expected: Counts, found: Counts): string | null {
  for (const id of new Set([...Object.keys(expected), ...Object.keys(found)]))
    if ((expected[id] ?? 0) !== (found[id] ?? 0)) return `${what} ${id}: expected ${expected[id] ?? 0}, found ${found[id] ?? 0}`
  return null
}
