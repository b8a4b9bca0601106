/** Parallel gateway (BPMN 2.0 clause 13.4.1): fires when each incoming flow holds a token, consumes one of each. */
import type { Behaviour } from '../behaviour.ts'
import { activate, begin, finish } from '../lifecycle.ts'
import { fire, park } from './gateways.ts'

export const parallelGateway: Behaviour<'parallelGateway'> = {
  arrive(run, token, element) {
    if (token.flowId === null || element.incoming.length < 2) {
      begin(run, activate(run, element, run.draft.get(token.scopeKey)).key)
      return
    }
    const flows = park(run, token.scopeKey, element.id, token.flowId)
    if (element.incoming.every((id) => (flows[id] ?? 0) > 0)) fire(run, token.scopeKey, element)
  },
  execute: (run, activation) => finish(run, activation.key),
}
