import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Occurrence, recurrences, rehearse } from '#domain/recurrence'

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

const tried = (all: Occurrence[]) => rehearse(rule, all).map(({ value, ticketIds }) => `${value} ${ticketIds.length}`)
describe('a rule tried on the past', () => {
  it.each<[string, Occurrence[], string[]]>([
    ['proposes when the third comes in time', at('vpn', 30, 28, 26), ['vpn 3']],
    ['proposes again only for as many new ones', at('vpn', 30, 29, 28, 27, 26), ['vpn 3']],
    ['proposes twice for twice as many', at('vpn', 30, 29, 28, 27, 26, 25), ['vpn 3', 'vpn 3']],
    ['proposes nothing for what comes too slowly', at('vpn', 30, 22, 14, 6), []],
    ['keeps values apart', [...at('vpn', 30, 29), ...at('mail', 30, 29, 28)], ['mail 3']],
  ])('%s', (_, all, expected) => expect(tried(all)).toEqual(expected))
  it('uses no incident twice, and holds exactly as many as the rule asks within its days, whatever the order', () => {
    const one = fc.record({ ticketId: fc.uuid(), openedAt: fc.integer({ min: 0, max: 60 * day }), value: fc.constantFrom('a', 'b') })
    fc.assert(
      fc.property(fc.uniqueArray(one, { maxLength: 60, selector: ({ ticketId }) => ticketId }), (all) => {
        const found = rehearse(rule, all)
        const used = found.flatMap(({ ticketIds }) => ticketIds)
        expect(new Set(used).size).toBe(used.length)
        for (const { ticketIds, firstAt, lastAt } of found) {
          expect(ticketIds).toHaveLength(rule.least)
          expect(lastAt - firstAt).toBeLessThan(rule.days * day)
        }
      }),
    )
  })
})
