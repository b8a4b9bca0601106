import { sql } from 'kysely'
import type { FiguresView } from '#schema/view'
import { type FigureDefinition, inScope, isResolved, wasReopened, wasResolved } from './figure.ts'

export const mttr: FigureDefinition<FiguresView['mttr']> = {
  version: 1,
  title: { fr: 'Délai de résolution', en: 'Time to resolve' },
  formula: {
    fr: "Résolution − ouverture, en temps d'horloge (attentes comprises), sur les tickets résolus ou clos dont l’instant de résolution est connu ; la dernière résolution compte. Médiane et 90ᵉ centile par interpolation linéaire, et moyenne.",
    en: 'Resolved − opened, in wall time (waiting included), over the tickets resolved or closed at a known instant; the last resolution counts. Median and 90th percentile by linear interpolation, and the mean.',
  },
  async compute(db, filter) {
    const { rows } = await sql<FiguresView['mttr']>`
      select count(*)::int as "count", percentile_cont(0.5) within group (order by ms) as "medianMs", percentile_cont(0.9) within group (order by ms) as "p90Ms", avg(ms)::float8 as "meanMs"
      from (select (extract(epoch from ticket.resolved_at - ticket.opened_at) * 1000)::float8 as ms from ticket where ${inScope(filter)} and ${isResolved}) as durations`.execute(
      db,
    )
    return rows[0] ?? { count: 0, medianMs: null, p90Ms: null, meanMs: null }
  },
  tickets: (part) => (part.length === 0 ? isResolved : null),
}

export const reopenRate: FigureDefinition<FiguresView['reopenRate']> = {
  version: 1,
  title: { fr: 'Taux de réouverture', en: 'Reopen rate' },
  formula: {
    fr: 'Tickets résolus puis rouverts au moins une fois ÷ tickets résolus au moins une fois.',
    en: 'Tickets resolved and reopened at least once ÷ tickets resolved at least once.',
  },
  async compute(db, filter) {
    const { rows } = await sql<{ resolved: number; reopened: number }>`
      select count(*)::int as resolved, (count(*) filter (where ${wasReopened}))::int as reopened from ticket where ${inScope(filter)} and ${wasResolved}`.execute(
      db,
    )
    const { resolved, reopened } = rows[0] ?? { resolved: 0, reopened: 0 }
    return { resolved, reopened, rate: resolved === 0 ? null : reopened / resolved }
  },
  tickets([part, ...rest]) {
    if (rest.length > 0) return null
    if (part === 'resolved') return wasResolved
    return part === 'reopened' ? wasReopened : null
  },
}
