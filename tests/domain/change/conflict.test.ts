import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ChangeScope, ChangeWindow } from '#schema/change'
import { type ChangeWorld, conflictsOf, horizonMs, nextFreeSlot, type PlannedChange, slotGridMs } from '#domain/change/conflict'
import { freezeAt, leavesFreeMoment } from '#domain/change/freeze'
import { at, hours } from '../calendars.ts'

const saturday = at('2026-11-28T22:00+01:00')
const change = (parts: Partial<PlannedChange> = {}): PlannedChange => ({
  id: 'c',
  number: 'CHG-000001',
  ciIds: ['erp-app'],
  service: 'erp',
  implementerId: 'lucie',
  dependsOn: [],
  span: { from: saturday, to: saturday + hours(2) },
  isFinished: false,
  ...parts,
})
const other = (parts: Partial<PlannedChange> = {}) =>
  change({ id: 'o', number: 'CHG-000002', ciIds: ['wifi-1'], service: 'wifi', implementerId: 'mei', ...parts })
const maintenance: ChangeWindow = {
  id: 'm',
  kind: 'maintenance',
  name: 'Samedi soir',
  reason: '',
  timeZone: 'Europe/Paris',
  startsAt: '2026-11-28T22:00',
  endsAt: '2026-11-29T04:00',
  rule: 'FREQ=WEEKLY;BYDAY=SA',
  scope: { type: 'services', services: ['erp'] },
}
const blackout: ChangeWindow = {
  ...maintenance,
  id: 'b',
  kind: 'blackout',
  name: 'Gel de fin d’année',
  startsAt: '2026-12-15T00:00',
  endsAt: '2027-01-04T00:00',
  rule: null,
  scope: { type: 'everything' },
}
const world = (parts: Partial<ChangeWorld> = {}): ChangeWorld => ({ changes: [], windows: [], relations: [], ...parts })
const kinds = (planned: PlannedChange, in_: ChangeWorld) => conflictsOf(planned, in_).map(({ kind }) => kind)

describe('a planned change', () => {
  it('alone has no conflict', () => expect(kinds(change(), world())).toEqual([]))
  it.each([
    ['the same item at the same time', { ciIds: ['erp-app'] }, ['sameCi']],
    ['a parent of its item', { ciIds: ['erp-server'] }, ['relatedCi']],
    ['a child of its item', { ciIds: ['erp-database'] }, ['relatedCi']],
    ['an item two relations away', { ciIds: ['rack'] }, []],
    ['the same service at the same time', { service: 'erp' }, ['sameWindow']],
    ['the same implementer', { implementerId: 'lucie' }, ['implementerBusy']],
    ['all of it, and the gravest speaks', { ciIds: ['erp-app'], service: 'erp', implementerId: 'lucie' }, ['sameCi', 'implementerBusy']],
    ['the same item, after it', { ciIds: ['erp-app'], span: { from: saturday + hours(2), to: saturday + hours(3) } }, []],
    ['the same item, and is over', { ciIds: ['erp-app'], isFinished: true }, []],
    ['the same item, without a time', { ciIds: ['erp-app'], span: null }, []],
  ])('beside one that has %s', (_, parts, expected) => {
    const relations = [
      { fromId: 'erp-server', toId: 'erp-app' },
      { fromId: 'erp-app', toId: 'erp-database' },
      { fromId: 'rack', toId: 'erp-server' },
    ]
    expect(kinds(change(), world({ changes: [other(parts)], relations }))).toEqual(expected)
  })
  it('outside its maintenance window, even by a minute', () => {
    const inside = change({ span: { from: saturday, to: saturday + hours(6) } })
    expect(kinds(inside, world({ windows: [maintenance] }))).toEqual([])
    expect(kinds(change({ span: { from: saturday, to: saturday + hours(6) + 60_000 } }), world({ windows: [maintenance] }))).toEqual([
      'outsideMaintenance',
    ])
  })
  it('that no maintenance window is about may be made at any time', () =>
    expect(kinds(change({ service: 'wifi', ciIds: [], span: { from: 0, to: hours(1) } }), world({ windows: [maintenance] }))).toEqual([]))
  it('inside a blackout, which cannot be accepted away', () => {
    const during = change({ span: { from: at('2026-12-14T23:00+01:00'), to: at('2026-12-15T01:00+01:00') } })
    expect(conflictsOf(during, world({ windows: [blackout] }))).toMatchObject([
      { kind: 'insideBlackout', isBlocking: true, windowId: 'b', from: at('2026-12-15T00:00+01:00'), to: at('2026-12-15T01:00+01:00') },
    ])
  })
  it.each([
    ['is not planned', { span: null }, ['dependencyUnfinished']],
    ['ends after it begins', { span: { from: saturday - hours(1), to: saturday + 1 } }, ['dependencyOverlap']],
    ['ends when it begins', { span: { from: saturday - hours(1), to: saturday } }, []],
    ['is finished', { isFinished: true }, []],
  ])('that depends on one which %s', (_, parts, expected) =>
    expect(kinds(change({ dependsOn: ['o'] }), world({ changes: [other(parts)] }))).toEqual(expected),
  )
  it('on which an earlier one depends', () =>
    expect(kinds(change(), world({ changes: [other({ dependsOn: ['c'], span: { from: saturday - hours(3), to: saturday } })] }))).toEqual([
      'dependencyOverlap',
    ]))
})

