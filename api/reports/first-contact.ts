import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { FiguresView } from '#schema/view'
import { type FigureDefinition, inScope, isResolved } from './figure.ts'

/** Working on it again within this time is a follow-up. */
const followUpDays = 5

const told = (what: RawBuilder<unknown>) => sql<SqlBool>`exists (select from fact where fact.stream_id = ticket.id::text and ${what})`

/** Incidents that lived on a process of ours and are solved; the coordination of major ones and duplicates are no contacts. */
const isCounted = sql<SqlBool>`(ticket.kind = 'incident' and ${isResolved} and ticket.resolution_code is distinct from 'duplicate'
  and exists (select from instance where instance.ticket_id = ticket.id and instance.process_id <> 'major-incident'))`

/** It stayed with the group that it was first routed to. */
const isFirstLevel = sql<SqlBool>`(ticket.group_id is not distinct from coalesce((select fact.body->>'to' from fact
  where fact.stream_id = ticket.id::text and fact.type = 'ticketChanged' and fact.body->>'field' = 'groupId' order by fact.sequence limit 1), ticket.group_id))`

/** Solved while it was taken up: no diagnosis task, no question, no escalation by hand, never reopened, nothing that followed it soon. */
const isSolvedAtOnce = sql<SqlBool>`(ticket.reopen_count = 0 and ${isFirstLevel}
  and not ${told(sql`fact.type = 'elementActivated' and fact.element_id in ('resolve', 'requestInformation', 'notifyEscalatedGroup', 'notifyEscalatedManager')`)}
  and not exists (select from ticket later where later.extra->>'followsTicket' = ticket.number
    and later.opened_at < ticket.resolved_at + make_interval(days => ${followUpDays})))`

const solvable = sql<SqlBool>`(${isCounted} and ${isFirstLevel})`
const solved = sql<SqlBool>`(${isCounted} and ${isSolvedAtOnce})`

export const firstContact: FigureDefinition<FiguresView['firstContact']> = {
  version: 1,
  title: { fr: 'Résolution au premier contact', en: 'First-contact resolution' },
  formula: {
    fr: `Incidents résolus dès la prise en charge (sans diagnostic ultérieur, question, escalade, réouverture, ni nouveau ticket à leur suite dans les ${followUpDays} jours) ÷ incidents résolus par le premier groupe saisi, donc solubles au niveau 1 (brut : ÷ tous les incidents résolus). Sans les doublons, ni les incidents majeurs, ni les tickets importés.`,
    en: `Incidents resolved while taken up (no later diagnosis, question, escalation, reopening, nor a new ticket following within ${followUpDays} days) ÷ incidents resolved by the first group they were routed to, hence solvable at level 1 (gross: ÷ all resolved incidents). Without duplicates, major incidents and imported tickets.`,
  },
  async compute(db, filter) {
    const { rows } = await sql<{ solved: number; solvable: number; all: number }>`
      select (count(*) filter (where ${isSolvedAtOnce}))::int as solved, (count(*) filter (where ${isFirstLevel}))::int as solvable, count(*)::int as "all"
      from ticket where ${inScope(filter)} and ${isCounted}`.execute(db)
    const counted = rows[0] ?? { solved: 0, solvable: 0, all: 0 }
    return {
      ...counted,
      net: counted.solvable === 0 ? null : counted.solved / counted.solvable,
      gross: counted.all === 0 ? null : counted.solved / counted.all,
    }
  },
  tickets([part, ...rest]) {
    if (rest.length > 0) return null
    if (part === 'solved') return solved
    if (part === 'solvable') return solvable
    return part === 'all' ? isCounted : null
  },
}
