/** What became of a call, from what the telephone system reported of it: the same whatever the order in which the reports came. Pure. */
import type { CallEventType } from '#schema/interaction'

export interface ReportedEvent {
  type: CallEventType
  /** UTC epoch ms */
  at: number
  direction?: 'in' | 'out' | undefined
  from?: string | undefined
  to?: string | undefined
  queue?: string | undefined
  agent?: string | undefined
}

export interface CallState {
  direction: 'in' | 'out'
  from: string | null
  to: string | null
  queue: string | null
  agent: string | null
  /** UTC epoch ms. The first that is known of it, as long as the offer itself is not. */
  offeredAt: number
  answeredAt: number | null
  /** The caller gave up; never of a call that somebody answered. */
  abandonedAt: number | null
  endedAt: number | null
  wrappedUpAt: number | null
  holdMs: number
}

/** Which of two reports of the same instant comes first. */
const rank: Record<CallEventType, number> = { offered: 0, answered: 1, held: 2, resumed: 3, abandoned: 4, ended: 5, wrappedUp: 6 }

/** @param events at least one */
export function callState(events: readonly ReportedEvent[]): CallState {
  const ordered = [...events].sort((a, b) => a.at - b.at || rank[a.type] - rank[b.type] || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  const first = (type: CallEventType) => ordered.find((event) => event.type === type)?.at ?? null
  const last = (type: CallEventType) => ordered.findLast((event) => event.type === type)?.at ?? null
  const told = (name: 'from' | 'to' | 'queue') => ordered.find((event) => event[name])?.[name] ?? null
  const answeredAt = first('answered')
  const abandonedAt = answeredAt === null ? first('abandoned') : null
  const endedAt = last('ended') ?? abandonedAt
  return {
    direction: ordered.find((event) => event.direction)?.direction ?? 'in',
    from: told('from'),
    to: told('to'),
    queue: ordered.findLast((event) => event.queue)?.queue ?? null,
    agent:
      ordered.findLast((event) => event.type === 'answered' && event.agent)?.agent ??
      ordered.findLast((event) => event.agent)?.agent ??
      null,
    offeredAt: first('offered') ?? ordered[0]?.at ?? 0,
    answeredAt,
    abandonedAt,
    endedAt,
    wrappedUpAt: last('wrappedUp'),
    holdMs: holdOf(ordered, endedAt),
  }
}

/** Time on hold; a hold that was not resumed lasts to the end. */
function holdOf(ordered: readonly ReportedEvent[], endedAt: number | null): number {
  let total = 0
  let since: number | null = null
  for (const { type, at } of ordered) {
    if (type === 'held') since ??= at
    if (type === 'resumed' && since !== null) {
      total += at - since
      since = null
    }
  }
  return since !== null && endedAt !== null ? total + Math.max(0, endedAt - since) : total
}

/** While nobody has been served today: what a visit takes. */
export const usualVisitMs = 8 * 60_000

/**
 * How long a visitor will wait, roughly: those before him, shared among who serves, each taking what the last ones took on average.
 * @param position 1: the next to be called
 */
export function estimatedWaitMs(position: number, servers: number, meanVisitMs: number | null): number {
  const rounds = Math.ceil(Math.max(1, position) / Math.max(1, servers)) - 1
  const visit = meanVisitMs ?? usualVisitMs
  // whoever is being served now is half through, on average
  return Math.round(rounds * visit + (position > 0 ? visit / 2 : 0))
}
