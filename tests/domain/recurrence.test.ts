import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Occurrence, recurrences } from '#domain/recurrence'

const day = 86_400_000
const now = 100 * day
const rule = { least: 3, days: 7 }
const at = (value: string, ...days: number[]): Occurrence[] =>
  days.map((ago, n) => ({ ticketId: `${value}${n}`, openedAt: now - ago * day, value }))
const found = (all: Occurrence[], decided = new Map<string, number>()) =>
  recurrences(rule, all, decided, now).map(({ value, ticketIds }) => `${value} ${ticketIds.length}`)

describe('a recurrence', () => {
  it.each<[string, Occurrence[], string[]]>([
    ['is as many as the rule says', at('vpn', 1, 2, 3), ['vpn 3']],
    ['is not one fewer', at('vpn', 1, 2), []],
    ['is not of different things', [...at('vpn', 1, 2), ...at('mail', 3)], []],
    ['is within so many days', at('vpn', 1, 2, 9), []],
    ['counts from the last of them, so that a late look misses nothing', at('vpn', 5, 8, 11), ['vpn 3']],
    ['is not of long ago', at('vpn', 8, 9, 10), []],
    ['comes with the most frequent first', [...at('vpn', 1, 2, 3), ...at('mail', 1, 1, 2, 2)], ['mail 4', 'vpn 3']],
  ])('%s', (_, all, expected) => expect(found(all)).toEqual(expected))
  it('that was decided on needs as many new ones', () => {
    const decided = new Map([['vpn', now - 3 * day]])
    expect(found(at('vpn', 1, 2, 3, 4), decided)).toEqual([])
    expect(found(at('vpn', 0, 1, 2, 3), decided)).toEqual(['vpn 3'])
  })
  it('never holds fewer than the rule asks for, more days than it allows, or what was decided on', () => {
    const one = fc.record({
      ticketId: fc.uuid(),
      openedAt: fc.integer({ min: now - 20 * day, max: now + day }),
      value: fc.constantFrom('a', 'b'),
    })
    fc.assert(
      fc.property(fc.array(one, { maxLength: 30 }), fc.integer({ min: now - 20 * day, max: now }), (all, until) => {
        for (const { value, ticketIds, firstAt, lastAt } of recurrences(rule, all, new Map([['a', until]]), now)) {
          expect(ticketIds.length).toBeGreaterThanOrEqual(rule.least)
          expect(lastAt - firstAt).toBeLessThan(rule.days * day)
          if (value === 'a') expect(firstAt).toBeGreaterThan(until)
        }
      }),
    )
  })
})
