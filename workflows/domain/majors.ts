/** Where a major incident stands, from its ticket and its variables. Pure. */
import type { MajorState } from '#schema/major'
import type { TicketStatus } from '#schema/ticket'

/** How long the status page remembers, ms. */
export const historyMs = 30 * 86_400_000

export function majorState(ticket: { status: TicketStatus; resolutionCode: string | null }): MajorState {
  switch (ticket.status) {
    case 'new':
    case 'assigned':
      return 'candidate'
    case 'canceled':
      return 'refused'
    case 'resolved':
      return ticket.resolutionCode === 'downgraded' ? 'downgraded' : 'review'
    case 'closed':
      return ticket.resolutionCode === 'downgraded' ? 'downgraded' : 'closed'
    default:
      return 'running'
  }
}

/** Accepted at some time: then the public may know of it. */
export const isPublic = (state: MajorState): boolean => state !== 'candidate' && state !== 'refused'
