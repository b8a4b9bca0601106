/** FEEL's types (DMN 1.3 clauses 10.3.2.1 and 10.3.2.9): reading them from the syntax, `instance of`, implicit conversions. */
import { FeelDate, FeelFunction, FeelRange, type parseExpression } from 'feelin'
import { midnight } from './temporal.ts'
import { kindOf } from './values.ts'

export type FeelType =
  | { is: 'any' | 'never' }
  | { is: 'named'; name: string }
  /** An item definition of a DMN file, by its name. */
  | { is: 'item'; name: string }
  | { is: 'list'; of: FeelType }
  | { is: 'range'; of: FeelType }
  | { is: 'context'; entries: { name: string; type: FeelType }[] }
  | { is: 'function'; parameters: FeelType[] | null }

type Node = ReturnType<typeof parseExpression>['topNode']

const NAMED = new Set([
  'number',
  'string',
  'boolean',
  'date',
  'time',
  'date and time',
  'days and time duration',
  'years and months duration',
  'duration',
  'context',
  'list',
  'range',
  'function',
  'Null',
])
export const ANY: FeelType = { is: 'any' }

/** A type by its name. */
export function typeNamed(text: string): FeelType {
  const name = text.replace(/\s+/g, ' ').trim()
  if (name === 'Any') return ANY
  if (name === 'dateTime') return { is: 'named', name: 'date and time' }
  if (name === 'dayTimeDuration') return { is: 'named', name: 'days and time duration' }
  if (name === 'yearMonthDuration') return { is: 'named', name: 'years and months duration' }
  return NAMED.has(name) ? { is: 'named', name } : { is: 'item', name }
}

export function readType(node: Node, source: string): FeelType {
  const inner = node.name === 'Type' ? node.firstChild! : node
  const text = source.slice(inner.from, inner.to)
  if (inner.name === 'ListType') return { is: 'list', of: readType(inner.getChild('Type')!, source) }
  if (inner.name === 'FunctionType') {
    const parameters = inner.getChild('ArgumentTypes')?.getChildren('ArgumentType') ?? []
    return { is: 'function', parameters: parameters.map((parameter) => readType(parameter.getChild('Type')!, source)) }
  }
  if (inner.name === 'ContextType') {
    const entries = (inner.getChild('ContextEntryTypes')?.getChildren('ContextEntryType') ?? []).map((entry) => {
      const type = entry.getChild('Type')!
      return { name: source.slice(entry.from, type.from).replace(/:\s*$/, '').trim(), type: readType(type, source) }
    })
    return entries.length === 1 && entries[0]!.name === RANGE_ENTRY ? { is: 'range', of: entries[0]!.type } : { is: 'context', entries }
  }
  return typeNamed(text)
}

/** feelin's grammar has no `range<T>`: it is handed over as a context type with this one entry. */
const RANGE_ENTRY = '__range'
export const withRangeTypes = (source: string): string =>
  source.includes('range<') ? source.replace(/\brange<\s*([^<>]+?)\s*>/g, `context<${RANGE_ENTRY}: $1>`) : source

/** `value instance of type`. */
export function isInstance(value: unknown, type: FeelType): boolean {
  const kind = kindOf(value)
  switch (type.is) {
    case 'any':
      return kind !== 'null'
    case 'never':
    case 'item':
      return false
    case 'named':
      return type.name === 'Null' ? kind === 'null' : type.name === 'duration' ? kind.endsWith('duration') : kind === type.name
    case 'list':
      return Array.isArray(value) && value.every((item) => isInstance(item, type.of))
    case 'range':
      return value instanceof FeelRange && [value.start, value.end].every((end) => end === null || isInstance(end, type.of))
    case 'context':
      return (
        kind === 'context' &&
        type.entries.every(
          ({ name, type: of }) => Object.hasOwn(value as object, name) && isInstance((value as Record<string, unknown>)[name], of),
        )
      )
    case 'function': {
      if (kind !== 'function') return false
      if (type.parameters === null) return true
      const declared = (value as { signatures?: { parameters: { type: FeelType }[] }[] }).signatures
      if (declared) return declared.some(({ parameters }) => takes(parameters, type.parameters!))
      return !(value instanceof FeelFunction) || value.parameterNames.length === type.parameters.length
    }
  }
}

/** Whether a function of these parameters may be called with arguments of those types. */
const takes = (parameters: { type: FeelType }[], types: FeelType[]): boolean =>
  parameters.length === types.length && types.every((type, index) => conforms(type, parameters[index]!.type))

/** Whether each value of type `a` is one of type `b` (clause 10.3.2.9.2). */
function conforms(a: FeelType, b: FeelType): boolean {
  if (b.is === 'any' || a.is === 'never') return true
  if (a.is === 'named' && b.is === 'named') return a.name === b.name
  if (a.is === 'list' && b.is === 'list') return conforms(a.of, b.of)
  if (a.is === 'range' && b.is === 'range') return conforms(a.of, b.of)
  if (a.is === 'context' && b.is === 'context')
    return b.entries.every(({ name, type }) => a.entries.some((entry) => entry.name === name && conforms(entry.type, type)))
  if (a.is === 'function' && b.is === 'function')
    return (
      a.parameters?.length === b.parameters?.length && (b.parameters ?? []).every((type, index) => conforms(type, a.parameters![index]!))
    )
  return b.is === 'named' && b.name === a.is
}

export type TypeLookup = (name: string) => FeelType | null

/** `type` with its item definitions looked up; null when one is unknown. */
export function resolveType(type: FeelType, lookup: TypeLookup): FeelType | null {
  switch (type.is) {
    case 'item':
      return lookup(type.name)
    case 'list':
    case 'range': {
      const of = resolveType(type.of, lookup)
      return of && { is: type.is, of }
    }
    case 'context': {
      const entries = type.entries.map((entry) => ({ name: entry.name, type: resolveType(entry.type, lookup) }))
      return entries.some((entry) => entry.type === null) ? null : ({ is: 'context', entries } as FeelType)
    }
    case 'function': {
      const parameters = type.parameters?.map((parameter) => resolveType(parameter, lookup)) ?? null
      return parameters?.includes(null) ? null : ({ is: 'function', parameters } as FeelType)
    }
    default:
      return type
  }
}

/** What the conversion of a value to a type gives when there is none. */
export const NO_VALUE: unique symbol = Symbol('no value')

/** Implicit conversion (clause 10.3.2.9.4): conforming as it is, to and from a singleton list, a date to its midnight. */
export function convert(value: unknown, type: FeelType): unknown {
  if (value === null || value === undefined) return null
  if (isInstance(value, type)) return value
  const isList = type.is === 'list' || (type.is === 'named' && type.name === 'list')
  if (Array.isArray(value) && value.length === 1 && !isList) return convert(value[0], type)
  if (!Array.isArray(value) && isList) return type.is !== 'list' || isInstance(value, type.of) ? [value] : NO_VALUE
  if (value instanceof FeelDate && type.is === 'named' && type.name === 'date and time') return midnight(value)
  if (Array.isArray(value) && type.is === 'list') {
    const items = value.map((item) => convert(item, type.of))
    return items.includes(NO_VALUE) ? NO_VALUE : items
  }
  return NO_VALUE
}
