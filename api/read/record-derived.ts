/** What is worked out of records when they are shown, by noun. */
import { licencePosition } from '#domain/licence-position'
import { addDays, daysBetween, noticeDate } from '#schema/calendar-date'
import type { Json } from '#schema/json'
import type { StoredRecord } from '../../activities/store/record/columns.ts'
import { shortOfVoters } from '../../activities/store/definition/checks.ts'
import type { Db } from '../deps.ts'

type Derived = Record<string, Json>
type Derive = (db: Db, records: readonly StoredRecord[], today: string) => Promise<Map<string, Derived>>

const licences: Derive = async (db, records, today) => {
  const installations = await db
    .selectFrom('installation')
    .select(['id', 'licenceId', 'personId', 'ciId', 'installedOn', 'lastUsedOn', 'status'])
    .where('archivedAt', 'is', null)
    .where(
      'licenceId',
      'in',
      records.map(({ id }) => id),
    )
    .execute()
  return new Map(
    records.map(({ id, values }) => {
      const { metric, seats, reclaimAfterDays, endsOn, renewalLeadDays } = values as {
        metric: string
        seats: number
        reclaimAfterDays: number | null
        endsOn: string | null
        renewalLeadDays: number
      }
      const own = installations.filter(({ licenceId }) => licenceId === id)
      const position = licencePosition({ metric, seats, reclaimAfterDays }, own, today)
      const renewOn = endsOn === null ? null : addDays(endsOn, -renewalLeadDays)
      return [id, { ...position, unused: position.unused.length, renewOn, isRenewalDue: renewOn !== null && renewOn <= today }]
    }),
  )
}

const contracts: Derive = async (_db, records, today) =>
  new Map(
    records.map(({ id, values }) => {
      const contract = values as {
        endsOn: string
        noticeValue: number
        noticeUnit: string
        leadDays: number
        status: string
        decision: string
      }
      const noticeOn = noticeDate(contract)
      const warnOn = addDays(noticeOn, -contract.leadDays)
      const isOpen = contract.status === 'active' && contract.decision === 'none'
      const state = !isOpen ? 'settled' : noticeOn < today ? 'past' : warnOn <= today ? 'due' : 'later'
      return [id, { noticeOn, warnOn, daysToNotice: daysBetween(today, noticeOn), state }]
    }),
  )

const assets: Derive = async (_db, records, today) =>
  new Map(
    records.map(({ id, values }) => {
      const ends = values['warrantyEndsOn'] as string | null
      return [id, { isUnderWarranty: ends === null ? null : ends >= today }]
    }),
  )

/** Approvals that a group can no longer give, because more voices are asked of it than it has members. */
const groups: Derive = async (db, records) => {
  const short = await shortOfVoters(db)
  return new Map(
    records.map(({ id }) => [
      id,
      {
        shortApprovals: short
          .filter(({ groupId }) => groupId === id)
          .map(({ processId, elementId, quorum, voters, row }) => ({
            processId,
            elementId,
            quorum,
            voters,
            decisionId: row?.decisionId ?? null,
            row: row?.number ?? null,
          })),
      },
    ]),
  )
}

const derivations: Record<string, Derive> = { group: groups, licence: licences, 'maintenance-contract': contracts, asset: assets }

/** By record id; nothing for a noun of which nothing is worked out. */
export async function derivedOf(db: Db, nounId: string, records: readonly StoredRecord[], now: number): Promise<Map<string, Derived>> {
  const derive = derivations[nounId]
  if (!derive || records.length === 0) return new Map()
  return derive(db, records, new Date(now).toISOString().slice(0, 10))
}
