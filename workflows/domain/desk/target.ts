/** How much time a clock is given: the policy's decision table, asked with the ticket's fields. */
import { DecisionFailure, evaluateDecision } from '#engine/decision/evaluate'
import type { Json } from '#schema/json'
import type { SlaPolicy } from '#schema/sla'
import type { Draft } from './state.ts'

const minuteMs = 60_000

/**
 * Business ms; null when the table gives no target (yet): then no clock runs. The decision sees the ticket's fields
 * except its long texts. A decision that fails on them (it asks for what a ticket does not have) gives no target either;
 * that it exists and gives no target of zero is checked at deployment.
 */
export function targetMsOf(draft: Draft, rule: SlaPolicy['clocks'][number]): number | null {
  const { bundle, desk, at } = draft
  const { decisionId, output } = rule.target
  const decision = bundle.decisions[decisionId]
  if (!decision)
    throw new Error(
      `expected decision "${decisionId}" of clock "${rule.id}" in the bundle, found ${Object.keys(bundle.decisions).join(', ') || 'none'}`,
    )
  try {
    const { value } = evaluateDecision(decision, { ...desk.fields }, { at, timeZone: bundle.process.timeZone })
    const minutes = minutesIn(value, output)
    return minutes !== null && minutes > 0 ? Math.round(minutes * minuteMs) : null
  } catch (failure) {
    if (failure instanceof DecisionFailure) return null
    throw failure
  }
}

/** A table of one output yields the value itself, a larger one a context. */
function minutesIn(value: Json, output: string): number | null {
  if (typeof value === 'number') return value
  const entry = value !== null && typeof value === 'object' && !Array.isArray(value) ? value[output] : null
  return typeof entry === 'number' ? entry : null
}
