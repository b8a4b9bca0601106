import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import {
  addBusinessDays,
  addBusinessMs,
  businessDeadline,
  businessMsBetween,
  CalendarError,
  isWorkingTime,
  nextOpening,
  workingSpans,
} from '#domain/calendar'
import { always, anyCalendar, anyInstant, at, calendarOf, frBusiness, hours, minutes, zones } from './calendars.ts'

const day = [{ from: '00:00', to: '24:00' }]
const everyDay = { '1': day, '2': day, '3': day, '4': day, '5': day, '6': day, '7': day }

describe('business time', () => {
  it('counts ten minutes from Friday 17:55 to Monday 08:35', () =>
    expect(businessMsBetween(frBusiness, at('2026-11-20T17:55+01:00'), at('2026-11-23T08:35+01:00'))).toBe(minutes(10)))
  it('leaves out the lunch break', () =>
    expect(businessMsBetween(frBusiness, at('2026-11-24T12:00+01:00'), at('2026-11-24T14:00+01:00'))).toBe(hours(1)))
  it('leaves out a holiday', () =>
    expect(businessMsBetween(frBusiness, at('2026-11-11T08:30+01:00'), at('2026-11-11T18:00+01:00'))).toBe(0))
  it('an exception replaces the day', () =>
    expect(businessMsBetween(frBusiness, at('2026-12-24T00:00+01:00'), at('2026-12-25T00:00+01:00'))).toBe(hours(4)))
  it('is negative backwards', () =>
    expect(businessMsBetween(frBusiness, at('2026-11-24T10:00+01:00'), at('2026-11-24T09:00+01:00'))).toBe(-hours(1)))
  it('adds over the night', () =>
    expect(addBusinessMs(frBusiness, at('2026-11-24T17:00+01:00'), hours(2))).toBe(at('2026-11-25T09:30+01:00')))
  it('ends at closing time, not at the next opening', () =>
    expect(addBusinessMs(frBusiness, at('2026-11-24T17:00+01:00'), hours(1))).toBe(at('2026-11-24T18:00+01:00')))
  it('adding nothing stays', () => expect(addBusinessMs(frBusiness, at('2026-11-22T17:00+01:00'), 0)).toBe(at('2026-11-22T17:00+01:00')))
  it('opens on Monday morning', () => expect(nextOpening(frBusiness, at('2026-11-21T10:00+01:00'))).toBe(at('2026-11-23T08:30+01:00')))
  it('closing time is not worked, opening time is', () => {
    expect(isWorkingTime(frBusiness, at('2026-11-24T18:00+01:00'))).toBe(false)
    expect(isWorkingTime(frBusiness, at('2026-11-24T08:30+01:00'))).toBe(true)
  })
  it('overlapping spans count once', () => {
    const calendar = calendarOf({
      week: {
        '2': [
          { from: '08:00', to: '12:00' },
          { from: '10:00', to: '13:00' },
        ],
      },
    })
    expect(businessMsBetween(calendar, at('2026-11-24T00:00+01:00'), at('2026-11-25T00:00+01:00'))).toBe(hours(5))
  })
})

describe('business days', () => {
  it('Thursday 16:00 + 2 is Monday 16:00', () =>
    expect(addBusinessDays(frBusiness, at('2026-11-19T16:00+01:00'), 2)).toBe(at('2026-11-23T16:00+01:00')))
  it('in the evening it waits for the opening', () =>
    expect(addBusinessDays(frBusiness, at('2026-11-19T20:00+01:00'), 1)).toBe(at('2026-11-23T08:30+01:00')))
  it('skips a holiday', () => expect(addBusinessDays(frBusiness, at('2026-11-10T10:00+01:00'), 1)).toBe(at('2026-11-12T10:00+01:00')))
  it('keeps the wall time over a change of offset', () =>
    expect(addBusinessDays(frBusiness, at('2026-03-27T10:00+01:00'), 1)).toBe(at('2026-03-30T10:00+02:00')))
})

describe('a deadline', () => {
  const thursday = at('2026-11-19T16:00+01:00')
  it.each<[string, number | null]>([
    ['P2D', at('2026-11-23T16:00+01:00')],
    ['P1W', at('2026-11-26T16:00+01:00')],
    ['PT4H', at('2026-11-20T10:30+01:00')],
    ['P1DT3H', at('2026-11-23T09:30+01:00')],
    ['P366D', expect.any(Number) as unknown as number],
    ['P367D', null],
    ['P0D', null],
    ['soon', null],
  ])('of %s counts working days and working hours', (duration, expected) =>
    expect(businessDeadline(frBusiness, thursday, duration)).toEqual(expected),
  )
})

