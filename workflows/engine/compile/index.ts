/** Definitions in, executable models out. Never imported by the workflow bundle: it reads XML. */
import type { Compiled, Diagnostic } from '../contract.ts'
import type { Model } from '../model.ts'
import { convertDialect, type DialectOptions, withUsualPrefixes } from './dialect/index.ts'
import { checkCollaborations } from './collaboration.ts'
import { child, kind, list, type Node, parseBpmn } from './moddle.ts'
import { compileProcessNode } from './process.ts'
import { completeSketch } from './sketch.ts'
import { checkReferences, checkStandard } from './standard/index.ts'
import { reporter } from './standard/tree.ts'

export { compileDecision, isImporting } from './decision.ts'
export { type DialectOptions, isForeignDialect } from './dialect/index.ts'
export { ALWAYS_INTERRUPTS, EVENT_POSITIONS } from './events.ts'
export { type Imported, importProcess } from './import.ts'
export { guichetDescriptor } from './guichet-descriptor.ts'
export { supportedTypes } from './elements.ts'

export interface CompileOptions {
  /** Given: the file is written for Camunda 7, Flowable or Activiti, and is converted first. */
  dialect?: DialectOptions
  /** The drawing is simulated, not deployed: what it leaves open is completed, and every process that has elements is compiled. */
  isSketch?: boolean
  /** Hold an imported file to the standard's static constraints too. */
  isStrict?: boolean
}

/** A message flow between pools, by the ids of what it joins: flow nodes or participants. */
export interface MessageFlow {
  id: string
  sourceId: string
  targetId: string
}

/** The pools and message flows of a file, for running its processes together. */
export interface Collaboration {
  /** Participant id by process id. */
  participants: Record<string, string>
  messageFlows: MessageFlow[]
}

/** Reads the collaboration of a file; empty without one. */
export async function readCollaboration(xml: string): Promise<Collaboration> {
  const found: Collaboration = { participants: {}, messageFlows: [] }
  const parsed = await parseBpmn(xml, true)
  if (Array.isArray(parsed)) return found
  for (const root of list(parsed.definitions, 'rootElements').filter(({ $type }) => $type === 'bpmn:Collaboration')) {
    for (const participant of list(root, 'participants')) {
      const processId = child(participant, 'processRef')?.id
      if (processId !== undefined && participant.id !== undefined) found.participants[processId] = participant.id
    }
    for (const flow of list(root, 'messageFlows')) {
      const [sourceId, targetId] = [child(flow, 'sourceRef')?.id, child(flow, 'targetRef')?.id]
      if (sourceId !== undefined && targetId !== undefined) found.messageFlows.push({ id: flow.id ?? '', sourceId, targetId })
    }
  }
  return found
}

/** Compiles the executable process of a BPMN file (the first, when it holds several). */
export async function compileProcess(xml: string, options: CompileOptions = {}): Promise<Compiled<Model>> {
  const compiled = await compileProcesses(xml, options)
  return compiled.ok ? { ok: true, value: compiled.value[0]!, warnings: compiled.warnings } : compiled
}

/** Compiles every executable process of a BPMN file; without one marked executable, every process that has elements. */
export async function compileProcesses(xml: string, options: CompileOptions = {}): Promise<Compiled<Model[]>> {
  const isLenient = (options.dialect !== undefined && options.isStrict !== true) || options.isSketch === true
  const parsed = await parseBpmn(options.dialect ? withUsualPrefixes(xml) : xml, isLenient)
  if (Array.isArray(parsed)) return { ok: false, diagnostics: parsed }
  const breaches = breachesOf(parsed.definitions, isLenient, options.isStrict === true)
  if (options.isSketch) completeSketch(parsed.definitions, parsed.create)
  if (options.dialect) parsed.warnings.push(...convertDialect(parsed.definitions, parsed.create, options.dialect))
  const processes = list(parsed.definitions, 'rootElements').filter((node) => node.$type === 'bpmn:Process')
  const marked = processes.filter((node) => node.get('isExecutable') === true)
  const chosen = marked.length > 0 && !options.isSketch ? marked : processes.filter((node) => list(node, 'flowElements').length > 0)
  if (chosen.length === 0) {
    return {
      ok: false,
      diagnostics: [{ elementId: '', severity: 'error', code: 'noProcess', message: 'the file holds no executable process' }, ...breaches],
    }
  }
  const results = chosen.map((node) => compileProcessNode(node, isLenient, options.isStrict === true))
  const diagnostics: Diagnostic[] = [
    ...parsed.warnings,
    ...results.flatMap((result) => result.diagnostics),
    ...duplicateIds(chosen),
    ...checkCollaborations(parsed.definitions, isLenient),
    ...breaches,
  ]
  if (diagnostics.some(({ severity }) => severity === 'error')) return { ok: false, diagnostics }
  return { ok: true, value: results.map(({ model }) => model), warnings: diagnostics }
}

/** What is wrong with the file as a whole: to the letter, or only references that lead to the wrong thing. */
function breachesOf(definitions: Node, isLenient: boolean, isStrict: boolean): Diagnostic[] {
  if (isStrict) return checkStandard(definitions)
  const found: Diagnostic[] = []
  if (!isLenient) checkReferences(definitions, reporter(found))
  return found
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
