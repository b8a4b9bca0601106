import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Bundle } from '#domain/bundle'
import { type Played, play } from '#domain/play'
import { type ClockChange, changePolicies, changesOf, recompute } from '#domain/recompute'
import type { Fact, FactOf } from '#schema/fact'
import { TicketOpening } from '#schema/ticket'
import { demoHistory } from '../../definitions/seed/demo.ts'
import { always, at, calendarOf, minutes } from './calendars.ts'
import { DeskRun } from './desk-run.ts'
import { shippedBundle } from './shipped-bundle.ts'

const now = at('2026-11-24T15:00+01:00')
let bundle: Bundle
beforeAll(async () => {
  bundle = await shippedBundle()
})
let count = 0
const uuid = () => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`
const openingOf = (fields: object, openedById = 'camille') =>
  TicketOpening.parse({
    ticketId: uuid(),
    number: `INC-${count}`,
    kind: 'incident',
    channel: 'portal',
    interactionId: null,
    openedById,
    fields,
  })
const factsOf = ({ rehearsal }: Pick<Played, 'rehearsal'>): Fact[] => rehearsal.record.map(({ fact }) => fact)

/** How each clock stands by its own facts alone. */
function recorded(facts: readonly Fact[]): Map<string, { state: string; dueAt: number | null }> {
  const clocks = new Map<string, { state: string; dueAt: number | null; isBreached?: boolean }>()
  for (const fact of facts) {
    if (!('clockId' in fact)) continue
    const clock = clocks.get(fact.clockId) ?? { state: 'running', dueAt: null }
    if (fact.type === 'clockStarted')
      Object.assign(clock, { state: fact.isPaused ? 'paused' : 'running', dueAt: fact.isPaused ? null : fact.dueAt })
    if (fact.type === 'clockPaused') Object.assign(clock, { state: clock.isBreached ? 'breached' : 'paused', dueAt: null })
    if (fact.type === 'clockResumed') Object.assign(clock, { state: clock.isBreached ? 'breached' : 'running', dueAt: fact.dueAt })
    if (fact.type === 'clockRetargeted' && clock.dueAt !== null) clock.dueAt = fact.dueAt
    if (fact.type === 'clockBreached') Object.assign(clock, { state: 'breached', isBreached: true })
    if (fact.type === 'clockStopped') clock.state = fact.isMet ? 'met' : 'breached'
    if (fact.type === 'clockCanceled') clock.state = 'canceled'
    clocks.set(fact.clockId, clock)
  }
  return new Map([...clocks].map(([id, { state, dueAt }]) => [id, { state, dueAt }]))
}

describe('a life told again', () => {
  it('under the same versions gives the same clocks', () => {
    const lives = demoHistory(now, { count: 120 }).map(({ reportedAt, openedById, fields, steps }) =>
      play(bundle, openingOf(fields, openedById), reportedAt, steps, {
        until: now,
        calendarId: 'fr-business',
        newId: uuid,
        sha256: (text) => createHash('sha256').update(text).digest('hex'),
      }),
    )
    let clocks = 0
    for (const life of lives) {
      const facts = factsOf(life)
      const again = recompute(bundle, facts, now)
      const told = new Map(again?.outcomes.map(({ clockId, outcome: { state, dueAt } }) => [clockId, { state, dueAt }]))
      const was = recorded(facts)
      for (const [id, { state, dueAt }] of was) {
        expect([id, told.get(id)?.state]).toEqual([id, state])
        if (state === 'running') expect(told.get(id)?.dueAt).toBe(dueAt)
        clocks++
      }
      expect([...told.keys()].sort()).toEqual([...was.keys()].sort())
    }
    expect(clocks).toBeGreaterThan(200)
  })
  it('of a stream without an opening is nothing', () => expect(recompute(bundle, [{ type: 'instanceCompleted', at: now }], now)).toBeNull())
})

describe('another version', () => {
  const monday = at('2026-11-23T09:00+01:00')
  const run = () =>
    new DeskRun(bundle, openingOf({ title: 'T', requesterId: 'camille', category: 'network', impact: 1, urgency: 1 }), monday)
  const withCalendar = (): Bundle => ({
    ...bundle,
    policies: bundle.policies.map((policy) => ({
      ...policy,
      version: 2,
      clocks: policy.clocks.map((clock) => ({ ...clock, calendarId: 'fr-business' })),
    })),
    calendars: { ...bundle.calendars, 'fr-business': { ...always, id: 'fr-business', version: 2 } },
  })
  const compare = (facts: readonly Fact[], to: Bundle, until: number): ClockChange[] =>
    changesOf(recompute(bundle, facts, until)?.outcomes ?? [], recompute(to, facts, until)?.outcomes ?? [])

  it('of the calendar makes of a met clock a missed one, and says which', () => {
    const life = run()
    // Friday evening to Monday is no time in office hours, and two days around the clock.
    life.goTo(at('2026-11-23T12:00+01:00'))
    life.assign('triage', 'alex')
    life.complete('triage', { triageOutcome: 'diagnose', impact: 1, urgency: 1, category: 'network', groupId: 'network' })
    const until = at('2026-11-24T08:00+01:00')
    life.goTo(until)
    const changes = compare(life.facts, withCalendar(), until)
    expect(changes.map(({ clockId, from, to }) => [clockId, from?.state, to?.state])).toContainEqual([
      'incident.resolution',
      expect.stringMatching(/running|breached/),
      'breached',
    ])
    expect(changes.every(({ to }) => to?.policyVersion === 2)).toBe(true)
  })
  it('that differs in its number only changes nothing', () => {
    const life = run()
    life.goTo(monday + minutes(30))
    const renumbered = { ...bundle, policies: bundle.policies.map((policy) => ({ ...policy, version: 9 })) }
    expect(compare(life.facts, renumbered, monday + minutes(30))).toEqual([])
  })
  it('with a clock more, or one less, shows it as new or gone', () => {
    const life = run()
    life.goTo(monday + minutes(10))
    const policy = bundle.policies.find(({ id }) => id === 'incident')
    if (!policy) throw new Error('expected a policy')
    const [first, ...rest] = policy.clocks
    if (!first) throw new Error('expected a clock')
    const other = {
      ...bundle,
      policies: [{ ...policy, clocks: [...rest, { ...first, id: 'again' }] }, ...bundle.policies.filter((one) => one !== policy)],
    }
    const changes = compare(life.facts, other, monday + minutes(10))
    expect(changes.filter(({ to }) => to === null).map(({ clockId }) => clockId)).toEqual([`incident.${first.id}`])
    expect(changes.filter(({ from }) => from === null).map(({ clockId }) => clockId)).toEqual(['incident.again'])
  })
  it('is taken over with its thresholds: what only the new promise has passed is raised, the rest is not', () => {
    const life = run()
    const until = at('2026-11-23T10:30+01:00')
    life.goTo(until)
    const calendar = calendarOf({ ...bundle.calendars['fr-business'], id: 'fr-business', version: 2 })
    const target = { decisionId: 'incident-targets', output: 'firstResponseMinutes' }
    const tight: Bundle = {
      ...bundle,
      calendars: { ...bundle.calendars, 'fr-business': calendar },
      policies: bundle.policies.map((policy) => ({ ...policy, version: 2, clocks: policy.clocks.map((clock) => ({ ...clock, target })) })),
    }
    const after = recompute(tight, life.facts, until)
    if (!after) throw new Error('expected a recomputation')
    const changes = compare(life.facts, tight, until)
    const step = changePolicies(
      tight,
      life.desk,
      { fromHash: 'a', toHash: 'b', operationId: 'o', reason: 'shorter', atSequence: 1, versions: [], desk: after.desk, changes },
      until,
    )
    const codes = step.inputs.flatMap((input) => (input.type === 'escalation' ? [input.code] : []))
    expect(codes).toEqual(expect.arrayContaining(['sla.resolution.warning', 'sla.resolution.breach']))
    expect(codes.filter((code) => code.startsWith('sla.firstResponse'))).toEqual([])
    const said = step.facts.filter((fact): fact is FactOf<'clockRecomputed'> => fact.type === 'clockRecomputed')
    expect(said.find(({ clockId }) => clockId === 'incident.resolution')).toMatchObject({
      from: { state: 'running' },
      to: { state: 'breached' },
    })
    expect(step.facts[0]).toMatchObject({ type: 'policiesChanged', reason: 'shorter', toHash: 'b' })
  })
})
