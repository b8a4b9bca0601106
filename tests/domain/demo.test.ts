import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Bundle } from '#domain/bundle'
import { type Played, play } from '#domain/play'
import { Fact } from '#schema/fact'
import { TicketOpening } from '#schema/ticket'
import { type DemoScenario, demoHistory, demoLive } from '../../definitions/seed/demo.ts'
import { at } from './calendars.ts'
import { shippedBundle, sourceOf } from './shipped-bundle.ts'

const now = at('2026-11-24T15:00+01:00')
let bundle: Bundle
beforeAll(async () => {
  bundle = await shippedBundle()
})

let count = 0
const uuid = () => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`
const played = ({ reportedAt, channel, openedById, fields, steps }: DemoScenario): Played => {
  const opening = TicketOpening.parse({
    ticketId: uuid(),
    number: `INC-${count}`,
    kind: 'incident',
    channel,
    interactionId: null,
    openedById,
    fields,
  })
  return play(bundle, opening, reportedAt, steps, {
    until: now,
    calendarId: 'fr-business',
    newId: uuid,
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
  })
}

describe('the history of the demonstration', () => {
  it('is the same each time', () => expect(demoHistory(now)).toEqual(demoHistory(now)))
  it('names people who exist', () => {
    const people = new Set((JSON.parse(sourceOf('seed/people.json')) as { id: string }[]).map((p) => p.id))
    const named = [...demoHistory(now), ...demoLive(now)].flatMap((s) => [
      s.openedById,
      s.fields.requesterId,
      ...s.steps.map((step) => step.actorId),
    ])
    expect(named.filter((id) => !people.has(id))).toEqual([])
  })
  it('plays to its end: every step applies, facts keep the schema and the order of time', () => {
    const history = demoHistory(now, { count: 60 }).map(played)
    expect(history.filter(({ rehearsal }) => !rehearsal.isEnded).length).toBeLessThan(history.length / 20)
    expect(history.flatMap(({ skipped }) => skipped).length).toBeLessThan(history.length / 10)
    for (const { rehearsal } of history) {
      let last = 0
      for (const { fact } of rehearsal.record) {
        expect(Fact.safeParse(fact).error?.issues ?? [], JSON.stringify(fact)).toEqual([])
        expect(fact.at).toBeGreaterThanOrEqual(last)
        last = fact.at
      }
      expect(last).toBeLessThanOrEqual(now)
    }
    const types = new Set(history.flatMap(({ rehearsal }) => rehearsal.record.map(({ fact }) => fact.type)))
    for (const type of ['clockBreached', 'clockPaused', 'clockStopped', 'messageAdded', 'surveyAnswered', 'ticketChanged'] as const)
      expect(types).toContain(type)
  })
  it('shows a desk that keeps its word mostly, and not always: news and workarounds too', () => {
    const ended = demoHistory(now)
      .map(played)
      .filter(({ rehearsal }) => rehearsal.isEnded)
    const results = new Map<string, { met: number; missed: number }>()
    for (const { fact } of ended.flatMap(({ rehearsal }) => rehearsal.record)) {
      if (fact.type !== 'clockStopped') continue
      const clock = fact.clockId.split('.').slice(0, 2).join('.')
      const result = results.get(clock) ?? { met: 0, missed: 0 }
      results.set(clock, { met: result.met + Number(fact.isMet), missed: result.missed + Number(!fact.isMet) })
    }
    const share = (clock: string) => {
      const { met = 0, missed = 0 } = results.get(clock) ?? {}
      return met / (met + missed)
    }
    for (const clock of ['incident.firstResponse', 'incident.update', 'incident-ola.handling']) {
      expect(share(clock), clock).toBeGreaterThan(0.8)
      expect(share(clock), clock).toBeLessThan(1)
    }
    expect(share('incident.workaround')).toBeGreaterThanOrEqual(0.6)
  })
})

it('the live tickets end in every state', () => {
  const states = new Map<string, string[]>()
  for (const scenario of demoLive(now)) {
    const { rehearsal, skipped } = played({ ...scenario, steps: scenario.steps.map((step) => ({ ...step, after: 0, isBusiness: false })) })
    expect(skipped).toEqual([])
    states.set(scenario.name, [...(states.get(scenario.name) ?? []), rehearsal.desk.fields.status])
  }
  expect(Object.fromEntries([...states].map(([name, found]) => [name, [...new Set(found)].join()]))).toEqual({
    new: 'new',
    dueSoon: 'new',
    assigned: 'assigned',
    inProgress: 'inProgress',
    pending: 'pending',
    atSupplier: 'pending',
    resolved: 'resolved',
    closed: 'closed',
    reopened: 'inProgress',
  })
})
