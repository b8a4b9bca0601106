/** JUEL (`${...}`, `#{...}`) of Camunda 7, Flowable and Activiti into FEEL. */
import { type Juel, parseJuel } from './juel-parser.ts'

/** Texts without an expression stay constants; mixed texts become a concatenation. Null: not translatable mechanically. */
export function juelToFeel(
  source: string,
  known: Readonly<Record<string, string | null>> = {},
): { feel: string } | { literal: string } | null {
  const trimmed = source.trim()
  const given = known[trimmed] ?? known[source]
  if (given === null || (trimmed in known && known[trimmed] === null)) return null
  if (given !== undefined) return { feel: rename(given) }
  const parts = split(trimmed)
  if (parts === null) return null
  if (parts.every((part) => 'text' in part)) return { literal: trimmed }
  const translated = parts.map((part) => ('text' in part ? JSON.stringify(part.text) : expression(part.juel)))
  if (translated.some((part) => part === null)) return null
  return {
    feel:
      parts.length === 1
        ? translated[0]!
        : translated.map((part, index) => ('text' in parts[index]! ? part : `string(${part})`)).join(' + '),
  }
}

type Part = { text: string } | { juel: string }

function split(source: string): Part[] | null {
  const parts: Part[] = []
  let at = 0
  while (at < source.length) {
    const open = /[$#]\{/.exec(source.slice(at))
    if (!open) {
      parts.push({ text: source.slice(at) })
      break
    }
    if (open.index > 0) parts.push({ text: source.slice(at, at + open.index) })
    const start = at + open.index + 2
    const end = endOf(source, start)
    if (end < 0) return null
    parts.push({ juel: source.slice(start, end) })
    at = end + 1
  }
  return parts
}

/** The closing brace, outside of texts. */
function endOf(source: string, start: number): number {
  const match = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^}"'])*\}/.exec(source.slice(start))
  return match ? start + match[0].length - 1 : -1
}

function expression(juel: string): string | null {
  const tree = parseJuel(juel)
  if (tree === null) return null
  try {
    return rename(outermost(tree))
  } catch (error) {
    if (error instanceof Untranslatable) return null
    throw error
  }
}

class Untranslatable extends Error {}

