/** The past of the demonstration: generated tickets, played on a virtual clock and recorded as history, once. */
import { systemActor } from '#schema/role'
import { demoHistory } from '../../../definitions/seed/demo.ts'
import type { Db, Trx } from '../database.ts'
import { composeBundle } from '../definition/definitions.ts'
import { appendNext, readFacts } from '../facts.ts'
import { loadDemoMajor } from './major.ts'
import { recordPlayed } from './played.ts'
import { majorProcessId } from '../ticket/majors.ts'

/** The ledger says what of the demonstration was loaded. */
const demoStream = 'demo'

/** Whether this part of the demonstration was loaded before. */
export async function isDemoLoaded(db: Db | Trx, part: string): Promise<boolean> {
  const facts = await readFacts(db, demoStream, 0, 100)
  return facts.some(({ fact }) => fact.type === 'recordChanged' && fact.noun === 'demo' && fact.id === part)
}

export const markDemoLoaded = (db: Db | Trx, part: string, tickets: number, at = Date.now()) =>
  appendNext(db, demoStream, [
    { actorId: systemActor.id, fact: { type: 'recordChanged', at, noun: 'demo', id: part, field: 'tickets', from: null, to: tickets } },
  ])

/**
 * Loads the history of the demonstration, all or nothing, unless the desk has it or has tickets of its own already.
 * @returns how many tickets were recorded.
 */
export async function loadDemoHistory(db: Db, now = Date.now(), count?: number): Promise<number> {
  const [composed, major] = [await composeBundle(db, 'incident'), await composeBundle(db, majorProcessId)]
  return db.transaction().execute(async (trx) => {
    if (await isDemoLoaded(trx, 'history')) return 0
    if (await trx.selectFrom('ticket').select('id').limit(1).executeTakeFirst()) return 0
    let tickets = 0
    for (const scenario of demoHistory(now, count === undefined ? {} : { count }))
      if (await recordPlayed(trx, scenario, composed, now)) tickets += 1
    tickets += await loadDemoMajor(trx, major, composed, now)
    await markDemoLoaded(trx, 'history', tickets, now)
    return tickets
  })
}
