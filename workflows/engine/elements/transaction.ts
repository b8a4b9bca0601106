/** Transaction (BPMN 2.0 clause 13.3.4): a sub-process that its cancel end event compensates and leaves. */
import type { Behaviour } from '../behaviour.ts'
import { openScope } from './sub-process.ts'

export const transaction: Behaviour<'transaction'> = {
  isScope: true,
  execute: (run, activation, element) => openScope(run, activation, element.starts),
}
