/** DMN 1.1 to 1.5 files into decision models, one for each decision, with what it requires. */
import { DmnModdle } from 'dmn-moddle'
import type { Compiled, Diagnostic } from '../contract.ts'
import { checkExpression, checkUnaryTests } from '../expression.ts'
import type { BoxedExpression, DecisionModel, DecisionNode, DecisionTable, HitPolicy } from '../model.ts'
import { child, list, type Node, text } from './moddle.ts'

type Report = (elementId: string, code: string, message: string, params?: Record<string, string>) => void

const NAMESPACE_13 = 'https://www.omg.org/spec/DMN/20191111/MODEL/'
/** DMN 1.1, 1.2, 1.4 and 1.5: what is supported here is written alike in all of them. */
const OTHER_VERSIONS = /https?:\/\/www\.omg\.org\/spec\/DMN\/(?:20151101\/dmn\.xsd|(?:20180521|20211108|20230324)\/MODEL\/)/g
/** Types whose values JSON holds as text, and that a decision's result is converted to. */
const TEMPORAL = ['date', 'time', 'date and time', 'days and time duration', 'years and months duration']
const BUILT_IN = ['number', 'string', 'boolean', ...TEMPORAL]
const OLDER_NAMES: Record<string, string> = {
  dateTime: 'date and time',
  dayTimeDuration: 'days and time duration',
  yearMonthDuration: 'years and months duration',
}

/** Compiles every decision of a DMN file. Literal expressions, tables, contexts, invocations, functions, lists and relations. */
export async function compileDecision(xml: string): Promise<Compiled<DecisionModel[]>> {
  const diagnostics: Diagnostic[] = []
  const report: Report = (elementId, code, message, params) =>
    diagnostics.push({ elementId, severity: 'error', code, message, ...(params ? { params } : {}) })
  const root = await parse(xml, report)
  if (!root) return { ok: false, diagnostics }
  const nodes: Record<string, DecisionNode> = {}
  const warnings: Diagnostic[] = []
  const types = typesOf(root)
  const inputData = new Map<string, InputData>()
  for (const element of list(root, 'drgElement'))
    if (element.$type === 'dmn:InputData' && element.id)
      inputData.set(element.id, {
        name: text(child(element, 'variable'), 'name') ?? element.name ?? element.id,
        type: types(text(child(element, 'variable'), 'typeRef')),
      })
  for (const element of list(root, 'drgElement')) {
    if (element.$type === 'dmn:Decision' || element.$type === 'dmn:BusinessKnowledgeModel')
      nodes[element.id ?? ''] = nodeOf(element, inputData, types, report)
    else if (element.$type === 'dmn:DecisionService')
      warnings.push({
        elementId: element.id ?? '',
        severity: 'warning',
        code: 'unsupportedElement',
        message: 'a decision service is not run; its decisions are',
      })
    else if (!['dmn:InputData', 'dmn:KnowledgeSource'].includes(element.$type))
      report(element.id ?? '', 'unsupportedElement', `${element.$type} is not supported`, { kind: element.$type })
  }
  const models = Object.values(nodes).flatMap((node) => (node.kind === 'decision' ? [modelOf(node, nodes, report)] : []))
  if (models.length === 0 && diagnostics.length === 0) report('', 'noDecision', 'the file holds no decision')
  return diagnostics.length > 0 ? { ok: false, diagnostics } : { ok: true, value: models, warnings }
}

interface InputData {
  name: string
  type: string | null
}
type Types = (typeRef: string | undefined) => string | null

/** A built-in FEEL type by its name, or by the name of an item definition that is no list and only renames one. Null: any other. */
function typesOf(root: Node): Types {
  const definitions = new Map(list(root, 'itemDefinition').map((item) => [item.name ?? '', item]))
  const resolve = (typeRef: string | undefined, depth: number): string | null => {
    const written = (typeRef ?? '').replace(/^(?:feel:|\{[^}]*\})/, '')
    const name = OLDER_NAMES[written] ?? written
    if (BUILT_IN.includes(name)) return name
    const item = definitions.get(name)
    return item && depth < 10 && item.get('isCollection') !== true ? resolve(text(item, 'typeRef'), depth + 1) : null
  }
  return (typeRef) => resolve(typeRef, 0)
}

async function parse(xml: string, report: Report): Promise<Node | null> {
  try {
    const moddle = new DmnModdle()
    const { rootElement } = (await moddle.fromXML(xml.replace(OTHER_VERSIONS, NAMESPACE_13), 'dmn:Definitions')) as unknown as {
      rootElement: Node
    }
    return rootElement
  } catch (error) {
    const message = (error as Error).message
    const place = /line:\s*(\d+)[\s\S]*?column:\s*(\d+)/.exec(message)
    const line = place ? String(Number(place[1]) + 1) : ''
    report(
      '',
      'malformedXml',
      `the file is not well-formed DMN XML${place ? ` at line ${line}` : ''}: ${(message.split('\n')[0] ?? '').trim()}`,
      place ? { line } : {},
    )
    return null
  }
}

