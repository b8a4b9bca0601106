/**
 * FEEL, the only expression language of a definition. The only importer of feelin.
 * Deterministic: now() and today() are read from the `at` that is passed in, in the process's time zone.
 * An unknown variable, and a null that comes with a warning, are failures: never a silent default.
 */
import {
  evaluate,
  FeelDate,
  FeelDateTime,
  FeelDuration,
  FeelTime,
  parseDateTime,
  parseExpression,
  parseUnaryTests,
  SyntaxError as FeelSyntaxError,
  unaryTest,
} from 'feelin'
import type { Json, Variables } from './contract.ts'
import { compileFast, compileFastTest, FALL_BACK, type FastExpression } from './expression-fast.ts'
import { toFeelDateTime } from './time.ts'

export interface FeelClock {
  at: number
  timeZone: string
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
  usesClock: boolean
  /** Depth of nested for/some/every. */
  iterations: number
  /** Where filters test their items, which need not all have the entry. */
  filters: { from: number; to: number }[]
  /** Bounds of the ranges iterated over, as FEEL. */
  ranges: { low: string; high: string }[]
}
const cache = new Map<string, Prepared>()

function prepare(source: string): Prepared {
  const known = cache.get(source)
  if (known) return known
  const tree = parseExpression(source, {}, undefined)
  const prepared: Prepared = {
    fast: compileFast(tree, source),
    usesClock: /\b(now|today)\b/.test(source),
    iterations: iterationDepth(tree),
    filters: filtersOf(tree),
    ranges: rangesOf(tree, source),
  }
  if (cache.size >= CACHE_SIZE) cache.clear()
  cache.set(source, prepared)
  return prepared
}

type Tree = ReturnType<typeof parseExpression>

function rangesOf(tree: Tree, source: string): { low: string; high: string }[] {
  const ranges: { low: string; high: string }[] = []
  tree.iterate({
    enter(node) {
      const low = node.name === 'IterationContext' ? node.node.firstChild : null
      const high = node.node.lastChild
      if (low && high && low.from !== high.from)
        ranges.push({ low: source.slice(low.from, low.to), high: source.slice(high.from, high.to) })
    },
  })
  return ranges
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
  return check(source, (text) => parseExpression(text, EXTRA_NAMES, undefined))
}

/** As `checkExpression`, for the unary tests of a decision table's input cell. */
export function checkUnaryTests(source: string): { message: string; offset: number } | null {
  return check(source, (text) => parseUnaryTests(text, EXTRA_NAMES, undefined))
}

