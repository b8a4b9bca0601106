/** zeebe: extension elements and guichet: attributes. What is not known here is refused at its element. */
import type { Expression, Job, Mapping } from '../model.ts'
import type { CompileContext } from './context.ts'
import { guichetAttributes } from './guichet-descriptor.ts'
import { child, kind, list, type Node, text } from './moddle.ts'

/** Extension elements of a node, by type. */
export function extensions(node: Node, type?: string): Node[] {
  const holder = child(node, 'extensionElements')
  const values = holder ? list(holder, 'values') : []
  return type === undefined ? values : values.filter((value) => value.$type === type)
}

/** Extension elements that mean something on each kind of element. Others of zeebe: are refused. */
const EVERYWHERE = ['zeebe:IoMapping', 'zeebe:Properties']
const ALLOWED: Record<string, readonly string[]> = {
  UserTask: ['zeebe:UserTask', 'zeebe:AssignmentDefinition', 'zeebe:FormDefinition', 'zeebe:TaskSchedule'],
  ServiceTask: ['zeebe:TaskDefinition', 'zeebe:TaskHeaders'],
  SendTask: ['zeebe:TaskDefinition', 'zeebe:TaskHeaders'],
  ScriptTask: ['zeebe:Script', 'zeebe:TaskDefinition', 'zeebe:TaskHeaders'],
  BusinessRuleTask: ['zeebe:CalledDecision', 'zeebe:TaskDefinition', 'zeebe:TaskHeaders'],
  CallActivity: ['zeebe:CalledElement'],
  EndEvent: ['zeebe:TaskDefinition', 'zeebe:TaskHeaders'],
  IntermediateThrowEvent: ['zeebe:TaskDefinition', 'zeebe:TaskHeaders'],
  AdHocSubProcess: ['zeebe:AdHoc'],
  Process: ['zeebe:VersionTag'],
  Message: ['zeebe:Subscription'],
  MultiInstanceLoopCharacteristics: ['zeebe:LoopCharacteristics'],
}

const FOREIGN = /^(camunda|flowable|activiti)$/
const SUPPORTED_ATTRIBUTES: Record<string, readonly string[]> = {
  'zeebe:TaskSchedule': ['dueDate'],
  'zeebe:FormDefinition': ['formId'],
}
const LATER_ATTRIBUTES = ['followUpDate', 'formKey', 'externalReference']

/** Whether a zeebe: extension element means something on this node. */
export function isSupported(node: Node, extension: Node): boolean {
  return [...EVERYWHERE, ...(ALLOWED[kind(node)] ?? [])].includes(extension.$type)
}

/** Attributes of a zeebe: extension element that the engine does not carry out. */
export function unsupportedAttributes(extension: Node): string[] {
  const supported = SUPPORTED_ATTRIBUTES[extension.$type]
  if (supported === undefined) return []
  return LATER_ATTRIBUTES.filter((name) => text(extension, name) !== undefined && !supported.includes(name))
}

/** The ways to choose a version that a call to a process or decision may have. */
export const bindingsOf = (extension: Node): string[] =>
  extension.$type === 'zeebe:CalledElement' ? ['latest', 'deployment', 'versionTag'] : ['latest', 'deployment']

