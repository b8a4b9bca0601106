/** The registry of elements. A new kind is a file, a name in `ElementType`, and the line that the compiler then demands here. */
import type { Behaviour } from '../behaviour.ts'
import type { ElementType, ModelElement } from '../model.ts'
import { adHocSubProcess } from './ad-hoc-sub-process.ts'
import { boundaryEvent } from './boundary-event.ts'
import { businessRuleTask } from './business-rule-task.ts'
import { callActivity } from './call-activity.ts'
import { intermediateCatchEvent } from './catch-event.ts'
import { eventBasedGateway } from './event-based-gateway.ts'
import { eventSubProcess } from './event-sub-process.ts'
import { exclusiveGateway } from './exclusive-gateway.ts'
import { inclusiveGateway } from './inclusive-gateway.ts'
import { parallelGateway } from './parallel-gateway.ts'
import { process } from './process.ts'
import { receiveTask } from './receive-task.ts'
import { scriptTask } from './script-task.ts'
import { serviceTask } from './service-task.ts'
import { startEvent } from './start-event.ts'
import { subProcess } from './sub-process.ts'
import { task } from './task.ts'
import { endEvent, intermediateThrowEvent } from './throw-event.ts'
import { transaction } from './transaction.ts'
import { userTask } from './user-task.ts'

const elements = {
  process,
  subProcess,
  transaction,
  eventSubProcess,
  adHocSubProcess,
  callActivity,
  task,
  manualTask: task,
  userTask,
  serviceTask,
  sendTask: serviceTask,
  receiveTask,
  scriptTask,
  businessRuleTask,
  startEvent,
  endEvent,
  intermediateCatchEvent,
  intermediateThrowEvent,
  boundaryEvent,
  exclusiveGateway,
  parallelGateway,
  inclusiveGateway,
  eventBasedGateway,
} satisfies { [T in ElementType]: Behaviour<T> }

export const elementTypes = Object.keys(elements) as ElementType[]

/** The behaviour of an element. The type parameter of the entry is the element's own type. */
export function behaviourOf(element: ModelElement): Behaviour<ElementType> {
  return elements[element.type] as Behaviour<ElementType>
}
