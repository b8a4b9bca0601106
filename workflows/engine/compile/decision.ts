/** DMN 1.3 to 1.5 files into decision models, one for each decision, with what it requires. */
import { DmnModdle } from 'dmn-moddle'
import type { Compiled, Diagnostic } from '../contract.ts'
import { checkExpression, checkUnaryTests } from '../expression.ts'
import type { BoxedExpression, DecisionModel, DecisionNode, DecisionTable, HitPolicy } from '../model.ts'
import { child, list, type Node, text } from './moddle.ts'

type Report = (elementId: string, code: string, message: string, params?: Record<string, string>) => void

const NAMESPACE_13 = 'https://www.omg.org/spec/DMN/20191111/MODEL/'
const NEWER = /https?:\/\/www\.omg\.org\/spec\/DMN\/(?:20211108|20230324)\/MODEL\//g

/** Compiles every decision of a DMN file. Literal expressions, tables, contexts, invocations, functions, lists and relations. */
export async function compileDecision(xml: string): Promise<Compiled<DecisionModel[]>> {
  const diagnostics: Diagnostic[] = []
  const report: Report = (elementId, code, message, params) =>
    diagnostics.push({ elementId, severity: 'error', code, message, ...(params ? { params } : {}) })
  const root = await parse(xml, report)
  if (!root) return { ok: false, diagnostics }
  const nodes: Record<string, DecisionNode> = {}
  const inputNames = new Map<string, string>()
  for (const element of list(root, 'drgElement'))
    if (element.$type === 'dmn:InputData' && element.id)
      inputNames.set(element.id, text(child(element, 'variable'), 'name') ?? element.name ?? element.id)
  for (const element of list(root, 'drgElement')) {
    if (element.$type === 'dmn:Decision' || element.$type === 'dmn:BusinessKnowledgeModel')
      nodes[element.id ?? ''] = nodeOf(element, inputNames, report)
    else if (!['dmn:InputData', 'dmn:KnowledgeSource'].includes(element.$type))
      report(element.id ?? '', 'unsupportedElement', `${element.$type} is not supported`, { kind: element.$type })
  }
  const models = Object.values(nodes).flatMap((node) => (node.kind === 'decision' ? [modelOf(node, nodes, report)] : []))
  if (models.length === 0 && diagnostics.length === 0) report('', 'noDecision', 'the file holds no decision')
  return diagnostics.length > 0 ? { ok: false, diagnostics } : { ok: true, value: models, warnings: [] }
}

async function parse(xml: string, report: Report): Promise<Node | null> {
  try {
    const moddle = new DmnModdle()
    const { rootElement } = (await moddle.fromXML(xml.replace(NEWER, NAMESPACE_13), 'dmn:Definitions')) as unknown as { rootElement: Node }
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

function nodeOf(element: Node, inputNames: Map<string, string>, report: Report): DecisionNode {
  const id = element.id ?? ''
  const isDecision = element.$type === 'dmn:Decision'
  const requires: string[] = []
  const inputs: string[] = []
  for (const requirement of [...list(element, 'informationRequirement'), ...list(element, 'knowledgeRequirement')]) {
    const target = child(requirement, 'requiredDecision') ?? child(requirement, 'requiredKnowledge')
    const href = target && text(target, 'href')
    if (href) requires.push(href.replace(/^.*#/, ''))
    const input = child(requirement, 'requiredInput')
    const name = input ? inputNames.get((text(input, 'href') ?? '').replace(/^.*#/, '')) : undefined
    if (name !== undefined) inputs.push(name)
  }
  const body = isDecision ? child(element, 'decisionLogic') : child(element, 'encapsulatedLogic')
  if (!body) report(id, 'missingLogic', 'the decision has no logic')
  return {
    id,
    name: element.name ?? id,
    variable: text(child(element, 'variable'), 'name') ?? element.name ?? id,
    requires,
    inputs,
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
  FunctionDefinition: (element, id, report) => ({
    type: 'function',
    parameters: list(element, 'formalParameter').map((parameter) => parameter.name ?? ''),
    body: inner(element, 'body', id, report),
  }),
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
  return value ? boxed(value, id, report) : { type: 'literal', feel: 'null' }
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
