/** Variables in and out, called processes and multi-instance of Camunda 7, Flowable and Activiti. */
import { child, list, type Node, text } from '../moddle.ts'
import { convertExpression, type Conversion } from './conversion.ts'

/** A generic element's children, as moddle keeps what it has no descriptor for. */
const children = (node: Node): Node[] => (node as unknown as { $children?: Node[] }).$children ?? []
const body = (node: Node): string => ((node as unknown as { $body?: string }).$body ?? '').trim()
const local = (node: Node): string => node.$type.replace(/^\w+:/, '')
const quote = (value: string): string => `=${JSON.stringify(value)}`

function addMapping(conversion: Conversion, node: Node, inputs: Record<string, string>[], outputs: Record<string, string>[]): void {
  if (inputs.length === 0 && outputs.length === 0) return
  const known = list(child(node, 'extensionElements') ?? node, 'values').find(({ $type }) => $type === 'zeebe:IoMapping')
  const mapping = known ?? conversion.extend(node, 'zeebe:IoMapping', {})
  const add = (property: string, type: string, parameters: Record<string, string>[]): void =>
    conversion.set(mapping, property, [...list(mapping, property), ...parameters.map((parameter) => conversion.create(type, parameter))])
  add('inputParameters', 'zeebe:Input', inputs)
  add('outputParameters', 'zeebe:Output', outputs)
}

/** camunda:inputOutput. Scripts are listed as not carried over. */
export function convertInputOutput(conversion: Conversion, node: Node, id: string): void {
  const inputs: Record<string, string>[] = []
  const outputs: Record<string, string>[] = []
  for (const holder of conversion.takeExtensions(node, 'inputOutput')) {
    for (const parameter of children(holder)) {
      const target = text(parameter, 'name')
      const source = parameterValue(conversion, parameter, id)
      if (target === undefined || source === null) conversion.drop(id, parameter.$type)
      else (local(parameter) === 'inputParameter' ? inputs : outputs).push({ source, target })
    }
  }
  addMapping(conversion, node, inputs, outputs)
}

/** Null: a script. */
function parameterValue(conversion: Conversion, parameter: Node, id: string): string | null {
  const [structure] = children(parameter)
  if (!structure) return scalar(conversion, body(parameter), id)
  const feel = structured(conversion, structure, id)
  return feel === null ? null : `=${feel}`
}

/** A list, a map or a value within one, as FEEL. A script in it is listed, and null in its place. */
function structured(conversion: Conversion, node: Node, id: string): string | null {
  const inner = (holder: Node): string => {
    const feel = structured(conversion, holder, id)
    if (feel === null) conversion.drop(id, holder.$type)
    return feel ?? 'null'
  }
  switch (local(node)) {
    case 'list':
      return `[${children(node).map(inner).join(', ')}]`
    case 'map':
      return `{${children(node)
        .map((entry) => `${JSON.stringify(text(entry, 'key') ?? '')}: ${inner(children(entry)[0] ?? entry)}`)
        .join(', ')}}`
    case 'script':
      return null
    default:
      return scalar(conversion, body(node), id).replace(/^=/, '')
  }
}

/** Fields that are injected into a class: constants go to the worker as headers, expressions as inputs. */
export function convertFields(conversion: Conversion, node: Node, id: string): void {
  const headers: Node[] = []
  const inputs: Record<string, string>[] = []
  for (const field of conversion.takeExtensions(node, 'field')) {
    const name = text(field, 'name')
    const part = (kind: string): string | undefined => {
      const held = children(field).find((inner) => local(inner) === kind)
      return text(field, kind === 'string' ? 'stringValue' : kind) ?? (held && body(held))
    }
    const [constant, expression] = [part('string'), part('expression')]
    if (name === undefined || (constant === undefined && expression === undefined)) conversion.drop(id, field.$type)
    else if (constant !== undefined) headers.push(conversion.create('zeebe:Header', { key: name, value: constant }))
    else inputs.push({ source: scalar(conversion, expression ?? '', id), target: name })
  }
  if (headers.length > 0) conversion.extend(node, 'zeebe:TaskHeaders', { values: headers })
  addMapping(conversion, node, inputs, [])
}