function check(source: string, parse: (text: string) => Tree): { message: string; offset: number } | null {
  if (source.length > MAX_LENGTH) return { message: `the expression is longer than ${MAX_LENGTH} characters`, offset: MAX_LENGTH }
  const tree = parse(source)
  let mistake: { message: string; offset: number } | null = null
  tree.iterate({
    enter(node) {
      if (node.type.isError)
        mistake ??= { message: `unexpected "${source.slice(node.from, node.to || node.from + 1) || 'end'}"`, offset: node.from }
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

/** Names that the engine adds to FEEL's built-in functions (Camunda's null handling). */
const EXTRA_FUNCTIONS: Record<string, (...args: unknown[]) => unknown> = {
  'is defined': (value: unknown) => value !== null && value !== undefined,
  'get or else': (value: unknown, other: unknown) => value ?? other,
}
const EXTRA_NAMES: Record<string, unknown> = EXTRA_FUNCTIONS

/**
 * The value of a FEEL expression over `variables`, as JSON (dates, times and durations as their ISO text).
 * @throws FeelFailure unknown variable, null with a warning, result that is not JSON, too much work
 */
export function evaluateFeel(source: string, variables: Variables, clock: FeelClock): Json {
  const prepared = prepareOrFail(source)
  if (prepared.fast) {
    const value = prepared.fast(variables)
    if (value !== FALL_BACK) return value as Json
  }
  return toJson(source, evaluateSlow(source, prepared, variables, clock))
}

/** As `evaluateFeel`, keeping FEEL's own types (functions, ranges, dates): decisions pass these on. */
export function evaluateRaw(source: string, variables: Record<string, unknown>, clock: FeelClock): unknown {
  const prepared = prepareOrFail(source)
  const value = prepared.fast ? prepared.fast(variables) : FALL_BACK
  return value === FALL_BACK ? evaluateSlow(source, prepared, variables, clock) : value
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

function prepareOrFail(source: string): Prepared {
  try {
    return prepare(source)
  } catch (error) {
    throw new FeelFailure(source, error instanceof Error ? error.message : String(error))
  }
}

function evaluateSlow(source: string, prepared: Prepared, variables: Record<string, unknown>, clock: FeelClock): unknown {
  const context = contextFor(source, variables, clock, prepared.usesClock)
  guardWork(source, prepared, context)
  const result = run(source, () => evaluate(source, context))
  return accept(source, result, prepared.filters)
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
  const context = contextFor(source, variables, clock, /\b(now|today)\b/.test(source))
  const result = run(source, () => unaryTest(source, { ...context, '?': value }))
  const unknown = result.warnings.find((warning) => warning.type === 'NO_VARIABLE_FOUND')
  if (unknown) throw new FeelFailure(source, unknown.message)
  return result.value === true
}

interface FeelResult<T> {
  value: T
  warnings: { type: string; message: string; position: { from: number; to: number } }[]
}

function run<T>(source: string, work: () => FeelResult<T>): FeelResult<T> {
  try {
    return work()
  } catch (error) {
    if (error instanceof FeelSyntaxError) throw new FeelFailure(source, error.message)
    throw new FeelFailure(source, error instanceof Error ? error.message : String(error))
  }
}

function accept(source: string, result: FeelResult<unknown>, filters: Prepared['filters']): unknown {
  if (result.warnings.length === 0) return result.value
  const isFiltered = ({ from, to }: { from: number; to: number }): boolean => filters.some((filter) => from > filter.from && to < filter.to)
  const unknown = result.warnings.find(
    ({ type, position }) =>
      type === 'NO_VARIABLE_FOUND' && !isFiltered(position) && !isGuarded(source, source.slice(position.from, position.to)),
  )
  if (unknown) throw new FeelFailure(source, unknown.message)
  const first = result.warnings[0]!
  const isBenign = result.warnings.every((warning) => warning.type === 'NO_VARIABLE_FOUND')
  if (result.value === null && !isBenign) throw new FeelFailure(source, first.message)
  return result.value
}

/** The author tests for absence: `x = null`, `x != null`, `is defined(x)`, `get or else(x, ...)`. */
function isGuarded(source: string, name: string): boolean {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(
    `(?:^|[^\\w.])${escaped}\\s*!?=\\s*null\\b|\\bnull\\s*!?=\\s*${escaped}(?:[^\\w]|$)|(?:is defined|get or else)\\(\\s*${escaped}\\s*[,).]`,
  ).test(source)
}

function contextFor(source: string, variables: Record<string, unknown>, clock: FeelClock, usesClock: boolean): Record<string, unknown> {
  const context: Record<string, unknown> = {}
  for (const name in variables) {
    if (/^\w+$/.test(name) && !source.includes(name)) continue
    context[name] = variables[name]
  }
  for (const name in EXTRA_FUNCTIONS) if (source.includes(name)) context[name] = EXTRA_FUNCTIONS[name]
  if (usesClock) {
    const now = parseDateTime(toFeelDateTime(clock.at, clock.timeZone))
    if (now === null) throw new FeelFailure(source, `time zone ${clock.timeZone} is unknown`)
    if (!('now' in variables)) context.now = () => now
    if (!('today' in variables)) context.today = () => new FeelDate(now.unwrap().toPlainDate())
  }
  return context
}

/** Nested iterations over long lists are refused before they run: they could not be interrupted. */
function guardWork(source: string, { iterations, ranges }: Prepared, context: Record<string, unknown>): void {
  if (iterations === 0) return
  let longest = 1
  const visit = (value: unknown, depth: number): void => {
    if (Array.isArray(value)) {
      longest = Math.max(longest, value.length)
      if (depth < 4) for (const item of value) visit(item, depth + 1)
    } else if (value !== null && typeof value === 'object' && depth < 4 && Object.getPrototypeOf(value) === Object.prototype) {
      for (const item of Object.values(value)) visit(item, depth + 1)
    }
  }
  for (const name in context) visit(context[name], 0)
  for (const { low, high } of ranges) {
    // A bound that depends on the iteration itself has no value here; it is bounded by the others.
    const bounds = [low, high].map((bound) => run(bound, () => evaluate(bound, context)).value)
    if (typeof bounds[0] === 'number' && typeof bounds[1] === 'number') longest = Math.max(longest, Math.abs(bounds[1] - bounds[0]) + 1)
  }
  if (longest ** iterations > MAX_ITERATIONS) throw new FeelFailure(source, `would iterate more than ${MAX_ITERATIONS} times`)
}

function toJson(source: string, value: unknown): Json {
  if (value === null || value === undefined) return null
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new FeelFailure(source, 'the result is not a finite number')
    return value
  }
  if (Array.isArray(value)) return value.map((item) => toJson(source, item))
  if (value instanceof FeelDate || value instanceof FeelDateTime || value instanceof FeelTime || value instanceof FeelDuration)
    return value.toString()
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(source, item)]))
  }
  throw new FeelFailure(source, `expected JSON, found ${typeof value === 'object' ? value.constructor.name : typeof value}`)
}

/** FEEL's own value as JSON; dates, times and durations become their ISO text. */
export const feelToJson = toJson
