import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { judgeLink, type LinkRefusal, type StandingLink } from '#domain/ticket-links'
import type { Actor } from '#schema/role'
import type { TicketKind, TicketStatus } from '#schema/ticket'
import type { LinkDirection, LinkKind, LinkNote } from '#schema/ticket-link'
import { type Db, inTransaction, instant, type Trx } from '../database.ts'
import { orderCommand } from './ticket-commands.ts'
import { watchTicket } from './watchers.ts'

/**
 * Links between tickets (ADR 0011). A link is decided here, under one lock, and told in the streams of both tickets by two commands that are
 * ordered in the same transaction: a crash between them loses nothing, and the row is there for the next decision at once.
 */
export interface NewLink {
  /** "`fromId` is `kind` `toId`". */
  kind: LinkKind
  fromId: string
  toId: string
  actor: Actor
  reason?: string
  /** The same id is the same link: a repetition changes nothing. */
  linkId?: string
  /** UTC epoch ms; now when absent. */
  at?: number
}
export interface Linked {
  linkId: string
  /** Where the link leads: the original, when a duplicate of a duplicate was named. */
  toId: string
  isNew: boolean
}

/** The link may not be; `code` says why, `params` names the tickets. */
export class LinkRefused extends Error {
  override readonly name = 'LinkRefused'
  readonly code: LinkRefusal | 'unknownLink' | 'ticketNotFound'
  readonly params: Record<string, string>
  constructor(code: LinkRefused['code'], params: Record<string, string>) {
    super(`${code}: ${JSON.stringify(params)}`)
    this.code = code
    this.params = params
  }
}

interface End {
  id: string
  number: string
  kind: TicketKind
  requesterId: string
}

async function endOf(trx: Trx, id: string): Promise<End> {
  const row = await trx.selectFrom('ticket').select(['id', 'number', 'kind', 'requesterId']).where('id', '=', id).executeTakeFirst()
  if (!row) throw new LinkRefused('ticketNotFound', { id })
  return row as End
}

/** One decision about links at a time: two links that would close a circle together do not see one another otherwise. */
const lockLinks = (trx: Trx) => sql`select pg_advisory_xact_lock(hashtextextended('ticket-links', 6))`.execute(trx)

/** The links of a kind on either ticket, and upwards from both to the ends. */
async function linksAround(trx: Trx, kind: LinkKind, ids: readonly string[]): Promise<StandingLink[]> {
  const { rows } = await sql<StandingLink>`
    with recursive up as (
      select kind, from_id, to_id from ticket_link where kind = ${kind} and unlinked_at is null and (from_id = any(${ids}::uuid[]) or to_id = any(${ids}::uuid[]))
      union select l.kind, l.from_id, l.to_id from ticket_link l join up on l.from_id = up.to_id and l.kind = up.kind where l.unlinked_at is null)
    select * from up`.execute(trx)
  return rows
}

const notesOf = (link: { linkId: string; kind: LinkKind; reason: string }, from: End, to: End): [LinkNote, LinkNote] => [
  { ...link, direction: 'out', otherId: to.id, otherNumber: to.number },
  { ...link, direction: 'in', otherId: from.id, otherNumber: from.number },
]

/**
 * Links two tickets. The requester of a duplicate watches the original from then on.
 * @throws LinkRefused
 */
