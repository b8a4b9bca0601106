import { randomUUID } from 'node:crypto'
import { type Selectable, sql } from 'kysely'
import { type CallState, callState, type ReportedEvent } from '#domain/call'
import { channelRefusal } from '#domain/desk-type'
import type { CallEvent, Outcome } from '#schema/interaction'
import type { Json } from '#schema/json'
import { type Database, type Db, instant, json, maybeInstant, type Trx } from '../database.ts'
import { DeskRefused, deskOfNumber, numberForms } from '../record/desks.ts'
import { appendNext, type NewFact } from '../facts.ts'

export type Interaction = Selectable<Database['interaction']>
type Change = Partial<Interaction>

const plainJson = (value: unknown): Json => (value instanceof Date ? value.toISOString() : value === undefined ? null : (value as Json))

/** Changes an interaction, and records each field that changed in its own stream. */
export async function changeInteraction(trx: Trx, before: Interaction, change: Change, actorId: string, at: number): Promise<void> {
  const fields = (Object.keys(change) as (keyof Interaction)[]).filter(
    (field) => JSON.stringify(plainJson(before[field])) !== JSON.stringify(plainJson(change[field])),
  )
  if (fields.length === 0) return
  await trx
    .updateTable('interaction')
    .set(Object.fromEntries(fields.map((field) => [field, change[field]])))
    .where('id', '=', before.id)
    .execute()
  const facts: NewFact[] = fields.map((field) => ({
    actorId,
    fact: {
      type: 'recordChanged',
      at,
      noun: 'interaction',
      id: before.id,
      field,
      from: plainJson(before[field]),
      to: plainJson(change[field]),
    },
  }))
  await appendNext(trx, `interaction/${before.id}`, facts)
}

/** Whose number it is; undefined when nobody's, or several people's: a wrong name is worse than none. */
export async function personOfNumber(db: Db | Trx, number: string): Promise<string | undefined> {
  const forms = numberForms(number)
  const { rows } = await sql<{ id: string }>`
    select person.id from person where is_active and (regexp_replace(coalesce(phone, ''), '[^0-9+]', '', 'g') = any(${forms}::text[])
      or exists (select from person_phone where person_phone.person_id = person.id and person_phone.number = any(${forms}::text[]))) limit 2`.execute(
    db,
  )
  return rows.length === 1 ? rows[0]?.id : undefined
}

const reported = (row: { type: string; at: Date; body: unknown }): ReportedEvent => ({
  ...(row.body as Omit<ReportedEvent, 'type' | 'at'>),
  type: row.type as ReportedEvent['type'],
  at: row.at.getTime(),
})

async function agentOf(trx: Trx, agent: string | null): Promise<string | null> {
  if (agent === null) return null
  const row = await trx
    .selectFrom('person')
    .select('id')
    .where((eb) => eb.or([eb('id', '=', agent), eb(sql`lower(email)`, '=', agent.toLowerCase())]))
    .executeTakeFirst()
  return row?.id ?? null
}

/** The interaction's columns that a call's state decides. */
const columnsOf = (state: CallState, agentId: string | null) => ({
  direction: state.direction,
  queue: state.queue,
  agentId,
  address: state.direction === 'in' ? state.from : state.to,
  dialled: state.direction === 'in' ? state.to : state.from,
  offeredAt: instant(state.offeredAt),
  answeredAt: maybeInstant(state.answeredAt),
  abandonedAt: maybeInstant(state.abandonedAt),
  endedAt: maybeInstant(state.endedAt),
  wrappedUpAt: maybeInstant(state.wrappedUpAt),
  holdMs: state.holdMs,
})

/** A call that was answered after all is no longer abandoned; what an agent has noted of it stands. */
const dispositionOf = (before: string, state: CallState): string =>
  before === 'open' || before === 'abandoned' ? (state.abandonedAt === null ? 'open' : 'abandoned') : before

