/** The values that a variable can have, as far as a drawing and its decision tables tell before anything runs. Pure. */
import { evaluateFeel } from '#engine/expression'
import type { DecisionModel, Expression, Mapping, Model, ModelElement } from '#engine/model'
import type { Json } from '#schema/json'

/** A value, and the row of the decision table that gives it; null: the drawing gives it. */
export interface Known {
  value: Json
  row: { taskId: string; decisionId: string; ruleId: string; number: number } | null
}

/** A process, with the call activity through which it was reached: what it does not set itself comes from there. */
export interface Place {
  model: Model
  decisions: Readonly<Record<string, DecisionModel>>
  call: { element: ModelElement; place: Place } | null
}

/** Longer ways from variable to variable are not followed. */
const longest = 8
const path = /^[A-Za-z_]\w*(\.\w+)*$/

const headOf = (feel: string): string => feel.split('.')[0] as string

/** A constant's value; undefined: it needs variables. */
function constant(expression: Expression): Json | undefined {
  if ('literal' in expression) return expression.literal
  try {
    return evaluateFeel(expression.feel, {}, { at: 0, timeZone: 'UTC' })
  } catch {
    return undefined
  }
}

function cell(feel: string | null): Json | undefined {
  return feel === null ? null : constant({ feel })
}

/** Each row's outputs, as the table's result; null: not a table, or a cell that only a run can tell. */
function rowsOf(decision: DecisionModel | undefined, taskId: string): Known[] | null {
  const logic = decision?.nodes[decision.decisionId]?.logic
  if (logic?.type !== 'table' || !['UNIQUE', 'FIRST', 'ANY', 'PRIORITY'].includes(logic.table.hitPolicy)) return null
  const { outputs, rules } = logic.table
  return rules.map((rule, index) => {
    const cells = outputs.map((output, at) => [output.name, cell(rule.outputs[at] ?? output.default) ?? null] as const)
    const value = outputs.length === 1 ? (cells[0]?.[1] ?? null) : Object.fromEntries(cells)
    return { value, row: { taskId, decisionId: decision?.decisionId ?? '', ruleId: rule.id, number: index + 1 } }
  })
}

function under(known: readonly Known[], names: readonly string[]): Known[] {
  return known.map(({ value, row }) => {
    let inner: Json | undefined = value
    for (const name of names) inner = inner !== null && typeof inner === 'object' && !Array.isArray(inner) ? inner[name] : null
    return { value: inner ?? null, row }
  })
}

/** What a mapping gives; a mapping of a name to itself gives nothing new. */
const mapped = (place: Place, mapping: Mapping, outer: ModelElement | null, steps: number): Known[] | null =>
  'feel' in mapping.source && mapping.source.feel.trim() === mapping.target ? null : resolve(place, outer, mapping.source, steps)

/** The values that one element writes under a name; undefined: it does not write it. */
function written(place: Place, element: ModelElement, name: string, steps: number): Known[] | null | undefined {
  const output = element.outputs?.find(({ target }) => target === name)
  if (output && !('feel' in output.source && output.source.feel.trim() === name)) return mapped(place, output, null, steps)
  if (element.type === 'scriptTask' && element.resultVariable === name && element.expression)
    return resolve(place, null, element.expression, steps)
  if (element.type === 'businessRuleTask' && element.decision?.resultVariable === name) {
    const { decisionId } = element.decision
    return 'literal' in decisionId ? rowsOf(place.decisions[String(decisionId.literal)], element.id) : null
  }
  const jobType = element.type === 'serviceTask' && 'literal' in element.job.jobType ? element.job.jobType.literal : null
  // whom it names only a run can tell; the quorum it hands on is the one that it was given
  return name === 'approvers' && (jobType === 'approvers' || jobType === 'findApprovers') ? null : undefined
}

/** Everything that the process may have under a name; null: not known, or not all of it. */
export function valuesOf(place: Place, name: string, steps = longest): Known[] | null {
  if (steps <= 0) return null
  const writers = Object.values(place.model.elements)
    .map((element) => written(place, element, name, steps - 1))
    .filter((values) => values !== undefined)
  if (writers.length > 0) {
    const values = writers.filter((one) => one !== null)
    return values.length === writers.length ? values.flat() : null
  }
  const { call } = place
  if (call === null) return null
  const input = call.element.inputs?.find(({ target }) => target === name)
  return input ? mapped(call.place, input, null, steps - 1) : valuesOf(call.place, name, steps - 1)
}

/** What an expression can give at an element, whose own inputs come first; null: only a run can tell. */
export function resolve(place: Place, element: ModelElement | null, expression: Expression | undefined, steps = longest): Known[] | null {
  if (expression === undefined || steps <= 0) return null
  const value = constant(expression)
  if (value !== undefined) return [{ value, row: null }]
  const feel = 'feel' in expression ? expression.feel.trim() : ''
  if (!path.test(feel)) return null
  const head = headOf(feel)
  const input = element?.inputs?.find(({ target }) => target === head)
  const known = input ? mapped(place, input, null, steps - 1) : valuesOf(place, head, steps - 1)
  return known && under(known, feel.split('.').slice(1))
}
