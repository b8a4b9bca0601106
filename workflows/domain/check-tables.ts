/** Rows of decision tables that contradict their hit policy. */
import type { Diagnostic } from '#engine/contract'
import { type FeelClock, passesUnaryTests } from '#engine/expression'
import type { DecisionModel, DecisionTable } from '#engine/model'
import { error } from './checks.ts'

/** Tests of cells are compared on constants; none of them may hang on the time. */
const noTime: FeelClock = { at: 0, timeZone: 'UTC' }
/** Pairs are compared one by one; beyond so many rows the table is taken on trust. */
const mostRules = 300

/** Every constant that a cell names, and what lies just beside a number: where two cells meet, they meet at one of these. */
function constantsOf(test: string): unknown[] {
  const texts = [...test.matchAll(/"([^"]*)"/g)].map(([, text]) => text)
  const rest = test.replace(/"[^"]*"/g, '')
  const numbers = [...rest.matchAll(/-?\d+(?:\.\d+)?/g)].map(([text]) => Number(text))
  const words = [...rest.matchAll(/\b(true|false)\b/g)].map(([word]) => word === 'true')
  return [...texts, ...words, ...numbers.flatMap((number) => [number, number - 0.5, number + 0.5])]
}

function passes(test: string, value: unknown): boolean {
  try {
    return passesUnaryTests(test, value, {}, noTime)
  } catch {
    // it looks at something that only a run knows
    return false
  }
}

/** Is there surely a value that passes both? Null passes where anything does. */
function meet(one: string | null, other: string | null): boolean {
  if (one === null || other === null || one === other) return true
  return [...constantsOf(one), ...constantsOf(other)].some((value) => passes(one, value) && passes(other, value))
}

/** The first row above `row` that some input fits as well. Columns that look at the same thing cannot be judged one by one. */
function rivalOf({ inputs, rules }: DecisionTable, row: number): number | null {
  if (new Set(inputs.map(({ feel }) => feel)).size < inputs.length) return null
  const index = rules.slice(0, row).findIndex(({ tests }) => tests.every((test, column) => meet(test, rules[row]?.tests[column] ?? null)))
  return index < 0 ? null : index
}

/** At most one row of a table with the hit policy Unique may fit: two that fit one input would stop every ticket that brings it. */
export function checkTables(decisions: readonly DecisionModel[]): Diagnostic[] {
  const nodes = new Map(decisions.flatMap(({ nodes: all }) => Object.values(all)).map((node) => [node.id, node]))
  return [...nodes.values()].flatMap(({ logic }) => {
    if (logic.type !== 'table' || logic.table.hitPolicy !== 'UNIQUE' || logic.table.rules.length > mostRules) return []
    const { table } = logic
    return table.rules.flatMap(({ id }, row) => {
      const rival = rivalOf(table, row)
      if (rival === null) return []
      const params = { row: `${row + 1}`, rival: `${rival + 1}` }
      const message = `Row ${row + 1} fits what row ${rival + 1} fits as well, and the hit policy allows one: part the rows, or choose the hit policy First.`
      return [error(id, 'overlappingRules', message, params)]
    })
  })
}
