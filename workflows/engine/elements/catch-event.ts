/** Intermediate catch event: waits for its trigger; a link catch passes on. */
import type { Behaviour } from '../behaviour.ts'
import { subscribe } from '../events.ts'
import { finish } from '../lifecycle.ts'

export const intermediateCatchEvent: Behaviour<'intermediateCatchEvent'> = {
  execute(run, activation, element) {
    if (element.event.type === 'link' || element.event.type === 'none') finish(run, activation.key)
    else subscribe(run, activation.key, element.id, element.event, 'self')
  },
}
