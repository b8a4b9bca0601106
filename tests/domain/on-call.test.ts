import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Away, onCallAt, type Override, planOnCall, type Rotation, shiftsOf, without } from '#domain/on-call'

const utc = (text: string): number => Date.parse(`${text}Z`)
const span = (from: string, to: string) => ({ from: utc(from), to: utc(to) })
const rotation = (change: Partial<Rotation> = {}): Rotation => ({
  id: 'network-1',
  name: 'Réseau',
  groupId: 'network',
  level: 1,
  timeZone: 'Europe/Paris',
  memberIds: ['mei', 'karim', 'lucie'],
  handover: 'weekly',
  handoverWeekday: 1,
  handoverTime: '09:00',
  startsOn: '2026-03-02',
  endsOn: null,
  days: 'all',
  coversFrom: null,
  coversTo: null,
  ...change,
})
const told = (shifts: { from: number; to: number; personId: string }[]) =>
  shifts.map(
    ({ from, to, personId }) => `${personId} ${new Date(from).toISOString().slice(5, 16)} ${new Date(to).toISOString().slice(5, 16)}`,
  )
const plan = (
  rotations: Rotation[],
  range: { from: number; to: number },
  more: { overrides?: Override[]; away?: Away[]; openings?: Record<string, { from: number; to: number }[]> } = {},
) => planOnCall({ rotations, overrides: more.overrides ?? [], away: more.away ?? [], openings: more.openings ?? {} }, range)

describe('turns', () => {
  it('are handed over on the given weekday at the given hour, through the change of clocks', () => {
    expect(told(shiftsOf(rotation(), [], span('2026-03-22T00:00', '2026-04-07T00:00')))).toEqual([
      'lucie 03-22T00:00 03-23T08:00',
      'mei 03-23T08:00 03-30T07:00',
      'karim 03-30T07:00 04-06T07:00',
      'lucie 04-06T07:00 04-07T00:00',
    ])
  })
  it('begin with the first member on the first day, even before the first handover', () => {
    const shifts = shiftsOf(rotation({ startsOn: '2026-03-04' }), [], span('2026-03-01T00:00', '2026-03-20T00:00'))
    expect(told(shifts)).toEqual(['mei 03-03T23:00 03-09T08:00', 'karim 03-09T08:00 03-16T08:00', 'lucie 03-16T08:00 03-20T00:00'])
  })
  it('may be daily, for the nights only', () => {
    const nights = rotation({
      handover: 'daily',
      handoverTime: '12:00',
      coversFrom: '18:00',
      coversTo: '08:00',
      memberIds: ['mei', 'karim'],
    })
    expect(told(shiftsOf(nights, [], span('2026-03-02T12:00', '2026-03-04T12:00')))).toEqual([
      'mei 03-02T17:00 03-03T07:00',
      'karim 03-03T17:00 03-04T07:00',
    ])
  })
  it('may leave out the week', () => {
    const weekends = rotation({ days: 'weekend' })
    expect(told(shiftsOf(weekends, [], span('2026-03-02T00:00', '2026-03-09T00:00')))).toEqual(['mei 03-06T23:00 03-08T23:00'])
  })
  it('give way to an override, which may reach beyond the hours covered', () => {
    const overrides = [{ rotationId: 'network-1', personId: 'lucie', ...span('2026-03-06T12:00', '2026-03-07T12:00') }]
    expect(told(shiftsOf(rotation({ days: 'weekend' }), overrides, span('2026-03-02T00:00', '2026-03-09T00:00')))).toEqual([
      'lucie 03-06T12:00 03-07T12:00',
      'mei 03-07T12:00 03-08T23:00',
    ])
  })
})

