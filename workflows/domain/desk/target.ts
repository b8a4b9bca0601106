/** How much time a clock is given: the policy's decision table, asked with the ticket's fields. */
import { evaluateDecision } from '#engine/decision/evaluate'
import type { Variables } from '#schema/json'
import type { SlaPolicy } from '#schema/sla'
import type { Draft } from './state.ts'

const minuteMs = 60_000

/**
 * Business ms; null when the table gives no target (yet): then no clock runs. The decision sees the ticket's fields
 * except its long texts. A decision that cannot be evaluated gives no target either; that it exists is checked at deployment.
 */
export function targetMsOf(draft: Draft, rule: SlaPolicy['clocks'][number]): number | null {
  throw new Error(`${draft.at} ${rule.id} ${minuteMs}`)
}
