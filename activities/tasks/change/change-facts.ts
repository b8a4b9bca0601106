import { itemsRecord, teamRecord } from '../../store/change/outcomes.ts'
import { findChange } from '../../store/change/world.ts'
import { hopeless, type TaskHandler } from '../task.ts'

/** Task type `changeFacts`: what the risk table asks of the past: the team's success rate, recent failures and incidents of the items. */
export const changeFacts: TaskHandler = {
  async run(call, { db }) {
    const row = await findChange(db, call.ticketId)
    if (!row) throw hopeless('notAChange', `expected a change at ${call.elementId}, found another kind of ticket`)
    const at = Date.now()
    return { ...(await teamRecord(db, row.groupId, at)), ...(await itemsRecord(db, row.ciIds, at)), ciCount: row.ciIds.length }
  },
}
