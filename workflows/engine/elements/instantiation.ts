/**
 * What begins an instance without being a start event (BPMN 2.0 clauses 13.3.3, 13.4.4): receive tasks and the events after an event-based
 * gateway. What triggered it has come; what else a parallel gateway leads to is awaited by this instance.
 */
import { passGateway } from '../events.ts'
import { finish, spawn } from '../lifecycle.ts'
import type { ModelElement } from '../model.ts'
import type { Run } from '../run.ts'

/** Whether an element stands where an instance begins, and waits there. */
export const isAwaited = (run: Run, processId: string, elementId: string): boolean =>
  run.elementById(processId, elementId).type !== 'startEvent' &&
  run.model(processId).startTriggers.some((trigger) => trigger.elementId === elementId)

export function beginAwaited(run: Run, scopeKey: string, elementId: string): void {
  const { processId } = run.draft.get(scopeKey)
  const element = run.elementById(processId, elementId)
  const gateway = gatewayBefore(run, processId, element)
  const first = spawn(run, gateway ?? element, scopeKey)
  run.draft.move(first.key, 'active')
  if (gateway) passGateway(run, first.key, elementId, {})
  else finish(run, first.key)
}

const gatewayBefore = (run: Run, processId: string, element: ModelElement): ModelElement | undefined =>
  element.incoming
    .map((flowId) => run.elementById(processId, run.model(processId).flows[flowId]!.sourceId))
    .find(({ type }) => type === 'eventBasedGateway')
