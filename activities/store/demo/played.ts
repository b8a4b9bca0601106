/** One ticket of the demonstration's past: its life is played on a virtual clock, and recorded as history. */
import { randomUUID } from 'node:crypto'
import { workingCalendar } from '#domain/bundle'
import { play } from '#domain/play'
import type { Variables } from '#schema/json'
import { TicketOpening } from '#schema/ticket'
import type { DemoScenario } from '../../../definitions/seed/demo.ts'
import { sha256 } from '../canonical.ts'
import type { Trx } from '../database.ts'
import type { Composed } from '../definition/definitions.ts'
import { appendFacts } from '../facts.ts'
import { addMessage } from '../message/messages.ts'
import { nextNumber } from '../ticket/intake.ts'

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
  const calendarId = workingCalendar(bundle)?.id ?? ''
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
