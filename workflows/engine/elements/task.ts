/** Undefined and manual tasks: nothing for the engine to do (BPMN 2.0 clause 13.3.3). */
import type { Behaviour } from '../behaviour.ts'
import { finish } from '../lifecycle.ts'

export const task: Behaviour<'task'> & Behaviour<'manualTask'> = {
  execute: (run, activation) => finish(run, activation.key),
}
