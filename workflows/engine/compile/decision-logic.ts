/** What a decision is made of: boxed expressions and tables (DMN 1.3 clauses 8 and 10.2, DMN 1.4 clause 10.2.2). */
import { checkExpression, checkUnaryTests } from '../expression.ts'
import type { BoxedExpression, DecisionTable, HitPolicy } from '../model.ts'
import type { Types } from './decision-types.ts'
import { child, list, type Node, text } from './moddle.ts'

export type Report = (elementId: string, code: string, message: string, params?: Record<string, string>) => void
type Box = (element: Node, id: string, report: Report, types: Types) => BoxedExpression

const BOXES: Record<string, Box> = {
  LiteralExpression: (element, id, report) => ({ type: 'literal', feel: feel(text(element, 'text') ?? '', id, report) }),
  DecisionTable: (element, id, report, types) => ({ type: 'table', table: tableOf(element, id, report, types) }),
  Context: (element, id, report, types) => ({
    type: 'context',
    entries: list(element, 'contextEntry').map((entry) => {
      const valueType = types(text(child(entry, 'variable'), 'typeRef'))
      return {
        name: text(child(entry, 'variable'), 'name') ?? null,
        value: inner(entry, 'value', id, report, types),
        // The type of an entry that is a function is what the function gives, or a function's: its parameters say enough.
        ...(valueType === null || child(entry, 'value')?.$type === 'dmn:FunctionDefinition' ? {} : { valueType }),
      }
    }),
  }),
  Invocation: (element, id, report, types) => ({
    type: 'invocation',
    callee: feel(text(child(element, 'calledFunction') ?? child(element, 'expression'), 'text') ?? '', id, report),
    bindings: list(element, 'binding').map((binding) => ({
      name: text(child(binding, 'parameter'), 'name') ?? '',
      value: inner(binding, 'bindingFormula', id, report, types),
    })),
  }),
  FunctionDefinition: (element, id, report, types) => {
    const kind = text(element, 'kind') ?? 'FEEL'
    if (kind !== 'FEEL') report(id, 'unsupportedFunction', `functions in ${kind} are not supported, only in FEEL`, { kind })
    const parameterTypes = list(element, 'formalParameter').map((parameter) => types(text(parameter, 'typeRef')))
    return {
      type: 'function',
      parameters: list(element, 'formalParameter').map((parameter) => parameter.name ?? ''),
      ...(parameterTypes.some((type) => type !== null) ? { parameterTypes } : {}),
      body: inner(element, 'body', id, report, types),
    }
  },
  Conditional: (element, id, report, types) => ({
    type: 'conditional',
    test: part(element, 'if', id, report, types),
    whenTrue: part(element, 'then', id, report, types),
    whenFalse: part(element, 'else', id, report, types),
  }),
  Filter: (element, id, report, types) => ({
    type: 'filter',
    in: part(element, 'in', id, report, types),
    match: part(element, 'match', id, report, types),
  }),
  For: (element, id, report, types) => iterationOf('for', element, 'return', id, report, types),
  Some: (element, id, report, types) => iterationOf('some', element, 'satisfies', id, report, types),
  Every: (element, id, report, types) => iterationOf('every', element, 'satisfies', id, report, types),
  List: (element, id, report, types) => ({ type: 'list', items: list(element, 'elements').map((item) => boxed(item, id, report, types)) }),
  Relation: (element, id, report, types) => ({
    type: 'relation',
    columns: list(element, 'column').map((column) => column.name ?? ''),
    rows: list(element, 'row').map((row) => list(row, 'elements').map((cell) => boxed(cell, id, report, types))),
  }),
}

/** A child expression (DMN 1.4): a named place around one expression. */
function part(element: Node, name: string, id: string, report: Report, types: Types): BoxedExpression {
  return inner(child(element, name) ?? element, 'expression', id, report, types)
}

function iterationOf(
  kind: 'for' | 'some' | 'every',
  element: Node,
  result: string,
  id: string,
  report: Report,
  types: Types,
): BoxedExpression {
  const variable = text(element, 'iteratorVariable')
  if (variable === undefined) report(id, 'missingVariable', 'the iteration needs a variable')
  return {
    type: 'iteration',
    kind,
    variable: variable ?? '',
    in: part(element, 'in', id, report, types),
    body: part(element, result, id, report, types),
  }
}

