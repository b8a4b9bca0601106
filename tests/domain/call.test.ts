import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { callState, estimatedWaitMs, type ReportedEvent, usualVisitMs } from '../../workflows/domain/call.ts'

const answered: ReportedEvent[] = [
  { type: 'offered', at: 1_000, from: '+33611111111', to: '0800100200', queue: 'sales' },
  { type: 'answered', at: 13_000, agent: 'leila' },
  { type: 'held', at: 20_000 },
  { type: 'resumed', at: 50_000 },
  { type: 'held', at: 60_000 },
  { type: 'ended', at: 75_000 },
  { type: 'wrappedUp', at: 90_000 },
]

describe('a call', () => {
  it('is the same whatever the order of its reports, and however often they come', () => {
    const expected = {
      direction: 'in',
      from: '+33611111111',
      to: '0800100200',
      queue: 'sales',
      agent: 'leila',
      offeredAt: 1_000,
      answeredAt: 13_000,
      abandonedAt: null,
      endedAt: 75_000,
      wrappedUpAt: 90_000,
      holdMs: 45_000,
    }
    expect(callState(answered)).toEqual(expected)
    fc.assert(
      fc.property(fc.shuffledSubarray(answered, { minLength: answered.length }), (events) => {
        expect(callState(events)).toEqual(expected)
      }),
    )
  })

  it('that was answered is not abandoned, even when the telephone system says both', () => {
    const both = callState([...answered, { type: 'abandoned', at: 12_999 }])
    expect([both.answeredAt, both.abandonedAt]).toEqual([13_000, null])
  })

  it('of which only the end has arrived began no later than that', () => {
    expect(callState([{ type: 'ended', at: 75_000 }])).toMatchObject({ offeredAt: 75_000, answeredAt: null, endedAt: 75_000 })
    expect(callState([{ type: 'abandoned', at: 9_000 }])).toMatchObject({ offeredAt: 9_000, abandonedAt: 9_000, endedAt: 9_000 })
  })
})

describe('the wait at the counter', () => {
  it('grows with the place in the queue, and shrinks with who serves', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 1, max: 3_600_000 }),
        (position, servers, mean) => {
          const wait = estimatedWaitMs(position, servers, mean)
          expect(wait).toBeGreaterThan(0)
          expect(estimatedWaitMs(position + 1, servers, mean)).toBeGreaterThanOrEqual(wait)
          expect(estimatedWaitMs(position, servers + 1, mean)).toBeLessThanOrEqual(wait)
        },
      ),
    )
  })
  it('is usual while nobody has been served', () => expect(estimatedWaitMs(2, 1, null)).toBe(usualVisitMs * 1.5))
})
