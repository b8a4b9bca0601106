/** Which process a call activity names (zeebe:calledElement), and how it is bound to a version. */
import type { Expression } from '../model.ts'
import type { CompileContext } from './context.ts'
import { extensions } from './extensions.ts'
import { type Node, text } from './moddle.ts'

/** How a version that is bound by its tag is called in a program, beside the latest one. */
export const taggedId = (processId: string, versionTag: string): string => `${processId}@${versionTag}`

export function calledProcess(context: CompileContext, node: Node, id: string): Expression {
  const called = extensions(node, 'zeebe:CalledElement')[0]
  const processId = called ? (text(called, 'processId') ?? text(called, 'processIdExpression')) : undefined
  if (processId === undefined) context.error(id, 'missingCalledProcess', 'the call activity needs a zeebe:calledElement with a process id')
  const value = context.value(id, 'the called process id', processId ?? '')
  if ('feel' in value || processId === undefined || !called) {
    if (called && text(called, 'bindingType') === 'versionTag')
      context.error(id, 'missingVersionTag', 'a binding by version tag needs a process id that is no expression')
    return value
  }
  if (text(called, 'bindingType') !== 'versionTag') {
    context.references.processes.add(processId)
    return value
  }
  const versionTag = text(called, 'versionTag')
  if (versionTag === undefined) context.error(id, 'missingVersionTag', 'a binding by version tag needs the tag')
  const name = taggedId(processId, versionTag ?? '')
  context.references.processes.add(name)
  return { literal: name }
}
