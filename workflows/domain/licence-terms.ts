/** What a licence asks for by itself on a day, and when it must be looked at again. Pure. */
import { addDays } from '#schema/calendar-date'
import { type Entitlement, type Installed, licencePosition, reclaimOn } from './licence-position.ts'

export interface WatchedLicence extends Entitlement {
  status: string
  decision: string
  endsOn: string | null
  renewalLeadDays: number
}
/** What was asked before. */
export interface AskedBefore {
  /** The end about which the owner was asked, unless the question was withdrawn. */
  decisionFor: string | null
  /** Rights too many that the desk knows of: a ticket is open, or somebody tolerates so many. */
  knownExcess: number
}
export type LicenceDue = 'end' | 'ask' | 'over' | 'reclaim' | 'nothing'
export interface LicenceLook {
  due: LicenceDue
  /** The next day on which something may be due. */
  nextOn: string
}

/** A licence is looked at this often though nothing is due. */
const lookEveryDays = 30

export const warnOn = ({ endsOn, renewalLeadDays }: WatchedLicence): string | null =>
  endsOn === null ? null : addDays(endsOn, -renewalLeadDays)

export function lookAtLicence(
  licence: WatchedLicence,
  installations: readonly Installed[],
  asked: AskedBefore,
  today: string,
): LicenceLook {
  const { endsOn, decision, reclaimAfterDays } = licence
  const position = licencePosition(licence, installations, today)
  const warn = warnOn(licence)
  const excess = position.free !== null && position.free < 0 ? -position.free : 0
  const due = ((): LicenceDue => {
    if (endsOn !== null && endsOn < today) return 'end'
    if (warn !== null && warn <= today && decision === 'none' && asked.decisionFor !== endsOn) return 'ask'
    if (excess > asked.knownExcess) return 'over'
    return position.unused.length > 0 ? 'reclaim' : 'nothing'
  })()
  const waiting =
    reclaimAfterDays === null
      ? []
      : installations.filter(({ status }) => status === 'active' || status === 'kept').map((each) => reclaimOn(each, reclaimAfterDays))
  const days = [warn, endsOn === null ? null : addDays(endsOn, 1), ...waiting, addDays(today, lookEveryDays)]
  return { due, nextOn: days.filter((day): day is string => day !== null && day > today).sort()[0] ?? addDays(today, lookEveryDays) }
}
