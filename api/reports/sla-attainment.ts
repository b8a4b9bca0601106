import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { Metric } from '#schema/sla'
import type { FiguresView } from '#schema/view'
import { type FigureDefinition, inScope, isClockMissed } from './figure.ts'

export const slaAttainment: FigureDefinition<FiguresView['slaAttainment']> = {
  version: 2,
  title: { fr: 'Respect des engagements', en: 'SLA attainment' },
  formula: {
    fr: 'Par engagement envers les utilisateurs (SLA) : tickets tenus ÷ (tenus + manqués). Un délai dépassé et encore ouvert compte comme manqué ; un ticket dont un des délais est manqué l’est aussi. Les délais annulés ou en cours ne comptent pas.',
    en: 'Per metric promised to users (SLA): tickets met ÷ (met + breached). An open clock past its due instant counts as breached; a ticket with one breached clock is breached. Canceled clocks and those still in time do not count.',
  },
  async compute(db, filter) {
    const { rows } = await sql<{ metric: string; met: number; breached: number }>`
      select metric, (count(*) filter (where not is_missed and is_met))::int as met, (count(*) filter (where is_missed))::int as breached from (
        select clock.metric, clock.ticket_id, bool_or(${isClockMissed(filter.at)}) as is_missed, bool_or(clock.state = 'met') as is_met
        from clock join ticket on ticket.id = clock.ticket_id where ${inScope(filter)} and clock.kind = 'sla' and clock.state <> 'canceled' group by clock.metric, clock.ticket_id
      ) as outcomes group by metric having bool_or(is_missed or is_met) order by metric`.execute(db)
    return rows.map(({ metric, met, breached }) => ({ metric, met, breached, rate: met + breached === 0 ? null : met / (met + breached) }))
  },
  tickets([metric, outcome, ...rest], filter) {
    if (!Metric.safeParse(metric).success || rest.length > 0) return null
    const clocks = sql`select 1 from clock where clock.ticket_id = ticket.id and clock.kind = 'sla' and clock.metric = ${metric} and clock.state <> 'canceled'`
    const isMissed: RawBuilder<SqlBool> = sql`exists (${clocks} and ${isClockMissed(filter.at)})`
    if (outcome === 'breached') return isMissed
    return outcome === 'met' ? sql`(not ${isMissed} and exists (${clocks} and clock.state = 'met'))` : null
  },
}
