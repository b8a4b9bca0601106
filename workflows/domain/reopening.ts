/** The reopening policy: what its table is asked, and what it answers. Pure. */
import { evaluateDecision } from '#engine/decision/evaluate'
import type { DecisionModel } from '#engine/model'
import type { Calendar } from '#schema/calendar'
import { Reopening } from '#schema/reopening'
import type { TicketKind, TicketStatus } from '#schema/ticket'
import { addBusinessDays } from './calendar.ts'

export const reopenPolicyId = 'reopen-policy'
/** Beyond it, the number does not matter to any policy. */
const longestDays = 400

/** Whole working days that have passed: 0 on the day itself. */
export function businessDaysBetween(calendar: Calendar, from: number, to: number): number {
  let days = 0
  while (days < longestDays && addBusinessDays(calendar, from, days + 1) <= to) days += 1
  return days
}

export interface Reopened {
  kind: TicketKind
  status: TicketStatus
  businessDays: number
  reopenCount: number
  /** Id of its desk: each may have a rule of its own. Null: before any desk is set up. */
  desk: string | null
}

/** Tickets that their requester takes up again by this policy; for others, a new one is the process's own affair. */
export const isReopenable = (kind: TicketKind, processId: string | null): boolean => kind === 'incident' || processId === 'customer-case'

/** @throws DecisionFailure when the table fails; Error when it says something else than a policy may */
export function judgeReopening(policy: DecisionModel, ticket: Reopened, clock: { at: number; timeZone: string }): Reopening {
  const { value } = evaluateDecision(policy, { ...ticket }, clock)
  const said = Reopening.safeParse(value)
  if (!said.success)
    throw new Error(`expected decision "${reopenPolicyId}" to say ${Reopening.options.join(' or ')}, found ${JSON.stringify(value)}`)
  return said.data
}
