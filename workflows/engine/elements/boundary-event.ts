/** Boundary event (BPMN 2.0 clause 13.5.3): activated by its trigger only, see events.ts. */
import type { Behaviour } from '../behaviour.ts'
import { finish } from '../lifecycle.ts'

export const boundaryEvent: Behaviour<'boundaryEvent'> = {
  execute: (run, activation) => finish(run, activation.key),
}
