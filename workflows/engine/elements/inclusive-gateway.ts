/**
 * Inclusive gateway (BPMN 2.0 clause 13.4.3). Split: every true condition, else the default. Join: waits while a token elsewhere
 * in the scope can still reach an incoming flow that is empty, without passing through the gateway itself.
 */
import type { Behaviour } from '../behaviour.ts'
import { activate, begin, finish } from '../lifecycle.ts'
import type { InclusiveGatewayElement } from '../model.ts'
import type { Run } from '../run.ts'
import type { Activation } from '../state.ts'
import { fire, park } from './gateways.ts'

export const inclusiveGateway: Behaviour<'inclusiveGateway'> = {
  arrive(run, token, element) {
    if (token.flowId === null || element.incoming.length < 2) begin(run, activate(run, element, run.draft.get(token.scopeKey)).key)
    else park(run, token.scopeKey, element.id, token.flowId)
  },
  execute: (run, activation) => finish(run, activation.key),
}

interface Waiting {
  scopeKey: string
  element: InclusiveGatewayElement
  isFree: boolean
  /** Only tokens parked at other inclusive joins can still come. */
  isMutual: boolean
}

/** At quiescence: fires the inclusive joins that nothing more can reach. True when one fired. */
export function fireInclusiveJoins(run: Run): boolean {
  const waiting: Waiting[] = []
  for (const scope of Object.values(run.draft.state.activations)) {
    for (const gatewayId in scope.joins) {
      const element = run.elementById(scope.processId, gatewayId)
      if (element.type === 'inclusiveGateway') waiting.push({ scopeKey: scope.key, element, ...blockers(run, scope, element) })
    }
  }
  // Joins that wait for one another only: the one drawn upstream goes first, so that the process does not hang.
  const chosen = waiting.find(({ isFree }) => isFree) ?? upstreamFirst(waiting.filter(({ isMutual }) => isMutual))
  if (!chosen) return false
  fire(run, chosen.scopeKey, chosen.element)
  return true
}

function blockers(run: Run, scope: Activation, element: InclusiveGatewayElement): { isFree: boolean; isMutual: boolean } {
  const filled = scope.joins![element.id]!
  const canFill = (fromId: string): boolean => (element.upstream[fromId] ?? []).some((flowId) => !filled[flowId])
  const isRunning = run.draft.children(scope.key).some((key) => canFill(run.draft.get(key).elementId))
  if (isRunning) return { isFree: false, isMutual: false }
  let isMutual = false
  for (const otherId in scope.joins) {
    if (otherId === element.id || !canFill(otherId)) continue
    if (run.elementById(scope.processId, otherId).type !== 'inclusiveGateway') return { isFree: false, isMutual: false }
    isMutual = true
  }
  return { isFree: !isMutual, isMutual }
}

function upstreamFirst(waiting: Waiting[]): Waiting | undefined {
  return (
    waiting.find((one) =>
      waiting.every(
        (other) => other === one || other.scopeKey !== one.scopeKey || (other.element.upstream[one.element.id]?.length ?? 0) > 0,
      ),
    ) ?? waiting[0]
  )
}
