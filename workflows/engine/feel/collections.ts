/** FEEL's built-in functions on lists and contexts (DMN 1.3 clauses 10.3.4.4, 10.3.4.7 and 10.3.4.8). */
import type { FeelDuration, FeelFunction } from 'feelin'
import { add, compareNumbers, divide, type FeelNumber, multiply, squareRoot, subtract } from './decimal.ts'
import { monthsDuration, monthsOf, secondsDuration, secondsOf } from './temporal.ts'
import { builtin, call, type CheckedFunction, NoAnswer, demand } from './functions.ts'
import { compare, kindOf, sameItem } from './values.ts'

type Context = Record<string, unknown>

/** The one extreme of values that have an order; null of none. */
function extreme(values: unknown[], sign: 1 | -1): unknown {
  if (values.length === 0) return null
  return values.reduce((best, value) => {
    const order = compare(value, best)
    if (order === null) throw new NoAnswer('the values have no order')
    return order * sign > 0 ? value : best
  })
}

function total(values: unknown[]): unknown {
  if (values.length === 0) return null
  const kind = kindOf(values[0])
  demand(
    values.every((value) => kindOf(value) === kind),
    'the values are of different types',
  )
  if (kind === 'number') return sumOf(values as FeelNumber[])
  if (kind === 'days and time duration')
    return secondsDuration((values as FeelDuration[]).reduce((sum, value) => sum + secondsOf(value), 0))
  if (kind === 'years and months duration')
    return monthsDuration((values as FeelDuration[]).reduce((sum, value) => sum + monthsOf(value), 0))
  throw new NoAnswer('only numbers and durations have a sum')
}

/** A number, or no answer beyond the numbers. */
function within(value: FeelNumber | null): FeelNumber {
  if (value === null) throw new NoAnswer('the result is beyond every number')
  return value
}

const sumOf = (values: readonly FeelNumber[]): FeelNumber => values.reduce((sum, value) => within(add(sum, value)), 0)
const productOf = (values: readonly FeelNumber[]): FeelNumber => values.reduce((product, value) => within(multiply(product, value)), 1)

function mean(values: readonly FeelNumber[]): FeelNumber | null {
  return values.length === 0 ? null : divide(sumOf(values), values.length)
}

function median(values: readonly FeelNumber[]): FeelNumber | null {
  const sorted = [...values].sort(compareNumbers)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : mean(sorted.slice(middle - 1, middle + 1))
}

/** Of a sample: divided by n - 1. */
function deviation(values: readonly FeelNumber[]): FeelNumber | null {
  demand(values.length > 1, 'the deviation takes two values or more')
  const middle = mean(values)!
  const squares = values.map((value) => {
    const distance = within(subtract(value, middle))
    return within(multiply(distance, distance))
  })
  return squareRoot(within(divide(sumOf(squares), values.length - 1)))
}

/** all(): false decides, then anything that is no boolean leaves the answer open. */
function decide(values: unknown[], deciding: boolean): boolean | null {
  if (values.includes(deciding)) return deciding
  return values.every((value) => typeof value === 'boolean') ? !deciding : null
}

/** A function of a list, or of its items as arguments. */
const ofList = (type: string, run: (values: never[]) => unknown): CheckedFunction => builtin([`...list: ${type}`, run])

/** 0-based place of a 1-based position, from the end when negative. */
function placeOf(list: unknown[], position: number): number {
  const place = position < 0 ? list.length + position : position - 1
  demand(Number.isInteger(position) && position !== 0 && place >= 0 && place < list.length, `the position ${position} is not in the list`)
  return place
}

function sublist(list: unknown[], start: number, length?: number): unknown[] {
  const from = placeOf(list, start)
  demand(length === undefined || (length >= 1 && from + length <= list.length), 'the length reaches beyond the list')
  return list.slice(from, length === undefined ? undefined : from + length)
}

function distinct(list: unknown[]): unknown[] {
  const result: unknown[] = []
  const scalars = new Set<unknown>()
  for (const item of list) {
    if (typeof item === 'object' && item !== null ? result.some((known) => sameItem(known, item)) : scalars.has(item)) continue
    scalars.add(item)
    result.push(item)
  }
  return result
}

function replaceByMatch(list: unknown[], match: FeelFunction, item: unknown): unknown[] {
  return list.map((old) => {
    const answer = call(match, { positional: [old, item] })
    demand(typeof answer === 'boolean', 'the match function has no answer')
    return answer ? item : old
  })
}

const flatten = (list: unknown[]): unknown[] => list.flatMap((item) => (Array.isArray(item) ? flatten(item) : [item]))

/** A stable merge sort by `precedes`, or by the values' own order. */
function sort(list: unknown[], precedes?: FeelFunction): unknown[] {
  const isBefore = (a: unknown, b: unknown): boolean => {
    if (precedes) return call(precedes, { positional: [a, b] }) === true
    const order = compare(a, b)
    if (order === null) throw new NoAnswer('the values have no order')
    return order < 0
  }
  return [...list].sort((a, b) => (isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : 0))
}