const from = at('2026-11-23T08:10Z')
const anyChange = fc.record({
  id: fc.constantFrom('x1', 'x2', 'x3', 'x4'),
  ci: fc.constantFrom('erp-app', 'erp-database', 'wifi-1'),
  service: fc.constantFrom('erp', 'wifi', null),
  implementerId: fc.constantFrom('lucie', 'mei', null),
  start: fc.integer({ min: -4, max: 400 }),
  length: fc.integer({ min: 1, max: 60 }),
  isDependency: fc.boolean(),
})
const anyWindow = fc.record({
  kind: fc.constantFrom('maintenance' as const, 'blackout' as const),
  day: fc.integer({ min: 0, max: 20 }),
  hour: fc.integer({ min: 0, max: 23 }),
  length: fc.integer({ min: 1, max: 70 }),
  rule: fc.constantFrom(null, 'FREQ=WEEKLY', 'FREQ=DAILY;INTERVAL=4'),
  scope: fc.constantFrom<ChangeScope>(
    { type: 'everything' },
    { type: 'services', services: ['erp'] },
    { type: 'cis', ciIds: ['erp-database'] },
  ),
})
const wall = (ms: number) => new Date(ms).toISOString().slice(0, 16)

describe('the next free slot', () => {
  it('has no conflict, and no earlier start of the grid is free', () =>
    fc.assert(
      fc.property(
        fc.uniqueArray(anyChange, { maxLength: 4, selector: ({ id }) => id }),
        fc.array(anyWindow, { maxLength: 3 }),
        fc.integer({ min: 1, max: 10 }),
        (changes, windows, halfHours) => {
          const planned = change({ span: null, dependsOn: changes.filter((c) => c.isDependency).map(({ id }) => id) })
          const in_ = world({
            changes: changes.map(({ id, ci, start, length, ...rest }) =>
              other({ id, ciIds: [ci], ...rest, span: { from: from + start * slotGridMs, to: from + (start + length) * slotGridMs } }),
            ),
            windows: windows.map(({ day, hour, length, ...rest }, i) => {
              const start = at('2026-11-23T00:00Z') + day * 86_400_000 + hours(hour)
              return {
                ...maintenance,
                ...rest,
                id: `w${i}`,
                timeZone: 'Europe/Paris',
                startsAt: wall(start),
                endsAt: wall(start + hours(length)),
              }
            }),
            relations: [{ fromId: 'erp-app', toId: 'erp-database' }],
          })
          const slot = nextFreeSlot(planned, in_, from, halfHours * slotGridMs)
          const isFree = (start: number) =>
            conflictsOf({ ...planned, span: { from: start, to: start + halfHours * slotGridMs } }, in_).length === 0
          const last = slot?.from ?? from + horizonMs
          if (slot !== null) expect(isFree(slot.from)).toBe(true)
          for (let start = Math.ceil(from / slotGridMs) * slotGridMs; start < last; start += slotGridMs) expect(isFree(start)).toBe(false)
        },
      ),
      { numRuns: 25 },
    ))
  it('is there none when a dependency has no time', () =>
    expect(nextFreeSlot(change({ dependsOn: ['o'] }), world({ changes: [other({ span: null })] }), from, hours(1))).toBeNull())
  it('is the Saturday evening after the other change', () =>
    expect(
      nextFreeSlot(
        change({ span: null }),
        world({ windows: [maintenance], changes: [other({ ciIds: ['erp-app'], span: { from: saturday, to: saturday + hours(5) } })] }),
        from,
        hours(2),
      )?.from,
    ).toBe(saturday + 7 * hours(24)))
})

describe('a freeze', () => {
  const touched = { ciIds: ['erp-app'], service: 'erp' }
  it('holds from its first to its last instant', () => {
    const until = at('2027-01-04T00:00+01:00')
    expect(freezeAt(touched, [blackout], [], at('2026-12-14T23:59+01:00'))).toBeNull()
    expect(freezeAt(touched, [blackout], [], at('2026-12-15T00:00+01:00'))).toEqual({ windowId: 'b', name: 'Gel de fin d’année', until })
    expect(freezeAt(touched, [blackout], [], until)).toBeNull()
  })
  it('goes on through another that follows without a gap', () => {
    const next = { ...blackout, id: 'b2', startsAt: '2027-01-04T00:00', endsAt: '2027-01-05T12:00' }
    expect(freezeAt(touched, [blackout, next], [], at('2026-12-20T00:00Z'))?.until).toBe(at('2027-01-05T12:00+01:00'))
  })
  it('of another service does not hold', () =>
    expect(freezeAt(touched, [{ ...blackout, scope: { type: 'services', services: ['wifi'] } }], [], at('2026-12-20T00:00Z'))).toBeNull())
  it('a maintenance window is none', () => expect(freezeAt(touched, [maintenance], [], saturday)).toBeNull())
  it.each([
    ['over everything for a year', { startsAt: '2026-11-01T00:00', endsAt: '2027-11-01T00:00' }, [], false],
    ['of every day, all day', { startsAt: '2026-11-01T00:00', endsAt: '2026-11-02T00:00', rule: 'FREQ=DAILY' }, [], false],
    ['of every night', { startsAt: '2026-11-01T20:00', endsAt: '2026-11-02T06:00', rule: 'FREQ=DAILY' }, [], true],
    [
      'of every night, beside one of every day',
      { startsAt: '2026-11-01T20:00', endsAt: '2026-11-02T06:00', rule: 'FREQ=DAILY' },
      [{ ...blackout, id: 'day', startsAt: '2026-11-01T06:00', endsAt: '2026-11-01T20:00', rule: 'FREQ=DAILY' }],
      false,
    ],
    ['of six weeks', { startsAt: '2026-11-20T00:00', endsAt: '2027-01-04T00:00' }, [], true],
  ])('%s leaves a free moment: %j', (_, parts, others, expected) =>
    expect(leavesFreeMoment({ ...blackout, ...parts }, others, from)).toBe(expected),
  )
})
