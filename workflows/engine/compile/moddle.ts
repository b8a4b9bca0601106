/** Reads BPMN XML into moddle's tree: the boundary where untyped input becomes `Node`s and diagnostics. */
import { BpmnModdle } from 'bpmn-moddle'
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json' with { type: 'json' }
import type { Diagnostic } from '../contract.ts'
import { guichetDescriptor } from './guichet-descriptor.ts'

/** A moddle element. Properties are those of BPMN 2.0's metamodel and of zeebe's; absent ones are undefined. */
export interface Node {
  $type: string
  $attrs?: Record<string, string>
  $parent?: Node
  /** Its type's properties, as the metamodel has them. */
  $descriptor?: { properties: { name: string; isAttr?: boolean; isReference?: boolean }[] }
  $instanceOf(type: string): boolean
  get(name: string): unknown
  id?: string
  name?: string
}

/** A property that holds one element. */
export const child = (node: Node, property: string): Node | undefined => (node.get(property) as Node | undefined) ?? undefined
/** A property that holds elements. */
export const list = (node: Node, property: string): Node[] => (node.get(property) as Node[] | undefined) ?? []
/** A text property, or an element's text body; undefined when absent or blank. */
export function text(node: Node | undefined, property: string): string | undefined {
  const value = node?.get(property)
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim()
  return value === undefined || value === null ? undefined : String(value)
}
export const flag = (node: Node, property: string): boolean => node.get(property) === true
export const kind = (node: Node): string => node.$type.replace(/^bpmn:/, '')

export interface Parsed {
  definitions: Node
  warnings: Diagnostic[]
  /** Makes an element of this file's metamodel. */
  create: (type: string, attributes: Record<string, unknown>) => Node
  /** The tree as XML again. */
  write: () => Promise<string>
}

interface Warning {
  message: string
  error?: Error & { line?: number; column?: number }
  element?: Node
  property?: string
  value?: unknown
}

/** Malformed XML and dangling references are errors; what moddle could not place is one too, at its element. */
export async function parseBpmn(xml: string, isImported = false): Promise<Parsed | Diagnostic[]> {
  const moddle = new BpmnModdle({ zeebe, guichet: guichetDescriptor })
  try {
    const result = (await moddle.fromXML(xml, 'bpmn:Definitions')) as unknown as {
      rootElement: Node
      warnings: Warning[]
      elementsById: Record<string, Node>
    }
    const { rootElement, warnings } = result
    const create = (type: string, attributes: Record<string, unknown>): Node => moddle.create(type, attributes) as Node
    const problems = warnings.filter((warning) => !mend(warning, result.elementsById, isImported ? create : null)).flatMap(toDiagnostic)
    const write = async (): Promise<string> => (await moddle.toXML(rootElement, { format: true })).xml
    return problems.length > 0 ? problems : { definitions: rootElement, warnings: [], create, write }
  } catch (error) {
    return [malformed(error as Error & { warnings?: Warning[] })]
  }
}

/**
 * A reference is a qualified name (BPMN 2.0 clause 15.3.2): its prefix is not part of the id. In imported files an error that is
 * referred to and not declared is known by its code. True when the reference now stands.
 */
function mend(
  warning: Warning,
  elements: Record<string, Node>,
  create: ((type: string, attributes: Record<string, unknown>) => Node) | null,
): boolean {
  if (!warning.message.startsWith('unresolved reference') || !warning.element || !warning.property) return false
  const value = String(warning.value)
  const set = (target: Node): true => {
    ;(warning.element as unknown as { set(name: string, value: unknown): void }).set(warning.property!, target)
    return true
  }
  const named = elements[value.replace(/^[^:]*:/, '')]
  if (named) return set(named)
  if (create && warning.property === 'bpmn:errorRef') return set(create('bpmn:Error', { id: value, errorCode: value }))
  return false
}

function malformed(error: Error & { warnings?: Warning[] }): Diagnostic {
  const place = /line:\s*(\d+)[\s\S]*?column:\s*(\d+)/.exec(error.message)
  const params: Record<string, string> = place ? { line: String(Number(place[1]) + 1), column: place[2]! } : {}
  const where = place ? ` at line ${params.line}, column ${params.column}` : ''
  const reason = (error.message.split('\n')[0] ?? '').trim()
  return {
    elementId: '',
    severity: 'error',
    code: 'malformedXml',
    message: `the file is not well-formed BPMN XML${where}: ${reason}`,
    params: { ...params, reason },
  }
}

function toDiagnostic(warning: Warning): Diagnostic[] {
  const elementId = warning.element?.id ?? ''
  if (warning.message.startsWith('unresolved reference')) {
    if (warning.element?.$type.startsWith('bpmndi:')) return []
    return [
      {
        elementId,
        severity: 'error',
        code: 'unresolvedReference',
        message: `${warning.property ?? 'a property'} refers to ${String(warning.value)}, which does not exist`,
        params: { property: warning.property ?? '', value: String(warning.value) },
      },
    ]
  }
  const line = /line:\s*(\d+)/.exec(warning.message)
  const reason = (warning.message.split('\n')[0] ?? '').trim()
  return [
    {
      elementId,
      severity: 'error',
      code: 'invalidXml',
      message: `${reason}${line ? ` (line ${Number(line[1]) + 1})` : ''}`,
      params: { reason, ...(line ? { line: String(Number(line[1]) + 1) } : {}) },
    },
  ]
}
