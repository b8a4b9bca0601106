/** Loads the register of the demonstration, once. */
import { nounOf } from '#schema/nouns'
import { systemActor } from '#schema/role'
import { checkRecord } from '#domain/record-check'
import { demoChanges, demoRegister } from '../../../definitions/seed/register.ts'
import type { Db } from '../database.ts'
import { isDemoLoaded, markDemoLoaded } from './history.ts'
import { getRecord, saveRecord } from '../record/records.ts'

/** @returns how many records were made; nothing is made twice. */
export function loadDemoRegister(db: Db, now = Date.now()): Promise<number> {
  const today = new Date(now).toISOString().slice(0, 10)
  const records = demoRegister(today)
  return db.transaction().execute(async (trx) => {
    if (await isDemoLoaded(trx, 'register')) return 0
    const save = async (nounId: string, id: string, given: Record<string, unknown>, isNew: boolean): Promise<void> => {
      const noun = nounOf(nounId)
      const before = noun && !isNew ? await getRecord(trx, noun, id) : null
      if (!noun || (!isNew && !before)) throw new Error(`expected ${nounId} ${id} for the demonstration, found none`)
      const checked = checkRecord(noun, { ...before?.values, ...given }, null)
      if (!checked.ok) throw new Error(`expected ${nounId} ${id} to be right, found ${JSON.stringify(checked.problems)}`)
      const order = { id: isNew ? null : id, version: null, values: checked.values, newId: id }
      const saved = await saveRecord(trx, noun, order, systemActor.id, now)
      if (!saved.ok) throw new Error(`expected ${nounId} ${id} to be saved, found ${JSON.stringify(saved)}`)
    }
    for (const { noun, id, values } of records) await save(noun, id, values, true)
    for (const { noun, id, values } of demoChanges(today)) await save(noun, id, values, false)
    await markDemoLoaded(trx, 'register', records.length, now)
    return records.length
  })
}
