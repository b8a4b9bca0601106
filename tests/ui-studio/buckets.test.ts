import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bucketDays, bucketSize, dayRange, presetPeriod } from '../../ui/pages/reports/buckets.ts'

const day = (text: string, opened = 1, resolved = 0) => ({ day: text, opened, resolved })

describe('days put together', () => {
  test('days without tickets are shown as empty', () => {
    expect(bucketDays([day('2026-03-01', 2), day('2026-03-03', 1)]).map((bucket) => bucket.opened)).toEqual([2, 0, 1])
  })
  test('weeks begin on Monday', () => {
    expect(bucketDays([day('2026-03-01'), day('2026-03-02')], 'week').map((bucket) => bucket.from)).toEqual(['2026-02-23', '2026-03-02'])
  })
  test('months end where the next begins', () => {
    expect(bucketDays([day('2016-02-29'), day('2016-12-31')], 'month').at(-1)).toEqual({
      from: '2016-12-01',
      to: '2017-01-01',
      opened: 1,
      resolved: 0,
    })
  })
  test('the size grows with the span', () => {
    expect([
      bucketSize([day('2026-01-01'), day('2026-02-01')]),
      bucketSize([day('2026-01-01'), day('2026-05-01')]),
      bucketSize([day('2016-01-01'), day('2026-05-01')]),
    ]).toEqual(['day', 'week', 'month'])
  })
  test('no days, no buckets', () => {
    expect(bucketDays([])).toEqual([])
  })
  test('nothing is lost, whatever the size', () => {
    const days = fc
      .uniqueArray(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 60 })
      .map((offsets) =>
        offsets
          .sort((a, b) => a - b)
          .map((offset) => day(new Date(Date.UTC(2024, 0, 1) + offset * 86_400_000).toISOString().slice(0, 10), offset % 5, offset % 3)),
      )
    fc.assert(
      fc.property(days, fc.constantFrom('day' as const, 'week' as const, 'month' as const), (given, size) => {
        const sum = (items: { opened: number; resolved: number }[]) => [
          items.reduce((total, item) => total + item.opened, 0),
          items.reduce((total, item) => total + item.resolved, 0),
        ]
        expect(sum(bucketDays(given, size))).toEqual(sum(given))
      }),
    )
  })
})

describe('periods', () => {
  test('the last 7 days hold today', () => {
    expect(presetPeriod(7, '2026-03-07')).toEqual({ from: '2026-03-01T00:00:00.000Z' })
  })
  test('all of history has no bounds', () => {
    expect(presetPeriod(null, '2026-03-07')).toEqual({})
  })
  test('a range holds its last day', () => {
    expect(dayRange('2026-02-28', '2026-02-28')).toEqual({ from: '2026-02-28T00:00:00.000Z', to: '2026-03-01T00:00:00.000Z' })
  })
})
