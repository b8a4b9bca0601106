import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { areRelated, type Reliance, walkImpact } from '#domain/impact'

const relies = (...pairs: string[]): Reliance[] =>
  pairs.map((pair) => ({ fromId: pair.split('>')[0] ?? '', kind: 'dependsOn', toId: pair.split('>')[1] ?? '' }))
const told = (relations: Reliance[], start: string, direction: 'upstream' | 'downstream', depth?: number) =>
  walkImpact(relations, start, direction, depth).reached.map(({ id, distance, viaId }) => `${id} ${distance} by ${viaId}`)

describe('walkImpact', () => {
  const payroll = relies('payroll>db', 'db>server', 'server>switch', 'intranet>server', 'portal>intranet', 'portal>db')
  it.each([
    ['server', 'upstream', ['db 1 by server', 'intranet 1 by server', 'payroll 2 by db', 'portal 2 by db']],
    ['portal', 'downstream', ['intranet 1 by portal', 'db 1 by portal', 'server 2 by intranet', 'switch 3 by server']],
    ['switch', 'downstream', []],
    ['nowhere', 'upstream', []],
  ] as const)('from %s %s', (start, direction, expected) => {
    expect(told(payroll, start, direction)).toEqual(expected)
  })

  it('ends in a cycle, and says where the depth cut it off', () => {
    const ring = relies('a>b', 'b>c', 'c>a')
    expect(told(ring, 'a', 'upstream')).toEqual(['c 1 by a', 'b 2 by c'])
    expect(walkImpact(ring, 'a', 'upstream', 1).isCut).toBe(true)
    expect(walkImpact(ring, 'a', 'upstream', 2).isCut).toBe(false)
  })

  const graph = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 8 })), { maxLength: 30 })
    .map((edges) => edges.filter(([a, b]) => a !== b).map(([a, b]) => ({ fromId: `n${a}`, kind: 'dependsOn', toId: `n${b}` })))
  it('reaches each item once, and upstream mirrors downstream', () => {
    fc.assert(
      fc.property(graph, fc.integer({ min: 0, max: 8 }), (relations, n) => {
        const { reached } = walkImpact(relations, `n${n}`, 'upstream')
        expect(new Set(reached.map(({ id }) => id)).size).toBe(reached.length)
        for (const { id, distance } of reached) {
          const back = walkImpact(relations, id, 'downstream').reached.find((each) => each.id === `n${n}`)
          expect(back?.distance).toBe(distance)
        }
      }),
    )
  })
  it('is symmetric as a question of two', () => {
    fc.assert(fc.property(graph, (relations) => areRelated(relations, 'n1', 'n2') === areRelated(relations, 'n2', 'n1')))
  })
})
