/** Start event: the token begins here. What triggered it came with the activation. */
import type { Behaviour } from '../behaviour.ts'
import { finish } from '../lifecycle.ts'

export const startEvent: Behaviour<'startEvent'> = {
  execute: (run, activation) => finish(run, activation.key),
}