describe('gaps and double bookings', () => {
  const week = span('2026-03-02T00:00', '2026-03-09T00:00')
  it('a week without anybody after the rotation has ended', () => {
    const { gaps } = plan([rotation({ endsOn: '2026-03-05' })], week)
    expect(gaps).toEqual([{ groupId: 'network', absentId: null, ...span('2026-03-05T23:00', '2026-03-09T00:00') }])
  })
  it('the days on which whoever has the turn is away, by name', () => {
    const away = [{ personId: 'mei', startsOn: '2026-03-04', endsOn: '2026-03-05' }]
    expect(plan([rotation()], week, { away }).gaps).toEqual([
      { groupId: 'network', absentId: 'mei', ...span('2026-03-03T23:00', '2026-03-05T23:00') },
    ])
    const overrides = [{ rotationId: 'network-1', personId: 'karim', ...span('2026-03-03T23:00', '2026-03-05T23:00') }]
    expect(plan([rotation()], week, { away, overrides }).gaps).toEqual([])
  })
  it('none while the group is open', () => {
    const openings = { network: [span('2026-03-05T23:00', '2026-03-09T00:00')] }
    expect(plan([rotation({ endsOn: '2026-03-05' })], week, { openings }).gaps).toEqual([])
  })
  it('a second level does not stand in for the first', () => {
    const second = rotation({ id: 'network-2', level: 2, memberIds: ['sofia'] })
    expect(plan([rotation({ endsOn: '2026-03-05' }), second], week).gaps).toHaveLength(1)
  })
  it('one person on call twice at once', () => {
    const other = rotation({ id: 'apps', groupId: 'applications', memberIds: ['mei'], endsOn: '2026-03-02' })
    expect(plan([rotation(), other], week).doubleBookings).toEqual([
      { personId: 'mei', rotationIds: ['network-1', 'apps'], ...span('2026-03-02T00:00', '2026-03-02T23:00') },
    ])
  })
  it('who is called now is present, first level first', () => {
    const second = rotation({ id: 'network-2', level: 2, memberIds: ['sofia'] })
    const input = {
      rotations: [second, rotation()],
      overrides: [],
      away: [{ personId: 'mei', startsOn: '2026-03-04', endsOn: '2026-03-04' }],
      openings: {},
    }
    const called = (instant: string) => onCallAt('network', input, utc(instant)).map(({ personId }) => personId)
    expect([called('2026-03-03T12:00'), called('2026-03-04T12:00')]).toEqual([['mei', 'sofia'], ['sofia']])
  })
})

describe('for any rotation', () => {
  const hourMs = 3_600_000
  const zones = fc.constantFrom('Europe/Paris', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe')
  const anyRotation = fc.record({
    timeZone: zones,
    handover: fc.constantFrom('weekly', 'daily'),
    handoverWeekday: fc.integer({ min: 1, max: 7 }),
    handoverTime: fc.constantFrom('00:00', '02:30', '09:00', '18:45'),
    memberIds: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 }),
  })
  const anyRange = fc
    .tuple(fc.integer({ min: 0, max: 24 * 400 }), fc.integer({ min: 1, max: 24 * 40 }))
    .map(([start, hours]) => ({ from: utc('2026-03-10T00:00') + start * hourMs, to: utc('2026-03-10T00:00') + (start + hours) * hourMs }))

  it('that covers every hour, shifts tile the range without hole or overlap, whatever the clocks do', () => {
    fc.assert(
      fc.property(anyRotation, anyRange, (change, range) => {
        const shifts = shiftsOf(rotation(change), [], range)
        expect([shifts[0]?.from, shifts.at(-1)?.to]).toEqual([range.from, range.to])
        for (const [index, shift] of shifts.entries()) if (index > 0) expect(shift.from).toBe(shifts[index - 1]?.to)
      }),
    )
  })
  it('a shift does not depend on the range that is looked at', () => {
    fc.assert(
      fc.property(anyRotation, anyRange, (change, range) => {
        const middle = Math.floor((range.from + range.to) / 2 / hourMs) * hourMs
        const who = (part: { from: number; to: number }) =>
          shiftsOf(rotation(change), [], part).find(({ from, to }) => from <= middle && middle < to)?.personId
        expect(who({ from: middle, to: middle + 1 })).toBe(who(range))
      }),
    )
  })
  it('what is covered and what is missing make up the whole', () => {
    const anyHole = fc.tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 1, max: 90 }))
    fc.assert(
      fc.property(anyRotation, anyRange, anyHole, (change, range, [day, length]) => {
        const startsOn = new Date(utc('2026-03-10T00:00') + (day % 400) * 24 * hourMs).toISOString().slice(0, 10)
        const away = [{ personId: 'a', startsOn, endsOn: new Date(Date.parse(startsOn) + length * 24 * hourMs).toISOString().slice(0, 10) }]
        const { gaps, shifts } = plan([rotation(change)], range, { away })
        const missing = gaps.reduce((sum, gap) => sum + gap.to - gap.from, 0)
        const present = shifts.flatMap((shift) => without(shift, gaps)).reduce((sum, part) => sum + part.to - part.from, 0)
        expect(missing + present).toBe(range.to - range.from)
        expect(gaps.every(({ absentId }) => absentId === 'a')).toBe(true)
      }),
    )
  })
})