describe('working spans', () => {
  it('that touch are one, cut to the range', () => {
    const day = [
      { from: '08:00', to: '12:00' },
      { from: '12:00', to: '14:00' },
      { from: '15:00', to: '15:30' },
    ]
    const [from, to] = [at('2026-11-24T09:00+01:00'), at('2026-11-24T15:15+01:00')]
    expect(workingSpans(calendarOf({ week: { '2': day } }), { from, to })).toEqual([
      { from, to: at('2026-11-24T14:00+01:00') },
      { from: at('2026-11-24T15:00+01:00'), to },
    ])
  })
})

describe('daylight saving', () => {
  const calendar = calendarOf({ week: everyDay, holidays: [{ date: '2030-01-01', name: 'off the fast path' }] })
  it.each([
    ['spring', '2026-03-29T00:00+01:00', '2026-03-30T00:00+02:00', 23],
    ['autumn', '2026-10-25T00:00+02:00', '2026-10-26T00:00+01:00', 25],
    ['any other', '2026-11-24T00:00+01:00', '2026-11-25T00:00+01:00', 24],
  ])('the %s day sums right', (_, from, to, expected) => {
    expect(businessMsBetween(calendar, at(from), at(to))).toBe(hours(expected))
    expect(addBusinessMs(calendar, at(from), hours(expected))).toBe(at(to))
  })
  const night = (spans: { from: string; to: string }[]) => calendarOf({ week: { '7': spans } })
  it('a span over the skipped hour is an hour shorter', () =>
    expect(businessMsBetween(night([{ from: '01:00', to: '04:00' }]), at('2026-03-29T00:00+01:00'), at('2026-03-30T00:00+02:00'))).toBe(
      hours(2),
    ))
  it('a span over the repeated hour is an hour longer', () =>
    expect(businessMsBetween(night([{ from: '01:00', to: '04:00' }]), at('2026-10-25T00:00+02:00'), at('2026-10-26T00:00+01:00'))).toBe(
      hours(4),
    ))
  it('a span inside the skipped hour does not exist', () =>
    expect(businessMsBetween(night([{ from: '02:15', to: '02:45' }]), at('2026-03-29T00:00+01:00'), at('2026-03-30T00:00+02:00'))).toBe(0))
  it('an opening inside the skipped hour is the change itself', () =>
    expect(nextOpening(night([{ from: '02:30', to: '05:00' }]), at('2026-03-29T00:00+01:00'))).toBe(at('2026-03-29T03:00+02:00')))
  it('a span inside the repeated hour is worked once', () =>
    expect(businessMsBetween(night([{ from: '02:00', to: '02:30' }]), at('2026-10-25T00:00+02:00'), at('2026-10-26T00:00+01:00'))).toBe(
      minutes(30),
    ))
})

describe('in every zone', () => {
  const open = (timeZone: string) => calendarOf({ timeZone, week: everyDay, holidays: [{ date: '2040-01-01', name: 'off the fast path' }] })
  it.each([...zones])('%s: each day of two years lasts from its midnight to the next', (timeZone) => {
    const calendar = open(timeZone)
    let midnight = Temporal.PlainDate.from('2026-01-01').toZonedDateTime(timeZone)
    const lengths = new Set<number>()
    for (let day = 0; day < 730; day++) {
      const next = midnight.toPlainDate().add({ days: 1 }).toZonedDateTime(timeZone)
      const ms = next.epochMilliseconds - midnight.epochMilliseconds
      lengths.add(ms / hours(1))
      if (ms !== hours(24) || day % 30 === 0) {
        expect(businessMsBetween(calendar, midnight.epochMilliseconds, next.epochMilliseconds)).toBe(ms)
        expect(addBusinessMs(calendar, midnight.epochMilliseconds, ms)).toBe(next.epochMilliseconds)
      }
      midnight = next
    }
    const changes = { 'Asia/Kolkata': [24], UTC: [24], 'Pacific/Kiritimati': [24], 'Australia/Lord_Howe': [23.5, 24, 24.5] }
    expect([...lengths].sort()).toEqual(changes[timeZone as keyof typeof changes] ?? [23, 24, 25])
  })
})

