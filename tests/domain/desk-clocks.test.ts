/** Clocks beyond the shipped incident's: of groups and suppliers, recurring, capped, counted from before their start. */
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Bundle } from '#domain/bundle'
import { addBusinessMs, businessMsBetween } from '#domain/calendar'
import { type DeskStep, openDesk, stepDesk, wakeDesk } from '#domain/desk/index'
import type { Fact, FactOf } from '#schema/fact'
import type { Json } from '#schema/json'
import { type ClockPolicy, SlaPolicy } from '#schema/sla'
import { TicketOpening } from '#schema/ticket'
import { always, anyCalendar, anyInstant, at, calendarOf, frBusiness, hours, minutes } from './calendars.ts'
import { shippedBundle } from './shipped-bundle.ts'

let shipped: Bundle
beforeAll(async () => {
  shipped = await shippedBundle()
})
const start = at('2026-11-24T09:00+01:00')
const night = calendarOf({ id: 'night', week: { '2': [{ from: '20:00', to: '24:00' }] } })

/** A policy of one clock; targets by the shipped table: four hours to resolve at priority 1. */
const bundleOf = (
  clock: object,
  policy: object = {},
  calendars: Bundle['calendars'] = { always, 'fr-business': frBusiness, night },
): Bundle => ({
  ...shipped,
  calendars,
  policies: [
    SlaPolicy.parse({
      id: 'p',
      version: 1,
      name: { fr: '', en: '' },
      ...policy,
      clocks: [
        {
          id: 'c',
          metric: 'resolution',
          calendarId: 'always',
          start: { statuses: ['new'] },
          stop: { statuses: ['resolved'] },
          cancel: { statuses: ['canceled'] },
          target: { decisionId: 'incident-targets', output: 'resolutionMinutes' },
          thresholds: [{ percent: 100, escalationCode: 'late' }],
          ...clock,
        },
      ],
    }),
  ],
})
const opening = (fields = {}) =>
  TicketOpening.parse({
    ticketId: '0b6f6b0e-6d0c-4b53-9f7c-1f5b6a3d2c11',
    number: 'INC-1',
    kind: 'incident',
    channel: 'portal',
    interactionId: null,
    openedById: 'camille',
    fields: { title: 'T', requesterId: 'camille', priority: 1, ...fields },
  })

