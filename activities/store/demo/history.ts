/** The past of the demonstration: generated tickets, played on a virtual clock and recorded as history, once. */
import { randomUUID } from 'node:crypto'
import { play } from '#domain/play'
import type { Variables } from '#schema/json'
import { systemActor } from '#schema/role'
import { TicketOpening } from '#schema/ticket'
import { demoHistory, type DemoScenario } from '../../../definitions/seed/demo.ts'
import { sha256 } from '../canonical.ts'
import type { Db, Trx } from '../database.ts'
import { type Composed, composeBundle } from '../definition/definitions.ts'
import { appendFacts, appendNext, readFacts } from '../facts.ts'
import { loadDemoMajor } from './major.ts'
import { nextNumber } from '../ticket/intake.ts'
import { majorProcessId } from '../ticket/majors.ts'
import { addMessage } from '../message/messages.ts'

/** The ledger says what of the demonstration was loaded. */
const demoStream = 'demo'

/** Whether this part of the demonstration was loaded before. */
export async function isDemoLoaded(db: Db | Trx, part: string): Promise<boolean> {
  const facts = await readFacts(db, demoStream, 0, 100)
  return facts.some(({ fact }) => fact.type === 'recordChanged' && fact.noun === 'demo' && fact.id === part)
}

export const markDemoLoaded = (db: Db | Trx, part: string, tickets: number, at = Date.now()) =>
  appendNext(db, demoStream, [
    { actorId: systemActor.id, fact: { type: 'recordChanged', at, noun: 'demo', id: part, field: 'tickets', from: null, to: tickets } },
  ])

/** A life to be played, with the values of its opening form. */
export type PlayedScenario = Omit<DemoScenario, 'channel' | 'fields'> & {
  channel: DemoScenario['channel'] | 'api'
  fields: DemoScenario['fields'] & { priority?: number }
  extra?: Variables
}

/** Records one played ticket; false when its life does not end before `now`. */
export async function recordPlayed(
  trx: Trx,
  scenario: PlayedScenario,
  { bundle, hash, version }: Composed,
  now: number,
  ticketId: string = randomUUID(),
): Promise<boolean> {
  const { reportedAt, channel, openedById, fields, steps, extra = {} } = scenario
  const draft = { ticketId, kind: 'incident', channel, interactionId: null, openedById, fields, extra } as const
  const calendarId = Object.keys(bundle.calendars)[0] ?? ''
  const options = { until: now, calendarId, newId: randomUUID, sha256 }
  // A number is given only to a ticket that stays: the play comes first, under a number that nobody sees.
  const rehearsed = play(bundle, TicketOpening.parse({ ...draft, number: 'INC-000000' }), reportedAt, steps, options)
  if (!rehearsed.rehearsal.isEnded) return false
  const number = await nextNumber(trx, 'incident', bundle.process.attributes.numberPrefix)
  const facts = rehearsed.rehearsal.record.map(({ actorId, fact }) => ({ actorId, fact: numbered(fact, number) }))
  await trx
    .insertInto('instance')
    .values({ ticketId, processId: bundle.process.processId, processVersion: version, bundleHash: hash })
    .execute()
  for (const message of rehearsed.messages) await addMessage(trx, { ...message, ticketId, channel: 'portal', isRecorded: true })
  await appendFacts(trx, ticketId, 1, facts, { isSilent: true, recordedAt: now })
  return true
}

type AnyFact = Parameters<typeof appendFacts>[3][number]['fact']

/** The ticket's own number, where its facts carry it. */
export function numbered(fact: AnyFact, number: string): AnyFact {
  if (fact.type === 'ticketOpened') return { ...fact, opening: { ...fact.opening, number } }
  if (fact.type === 'variableChanged' && fact.name === 'number') return { ...fact, to: number }
  return fact
}

/**
 * Loads the history of the demonstration, all or nothing, unless the desk has it or has tickets of its own already.
 * @returns how many tickets were recorded.
 */
export async function loadDemoHistory(db: Db, now = Date.now(), count?: number): Promise<number> {
  const [composed, major] = [await composeBundle(db, 'incident'), await composeBundle(db, majorProcessId)]
  return db.transaction().execute(async (trx) => {
    if (await isDemoLoaded(trx, 'history')) return 0
    if (await trx.selectFrom('ticket').select('id').limit(1).executeTakeFirst()) return 0
    let tickets = 0
    for (const scenario of demoHistory(now, count === undefined ? {} : { count }))
      if (await recordPlayed(trx, scenario, composed, now)) tickets += 1
    tickets += await loadDemoMajor(trx, major, composed, now)
    await markDemoLoaded(trx, 'history', tickets, now)
    return tickets
  })
}
