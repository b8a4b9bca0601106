import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chainOf, judgeLink, type LinkEnd, type StandingLink } from '#domain/ticket-links'
import type { LinkKind } from '#schema/ticket-link'

const incident = (id: string): LinkEnd => ({ id, kind: 'incident' })
const is = (fromId: string, kind: LinkKind, toId: string): StandingLink => ({ fromId, kind, toId })
const [a, b, c] = [incident('a'), incident('b'), incident('c')]

describe('a link', () => {
  test.each<[string, LinkKind, LinkEnd, LinkEnd, StandingLink[], string]>([
    ['to itself', 'related', a, a, [], 'linkToSelf'],
    ['that is there already', 'childOf', a, b, [is('a', 'childOf', 'b')], 'alreadyLinked'],
    ['that is there the other way round, where it has no direction', 'related', a, b, [is('b', 'related', 'a')], 'alreadyLinked'],
    ['to one’s own child', 'childOf', a, b, [is('b', 'childOf', 'a')], 'linkCycle'],
    ['to one’s own grandchild', 'childOf', a, c, [is('c', 'childOf', 'b'), is('b', 'childOf', 'a')], 'linkCycle'],
    ['to a second parent', 'childOf', a, c, [is('a', 'childOf', 'b')], 'hasParent'],
    ['to a second original', 'duplicateOf', a, c, [is('a', 'duplicateOf', 'b')], 'alreadyDuplicate'],
    ['to one’s own duplicate', 'duplicateOf', a, b, [is('b', 'duplicateOf', 'a')], 'linkCycle'],
    ['to another kind, as a duplicate', 'duplicateOf', a, { id: 'p', kind: 'problem' }, [], 'linkKindMismatch'],
    ['to an incident, as a cause', 'causedBy', a, b, [], 'linkKindMismatch'],
    ['to a problem, as the resolution', 'resolvedBy', a, { id: 'p', kind: 'problem' }, [], 'linkKindMismatch'],
  ])('%s is refused', (_, kind, from, to, links, code) => expect(judgeLink(kind, from, to, links)).toEqual({ ok: false, code }))
  test('to a problem as a cause, and to a change as the resolution, stands', () => {
    expect(judgeLink('causedBy', a, { id: 'p', kind: 'problem' }, [])).toEqual({ ok: true, toId: 'p' })
    expect(judgeLink('resolvedBy', a, { id: 'x', kind: 'change' }, [])).toEqual({ ok: true, toId: 'x' })
  })
  test('to a duplicate leads to the original', () =>
    expect(judgeLink('duplicateOf', a, c, [is('c', 'duplicateOf', 'b')])).toEqual({ ok: true, toId: 'b' }))
})

test('whatever is linked in whatever order, nobody becomes his own ancestor, and every chain ends', () => {
  const pair = fc.tuple(fc.constantFrom<LinkKind>('childOf', 'duplicateOf'), fc.nat(7), fc.nat(7))
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 40 }), (attempts) => {
      const links: StandingLink[] = []
      for (const [kind, from, to] of attempts) {
        const verdict = judgeLink(kind, incident(`t${from}`), incident(`t${to}`), links)
        if (verdict.ok) links.push(is(`t${from}`, kind, verdict.toId))
      }
      for (const { kind, fromId } of links) {
        const chain = chainOf(kind, fromId, links)
        const last = chain.at(-1) ?? ''
        expect(chain).not.toContain(fromId)
        expect(links.some((link) => link.kind === kind && link.fromId === last)).toBe(false)
      }
    }),
  )
})
