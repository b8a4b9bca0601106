/** Exclusive gateway (BPMN 2.0 clause 13.4.2): the first true condition, else the default; each arriving token passes by itself. */
import type { Behaviour } from '../behaviour.ts'
import { finish } from '../lifecycle.ts'

export const exclusiveGateway: Behaviour<'exclusiveGateway'> = {
  execute: (run, activation) => finish(run, activation.key),
}
