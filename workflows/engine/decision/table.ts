/** Decision tables (DMN 1.3 clause 8): matching rules, hit policies, aggregation. */
import { evaluateRaw, type FeelClock, passesUnaryTests } from '../expression.ts'
import type { DecisionTable, HitPolicy } from '../model.ts'
import { DecisionFailure, type Names } from './evaluate.ts'

export interface TableResult {
  value: unknown
  inputs: Record<string, unknown>
  rows: number[]
  ruleIds: string[]
}
/** A matching rule: 0-based row, and its outputs in column order. */
interface Hit {
  row: number
  outputs: unknown[]
}

/** @throws DecisionFailure by the hit policy's rules; FeelFailure */
export function evaluateTable(table: DecisionTable, names: Names, clock: FeelClock, name: string): TableResult {
  const values = table.inputs.map(({ feel }) => evaluateRaw(feel, names, clock))
  const inputs = Object.fromEntries(table.inputs.map(({ feel }, index) => [feel, values[index]]))
  table.inputs.forEach(({ feel, allowed }, index) => {
    if (allowed !== null && !passesUnaryTests(allowed, values[index], names, clock)) {
      throw new DecisionFailure(`${name}: ${feel} is ${JSON.stringify(values[index])}, which is none of its allowed values ${allowed}`)
    }
  })
  const hits: Hit[] = []
  table.rules.forEach((rule, row) => {
    const isHit = rule.tests.every((test, index) => test === null || passesUnaryTests(test, values[index], names, clock))
    if (!isHit) return
    hits.push({ row, outputs: rule.outputs.map((output) => (output === null ? null : evaluateRaw(output, names, clock))) })
  })
  const chosen = hits.length === 0 ? [] : POLICIES[table.hitPolicy](hits, table, name, clock)
  checkOutputs(table, chosen, name, clock)
  const fired = chosen.map(({ row }) => row)
  return {
    value: resultOf(table, chosen, names, clock),
    inputs,
    rows: fired.map((row) => row + 1),
    ruleIds: fired.map((row) => table.rules[row]!.id),
  }
}

/** Output values are a promise to whoever reads the result (DMN 1.3 clause 8.3.2). */
function checkOutputs(table: DecisionTable, hits: readonly Hit[], name: string, clock: FeelClock): void {
  table.outputs.forEach(({ name: output, allowed }, index) => {
    if (allowed.length === 0) return
    const tests = allowed.join(', ')
    for (const { row, outputs } of hits)
      if (outputs[index] !== null && !passesUnaryTests(tests, outputs[index], {}, clock))
        throw new DecisionFailure(
          `${name}: rule ${row + 1} gives ${JSON.stringify(outputs[index])} for ${output}, expected one of ${tests}`,
        )
  })
}

type Policy = (hits: Hit[], table: DecisionTable, name: string, clock: FeelClock) => Hit[]

const inOrder: Policy = (hits) => hits
const byPriority: Policy = (hits, table, _name, clock) => {
  const ranks = table.outputs.map(({ allowed }) => allowed.map((feel) => JSON.stringify(evaluateRaw(feel, {}, clock))))
  const rank = (hit: Hit): number[] =>
    hit.outputs.map((output, index) => {
      const at = ranks[index]!.indexOf(JSON.stringify(output))
      return at < 0 ? Number.MAX_SAFE_INTEGER : at
    })
  return [...hits].sort((a, b) => {
    const left = rank(a)
    const right = rank(b)
    const different = left.findIndex((value, index) => value !== right[index])
    return different < 0 ? a.row - b.row : left[different]! - right[different]!
  })
}

const POLICIES: Record<HitPolicy, Policy> = {
  UNIQUE(hits, _table, name) {
    if (hits.length > 1)
      throw new DecisionFailure(`${name}: hit policy unique, but rules ${hits.map(({ row }) => row + 1).join(', ')} match`)
    return hits
  },
  FIRST: (hits) => hits.slice(0, 1),
  PRIORITY: (hits, table, name, clock) => byPriority(hits, table, name, clock).slice(0, 1),
  ANY(hits, _table, name) {
    const first = JSON.stringify(hits[0]!.outputs)
    const other = hits.find(({ outputs }) => JSON.stringify(outputs) !== first)
    if (other)
      throw new DecisionFailure(`${name}: hit policy any, but rules ${hits[0]!.row + 1} and ${other.row + 1} give different outputs`)
    return hits
  },
  COLLECT: inOrder,
  'RULE ORDER': inOrder,
  'OUTPUT ORDER': byPriority,
}

const isSingle = (policy: HitPolicy): boolean => policy === 'UNIQUE' || policy === 'FIRST' || policy === 'PRIORITY' || policy === 'ANY'

function resultOf(table: DecisionTable, hits: Hit[], names: Names, clock: FeelClock): unknown {
  if (hits.length === 0) return emptyResult(table, names, clock)
  const single = table.outputs.length === 1
  const shape = ({ outputs }: Hit): unknown =>
    single ? outputs[0] : Object.fromEntries(table.outputs.map(({ name }, index) => [name, outputs[index]]))
  if (isSingle(table.hitPolicy)) return shape(hits[0]!)
  if (table.hitPolicy === 'COLLECT' && table.aggregation) return aggregate(table, hits, clock)
  return hits.map(shape)
}

/** Default outputs when there are any; else null, for a list of hits too (DMN 1.3 clause 8.2.11). */
function emptyResult(table: DecisionTable, names: Names, clock: FeelClock): unknown {
  if (!table.outputs.some(({ default: fallback }) => fallback !== null)) return null
  const values = table.outputs.map(({ default: fallback }) => (fallback === null ? null : evaluateRaw(fallback, names, clock)))
  return table.outputs.length === 1 ? values[0] : Object.fromEntries(table.outputs.map(({ name }, index) => [name, values[index]]))
}

const FUNCTIONS = { SUM: 'sum', MIN: 'min', MAX: 'max', COUNT: 'count' } as const

function aggregate(table: DecisionTable, hits: Hit[], clock: FeelClock): unknown {
  const column = (index: number): unknown =>
    evaluateRaw(`${FUNCTIONS[table.aggregation!]}(values)`, { values: hits.map(({ outputs }) => outputs[index]) }, clock)
  if (table.outputs.length === 1) return column(0)
  return Object.fromEntries(table.outputs.map(({ name }, index) => [name, column(index)]))
}