describe('a calendar without working time', () => {
  it('is refused by name', () =>
    expect(() => nextOpening(calendarOf({ id: 'void' }), 0)).toThrow(/void.*expected working time, found none/))
  it('is refused though its days are written down, empty', () => {
    const empty = calendarOf({ week: { '1': [], '6': [] }, exceptions: [{ date: '2026-01-03', spans: [], note: '' }] })
    expect(() => businessMsBetween(empty, 0, 1)).toThrow(/found none/)
  })
  it('is refused when its only exceptions are over', () => {
    const calendar = calendarOf({ exceptions: [{ date: '2024-01-03', spans: day, note: '' }] })
    expect(() => addBusinessMs(calendar, at('2026-01-01T00:00Z'), 1)).toThrow(CalendarError)
  })
})

describe('laws', () => {
  const duration = fc.integer({ min: 0, max: 60_000 }).map(minutes)
  it('what was added lies between', () =>
    fc.assert(
      fc.property(
        anyCalendar,
        anyInstant,
        duration,
        (c, from, ms) => void expect(businessMsBetween(c, from, addBusinessMs(c, from, ms))).toBe(ms),
      ),
      { numRuns: 60 },
    ))
  it('the sum of two additions is one addition', () =>
    fc.assert(
      fc.property(
        anyCalendar,
        anyInstant,
        duration,
        fc.integer({ min: 1, max: 600_000 }),
        (c, from, a, b) => void expect(addBusinessMs(c, addBusinessMs(c, from, a), b)).toBe(addBusinessMs(c, from, a + b)),
      ),
      { numRuns: 60 },
    ))
  it('time between is additive', () =>
    fc.assert(
      fc.property(
        anyCalendar,
        anyInstant,
        anyInstant,
        anyInstant,
        (c, x, y, z) => void expect(businessMsBetween(c, x, y) + businessMsBetween(c, y, z)).toBe(businessMsBetween(c, x, z)),
      ),
      { numRuns: 20 },
    ))
  it('around the clock equals wall time, on the fast path and on the slow one', () =>
    fc.assert(
      fc.property(anyInstant, duration, (from, ms) => {
        const slow = calendarOf({ week: everyDay, holidays: [{ date: '2040-01-01', name: 'never reached' }] })
        for (const calendar of [always, slow]) {
          expect(addBusinessMs(calendar, from, ms)).toBe(from + ms)
          expect(businessMsBetween(calendar, from, from + ms)).toBe(ms)
        }
      }),
      { numRuns: 20 },
    ))
  it('never counts more than the wall', () =>
    fc.assert(
      fc.property(
        anyCalendar,
        anyInstant,
        duration,
        (c, from, ms) => void expect(businessMsBetween(c, from, from + ms)).toBeLessThanOrEqual(ms),
      ),
      { numRuns: 60 },
    ))
})

it('answers ten thousand questions on a warm calendar in less than a second', () => {
  const start = at('2026-01-05T09:00+01:00')
  addBusinessMs(frBusiness, start, hours(2000))
  const before = performance.now()
  for (let i = 0; i < 10_000; i++) addBusinessMs(frBusiness, start + i * 600_000, hours(8))
  expect(performance.now() - before).toBeLessThan(1000)
})

describe('a deadline in working time', () => {
  const office = calendarOf({ week: Object.fromEntries(['1', '2', '3', '4', '5'].map((day) => [day, [{ from: '09:00', to: '17:00' }]])) })
  const friday = Date.parse('2026-01-09T15:00:00Z')
  it.each([
    ['P1D', '2026-01-12T15:00:00.000Z'],
    ['P1W', '2026-01-16T15:00:00.000Z'],
    ['PT4H', '2026-01-12T11:00:00.000Z'],
    ['P1DT1H', '2026-01-12T16:00:00.000Z'],
    ['PT30M', '2026-01-09T15:30:00.000Z'],
  ])('of %s ends while somebody is there', (duration, expected) =>
    expect(new Date(businessDeadline(office, friday, duration) ?? 0).toISOString()).toBe(expected),
  )
  it('is wall time where there is no calendar', () => expect(businessDeadline(null, 0, 'P1W')).toBe(7 * 86_400_000))
  it.each(['', 'P', 'PT', 'P1M', 'P1Y', 'P0D', 'PT0S', '3 days', 'P-1D', 'P999D', 'P1.5D'])('is none of %j', (duration) =>
    expect(businessDeadline(office, friday, duration)).toBeNull(),
  )
})
