/** Calls, visits and messages of the demonstration, once: taken in as the telephone system, the kiosk and the chat would report them. */
import { demoCalls, demoMessages, demoPhones, demoVisits } from '../../../definitions/seed/contact-stories.ts'
import { takeMessage } from '../contact/contacts.ts'
import { type Db, instant } from '../database.ts'
import { isDemoLoaded, markDemoLoaded } from './history.ts'
import { getDesk } from '../record/desks.ts'
import { changeInteraction, takeCallEvent, wrapUp } from '../contact/interactions.ts'
import { takeNumber } from '../contact/walk-in.ts'

const minuteMs = 60_000
const cti = 'system'

async function loadCalls(db: Db, now: number, count?: number): Promise<number> {
  const calls = demoCalls(now, count)
  for (const call of calls) {
    const { callId, deskNumber: to, from, queue, agentId: agent, offeredAt, talkSeconds } = call
    const at = (ms: number) => new Date(ms).toISOString()
    const told = { callId, from, to, queue, direction: 'in' as const }
    const answeredAt = offeredAt + call.waitSeconds * 1_000
    const { interactionId } = await takeCallEvent(db, { ...told, type: 'offered', at: at(offeredAt) }, cti, offeredAt)
    if (talkSeconds === null) {
      await takeCallEvent(db, { ...told, type: 'abandoned', at: at(answeredAt) }, cti, answeredAt)
      continue
    }
    const endedAt = answeredAt + (talkSeconds + call.holdSeconds) * 1_000
    await takeCallEvent(db, { ...told, agent, type: 'answered', at: at(answeredAt) }, cti, answeredAt)
    if (call.holdSeconds > 0) {
      const heldAt = answeredAt + 20_000
      await takeCallEvent(db, { ...told, agent, type: 'held', at: at(heldAt) }, cti, heldAt)
      await takeCallEvent(db, { ...told, agent, type: 'resumed', at: at(heldAt + call.holdSeconds * 1_000) }, cti, heldAt)
    }
    await takeCallEvent(db, { ...told, agent, type: 'ended', at: at(endedAt) }, cti, endedAt)
    await db.transaction().execute(async (trx) => {
      const before = await trx.selectFrom('interaction').selectAll().where('id', '=', interactionId).executeTakeFirstOrThrow()
      const noted = { outcome: call.outcome, note: '', subject: call.subject }
      await wrapUp(trx, before, noted, 'answered', agent, endedAt + call.wrapUpSeconds * 1_000)
    })
  }
  return calls.length
}

async function loadVisits(db: Db, now: number): Promise<void> {
  const desk = await getDesk(db, 'it')
  if (!desk) return
  for (const visit of demoVisits) {
    const came = now - visit.minutesAgo * minuteMs
    const { id } = await takeNumber(db, desk, { subject: visit.subject, personId: visit.personId, name: visit.name }, came)
    if (visit.servedAfterMinutes === null) continue
    const answered = came + visit.servedAfterMinutes * minuteMs
    await db.transaction().execute(async (trx) => {
      const before = await trx.selectFrom('interaction').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
      await changeInteraction(
        trx,
        before,
        { answeredAt: instant(answered), calledAt: instant(answered), agentId: 'ines' },
        'ines',
        answered,
      )
      const called = await trx.selectFrom('interaction').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
      await wrapUp(trx, called, { outcome: 'solved', note: '' }, 'answered', 'ines', answered + visit.tookMinutes * minuteMs)
    })
  }
}

async function loadMessages(db: Db, now: number): Promise<void> {
  const desk = await getDesk(db, 'calls')
  for (const [n, message] of demoMessages.entries()) {
    const { channel, handle, phone, text, minutesAgo } = message
    const at = now - minutesAgo * minuteMs
    await takeMessage(
      db,
      { channel, conversationId: `demo-${n}`, messageId: '1', from: { handle, ...(phone ? { phone } : {}) }, text, at },
      desk,
      at,
    )
  }
}

/** @returns how many calls were taken in; 0 when they had been before, or there are no desks */
export async function loadDemoContacts(db: Db, now = Date.now(), count?: number): Promise<number> {
  if ((await isDemoLoaded(db, 'contacts')) || !(await getDesk(db, 'calls'))) return 0
  const calls = count ?? demoCalls(now).length
  await markDemoLoaded(db, 'contacts', calls, now)
  await db
    .insertInto('personPhone')
    .values(demoPhones)
    .onConflict((on) => on.column('number').doNothing())
    .execute()
  await loadVisits(db, now)
  await loadMessages(db, now)
  return loadCalls(db, now, count)
}