/** Multi-instance counters have Camunda 8's names here, and count from 1. */
const rename = (feel: string): string =>
  feel
    .replace(/\bnrOf(Active|Completed|Terminated)?Instances\b/g, 'numberOf$1Instances')
    .replace(/(?<![\w.$])loopCounter\b(?!\s*[:(])/g, '(loopCounter - 1)')

/** Without the parentheses around it. */
function outermost(tree: Juel): string {
  const feel = feelOf(tree)
  const isWrapped = tree.kind === 'choice' || (tree.kind === 'binary' && tree.operator !== '%')
  return isWrapped ? feel.slice(1, -1) : feel
}
const OPERATORS: Record<string, string> = { '&&': 'and', '||': 'or', '==': '=' }

function feelOf(tree: Juel): string {
  switch (tree.kind) {
    case 'constant':
      return tree.feel
    case 'name':
      if (isEngine(tree)) throw new Untranslatable()
      return tree.name
    case 'member':
      return `${feelOf(tree.of)}.${tree.name}`
    case 'index':
      return indexed(tree.of, tree.at)
    case 'call':
      return tree.of === null ? functionOf(tree.name, tree.args) : methodOf(tree.of, tree.name, tree.args)
    case 'unary':
      if (tree.operator === 'empty') return emptyOf(feelOf(tree.of))
      return tree.operator === 'not' ? `not(${outermost(tree.of)})` : `-${feelOf(tree.of)}`
    case 'binary': {
      const [left, right] = [feelOf(tree.left), feelOf(tree.right)]
      return tree.operator === '%' ? `modulo(${left}, ${right})` : `(${left} ${OPERATORS[tree.operator] ?? tree.operator} ${right})`
    }
    case 'choice':
      return `(if ${feelOf(tree.test)} then ${feelOf(tree.then)} else ${feelOf(tree.otherwise)})`
  }
}

/** Positions count from 0 there, from 1 here. */
function indexed(of: Juel, at: Juel): string {
  if (at.kind !== 'constant') throw new Untranslatable()
  if (typeof at.value === 'number') return `${feelOf(of)}[${at.value + 1}]`
  if (typeof at.value === 'string') return `get value(${feelOf(of)}, ${at.feel})`
  throw new Untranslatable()
}

const emptyOf = (feel: string): string => `(if ${feel} instance of list<Any> then count(${feel}) = 0 else (${feel} = null or ${feel} = ""))`

/** What the other engine offers of itself: its API has no counterpart. */
const isEngine = (tree: Juel): boolean => tree.kind === 'name' && /^(execution|task|authenticatedUserId|currentUser)$/.test(tree.name)

type Translate = (of: string, args: string[], trees: Juel[]) => string
/** Methods of texts, lists and maps, by name and number of arguments. */
const METHODS: Record<string, Translate> = {
  'equals/1': (of, [other]) => `(${of} = ${other})`,
  'equalsIgnoreCase/1': (of, [other]) => `(lower case(${of}) = lower case(${other}))`,
  'contains/1': (of, [item]) => `(if ${of} instance of string then contains(${of}, ${item}) else list contains(${of}, ${item}))`,
  'startsWith/1': (of, [part]) => `starts with(${of}, ${part})`,
  'endsWith/1': (of, [part]) => `ends with(${of}, ${part})`,
  'matches/1': (of, [pattern]) => `matches(${of}, "^(?:" + ${pattern} + ")$")`,
  'toUpperCase/0': (of) => `upper case(${of})`,
  'toLowerCase/0': (of) => `lower case(${of})`,
  'trim/0': (of) => `trim(${of})`,
  'length/0': (of) => `string length(${of})`,
  'size/0': (of) => `count(${of})`,
  'isEmpty/0': (of) => emptyOf(of),
  'toString/0': (of) => `string(${of})`,
  'booleanValue/0': (of) => of,
  'intValue/0': (of) => `floor(${of})`,
  'longValue/0': (of) => `floor(${of})`,
  'doubleValue/0': (of) => of,
  'get/1': (of, [position], [tree]) =>
    tree?.kind === 'constant' && typeof tree.value === 'number' ? `${of}[${tree.value + 1}]` : `get value(${of}, ${position})`,
  'containsKey/1': (of, [key]) => `list contains(get entries(${of}).key, ${key})`,
  'substring/1': (of, [from]) => `substring(${of}, ${from} + 1)`,
  'substring/2': (of, [from, to]) => `substring(${of}, ${from} + 1, ${to} - ${from})`,
  'getValue/0': (of) => of,
  'concat/1': (of, [other]) => `(${of} + ${other})`,
  'isBlank/0': (of) => `(${of} = null or matches(${of}, "^\\s*$"))`,
  'replaceAll/2': (of, [pattern, by]) => `replace(${of}, ${pattern}, ${by})`,
  'replace/2': (of, [part, by]) => `replace(${of}, ${part}, ${by}, "q")`,
  'split/1': (of, [by]) => `split(${of}, ${by})`,
  'abs/0': (of) => `abs(${of})`,
  // Instants: FEEL has one kind, and counts durations.
  'toDate/0': (of) => of,
  'toDateTime/0': (of) => of,
  'getYear/0': (of) => `${of}.year`,
  'getMonthOfYear/0': (of) => `${of}.month`,
  'getDayOfMonth/0': (of) => `${of}.day`,
  'getDayOfWeek/0': (of) => `${of}.weekday`,
  'getHourOfDay/0': (of) => `${of}.hour`,
  'isBefore/1': (of, [other]) => `(${of} < ${other})`,
  'isAfter/1': (of, [other]) => `(${of} > ${other})`,
  // Spin, Camunda 7's JSON: here a value is what it holds.
  'prop/1': (of, [key], [tree]) => (isName(tree) ? `${of}.${tree.value}` : `get value(${of}, ${key})`),
  'hasProp/1': (of, [key]) => `list contains(get entries(${of}).key, ${key})`,
  'value/0': (of) => of,
  'stringValue/0': (of) => of,
  'numberValue/0': (of) => of,
  'boolValue/0': (of) => of,
  'elements/0': (of) => of,
}

const isName = (tree: Juel | undefined): tree is Juel & { kind: 'constant'; value: string } =>
  tree?.kind === 'constant' && typeof tree.value === 'string' && /^[A-Za-z_]\w*$/.test(tree.value)

const UNITS: Record<string, string> = {
  Years: 'P1Y',
  Months: 'P1M',
  Weeks: 'P7D',
  Days: 'P1D',
  Hours: 'PT1H',
  Minutes: 'PT1M',
  Seconds: 'PT1S',
}

/** `plusDays(3)`, `minusHours(n)` of an instant. */
function shifted(of: string, name: string, args: Juel[]): string | null {
  const [, sign, unit = ''] = /^(plus|minus)([A-Z][a-z]+)$/.exec(name) ?? []
  const duration = UNITS[unit]
  if (sign === undefined || duration === undefined || args.length !== 1) return null
  const amount = feelOf(args[0]!)
  return `(${of} ${sign === 'plus' ? '+' : '-'} ${amount === '1' ? '' : `${amount} * `}duration("${duration}"))`
}

function methodOf(of: Juel, name: string, args: Juel[]): string {
  if (of.kind === 'name' && /^(execution|task)$/.test(of.name)) return ofExecution(name, args)
  const known = METHODS[`${name}/${args.length}`]
  if (known) return known(feelOf(of), args.map(feelOf), args)
  const moved = shifted(feelOf(of), name, args)
  if (moved !== null) return moved
  // A property of a bean is a key of the JSON that stands in its stead.
  const getter = args.length === 0 ? /^(?:get|is)([A-Z]\w*)$/.exec(name) : null
  if (!getter || (of.kind === 'name' && /(Service|Bean|Delegate|Helper|Provider|Util|Utils)$/.test(of.name))) throw new Untranslatable()
  const property = getter[1]!
  return `${feelOf(of)}.${property[0]!.toLowerCase()}${property.slice(1)}`
}

/** A variable named by a text, where it can be a FEEL name. */
function variableOf(tree: Juel | undefined): string {
  const name = tree?.kind === 'constant' && typeof tree.value === 'string' ? tree.value : tree?.kind === 'name' ? tree.name : ''
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new Untranslatable()
  return name
}

function ofExecution(name: string, args: Juel[]): string {
  if (/^getVariable(Local)?$/.test(name) && args.length === 1) return variableOf(args[0])
  if (/^hasVariable(Local)?$/.test(name) && args.length === 1) return `(${variableOf(args[0])} != null)`
  throw new Untranslatable()
}

/** Flowable's functions on variables, by their last name. */
const FUNCTIONS: Record<string, (name: string, others: string[]) => string> = {
  get: (name) => name,
  getOrDefault: (name, [other]) => `(if ${name} = null then ${other} else ${name})`,
  exists: (name) => `(${name} != null)`,
  exist: (name) => `(${name} != null)`,
  isEmpty: (name) => emptyOf(name),
  empty: (name) => emptyOf(name),
  isNotEmpty: (name) => `not(${emptyOf(name)})`,
  notEmpty: (name) => `not(${emptyOf(name)})`,
  equals: (name, [other]) => `(${name} = ${other})`,
  eq: (name, [other]) => `(${name} = ${other})`,
  notEquals: (name, [other]) => `(${name} != ${other})`,
  ne: (name, [other]) => `(${name} != ${other})`,
  contains: (name, others) => others.map((other) => METHODS['contains/1']!(name, [other], [])).join(' and '),
  containsAny: (name, others) => others.map((other) => METHODS['contains/1']!(name, [other], [])).join(' or '),
  lowerThan: (name, [other]) => `(${name} < ${other})`,
  lessThan: (name, [other]) => `(${name} < ${other})`,
  lt: (name, [other]) => `(${name} < ${other})`,
  lowerThanOrEqual: (name, [other]) => `(${name} <= ${other})`,
  lessThanOrEquals: (name, [other]) => `(${name} <= ${other})`,
  lte: (name, [other]) => `(${name} <= ${other})`,
  greaterThan: (name, [other]) => `(${name} > ${other})`,
  gt: (name, [other]) => `(${name} > ${other})`,
  greaterThanOrEqual: (name, [other]) => `(${name} >= ${other})`,
  greaterThanOrEquals: (name, [other]) => `(${name} >= ${other})`,
  gte: (name, [other]) => `(${name} >= ${other})`,
}

function functionOf(name: string, args: Juel[]): string {
  if ((name === 'now' || name === 'dateTime') && args.length === 0) return 'now()'
  if ((name === 'S' || name === 'JSON') && args.length === 1) return feelOf(args[0]!)
  const [prefix, local] = name.split(':')
  const known = local !== undefined && /^(variables|vars|var)$/.test(prefix!) ? FUNCTIONS[local] : undefined
  if (!known || args.length === 0) throw new Untranslatable()
  return known(variableOf(args[0]), args.slice(1).map(feelOf))
}
