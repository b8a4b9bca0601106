/** DMN 1.1 to 1.5 files into decision models, one for each decision, with what it requires. */
import { DmnModdle } from 'dmn-moddle'
import type { Compiled, Diagnostic } from '../contract.ts'
import type { DataType, DecisionModel, DecisionNode } from '../model.ts'
import { boxed, type Report } from './decision-logic.ts'
import { isTemporal, type Types, typesOf } from './decision-types.ts'
import { dmnMetamodel } from './dmn-metamodel.ts'
import { child, list, type Node, text } from './moddle.ts'

const NAMESPACE_13 = 'https://www.omg.org/spec/DMN/20191111/MODEL/'
/** DMN 1.1, 1.2, 1.4 and 1.5: what is supported here is written alike in all of them. */
const OTHER_VERSIONS = /https?:\/\/www\.omg\.org\/spec\/DMN\/(?:20151101\/dmn\.xsd|(?:20180521|20211108|20230324)\/MODEL\/)/g
export interface DecisionOptions {
  /** Leave out what is wrong, and what requires it, instead of refusing the file: for looking at foreign files. */
  isTolerant?: boolean
}

/** Compiles every decision and decision service of a DMN file. Literal expressions, tables and all boxed expressions. */
export async function compileDecision(xml: string, options: DecisionOptions = {}): Promise<Compiled<DecisionModel[]>> {
  const diagnostics: Diagnostic[] = []
  const report: Report = (elementId, code, message, params) =>
    diagnostics.push({ elementId, severity: 'error', code, message, ...(params ? { params } : {}) })
  const root = await parse(xml, report)
  if (!root) return { ok: false, diagnostics }
  const nodes = nodesOf(root, report, options.isTolerant === true ? diagnostics : null)
  const models = Object.values(nodes).flatMap((node) => {
    const before = diagnostics.length
    const model = node.kind === 'knowledge' ? null : modelOf(node, nodes, report)
    return model && (diagnostics.length === before || !options.isTolerant) ? [model] : []
  })
  if (models.length === 0 && diagnostics.length === 0) report('', 'noDecision', 'the file holds no decision')
  const isRefused = options.isTolerant ? models.length === 0 : diagnostics.length > 0
  const warnings = diagnostics.map((diagnostic): Diagnostic => ({ ...diagnostic, severity: 'warning' }))
  return isRefused ? { ok: false, diagnostics } : { ok: true, value: models, warnings }
}

/** By id. `diagnostics` given: nodes that are wrong are left out. */
function nodesOf(root: Node, report: Report, diagnostics: Diagnostic[] | null): Record<string, DecisionNode> {
  const nodes: Record<string, DecisionNode> = {}
  const types = typesOf(root)
  const inputData = new Map<string, InputData>()
  for (const element of list(root, 'drgElement'))
    if (element.$type === 'dmn:InputData' && element.id)
      inputData.set(element.id, {
        name: text(child(element, 'variable'), 'name') ?? element.name ?? element.id,
        type: types(text(child(element, 'variable'), 'typeRef')),
      })
  for (const element of list(root, 'drgElement')) {
    const before = diagnostics?.length
    if (element.$type === 'dmn:Decision' || element.$type === 'dmn:BusinessKnowledgeModel')
      nodes[element.id ?? ''] = nodeOf(element, inputData, types, report)
    else if (element.$type === 'dmn:DecisionService') nodes[element.id ?? ''] = serviceOf(element, inputData)
    else if (!['dmn:InputData', 'dmn:KnowledgeSource'].includes(element.$type))
      report(element.id ?? '', 'unsupportedElement', `${element.$type} is not supported`, { kind: element.$type })
    if (before !== undefined && diagnostics!.length > before) delete nodes[element.id ?? '']
  }
  return nodes
}

const idsOf = (element: Node, property: string): string[] =>
  list(element, property).map((reference) => (text(reference, 'href') ?? '').replace(/^.*#/, ''))

/** A decision service (DMN 1.3 clause 6.2.1.4): a function of its input data and input decisions. */
function serviceOf(element: Node, inputData: Map<string, InputData>): DecisionNode {
  const id = element.id ?? ''
  const outputs = idsOf(element, 'outputDecision')
  return {
    id,
    name: element.name ?? id,
    variable: text(child(element, 'variable'), 'name') ?? element.name ?? id,
    requires: outputs,
    inputs: idsOf(element, 'inputData').flatMap((input) => inputData.get(input)?.name ?? []),
    inputDecisions: idsOf(element, 'inputDecision'),
    kind: 'service',
    logic: { type: 'literal', feel: 'null' },
  }
}

interface InputData {
  name: string
  type: DataType | null
}
async function parse(xml: string, report: Report): Promise<Node | null> {
  try {
    const moddle = new DmnModdle({ dmn: dmnMetamodel })
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
  const inputTypes: Record<string, DataType> = {}
  for (const requirement of [...list(element, 'informationRequirement'), ...list(element, 'knowledgeRequirement')]) {
    const target = child(requirement, 'requiredDecision') ?? child(requirement, 'requiredKnowledge')
    const href = target && text(target, 'href')
    if (href) requires.push(href.replace(/^.*#/, ''))
    const input = child(requirement, 'requiredInput')
    const data = input ? inputData.get((text(input, 'href') ?? '').replace(/^.*#/, '')) : undefined
    if (!data) continue
    inputs.push(data.name)
    if (data.type !== null && isTemporal(data.type)) inputTypes[data.name] = data.type
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
    logic: body ? boxed(body, id, report, types) : { type: 'literal', feel: 'null' },
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