/**
 * Takes in one report about a call: the report is kept under (call, type, time), and the interaction computed anew from all of them. The same
 * report again changes nothing.
 * @throws DeskRefused when the desk of the dialled number takes no calls
 */
export function takeCallEvent(db: Db, event: CallEvent, actorId: string, now: number): Promise<{ interactionId: string; isNew: boolean }> {
  const { callId, type, at, extra: _, ...told } = event
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext(${`call/${callId}`}))`.execute(trx)
    const inserted = await trx
      .insertInto('callEvent')
      .values({ callId, type, at: new Date(at), body: json(told), receivedAt: instant(now) })
      .onConflict((on) => on.columns(['callId', 'type', 'at']).doNothing())
      .executeTakeFirst()
    const events = await trx.selectFrom('callEvent').select(['type', 'at', 'body']).where('callId', '=', callId).execute()
    const state = callState(events.map(reported))
    const before = await trx.selectFrom('interaction').selectAll().where('callId', '=', callId).forUpdate().executeTakeFirst()
    if (before) {
      const columns = columnsOf(state, (await agentOf(trx, state.agent)) ?? before.agentId)
      // what an agent noted by hand is not undone by a report that knows less
      const change: Change = {
        ...columns,
        wrappedUpAt: columns.wrappedUpAt ?? before.wrappedUpAt,
        disposition: dispositionOf(before.disposition, state),
        personId: before.personId ?? (columns.address ? ((await personOfNumber(trx, columns.address)) ?? null) : null),
      }
      if (inserted.numInsertedOrUpdatedRows) await changeInteraction(trx, before, change, actorId, now)
      return { interactionId: before.id, isNew: false }
    }
    return { interactionId: await newCall(trx, callId, state, actorId, now), isNew: true }
  })
}

async function newCall(trx: Trx, callId: string, state: CallState, actorId: string, now: number): Promise<string> {
  const columns = columnsOf(state, await agentOf(trx, state.agent))
  const desk = await deskOfNumber(trx, columns.dialled ?? '')
  const refused = desk ? channelRefusal(desk, 'phone') : null
  if (desk && refused) throw new DeskRefused(refused, desk)
  const id = randomUUID()
  const personId = columns.address ? ((await personOfNumber(trx, columns.address)) ?? null) : null
  const row = {
    ...columns,
    id,
    channel: 'phone',
    personId,
    subject: columns.address ?? callId,
    body: '',
    receivedAt: instant(state.offeredAt),
    disposition: dispositionOf('open', state),
    callId,
    deskId: desk?.id ?? null,
  }
  await trx.insertInto('interaction').values(row).execute()
  await appendNext(trx, `interaction/${id}`, [
    { actorId, fact: { type: 'recordChanged', at: now, noun: 'interaction', id, field: 'callId', from: null, to: callId } },
  ])
  return id
}

export interface WrapUp {
  outcome: Outcome
  note: string
  /** Who it was, when the number did not tell. */
  personId?: string | undefined
  subject?: string | undefined
}

/** What an agent notes after a contact. `answered`: solved without a ticket. @returns false when there is no such interaction */
export async function wrapUp(
  trx: Trx,
  before: Interaction,
  { outcome, note, personId, subject }: WrapUp,
  disposition: 'answered' | 'ticket',
  actorId: string,
  at: number,
): Promise<void> {
  const isLive = before.channel === 'phone' || before.channel === 'walkIn' || before.channel === 'chat'
  await changeInteraction(
    trx,
    before,
    {
      outcome,
      outcomeNote: note,
      disposition,
      agentId: before.agentId ?? actorId,
      ...(personId ? { personId } : {}),
      ...(subject ? { subject } : {}),
      ...(isLive && before.endedAt === null ? { endedAt: instant(at) } : {}),
      wrappedUpAt: before.wrappedUpAt ?? instant(at),
    },
    actorId,
    at,
  )
}
