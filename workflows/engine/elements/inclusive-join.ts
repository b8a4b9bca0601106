/**
 * When an inclusive join may fire (BPMN 2.0 clause 13.4.3): at least one of its incoming flows holds a token, and every token elsewhere in the
 * scope that could still reach an empty incoming flow, without passing the gateway, could as well reach one that holds a token. A boundary
 * event that may yet be triggered counts as a token at the event.
 */
import type { InclusiveGatewayElement } from '../model.ts'

/** Tokens at the incoming flows of a join, by flow. */
type Filled = Readonly<Record<string, number>>

/** Whether a token at `elementId` keeps the join waiting. */
export function holdsBack({ upstream, attached }: InclusiveGatewayElement, filled: Filled, elementId: string): boolean {
  if (attached === undefined) return reaches(upstream[elementId], filled, false)
  return [elementId, ...(attached[elementId] ?? [])].some(
    (id) => reaches(upstream[id], filled, false) && !reaches(upstream[id], filled, true),
  )
}

/** Whether a token at `elementId` may still fill an empty flow of the join. */
export const canFill = ({ upstream, attached }: InclusiveGatewayElement, filled: Filled, elementId: string): boolean =>
  [elementId, ...(attached?.[elementId] ?? [])].some((id) => reaches(upstream[id], filled, false))

const reaches = (flows: readonly string[] | undefined, filled: Filled, isFilled: boolean): boolean =>
  flows?.some((flowId) => (filled[flowId] !== undefined) === isFilled) ?? false
