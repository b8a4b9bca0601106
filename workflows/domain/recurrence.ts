/** When incidents that come again propose a problem. Pure: the store brings the incidents and what was decided before. */
import type { RecurrenceRule } from '#schema/recurrence'

export interface Occurrence {
  ticketId: string
  /** UTC epoch ms. */
  openedAt: number
  value: string
}
export interface Recurrence {
  value: string
  ticketIds: string[]
  firstAt: number
  lastAt: number
}

const dayMs = 86_400_000

/**
 * Values that came back at least `least` times within `days` days, the last time within `days` days of now. What was decided on before does not
 * count again: after a dismissal or an acceptance it takes as many new ones.
 * @param decidedUntil by value: the last incident that an earlier decision knew of
 */
export function recurrences(
  rule: Pick<RecurrenceRule, 'least' | 'days'>,
  occurrences: readonly Occurrence[],
  decidedUntil: ReadonlyMap<string, number>,
  now: number,
): Recurrence[] {
  const spanMs = rule.days * dayMs
  const byValue = new Map<string, Occurrence[]>()
  for (const one of occurrences) {
    if (one.openedAt > now || one.openedAt <= (decidedUntil.get(one.value) ?? Number.NEGATIVE_INFINITY)) continue
    byValue.set(one.value, [...(byValue.get(one.value) ?? []), one])
  }
  const found: Recurrence[] = []
  for (const [value, all] of byValue) {
    const lastAt = Math.max(...all.map(({ openedAt }) => openedAt))
    if (lastAt < now - spanMs) continue
    const within = all.filter(({ openedAt }) => openedAt > lastAt - spanMs).sort((a, b) => a.openedAt - b.openedAt)
    if (within.length < rule.least) continue
    found.push({ value, ticketIds: within.map(({ ticketId }) => ticketId), firstAt: within[0]?.openedAt ?? lastAt, lastAt })
  }
  return found.sort((a, b) => b.ticketIds.length - a.ticketIds.length || b.lastAt - a.lastAt || (a.value < b.value ? -1 : 1))
}

/**
 * What a rule would have proposed over a past: at each incident the rule looks, and what it proposes is decided at once, so that the next proposal
 * takes as many new ones. Oldest first; `lastAt` is when it would have been proposed.
 */
export function rehearse(rule: Pick<RecurrenceRule, 'least' | 'days'>, occurrences: readonly Occurrence[]): Recurrence[] {
  const spanMs = rule.days * dayMs
  const waiting = new Map<string, Occurrence[]>()
  const found: Recurrence[] = []
  for (const one of [...occurrences].sort((a, b) => a.openedAt - b.openedAt)) {
    const within = [...(waiting.get(one.value) ?? []).filter(({ openedAt }) => openedAt > one.openedAt - spanMs), one]
    if (within.length < rule.least) {
      waiting.set(one.value, within)
      continue
    }
    waiting.delete(one.value)
    const ticketIds = within.map(({ ticketId }) => ticketId)
    found.push({ value: one.value, ticketIds, firstAt: within[0]?.openedAt ?? one.openedAt, lastAt: one.openedAt })
  }
  return found
}
