import { type Kysely, sql } from 'kysely'
import { z } from 'zod'
import { TicketStatus } from '#schema/ticket'
import type { FiguresView } from '#schema/view'
import type { Database } from '../../activities/store/database.ts'
import { type FigureDefinition, type FiguresFilter, inScope, isResolved } from './figure.ts'

export const total: FigureDefinition<FiguresView['total']> = {
  version: 1,
  title: { fr: 'Tickets', en: 'Tickets' },
  formula: { fr: 'Nombre de tickets ouverts dans la période.', en: 'Number of tickets opened in the period.' },
  async compute(db, filter) {
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from ticket where ${inScope(filter)}`.execute(db)
    return rows[0]?.count ?? 0
  },
  tickets: (part) => (part.length === 0 ? sql`true` : null),
}

export const byStatus: FigureDefinition<FiguresView['byStatus']> = {
  version: 1,
  title: { fr: 'Par état', en: 'By status' },
  formula: {
    fr: 'Nombre de tickets ouverts dans la période, selon leur état actuel.',
    en: 'Number of tickets opened in the period, by their status now.',
  },
  async compute(db, filter) {
    const counts = new Map((await grouped(db, filter, 'status')).map(({ key, count }) => [key, count]))
    return TicketStatus.options.flatMap((status) => (counts.has(status) ? [{ status, count: counts.get(status) ?? 0 }] : []))
  },
  tickets: ([status, ...rest]) => (rest.length === 0 && TicketStatus.safeParse(status).success ? sql`ticket.status = ${status}` : null),
}

export const byPriority: FigureDefinition<FiguresView['byPriority']> = {
  version: 1,
  title: { fr: 'Par priorité', en: 'By priority' },
  formula: {
    fr: 'Nombre de tickets ouverts dans la période, selon leur priorité actuelle ; 1 est la plus haute.',
    en: 'Number of tickets opened in the period, by their priority now; 1 is the highest.',
  },
  async compute(db, filter) {
    return (await grouped(db, filter, 'priority')).map(({ key, count }) => ({ priority: key === null ? null : Number(key), count }))
  },
  tickets([priority, ...rest]) {
    if (priority === undefined || rest.length > 0) return null
    if (priority === 'none') return sql`ticket.priority is null`
    return /^[1-5]$/.test(priority) ? sql`ticket.priority = ${Number(priority)}` : null
  },
}

export const perDay: FigureDefinition<FiguresView['perDay']> = {
  version: 1,
  title: { fr: 'Par jour', en: 'Per day' },
  formula: {
    fr: 'Par jour du calendrier : tickets ouverts ce jour ; tickets résolus ce jour et restés résolus, parmi ceux ouverts dans la période. Les jours sans ticket ne sont pas listés.',
    en: 'Per calendar day: tickets opened that day; tickets resolved that day and still so, among those opened in the period. Days without tickets are not listed.',
  },
  async compute(db, filter) {
    const { rows } = await sql<FiguresView['perDay'][number]>`
      select to_char(day, 'YYYY-MM-DD') as day, sum(opened)::int as opened, sum(resolved)::int as resolved from (
        select (ticket.opened_at at time zone ${filter.timeZone})::date as day, 1 as opened, 0 as resolved from ticket where ${inScope(filter)}
        union all
        select (ticket.resolved_at at time zone ${filter.timeZone})::date, 0, 1 from ticket where ${inScope(filter)} and ${isResolved}
      ) as happened group by day order by day`.execute(db)
    return rows
  },
  tickets([day, what, ...rest], filter) {
    if (!z.iso.date().safeParse(day).success || rest.length > 0) return null
    if (what === 'opened') return sql`(ticket.opened_at at time zone ${filter.timeZone})::date = ${day}::date`
    if (what === 'resolved') return sql`(${isResolved} and (ticket.resolved_at at time zone ${filter.timeZone})::date = ${day}::date)`
    return null
  },
}

async function grouped(
  db: Kysely<Database>,
  filter: FiguresFilter,
  column: 'status' | 'priority',
): Promise<{ key: string | null; count: number }[]> {
  const key = sql.ref(`ticket.${column}`)
  const { rows } = await sql<{
    key: string | null
    count: number
  }>`select ${key}::text as key, count(*)::int as count from ticket where ${inScope(filter)} group by ${key} order by ${key} nulls last`.execute(
    db,
  )
  return rows
}