export function linkTickets(db: Db | Trx, link: NewLink): Promise<Linked> {
  return inTransaction(db, async (trx) => {
    const { kind, actor, reason = '', linkId = randomUUID(), at = Date.now() } = link
    await lockLinks(trx)
    const known = await trx.selectFrom('ticketLink').select(['id', 'toId']).where('id', '=', linkId).executeTakeFirst()
    if (known) return { linkId, toId: known.toId, isNew: false }
    const from = await endOf(trx, link.fromId)
    const named = await endOf(trx, link.toId)
    const verdict = judgeLink(kind, from, named, await linksAround(trx, kind, [from.id, named.id]))
    if (!verdict.ok) throw new LinkRefused(verdict.code, { from: from.number, to: named.number, kind })
    const to = verdict.toId === named.id ? named : await endOf(trx, verdict.toId)
    await trx
      .insertInto('ticketLink')
      .values({ id: linkId, kind, fromId: from.id, toId: to.id, reason, createdAt: instant(at), createdBy: actor.id })
      .execute()
    const [out, back] = notesOf({ linkId, kind, reason }, from, to)
    // the second first: who is told of the first finds the other side on its way already
    await orderCommand(trx, { ticketId: to.id, name: 'linkTicket', payload: back, actor, key: `link/${linkId}/in`, at })
    await orderCommand(trx, { ticketId: from.id, name: 'linkTicket', payload: out, actor, key: `link/${linkId}/out`, at })
    if (kind === 'duplicateOf' && from.requesterId !== to.requesterId)
      await watchTicket(trx, { ticketId: to.id, personId: from.requesterId, reason: from.number, actor, at })
    return { linkId, toId: to.id, isNew: true }
  })
}

/**
 * Takes a link back. What it set going (a ticket closed as a duplicate, a child resolved) stays.
 * @throws LinkRefused when there is no such link (any more)
 */
export function unlinkTickets(db: Db | Trx, unlink: { linkId: string; actor: Actor; reason: string; at?: number }): Promise<void> {
  return inTransaction(db, async (trx) => {
    const { linkId, actor, reason, at = Date.now() } = unlink
    await lockLinks(trx)
    const row = await trx
      .updateTable('ticketLink')
      .set({ unlinkedAt: instant(at), unlinkedBy: actor.id, unlinkReason: reason })
      .where('id', '=', linkId)
      .where('unlinkedAt', 'is', null)
      .returningAll()
      .executeTakeFirst()
    if (!row) throw new LinkRefused('unknownLink', { id: linkId })
    const [out, back] = notesOf({ linkId, kind: row.kind as LinkKind, reason }, await endOf(trx, row.fromId), await endOf(trx, row.toId))
    await orderCommand(trx, { ticketId: row.toId, name: 'unlinkTicket', payload: back, actor, key: `unlink/${linkId}/in`, at })
    await orderCommand(trx, { ticketId: row.fromId, name: 'unlinkTicket', payload: out, actor, key: `unlink/${linkId}/out`, at })
  })
}

export interface TicketLink {
  linkId: string
  kind: LinkKind
  direction: LinkDirection
  reason: string
  createdAt: Date
  other: { id: string; number: string; kind: TicketKind; title: string; status: TicketStatus; priority: number | null; requesterId: string }
}

interface LinkRow extends Omit<TicketLink, 'other'> {
  id: string
  number: string
  ticketKind: TicketKind
  title: string
  status: TicketStatus
  priority: number | null
  requesterId: string
}

/** The links that stand on a ticket, from its point of view, oldest first. */
export async function linksOf(db: Db | Trx, ticketId: string, kind?: LinkKind): Promise<TicketLink[]> {
  const { rows } =
    await sql<LinkRow>`select l.id as link_id, l.kind, case when l.from_id = ${ticketId}::uuid then 'out' else 'in' end as direction, l.reason, l.created_at,
      other.id, other.number, other.kind as ticket_kind, other.title, other.status, other.priority, other.requester_id
    from ticket_link l join ticket other on other.id = case when l.from_id = ${ticketId}::uuid then l.to_id else l.from_id end
    where (l.from_id = ${ticketId}::uuid or l.to_id = ${ticketId}::uuid) and l.unlinked_at is null ${kind ? sql`and l.kind = ${kind}` : sql``}
    order by l.created_at, l.id`.execute(db)
  return rows.map(({ linkId, kind, direction, reason, createdAt, ticketKind, ...other }) => ({
    linkId,
    kind,
    direction,
    reason,
    createdAt,
    other: { ...other, kind: ticketKind },
  }))
}

/** Open children of a ticket: those that are to be resolved with it. */
export const openChildrenOf = async (db: Db | Trx, ticketId: string): Promise<TicketLink['other'][]> =>
  (await linksOf(db, ticketId, 'childOf'))
    .filter(({ direction, other }) => direction === 'in' && !['resolved', 'closed', 'canceled'].includes(other.status))
    .map(({ other }) => other)
