/** DMN 1.1 to 1.5 files into decision models, one for each decision, with what it requires. */
import type { Compiled, Diagnostic } from '../contract.ts'
import type { DataType, DecisionModel, DecisionNode } from '../model.ts'
import { type DmnFile, parseDmn, readFile } from './decision-file.ts'
import type { Report } from './decision-logic.ts'
import { nodesOf } from './decision-nodes.ts'
import { list } from './moddle.ts'

export interface DecisionOptions {
  /** Leave out what is wrong, and what requires it, instead of refusing the file: for looking at foreign files. */
  isTolerant?: boolean
  /** Other DMN files (XML), among which imported models are looked for by their namespace. */
  others?: readonly string[]
}

/** Compiles every decision and decision service of a DMN file. Literal expressions, tables and all boxed expressions. */
export async function compileDecision(xml: string, options: DecisionOptions = {}): Promise<Compiled<DecisionModel[]>> {
  const diagnostics: Diagnostic[] = []
  const report: Report = (elementId, code, message, params) =>
    diagnostics.push({ elementId, severity: 'error', code, message, ...(params ? { params } : {}) })
  const root = await parseDmn(xml, report)
  if (!root) return { ok: false, diagnostics }
  const file = await readFile(root, options.others ?? [], report)
  const nodes = nodesOf(file, report, options.isTolerant ? () => diagnostics.length : null)
  const declared = declaredTypes(file)
  const models = Object.values(nodes).flatMap((node) => {
    const before = diagnostics.length
    const model = node.kind === 'knowledge' || node.id.includes('#') ? null : modelOf(node, nodes, declared, report)
    return model && (diagnostics.length === before || !options.isTolerant) ? [model] : []
  })
  if (models.length === 0 && diagnostics.length === 0) report('', 'noDecision', 'the file holds no decision')
  const isRefused = options.isTolerant ? models.length === 0 : diagnostics.length > 0
  const warnings = diagnostics.map((diagnostic): Diagnostic => ({ ...diagnostic, severity: 'warning' }))
  return isRefused ? { ok: false, diagnostics: withoutEchoes(diagnostics) } : { ok: true, value: models, warnings }
}

/** A model that is not there is told once, not again at each reference into it. */
function withoutEchoes(diagnostics: Diagnostic[]): Diagnostic[] {
  const isIncomplete = diagnostics.some(({ code }) => code === 'unresolvedImport')
  return isIncomplete ? diagnostics.filter(({ code }) => code !== 'unresolvedReference') : diagnostics
}

/** Whether a DMN file imports others: what it is compiled to then depends on them. */
export const isImporting = (xml: string): boolean => /<(?:\w+:)?import\b/.test(xml)

/** Item definitions by name, those of imported models after the name of the import. */
function declaredTypes(file: DmnFile, before = ''): Record<string, DataType> {
  const found: Record<string, DataType> = {}
  for (const { name, file: imported } of file.imports.values())
    Object.assign(found, declaredTypes(imported, name === '' ? before : `${before}${name}.`))
  for (const item of list(file.root, 'itemDefinition')) {
    const type = file.types(item.name)
    if (item.name !== undefined && type !== null) found[before + item.name] = type
  }
  return found
}

function modelOf(node: DecisionNode, all: Record<string, DecisionNode>, declared: Record<string, DataType>, report: Report): DecisionModel {
  const nodes: Record<string, DecisionNode> = {}
  const visit = (id: string, path: string[]): void => {
    const found = all[id]
    // A function may call itself; a decision may not.
    if (path.includes(id) && found?.kind !== 'knowledge')
      report(id, 'requirementCycle', `the decision requires itself, by way of ${path.join(', ')}`)
    else if (path.includes(id)) return
    else if (!found) report(path.at(-1) ?? id, 'unresolvedReference', `the required ${id} does not exist in this file`, { value: id })
    else if (!nodes[id] || path.length > 0) {
      nodes[id] = found
      for (const required of found.requires) visit(required, [...path, id])
    }
  }
  visit(node.id, [])
  const written = JSON.stringify(nodes)
  const types = Object.fromEntries(Object.entries(declared).filter(([name]) => written.includes(name)))
  return { format: 1, decisionId: node.id, name: node.name, nodes, ...(Object.keys(types).length > 0 ? { types } : {}) }
}
