/** Walking moddle's tree by its metamodel, and what the checks of the standard collect. */
import type { Diagnostic } from '../../contract.ts'
import type { Node } from '../moddle.ts'

interface Property {
  name: string
  type: string
  isReference?: boolean
  isVirtual?: boolean
  isMany?: boolean
}
const propertiesOf = (node: Node): Property[] =>
  (node as unknown as { $descriptor?: { properties: Property[] } }).$descriptor?.properties ?? []
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && '$type' in value

/** A node and all that it contains, outer first. What moddle has no descriptor for (extensions) is left out. */
export function* descendants(node: Node): Generator<Node> {
  yield node
  for (const property of propertiesOf(node)) {
    if (property.isReference || property.isVirtual || property.name === 'bpmn:extensionElements') continue
    for (const value of [node.get(property.name)].flat()) if (isNode(value) && value.$parent === node) yield* descendants(value)
  }
}

export interface Reference {
  name: string
  /** What the metamodel wants there. */
  type: string
  target: Node
}

/** What a node refers to. */
export function references(node: Node): Reference[] {
  return propertiesOf(node)
    .filter(({ isReference, isVirtual }) => isReference && !isVirtual)
    .flatMap(({ name, type }) => [node.get(name)].flat().flatMap((target) => (isNode(target) ? [{ name, type, target }] : [])))
}

/** The nearest node around this one of a type, itself included. */
export function around(node: Node, type: string): Node | undefined {
  let at: Node | undefined = node
  while (at && !at.$instanceOf(type)) at = at.$parent
  return at
}

/** Of the nearest element that has one: what a mistake without an id of its own is shown at. */
function idOf(node: Node): string {
  let at: Node | undefined = node
  while (at && at.id === undefined) at = at.$parent
  return at?.id ?? ''
}

export type Report = (node: Node, code: string, message: string) => void

export function reporter(found: Diagnostic[]): Report {
  return (node, code, message) => found.push({ elementId: idOf(node), severity: 'error', code, message })
}

export const isExecutable = (node: Node): boolean => around(node, 'bpmn:Process')?.get('isExecutable') === true
