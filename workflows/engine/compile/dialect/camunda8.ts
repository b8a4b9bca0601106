/** A model of Camunda 8 is of our dialect; what it says beyond what runs here is taken out of the tree, and listed by element. */
import type { Diagnostic } from '../../contract.ts'
import { bindingsOf, extensions, isSupported, unsupportedAttributes } from '../extensions.ts'
import { child, list, type Node, text } from '../moddle.ts'
import { Conversion } from './conversion.ts'

/** Changes the tree in place. No warnings: nothing was changed. */
export function leaveOutUnsupported(definitions: Node, create: (type: string, attributes: Record<string, unknown>) => Node): Diagnostic[] {
  const conversion = new Conversion(create, {})
  for (const root of list(definitions, 'rootElements')) visit(conversion, root, root.id ?? '')
  return conversion.warnings
}

/** A node with all inside it. `id` is that of the element in which the node stands, where it has none. */
function visit(conversion: Conversion, node: Node, id: string): void {
  const holder = child(node, 'extensionElements')
  for (const extension of extensions(node)) {
    if (!extension.$type.startsWith('zeebe:')) continue
    if (!isSupported(node, extension)) conversion.drop(id, extension.$type)
    else trim(conversion, extension, id)
  }
  if (holder) {
    const kept = list(holder, 'values').filter((value) => !value.$type.startsWith('zeebe:') || (isSupported(node, value) && !isBare(value)))
    if (kept.length < list(holder, 'values').length) conversion.set(holder, 'values', kept)
  }
  for (const inner of list(node, 'flowElements')) visit(conversion, inner, inner.id ?? id)
  const loop = child(node, 'loopCharacteristics')
  if (loop) visit(conversion, loop, id)
}

function trim(conversion: Conversion, extension: Node, id: string): void {
  for (const name of unsupportedAttributes(extension)) {
    conversion.set(extension, name, undefined)
    conversion.drop(id, `${name} (${extension.$type})`)
  }
  const binding = text(extension, 'bindingType')
  if (binding === undefined || bindingsOf(extension).includes(binding)) return
  conversion.set(extension, 'bindingType', 'latest')
  conversion.drop(id, `bindingType ${binding} (${extension.$type})`)
}

/** A form or a schedule of which nothing is left. */
const isBare = (extension: Node): boolean =>
  (extension.$type === 'zeebe:FormDefinition' && text(extension, 'formId') === undefined) ||
  (extension.$type === 'zeebe:TaskSchedule' && text(extension, 'dueDate') === undefined)