/** Refuses extension elements and attributes that would be ignored. `id` names the element in the diagnostics. */
export function checkExtensions(context: CompileContext, node: Node, id: string): void {
  for (const extension of extensions(node)) {
    const prefix = extension.$type.split(':')[0] ?? ''
    if (isSupported(node, extension)) checkAttributes(context, extension, id)
    else if (prefix === 'zeebe')
      context.error(id, 'unsupportedExtension', `${extension.$type} is not supported on a ${kind(node)}: remove it`, {
        extension: extension.$type,
        kind: kind(node),
      })
    else if (FOREIGN.test(prefix))
      context.error(id, 'foreignDialect', `${extension.$type} belongs to another engine's dialect: import the file, or remove it`, {
        extension: extension.$type,
      })
    else context.warn(id, 'foreignExtension', `${extension.$type} has no meaning here and is kept as it is`, { extension: extension.$type })
  }
  for (const name of Object.keys(node.$attrs ?? {})) {
    const prefix = name.includes(':') ? name.split(':')[0]! : ''
    if (prefix === 'xmlns' || name === 'xmlns') continue
    if (FOREIGN.test(prefix))
      context.error(id, 'foreignDialect', `${name} belongs to another engine's dialect: import the file, or remove it`, { extension: name })
    else if (prefix === 'guichet' || prefix === 'zeebe' || prefix === '')
      context.error(id, 'unknownAttribute', `the attribute ${name} is not known here: remove or correct it`, { attribute: name })
    else context.warn(id, 'foreignExtension', `${name} has no meaning here and is kept as it is`, { extension: name })
  }
}

/** Attributes of a supported extension that the engine does not carry out. */
function checkAttributes(context: CompileContext, extension: Node, id: string): void {
  for (const name of unsupportedAttributes(extension)) {
    context.error(id, 'unsupportedAttribute', `${name} of ${extension.$type} is not supported: remove it`, {
      attribute: name,
      extension: extension.$type,
    })
  }
  const binding = text(extension, 'bindingType')
  const bindings = bindingsOf(extension)
  if (binding !== undefined && !bindings.includes(binding)) {
    context.error(id, 'unsupportedAttribute', `binding ${binding} is not supported: choose ${bindings.join(', ')}`, {
      attribute: 'bindingType',
      value: binding,
    })
  }
}

/** guichet: attributes by local name; undefined when there are none. */
export function attributesOf(node: Node, holder: 'flowNode' | 'process'): Record<string, string> | undefined {
  const found: Record<string, string> = {}
  for (const name of guichetAttributes[holder]!) {
    const value = text(node, `guichet:${name}`)
    if (value !== undefined) found[name] = value
  }
  return Object.keys(found).length > 0 ? found : undefined
}

/** zeebe:ioMapping. */
export function mappingsOf(context: CompileContext, node: Node, id: string): { inputs?: Mapping[]; outputs?: Mapping[] } {
  const mapping = extensions(node, 'zeebe:IoMapping')[0]
  if (!mapping) return {}
  const read = (property: string, what: string): Mapping[] =>
    list(mapping, property).flatMap((parameter) => {
      const source = text(parameter, 'source')
      const target = text(parameter, 'target')
      if (source === undefined || target === undefined) {
        context.error(id, 'incompleteMapping', `${what} needs a source and a target`)
        return []
      }
      return [{ source: context.value(id, `${what} ${target}`, source), target }]
    })
  const inputs = read('inputParameters', 'the input mapping')
  const outputs = read('outputParameters', 'the output mapping')
  return { ...(inputs.length > 0 ? { inputs } : {}), ...(outputs.length > 0 ? { outputs } : {}) }
}

/** zeebe:taskDefinition and zeebe:taskHeaders. Null: there is no task definition. */
export function jobOf(context: CompileContext, node: Node, id: string): Job | null {
  const definition = extensions(node, 'zeebe:TaskDefinition')[0]
  if (!definition) return null
  const type = text(definition, 'type')
  if (type === undefined) {
    context.error(id, 'missingJobType', 'the task definition needs a type')
    return null
  }
  const jobType = context.value(id, 'the job type', type)
  if ('literal' in jobType) context.references.jobTypes.add(type)
  const headers: Record<string, string> = {}
  for (const holder of extensions(node, 'zeebe:TaskHeaders')) {
    for (const header of list(holder, 'values')) {
      const key = text(header, 'key')
      if (key !== undefined) headers[key] = text(header, 'value') ?? ''
    }
  }
  return { jobType, retries: context.value(id, 'the number of retries', text(definition, 'retries') ?? '3'), headers }
}

/** A text property as an expression; null when absent. */
export function optional(context: CompileContext, id: string, what: string, source: string | undefined): Expression | null {
  return source === undefined ? null : context.value(id, what, source)
}
