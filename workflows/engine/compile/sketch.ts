/**
 * Completes a drawing that is not meant to be deployed, so that its tokens can be simulated: what a modeller leaves open (job types,
 * message names, durations, conditions) gets a neutral value. What is drawn stays as it is.
 */
import { child, kind, list, type Node, text } from './moddle.ts'

type Create = (type: string, attributes: Record<string, unknown>) => Node
interface Settable {
  set(name: string, value: unknown): void
}
const set = (node: Node, name: string, value: unknown): void => (node as unknown as Settable).set(name, value)

const JOBS = new Set(['ServiceTask', 'SendTask', 'BusinessRuleTask', 'ScriptTask'])

/** Rewrites the tree in place. */
export function completeSketch(definitions: Node, create: Create): void {
  for (const root of list(definitions, 'rootElements')) if (root.$type === 'bpmn:Process') completeScope(definitions, root, create)
}

function completeScope(definitions: Node, scope: Node, create: Create): void {
  const associated = new Set(list(scope, 'artifacts').map((artifact) => child(artifact, 'sourceRef')?.id))
  const kept = list(scope, 'flowElements').filter((node) => !isLooseCompensation(node, associated))
  set(scope, 'flowElements', kept)
  for (const node of kept) {
    if (node.$type === 'bpmn:SequenceFlow') set(node, 'conditionExpression', undefined)
    else completeNode(definitions, node, create)
    if (list(node, 'flowElements').length > 0) completeScope(definitions, node, create)
  }
}

/** A compensation event that leads to no handler has nothing to do. */
const isLooseCompensation = (node: Node, associated: Set<string | undefined>): boolean =>
  node.$type === 'bpmn:BoundaryEvent' &&
  list(node, 'eventDefinitions').some(({ $type }) => $type === 'bpmn:CompensateEventDefinition') &&
  !associated.has(node.id)

function completeNode(definitions: Node, node: Node, create: Create): void {
  const type = kind(node)
  const extend = (extension: string, attributes: Record<string, unknown>): void =>
    set(node, 'extensionElements', create('bpmn:ExtensionElements', { values: [create(extension, attributes)] }))
  if (JOBS.has(type)) extend('zeebe:TaskDefinition', { type: 'simulated' })
  if (type === 'CallActivity') extend('zeebe:CalledElement', { processId: 'simulated' })
  if (type === 'ReceiveTask' && text(child(node, 'messageRef'), 'name') === undefined)
    set(node, 'messageRef', declare(definitions, create, 'bpmn:Message', { name: node.id }))
  if (child(node, 'loopCharacteristics')) set(node, 'loopCharacteristics', undefined)
  if (child(node, 'default')) set(node, 'default', undefined)
  for (const definition of list(node, 'eventDefinitions')) completeEvent(definitions, definition, node, create)
}

function declare(definitions: Node, create: Create, type: string, attributes: Record<string, unknown>): Node {
  const declared = create(type, attributes)
  list(definitions, 'rootElements').push(declared)
  return declared
}

function completeEvent(definitions: Node, definition: Node, node: Node, create: Create): void {
  const expression = (body: string): Node => create('bpmn:FormalExpression', { body })
  const isThrown = /Throw|End/.test(node.$type)
  const lacks = (property: string, name: string): boolean => text(child(definition, property), name) === undefined
  switch (kind(definition)) {
    case 'TimerEventDefinition':
      for (const property of ['timeDate', 'timeCycle']) set(definition, property, undefined)
      set(definition, 'timeDuration', expression('P1D'))
      break
    case 'MessageEventDefinition':
      if (lacks('messageRef', 'name')) set(definition, 'messageRef', declare(definitions, create, 'bpmn:Message', { name: node.id }))
      break
    case 'SignalEventDefinition':
      if (lacks('signalRef', 'name')) set(definition, 'signalRef', declare(definitions, create, 'bpmn:Signal', { name: 'unnamed' }))
      break
    case 'ErrorEventDefinition':
      if (isThrown && lacks('errorRef', 'errorCode'))
        set(
          definition,
          'errorRef',
          declare(definitions, create, 'bpmn:Error', { errorCode: text(child(definition, 'errorRef'), 'name') ?? 'unnamed' }),
        )
      break
    case 'ConditionalEventDefinition':
      set(definition, 'condition', expression('=false'))
      break
    case 'LinkEventDefinition':
      if (text(definition, 'name') === undefined) set(definition, 'name', node.name ?? 'unnamed')
  }
}