const SETS_VARIABLE = /^[$#]\{\s*execution\.setVariable\(\s*(?:'([A-Za-z_]\w*)'|"([A-Za-z_]\w*)")\s*,([\s\S]*)\)\s*\}$/

/** A listener that sets a variable when its activity has ended is an output mapping. Every other stays, and is listed. */
export function convertListeners(conversion: Conversion, node: Node, id: string): void {
  const outputs: Record<string, string>[] = []
  const listeners = conversion.takeExtensions(node, 'executionListener')
  const left = listeners.filter((listener) => {
    const [, single, double, value] = SETS_VARIABLE.exec(text(listener, 'expression') ?? '') ?? []
    const target = single ?? double
    if (text(listener, 'event') !== 'end' || target === undefined) return true
    outputs.push({ source: scalar(conversion, `\${${value!.trim()}}`, id), target })
    return false
  })
  for (const listener of left) conversion.drop(id, `${listener.$type} (${text(listener, 'event') ?? 'start'})`)
  addMapping(conversion, node, [], outputs)
}

/** `R3/PT10M`: how often a job is tried. Between two tries, the worker's own waiting time counts. */
export function retriesOf(conversion: Conversion, node: Node, id: string): string | undefined {
  const [cycle] = conversion.takeExtensions(node, 'failedJobRetryTimeCycle')
  if (!cycle) return undefined
  const [, times, pause] = /^R(\d+)\/(P\w+)$/.exec(body(cycle)) ?? []
  conversion.drop(id, times === undefined ? cycle.$type : `${cycle.$type} (${pause})`)
  return times
}

function scalar(conversion: Conversion, source: string, id: string): string {
  if (source === '') return '=null'
  const value = conversion.value(id, 'the mapping', source)
  return value.startsWith('=') ? value : quote(value)
}

/** What a thrown signal carries: its input mappings here. */
export function convertPayload(conversion: Conversion, definition: Node, node: Node, id: string): void {
  const inputs: Record<string, string>[] = []
  for (const mapping of conversion.takeExtensions(definition, 'in')) {
    const converted = mappingOf(conversion, mapping, id)
    if (converted) inputs.push(converted)
    else conversion.drop(id, mapping.$type)
  }
  addMapping(conversion, node, inputs, [])
}

/** camunda:properties, by name and value. */
export function convertProperties(conversion: Conversion, node: Node): void {
  const properties = conversion.takeExtensions(node, 'properties').flatMap((holder) => children(holder))
  if (properties.length === 0) return
  conversion.extend(node, 'zeebe:Properties', {
    properties: properties.map((property) =>
      conversion.create('zeebe:Property', {
        name: text(property, 'name') ?? text(property, 'id') ?? '',
        value: text(property, 'value') ?? '',
      }),
    ),
  })
}

/** An in or out mapping of one variable. Null: of another kind. */
function mappingOf(conversion: Conversion, mapping: Node, id: string): { source: string; target: string } | null {
  const expression = text(mapping, 'sourceExpression')
  const source = expression ?? text(mapping, 'source')
  const target = text(mapping, 'target')
  if (source === undefined || target === undefined) return null
  const value = expression === undefined ? `=${source}` : conversion.value(id, 'the mapping', source)
  return { source: value.startsWith('=') ? value : quote(value), target }
}

const BINDINGS = new Set(['latest', 'deployment', 'versionTag'])

/** The called process, with in and out mappings. Without any, these engines pass no variables. */
export function convertCall(conversion: Conversion, node: Node, id: string): void {
  const called = text(node, 'calledElement') ?? ''
  const inputs: Record<string, string>[] = []
  const outputs: Record<string, string>[] = []
  let passesAll = false
  let takesAll = false
  for (const [name, mappings] of [
    ['in', inputs],
    ['out', outputs],
  ] as const) {
    for (const mapping of conversion.takeExtensions(node, name)) {
      if (text(mapping, 'variables') === 'all') {
        if (name === 'in') passesAll = true
        else takesAll = true
        continue
      }
      const converted = mappingOf(conversion, mapping, id)
      if (converted) mappings.push(converted)
      else conversion.drop(id, mapping.$type)
      if (text(mapping, 'local') === 'true') conversion.drop(id, `local of ${mapping.$type}`)
    }
  }
  if (conversion.take(node, 'inheritVariables') === 'true') passesAll = true
  const binding =
    conversion.take(node, 'calledElementBinding') ?? (conversion.take(node, 'sameDeployment') === 'true' ? 'deployment' : undefined)
  if (binding !== undefined && !BINDINGS.has(binding)) conversion.drop(id, `calledElementBinding ${binding}`)
  const tag = binding === 'versionTag' ? conversion.take(node, 'calledElementVersionTag') : undefined
  conversion.extend(node, 'zeebe:CalledElement', {
    ...(binding !== undefined && BINDINGS.has(binding) ? { bindingType: binding } : {}),
    ...(tag === undefined ? {} : { versionTag: tag }),
    processId: conversion.value(id, 'the called process', called),
    propagateAllChildVariables: takesAll,
    propagateAllParentVariables: passesAll,
  })
  addMapping(conversion, node, inputs, outputs)
}

/** Multi-instance: collection and element variable; BPMN's own cardinality, data input and completion condition. */
export function convertLoop(conversion: Conversion, loop: Node, id: string): void {
  for (const property of ['loopCardinality', 'completionCondition', 'loopCondition']) {
    const expression = child(loop, property)
    if (expression) convertExpression(conversion, expression, id, property)
  }
  const indexVariable = conversion.take(loop, 'elementIndexVariable')
  if (indexVariable !== undefined && indexVariable !== 'loopCounter') conversion.drop(id, 'elementIndexVariable')
  const collection = conversion.take(loop, 'collection') ?? child(loop, 'loopDataInputRef')?.id
  const element = conversion.take(loop, 'elementVariable') ?? child(loop, 'inputDataItem')?.name
  for (const name of Object.keys(loop.$attrs ?? {})) if (/^(camunda|flowable|activiti):/.test(name)) conversion.drop(id, name)
  for (const name of Object.keys(loop.$attrs ?? {})) if (/^(camunda|flowable|activiti):/.test(name)) delete loop.$attrs![name]
  if (collection === undefined || child(loop, 'loopCardinality')) return
  const source = /[$#]\{/.test(collection) ? conversion.value(id, 'the collection', collection) : `=${collection}`
  conversion.extend(loop, 'zeebe:LoopCharacteristics', {
    inputCollection: source,
    ...(element === undefined ? {} : { inputElement: element }),
  })
}
