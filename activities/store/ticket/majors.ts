import { sql } from 'kysely'
import type { Actor } from '#schema/role'
import type { Level } from '#schema/ticket'
import type { Db } from '../database.ts'
import { type NewTicket, openTicket } from './intake.ts'
import { linksOf, linkTickets } from './ticket-links.ts'

/** The process that a major incident lives on (ADR 0011): a ticket of its own, the parent of the incidents that it is about. */
export const majorProcessId = 'major-incident'
/** Until then a major incident gathers what resembles it. */
const gatheringMs = 24 * 3_600_000

export interface SimilarTo {
  ticketId: string
  /** What incidents have in common. Without one, nothing resembles it. */
  service: string | null
  /** UTC epoch ms. */
  openedAt: number
}

/** Incidents of the same service, opened within `windowMs` before the ticket, itself included; duplicates count, for each is somebody who is hit. */
export async function countSimilar(db: Db, ticket: SimilarTo, windowMs: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from ticket
    where ticket.kind = 'incident' and ticket.service = ${ticket.service} and ticket.status <> 'canceled'
      and ticket.opened_at between ${new Date(ticket.openedAt - windowMs)} and ${new Date(ticket.openedAt)}
      and not exists (select from instance where instance.ticket_id = ticket.id and instance.process_id = ${majorProcessId})`.execute(db)
  return rows[0]?.count ?? 0
}

export interface OpenMajor {
  id: string
  number: string
}

/** The major incident, or candidate, that still runs over the same service, the youngest. */
export async function openMajorLike(db: Db, ticket: SimilarTo): Promise<OpenMajor | null> {
  const { rows } = await sql<OpenMajor>`select ticket.id, ticket.number from ticket join instance on instance.ticket_id = ticket.id
    where instance.process_id = ${majorProcessId} and not instance.is_ended and ticket.status in ('new', 'assigned', 'inProgress', 'pending') and ticket.service = ${ticket.service}
      and ticket.opened_at > ${new Date(ticket.openedAt - gatheringMs)} order by ticket.opened_at desc limit 1`.execute(db)
  return rows[0] ?? null
}

/** The parent of a ticket, when that is a major incident. */
export async function majorOf(db: Db, ticketId: string): Promise<OpenMajor | null> {
  const parent = (await linksOf(db, ticketId, 'childOf')).find(({ direction }) => direction === 'out')
  if (!parent) return null
  const row = await db.selectFrom('instance').select('processId').where('ticketId', '=', parent.other.id).executeTakeFirst()
  return row?.processId === majorProcessId ? { id: parent.other.id, number: parent.other.number } : null
}

export interface MajorProposal {
  /** The incident that shows it. */
  incidentId: string
  /** Id of the major incident's ticket, decided beforehand: a repetition proposes nothing twice. */
  majorId: string
  linkId: string
  /** Why: words of an agent, or the code of the rule that fired. */
  reason: string
  actor: Actor
  at?: number
}

/** Opens the candidate, and makes the incident its child, in one transaction. Idempotent by the ids of the proposal. */
export async function proposeMajor(db: Db, proposal: MajorProposal): Promise<OpenMajor> {
  const { incidentId, majorId, linkId, reason, actor, at = Date.now() } = proposal
  const known = await db.selectFrom('ticket').select(['id', 'number']).where('id', '=', majorId).executeTakeFirst()
  if (known) return known
  const incident = await db
    .selectFrom('ticket')
    .select(['number', 'title', 'description', 'service', 'category', 'impact', 'urgency', 'priority', 'groupId'])
    .where('id', '=', incidentId)
    .executeTakeFirstOrThrow()
  const { number: incidentNumber, groupId: technicalGroupId, impact, urgency, ...same } = incident
  const candidate: NewTicket = {
    ticketId: majorId,
    kind: 'incident',
    processId: majorProcessId,
    channel: 'api',
    openedById: actor.id,
    at,
    fields: { ...same, requesterId: actor.id, impact: impact as Level | null, urgency: urgency as Level | null },
    extra: { incidentNumber, candidateReason: reason, technicalGroupId },
  }
  // an incident that has a parent already keeps it: the candidate names it as related
  const isChild = (await linksOf(db, incidentId, 'childOf')).some(({ direction }) => direction === 'out')
  const kind = isChild ? 'related' : 'childOf'
  const { number } = await openTicket(db, candidate, (trx) =>
    linkTickets(trx, { kind, fromId: incidentId, toId: majorId, actor, reason, linkId, at }),
  )
  return { id: majorId, number }
}