const LISTS: Record<string, CheckedFunction> = {
  'list contains': builtin([
    'list: list, element: Any | null',
    (list: unknown[], element: unknown) => list.some((item) => sameItem(item, element)),
  ]),
  'list replace': builtin(
    [
      'list: list, position: number, newItem: Any | null',
      (list: unknown[], position: number, item: unknown) => list.with(placeOf(list, position), item),
    ],
    ['list: list, match: function, newItem: Any | null', replaceByMatch],
  ),
  count: builtin(['list: list', (list: unknown[]) => list.length]),
  min: ofList('Any', (values) => extreme(values, -1)),
  max: ofList('Any', (values) => extreme(values, 1)),
  sum: ofList('Any', total),
  mean: ofList('number', mean),
  median: ofList('number', median),
  stddev: ofList('number', deviation),
  product: ofList('number', (values: FeelNumber[]) => (values.length === 0 ? null : productOf(values))),
  all: ofList('Any | null', (values) => decide(values, false)),
  any: ofList('Any | null', (values) => decide(values, true)),
  sublist: builtin(
    ['list: list, start position: number, length?: number', sublist],
    ['list: list, start: number, length?: number', sublist],
  ),
  append: builtin(
    ['list: list', (list: unknown[]) => list],
    ['list: list, ...item: Any | null', (list: unknown[], items: unknown[]) => [...list, ...items]],
  ),
  concatenate: builtin(['...list: list', (lists: unknown[][]) => lists.flat()]),
  'insert before': builtin([
    'list: list, position: number, newItem: Any | null',
    (list: unknown[], position: number, item: unknown) => {
      const place = position === list.length + 1 ? list.length : placeOf(list, position)
      return list.toSpliced(place, 0, item)
    },
  ]),
  remove: builtin(['list: list, position: number', (list: unknown[], position: number) => list.toSpliced(placeOf(list, position), 1)]),
  reverse: builtin(['list: list', (list: unknown[]) => list.toReversed()]),
  'index of': builtin([
    'list: list, match: Any | null',
    (list: unknown[], match: unknown) => list.flatMap((item, index) => (sameItem(item, match) ? [index + 1] : [])),
  ]),
  union: builtin(['...list: list', (lists: unknown[][]) => distinct(lists.flat())]),
  'distinct values': builtin(['list: list', distinct]),
  flatten: builtin(['list: list', flatten]),
  'string join': builtin(['list: list, delimiter?: string | null', joinTexts]),
  sort: builtin(['list: list', (list: unknown[]) => sort(list)], ['list: list, precedes: function', sort]),
}

function joinTexts(list: unknown[], delimiter?: string | null): string {
  const texts = list.filter((item) => item !== null)
  demand(
    texts.every((item) => typeof item === 'string'),
    'string join() takes texts',
  )
  return texts.join(delimiter ?? '')
}

function getValue(context: Context, key: string): unknown {
  if (!Object.hasOwn(context, key)) return null
  return context[key] ?? null
}

function getAt(context: Context, keys: unknown[]): unknown {
  demand(keys.length > 0, 'there is no key')
  return keys.reduce((at: unknown, key) => {
    demand(typeof key === 'string', 'a key is a text')
    return kindOf(at) === 'context' ? getValue(at as Context, key as string) : null
  }, context)
}

function put(context: unknown, keys: unknown[], value: unknown): Context {
  const [key, ...more] = keys
  demand(typeof key === 'string', 'a key is a text')
  demand(kindOf(context) === 'context', 'there is no context to put the value in')
  const known = context as Context
  return { ...known, [key as string]: more.length > 0 ? put(known[key as string], more, value) : value }
}

function fromEntries(entries: Context[]): Context {
  const result: Context = {}
  for (const entry of entries) {
    demand(Object.hasOwn(entry, 'key') && Object.hasOwn(entry, 'value') && typeof entry.key === 'string', 'an entry has a key and a value')
    demand(!Object.hasOwn(result, entry.key as string), `the key ${entry.key} comes twice`)
    result[entry.key as string] = entry.value
  }
  return result
}

const merge = (contexts: Context[]): Context => Object.assign({}, ...contexts)

const CONTEXTS: Record<string, CheckedFunction> = {
  'get value': builtin(['m: context, key: string', getValue], ['m: context, key: list', getAt]),
  'get entries': builtin(['m: context', (m: Context) => Object.entries(m).map(([key, value]) => ({ key, value }))]),
  context: builtin(['entries: list', (entries: unknown[]) => fromEntries(contextsOf(entries))], ['...entries: context', fromEntries]),
  'context put': builtin(
    ['context: context, key: string, value: Any | null', (context: Context, key: string, value: unknown) => put(context, [key], value)],
    ['context: context, keys: list, value: Any | null', put],
  ),
  'context merge': builtin(['contexts: list', (contexts: unknown[]) => merge(contextsOf(contexts))], ['...contexts: context', merge]),
}

function contextsOf(items: unknown[]): Context[] {
  demand(
    items.every((item) => kindOf(item) === 'context'),
    'every item is a context',
  )
  return items as Context[]
}

export const COLLECTIONS: Readonly<Record<string, CheckedFunction>> = { ...LISTS, ...CONTEXTS }
