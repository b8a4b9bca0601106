/** Tickets that ask somebody about a record of the register (a term, a seat): found again, and told when the record moves under them. */
import { sql } from 'kysely'
import type { Variables } from '#schema/json'
import { publishMessage } from '../correlation/publish.ts'
import type { Db, Trx } from '../database.ts'

export interface AskedTicket {
  ticketId: string
  status: string
  isOpen: boolean
  /** The process's root variables as they are now. */
  variables: Variables
}

/** Tickets of a process that ask about a record, newest first; `key` is the variable that holds the record's id. */
export async function ticketsAbout(db: Db | Trx, processId: string, key: string, recordId: string): Promise<AskedTicket[]> {
  const rows = await db
    .selectFrom('ticket')
    .innerJoin('instance', 'instance.ticketId', 'ticket.id')
    .select(['ticket.id', 'ticket.status', 'ticket.extra', 'ticket.assigneeId', 'instance.variables', 'instance.isEnded'])
    .where('instance.processId', '=', processId)
    .where(sql<string>`ticket.extra ->> ${key}`, '=', recordId)
    .orderBy('ticket.openedAt', 'desc')
    .orderBy('ticket.id')
    .execute()
  return rows.map(({ id, status, extra, assigneeId, variables, isEnded }) => ({
    ticketId: id,
    status,
    isOpen: !isEnded,
    variables: { ...(extra as Variables), ...(variables as Variables), assigneeId },
  }))
}

/** A process that has not come to its question yet gets it when it does. */
const movedLivesMs = 24 * 3_600_000

/** Tells a ticket's process what has become of its record; the diagram adapts the question, or withdraws it. */
export const tellMoved = (
  db: Db | Trx,
  { ticketId, key, variables, at = Date.now() }: { ticketId: string; key: string; variables: Variables; at?: number },
): Promise<unknown> =>
  publishMessage(db, {
    name: 'recordMoved',
    correlationKey: ticketId,
    messageId: key,
    variables,
    timeToLiveMs: movedLivesMs,
    source: 'system',
    at,
  })
