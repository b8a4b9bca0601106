import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, addMonths, daysBetween, noticeDate } from '#schema/calendar-date'
import { nouns } from '#schema/nouns'
import { checkRecord } from '#domain/record-check'

describe('addMonths', () => {
  it.each([
    ['2026-01-31', 1, '2026-02-28'],
    ['2028-01-31', 1, '2028-02-29'],
    ['2026-02-28', 1, '2026-03-31'],
    ['2026-04-30', -2, '2026-02-28'],
    ['2026-12-31', -3, '2026-09-30'],
    ['2026-03-30', -1, '2026-02-28'],
    ['2026-01-15', -13, '2024-12-15'],
    ['2026-06-15', 12, '2027-06-15'],
  ] as const)('%s %i: %s', (from, months, expected) => expect(addMonths(from, months)).toBe(expected))

  const anyDay = fc.integer({ min: 0, max: 40_000 }).map((days) => addDays('1990-01-01', days))
  it('forth and back is where one was, or the last days of a month', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -60, max: 60 }), (day, months) => {
        const back = addMonths(addMonths(day, months), -months)
        expect(Math.abs(daysBetween(day, back))).toBeLessThanOrEqual(3)
        if (Number(day.slice(8)) < 28) expect(back).toBe(day)
      }),
    )
  })
  it('twelve months are a year', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        expect(addMonths(day, 12).slice(0, 4)).toBe(String(Number(day.slice(0, 4)) + 1))
      }),
    )
  })
})

describe('a contract', () => {
  it.each([
    ['2026-12-31', 3, 'months', '2026-09-30'],
    ['2027-02-28', 1, 'months', '2027-01-31'],
    ['2026-12-31', 90, 'days', '2026-10-02'],
    ['2026-12-31', 0, 'months', '2026-12-31'],
  ])('that ends %s with a notice of %i %s: by %s', (endsOn, noticeValue, noticeUnit, expected) =>
    expect(noticeDate({ endsOn, noticeValue, noticeUnit })).toBe(expected),
  )

  const good = {
    reference: 'C-1',
    name: 'Maintenance',
    supplierId: 's',
    ownerId: 'o',
    startsOn: '2026-01-01',
    endsOn: '2026-12-31',
    isTacit: true,
    renewalMonths: 12,
    noticeValue: 3,
    noticeUnit: 'months',
  }
  it.each<[string, Record<string, unknown>, string[]]>([
    ['a good one', {}, []],
    ['ends before it starts', { endsOn: '2025-12-31' }, ['endsOn: endsBeforeStart']],
    ['ends on the day it starts', { endsOn: '2026-01-01' }, ['endsOn: endsBeforeStart']],
    ['a notice longer than the contract', { noticeValue: 13 }, ['noticeValue: noticeBeyondTerm']],
    ['renewed for less than the notice', { renewalMonths: 2 }, ['noticeValue: noticeBeyondTerm']],
    ['tacit without a term', { renewalMonths: 0 }, ['renewalMonths: renewalNeeded']],
    ['restored before anybody answers', { responseMinutes: 240, resolutionMinutes: 60 }, ['resolutionMinutes: resolutionBeforeResponse']],
    ['a promise of nothing', { responseMinutes: 0 }, ['responseMinutes: tooSmall']],
    ['no such date', { endsOn: '2026-02-30' }, ['endsOn: notADate']],
  ])('%s', (_name, change, expected) => {
    const checked = checkRecord(nouns['maintenance-contract'], { ...good, ...change }, null)
    expect(checked.ok ? [] : checked.problems.map(({ field, code }) => `${field}: ${code}`)).toEqual(expected)
  })
})

describe('an asset', () => {
  const good = { tag: 'P-1', name: 'Portable', class: 'laptop', status: 'inStock' }
  const problems = (change: Record<string, unknown>, before: Record<string, unknown> | null = null) => {
    const checked = checkRecord(nouns.asset, { ...good, ...change }, before as never)
    return checked.ok ? [] : checked.problems.map(({ field, code }) => `${field}: ${code}`)
  }
  it.each<[string, Record<string, unknown>, string | null, string[]]>([
    ['is assigned to somebody', { status: 'assigned' }, null, ['holderId: holderNeeded']],
    ['goes from the stock to its holder', { status: 'assigned', holderId: 'mei' }, 'inStock', []],
    ['does not come back from the scrap', { status: 'inStock' }, 'disposed', ['status: statusStep']],
    [
      'has a warranty after the purchase',
      { purchasedOn: '2026-02-01', warrantyEndsOn: '2026-01-01' },
      null,
      ['warrantyEndsOn: warrantyBeforePurchase'],
    ],
    ['costs nothing less than nothing', { cost: -1 }, null, ['cost: tooSmall']],
  ])('%s', (_name, change, from, expected) => expect(problems(change, from === null ? null : { ...good, status: from })).toEqual(expected))

  it('licences are not negative', () => {
    const checked = checkRecord(nouns.licence, { name: 'Office', metric: 'user', seats: -1 }, null)
    expect(checked.ok ? [] : checked.problems.map(({ field, code }) => `${field}: ${code}`)).toEqual(['seats: tooSmall'])
  })
  it('a rotation has members', () => {
    const rotation = {
      name: 'R',
      groupId: 'g',
      level: 1,
      memberIds: [],
      handover: 'weekly',
      handoverWeekday: 1,
      handoverTime: '09:00',
      startsOn: '2026-01-01',
    }
    const checked = checkRecord(nouns['on-call-rotation'], rotation, null)
    expect(checked.ok ? [] : checked.problems.map(({ field, code }) => `${field}: ${code}`)).toEqual(['memberIds: noMembers'])
  })
})
