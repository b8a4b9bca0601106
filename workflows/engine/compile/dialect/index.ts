/**
 * Models of Camunda 7, Flowable and Activiti: their attributes and extension elements are rewritten to the zeebe: form that the
 * compiler reads. What has no counterpart is listed as a warning at its element.
 */
import type { Diagnostic } from '../../contract.ts'
import { child, kind, list, type Node, text } from '../moddle.ts'
import { convertExpression, Conversion, type DialectOptions } from './conversion.ts'
import {
  convertCall,
  convertFields,
  convertInputOutput,
  convertListeners,
  convertLoop,
  convertPayload,
  convertProperties,
  retriesOf,
} from './mappings.ts'

export type { DialectOptions } from './conversion.ts'

const PREFIX = /^(camunda|flowable|activiti):/

/** Whether a file is written for one of these engines. */
export function isForeignDialect(xml: string): boolean {
  return /http:\/\/camunda\.org\/schema\/1\.0\/bpmn|http:\/\/activiti\.org\/bpmn|http:\/\/flowable\.org\/bpmn/.test(xml)
}

const NAMESPACES: Record<string, string> = {
  'http://camunda.org/schema/1.0/bpmn': 'camunda',
  'http://flowable.org/bpmn': 'flowable',
  'http://activiti.org/bpmn': 'activiti',
}

/** The file with the usual prefixes: XML lets each file choose its own. */
export function withUsualPrefixes(xml: string): string {
  let result = xml
  for (const [, prefix = '', namespace = ''] of xml.matchAll(/\sxmlns:([\w.-]+)\s*=\s*["']([^"']+)["']/g)) {
    const usual = NAMESPACES[namespace]
    if (usual !== undefined && usual !== prefix)
      result = result.replace(new RegExp(`(<\\/?|\\sxmlns:|\\s)${prefix}(?=[:=\\s])`, 'g'), `$1${usual}`)
  }
  return result
}

