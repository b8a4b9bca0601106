/** Lists of interactions: every channel, newest first. */
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { z } from 'zod'
import type { Actor } from '#schema/role'
import { ChannelId } from '#schema/ticket'
import { PersonRef } from '#schema/view'
import type { Db } from '../deps.ts'
import { CallFilter, callInteractions, callMetrics } from '../reports/call-figures.ts'
import { PageQuery, pageOf, readCursor, writeCursor } from './page.ts'
import { ofOwnDesks } from './visibility.ts'

const Instant = z.iso.datetime()
export const InteractionRow = z.object({
  id: z.string(),
  at: Instant,
  channel: ChannelId,
  direction: z.enum(['in', 'out']),
  subject: z.string(),
  body: z.string(),
  person: PersonRef.nullable(),
  address: z.string().nullable(),
  agent: PersonRef.nullable(),
  disposition: z.string(),
  outcome: z.string().nullable(),
  outcomeNote: z.string().nullable(),
  desk: z.object({ id: z.string(), name: z.object({ fr: z.string(), en: z.string() }) }).nullable(),
  queue: z.string().nullable(),
  dialled: z.string().nullable(),
  callId: z.string().nullable(),
  /** The visitor's number at the counter. */
  visitNumber: z.string().nullable(),
  offeredAt: Instant.nullable(),
  answeredAt: Instant.nullable(),
  abandonedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  wrappedUpAt: Instant.nullable(),
  holdMs: z.number(),
  ticketId: z.string().nullable(),
  number: z.string().nullable(),
})
export type InteractionRow = z.infer<typeof InteractionRow>

export const InteractionQuery = PageQuery.extend({
  ...CallFilter.shape,
  channel: ChannelId.optional(),
  state: z.enum(['open', 'answered', 'ticket', 'abandoned', 'automatic']).optional(),
  personId: z.string().max(100).optional(),
  ticketId: z.uuid().optional(),
  q: z.string().max(200).optional(),
  /** A figure: exactly the interactions that it counts. */
  metric: z.enum(callMetrics).optional(),
})
export type InteractionQuery = z.output<typeof InteractionQuery>

const automatic = ['bounce', 'autoReply', 'bulk', 'loop', 'flood']

function conditions(query: InteractionQuery, actor: Actor): RawBuilder<SqlBool> {
  const all = [ofOwnDesks(actor, 'interaction.desk_id')]
  if (query.metric) all.push(callInteractions(query.metric, CallFilter.parse({ ...query, channel: query.channel ?? 'phone' })))
  else {
    if (query.channel) all.push(sql<SqlBool>`interaction.channel = ${query.channel}`)
    if (query.deskId) all.push(sql<SqlBool>`coalesce(interaction.desk_id, (select id from desk where is_default)) = ${query.deskId}`)
    if (query.from) all.push(sql<SqlBool>`interaction.received_at >= ${query.from}`)
    if (query.to) all.push(sql<SqlBool>`interaction.received_at < ${query.to}`)
  }
  if (query.state === 'automatic') all.push(sql<SqlBool>`interaction.disposition = any(${automatic}::text[])`)
  else if (query.state) all.push(sql<SqlBool>`interaction.disposition = ${query.state}`)
  if (query.personId) all.push(sql<SqlBool>`interaction.person_id = ${query.personId}`)
  if (query.ticketId) all.push(sql<SqlBool>`interaction.ticket_id = ${query.ticketId}`)
  if (query.q?.trim()) {
    const like = `%${query.q.trim().replace(/[\\%_]/g, (c) => `\\${c}`)}%`
    all.push(
      sql<SqlBool>`(unaccent(interaction.subject || ' ' || coalesce(interaction.address, '') || ' ' || coalesce(person.name, '') || ' ' || coalesce(ticket.number, '')) ilike unaccent(${like}))`,
    )
  }
  return sql<SqlBool>`(${sql.join(
    all.map((c) => sql`(${c})`),
    sql` and `,
  )})`
}

