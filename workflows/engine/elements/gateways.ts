/** What the gateways share. */
import type { ModelElement } from '../model.ts'
import type { Run } from '../run.ts'
import { activate, begin } from '../lifecycle.ts'

/** Counts a token at a join; the scope goes on counting it as alive. */
export function park(run: Run, scopeKey: string, gatewayId: string, flowId: string): Record<string, number> {
  const scope = run.draft.own(scopeKey)
  scope.joins ??= {}
  scope.joins[gatewayId] ??= {}
  const flows = scope.joins[gatewayId]!
  flows[flowId] = (flows[flowId] ?? 0) + 1
  return flows
}

/** Consumes one token from each flow that holds one, and activates the gateway in their stead. */
export function fire(run: Run, scopeKey: string, element: ModelElement): void {
  const scope = run.draft.own(scopeKey)
  const flows = scope.joins![element.id]!
  let consumed = 0
  for (const flowId of Object.keys(flows)) {
    consumed++
    if (flows[flowId] === 1) delete flows[flowId]
    else flows[flowId] = flows[flowId]! - 1
  }
  if (Object.keys(flows).length === 0) delete scope.joins![element.id]
  if (Object.keys(scope.joins!).length === 0) delete scope.joins
  scope.live = (scope.live ?? 0) - consumed + 1
  begin(run, activate(run, element, scope).key)
}