/** One ticket, told what happens; facts and escalations so far, clocks only. */
class Life {
  step: DeskStep
  readonly facts: Fact[] = []
  readonly raised: string[] = []
  readonly #bundle: Bundle
  constructor(bundle: Bundle, fields = {}, when = start) {
    this.#bundle = bundle
    this.step = openDesk(bundle, opening(fields), when)
    this.#keep()
  }
  #keep() {
    this.facts.push(...this.step.facts.filter((fact) => 'clockId' in fact))
    for (const input of this.step.inputs) if (input.type === 'escalation') this.raised.push(input.code)
  }
  tell(when: number, ...facts: Fact[]): this {
    // As the workflow does: what is due before is said first.
    for (let due = this.step.dueAt; due !== null && due < when; due = this.step.dueAt) {
      this.step = wakeDesk(this.#bundle, this.step.desk, due)
      this.#keep()
    }
    this.step = stepDesk(this.#bundle, this.step.desk, facts, when)
    this.#keep()
    return this
  }
  set(when: number, values: Record<string, Json>): this {
    return this.tell(
      when,
      ...Object.entries(values).map(
        ([name, to]): Fact => ({ type: 'variableChanged', at: when, scopeKey: 'e1', isRoot: true, name, from: null, to }),
      ),
    )
  }
  say(when: number, direction: 'in' | 'out', authorId = 'alex'): this {
    return this.tell(when, {
      type: 'messageAdded',
      at: when,
      messageId: 'm',
      visibility: 'public',
      direction,
      authorId,
      channel: 'portal',
      sha256: '',
    })
  }
  get types(): string[] {
    return this.facts.map((fact) => fact.type)
  }
  of<T extends Fact['type']>(type: T): FactOf<T>[] {
    return this.facts.filter((fact): fact is FactOf<T> => fact.type === type)
  }
}

describe('a pause with a cap', () => {
  const supplier = { id: 'supplier', owner: 'supplier', when: { field: { name: 'pendingReason', in: ['supplier'] } } }
  it('names its reason and whose doing it is', () => {
    const life = new Life(bundleOf({ pauses: [supplier] })).set(start + hours(1), { pendingReason: 'supplier' })
    expect(life.of('clockPaused')).toMatchObject([{ reason: 'supplier', owner: 'supplier', remainingBusinessMs: hours(3) }])
  })
  it('ends by itself, to the minute, and the clock runs on while the reason lasts', () => {
    const life = new Life(bundleOf({ pauses: [{ ...supplier, maxMinutes: 120 }] })).set(start + hours(1), { pendingReason: 'supplier' })
    expect(life.step.dueAt).toBe(start + hours(3))
    life.tell(start + hours(8))
    expect(life.types).toEqual(['clockStarted', 'clockPaused', 'clockPauseCapped', 'clockBreached'])
    expect(life.of('clockPauseCapped')).toMatchObject([{ resumedAt: start + hours(3), dueAt: start + hours(6), lateMs: 0 }])
    expect(life.of('clockBreached')).toMatchObject([{ at: start + hours(6), lateMs: 0 }])
  })
  it('loses no breach when nobody looked in time, and says how late', () => {
    const life = new Life(bundleOf({ pauses: [{ ...supplier, maxMinutes: 60 }] })).set(start + hours(1), { pendingReason: 'supplier' })
    life.step = wakeDesk(bundleOf({ pauses: [{ ...supplier, maxMinutes: 60 }] }), life.step.desk, start + hours(9))
    expect(life.step.facts).toMatchObject([
      { type: 'clockPauseCapped', resumedAt: start + hours(2), lateMs: hours(7) },
      { type: 'clockBreached', lateMs: hours(4) },
    ])
  })
  it('counts what was used before, and refuses a pause when nothing is left', () => {
    const life = new Life(bundleOf({ pauses: [{ ...supplier, maxTotalMinutes: 60 }] }))
      .set(start + hours(1), { pendingReason: 'supplier' })
      .set(start + hours(1.5), { pendingReason: null })
      .set(start + hours(2), { pendingReason: 'supplier' })
    expect(life.of('clockPaused').map(({ capAt }) => capAt)).toEqual([start + hours(2), start + hours(2.5)])
    life.set(start + hours(3), { pendingReason: null }).set(start + hours(3.5), { pendingReason: 'supplier' })
    expect(life.types.slice(-1)).toEqual(['clockPauseCapped'])
    expect(life.of('clockPauseCapped').at(-1)).toMatchObject({ at: start + hours(3.5), dueAt: start + hours(5) })
  })
  it('changes hands when the reason does, and every reason has its own account', () => {
    const requester = { id: 'requester', owner: 'requester', when: { statuses: ['pending'] }, maxMinutes: 60 }
    const life = new Life(bundleOf({ pauses: [supplier, requester], maxPauseMinutes: 90 }))
      .set(start + hours(1), { status: 'pending' })
      .set(start + hours(1.5), { pendingReason: 'supplier' })
    expect(life.types).toEqual(['clockStarted', 'clockPaused', 'clockResumed', 'clockPaused'])
    expect(life.of('clockPaused').map(({ owner, capAt }) => [owner, capAt])).toEqual([
      ['requester', start + hours(2)],
      ['supplier', start + hours(2.5)],
    ])
  })
  it('is there from the start when the reason is', () => {
    const life = new Life(bundleOf({ pauses: [{ ...supplier, maxMinutes: 60 }] }), { pendingReason: 'supplier' })
    expect(life.types).toEqual(['clockStarted', 'clockPaused'])
    expect(life.step.dueAt).toBe(start + hours(1))
    expect(new Life(bundleOf({ pause: { statuses: ['new'] } })).of('clockStarted')).toMatchObject([{ isPaused: true }])
  })
})

describe('a recurring update', () => {
  const update = { metric: 'update', renew: { messageFrom: 'agent' } }
  it('is met by each public message and begins anew with it', () => {
    const life = new Life(bundleOf(update))
      .say(start + hours(1), 'out')
      .say(start + hours(2), 'in')
      .say(start + hours(4), 'out')
    expect(life.types).toEqual(['clockStarted', 'clockStopped', 'clockStarted', 'clockStopped', 'clockStarted'])
    expect(life.of('clockStopped').every(({ isMet }) => isMet)).toBe(true)
    expect(life.of('clockStarted').map(({ clockId }) => clockId)).toEqual(['p.c', 'p.c.2', 'p.c.3'])
    expect(life.step.dueAt).toBe(start + hours(8))
  })
  it('that came too late was missed; the next counts from it', () => {
    const life = new Life(bundleOf(update)).say(start + hours(5), 'out')
    expect(life.types).toEqual(['clockStarted', 'clockBreached', 'clockStopped', 'clockStarted'])
    expect(life.raised).toEqual(['late'])
  })
  it('is not what the desk sends by itself, and ends with the ticket', () => {
    const life = new Life(bundleOf(update))
      .say(start + hours(1), 'out', 'system')
      .set(start + hours(2), { status: 'resolved' })
      .say(start + hours(3), 'out')
    expect(life.types).toEqual(['clockStarted', 'clockStopped'])
  })
})

describe('a clock of a group', () => {
  const ola = { per: 'group', start: {}, pause: { statuses: ['pending'] } }
  it('starts when the group gets the ticket, not at the opening, and ends when it hands it on', () => {
    const life = new Life(bundleOf(ola, { kind: 'ola' }))
      .set(start + hours(1), { groupId: 'service-desk' })
      .set(start + hours(3), { groupId: 'network' })
    expect(life.types).toEqual(['clockStarted', 'clockStopped', 'clockStarted'])
    expect(life.of('clockStarted')).toMatchObject([
      { at: start + hours(1), groupId: 'service-desk', kind: 'ola', dueAt: start + hours(5) },
      { at: start + hours(3), groupId: 'network', dueAt: start + hours(7) },
    ])
    expect(life.of('clockStopped')).toMatchObject([{ isMet: true, elapsedBusinessMs: hours(2) }])
  })
  it('is a new one when the group gets the ticket back', () => {
    const life = new Life(bundleOf(ola), { groupId: 'service-desk' })
      .set(start + hours(1), { groupId: 'network' })
      .set(start + hours(2), { groupId: 'service-desk' })
    expect(life.of('clockStarted').map(({ clockId, dueAt }) => [clockId, dueAt])).toEqual([
      ['p.c', start + hours(4)],
      ['p.c.2', start + hours(5)],
      ['p.c.3', start + hours(6)],
    ])
  })
  it('is missed by the group that kept the ticket too long, not by the next', () => {
    const life = new Life(bundleOf(ola), { groupId: 'service-desk' })
      .set(start + hours(6), { groupId: 'network' })
      .set(start + hours(7), { status: 'resolved' })
    expect(life.of('clockBreached')).toMatchObject([{ clockId: 'p.c', ownedMs: { 'service-desk': hours(4) } }])
    expect(life.of('clockStopped').map(({ clockId, isMet }) => [clockId, isMet])).toEqual([
      ['p.c', false],
      ['p.c.2', true],
    ])
  })
  it('begins again when a resolved ticket comes back, and pauses like any other', () => {
    const life = new Life(bundleOf(ola), { groupId: 'network' })
      .set(start + hours(1), { status: 'resolved' })
      .set(start + hours(2), { status: 'inProgress' })
      .set(start + hours(3), { status: 'pending' })
    expect(life.types).toEqual(['clockStarted', 'clockStopped', 'clockStarted', 'clockPaused'])
  })
  it('is only of the groups that are named, on the calendar of each', () => {
    const calendar = { by: 'group', calendars: { network: 'night' } }
    const life = new Life(bundleOf({ ...ola, groups: ['network'], calendar }), { groupId: 'service-desk' }).set(start + hours(1), {
      groupId: 'network',
    })
    expect(life.of('clockStarted')).toMatchObject([{ groupId: 'network', calendarId: 'night', dueAt: at('2026-11-25T00:00+01:00') }])
  })
  it('says so when the group has no calendar, and runs on the policy’s', () => {
    const calendar = { by: 'group', calendars: { network: 'night' } }
    const life = new Life(bundleOf({ ...ola, calendar }), { groupId: 'service-desk' }).set(start + hours(1), { groupId: 'network' })
    const [first, second] = life.of('clockStarted')
    expect([first?.calendarId, first?.isCalendarFallback]).toEqual(['always', true])
    expect([second?.calendarId, second?.isCalendarFallback]).toEqual(['night', undefined])
  })
  it('of a group that passed the ticket on at once has no result', () => {
    const life = new Life(bundleOf(ola), { groupId: 'service-desk' }).set(start, { groupId: 'network' })
    expect(life.types).toEqual(['clockStarted', 'clockCanceled', 'clockStarted'])
  })
})

describe('a supplier’s contract', () => {
  const withSupplier = { field: { name: 'pendingReason', in: ['supplier'] } }
  const uc = { start: withSupplier, repeats: true, stop: { field: { name: 'pendingReason', notIn: ['supplier'] }, statuses: ['resolved'] } }
  it('runs from each hand-over to the supplier to its return', () => {
    const life = new Life(bundleOf(uc, { kind: 'uc', supplierId: 'acme' }))
      .set(start + hours(1), { pendingReason: 'supplier' })
      .set(start + hours(2), { pendingReason: null })
      .set(start + hours(3), { pendingReason: 'supplier' })
      .set(start + hours(8), { pendingReason: 'requester' })
    expect(life.of('clockStarted')).toMatchObject([{ kind: 'uc', supplierId: 'acme', at: start + hours(1) }, { at: start + hours(3) }])
    expect(life.of('clockStopped').map(({ isMet }) => isMet)).toEqual([true, false])
  })
})

describe('time before the start', () => {
  it('counts from the opening, without the pauses', () => {
    const life = new Life(bundleOf({ start: { statuses: ['inProgress'] }, countFrom: 'opening', pause: { statuses: ['pending'] } }), {
      groupId: 'service-desk',
    })
      .set(start + hours(1), { status: 'pending' })
      .set(start + hours(2), { status: 'assigned' })
      .set(start + hours(3), { status: 'inProgress' })
    expect(life.of('clockStarted')).toMatchObject([{ countedFrom: start, elapsedBusinessMs: hours(2), dueAt: start + hours(5) }])
    expect(life.step.desk.clocks[0]?.clock?.ownedMs).toEqual({ 'service-desk': hours(2) })
  })
  it('counts from an earlier fact', () => {
    const life = new Life(bundleOf({ start: { statuses: ['inProgress'] }, countFrom: { statuses: ['assigned'] } }))
      .set(start + hours(1), { status: 'assigned' })
      .set(start + hours(2), { status: 'inProgress' })
    expect(life.of('clockStarted')).toMatchObject([{ countedFrom: start + hours(1), dueAt: start + hours(5) }])
  })
  it('that uses up the target is a breach at once, with how late', () => {
    const life = new Life(bundleOf({ start: { statuses: ['inProgress'] }, countFrom: 'opening' }))
      .set(start + hours(6), { status: 'inProgress' })
      .tell(start + hours(6))
    expect(life.of('clockBreached')).toMatchObject([{ lateMs: hours(2) }])
  })
})

describe('what a policy looks at', () => {
  it('may be a root variable that is no field of the ticket', () => {
    const life = new Life(bundleOf({ stop: { field: { name: 'workaround' } }, pause: { field: { name: 'isFrozen', in: [true] } } }))
      .set(start + hours(1), { isFrozen: true })
      .set(start + hours(2), { isFrozen: false })
      .set(start + hours(3), { workaround: 'restart the printer' })
    expect(life.types).toEqual(['clockStarted', 'clockPaused', 'clockResumed', 'clockStopped'])
  })
  it('names its calendar, and falls back where there is none of that name', () => {
    const byVariable = bundleOf({ calendar: { by: 'variable', name: 'siteCalendarId' }, start: { statuses: ['assigned'] } })
    const startedOn = (value: Json) =>
      new Life(byVariable).set(start, { siteCalendarId: value }).set(start, { status: 'assigned' }).of('clockStarted')[0]?.calendarId
    expect([startedOn('night'), startedOn('moon'), startedOn(null)]).toEqual(['night', 'always', 'always'])
  })
})

describe('laws', () => {
  const lives = fc.array(
    fc.record({
      after: fc.integer({ min: 0, max: 4_000 }),
      what: fc.constantFrom('pending', 'inProgress', 'network', 'service-desk', 'say', 'nothing'),
    }),
    { maxLength: 8 },
  )
  const tell = (life: Life, when: number, what: string): Life => {
    if (what === 'say') return life.say(when, 'out')
    if (what === 'nothing') return life.tell(when)
    return what === 'pending' || what === 'inProgress' ? life.set(when, { status: what }) : life.set(when, { groupId: what })
  }
  const clock: Partial<ClockPolicy> = {
    calendarId: 'any',
    thresholds: [
      { percent: 50, escalationCode: 'half' },
      { percent: 100, escalationCode: 'late' },
      { percent: 150, escalationCode: 'very late' },
    ],
    pauses: [{ id: 'requester', owner: 'requester', when: { statuses: ['pending'] }, maxTotalMinutes: 600 }],
  }

  it('no threshold is lost and none comes twice, whatever happens, and the state survives JSON', () =>
    fc.assert(
      fc.property(anyCalendar, anyInstant, lives, (calendar, from, events) => {
        const any = { ...calendar, id: 'any' }
        const bundle = bundleOf(clock, {}, { any })
        const life = new Life(bundle, { groupId: 'service-desk' }, from)
        const late = new Life(bundle, { groupId: 'service-desk' }, from)
        let when = from
        for (const { after, what } of events) {
          when += minutes(after)
          tell(life, when, what)
          // The other is looked at only when something happens, and forgets all but its JSON in between.
          late.step = { ...late.step, dueAt: null, desk: JSON.parse(JSON.stringify(late.step.desk)) }
          tell(late, when, what)
        }
        const end = when + minutes(60_000)
        for (const one of [life, late]) one.set(end, { status: 'resolved' })
        expect(late.raised.filter((code) => code !== '')).toEqual(life.raised)
        expect(new Set(life.raised).size).toBe(life.raised.length)
        expect(late.step.desk.clocks[0]?.clock).toMatchObject({
          isBreached: life.step.desk.clocks[0]?.clock?.isBreached,
          elapsedMs: life.step.desk.clocks[0]?.clock?.elapsedMs,
          ahead: life.step.desk.clocks[0]?.clock?.ahead,
        })
      }),
      { numRuns: 40 },
    ))

  it('after its cap a pause has cost exactly its cap', () =>
    fc.assert(
      fc.property(
        anyCalendar,
        anyInstant,
        fc.integer({ min: 1, max: 900 }),
        fc.integer({ min: 0, max: 20_000 }),
        (calendar, from, cap, wall) => {
          const any = { ...calendar, id: 'any' }
          const bundle = bundleOf(
            { calendarId: 'any', pauses: [{ id: 'r', owner: 'requester', when: { statuses: ['pending'] }, maxMinutes: cap }] },
            {},
            { any },
          )
          const life = new Life(bundle, {}, from).set(from, { status: 'pending' }).set(from + minutes(wall), { status: 'inProgress' })
          const cost = Math.min(minutes(cap), businessMsBetween(any, from, from + minutes(wall)))
          const clock = life.step.desk.clocks[0]?.clock
          if (clock?.isBreached === false) expect(clock.dueAt).toBe(addBusinessMs(any, from, hours(4) + cost))
        },
      ),
      { numRuns: 40 },
    ))

  it('the time that groups owned adds up to what the clock shows', () =>
    fc.assert(
      fc.property(anyCalendar, anyInstant, lives, (calendar, from, events) => {
        const life = new Life(bundleOf({ calendarId: 'any' }, {}, { any: { ...calendar, id: 'any' } }), {}, from)
        let when = from
        for (const { after, what } of events) {
          when += minutes(after)
          tell(life, when, what)
        }
        life.set(when + minutes(1), { status: 'resolved' })
        const clock = life.step.desk.clocks[0]?.clock
        expect(Object.values(clock?.ownedMs ?? {}).reduce((sum, ms) => sum + ms, 0)).toBe(clock?.elapsedMs)
      }),
      { numRuns: 40 },
    ))
})

it('Friday 16:55 to Monday 09:05 costs ten business minutes with 9 to 17 hours', () => {
  const office = { from: '09:00', to: '17:00' }
  const week = { '1': [office], '2': [office], '3': [office], '4': [office], '5': [office] }
  const life = new Life(
    bundleOf({ calendarId: 'office', pause: { statuses: ['pending'] } }, {}, { office: calendarOf({ id: 'office', week }) }),
    {},
    at('2026-11-20T15:00+01:00'),
  )
    .set(at('2026-11-20T16:55+01:00'), { status: 'pending' })
    .set(at('2026-11-23T09:05+01:00'), { status: 'inProgress' })
  const [before, after] = [life.of('clockStarted')[0]?.dueAt ?? 0, life.of('clockResumed')[0]?.dueAt ?? 0]
  expect(before).toBe(at('2026-11-23T11:00+01:00'))
  expect(after - before).toBe(minutes(10))
})
