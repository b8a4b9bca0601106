/**
 * What a new version changes, by element id and property: for people to read before they deploy. Structure counts,
 * layout (BPMN DI) is told apart, and wiring is shown at the sequence flows only.
 */
export interface ElementName {
  id: string
  /** Local BPMN type: `UserTask`. */
  type: string
  name: string
}
export interface PropertyChange {
  /** Path from the element, as the model spells it: `name`, `timerEventDefinition.timeDuration.body`. */
  property: string
  from: string | null
  to: string | null
}
export interface ProcessDiff {
  added: ElementName[]
  removed: ElementName[]
  changed: (ElementName & { changes: PropertyChange[] })[]
  isLayoutChanged: boolean
}

/** These stand on their own in the summary; every other part belongs to the element that holds it. */
const standalone = ['bpmn:RootElement', 'bpmn:FlowElement', 'bpmn:Artifact', 'bpmn:Participant', 'bpmn:Lane', 'bpmn:MessageFlow']
/** Both ends of a flow repeat what the flow itself says. */
const ignored = new Set(['id', 'incoming', 'outgoing', 'diagrams', 'di'])

const isElement = (value: unknown): value is ModdleElement => typeof value === 'object' && value !== null && '$type' in value
const isStandalone = (element: ModdleElement): boolean =>
  element.id !== undefined &&
  !element.$type.endsWith('EventDefinition') &&
  element.$type.startsWith('bpmn:') &&
  standalone.some((type) => element.$instanceOf(type))
const localType = (element: ModdleElement): string => element.$type.slice(element.$type.indexOf(':') + 1)
const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

interface Indexed extends ElementName {
  properties: Map<string, string>
}

/** Compares two `bpmn:Definitions`. */
export function diffDefinitions(before: ModdleElement, after: ModdleElement): ProcessDiff {
  const old = indexElements(before)
  const now = indexElements(after)
  const name = ({ id, type, name: label }: Indexed): ElementName => ({ id, type, name: label })
  const changed: ProcessDiff['changed'] = []
  for (const [id, element] of now) {
    const previous = old.get(id)
    const changes = previous ? propertyChanges(previous, element) : []
    if (changes.length > 0) changed.push({ ...name(element), changes })
  }
  return {
    added: [...now.values()].filter((element) => !old.has(element.id)).map(name),
    removed: [...old.values()].filter((element) => !now.has(element.id)).map(name),
    changed,
    isLayoutChanged: layoutOf(before) !== layoutOf(after),
  }
}

export const isSame = (diff: ProcessDiff): boolean =>
  diff.added.length + diff.removed.length + diff.changed.length === 0 && !diff.isLayoutChanged

function propertyChanges(before: Indexed, after: Indexed): PropertyChange[] {
  const changes: PropertyChange[] = []
  if (before.type !== after.type) changes.push({ property: 'type', from: before.type, to: after.type })
  for (const property of new Set([...before.properties.keys(), ...after.properties.keys()])) {
    const from = before.properties.get(property) ?? null
    const to = after.properties.get(property) ?? null
    if (from !== to) changes.push({ property, from, to })
  }
  return changes
}

function indexElements(definitions: ModdleElement): Map<string, Indexed> {
  const found = new Map<string, Indexed>()
  const visit = (element: ModdleElement) => {
    if (isStandalone(element)) {
      const properties = new Map<string, string>()
      collect(element, '', properties)
      const label = element.get('name') ?? (element.$instanceOf('bpmn:TextAnnotation') ? element.get('text') : '')
      found.set(element.id ?? '', {
        id: element.id ?? '',
        type: localType(element),
        name: typeof label === 'string' ? label : '',
        properties,
      })
    }
    for (const child of childrenOf(element)) visit(child)
  }
  visit(definitions)
  return found
}

function valuesOf(element: ModdleElement): { name: string; isReference: boolean; value: unknown }[] {
  return element.$descriptor.properties
    .filter((property) => !ignored.has(property.ns.localName))
    .map((property) => ({ name: property.ns.localName, isReference: property.isReference === true, value: element.get(property.name) }))
}

function childrenOf(element: ModdleElement): ModdleElement[] {
  return valuesOf(element)
    .filter((entry) => !entry.isReference)
    .flatMap((entry) => (Array.isArray(entry.value) ? entry.value : [entry.value]).filter(isElement))
}

/** Flattens what an element holds itself into paths; nested parts go by type (and number, where there are several). */
function collect(element: ModdleElement, prefix: string, into: Map<string, string>): void {
  for (const { name, isReference, value } of valuesOf(element)) {
    const all = (Array.isArray(value) ? value : [value]).filter((item) => item !== undefined && item !== null && item !== '')
    if (all.length === 0) continue
    if (isReference)
      into.set(
        prefix + name,
        all
          .map((item) => (isElement(item) ? (item.id ?? '') : String(item)))
          .sort()
          .join(', '),
      )
    else if (!isElement(all[0])) into.set(prefix + name, all.map(String).join(', '))
    else collectParts(all.filter(isElement), name, prefix, into)
  }
  for (const [name, value] of Object.entries(element.$attrs ?? {})) if (!name.startsWith('xmlns')) into.set(prefix + name, String(value))
}

function collectParts(parts: ModdleElement[], name: string, prefix: string, into: Map<string, string>): void {
  const counts = new Map<string, number>()
  for (const part of parts) {
    if (isStandalone(part)) continue
    const type = parts.length > 1 || name === 'values' || name === 'eventDefinitions' ? lowerFirst(localType(part)) : name
    const count = (counts.get(type) ?? 0) + 1
    counts.set(type, count)
    const path = `${prefix}${type}${count > 1 ? count : ''}`
    into.set(path, localType(part))
    collect(part, `${path}.`, into)
  }
}

/** All coordinates of the drawing, as one comparable text. */
function layoutOf(definitions: ModdleElement): string {
  const lines: string[] = []
  for (const diagram of (definitions.get('diagrams') as ModdleElement[] | undefined) ?? []) {
    const plane = diagram.get('plane') as ModdleElement | undefined
    for (const item of (plane?.get('planeElement') as ModdleElement[] | undefined) ?? []) {
      const bounds = item.$instanceOf('di:Edge')
        ? (item.get('waypoint') as ModdleElement[])
        : [item.get('bounds') as ModdleElement | undefined]
      const target = item.get('bpmnElement')
      lines.push(
        `${isElement(target) ? target.id : ''} ${bounds.map((box) => ['x', 'y', 'width', 'height'].map((key) => Math.round(Number(box?.get(key) ?? 0))).join(' ')).join(';')}`,
      )
    }
  }
  return lines.sort().join('\n')
}