interface Row {
  id: string
  receivedAt: Date
  channel: ChannelId
  direction: 'in' | 'out'
  subject: string
  body: string
  personId: string | null
  personName: string | null
  agentId: string | null
  agentName: string | null
  address: string | null
  disposition: string
  outcome: string | null
  outcomeNote: string | null
  deskId: string | null
  deskNameFr: string | null
  deskNameEn: string | null
  queue: string | null
  dialled: string | null
  callId: string | null
  ticketCall: string | null
  offeredAt: Date | null
  answeredAt: Date | null
  abandonedAt: Date | null
  endedAt: Date | null
  wrappedUpAt: Date | null
  holdMs: number
  ticketId: string | null
  number: string | null
}

const columns = sql`interaction.id, date_trunc('milliseconds', interaction.received_at) as received_at, interaction.channel, interaction.direction, interaction.subject, left(interaction.body, 2000) as body, interaction.person_id, person.name as person_name,
  interaction.agent_id, agent.name as agent_name, interaction.address, interaction.disposition, interaction.outcome, interaction.outcome_note, desk.id as desk_id, desk.name_fr as desk_name_fr, desk.name_en as desk_name_en, interaction.queue, interaction.dialled,
  interaction.call_id, interaction.ticket_call, interaction.offered_at, interaction.answered_at, interaction.abandoned_at, interaction.ended_at, interaction.wrapped_up_at, interaction.hold_ms, interaction.ticket_id, ticket.number`
const source = sql`interaction left join person on person.id = interaction.person_id left join person agent on agent.id = interaction.agent_id left join ticket on ticket.id = interaction.ticket_id
  left join desk on desk.id = coalesce(interaction.desk_id, (select id from desk standard where standard.is_default))`

const ref = (id: string | null, name: string | null) => (id ? { id, name: name ?? id } : null)
const iso = (date: Date | null) => date?.toISOString() ?? null

const view = (r: Row): InteractionRow => ({
  id: r.id,
  at: r.receivedAt.toISOString(),
  channel: r.channel,
  direction: r.direction,
  subject: r.subject,
  body: r.body,
  person: ref(r.personId, r.personName),
  address: r.address,
  agent: ref(r.agentId, r.agentName),
  disposition: r.disposition,
  outcome: r.outcome,
  outcomeNote: r.outcomeNote,
  desk: r.deskId ? { id: r.deskId, name: { fr: r.deskNameFr ?? r.deskId, en: r.deskNameEn ?? r.deskId } } : null,
  queue: r.queue,
  dialled: r.dialled,
  callId: r.callId,
  visitNumber: r.ticketCall,
  offeredAt: iso(r.offeredAt),
  answeredAt: iso(r.answeredAt),
  abandonedAt: iso(r.abandonedAt),
  endedAt: iso(r.endedAt),
  wrappedUpAt: iso(r.wrappedUpAt),
  holdMs: r.holdMs,
  ticketId: r.ticketId,
  number: r.number,
})

/** One page; the total comes with the first page only. */
export async function listInteractions(db: Db, query: InteractionQuery, actor: Actor) {
  const after = query.cursor ? readCursor(query.cursor, z.tuple([z.iso.datetime(), z.uuid()])) : null
  const where = conditions(query, actor)
  const at = sql`date_trunc('milliseconds', interaction.received_at)`
  const { rows } = await sql<Row>`select ${columns} from ${source}
    where ${where} and ${after ? sql`(${at}, interaction.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql`true`}
    order by ${at} desc, interaction.id desc limit ${query.limit + 1}`.execute(db)
  const page = pageOf(rows, query.limit, view, (r) => writeCursor(r.receivedAt.toISOString(), r.id))
  if (after) return page
  const counted = await sql<{ total: number }>`select count(*)::int as total from ${source} where ${where}`.execute(db)
  return { ...page, total: counted.rows[0]?.total ?? 0 }
}

/** Undefined when there is none, or none that the actor may see. */
export async function readInteraction(db: Db, id: string, actor: Actor): Promise<InteractionRow | undefined> {
  const { rows } =
    await sql<Row>`select ${columns} from ${source} where interaction.id = ${id} and ${ofOwnDesks(actor, 'interaction.desk_id')}`.execute(
      db,
    )
  return rows[0] && view(rows[0])
}
