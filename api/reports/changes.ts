import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { countedOutcomes, goodOutcomes } from '#schema/change'
import type { FiguresView } from '#schema/view'
import { type FigureDefinition, inScope } from './figure.ts'

const isChange = sql<SqlBool>`ticket.kind = 'change'`
/** Made and closed: a change that was not made counts neither way. */
const wasMade = sql<SqlBool>`(ticket.kind = 'change' and ticket.status = 'closed' and ticket.resolution_code in (${sql.join([...countedOutcomes])}))`
const wentWell = sql<SqlBool>`(${wasMade} and ticket.resolution_code in (${sql.join([...goodOutcomes])}))`
/** What a change is lies in its opening, so it cannot change. */
const isEmergency = sql<SqlBool>`(${isChange} and ticket.extra ->> 'changeType' = 'emergency')`
const isCaused = sql<SqlBool>`(ticket.kind = 'incident' and exists (select from ticket_link l join ticket cause on cause.id = l.to_id
  where l.from_id = ticket.id and l.kind = 'causedBy' and l.unlinked_at is null and cause.kind = 'change'))`

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)
const ofTeam = (groupId: string): RawBuilder<SqlBool> =>
  groupId === 'none' ? sql`ticket.group_id is null` : sql`ticket.group_id = ${groupId}`

export const changeSuccess: FigureDefinition<FiguresView['changeSuccess']> = {
  version: 1,
  title: { fr: 'Changements réussis, par équipe', en: 'Successful changes, by team' },
  formula: {
    fr: 'Changements clos comme réussis (avec ou sans difficultés) ÷ changements réalisés et clos, par groupe. Un changement non réalisé ne compte pas.',
    en: 'Changes closed as successful (with issues or without) ÷ changes made and closed, by group. A change that was not made does not count.',
  },
  async compute(db, filter) {
    const { rows } = await sql<{ groupId: string | null; name: string | null; closed: number; successful: number }>`
      select ticket.group_id as "groupId", support_group.name, count(*)::int as closed, (count(*) filter (where ${wentWell}))::int as successful
      from ticket left join support_group on support_group.id = ticket.group_id where ${inScope(filter)} and ${wasMade}
      group by ticket.group_id, support_group.name order by count(*) desc, ticket.group_id`.execute(db)
    return rows.map((row) => ({ ...row, groupId: row.groupId ?? 'none', rate: share(row.successful, row.closed) }))
  },
  tickets([groupId, part, ...rest]) {
    if (groupId === undefined || rest.length > 0) return null
    if (part === 'closed') return sql`(${wasMade} and ${ofTeam(groupId)})`
    return part === 'successful' ? sql`(${wentWell} and ${ofTeam(groupId)})` : null
  },
}

export const changeEmergency: FigureDefinition<FiguresView['changeEmergency']> = {
  version: 1,
  title: { fr: 'Part des urgences', en: 'Share of emergencies' },
  formula: {
    fr: 'Changements d’urgence ÷ tous les changements ouverts dans la période, changements constatés sans autorisation compris.',
    en: 'Emergency changes ÷ all changes opened in the period, those found without authorisation included.',
  },
  async compute(db, filter) {
    const { rows } = await sql<{ changes: number; emergencies: number }>`
      select count(*)::int as changes, (count(*) filter (where ${isEmergency}))::int as emergencies from ticket where ${inScope(filter)} and ${isChange}`.execute(
      db,
    )
    const { changes, emergencies } = rows[0] ?? { changes: 0, emergencies: 0 }
    return { changes, emergencies, share: share(emergencies, changes) }
  },
  tickets([part, ...rest]) {
    if (rest.length > 0) return null
    if (part === 'changes') return isChange
    return part === 'emergencies' ? isEmergency : null
  },
}

export const changeIncidents: FigureDefinition<FiguresView['changeIncidents']> = {
  version: 1,
  title: { fr: 'Incidents causés par des changements', en: 'Incidents caused by changes' },
  formula: {
    fr: 'Nombre d’incidents ouverts dans la période et liés à un changement comme causés par lui.',
    en: 'Number of incidents opened in the period that are linked to a change as caused by it.',
  },
  async compute(db, filter) {
    const { rows } = await sql<{
      count: number
    }>`select count(*)::int as count from ticket where ${inScope(filter)} and ${isCaused}`.execute(db)
    return rows[0]?.count ?? 0
  },
  tickets: (part) => (part.length === 0 ? isCaused : null),
}
