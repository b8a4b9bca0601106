import { sql } from 'kysely'
import type { Db } from '../deps.ts'

export interface BriefTicket {
  id: string
  number: string
  title: string
  status: string
  openedAt: string
}

/** A ticket as a list beside something else names it, as JSON of the row `alias`. */
export const briefTicketJson = (alias: string) =>
  sql.raw(
    `jsonb_build_object('id', ${alias}.id, 'number', ${alias}.number, 'title', ${alias}.title, 'status', ${alias}.status, 'openedAt', to_char(${alias}.opened_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))`,
  )

export async function briefTickets(db: Db, ids: readonly string[]): Promise<Map<string, BriefTicket>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{
    ticket: BriefTicket
  }>`select ${briefTicketJson('t')} as ticket from ticket t where t.id = any(${ids}::uuid[])`.execute(db)
  return new Map(rows.map(({ ticket }) => [ticket.id, ticket]))
}
