/** How FEEL's built-in functions are declared and called (DMN 1.3 clauses 10.3.2.13.1 and 10.3.4): signatures, conversions, null. */
import { FeelFunction, FeelRange } from 'feelin'
import { includes } from './values.ts'
import { ANY, convert, type FeelType, NO_VALUE, typeNamed } from './types.ts'

/** A call that has no answer: null, with this as the warning. */
export class NoAnswer extends Error {}

export interface Parameter {
  name: string
  type: FeelType
  isOptional: boolean
  /** May be null, and then is passed on. */
  isNullable: boolean
  /** Takes all further arguments, or one list of them. */
  isRest: boolean
}

export interface Signature {
  parameters: Parameter[]
  run: (...args: never[]) => unknown
}

export type Arguments = { positional: unknown[] } | { named: Record<string, unknown> }

/** A function that checks its arguments itself: a built-in, or one with declared parameter types. */
export class CheckedFunction extends FeelFunction {
  readonly signatures: Signature[]
  constructor(signatures: Signature[]) {
    const first = signatures[0]!
    super(
      (...args: unknown[]) => callSignatures(signatures, { positional: args }),
      first.parameters.map(({ name }) => name),
    )
    this.signatures = signatures
  }
}

/** `string: string, length?: number, item: Any | null, ...rest: Any`. */
export function parametersOf(text: string): Parameter[] {
  if (text === '') return []
  return text.split(', ').map((part) => {
    const [name = '', type = 'Any'] = part.split(': ')
    const isNullable = type.endsWith(' | null')
    return {
      name: name.replace(/^\.\.\.|\?$/g, ''),
      type: isNullable && type === 'Any | null' ? ANY : typeNamed(type.replace(/ \| null$/, '')),
      isOptional: name.endsWith('?'),
      isNullable,
      isRest: name.startsWith('...'),
    }
  })
}

/** @throws NoAnswer when no signature takes the arguments */
export function callSignatures(signatures: readonly Signature[], given: Arguments): unknown {
  for (const { parameters, run } of inOrderOf(given, signatures)) {
    const args = bind(parameters, given)
    if (args) return (run as (...args: unknown[]) => unknown)(...args)
  }
  // Null in, null out: the absence was there before the call, and is no mistake of its own.
  if (('named' in given ? Object.values(given.named) : given.positional).includes(null)) return null
  const names = signatures.map(({ parameters }) => `(${parameters.map(({ name }) => name).join(', ')})`).join(' or ')
  throw new NoAnswer(`the arguments do not fit ${names}`)
}

/** Where names alone fit several signatures, as (point, range) and (range, point), the order in which they are written decides. */
function inOrderOf(given: Arguments, signatures: readonly Signature[]): readonly Signature[] {
  if (!('named' in given) || signatures.length === 1) return signatures
  const written = Object.keys(given.named).join()
  const exact = signatures.find(({ parameters }) => parameters.map(({ name }) => name).join() === written)
  return exact ? [exact, ...signatures] : signatures
}

function bind(parameters: readonly Parameter[], given: Arguments): unknown[] | null {
  return 'named' in given ? bindNamed(parameters, given.named) : bindPositional(parameters, given.positional)
}

function bindNamed(parameters: readonly Parameter[], named: Record<string, unknown>): unknown[] | null {
  if (Object.keys(named).some((name) => !parameters.some((parameter) => parameter.name === name))) return null
  const values = parameters.map(({ name, isRest }) => (isRest && Object.hasOwn(named, name) ? restOf([named[name]]) : named[name]))
  return bindValues(parameters, values, (index) => Object.hasOwn(named, parameters[index]!.name))
}

function bindPositional(parameters: readonly Parameter[], given: unknown[]): unknown[] | null {
  const rest = parameters.findIndex(({ isRest }) => isRest)
  if (rest < 0 && given.length > parameters.length) return null
  if (rest === 0 && given.length === 0) return null
  const items = rest === 0 && !isListOf(parameters[0]!.type) ? restOf(given) : given.slice(Math.max(rest, 0))
  const values = rest < 0 ? given : [...given.slice(0, rest), items]
  return bindValues(parameters, values, (index) => index < given.length)
}

const isListOf = (type: FeelType): boolean => type.is === 'named' && type.name === 'list'
/** One list stands for its items. */
const restOf = (values: unknown[]): unknown[] => (values.length === 1 && Array.isArray(values[0]) ? values[0] : values)

function bindValues(parameters: readonly Parameter[], values: unknown[], isGiven: (index: number) => boolean): unknown[] | null {
  const bound: unknown[] = []
  for (const [index, { type, isOptional, isNullable, isRest }] of parameters.entries()) {
    if (isRest) {
      const items = ((values[index] as unknown[]) ?? []).map((item) => (item === null && isNullable ? null : convertOr(item, type)))
      if (items.includes(NO_VALUE)) return null
      bound.push(items)
    } else if (!isGiven(index)) {
      if (!isOptional) return null
      bound.push(undefined)
    } else {
      const value = convertOr(values[index], type, isNullable)
      if (value === NO_VALUE) return null
      bound.push(value)
    }
  }
  return bound
}

function convertOr(value: unknown, type: FeelType, isNullable = false): unknown {
  if (value === null || value === undefined) return isNullable ? null : NO_VALUE
  return convert(value, type)
}

/** Calls anything callable. Null with a warning is a `NoAnswer`. */
export function call(target: unknown, given: Arguments): unknown {
  if (target instanceof CheckedFunction) return callSignatures(target.signatures, given)
  if (target instanceof FeelRange && 'positional' in given && given.positional.length === 1) return includes(target, given.positional[0])
  const callee = target instanceof FeelFunction ? target : typeof target === 'function' ? wrap(target as Callable) : null
  if (!callee) throw new NoAnswer('what is called is not a function')
  const names = callee.parameterNames
  const isVariadic = names.at(-1)?.startsWith('...') ?? false
  if ('named' in given) {
    if (Object.keys(given.named).some((name) => !names.includes(name)) || names.some((name) => !Object.hasOwn(given.named, name)))
      throw new NoAnswer(`the named arguments do not fit (${names.join(', ')})`)
    return callee.invoke(names.map((name) => given.named[name]))
  }
  if (!isVariadic && given.positional.length !== names.length)
    throw new NoAnswer(`expected ${names.length} arguments, found ${given.positional.length}`)
  return callee.invoke(given.positional)
}

type Callable = ((...args: unknown[]) => unknown) & { parameters?: string[]; $args?: string[] }

/** A function of the host, such as a decision's knowledge model. */
function wrap(target: Callable): FeelFunction {
  return new FeelFunction(target, target.parameters ?? target.$args ?? ['...args'])
}

type Declared = [signature: string, run: (...args: never[]) => unknown]
/** A built-in by one or several signatures, tried in order. */
export const builtin = (...declared: Declared[]): CheckedFunction =>
  new CheckedFunction(declared.map(([text, run]) => ({ parameters: parametersOf(text), run })))

/** Guards a built-in's own conditions. */
export function demand(condition: boolean, message: string): void {
  if (!condition) throw new NoAnswer(message)
}
