/** Entitlements against installations. Pure. */
import { addDays } from '#schema/calendar-date'

export interface Entitlement {
  metric: string
  seats: number
  reclaimAfterDays: number | null
}
export interface Installed {
  id: string
  personId: string | null
  ciId: string | null
  installedOn: string
  lastUsedOn: string | null
  status: string
  /** When its holder last said that he needs it. */
  reviewedOn?: string | null
}
export interface LicencePosition {
  used: number
  /** Negative: used beyond what was bought. Null: unlimited. */
  free: number | null
  state: 'over' | 'full' | 'ok'
  /** Installations to take back: nobody has used them for too long. */
  unused: string[]
}
export interface RenewalProposal {
  /** Rights that somebody really uses. */
  inUse: number
  decision: 'renew' | 'reduce' | 'end'
  seats: number
  /** Of the annual cost, by right. */
  saving: number
}

/** Where a licence says nothing, what was not used for so long is not in use. */
const idleDays = 90

/** What counts once: a user's installations on several machines are one right, and the other way round. */
const holderOf = (metric: string, { id, personId, ciId }: Installed): string =>
  (metric === 'user' ? (personId ?? ciId) : (ciId ?? personId)) ?? id

const latest = (...dates: (string | null | undefined)[]): string =>
  dates.reduce<string>((last, date) => (date && date > last ? date : last), '')

/** The day from which nobody's using it counts as too long; a holder who keeps it is asked again after as long. */
export const reclaimOn = (installed: Installed, reclaimAfterDays: number): string =>
  addDays(latest(installed.installedOn, installed.lastUsedOn, installed.reviewedOn), reclaimAfterDays + 1)

export const isUnused = (installed: Installed, reclaimAfterDays: number | null, today: string): boolean =>
  reclaimAfterDays !== null &&
  (installed.status === 'active' || installed.status === 'kept') &&
  reclaimOn(installed, reclaimAfterDays) <= today

const inPlace = (installations: readonly Installed[]) => installations.filter(({ status }) => status !== 'removed')

export function licencePosition(entitlement: Entitlement, installations: readonly Installed[], today: string): LicencePosition {
  const { metric, seats, reclaimAfterDays } = entitlement
  const inUse = inPlace(installations)
  const used = new Set(inUse.map((each) => holderOf(metric, each))).size
  const free = metric === 'site' ? null : seats - used
  return {
    used,
    free,
    state: free === null || free > 0 ? 'ok' : free < 0 ? 'over' : 'full',
    unused: inUse.filter((each) => isUnused(each, reclaimAfterDays, today)).map(({ id }) => id),
  }
}

/** What to do about the next term, from who has really used it lately or keeps it with a reason. */
export function renewalProposal(
  entitlement: Entitlement & { annualCost: number | null },
  installations: readonly Installed[],
  today: string,
): RenewalProposal {
  const { metric, seats, reclaimAfterDays, annualCost } = entitlement
  const since = addDays(today, -(reclaimAfterDays ?? idleDays))
  const needed = inPlace(installations).filter(
    ({ status, installedOn, lastUsedOn, reviewedOn }) =>
      status !== 'reclaimRequested' && latest(installedOn, lastUsedOn, status === 'kept' ? reviewedOn : null) >= since,
  )
  const inUse = new Set(needed.map((each) => holderOf(metric, each))).size
  const kept = metric === 'site' ? seats : Math.min(inUse, seats)
  const decision = inUse === 0 ? 'end' : kept < seats ? 'reduce' : 'renew'
  const saving = seats === 0 || decision === 'renew' ? 0 : ((annualCost ?? 0) * (seats - (decision === 'end' ? 0 : kept))) / seats
  return { inUse, decision, seats: kept, saving: Math.round(saving * 100) / 100 }
}
