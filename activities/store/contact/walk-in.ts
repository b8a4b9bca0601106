/** The queue at the counter: visitors take a number, agents call the next. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { estimatedWaitMs } from '#domain/call'
import { channelRefusal } from '#domain/desk-type'
import type { Desk } from '#schema/desk'
import { type Db, instant, type Trx } from '../database.ts'
import { DeskRefused } from '../record/desks.ts'
import { appendNext } from '../facts.ts'
import { changeInteraction, type Interaction } from './interactions.ts'

const hourMs = 3_600_000
/** Visits whose duration tells how long the next ones take. */
const sampleSize = 20

export interface QueueState {
  waiting: { id: string; number: string; subject: string; since: Date; personName: string | null }[]
  /** Called lately, newest first. */
  called: { number: string; at: Date }[]
  meanVisitMs: number | null
  servers: number
}

const waitingOf = (db: Db | Trx, deskId: string) =>
  db
    .selectFrom('interaction')
    .leftJoin('person', 'person.id', 'interaction.personId')
    .where('interaction.deskId', '=', deskId)
    .where('interaction.channel', '=', 'walkIn')
    .where('interaction.ticketCall', 'is not', null)
    .where('interaction.answeredAt', 'is', null)
    .where('interaction.abandonedAt', 'is', null)
    .orderBy('interaction.offeredAt')
    .orderBy('interaction.id')

export async function queueState(db: Db | Trx, deskId: string, now: number): Promise<QueueState> {
  const [waiting, called, pace] = await Promise.all([
    waitingOf(db, deskId)
      .select([
        'interaction.id',
        'interaction.ticketCall as number',
        'interaction.subject',
        'interaction.offeredAt as since',
        'person.name as personName',
      ])
      .limit(200)
      .execute(),
    db
      .selectFrom('interaction')
      .select(['ticketCall as number', 'answeredAt as at'])
      .where('deskId', '=', deskId)
      .where('channel', '=', 'walkIn')
      .where('ticketCall', 'is not', null)
      .where('answeredAt', '>', instant(now - hourMs))
      .orderBy('answeredAt', 'desc')
      .limit(4)
      .execute(),
    sql<{ mean: number | null; servers: number }>`
      select (select avg(extract(epoch from ended_at - answered_at) * 1000)::float8 from (select ended_at, answered_at from interaction where desk_id = ${deskId} and channel = 'walkIn' and ended_at is not null and answered_at is not null
          order by ended_at desc limit ${sampleSize}) served) as mean,
        (select count(distinct agent_id)::int from interaction where desk_id = ${deskId} and channel = 'walkIn' and answered_at > ${instant(now - hourMs)}) as servers`.execute(
      db,
    ),
  ])
  return {
    waiting: waiting.map((row) => ({ ...row, number: row.number ?? '', since: row.since ?? new Date(now) })),
    called: called.map((row) => ({ number: row.number ?? '', at: row.at ?? new Date(now) })),
    meanVisitMs: pace.rows[0]?.mean ?? null,
    servers: pace.rows[0]?.servers ?? 0,
  }
}

export const waitOf = (state: QueueState, position: number): number => estimatedWaitMs(position, state.servers, state.meanVisitMs)

/** A001, A002, ... anew each day of the desk. */
async function nextCall(trx: Trx, deskId: string, now: number, timeZone: string): Promise<string> {
  const day = new Intl.DateTimeFormat('en-CA', { timeZone }).format(now)
  const row = await trx
    .insertInto('counter')
    .values({ name: `walkIn/${deskId}/${day}`, value: 1 })
    .onConflict((on) => on.column('name').doUpdateSet({ value: sql<number>`counter.value + 1` }))
    .returning('value')
    .executeTakeFirstOrThrow()
  return `A${String(row.value).padStart(3, '0')}`
}

/** @throws DeskRefused when the desk receives nobody */
export function takeNumber(
  db: Db,
  desk: Desk,
  visit: { subject: string; personId: string | null; name: string | null },
  now: number,
  timeZone = 'Europe/Paris',
): Promise<{ id: string; number: string }> {
  const refused = channelRefusal(desk, 'walkIn')
  if (refused) throw new DeskRefused(refused, desk)
  return db.transaction().execute(async (trx) => {
    const number = await nextCall(trx, desk.id, now, timeZone)
    const id = randomUUID()
    await trx
      .insertInto('interaction')
      .values({
        id,
        channel: 'walkIn',
        personId: visit.personId,
        address: visit.name,
        subject: visit.subject,
        body: '',
        receivedAt: instant(now),
        offeredAt: instant(now),
        deskId: desk.id,
        queue: 'walkIn',
        ticketCall: number,
      })
      .execute()
    await appendNext(trx, `interaction/${id}`, [
      { actorId: 'system', fact: { type: 'recordChanged', at: now, noun: 'interaction', id, field: 'ticketCall', from: null, to: number } },
    ])
    return { id, number }
  })
}

/** Calls the visitor who has waited longest; two agents never call the same. Undefined: nobody waits. */
export function callNext(db: Db, deskId: string, agentId: string, now: number): Promise<Interaction | undefined> {
  return db.transaction().execute(async (trx) => {
    const row = await trx
      .selectFrom('interaction')
      .selectAll()
      .where('deskId', '=', deskId)
      .where('channel', '=', 'walkIn')
      .where('ticketCall', 'is not', null)
      .where('answeredAt', 'is', null)
      .where('abandonedAt', 'is', null)
      .orderBy('offeredAt')
      .orderBy('id')
      .limit(1)
      .forUpdate()
      .skipLocked()
      .executeTakeFirst()
    if (!row) return undefined
    await changeInteraction(trx, row, { answeredAt: instant(now), calledAt: instant(now), agentId }, agentId, now)
    return { ...row, answeredAt: instant(now), calledAt: instant(now), agentId }
  })
}

/** The visitor has left without being served. False: he was called already, or is unknown. */
export function leaveQueue(db: Db, deskId: string, id: string, now: number): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const row = await trx
      .selectFrom('interaction')
      .selectAll()
      .where('id', '=', id)
      .where('deskId', '=', deskId)
      .forUpdate()
      .executeTakeFirst()
    if (!row || row.channel !== 'walkIn' || row.answeredAt || row.abandonedAt) return false
    await changeInteraction(trx, row, { abandonedAt: instant(now), disposition: 'abandoned' }, 'system', now)
    return true
  })
}
