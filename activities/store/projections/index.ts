import type { RecordedFact } from '#schema/fact'
import type { Trx } from '../database.ts'
import { projectApprovals } from './approvals.ts'
import { projectClocks } from './clocks.ts'
import { type LiveSnapshot, projectInstance } from './instance.ts'
import { projectJobs } from './jobs.ts'
import { projectLinks } from './links.ts'
import { projectSubscriptions } from './subscriptions.ts'
import { projectTasks } from './tasks.ts'
import { projectTicket, type TicketAddress } from './ticket.ts'

export type { LiveSnapshot }

/**
 * Brings the projections of one ticket up to date with newly recorded facts (in order, none left out). Each projection is
 * a function of the stream alone and can be rebuilt from it.
 * @returns who is concerned by the ticket, or null when the stream has no ticket (an instance of a process that is no ticket's).
 */
export async function project(
  trx: Trx,
  ticketId: string,
  facts: readonly RecordedFact[],
  snapshot?: LiveSnapshot,
): Promise<TicketAddress | null> {
  const address = await projectTicket(trx, ticketId, facts)
  await projectTasks(trx, ticketId, facts)
  await projectApprovals(trx, ticketId, facts)
  if (address !== null) await projectClocks(trx, ticketId, facts)
  await projectInstance(trx, ticketId, facts, snapshot)
  await projectSubscriptions(trx, ticketId, facts)
  await projectJobs(trx, ticketId, facts)
  if (address !== null) await projectLinks(trx, ticketId, facts)
  return address
}
