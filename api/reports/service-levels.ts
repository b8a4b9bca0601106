/** Service levels by policy version, the time of the groups, and whose time it was that a breach used up. */
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { Metric, PolicyKind } from '#schema/sla'
import type { FiguresView } from '#schema/view'
import { type FigureDefinition, inScope, isClockMissed } from './figure.ts'

export const slaByPolicy: FigureDefinition<FiguresView['slaByPolicy']> = {
  version: 1,
  title: { fr: 'Respect par politique et version', en: 'Attainment by policy and version' },
  formula: {
    fr: 'Par politique, version et engagement, SLA, OLA et contrats fournisseurs à part : tickets tenus ÷ (tenus + manqués). Un délai dépassé et encore ouvert compte comme manqué ; un ticket dont un des délais est manqué l’est aussi. Les délais annulés ou en cours ne comptent pas.',
    en: 'By policy, version and metric, SLA, OLA and supplier contracts apart: tickets met ÷ (met + breached). An open clock past its due instant counts as breached; a ticket with one breached clock is breached. Canceled clocks and those still in time do not count.',
  },
  async compute(db, filter) {
    const { rows } = await sql<Omit<FiguresView['slaByPolicy'][number], 'rate'>>`
      select kind, policy_id as "policyId", policy_version as "policyVersion", metric, (count(*) filter (where not is_missed and is_met))::int as met, (count(*) filter (where is_missed))::int as breached from (
        select clock.kind, clock.policy_id, clock.policy_version, clock.metric, clock.ticket_id, bool_or(${isClockMissed(filter.at)}) as is_missed, bool_or(clock.state = 'met') as is_met
        from clock join ticket on ticket.id = clock.ticket_id where ${inScope(filter)} and clock.state <> 'canceled' group by 1, 2, 3, 4, 5
      ) as outcomes group by kind, policy_id, policy_version, metric having bool_or(is_missed or is_met)
      order by array_position(array['sla','ola','uc'], kind), policy_id, policy_version desc, metric`.execute(db)
    return rows.map((row) => ({ ...row, rate: rateOf(row) }))
  },
  tickets([kind, policyId, version, metric, outcome, ...rest], filter) {
    const isNamed = PolicyKind.safeParse(kind).success && Metric.safeParse(metric).success && /^\d{1,9}$/.test(version ?? '')
    if (!isNamed || policyId === undefined || rest.length > 0) return null
    return byOutcome(
      outcome,
      sql`clock.kind = ${kind} and clock.policy_id = ${policyId} and clock.policy_version = ${Number(version)} and clock.metric = ${metric}`,
      filter.at,
    )
  },
}

export const groupTime: FigureDefinition<FiguresView['groupTime']> = {
  version: 1,
  title: { fr: 'OLA : temps par groupe', en: 'OLA: time by group' },
  formula: {
    fr: 'Par groupe, sur ses propres horloges (une par passage du ticket dans le groupe, depuis qu’il le reçoit) : tickets tenus ÷ (tenus + manqués), et médiane et 90ᵉ centile du temps ouvré des passages terminés.',
    en: 'By group, over its own clocks (one for each time the group has the ticket, from when it gets it): tickets met ÷ (met + breached), with median and 90th percentile of the business time of finished spans.',
  },
  async compute(db, filter) {
    const { rows } = await sql<Omit<FiguresView['groupTime'][number], 'rate'>>`
      select outcomes.group_id as "groupId", coalesce(support_group.name, outcomes.group_id) as name, count(*)::int as tickets,
        (count(*) filter (where not is_missed and is_met))::int as met, (count(*) filter (where is_missed))::int as breached,
        max(spans.median)::float8 as "medianMs", max(spans.p90)::float8 as "p90Ms"
      from (select clock.group_id, clock.ticket_id, bool_or(${isClockMissed(filter.at)}) as is_missed, bool_or(clock.state = 'met') as is_met
        from clock join ticket on ticket.id = clock.ticket_id where ${inScope(filter)} and ${ofGroups} group by 1, 2) as outcomes
      left join (select clock.group_id, percentile_cont(0.5) within group (order by clock.elapsed_business_ms) as median, percentile_cont(0.9) within group (order by clock.elapsed_business_ms) as p90
        from clock join ticket on ticket.id = clock.ticket_id where ${inScope(filter)} and ${ofGroups} and clock.elapsed_business_ms is not null group by 1) as spans on spans.group_id = outcomes.group_id
      left join support_group on support_group.id = outcomes.group_id
      group by outcomes.group_id, support_group.name order by name`.execute(db)
    return rows.map((row) => ({ ...row, rate: rateOf(row) }))
  },
  tickets([groupId, outcome, ...rest], filter) {
    if (groupId === undefined || rest.length > 0) return null
    const ofGroup = sql`${ofGroups} and clock.group_id = ${groupId}`
    if (outcome === 'all') return sql<SqlBool>`exists (select 1 from clock where clock.ticket_id = ticket.id and ${ofGroup})`
    return byOutcome(outcome, ofGroup, filter.at)
  },
}

export const breachTime: FigureDefinition<FiguresView['breachTime']> = {
  version: 1,
  title: { fr: 'Dépassements : temps passé par groupe', en: 'Breaches: time spent by group' },
  formula: {
    fr: 'Pour chaque engagement (SLA) dépassé, temps ouvré pendant lequel chaque groupe avait le ticket, jusqu’au dépassement, additionné par groupe.',
    en: 'For every breached SLA clock, the business time during which each group had the ticket, until the breach, added up by group.',
  },
  async compute(db, filter) {
    const { rows } = await sql<FiguresView['breachTime'][number]>`
      select owned.key as "groupId", coalesce(max(support_group.name), owned.key) as name, count(distinct clock.ticket_id)::int as tickets, sum(owned.value::text::float8)::float8 as "ownedMs"
      from clock join ticket on ticket.id = clock.ticket_id, jsonb_each(clock.owned_ms) as owned left join support_group on support_group.id = owned.key
      where ${inScope(filter)} and ${isBreachedSla} and owned.value::text::float8 > 0 group by owned.key order by "ownedMs" desc`.execute(
      db,
    )
    return rows
  },
  tickets([groupId, ...rest]) {
    if (groupId === undefined || rest.length > 0) return null
    return sql<SqlBool>`exists (select 1 from clock where clock.ticket_id = ticket.id and ${isBreachedSla} and coalesce((clock.owned_ms ->> ${groupId})::float8, 0) > 0)`
  },
}

const ofGroups = sql<SqlBool>`clock.kind = 'ola' and clock.group_id is not null and clock.state <> 'canceled'`
const isBreachedSla = sql<SqlBool>`clock.kind = 'sla' and clock.breached_at is not null and clock.state <> 'canceled'`
const rateOf = ({ met, breached }: { met: number; breached: number }) => (met + breached === 0 ? null : met / (met + breached))

/** Tickets of which one such clock was missed; or none, and one met. */
function byOutcome(outcome: string | undefined, clocks: RawBuilder<unknown>, at: Date): RawBuilder<SqlBool> | null {
  const some = sql`select 1 from clock where clock.ticket_id = ticket.id and clock.state <> 'canceled' and ${clocks}`
  const isMissed = sql<SqlBool>`exists (${some} and ${isClockMissed(at)})`
  if (outcome === 'breached') return isMissed
  return outcome === 'met' ? sql<SqlBool>`(not ${isMissed} and exists (${some} and clock.state = 'met'))` : null
}