export function boxed(element: Node, id: string, report: Report, types: Types): BoxedExpression {
  const box = BOXES[element.$type.replace(/^dmn:/, '')]
  if (box) return box(element, element.id ?? id, report, types)
  report(id, 'unsupportedElement', `${element.$type} is not supported as decision logic`, { kind: element.$type })
  return { type: 'literal', feel: 'null' }
}

function inner(holder: Node, property: string, id: string, report: Report, types: Types): BoxedExpression {
  const value = child(holder, property)
  if (value) return boxed(value, id, report, types)
  report(holder.id ?? id, 'missingLogic', 'there is no expression, or one of a kind that is not supported')
  return { type: 'literal', feel: 'null' }
}

function feel(source: string, id: string, report: Report): string {
  const mistake = checkExpression(source.trim())
  if (mistake)
    report(id, 'feelSyntax', `"${source.trim()}" is not valid FEEL: ${mistake.message} at character ${mistake.offset + 1}`, {
      expression: source,
      reason: mistake.message,
    })
  return source.trim()
}

function tests(source: string | undefined, id: string, report: Report): string | null {
  const trimmed = source?.trim() ?? ''
  if (trimmed === '' || trimmed === '-') return null
  const mistake = checkUnaryTests(trimmed)
  if (mistake)
    report(id, 'feelSyntax', `"${trimmed}" is not a valid FEEL test: ${mistake.message} at character ${mistake.offset + 1}`, {
      expression: trimmed,
      reason: mistake.message,
    })
  return trimmed
}

const HIT_POLICIES: readonly HitPolicy[] = ['UNIQUE', 'FIRST', 'PRIORITY', 'ANY', 'COLLECT', 'RULE ORDER', 'OUTPUT ORDER']

function tableOf(element: Node, id: string, report: Report, types: Types): DecisionTable {
  const hitPolicy = (text(element, 'hitPolicy') ?? 'UNIQUE') as HitPolicy
  if (!HIT_POLICIES.includes(hitPolicy))
    report(id, 'hitPolicy', `the hit policy ${hitPolicy} is not one of ${HIT_POLICIES.join(', ')}`, { hitPolicy })
  const inputs = list(element, 'input').map((input) => ({
    feel: feel(text(child(input, 'inputExpression'), 'text') ?? '', input.id ?? id, report),
    allowed: tests(text(child(input, 'inputValues'), 'text'), input.id ?? id, report),
  }))
  const outputs = list(element, 'output').map((output, index) => {
    const fallback = text(child(output, 'defaultOutputEntry'), 'text')
    const type = types(text(output, 'typeRef'))
    const declared = type !== null && typeof type === 'object' && 'of' in type ? type.allowed : null
    return {
      name: output.name ?? text(output, 'label') ?? `output${index + 1}`,
      allowed: splitList(tests(text(child(output, 'outputValues'), 'text'), output.id ?? id, report) ?? declared ?? ''),
      default: fallback === undefined ? null : feel(fallback, output.id ?? id, report),
    }
  })
  const rules = list(element, 'rule').map((rule, index) => {
    const ruleId = rule.id ?? `rule${index + 1}`
    const cells = list(rule, 'outputEntry').map((entry) => text(entry, 'text'))
    if (list(rule, 'inputEntry').length !== inputs.length || cells.length !== outputs.length)
      report(ruleId, 'ruleShape', `row ${index + 1} has not one cell for each column`)
    return {
      id: ruleId,
      tests: list(rule, 'inputEntry').map((entry) => tests(text(entry, 'text'), ruleId, report)),
      outputs: cells.map((cell) => (cell === undefined || cell === '-' ? null : feel(cell, ruleId, report))),
    }
  })
  const aggregation = (text(element, 'aggregation') ?? null) as DecisionTable['aggregation']
  return { hitPolicy, aggregation, inputs, outputs, rules }
}

/** Splits a list of FEEL values at its top-level commas. */
function splitList(source: string): string[] {
  const parts: string[] = []
  let depth = 0
  let isText = false
  let start = 0
  for (let at = 0; at < source.length; at++) {
    const letter = source[at]!
    if (letter === '"') isText = !isText
    else if (!isText && '([{'.includes(letter)) depth++
    else if (!isText && ')]}'.includes(letter)) depth--
    else if (!isText && depth === 0 && letter === ',') {
      parts.push(source.slice(start, at))
      start = at + 1
    }
  }
  parts.push(source.slice(start))
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}
