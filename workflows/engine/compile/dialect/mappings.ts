/** Variables in and out, called processes and multi-instance of Camunda 7, Flowable and Activiti. */
import { child, type Node, text } from '../moddle.ts'
import { convertExpression, type Conversion } from './conversion.ts'

/** A generic element's children, as moddle keeps what it has no descriptor for. */
const children = (node: Node): Node[] => (node as unknown as { $children?: Node[] }).$children ?? []
const body = (node: Node): string => ((node as unknown as { $body?: string }).$body ?? '').trim()
const local = (node: Node): string => node.$type.replace(/^\w+:/, '')
const quote = (value: string): string => `=${JSON.stringify(value)}`

function addMapping(conversion: Conversion, node: Node, inputs: Record<string, string>[], outputs: Record<string, string>[]): void {
  if (inputs.length === 0 && outputs.length === 0) return
  conversion.extend(node, 'zeebe:IoMapping', {
    inputParameters: inputs.map((parameter) => conversion.create('zeebe:Input', parameter)),
    outputParameters: outputs.map((parameter) => conversion.create('zeebe:Output', parameter)),
  })
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

function parameterValue(conversion: Conversion, parameter: Node, id: string): string | null {
  const [structure] = children(parameter)
  if (!structure) return scalar(conversion, body(parameter), id)
  if (local(structure) === 'list') {
    const items = children(structure).map((item) =>
      local(item) === 'script' ? 'null' : scalar(conversion, body(item), id).replace(/^=/, ''),
    )
    return `=[${items.join(', ')}]`
  }
  if (local(structure) === 'map') {
    const entries = children(structure).map(
      (entry) => `${JSON.stringify(text(entry, 'key') ?? '')}: ${scalar(conversion, body(entry), id).replace(/^=/, '')}`,
    )
    return `={${entries.join(', ')}}`
  }
  return null
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
