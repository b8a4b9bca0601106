/** Receive task: waits for one message. */
import type { Behaviour } from '../behaviour.ts'
import { subscribe } from '../events.ts'

export const receiveTask: Behaviour<'receiveTask'> = {
  execute: (run, activation, element) => subscribe(run, activation.key, element.id, element.event, 'self'),
}
