/** Meetings of the change advisory board: agenda, minutes, decisions that reach the changes they are about. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { checkMeeting, type Refusal } from '#domain/change/check'
import type { CabDecision, MeetingDraft } from '#schema/change'
import { publishMessage } from '../correlation/publish.ts'
import { type Db, inTransaction, instant, type Trx } from '../database.ts'
import { recordChanges } from './record-facts.ts'

export interface Meeting extends Omit<MeetingDraft, 'startsAt' | 'endsAt' | 'agendaOrder' | 'notes'> {
  id: string
  version: number
  startsAt: Date
  endsAt: Date
  state: 'planned' | 'held' | 'canceled'
  attendeeIds: string[]
  agendaOrder: string[]
  notes: string
}

export interface AgendaItem {
  ticketId: string
  number: string
  title: string
  risk: number | null
  plannedStart: Date | null
  plannedEnd: Date | null
  requesterId: string
  implementerId: string | null
  /** Still waiting for the board now. */
  isWaiting: boolean
  /** What this meeting said. */
  decision: CabDecision | null
  minutes: string | null
  votes: { approverId: string; decision: string }[]
}

const meetingOf = (row: Omit<Meeting, 'state'> & { state: string }): Meeting => ({ ...row, state: row.state as Meeting['state'] })

export async function listMeetings(db: Db | Trx): Promise<Meeting[]> {
  const rows = await db.selectFrom('cabMeeting').selectAll().orderBy('startsAt', 'desc').limit(100).execute()
  return rows.map(({ createdAt: _at, ...row }) => meetingOf(row))
}

export async function findMeeting(db: Db | Trx, id: string): Promise<Meeting | undefined> {
  const row = await db.selectFrom('cabMeeting').selectAll().where('id', '=', id).executeTakeFirst()
  return row && meetingOf(row)
}

/** The board's task, at which a change waits for it. */
const waits = sql`instance.active @> '[{"elementId":"cabApproval"}]'`

/** Changes that wait for the board in the order set for them, then those that the meeting has spoken about. A meeting that was held has only the latter. */
export async function agendaOf(db: Db | Trx, meeting: Meeting): Promise<AgendaItem[]> {
  const { rows } = await sql<Omit<AgendaItem, 'votes'> & { votes: AgendaItem['votes'] | null }>`
    select c.id as ticket_id, c.number, c.title, c.risk, c.planned_start, c.planned_end, c.requester_id, c.implementer_id, ${waits} as is_waiting, d.decision, d.minutes,
      (select jsonb_agg(jsonb_build_object('approverId', f.body->>'approverId', 'decision', f.body->>'decision') order by f.sequence)
        from fact f where f.stream_id = c.id::text and f.type = 'approvalDecided' and f.body->>'subject' = 'cab') as votes
    from change_record c join instance on instance.ticket_id = c.id left join cab_decision d on d.ticket_id = c.id and d.meeting_id = ${meeting.id}::uuid
    where d.meeting_id is not null or (${meeting.state === 'planned'} and not c.is_ended and ${waits})
    order by d.decision is not null, array_position(${meeting.agendaOrder}::text[], c.id::text) nulls last, c.risk desc nulls last, c.opened_at`.execute(
    db,
  )
  return rows.map((row) => ({ ...row, votes: row.votes ?? [] }))
}

export type MeetingSaved =
  | { ok: true; meeting: Meeting }
  | { ok: false; reason: 'notFound' | 'conflict' | 'over' }
  | { ok: false; reason: 'refused'; refusals: Refusal[] }

async function strangersAmong(trx: Trx, ids: readonly string[]): Promise<string[]> {
  const rows = await trx
    .selectFrom('person')
    .select('id')
    .where('id', 'in', [...ids])
    .where('isActive', '=', true)
    .execute()
  return ids.filter((id) => !rows.some((row) => row.id === id))
}

