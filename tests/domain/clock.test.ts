import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addBusinessMs, businessMsBetween } from '#domain/calendar'
import {
  type Clock,
  cancelClock,
  elapsedMsAt,
  handOverClock,
  nextThresholdAt,
  pauseClock,
  reachThresholds,
  resumeClock,
  retargetClock,
  startClock,
  stopClock,
} from '#domain/clock'
import { anyCalendar, anyInstant, at, frBusiness, hours, minutes } from './calendars.ts'

const opening = {
  clockId: 'incident.resolution',
  metric: 'resolution',
  policyId: 'incident',
  policyVersion: 1,
  targetMs: hours(4),
  thresholds: [75],
  groupId: 'service-desk',
  isPaused: false,
}
const nine = at('2026-11-24T09:00+01:00')
const start = (parts: Partial<typeof opening> = {}, when = nine) => startClock(frBusiness, { ...opening, ...parts }, when).clock

describe('a clock', () => {
  it('is due after its target in working time', () => expect(start().dueAt).toBe(at('2026-11-24T14:00+01:00')))
  it('warns at 75 %', () => expect(nextThresholdAt(frBusiness, start())).toBe(at('2026-11-24T12:00+01:00')))
  it('Friday 17:55 to Monday 08:35 of pause costs ten minutes', () => {
    const clock = start({}, at('2026-11-20T16:00+01:00'))
    const paused = pauseClock(frBusiness, clock, at('2026-11-20T17:55+01:00'), 'pending').clock
    const resumed = resumeClock(frBusiness, paused, at('2026-11-23T08:35+01:00'))
    expect(resumed.clock.dueAt).toBe(clock.dueAt + minutes(10))
    expect(resumed.facts).toEqual([
      {
        type: 'clockResumed',
        at: at('2026-11-23T08:35+01:00'),
        clockId: 'incident.resolution',
        metric: 'resolution',
        dueAt: clock.dueAt + minutes(10),
      },
    ])
  })
  it('a threshold that lies before a pause is recorded by the pause, with its lateness', () => {
    const step = pauseClock(frBusiness, start(), at('2026-11-24T14:30+01:00'), 'pending')
    expect(step.facts.map((f) => f.type)).toEqual(['clockThresholdReached', 'clockBreached', 'clockPaused'])
    expect(step.facts[1]).toMatchObject({ lateMs: minutes(30), ownedMs: { 'service-desk': hours(4.5) } })
    expect(step.reached).toEqual([75, 100])
  })
  it('keeps the deadline that it missed, through pauses afterwards', () => {
    const late = reachThresholds(frBusiness, start(), at('2026-11-24T14:30+01:00')).clock
    const paused = pauseClock(frBusiness, late, at('2026-11-24T15:00+01:00'), 'pending').clock
    const resumed = resumeClock(frBusiness, paused, at('2026-11-25T10:00+01:00'))
    expect(resumed.clock).toMatchObject({ dueAt: at('2026-11-24T14:00+01:00'), isBreached: true })
    expect(resumed.facts).toMatchObject([{ type: 'clockResumed', dueAt: at('2026-11-24T14:00+01:00') }])
  })
  it('reaches its thresholds in their order, however they were given, each once', () => {
    const { clock } = startClock(frBusiness, { ...opening, thresholds: [90, 100, 50, 90] }, nine)
    expect(reachThresholds(frBusiness, clock, at('2026-11-25T09:00+01:00')).reached).toEqual([50, 90, 100])
  })
  it('raises no threshold while it is paused, and loses none by it', () => {
    const paused = pauseClock(frBusiness, start(), at('2026-11-24T11:59+01:00'), 'pending').clock
    expect(nextThresholdAt(frBusiness, paused)).toBeNull()
    expect(reachThresholds(frBusiness, paused, at('2026-11-27T09:00+01:00')).facts).toEqual([])
    const resumed = resumeClock(frBusiness, paused, at('2026-11-27T09:00+01:00')).clock
    expect(nextThresholdAt(frBusiness, resumed)).toBe(at('2026-11-27T09:01+01:00'))
  })
  it('records each threshold once', () => {
    const first = reachThresholds(frBusiness, start(), at('2026-11-24T12:00+01:00'))
    expect(first.facts).toEqual([
      {
        type: 'clockThresholdReached',
        at: at('2026-11-24T12:00+01:00'),
        clockId: 'incident.resolution',
        metric: 'resolution',
        percent: 75,
        lateMs: 0,
      },
    ])
    expect(reachThresholds(frBusiness, first.clock, at('2026-11-24T12:10+01:00')).facts).toEqual([])
  })
  it('is met when stopped in time, with the elapsed working time', () =>
    expect(stopClock(frBusiness, start(), at('2026-11-24T13:45+01:00')).facts.at(-1)).toMatchObject({
      type: 'clockStopped',
      isMet: true,
      elapsedBusinessMs: hours(3.75),
    }))
  it('is not met when stopped too late, and says so in order', () =>
    expect(stopClock(frBusiness, start(), at('2026-11-24T15:00+01:00')).facts.map((f) => f.type)).toEqual([
      'clockThresholdReached',
      'clockBreached',
      'clockStopped',
    ]))
  it('stays over', () => {
    const stopped = stopClock(frBusiness, start(), nine + 1).clock
    for (const step of [
      stopClock(frBusiness, stopped, nine + 2),
      cancelClock(frBusiness, stopped, nine + 2),
      pauseClock(frBusiness, stopped, nine + 2, ''),
      resumeClock(frBusiness, stopped, nine + 2),
      retargetClock(frBusiness, stopped, 5, nine + 2),
      handOverClock(frBusiness, stopped, 'network', nine + 2),
      reachThresholds(frBusiness, stopped, at('2026-12-24T09:00+01:00')),
    ])
      expect(step).toEqual({ clock: stopped, facts: [], reached: [] })
  })
  it('a longer target moves the deadline and keeps what elapsed', () => {
    const step = retargetClock(frBusiness, start(), hours(8), at('2026-11-24T11:00+01:00'))
    expect(step.facts).toMatchObject([
      { type: 'clockRetargeted', fromTargetMs: hours(4), targetMs: hours(8), dueAt: at('2026-11-24T18:00+01:00') },
    ])
    expect(elapsedMsAt(frBusiness, step.clock, at('2026-11-24T12:00+01:00'))).toBe(hours(3))
  })
  it('a shorter target breaches at once what it leaves behind', () => {
    const step = retargetClock(frBusiness, start(), hours(1), at('2026-11-24T11:00+01:00'))
    expect(step.facts.map((f) => f.type)).toEqual(['clockRetargeted', 'clockThresholdReached', 'clockBreached'])
    expect(step.reached).toEqual([75, 100])
  })
  it('retargeted while paused, it counts from the resumption', () => {
    const paused = pauseClock(frBusiness, start(), at('2026-11-24T10:00+01:00'), 'pending').clock
    const longer = retargetClock(frBusiness, paused, hours(2), at('2026-11-24T16:00+01:00')).clock
    expect(resumeClock(frBusiness, longer, at('2026-11-25T09:00+01:00')).clock.dueAt).toBe(at('2026-11-25T10:00+01:00'))
  })
  it('books the time to the group that owned it', () => {
    const handed = handOverClock(frBusiness, start(), 'network', at('2026-11-24T10:00+01:00')).clock
    expect(stopClock(frBusiness, handed, at('2026-11-24T10:20+01:00')).clock.ownedMs).toEqual({
      'service-desk': hours(1),
      network: minutes(20),
    })
  })
  it('refuses a target of zero', () => expect(() => start({ targetMs: 0 })).toThrow(/expected a target above 0 ms, found 0/))
})

