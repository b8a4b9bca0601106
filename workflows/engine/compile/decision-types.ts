/** The types that a DMN file declares: built-in ones, and item definitions (DMN 1.3 clause 7.3). */
import type { DataType } from '../model.ts'
import { checkUnaryTests } from '../expression.ts'
import { child, flag, list, type Node, text } from './moddle.ts'

/** Types whose values JSON holds as text. */
const TEMPORAL = ['date', 'time', 'date and time', 'days and time duration', 'years and months duration']
const BUILT_IN = ['number', 'string', 'boolean', 'context', 'function', ...TEMPORAL]
const OLDER_NAMES: Record<string, string> = {
  dateTime: 'date and time',
  dayTimeDuration: 'days and time duration',
  yearMonthDuration: 'years and months duration',
}
const MAX_DEPTH = 10

export type Types = (typeRef: string | undefined) => DataType | null

/** What a type is made of, by its name. Null: any, or one that is declared neither here nor by `elsewhere`. */
export function typesOf(root: Node, elsewhere: (typeRef: string) => DataType | null = () => null): Types {
  const definitions = new Map(list(root, 'itemDefinition').map((item) => [item.name ?? '', item]))
  const named = (typeRef: string | undefined, depth: number): DataType | null => {
    const written = (typeRef ?? '').replace(/^(?:feel:|\{[^}]*\})/, '')
    const name = OLDER_NAMES[written] ?? written
    if (BUILT_IN.includes(name)) return name
    const item = definitions.get(name) ?? definitions.get(name.replace(/^\w+:/, ''))
    if (!item) return elsewhere(name)
    return depth < MAX_DEPTH ? defined(item, depth + 1) : null
  }
  const defined = (item: Node, depth: number): DataType | null => {
    if (child(item, 'functionItem')) return 'function'
    const components = list(item, 'itemComponent')
    const single: DataType | null =
      components.length === 0
        ? named(text(item, 'typeRef'), depth)
        : {
            context: components.map((component) => ({
              name: component.name ?? '',
              type: depth < MAX_DEPTH ? defined(component, depth + 1) : null,
            })),
          }
    const allowed = text(child(item, 'allowedValues'), 'text')
    const constrained: DataType | null = allowed === undefined || checkUnaryTests(allowed) ? single : { of: single, allowed }
    return flag(item, 'isCollection') ? { list: constrained } : constrained
  }
  return (typeRef) => named(typeRef, 0)
}
