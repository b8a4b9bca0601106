/**
 * FEEL, the only expression language of a definition. The only importer of feelin.
 * Deterministic: now() and today() are read from the `at` that is passed in, in the process's time zone.
 * An unknown variable, and a null that comes with a warning, are failures: never a silent default.
 */
import { FeelDate, FeelDateTime, FeelDuration, FeelTime, parseDateTime, parseExpression, parseUnaryTests } from 'feelin'
import type { Json, Variables } from './contract.ts'
import type { DataType } from './model.ts'
import { Exact, toDouble } from './feel/decimal.ts'
import { BUILTINS } from './feel/builtins.ts'
import { compileTests, compileTree } from './feel/compile.ts'
import { compileFast, compileFastTest, FALL_BACK, type FastExpression } from './feel/fast.ts'
import type { Compiled } from './feel/logic.ts'
import type { Run, Scope, Warning } from './feel/scope.ts'
import { feelTypeOf } from './feel/data-types.ts'
import { call, NoAnswer } from './feel/functions.ts'
import { withRangeTypes } from './feel/types.ts'
import { toFeelDateTime } from './time.ts'

export interface FeelClock {
  at: number
  timeZone: string
  /** Item definitions by name, where the expression stands in a DMN file. */
  types?: Record<string, DataType>
}

/** Evaluation did not yield a usable value. A stall at the element that asked. */
export class FeelFailure extends Error {
  readonly source: string
  constructor(source: string, message: string) {
    super(`${message} in "${source.length > 200 ? `${source.slice(0, 200)}...` : source}"`)
    this.source = source
  }
}

const MAX_LENGTH = 20_000
const MAX_NESTED_ITERATIONS = 3
const MAX_LITERAL_RANGE = 10_000
const MAX_ITERATIONS = 100_000
const CACHE_SIZE = 5_000

interface Prepared {
  fast: FastExpression | null
  compiled: Compiled
  /** Where filters test their items, which need not all have the entry. */
  filters: { from: number; to: number }[]
}
const cache = new Map<string, Prepared>()

type Tree = ReturnType<typeof parseExpression>

/** The names that the grammar cannot tell from its keywords or from several names. */
const NAMES = Object.fromEntries(Object.entries(BUILTINS).filter(([name]) => name.includes(' ')))

/** Parsed and compiled once for each source, and for each set of names that change how it is read. */
function prepare(source: string, variables: Record<string, unknown>): Prepared {
  const special = specialNames(source, variables)
  const key = special.length === 0 ? source : `${source}\n${special.join('\n')}`
  const known = cache.get(key)
  if (known) return known
  const text = withRangeTypes(source)
  let tree = parseExpression(text, NAMES, undefined)
  // Names within contexts are known to the grammar by the values themselves.
  if (special.length > 0 || mistakeIn(tree, text)) tree = parseExpression(text, { ...NAMES, ...variables }, undefined)
  const mistake = mistakeIn(tree, text)
  if (mistake) throw new Error(mistake.message)
  const prepared: Prepared = {
    fast: special.length > 0 ? null : compileFast(tree, text),
    compiled: compileTree(tree, text),
    filters: filtersOf(tree),
  }
  remember(cache, key, prepared)
  return prepared
}

function remember<T>(store: Map<string, T>, key: string, value: T): void {
  if (store.size >= CACHE_SIZE) store.clear()
  store.set(key, value)
}

/** Variables of `source` whose names hold spaces or operators: FEEL's grammar depends on them (clause 10.3.1.4). */
function specialNames(source: string, variables: Record<string, unknown>): string[] {
  const names: string[] = []
  for (const name in variables) if (!/^\w+$/.test(name) && source.includes(name.slice(0, 1))) names.push(name)
  return names
}

function mistakeIn(tree: Tree, source: string): { message: string; offset: number } | null {
  let mistake: { message: string; offset: number } | null = null
  tree.iterate({
    enter(node) {
      if (node.type.isError)
        mistake ??= { message: `unexpected "${source.slice(node.from, node.to || node.from + 1) || 'end'}"`, offset: node.from }
    },
  })
  return mistake
}

function filtersOf(tree: Tree): { from: number; to: number }[] {
  const filters: { from: number; to: number }[] = []
  tree.iterate({
    enter(node) {
      const open = node.name === 'FilterExpression' ? node.node.firstChild?.nextSibling : null
      if (open) filters.push({ from: open.from, to: node.to })
    },
  })
  return filters
}

/** How many iterations are nested in one another; `for i in a, j in b` counts two. */
function iterationDepth(tree: Tree): number {
  let depth = 0
  let deepest = 0
  tree.iterate({
    enter(node) {
      depth += iterationsOf(node.node)
      deepest = Math.max(deepest, depth)
    },
    leave(node) {
      depth -= iterationsOf(node.node)
    },
  })
  return deepest
}