export function saveMeeting(
  db: Db | Trx,
  save: { id: string | null; version: number | null; draft: MeetingDraft; newId?: string },
  actorId: string,
  at = Date.now(),
): Promise<MeetingSaved> {
  return inTransaction(db, async (trx) => {
    const before = save.id === null ? null : ((await findMeeting(trx, save.id)) ?? null)
    if (save.id !== null && before === null) return { ok: false, reason: 'notFound' }
    if (before && before.state !== 'planned') return { ok: false, reason: 'over' }
    if (before && save.version !== null && before.version !== save.version) return { ok: false, reason: 'conflict' }
    const { title, startsAt, endsAt, location, chairId, quorum } = save.draft
    const memberIds = [...new Set(save.draft.memberIds)]
    // minutes are written when the meeting is over, before it is closed: only a new time must lie ahead
    const isSameTime = before?.startsAt.getTime() === Date.parse(startsAt) && before.endsAt.getTime() === Date.parse(endsAt)
    const refusals = checkMeeting(save.draft, at).filter(({ code }) => !(isSameTime && code === 'inThePast'))
    if ((await strangersAmong(trx, memberIds)).length > 0) refusals.push({ path: 'memberIds', code: 'personNotFound' })
    if (refusals.length > 0) return { ok: false, reason: 'refused', refusals }
    const id = save.id ?? save.newId ?? randomUUID()
    const { agendaOrder = before?.agendaOrder ?? [], notes = before?.notes ?? '' } = save.draft
    const after = {
      title,
      startsAt: new Date(startsAt),
      endsAt: new Date(endsAt),
      location,
      chairId,
      memberIds,
      quorum,
      agendaOrder,
      notes,
    }
    const version = await recordChanges(trx, { noun: 'cabMeeting', id, before: before && plainMeeting(before), after }, actorId, at)
    if (before)
      await trx
        .updateTable('cabMeeting')
        .set({ ...after, version })
        .where('id', '=', id)
        .execute()
    else
      await trx
        .insertInto('cabMeeting')
        .values({ id, ...after, version, state: 'planned', createdAt: instant(at) })
        .execute()
    return { ok: true, meeting: { ...after, id, version, state: 'planned', attendeeIds: before?.attendeeIds ?? [] } }
  })
}

const plainMeeting = ({ title, startsAt, endsAt, location, chairId, memberIds, quorum, agendaOrder, notes }: Meeting) => ({
  title,
  startsAt,
  endsAt,
  location,
  chairId,
  memberIds,
  quorum,
  agendaOrder,
  notes,
})

export type Concluded = { ok: true } | { ok: false; reason: 'notFound' | 'over' } | { ok: false; reason: 'refused'; refusals: Refusal[] }

/** A held or canceled meeting says no more. */
export function concludeMeeting(
  db: Db | Trx,
  conclude: { id: string; state: 'held' | 'canceled'; attendeeIds: string[]; notes: string },
  actorId: string,
  at = Date.now(),
): Promise<Concluded> {
  return inTransaction(db, async (trx) => {
    const meeting = await findMeeting(trx, conclude.id)
    if (!meeting) return { ok: false, reason: 'notFound' }
    if (meeting.state !== 'planned') return { ok: false, reason: 'over' }
    const { state, notes } = conclude
    const attendeeIds = [...new Set(conclude.attendeeIds)]
    if (state === 'held' && attendeeIds.some((id) => !meeting.memberIds.includes(id)))
      return { ok: false, reason: 'refused', refusals: [{ path: 'attendeeIds', code: 'notMember' }] }
    const before = { state: meeting.state, attendeeIds: meeting.attendeeIds, notes: meeting.notes }
    const version = await recordChanges(
      trx,
      { noun: 'cabMeeting', id: meeting.id, before, after: { state, attendeeIds, notes } },
      actorId,
      at,
    )
    await trx.updateTable('cabMeeting').set({ version, state, attendeeIds, notes }).where('id', '=', meeting.id).execute()
    return { ok: true }
  })
}

export interface SessionDecision {
  meetingId: string
  ticketId: string
  decision: CabDecision
  minutes: string
  attendeeIds: string[]
}
export type Decided =
  | { ok: true }
  | { ok: false; reason: 'notFound' | 'over' | 'notWaiting' | 'notChair' }
  | { ok: false; reason: 'refused'; refusals: Refusal[] }

