/** Definitions in, executable models out. Never imported by the workflow bundle: it reads XML. */
import type { Compiled, Diagnostic } from '../contract.ts'
import type { Model } from '../model.ts'
import { convertDialect, type DialectOptions } from './dialect/index.ts'
import { kind, list, type Node, parseBpmn } from './moddle.ts'
import { compileProcessNode } from './process.ts'

export { compileDecision } from './decision.ts'
export { type DialectOptions, isForeignDialect } from './dialect/index.ts'
export { EVENT_POSITIONS } from './events.ts'
export { guichetDescriptor } from './guichet-descriptor.ts'
export { supportedTypes } from './elements.ts'

export interface CompileOptions {
  /** Given: the file is written for Camunda 7, Flowable or Activiti, and is converted first. */
  dialect?: DialectOptions
}

/** Compiles the executable process of a BPMN file (the first, when it holds several). */
export async function compileProcess(xml: string, options: CompileOptions = {}): Promise<Compiled<Model>> {
  const compiled = await compileProcesses(xml, options)
  return compiled.ok ? { ok: true, value: compiled.value[0]!, warnings: compiled.warnings } : compiled
}

/** Compiles every executable process of a BPMN file; without one marked executable, every process that has elements. */
export async function compileProcesses(xml: string, options: CompileOptions = {}): Promise<Compiled<Model[]>> {
  const parsed = await parseBpmn(xml, options.dialect !== undefined)
  if (Array.isArray(parsed)) return { ok: false, diagnostics: parsed }
  if (options.dialect) parsed.warnings.push(...convertDialect(parsed.definitions, parsed.create, options.dialect))
  const processes = list(parsed.definitions, 'rootElements').filter((node) => node.$type === 'bpmn:Process')
  const marked = processes.filter((node) => node.get('isExecutable') === true)
  const chosen = marked.length > 0 ? marked : processes.filter((node) => list(node, 'flowElements').length > 0)
  if (chosen.length === 0) {
    return {
      ok: false,
      diagnostics: [{ elementId: '', severity: 'error', code: 'noProcess', message: 'the file holds no executable process' }],
    }
  }
  const results = chosen.map((node) => compileProcessNode(node, options.dialect !== undefined))
  const diagnostics: Diagnostic[] = [...parsed.warnings, ...results.flatMap((result) => result.diagnostics), ...duplicateIds(chosen)]
  if (diagnostics.some(({ severity }) => severity === 'error')) return { ok: false, diagnostics }
  return { ok: true, value: results.map(({ model }) => model), warnings: diagnostics }
}

/** An id names one element of the whole file. */
function duplicateIds(processes: Node[]): Diagnostic[] {
  const seen = new Set<string>()
  const found: Diagnostic[] = []
  const visit = (node: Node): void => {
    if (node.id !== undefined && seen.has(node.id)) {
      found.push({
        elementId: node.id,
        severity: 'error',
        code: 'duplicateId',
        message: `the id ${node.id} is used more than once`,
        params: { id: node.id },
      })
    }
    if (node.id !== undefined) seen.add(node.id)
    for (const inner of list(node, 'flowElements')) if (kind(inner) !== 'DataObject') visit(inner)
  }
  processes.forEach(visit)
  return found
}
