import { describe, expect, it } from 'vitest'
import { checkTables } from '#domain/check-tables'
import type { DecisionTable, HitPolicy } from '#engine/model'
import { shippedBundle } from './shipped-bundle.ts'

const rule = (id: string, ...tests: (string | null)[]) => ({ id, tests, outputs: ['1'] })
function found(rules: DecisionTable['rules'], hitPolicy: HitPolicy = 'UNIQUE', inputs = ['impact', 'category']): string[] {
  const table: DecisionTable = {
    hitPolicy,
    aggregation: null,
    inputs: inputs.map((feel) => ({ feel, allowed: null })),
    outputs: [{ name: 'priority', allowed: [], default: null }],
    rules,
  }
  const node = {
    id: 'p',
    name: 'P',
    variable: 'p',
    requires: [],
    inputs: [],
    kind: 'decision' as const,
    logic: { type: 'table' as const, table },
  }
  return checkTables([{ format: 1, decisionId: 'p', name: 'P', nodes: { p: node } }]).map(
    ({ elementId, code, params }) => `${elementId}: ${code} ${params?.rival}`,
  )
}

describe('a table of which one row may fit', () => {
  it.each<[string, [string | null, string | null], [string | null, string | null], boolean]>([
    ['the same cells', ['1', '"vpn"'], ['1', '"vpn"'], true],
    ['a row for anything', ['1', '"vpn"'], [null, null], true],
    ['one value of a list', ['1', '"vpn", "network"'], ['1', '"network"'], true],
    ['ranges that share their ends', ['[1..3]', null], ['[3..5]', null], true],
    ['ranges that share no end', ['[1..3)', null], ['[3..5]', null], false],
    ['a bound within a range', ['< 2', null], ['[1..3]', null], true],
    ['an open range and a bound beyond', ['> 3', null], ['<= 3', null], false],
    ['a fraction between two bounds', ['> 1', null], ['< 2', null], true],
    ['other values', ['1', '"vpn"'], ['1', '"mail"'], false],
    ['another value in one column', ['1', null], ['2', null], false],
    ['everything but a value', ['1', 'not("vpn")'], ['1', '"mail"'], true],
    ['everything but this value', ['1', 'not("vpn")'], ['1', '"vpn"'], false],
    ['what only a run knows', ['1', 'limit'], ['1', '"vpn"'], false],
  ])('%s', (_, one, other, isOverlap) =>
    expect(found([rule('r1', ...one), rule('r2', ...other)])).toEqual(isOverlap ? ['r2: overlappingRules 1'] : []),
  )
  it('may have overlaps under any other policy', () => expect(found([rule('r1', null, null), rule('r2', null, null)], 'FIRST')).toEqual([]))
  it('is not judged by columns that look at the same', () =>
    expect(found([rule('r1', '< 3', '> 1'), rule('r2', '> 1', '< 1')], 'UNIQUE', ['impact', 'impact'])).toEqual([]))
  it('as shipped has none', async () => expect(checkTables(Object.values((await shippedBundle()).decisions))).toEqual([]))
})
