import { freezeAt } from '#domain/change/freeze'
import { findChange, listWindows, plannedChange, relationsOf } from '../../store/change/world.ts'
import { hopeless, type TaskHandler } from '../task.ts'

/** Task type `checkFreeze`: does a blackout hold this change now? Answers `isFrozen`, `frozenUntil` (ISO 8601, null when not) and `freezeName`. */
export const checkFreeze: TaskHandler = {
  async run(call, { db }) {
    const row = await findChange(db, call.ticketId)
    if (!row) throw hopeless('notAChange', `expected a change at ${call.elementId}, found another kind of ticket`)
    const freeze = freezeAt(plannedChange(row), await listWindows(db), await relationsOf(db), Date.now())
    return {
      isFrozen: freeze !== null,
      frozenUntil: freeze && new Date(freeze.until).toISOString(),
      freezeName: freeze?.name ?? null,
    }
  },
}