function iterationsOf(node: Tree['topNode']): number {
  if (node.name === 'FilterExpression') return 1
  if (node.name !== 'ForExpression' && node.name !== 'QuantifiedExpression') return 0
  return Math.max(1, node.getChild('InExpressions')?.getChildren('InExpression').length ?? 0)
}

/** A syntax mistake, or a construct over the work limits; null when `source` is acceptable. `offset`: 0-based character. */
export function checkExpression(source: string): { message: string; offset: number } | null {
  if (source.trim() === '') return { message: 'the expression is empty', offset: 0 }
  return check(source, (text) => parseExpression(text, NAMES, undefined))
}

/** As `checkExpression`, for the unary tests of a decision table's input cell. */
export function checkUnaryTests(source: string): { message: string; offset: number } | null {
  return check(source, (text) => parseUnaryTests(text, NAMES, undefined))
}

function check(source: string, parse: (text: string) => Tree): { message: string; offset: number } | null {
  if (source.length > MAX_LENGTH) return { message: `the expression is longer than ${MAX_LENGTH} characters`, offset: MAX_LENGTH }
  const tree = parse(withRangeTypes(source))
  let mistake = mistakeIn(tree, source)
  tree.iterate({
    enter(node) {
      if (node.name === 'IterationContext') {
        const range = /^\s*(-?\d+)\s*\.\.\s*(-?\d+)\s*$/.exec(source.slice(node.from, node.to))
        if (range && Math.abs(Number(range[2]) - Number(range[1])) > MAX_LITERAL_RANGE) {
          mistake ??= { message: `the range is longer than ${MAX_LITERAL_RANGE}`, offset: node.from }
        }
      }
    },
  })
  if (!mistake && iterationDepth(tree) > MAX_NESTED_ITERATIONS)
    return { message: `more than ${MAX_NESTED_ITERATIONS} nested iterations`, offset: 0 }
  return mistake
}

/**
 * The value of a FEEL expression over `variables`, as JSON (dates, times and durations as their ISO text).
 * @throws FeelFailure unknown variable, null with a warning, result that is not JSON, too much work
 */
export function evaluateFeel(source: string, variables: Variables, clock: FeelClock): Json {
  const prepared = prepareOrFail(source, variables)
  if (prepared.fast) {
    const value = prepared.fast(variables)
    if (value !== FALL_BACK) return value as Json
  }
  return toJson(source, evaluateCompiled(source, prepared, variables, clock))
}

/** As `evaluateFeel`, keeping FEEL's own types (functions, ranges, dates): decisions pass these on. */
export function evaluateRaw(source: string, variables: Record<string, unknown>, clock: FeelClock): unknown {
  const prepared = prepareOrFail(source, variables)
  const value = prepared.fast ? prepared.fast(variables) : FALL_BACK
  return value === FALL_BACK ? evaluateCompiled(source, prepared, variables, clock) : value
}

const testCache = new Map<string, ((value: unknown) => unknown) | null>()

function fastTest(source: string): ((value: unknown) => unknown) | null {
  let known = testCache.get(source)
  if (known === undefined) {
    known = compileFastTest(source)
    if (testCache.size >= CACHE_SIZE) testCache.clear()
    testCache.set(source, known)
  }
  return known
}

function prepareOrFail(source: string, variables: Record<string, unknown>): Prepared {
  try {
    return prepare(source, variables)
  } catch (error) {
    throw new FeelFailure(source, error instanceof Error ? error.message : String(error))
  }
}

function evaluateCompiled(source: string, prepared: Prepared, variables: Record<string, unknown>, clock: FeelClock): unknown {
  const { value, warnings } = runCompiled(source, prepared.compiled, { names: variables, outer: null }, clock)
  return accept(source, value, warnings, prepared.filters)
}

function runCompiled(source: string, compiled: Compiled, scope: Scope, clock: FeelClock): { value: unknown; warnings: Warning[] } {
  const run = runOf(source, clock)
  try {
    return { value: compiled(scope, run), warnings: run.warnings }
  } catch (error) {
    if (error instanceof FeelFailure) throw error
    throw new FeelFailure(source, error instanceof Error ? error.message : String(error))
  }
}

