import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joined, occurrencesOf, parseRule } from '#domain/change/recurrence'
import { at, hours } from '../calendars.ts'

const window = (change = {}) => ({
  kind: 'maintenance' as const,
  startsAt: '2026-11-28T22:00',
  endsAt: '2026-11-29T04:00',
  timeZone: 'Europe/Paris',
  rule: 'FREQ=WEEKLY;BYDAY=SA' as string | null,
  ...change,
})
const shown = (timing: ReturnType<typeof window>, from: string, to: string) =>
  occurrencesOf(timing, at(from), at(to)).map((span) => `${new Date(span.from).toISOString()} ${(span.to - span.from) / hours(1)} h`)

describe('a rule of a window', () => {
  it.each([
    'FREQ=WEEKLY;BYDAY=XX',
    'BYDAY=SA',
    'FREQ=HOURLY',
    'FREQ=WEEKLY;INTERVAL=0',
    'FREQ=WEEKLY;BYDAY=2SA',
    'FREQ=MONTHLY;BYMONTHDAY=32',
    'FREQ=DAILY;BYSETPOS=1',
    'every saturday',
  ])('%s is refused', (text) => expect(parseRule(text)).toBeNull())

  it.each([
    ['FREQ=WEEKLY;BYDAY=SA', ['2026-11-28', '2026-12-05', '2026-12-12', '2026-12-19', '2026-12-26']],
    ['RRULE:FREQ=WEEKLY;BYDAY=SA;INTERVAL=2', ['2026-11-28', '2026-12-12', '2026-12-26']],
    ['FREQ=WEEKLY;BYDAY=SA,SU;COUNT=3', ['2026-11-28', '2026-11-29', '2026-12-05']],
    ['FREQ=WEEKLY;BYDAY=SA;UNTIL=20261205', ['2026-11-28', '2026-12-05']],
    ['FREQ=MONTHLY;BYDAY=2TU', ['2026-12-08']],
    ['FREQ=MONTHLY;BYDAY=-1SA', ['2026-11-28', '2026-12-26']],
    ['FREQ=MONTHLY;BYMONTHDAY=-1', ['2026-11-30', '2026-12-31']],
    ['FREQ=DAILY;BYDAY=MO;BYMONTH=12', ['2026-12-07', '2026-12-14', '2026-12-21', '2026-12-28']],
    ['FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24', ['2026-12-24']],
    [null, ['2026-11-28']],
  ])('%s occurs on its days', (rule, expected) =>
    expect(
      occurrencesOf(window({ rule, endsAt: '2026-11-28T23:00' }), at('2026-11-01T00:00Z'), at('2027-01-01T00:00Z')).map(({ from }) =>
        new Date(from + hours(1)).toISOString().slice(0, 10),
      ),
    ).toEqual(expected),
  )
})

describe('a window over a change of the clocks', () => {
  const winter = window({ startsAt: '2026-01-03T22:00', endsAt: '2026-01-04T04:00' })
  it('keeps its wall time: an hour shorter in spring, an hour longer in autumn', () => {
    expect(shown(winter, '2026-03-25T00:00Z', '2026-04-01T00:00Z')).toEqual(['2026-03-28T21:00:00.000Z 5 h'])
    expect(shown(winter, '2026-10-22T00:00Z', '2026-10-27T00:00Z')).toEqual(['2026-10-24T20:00:00.000Z 7 h'])
  })
  it('one that lies in the skipped hour does not occur that day', () =>
    expect(
      shown(
        window({ startsAt: '2026-01-04T02:10', endsAt: '2026-01-04T02:50', rule: 'FREQ=WEEKLY' }),
        '2026-03-28T00:00Z',
        '2026-04-06T00:00Z',
      ),
    ).toEqual(['2026-04-05T00:10:00.000Z 0.6666666666666666 h']))
  it('that ends in the hour that comes twice: a blackout at the second, a maintenance window at the first', () => {
    const timing = { startsAt: '2026-10-25T01:00', endsAt: '2026-10-25T02:30', rule: null }
    expect(shown(window(timing), '2026-10-24T00:00Z', '2026-10-26T00:00Z')).toEqual(['2026-10-24T23:00:00.000Z 1.5 h'])
    expect(shown({ ...window(timing), kind: 'blackout' as never }, '2026-10-24T00:00Z', '2026-10-26T00:00Z')).toEqual([
      '2026-10-24T23:00:00.000Z 2.5 h',
    ])
  })
})

const anyRule = fc.constantFrom(
  'FREQ=DAILY;INTERVAL=3',
  'FREQ=WEEKLY;BYDAY=TU,SA',
  'FREQ=WEEKLY;INTERVAL=3;BYDAY=SU',
  'FREQ=MONTHLY;BYDAY=-1FR',
  'FREQ=MONTHLY;BYMONTHDAY=31',
  'FREQ=YEARLY;BYMONTH=2,7;BYDAY=1MO',
  null,
)
describe('occurrences', () => {
  it('of a part of time are those of the whole that touch it', () =>
    fc.assert(
      fc.property(
        anyRule,
        fc.integer({ min: 0, max: 900 }),
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 30, max: 4000 }),
        (rule, skip, days, length) => {
          const start = Date.parse('2026-01-01T00:00Z') + (length % 1440) * 60_000
          const timing = window({
            rule,
            startsAt: new Date(start).toISOString().slice(0, 16),
            endsAt: new Date(start + length * 60_000).toISOString().slice(0, 16),
          })
          const whole = occurrencesOf(timing, at('2025-12-01T00:00Z'), at('2029-06-01T00:00Z'))
          const from = at('2026-01-01T00:00Z') + skip * 86_400_000
          const to = from + days * 86_400_000
          expect(occurrencesOf(timing, from, to)).toEqual(whole.filter((span) => span.to > from && span.from < to))
        },
      ),
      { numRuns: 150 },
    ))
  it('joined cover the same time and do not touch', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(100), fc.integer({ min: 1, max: 30 }))), (pairs) => {
        const spans = pairs.map(([from, length]) => ({ from, to: from + length }))
        const whole = joined(spans)
        for (let t = 0; t < 140; t++) expect(whole.some((s) => s.from <= t && t < s.to)).toBe(spans.some((s) => s.from <= t && t < s.to))
        for (const [i, span] of whole.entries()) expect(span.from).toBeGreaterThan(whole[i - 1]?.to ?? -1)
      }),
    ))
})