function nodeOf(element: Node, inputData: Map<string, InputData>, types: Types, report: Report): DecisionNode {
  const id = element.id ?? ''
  const isDecision = element.$type === 'dmn:Decision'
  const requires: string[] = []
  const inputs: string[] = []
  const inputTypes: Record<string, string> = {}
  for (const requirement of [...list(element, 'informationRequirement'), ...list(element, 'knowledgeRequirement')]) {
    const target = child(requirement, 'requiredDecision') ?? child(requirement, 'requiredKnowledge')
    const href = target && text(target, 'href')
    if (href) requires.push(href.replace(/^.*#/, ''))
    const input = child(requirement, 'requiredInput')
    const data = input ? inputData.get((text(input, 'href') ?? '').replace(/^.*#/, '')) : undefined
    if (!data) continue
    inputs.push(data.name)
    if (data.type !== null && TEMPORAL.includes(data.type)) inputTypes[data.name] = data.type
  }
  const body = isDecision ? child(element, 'decisionLogic') : child(element, 'encapsulatedLogic')
  if (!body) report(id, 'missingLogic', 'the decision has no logic')
  const resultType = isDecision ? types(text(child(element, 'variable'), 'typeRef')) : null
  return {
    id,
    name: element.name ?? id,
    variable: text(child(element, 'variable'), 'name') ?? element.name ?? id,
    requires,
    inputs,
    ...(Object.keys(inputTypes).length > 0 ? { inputTypes } : {}),
    ...(resultType === null ? {} : { resultType }),
    kind: isDecision ? 'decision' : 'knowledge',
    logic: body ? boxed(body, id, report) : { type: 'literal', feel: 'null' },
  }
}

function modelOf(node: DecisionNode, all: Record<string, DecisionNode>, report: Report): DecisionModel {
  const nodes: Record<string, DecisionNode> = {}
  const visit = (id: string, path: string[]): void => {
    const found = all[id]
    if (path.includes(id)) report(id, 'requirementCycle', `the decision requires itself, by way of ${path.join(', ')}`)
    else if (!found) report(path.at(-1) ?? id, 'unresolvedReference', `the required ${id} does not exist in this file`, { value: id })
    else if (!nodes[id] || path.length > 0) {
      nodes[id] = found
      for (const required of found.requires) visit(required, [...path, id])
    }
  }
  visit(node.id, [])
  return { format: 1, decisionId: node.id, name: node.name, nodes }
}

type Box = (element: Node, id: string, report: Report) => BoxedExpression

const BOXES: Record<string, Box> = {
  LiteralExpression: (element, id, report) => ({ type: 'literal', feel: feel(text(element, 'text') ?? '', id, report) }),
  DecisionTable: (element, id, report) => ({ type: 'table', table: tableOf(element, id, report) }),
  Context: (element, id, report) => ({
    type: 'context',
    entries: list(element, 'contextEntry').map((entry) => ({
      name: text(child(entry, 'variable'), 'name') ?? null,
      value: inner(entry, 'value', id, report),
    })),
  }),
  Invocation: (element, id, report) => ({
    type: 'invocation',
    callee: feel(text(child(element, 'calledFunction') ?? child(element, 'expression'), 'text') ?? '', id, report),
    bindings: list(element, 'binding').map((binding) => ({
      name: text(child(binding, 'parameter'), 'name') ?? '',
      value: inner(binding, 'bindingFormula', id, report),
    })),
  }),
  FunctionDefinition: (element, id, report) => {
    const kind = text(element, 'kind') ?? 'FEEL'
    if (kind !== 'FEEL') report(id, 'unsupportedFunction', `functions in ${kind} are not supported, only in FEEL`, { kind })
    return {
      type: 'function',
      parameters: list(element, 'formalParameter').map((parameter) => parameter.name ?? ''),
      body: inner(element, 'body', id, report),
    }
  },
  List: (element, id, report) => ({ type: 'list', items: list(element, 'elements').map((item) => boxed(item, id, report)) }),
  Relation: (element, id, report) => ({
    type: 'relation',
    columns: list(element, 'column').map((column) => column.name ?? ''),
    rows: list(element, 'row').map((row) => list(row, 'elements').map((cell) => boxed(cell, id, report))),
  }),
}

function boxed(element: Node, id: string, report: Report): BoxedExpression {
  const box = BOXES[element.$type.replace(/^dmn:/, '')]
  if (box) return box(element, element.id ?? id, report)
  report(id, 'unsupportedElement', `${element.$type} is not supported as decision logic`, { kind: element.$type })
  return { type: 'literal', feel: 'null' }
}

function inner(holder: Node, property: string, id: string, report: Report): BoxedExpression {
  const value = child(holder, property)
  if (value) return boxed(value, id, report)
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

function tableOf(element: Node, id: string, report: Report): DecisionTable {
  const hitPolicy = (text(element, 'hitPolicy') ?? 'UNIQUE') as HitPolicy
  if (!HIT_POLICIES.includes(hitPolicy))
    report(id, 'hitPolicy', `the hit policy ${hitPolicy} is not one of ${HIT_POLICIES.join(', ')}`, { hitPolicy })
  const inputs = list(element, 'input').map((input) => ({
    feel: feel(text(child(input, 'inputExpression'), 'text') ?? '', input.id ?? id, report),
    allowed: tests(text(child(input, 'inputValues'), 'text'), input.id ?? id, report),
  }))
  const outputs = list(element, 'output').map((output, index) => {
    const fallback = text(child(output, 'defaultOutputEntry'), 'text')
    return {
      name: output.name ?? text(output, 'label') ?? `output${index + 1}`,
      allowed: splitList(text(child(output, 'outputValues'), 'text') ?? ''),
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
