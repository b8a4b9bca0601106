/** Inclusive gateway (BPMN 2.0 clause 13.4.3). Split: every true condition, else the default. Join: see inclusive-join.ts. */
import type { Behaviour } from '../behaviour.ts'
import { activate, begin, finish } from '../lifecycle.ts'
import type { InclusiveGatewayElement } from '../model.ts'
import type { Run } from '../run.ts'
import type { Activation } from '../state.ts'
import { fire, park } from './gateways.ts'
import { canFill, holdsBack } from './inclusive-join.ts'

export const inclusiveGateway: Behaviour<'inclusiveGateway'> = {
  arrive(run, token, element) {
    if (token.flowId === null || element.incoming.length < 2) begin(run, activate(run, element, run.draft.get(token.scopeKey)).key)
    else park(run, token.scopeKey, element.id, token.flowId)
  },
  execute: (run, activation) => finish(run, activation.key),
}

interface Waiting {
  scope: Activation
  element: InclusiveGatewayElement
}

/** At quiescence: fires one inclusive join that may fire. True when one did. */
export function fireInclusiveJoins(run: Run): boolean {
  const waiting: Waiting[] = []
  for (const scope of Object.values(run.draft.state.activations)) {
    for (const gatewayId in scope.joins) {
      const element = run.elementById(scope.processId, gatewayId)
      if (element.type === 'inclusiveGateway') waiting.push({ scope, element })
    }
  }
  const chosen = waiting.find((one) => isActivated(run, one)) ?? upstreamFirst(deadlocked(run, waiting))
  if (!chosen) return false
  fire(run, chosen.scope.key, chosen.element)
  return true
}

/** The elements that hold a token: active ones, and those at which tokens are parked. */
const running = (run: Run, scope: Activation): string[] => run.draft.children(scope.key).map((key) => run.draft.get(key).elementId)
const parked = ({ joins }: Activation, element: InclusiveGatewayElement): string[] => Object.keys(joins!).filter((id) => id !== element.id)

function isActivated(run: Run, { scope, element }: Waiting): boolean {
  const filled = scope.joins![element.id]!
  return ![...parked(scope, element), ...running(run, scope)].some((id) => holdsBack(element, filled, id))
}

/**
 * Joins that can be filled by tokens only that are parked at one another. The clause lets them wait for ever; here the one drawn upstream
 * fires, so that the process does not hang.
 */
function deadlocked(run: Run, waiting: readonly Waiting[]): Waiting[] {
  let stuck = waiting.filter(({ scope, element }) => !running(run, scope).some((id) => canFill(element, scope.joins![element.id]!, id)))
  for (let size = -1; size !== stuck.length; ) {
    size = stuck.length
    const isStuck = (scope: Activation, id: string): boolean => stuck.some((other) => other.scope === scope && other.element.id === id)
    stuck = stuck.filter(({ scope, element }) =>
      parked(scope, element).every((id) => !canFill(element, scope.joins![element.id]!, id) || isStuck(scope, id)),
    )
  }
  return stuck
}

function upstreamFirst(stuck: readonly Waiting[]): Waiting | undefined {
  const leads = (one: Waiting, other: Waiting): boolean =>
    other === one || other.scope !== one.scope || (other.element.upstream[one.element.id]?.length ?? 0) > 0
  return stuck.find((one) => stuck.every((other) => leads(one, other))) ?? stuck[0]
}