/** Rewrites the tree in place; what was not carried over comes back as warnings. */
export function convertDialect(
  definitions: Node,
  create: (type: string, attributes: Record<string, unknown>) => Node,
  options: DialectOptions,
): Diagnostic[] {
  const conversion = new Conversion(create, options)
  for (const root of list(definitions, 'rootElements')) {
    if (root.$type === 'bpmn:Process') convertScope(conversion, definitions, root)
    else cleanUp(conversion, root, root.id ?? '')
  }
  for (const root of list(definitions, 'rootElements')) {
    // Without a name, a message or signal is known by itself.
    if (/^bpmn:(Message|Signal)$/.test(root.$type) && text(root, 'name') === undefined) conversion.set(root, 'name', root.id ?? '')
    for (const property of ['name', 'errorCode', 'escalationCode']) {
      const value = text(root, property)
      if (root.$type !== 'bpmn:Process' && value?.match(/[$#]\{/))
        conversion.set(root, property, conversion.value(root.id ?? '', property, value))
    }
  }
  sweep(conversion, definitions, '', new Set())
  return conversion.warnings
}

/** Whatever of the dialect is left anywhere, as at lanes, pools, data and texts: taken out, and listed at the element that holds it. */
function sweep(conversion: Conversion, node: Node, holderId: string, seen: Set<Node>): void {
  if (seen.has(node)) return
  seen.add(node)
  const id = node.id ?? holderId
  cleanUp(conversion, node, id)
  for (const { name, isAttr, isReference } of node.$descriptor?.properties ?? []) {
    if (isAttr || isReference) continue
    const value = node.get(name)
    for (const inner of Array.isArray(value) ? value : [value]) if (isNode(inner)) sweep(conversion, inner, id, seen)
  }
}

const isNode = (value: unknown): value is Node =>
  value !== null && typeof value === 'object' && '$type' in value && '$descriptor' in value && typeof (value as Node).get === 'function'

function convertScope(conversion: Conversion, definitions: Node, scope: Node): void {
  if (scope.$type === 'bpmn:Process') {
    const tag = conversion.take(scope, 'versionTag')
    if (tag !== undefined) conversion.extend(scope, 'zeebe:VersionTag', { value: tag })
  }
  cleanUp(conversion, scope, scope.id ?? '')
  const nodes = list(scope, 'flowElements')
  for (const node of nodes) {
    if (node.$type === 'bpmn:SequenceFlow') convertFlow(conversion, node)
    else convertNode(conversion, definitions, node)
    if (list(node, 'flowElements').length > 0) convertScope(conversion, definitions, node)
  }
}

function convertFlow(conversion: Conversion, node: Node): void {
  const condition = child(node, 'conditionExpression')
  if (condition) convertExpression(conversion, condition, node.id ?? '', 'the condition')
  const source = child(node, 'sourceRef')
  const isSole = source !== undefined && list(source, 'outgoing').length < 2
  const isDefault = source !== undefined && child(source, 'default')?.id === node.id && node.id !== undefined
  if (!condition && source?.$type === 'bpmn:ExclusiveGateway' && !isSole && !isDefault) {
    conversion.set(node, 'conditionExpression', conversion.create('bpmn:FormalExpression', { body: '=true' }))
  }
}

const JOBS: Record<string, true> = { ServiceTask: true, SendTask: true, BusinessRuleTask: true }

function convertNode(conversion: Conversion, definitions: Node, node: Node): void {
  const id = node.id ?? ''
  const type = kind(node)
  if (type === 'BusinessRuleTask') convertRule(conversion, node, id)
  if (JOBS[type] && !hasExtension(node, 'zeebe:CalledDecision')) {
    const retries = retriesOf(conversion, node, id)
    conversion.extend(node, 'zeebe:TaskDefinition', {
      type: jobTypeOf(conversion, node, type),
      ...(retries === undefined ? {} : { retries }),
    })
    convertFields(conversion, node, id)
  }
  if (type === 'ScriptTask') convertScript(conversion, node, id)
  if (type === 'UserTask') convertUserTask(conversion, node, id)
  if (type === 'CallActivity') convertCall(conversion, node, id)
  if (type === 'ReceiveTask' && !child(node, 'messageRef')) {
    const message = conversion.create('bpmn:Message', { id: `${id}_message`, name: id })
    list(definitions, 'rootElements').push(message)
    conversion.set(node, 'messageRef', message)
  }
  // These engines begin nothing in an ad-hoc sub-process by themselves.
  if (type === 'AdHocSubProcess') {
    conversion.set(node, 'guichet:adHocStart', 'manual')
    const condition = child(node, 'completionCondition')
    if (condition) convertExpression(conversion, condition, id, 'the completion condition')
  }
  const loop = child(node, 'loopCharacteristics')
  if (loop) convertLoop(conversion, loop, id)
  convertInputOutput(conversion, node, id)
  convertProperties(conversion, node)
  convertListeners(conversion, node, id)
  for (const definition of list(node, 'eventDefinitions')) convertEvent(conversion, definition, node, id)
  cleanUp(conversion, node, id)
}

const hasExtension = (node: Node, type: string): boolean =>
  list(child(node, 'extensionElements') ?? node, 'values').some((value) => value.$type === type)

/** A decision that is named becomes a called one; a rule task of another kind is a job. */
function convertRule(conversion: Conversion, node: Node, id: string): void {
  const decision = conversion.take(node, 'decisionRef')
  if (decision === undefined) return
  const resultVariable = conversion.take(node, 'resultVariable') ?? conversion.take(node, 'resultVariableName') ?? 'decisionResult'
  conversion.extend(node, 'zeebe:CalledDecision', { decisionId: conversion.value(id, 'the decision', decision), resultVariable })
  if (/^(latest|deployment)$/.test(node.$attrs?.['camunda:decisionRefBinding'] ?? '')) conversion.take(node, 'decisionRefBinding')
  // Without a mapping, or with the ones that wrap the result, the other engine gives lists or maps where here is the value.
  const mapping = conversion.take(node, 'mapDecisionResult') ?? 'resultList'
  if (!/^(singleEntry|collectEntries)$/.test(mapping)) conversion.drop(id, `mapDecisionResult ${mapping}`)
}

/** A script that is an expression becomes FEEL; one in a programming language is a job, for a worker that knows it. */
function convertScript(conversion: Conversion, node: Node, id: string): void {
  const format = text(node, 'scriptFormat') ?? 'unknown'
  const resultVariable = conversion.take(node, 'resultVariable') ?? conversion.take(node, 'resultVariableName')
  const source = text(node, 'script')
  if (/^(juel|feel)$/i.test(format) && source !== undefined && resultVariable !== undefined) {
    const value = /^feel$/i.test(format) ? `=${source.replace(/^=/, '')}` : conversion.value(id, 'the script', source)
    conversion.extend(node, 'zeebe:Script', { expression: value.startsWith('=') ? value : `=${JSON.stringify(value)}`, resultVariable })
    return
  }
  if (resultVariable !== undefined) conversion.drop(id, 'resultVariable')
  conversion.extend(node, 'zeebe:TaskDefinition', { type: `script:${format}` })
}

function jobTypeOf(conversion: Conversion, node: Node, type: string): string {
  const names = ['topic', 'class', 'delegateExpression', 'expression', 'decisionRef', 'type']
  for (const name of names) {
    const value = conversion.take(node, name)
    if (value === undefined) continue
    // The topic says it all.
    if (name === 'topic') conversion.take(node, 'type')
    return value.replace(/^=/, '')
  }
  return type
}

function convertUserTask(conversion: Conversion, node: Node, id: string): void {
  const assignment: Record<string, string> = {}
  for (const name of ['assignee', 'candidateGroups', 'candidateUsers']) {
    const value = conversion.take(node, name)
    if (value !== undefined) assignment[name] = conversion.value(id, name, value)
  }
  for (const [role, target] of [
    ['humanPerformer', 'assignee'],
    ['potentialOwner', 'candidateGroups'],
  ] as const) {
    const owner = list(node, 'resources').find((resource) => resource.$type.toLowerCase() === `bpmn:${role}`.toLowerCase())
    const body = owner ? text(child(child(owner, 'resourceAssignmentExpression') ?? owner, 'expression'), 'body') : undefined
    if (body !== undefined && assignment[target] === undefined) assignment[target] = conversion.value(id, target, body)
  }
  if (Object.keys(assignment).length > 0) conversion.extend(node, 'zeebe:AssignmentDefinition', assignment)
  const form = conversion.take(node, 'formKey') ?? conversion.take(node, 'formRef')
  if (form !== undefined) conversion.extend(node, 'zeebe:FormDefinition', { formId: form })
  const due = conversion.take(node, 'dueDate')
  if (due !== undefined) conversion.extend(node, 'zeebe:TaskSchedule', { dueDate: conversion.value(id, 'dueDate', due) })
}

function convertEvent(conversion: Conversion, definition: Node, node: Node, id: string): void {
  for (const property of ['timeDate', 'timeDuration', 'timeCycle', 'condition']) {
    const expression = child(definition, property)
    if (expression) convertExpression(conversion, expression, id, property)
  }
  if (definition.$type === 'bpmn:MessageEventDefinition' && /Throw|End/.test(node.$type)) {
    conversion.extend(node, 'zeebe:TaskDefinition', { type: jobTypeOf(conversion, definition, 'message') })
  }
  if (definition.$type === 'bpmn:SignalEventDefinition' && /Throw|End/.test(node.$type)) convertPayload(conversion, definition, node, id)
  if (definition.$type === 'bpmn:ErrorEventDefinition' && /End/.test(node.$type)) nameError(conversion, definition)
  cleanUp(conversion, definition, id)
}

/** These engines take the error's id where it has no code. */
function nameError(conversion: Conversion, definition: Node): void {
  const error = child(definition, 'errorRef')
  if (error && text(error, 'errorCode') === undefined) conversion.set(error, 'errorCode', error.id ?? '')
}

/** What is left of the dialect has no counterpart: it is taken out and listed. */
function cleanUp(conversion: Conversion, node: Node, id: string): void {
  for (const name of Object.keys(node.$attrs ?? {})) {
    if (!PREFIX.test(name)) continue
    const value = node.$attrs![name]
    delete node.$attrs![name]
    if (/:(async|asyncBefore|asyncAfter|asyncLeave|exclusive)$/.test(name)) conversion.unneeded(id, name)
    // A form of the latest version is what is shown here.
    else if (!(/:formRefBinding$/.test(name) && value === 'latest')) conversion.drop(id, name)
  }
  const holder = child(node, 'extensionElements')
  if (!holder) return
  const values = list(holder, 'values')
  const kept = values.filter((value) => !PREFIX.test(value.$type))
  for (const value of values) if (PREFIX.test(value.$type)) conversion.drop(id, value.$type)
  conversion.set(holder, 'values', kept)
}
