/** Decisions, knowledge models and decision services as nodes of the requirement graph (DMN 1.3 clause 6.3). */
import type { BoxedExpression, DataType, DecisionNode } from '../model.ts'
import { type DmnFile, targetOf } from './decision-file.ts'
import { boxed, type Report } from './decision-logic.ts'
import { child, list, type Node, text } from './moddle.ts'

/** All nodes of a file and of those that it imports, by id. With a count of `mistakes`, nodes that have one are left out. */
export function nodesOf(file: DmnFile, report: Report, mistakes: (() => number) | null): Record<string, DecisionNode> {
  const nodes: Record<string, DecisionNode> = {}
  for (const { file: imported } of file.imports.values()) Object.assign(nodes, nodesOf(imported, report, mistakes))
  for (const element of list(file.root, 'drgElement')) {
    const id = file.prefix + (element.id ?? '')
    const before = mistakes?.()
    if (element.$type === 'dmn:Decision' || element.$type === 'dmn:BusinessKnowledgeModel') nodes[id] = nodeOf(element, file, report)
    else if (element.$type === 'dmn:DecisionService') nodes[id] = serviceOf(element, file)
    else if (!['dmn:InputData', 'dmn:KnowledgeSource'].includes(element.$type))
      report(element.id ?? '', 'unsupportedElement', `${element.$type} is not supported`, { kind: element.$type })
    if (mistakes?.() !== before) delete nodes[id]
  }
  return nodes
}

const hrefsOf = (element: Node, property: string): string[] => list(element, property).map((reference) => text(reference, 'href') ?? '')
const nameOf = (element: Node, id: string): string => text(child(element, 'variable'), 'name') ?? element.name ?? id
const variableType = (element: Node, file: DmnFile): DataType | null => file.types(text(child(element, 'variable'), 'typeRef'))

/** A decision service (DMN 1.3 clause 6.2.1.4): a function of its input data and input decisions. */
function serviceOf(element: Node, file: DmnFile): DecisionNode {
  const id = element.id ?? ''
  const given = hrefsOf(element, 'inputData').flatMap((href) => {
    const target = targetOf(href, file)
    const data = target.file.inputData.get(target.id)
    return data ? [data] : []
  })
  const inputTypes = Object.fromEntries(given.flatMap(({ name, type }) => (type === null ? [] : [[name, type]])))
  const resultType = variableType(element, file)
  return {
    id: file.prefix + id,
    name: element.name ?? id,
    variable: nameOf(element, id),
    requires: hrefsOf(element, 'outputDecision').map((href) => targetOf(href, file).key),
    inputs: given.map(({ name }) => name),
    ...(Object.keys(inputTypes).length > 0 ? { inputTypes } : {}),
    ...(resultType === null ? {} : { resultType }),
    inputDecisions: hrefsOf(element, 'inputDecision').map((href) => targetOf(href, file).key),
    kind: 'service',
    logic: { type: 'literal', feel: 'null' },
  }
}

/** What a node requires, and under which names: those of an imported model stand in a context of its name. */
class Requirements {
  readonly requires: string[] = []
  readonly inputs: string[] = []
  readonly inputTypes: Record<string, DataType> = {}
  readonly imported: NonNullable<DecisionNode['imported']> = {}

  constructor(element: Node, file: DmnFile) {
    for (const requirement of [...list(element, 'informationRequirement'), ...list(element, 'knowledgeRequirement')]) {
      const needed = child(requirement, 'requiredDecision') ?? child(requirement, 'requiredKnowledge')
      const input = child(requirement, 'requiredInput')
      const href = text(needed ?? input, 'href')
      if (href === undefined) continue
      const target = targetOf(href, file)
      const data = input ? target.file.inputData.get(target.id) : undefined
      if (needed) this.requires.push(target.key)
      if (data) this.inputs.push(data.name)
      if (data && data.type !== null) this.inputTypes[data.name] = data.type
      if (target.importName) this.imported[needed ? target.key : (data?.name ?? target.id)] = target.importName
    }
  }
}

function nodeOf(element: Node, file: DmnFile, report: Report): DecisionNode {
  const id = element.id ?? ''
  const isDecision = element.$type === 'dmn:Decision'
  const { requires, inputs, inputTypes, imported } = new Requirements(element, file)
  const body = isDecision ? child(element, 'decisionLogic') : child(element, 'encapsulatedLogic')
  if (!body) report(id, 'missingLogic', 'the decision has no logic')
  const type = variableType(element, file)
  const logic: BoxedExpression = body ? boxed(body, id, report, file.types) : { type: 'literal', feel: 'null' }
  // The type of a knowledge model is what its function gives.
  const isTyped = type !== null && (isDecision || type !== 'function')
  if (isTyped && !isDecision && logic.type === 'function') logic.resultType = type
  return {
    id: file.prefix + id,
    name: element.name ?? id,
    variable: nameOf(element, id),
    requires,
    inputs,
    ...(Object.keys(inputTypes).length > 0 ? { inputTypes } : {}),
    ...(Object.keys(imported).length > 0 ? { imported } : {}),
    ...(isTyped && isDecision ? { resultType: type } : {}),
    kind: isDecision ? 'decision' : 'knowledge',
    logic,
  }
}