/** Who is there decides: enough members, none of them for his own change. */
function checkSession(
  meeting: Meeting,
  attendeeIds: readonly string[],
  item: { requesterId: string; implementerId: string | null },
): Refusal[] {
  const found: Refusal[] = []
  if (attendeeIds.some((id) => !meeting.memberIds.includes(id))) found.push({ path: 'attendeeIds', code: 'notMember' })
  const voices = attendeeIds.filter((id) => id !== item.requesterId && id !== item.implementerId)
  if (voices.length < meeting.quorum) found.push({ path: 'attendeeIds', code: 'quorumNotReached' })
  return found
}

/**
 * Minutes what the board said of a change, and sends it to the change, in one transaction. Only the chair does.
 * The change may have been decided by votes meanwhile: it then no longer waits.
 */
export function decideInSession(db: Db | Trx, said: SessionDecision, actorId: string, at = Date.now()): Promise<Decided> {
  return inTransaction(db, async (trx) => {
    const meeting = await findMeeting(trx, said.meetingId)
    if (!meeting) return { ok: false, reason: 'notFound' }
    if (meeting.state !== 'planned') return { ok: false, reason: 'over' }
    if (meeting.chairId !== actorId) return { ok: false, reason: 'notChair' }
    const item = (await agendaOf(trx, meeting)).find(({ ticketId }) => ticketId === said.ticketId)
    if (!item?.isWaiting) return { ok: false, reason: 'notWaiting' }
    const attendeeIds = [...new Set(said.attendeeIds)]
    const refusals = said.decision === 'deferred' ? [] : checkSession(meeting, attendeeIds, item)
    if (refusals.length > 0) return { ok: false, reason: 'refused', refusals }
    const { meetingId, ticketId, decision, minutes } = said
    const version = await recordChanges(
      trx,
      {
        noun: 'cabMeeting',
        id: meetingId,
        before: { attendeeIds: meeting.attendeeIds, [item.number]: item.decision && { decision: item.decision, minutes: item.minutes } },
        after: { attendeeIds, [item.number]: { decision, minutes } },
      },
      actorId,
      at,
    )
    await trx.updateTable('cabMeeting').set({ version, attendeeIds }).where('id', '=', meetingId).execute()
    const row = { decision, minutes, decidedBy: actorId, decidedAt: instant(at) }
    await trx
      .insertInto('cabDecision')
      .values({ meetingId, ticketId, ...row })
      .onConflict((on) => on.columns(['meetingId', 'ticketId']).doUpdateSet(row))
      .execute()
    await publishMessage(trx, {
      name: 'cabDecided',
      correlationKey: ticketId,
      messageId: `${meetingId}/${version}`,
      variables: { cabDecision: decision, cabMinutes: minutes, cabMeetingId: meetingId, cabDecidedById: actorId },
      timeToLiveMs: 60_000,
      source: actorId,
      at,
    })
    return { ok: true }
  })
}

export type MinutesSaved = { ok: true } | { ok: false; reason: 'notFound' | 'over' | 'notChair' | 'notDecided' }

/** Words of the minutes are mended until the meeting is closed; what was decided is not. */
export function editMinutes(
  db: Db | Trx,
  edit: { meetingId: string; ticketId: string; minutes: string },
  actorId: string,
  at = Date.now(),
): Promise<MinutesSaved> {
  return inTransaction(db, async (trx) => {
    const { meetingId, ticketId, minutes } = edit
    const meeting = await findMeeting(trx, meetingId)
    if (!meeting) return { ok: false, reason: 'notFound' }
    if (meeting.state !== 'planned') return { ok: false, reason: 'over' }
    if (meeting.chairId !== actorId) return { ok: false, reason: 'notChair' }
    const item = (await agendaOf(trx, meeting)).find((one) => one.ticketId === ticketId)
    if (!item?.decision) return { ok: false, reason: 'notDecided' }
    const { number, decision } = item
    const change = { before: { [number]: { decision, minutes: item.minutes } }, after: { [number]: { decision, minutes } } }
    const version = await recordChanges(trx, { noun: 'cabMeeting', id: meetingId, ...change }, actorId, at)
    await trx.updateTable('cabMeeting').set({ version }).where('id', '=', meetingId).execute()
    await trx.updateTable('cabDecision').set({ minutes }).where('meetingId', '=', meetingId).where('ticketId', '=', ticketId).execute()
    return { ok: true }
  })
}
