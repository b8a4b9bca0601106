/** Event-based gateway (BPMN 2.0 clause 13.4.4): all its events wait, the first one wins; behind a parallel one each goes on by itself. */
import type { Behaviour } from '../behaviour.ts'
import { subscribe } from '../events.ts'
import { finish } from '../lifecycle.ts'

export const eventBasedGateway: Behaviour<'eventBasedGateway'> = {
  execute(run, activation, element) {
    if (element.isParallel) {
      finish(run, activation.key)
      return
    }
    const model = run.model(activation.processId)
    for (const flowId of element.outgoing) {
      const target = model.elements[model.flows[flowId]!.targetId]!
      if ('event' in target) subscribe(run, activation.key, target.id, target.event, 'gateway')
    }
  },
}
