import type { Json } from '#schema/json'
import { conflictsOf } from '#domain/change/conflict'
import { changeWorld, conflictViews, findChange, plannedChange } from '../../store/change/world.ts'
import { hopeless, type TaskHandler } from '../task.ts'

/**
 * Task type `checkConflicts`: what speaks against the planned time, now. Answers `conflicts`, `hasConflict`, `hasBlockingConflict`, and
 * `conflictsAccepted` as a yes or no. Two changes that are planned at once see one another: their plans are stored before they are checked.
 */
export const checkConflicts: TaskHandler = {
  async run(call, { db }) {
    const row = await findChange(db, call.ticketId)
    if (!row) throw hopeless('notAChange', `expected a change at ${call.elementId}, found another kind of ticket`)
    const world = await changeWorld(db)
    const found = conflictsOf(plannedChange(row), world)
    return {
      conflicts: conflictViews(found, world) as unknown as Json,
      hasConflict: found.length > 0,
      hasBlockingConflict: found.some(({ isBlocking }) => isBlocking),
      conflictsAccepted: call.input.conflictsAccepted === true,
    }
  },
}