describe('laws', () => {
  const target = fc.integer({ min: 1, max: 5000 }).map(minutes)
  const split = fc.tuple(target, fc.double({ min: 0, max: 0.99, noNaN: true }))
  const run = (clock: Clock, calendar: Parameters<typeof startClock>[0], pauses: [number, number][]) =>
    pauses.reduce((c, [from, to]) => resumeClock(calendar, pauseClock(calendar, c, from, 'pending').clock, to).clock, clock)

  it('a pause of d working time moves the deadline by exactly d', () =>
    fc.assert(
      fc.property(anyCalendar, anyInstant, split, fc.integer({ min: 0, max: 20_000 }), (calendar, from, [targetMs, part], wall) => {
        const { clock } = startClock(calendar, { ...opening, targetMs }, from)
        const pauseAt = from + Math.floor((clock.dueAt - from) * part)
        const resumeAt = pauseAt + minutes(wall)
        const d = businessMsBetween(calendar, pauseAt, resumeAt)
        expect(run(clock, calendar, [[pauseAt, resumeAt]]).dueAt).toBe(addBusinessMs(calendar, clock.dueAt, d))
      }),
      { numRuns: 80 },
    ))
  it('splitting a pause changes nothing', () =>
    fc.assert(
      fc.property(
        anyCalendar,
        anyInstant,
        split,
        fc.integer({ min: 0, max: 20_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (calendar, from, [targetMs, part], wall, cut) => {
          const { clock } = startClock(calendar, { ...opening, targetMs }, from)
          const pauseAt = from + Math.floor((clock.dueAt - from) * part)
          const end = pauseAt + minutes(wall)
          const middle = pauseAt + Math.floor((end - pauseAt) * cut)
          const whole = run(clock, calendar, [[pauseAt, end]])
          const halves = run(clock, calendar, [
            [pauseAt, middle],
            [middle, end],
          ])
          expect(halves).toEqual(whole)
        },
      ),
      { numRuns: 80 },
    ))
  it('waking often or once records the same thresholds, and owns the same time', () =>
    fc.assert(
      fc.property(
        anyCalendar,
        anyInstant,
        target,
        fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 6 }),
        (calendar, from, targetMs, wakes) => {
          const { clock } = startClock(calendar, { ...opening, targetMs, thresholds: [50, 75] }, from)
          const end = from + minutes(30_000)
          const reached: number[] = []
          let often = clock
          for (const wake of wakes.sort((a, b) => a - b)) {
            const step = reachThresholds(calendar, often, from + minutes(wake))
            reached.push(...step.reached)
            often = step.clock
          }
          const last = stopClock(calendar, often, end)
          const once = stopClock(calendar, clock, end)
          expect([...reached, ...last.reached]).toEqual(once.reached)
          expect(last.clock).toEqual(once.clock)
          expect(once.clock.isBreached).toBe(once.clock.dueAt <= end)
        },
      ),
      { numRuns: 60 },
    ))
})