/** The clock stands still within an evaluation; its work is counted. */
function runOf(source: string, clock: FeelClock): Run {
  let steps = 0
  return {
    warnings: [],
    typeNamed: (name) => (clock.types && Object.hasOwn(clock.types, name) ? feelTypeOf(clock.types[name]!) : null),
    step() {
      if (++steps > MAX_ITERATIONS) throw new FeelFailure(source, `would iterate more than ${MAX_ITERATIONS} times`)
    },
    clock(name) {
      const now = parseDateTime(toFeelDateTime(clock.at, clock.timeZone))
      if (now === null) throw new FeelFailure(source, `time zone ${clock.timeZone} is unknown`)
      const value = name === 'now' ? now : new FeelDate(now.unwrap().toPlainDate())
      return Object.assign(() => value, { parameters: [] })
    },
  }
}

const preparedTests = new Map<string, Compiled>()

function prepareTests(source: string, variables: Record<string, unknown>): Compiled {
  const special = specialNames(source, variables)
  const key = special.length === 0 ? source : `${source}\n${special.join('\n')}`
  const known = preparedTests.get(key)
  if (known) return known
  const text = withRangeTypes(source)
  let tree = parseUnaryTests(text, NAMES, undefined)
  if (special.length > 0 || mistakeIn(tree, text)) tree = parseUnaryTests(text, { ...NAMES, ...variables }, undefined)
  const mistake = mistakeIn(tree, text)
  if (mistake) throw new FeelFailure(source, mistake.message)
  const compiled = compileTests(tree, text)
  remember(preparedTests, key, compiled)
  return compiled
}

/**
 * Whether `value` passes the unary tests of a decision table cell.
 * @throws FeelFailure as `evaluateFeel`
 */
export function passesUnaryTests(source: string, value: unknown, variables: Record<string, unknown>, clock: FeelClock): boolean {
  const fast = fastTest(source)
  const answer = fast ? fast(value) : FALL_BACK
  if (answer !== FALL_BACK) return answer === true
  // A constant of another type is not equal; under not() the interpreter decides.
  if (fast && !source.includes('not(') && (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'))
    return false
  const scope: Scope = { names: { '?': value }, outer: { names: variables, outer: null } }
  const result = runCompiled(source, prepareTests(source, variables), scope, clock)
  const unknown = result.warnings.find((warning) => warning.type === 'NO_VARIABLE_FOUND')
  if (unknown) throw new FeelFailure(source, unknown.message)
  return result.value === true
}

function accept(source: string, value: unknown, warnings: readonly Warning[], filters: Prepared['filters']): unknown {
  if (warnings.length === 0) return value
  const isFiltered = ({ from, to }: { from: number; to: number }): boolean => filters.some((filter) => from > filter.from && to < filter.to)
  const unknown = warnings.find(
    ({ type, position }) =>
      type === 'NO_VARIABLE_FOUND' && !isFiltered(position) && !isGuarded(source, source.slice(position.from, position.to)),
  )
  if (unknown) throw new FeelFailure(source, unknown.message)
  const isBenign = warnings.every((warning) => warning.type === 'NO_VARIABLE_FOUND')
  if (value === null && !isBenign) throw new FeelFailure(source, warnings[0]!.message)
  return value
}

/** The author tests for absence: `x = null`, `x != null`, `is defined(x)`, `get or else(x, ...)`. */
function isGuarded(source: string, name: string): boolean {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(
    `(?:^|[^\\w.])${escaped}\\s*!?=\\s*null\\b|\\bnull\\s*!?=\\s*${escaped}(?:[^\\w]|$)|(?:is defined|get or else)\\(\\s*${escaped}\\s*[,).]`,
  ).test(source)
}

function toJson(source: string, value: unknown): Json {
  if (value === null || value === undefined) return null
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new FeelFailure(source, 'the result is not a finite number')
    return value
  }
  if (Array.isArray(value)) return value.map((item) => toJson(source, item))
  if (value instanceof Exact) return toJson(source, toDouble(value))
  if (value instanceof FeelDate || value instanceof FeelDateTime || value instanceof FeelTime || value instanceof FeelDuration)
    return value.toString()
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(source, item)]))
  }
  throw new FeelFailure(source, `expected JSON, found ${typeof value === 'object' ? value.constructor.name : typeof value}`)
}

/**
 * Calls a function by the names of its parameters; one that is not given is null.
 * @throws FeelFailure when `callee` is no function, or does not take them
 */
export function invoke(source: string, callee: unknown, given: Record<string, unknown>): unknown {
  const names = (callee as { parameters?: string[] } | null)?.parameters
  const named = names ? { ...Object.fromEntries(names.map((name) => [name, null])), ...given } : given
  try {
    return call(callee, { named })
  } catch (error) {
    if (error instanceof NoAnswer) throw new FeelFailure(source, error.message)
    throw error
  }
}

export { NoAnswer }

/** FEEL's own value as JSON; dates, times and durations become their ISO text. */
export const feelToJson = toJson
