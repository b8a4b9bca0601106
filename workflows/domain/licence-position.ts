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
}
export interface LicencePosition {
  used: number
  /** Negative: used beyond what was bought. Null: unlimited. */
  free: number | null
  state: 'over' | 'full' | 'ok'
  /** Installations to take back: nobody has used them for too long. */
  unused: string[]
}

/** What counts once: a user's installations on several machines are one right, and the other way round. */
const holderOf = (metric: string, { id, personId, ciId }: Installed): string =>
  (metric === 'user' ? (personId ?? ciId) : (ciId ?? personId)) ?? id

export const isUnused = (installed: Installed, reclaimAfterDays: number | null, today: string): boolean =>
  reclaimAfterDays !== null &&
  installed.status === 'active' &&
  (installed.lastUsedOn ?? installed.installedOn) < addDays(today, -reclaimAfterDays)

export function licencePosition(entitlement: Entitlement, installations: readonly Installed[], today: string): LicencePosition {
  const { metric, seats, reclaimAfterDays } = entitlement
  const inUse = installations.filter(({ status }) => status !== 'removed')
  const used = new Set(inUse.map((each) => holderOf(metric, each))).size
  const free = metric === 'site' ? null : seats - used
  return {
    used,
    free,
    state: free === null || free > 0 ? 'ok' : free < 0 ? 'over' : 'full',
    unused: inUse.filter((each) => isUnused(each, reclaimAfterDays, today)).map(({ id }) => id),
  }
}
