/** Maintenance contracts as their process needs them. */
import { Temporal } from 'temporal-polyfill'
import { addDays, addMonths, noticeDate } from '#schema/calendar-date'
import { maintenanceContract } from '#schema/maintenance-contract'
import type { ValuesOf } from '#schema/noun'
import { systemActor } from '#schema/role'
import type { Db, Trx } from '../database.ts'
import { getRecord, saveRecord } from './records.ts'

export const contractTimeZone = 'Europe/Paris'
/** Hour at which people are warned. */
const warnHour = 8

export type Contract = ValuesOf<typeof maintenanceContract.fields>
export interface KnownContract {
  id: string
  contract: Contract
  isArchived: boolean
}

export async function readContract(db: Db | Trx, id: string): Promise<KnownContract | null> {
  const record = await getRecord(db, maintenanceContract, id)
  return record ? { id, contract: record.values as Contract, isArchived: record.archivedAt !== null } : null
}

/** An hour of a day at the desk, as an ISO instant. */
export const deskInstant = (date: string, hour: number): string =>
  new Date(
    Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: contractTimeZone, plainTime: new Temporal.PlainTime(hour) })
      .epochMilliseconds,
  ).toISOString()

/** Where a contract stands on a day, and when it must be looked at again. Instants are ISO 8601 UTC. */
export function contractTerms({ contract, isArchived }: KnownContract, today: string) {
  const noticeOn = noticeDate(contract)
  return {
    isInForce: contract.status === 'active' && !isArchived,
    isOver: contract.endsOn < today,
    isDecided: contract.decision !== 'none',
    isNoticePast: noticeOn < today,
    decision: contract.decision,
    isTacit: contract.isTacit,
    endsOn: contract.endsOn,
    noticeOn,
    /** The warning; then the last day of notice and the last day of the contract are over. */
    warnAt: deskInstant(addDays(noticeOn, -contract.leadDays), warnHour),
    noticeAt: deskInstant(addDays(noticeOn, 1), 0),
    endsAt: deskInstant(addDays(contract.endsOn, 1), 0),
  }
}

async function change(db: Db | Trx, id: string, values: Partial<Contract>, actorId: string, at: number): Promise<void> {
  const record = await getRecord(db, maintenanceContract, id)
  if (!record) return
  const saved = await saveRecord(db, maintenanceContract, { id, version: null, values: { ...record.values, ...values } }, actorId, at)
  if (!saved.ok) throw new Error(`expected contract ${id} to be saved, found ${JSON.stringify(saved)}`)
}

/** What was decided about the term that ends on `endsOn`; nothing, when the contract has moved on since. */
export async function recordDecision(
  db: Db | Trx,
  id: string,
  decided: { endsOn: string; decision: 'renew' | 'cancel'; actorId: string },
  at = Date.now(),
): Promise<void> {
  const known = await readContract(db, id)
  if (known?.contract.endsOn !== decided.endsOn || known.contract.decision === decided.decision) return
  await change(db, id, { decision: decided.decision }, decided.actorId, at)
}

/** The term is over: rolled over when it was decided or is tacit, ended otherwise. Only the term that ends on `endsOn`, so that a repetition does nothing. */
export async function endTerm(
  db: Db | Trx,
  id: string,
  endsOn: string,
  at = Date.now(),
): Promise<'renewed' | 'canceled' | 'ended' | 'movedOn'> {
  const known = await readContract(db, id)
  if (!known || known.contract.endsOn !== endsOn || known.contract.status !== 'active') return 'movedOn'
  const { contract } = known
  const isRenewed = contract.decision === 'renew' || (contract.decision === 'none' && contract.isTacit)
  if (isRenewed && contract.renewalMonths > 0) {
    const next = { startsOn: addDays(endsOn, 1), endsOn: addMonths(endsOn, contract.renewalMonths), decision: 'none' as const }
    await change(db, id, next, systemActor.id, at)
    return 'renewed'
  }
  const status = contract.decision === 'cancel' ? 'canceled' : 'ended'
  await change(db, id, { status }, systemActor.id, at)
  return status
}
