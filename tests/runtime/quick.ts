/** Tickets whose time passes quickly: what a desk waits days for, a scenario sees in seconds. */
import { startWaitingIntakes } from '../../activities/intake-starter.ts'
import { json } from '../../activities/store/database.ts'
import type { Desk } from './desk.ts'

let last: Promise<unknown> = Promise.resolve()

/** Opens an instance and starts it on compressed time, before anybody else's start takes it along. @returns the instance's id */
export function startQuickly(desk: Pick<Desk, 'db' | 'client'>, dayTakesMs: number, open: () => Promise<string>): Promise<string> {
  const start = async () => {
    const instanceId = await open()
    const clock = { originReal: Date.now(), startAt: Date.now(), rate: 86_400_000 / dayTakesMs }
    const row = await desk.db.selectFrom('intake').select('input').where('ticketId', '=', instanceId).executeTakeFirstOrThrow()
    await desk.db
      .updateTable('intake')
      .set({ input: json({ ...(row.input as object), clock }) })
      .where('ticketId', '=', instanceId)
      .execute()
    await startWaitingIntakes(desk.db, desk.client)
    return instanceId
  }
  const mine = last.then(start, start)
  last = mine.catch(() => undefined)
  return mine
}
