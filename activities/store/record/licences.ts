/** Licences as their processes need them: the term, who uses them, what is taken back. */
import { addDays, addMonths } from '#schema/calendar-date'
import { installation, licence } from '#schema/licence'
import type { ValuesOf } from '#schema/noun'
import { systemActor } from '#schema/role'
import type { Installed } from '#domain/licence-position'
import { type Db, inTransaction, type Trx } from '../database.ts'
import { getRecord, saveRecord } from './records.ts'

export type Licence = ValuesOf<typeof licence.fields>
export type Installation = ValuesOf<typeof installation.fields>
export interface KnownLicence {
  id: string
  licence: Licence
  isArchived: boolean
}
/** A step of the desk itself, or of whoever decided. */
export interface By {
  actorId: string
  at?: number
}

export async function readLicence(db: Db | Trx, id: string): Promise<KnownLicence | null> {
  const record = await getRecord(db, licence, id)
  return record ? { id, licence: record.values as Licence, isArchived: record.archivedAt !== null } : null
}

export const installationsOf = (db: Db | Trx, licenceIds: readonly string[]): Promise<(Installed & { licenceId: string })[]> =>
  db
    .selectFrom('installation')
    .select(['id', 'licenceId', 'personId', 'ciId', 'installedOn', 'lastUsedOn', 'status', 'reviewedOn'])
    .where('archivedAt', 'is', null)
    .where('licenceId', 'in', [...licenceIds])
    .orderBy('id')
    .execute()

async function change(db: Db | Trx, id: string, values: Partial<Licence>, { actorId, at }: By): Promise<void> {
  const record = await getRecord(db, licence, id)
  if (!record) return
  const saved = await saveRecord(db, licence, { id, version: null, values: { ...record.values, ...values } }, actorId, at)
  if (!saved.ok) throw new Error(`expected licence ${id} to be saved, found ${JSON.stringify(saved)}`)
}

/** What was decided about the term that ends on `endsOn`; nothing, when the licence has moved on since. As many seats as today or more is no reduction. */
export async function recordLicenceDecision(
  db: Db | Trx,
  id: string,
  decided: { endsOn: string; decision: 'renew' | 'reduce' | 'end'; seats: number | null },
  by: By,
): Promise<void> {
  const known = await readLicence(db, id)
  if (known?.licence.endsOn !== decided.endsOn || known.licence.status !== 'active') return
  const isFewer = decided.decision === 'reduce' && decided.seats !== null && decided.seats < known.licence.seats
  const decision = decided.decision === 'reduce' && !isFewer ? 'renew' : decided.decision
  await change(db, id, { decision, decidedSeats: isFewer ? decided.seats : null }, by)
}

/** More rights were bought: so many there are now. */
export const setSeats = (db: Db | Trx, id: string, seats: number, by: By): Promise<void> => change(db, id, { seats }, by)

/** The term is over: rolled over as it was decided, ended when nobody decided to renew. Only the term that ends on `endsOn`, so that a repetition does nothing. */
export async function endLicenceTerm(
  db: Db | Trx,
  id: string,
  endsOn: string,
  at?: number,
): Promise<'renewed' | 'ended' | 'lapsed' | 'movedOn'> {
  const known = await readLicence(db, id)
  if (!known || known.licence.endsOn !== endsOn || known.licence.status !== 'active') return 'movedOn'
  const { decision, decidedSeats, seats, renewalMonths } = known.licence
  const by = { actorId: systemActor.id, ...(at === undefined ? {} : { at }) }
  if (decision === 'renew' || decision === 'reduce') {
    const next = { startsOn: addDays(endsOn, 1), endsOn: addMonths(endsOn, renewalMonths), decision: 'none' as const, decidedSeats: null }
    await change(db, id, { ...next, seats: decidedSeats ?? seats }, by)
    return 'renewed'
  }
  await change(db, id, { status: 'ended' }, by)
  return decision === 'end' ? 'ended' : 'lapsed'
}

export async function readInstallation(
  db: Db | Trx,
  id: string,
): Promise<{ id: string; values: Installation; isArchived: boolean } | null> {
  const record = await getRecord(db, installation, id)
  return record ? { id, values: record.values as Installation, isArchived: record.archivedAt !== null } : null
}

/**
 * A step of an installation, when it stands where the step begins; the ledger then says who took it.
 * @returns false: it had moved on
 */
export function moveInstallation(
  db: Db | Trx,
  id: string,
  from: readonly Installation['status'][],
  to: Partial<Installation>,
  by: By,
  alongside?: (trx: Trx) => Promise<void>,
): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    await trx.selectFrom('installation').select('id').where('id', '=', id).forUpdate().execute()
    const known = await readInstallation(trx, id)
    if (!known || known.isArchived || !from.includes(known.values.status)) return false
    const order = { id, version: null, values: { ...known.values, ...to } }
    const saved = await saveRecord(trx, installation, order, by.actorId, by.at)
    if (!saved.ok) throw new Error(`expected installation ${id} to be saved, found ${JSON.stringify(saved)}`)
    await alongside?.(trx)
    return true
  })
}

/** Who answers for an installation: its user, whoever has the machine, else the licence's owner. Null: nobody who is still there. */
export async function holderOf(db: Db | Trx, values: Installation, ownerId: string | null): Promise<string | null> {
  const asset =
    values.ciId === null
      ? undefined
      : await db
          .selectFrom('asset')
          .select('holderId')
          .where('ciId', '=', values.ciId)
          .where('status', '=', 'assigned')
          .where('archivedAt', 'is', null)
          .executeTakeFirst()
  for (const id of [values.personId, asset?.holderId, ownerId]) {
    if (!id) continue
    const person = await db.selectFrom('person').select('isActive').where('id', '=', id).executeTakeFirst()
    if (person?.isActive) return id
  }
  return null
}
