/** Data: objects, sets, associations (BPMN 2.0 clause 10.4). */
import { child, flag, list, type Node, text } from '../moddle.ts'
import type { Report } from './tree.ts'

export function checkData(node: Node, report: Report): void {
  if (node.$type === 'bpmn:DataObjectReference') checkReferenceName(node, report)
  if (/^bpmn:Data(Object|Input|Output)$/.test(node.$type)) checkCollection(node, report)
  if (node.$instanceOf('bpmn:DataAssociation')) checkAssociation(node, report)
  if (node.$type === 'bpmn:InputOutputSpecification') checkSpecification(node, report)
  if (node.$instanceOf('bpmn:CatchEvent')) checkSet(list(node, 'dataOutputs'), child(node, 'outputSet'), 'dataOutputRefs', report)
  if (node.$instanceOf('bpmn:ThrowEvent')) checkSet(list(node, 'dataInputs'), child(node, 'inputSet'), 'dataInputRefs', report)
}

/** Table 10.53: name [state]. */
function checkReferenceName(node: Node, report: Report): void {
  const object = child(node, 'dataObjectRef')
  if (!object) report(node, 'looseDataObject', 'the reference needs a data object')
  const state = text(child(node, 'dataState'), 'name')
  if (node.name !== undefined && node.name !== `${object?.name ?? ''}${state === undefined ? '' : ` [${state}]`}`)
    report(node, 'dataObjectName', 'a reference to a data object is named as the object, with its state in brackets')
}

/** Tables 10.52, 10.59, 10.60: collection as its item definition says. */
function checkCollection(node: Node, report: Report): void {
  const item = child(node, 'itemSubjectRef')
  if (item && flag(item, 'isCollection') !== flag(node, 'isCollection'))
    report(node, 'collection', 'isCollection is as in the item definition')
}

/** What an end of a data association holds: references stand for their object or store. */
function itemOf(node: Node | undefined): Node | undefined {
  if (!node) return undefined
  const stands =
    node.$type === 'bpmn:DataObjectReference' ? 'dataObjectRef' : node.$type === 'bpmn:DataStoreReference' ? 'dataStoreRef' : null
  return child(node, 'itemSubjectRef') ?? (stands === null ? undefined : child(child(node, stands) ?? node, 'itemSubjectRef'))
}

/** Clause 10.4.2: without a transformation one source, of the same structure as the target. */
function checkAssociation(node: Node, report: Report): void {
  if (child(node, 'transformation')) return
  const sources = list(node, 'sourceRef')
  const isAssigned = list(node, 'assignment').length > 0
  if (sources.length > 1 || (sources.length === 0 && !isAssigned))
    report(node, 'dataSource', 'a data association without a transformation has exactly one source')
  const [from, to] = [itemOf(sources[0]), itemOf(child(node, 'targetRef'))]
  if (from && to && from !== to && text(from, 'structureRef') !== text(to, 'structureRef'))
    report(node, 'dataStructure', 'source and target have the same item definition, or a transformation is given')
}

/** Clause 10.4.1: each input and output belongs to a set; the optional ones are among those of their set. */
function checkSpecification(node: Node, report: Report): void {
  const [inputSets, outputSets] = [list(node, 'inputSets'), list(node, 'outputSets')]
  for (const input of list(node, 'dataInputs'))
    if (!inputSets.some((set) => list(set, 'dataInputRefs').includes(input)))
      report(input, 'dataNotInSet', 'a data input belongs to an input set')
  for (const output of list(node, 'dataOutputs'))
    if (!outputSets.some((set) => list(set, 'dataOutputRefs').includes(output)))
      report(output, 'dataNotInSet', 'a data output belongs to an output set')
  if (inputSets.length === 0 || outputSets.length === 0)
    report(node, 'missingSet', 'an input and output specification has at least one input set and one output set')
  for (const [sets, all, parts] of [
    [inputSets, 'dataInputRefs', ['optionalInputRefs', 'whileExecutingInputRefs']],
    [outputSets, 'dataOutputRefs', ['optionalOutputRefs', 'whileExecutingOutputRefs']],
  ] as const)
    for (const set of sets)
      for (const part of parts)
        if (list(set, part).some((item) => !list(set, all).includes(item))) report(set, 'dataNotInSet', `${part} is a part of ${all}`)
}

function checkSet(items: Node[], set: Node | undefined, property: string, report: Report): void {
  for (const item of items)
    if (!set || !list(set, property).includes(item)) report(item, 'dataNotInSet', 'the data of an event belong to its set')
}
