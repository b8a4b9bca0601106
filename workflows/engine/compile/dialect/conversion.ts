/** What the conversion of one file shares: creating zeebe: elements, translating expressions, collecting what is dropped. */
import type { Diagnostic } from '../../contract.ts'
import { child, list, type Node, text } from '../moddle.ts'
import { juelToFeel } from './juel.ts'

export interface DialectOptions {
  /** Translations of JUEL expressions given by the caller, by their source; null: known to have none. */
  expressions?: Readonly<Record<string, string | null>>
}

const PREFIXES = ['camunda', 'flowable', 'activiti']

export class Conversion {
  readonly warnings: Diagnostic[] = []
  readonly create: (type: string, attributes: Record<string, unknown>) => Node
  private readonly options: DialectOptions

  constructor(create: (type: string, attributes: Record<string, unknown>) => Node, options: DialectOptions) {
    this.create = create
    this.options = options
  }

  drop(elementId: string, what: string): void {
    this.warnings.push({
      elementId,
      severity: 'warning',
      code: 'notCarriedOver',
      message: `${what} has no counterpart here and was not carried over`,
      params: { extension: what },
    })
  }

  /** Said in the other engine, and true of every element here. */
  unneeded(elementId: string, what: string): void {
    this.warnings.push({
      elementId,
      severity: 'warning',
      code: 'notNeeded',
      message: `${what} is not needed here: every step is durable by itself`,
      params: { extension: what },
    })
  }

  set(node: Node, property: string, value: unknown): void {
    ;(node as unknown as { set(name: string, value: unknown): void }).set(property, value)
  }

  /** The value of a dialect attribute, taken out of the tree. */
  take(node: Node, name: string): string | undefined {
    for (const prefix of PREFIXES) {
      const value = node.$attrs?.[`${prefix}:${name}`]
      if (value !== undefined) {
        delete node.$attrs![`${prefix}:${name}`]
        return value
      }
    }
    return undefined
  }

  /** Dialect extension elements of this name, taken out of the tree. */
  takeExtensions(node: Node, name: string): Node[] {
    const holder = child(node, 'extensionElements')
    if (!holder) return []
    const values = list(holder, 'values')
    const found = values.filter((value) => PREFIXES.some((prefix) => value.$type === `${prefix}:${name}`))
    this.set(
      holder,
      'values',
      values.filter((value) => !found.includes(value)),
    )
    return found
  }

  extend(node: Node, type: string, attributes: Record<string, unknown>): Node {
    let holder = child(node, 'extensionElements')
    if (!holder) {
      holder = this.create('bpmn:ExtensionElements', { values: [] })
      this.set(node, 'extensionElements', holder)
    }
    const extension = this.create(type, attributes)
    this.set(holder, 'values', [...list(holder, 'values'), extension])
    return extension
  }

  /** A JUEL text in Camunda 8's form: a constant, or `=` and FEEL. What cannot be translated becomes `=null`, listed. */
  value(elementId: string, what: string, source: string): string {
    const translated = juelToFeel(source, this.options.expressions)
    if (translated && 'literal' in translated) return translated.literal
    if (translated) return `=${translated.feel}`
    this.warnings.push({
      elementId,
      severity: 'warning',
      code: 'expressionNotTranslated',
      message: `${what}: the expression ${source} could not be translated to FEEL`,
      params: { expression: source },
    })
    return '=null'
  }
}

/** A BPMN expression element, in place. */
export function convertExpression(conversion: Conversion, expression: Node, elementId: string, what: string): void {
  const body = text(expression, 'body')
  if (body !== undefined) conversion.set(expression, 'body', conversion.value(elementId, what, body))
  conversion.set(expression, 'language', undefined)
}
