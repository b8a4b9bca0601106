/**
 * Start event: the token begins here. What triggered it came with the activation; a parallel multiple one holds the token until its other
 * triggers have come (BPMN 2.0 clause 10.5.2).
 */
import type { Behaviour } from '../behaviour.ts'
import type { Occurrence } from '../contract.ts'
import { subscribe } from '../events.ts'
import { finish } from '../lifecycle.ts'
import type { EventDefinition } from '../model.ts'

/** The part of a multiple event that an occurrence is one of. */
export function partOf(event: EventDefinition, { type, name }: Occurrence): EventDefinition | undefined {
  if (event.type !== 'multiple') return undefined
  return event.events.find((part) => part.type === type && 'literal' in part.name && part.name.literal === name)
}

export const startEvent: Behaviour<'startEvent'> = {
  execute(run, activation, { id, event }) {
    const { occurrence } = run.draft.get(activation.parentKey!)
    const part = occurrence && partOf(event, occurrence)
    if (part && event.type === 'multiple' && event.isParallel) subscribe(run, activation.key, id, event, 'self', part)
    else finish(run, activation.key)
  },
}
