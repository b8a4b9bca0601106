/**
 * The common FEEL expressions as closures: paths, constants, comparisons of scalars, and/or/not. Anything else, and any
 * operand of an unexpected type, falls back to the full interpreter, which then decides (and fails with its own message).
 */
import type { parseExpression } from 'feelin'
import { add, multiply, readDecimal, subtract } from './decimal.ts'

/** Not computed here: ask the interpreter. */
export const FALL_BACK: unique symbol = Symbol('fall back')
export type FastExpression = (variables: Record<string, unknown>) => unknown

type Tree = ReturnType<typeof parseExpression>
type Node = Tree['topNode']

/** Null when the expression has a construct that only the interpreter knows. */
export function compileFast(tree: Tree, source: string): FastExpression | null {
  let hasError = false
  tree.iterate({
    enter(node) {
      if (node.type.isError) hasError = true
    },
  })
  const root = tree.topNode.firstChild
  if (hasError || !root || root.nextSibling) return null
  return build(root, source)
}

const BUILDERS: Record<string, (node: Node, source: string) => FastExpression | null> = {
  NumericLiteral: (node, source) => constant(readDecimal(text(node, source).replace(/\s/g, ''))),
  StringLiteral: (node, source) => {
    const raw = text(node, source)
    return raw.includes('\\') ? null : constant(raw.slice(1, -1))
  },
  BooleanLiteral: (node, source) => constant(text(node, source) === 'true'),
  VariableName: (node, source) => {
    const name = text(node, source)
    if (!/^[A-Za-z_]\w*$/.test(name)) return null
    return (variables) => {
      const value = Object.hasOwn(variables, name) ? variables[name] : undefined
      return value === undefined || (typeof value === 'object' && value !== null && !isPlain(value)) ? FALL_BACK : value
    }
  },
  PathExpression: (node, source) => path(node, source),
  Comparison: (node, source) => comparison(node, source),
  Conjunction: (node, source) => junction(node, source, false),
  Disjunction: (node, source) => junction(node, source, true),
  ParenthesizedExpression: (node, source) => {
    const inner = node.firstChild?.nextSibling
    return inner && inner.nextSibling === node.lastChild ? build(inner, source) : inner ? build(inner, source) : null
  },
  FunctionInvocation: (node, source) => negation(node, source),
  null: () => constant(null),
  List: (node, source) => list(node, source),
  IfExpression: (node, source) => choice(node, source),
  ArithmeticExpression: (node, source) => arithmetic(node, source),
}

function build(node: Node, source: string): FastExpression | null {
  return BUILDERS[node.name]?.(node, source) ?? null
}

const text = (node: Node, source: string): string => source.slice(node.from, node.to)
const constant =
  (value: unknown): FastExpression =>
  () =>
    value
const isPlain = (value: object): boolean => Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype

function path(node: Node, source: string): FastExpression | null {
  const head = node.firstChild
  const tail = node.lastChild
  if (!head || !tail || tail.name !== 'PathName') return null
  const name = text(tail, source)
  const target = build(head, source)
  if (!target || !/^[A-Za-z_]\w*$/.test(name)) return null
  return (variables) => {
    const value = target(variables)
    if (value === FALL_BACK || value === null || typeof value !== 'object' || Array.isArray(value) || !Object.hasOwn(value, name))
      return FALL_BACK
    const entry = (value as Record<string, unknown>)[name]
    return entry === undefined ? FALL_BACK : entry
  }
}

/** Children that are expressions: what stands between brackets, keywords and commas. */
function operands(node: Node): Node[] {
  const found: Node[] = []
  for (let at = node.firstChild; at; at = at.nextSibling) if (at.name === 'null' || /^[A-Z]/.test(at.name)) found.push(at)
  return found
}

function list(node: Node, source: string): FastExpression | null {
  const items = operands(node).map((item) => build(item, source))
  if (items.some((item) => item === null)) return null
  return (variables) => {
    const values = items.map((item) => item!(variables))
    return values.includes(FALL_BACK) ? FALL_BACK : values
  }
}

function choice(node: Node, source: string): FastExpression | null {
  const [condition, whenTrue, otherwise, ...more] = operands(node).map((operand) => build(operand, source))
  if (!condition || !whenTrue || !otherwise || more.length > 0) return null
  return (variables) => {
    const answer = condition(variables)
    if (typeof answer !== 'boolean') return FALL_BACK
    return answer ? whenTrue(variables) : otherwise(variables)
  }
}

const SIGNS = { '+': add, '-': subtract, '*': multiply }

function arithmetic(node: Node, source: string): FastExpression | null {
  const left = node.firstChild
  const operator = left?.nextSibling
  const right = operator?.nextSibling
  if (!left || !operator || !right || right.nextSibling || operator.name !== 'ArithOp') return null
  const sign = text(operator, source)
  const a = build(left, source)
  const b = build(right, source)
  if (!a || !b || !['+', '-', '*'].includes(sign)) return null
  return (variables) => {
    const x = a(variables)
    const y = b(variables)
    if (typeof x !== 'number' || typeof y !== 'number')
      return sign === '+' && typeof x === 'string' && typeof y === 'string' ? x + y : FALL_BACK
    return SIGNS[sign as keyof typeof SIGNS](x, y) ?? FALL_BACK
  }
}

const COMPARE: Record<string, (left: number | string, right: number | string) => boolean> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
}

function comparison(node: Node, source: string): FastExpression | null {
  const left = node.firstChild
  const operator = left?.nextSibling
  const right = operator?.nextSibling
  if (!left || !operator || !right || right.nextSibling || operator.name !== 'CompareOp') return null
  const sign = text(operator, source)
  const isNullTest = right.name === 'null' || left.name === 'null'
  const a = left.name === 'null' ? constant(null) : build(left, source)
  const b = right.name === 'null' ? constant(null) : build(right, source)
  if (!a || !b) return null
  if (sign === '=' || sign === '!=') return equality(a, b, sign === '=', isNullTest)
  const compare = COMPARE[sign]
  if (!compare) return null
  return (variables) => {
    const x = a(variables)
    const y = b(variables)
    const isOrdered = (typeof x === 'number' && typeof y === 'number') || (typeof x === 'string' && typeof y === 'string')
    return isOrdered ? compare(x as number, y as number) : FALL_BACK
  }
}

function equality(a: FastExpression, b: FastExpression, isEqual: boolean, isNullTest: boolean): FastExpression {
  return (variables) => {
    const x = a(variables)
    const y = b(variables)
    if (x === FALL_BACK || y === FALL_BACK) return FALL_BACK
    if (isNullTest || x === null || y === null) return (x === y) === isEqual
    if (typeof x !== typeof y || typeof x === 'object') return FALL_BACK
    return (x === y) === isEqual
  }
}

function junction(node: Node, source: string, isOr: boolean): FastExpression | null {
  const left = node.firstChild
  const right = node.lastChild
  if (!left || !right || left.nextSibling?.nextSibling?.from !== right.from) return null
  const a = build(left, source)
  const b = build(right, source)
  if (!a || !b) return null
  return (variables) => {
    const x = a(variables)
    const y = b(variables)
    return typeof x === 'boolean' && typeof y === 'boolean' ? (isOr ? x || y : x && y) : FALL_BACK
  }
}

function negation(node: Node, source: string): FastExpression | null {
  const callee = node.firstChild
  const parameters = node.getChild('PositionalParameters')
  const argument = parameters?.firstChild
  if (!callee || text(callee, source) !== 'not' || !argument || argument.nextSibling) return null
  const inner = build(argument, source)
  if (!inner) return null
  return (variables) => {
    if (Object.hasOwn(variables, 'not')) return FALL_BACK
    const value = inner(variables)
    return typeof value === 'boolean' ? !value : FALL_BACK
  }
}

const CONSTANT = /^(?:"([^"\\]*)"|(-?\d+(?:\.\d+)?)|(true|false))$/
const RANGE = /^([[(\]])\s*(-?\d+(?:\.\d+)?)\s*\.\.\s*(-?\d+(?:\.\d+)?)\s*([\])[])$/
const BOUND = /^(<=|>=|<|>)\s*(-?\d+(?:\.\d+)?)$/

/** Unary tests of constants and numeric bounds, `"a", "b"` or `>= 5`. Null, or FALL_BACK for another type of value: ask the interpreter. */
export function compileFastTest(source: string): ((value: unknown) => unknown) | null {
  const negated = /^not\((.*)\)$/.exec(source.trim())
  if (negated) {
    const inner = compileFastTest(negated[1]!)
    if (!inner) return null
    return (value) => {
      const answer = inner(value)
      return typeof answer === 'boolean' ? !answer : FALL_BACK
    }
  }
  const tests: ((value: unknown) => unknown)[] = []
  // A comma inside a text leaves pieces that are no constants: those go to the interpreter.
  for (const part of source.split(',')) {
    const trimmed = part.trim()
    const literal = CONSTANT.exec(trimmed)
    const bound = BOUND.exec(trimmed)
    const range = RANGE.exec(trimmed)
    if (trimmed === 'null') tests.push((value) => value === null)
    else if (range) {
      const [low, high] = [Number(range[2]), Number(range[3])]
      const [above, below] = [COMPARE[range[1] === '[' ? '>=' : '>']!, COMPARE[range[4] === ']' ? '<=' : '<']!]
      tests.push((value) => (typeof value === 'number' ? above(value, low) && below(value, high) : FALL_BACK))
    } else if (literal) {
      const expected = literal[1] ?? (literal[2] === undefined ? literal[3] === 'true' : Number(literal[2]))
      tests.push((value) => (typeof value === typeof expected ? value === expected : value === null ? false : FALL_BACK))
    } else if (bound) {
      const compare = COMPARE[bound[1]!]!
      const limit = Number(bound[2])
      tests.push((value) => (typeof value === 'number' ? compare(value, limit) : FALL_BACK))
    } else return null
  }
  return (value) => {
    let answer: unknown = false
    for (const test of tests) {
      const result = test(value)
      if (result === true) return true
      if (result === FALL_BACK) answer = FALL_BACK
    }
    return answer
  }
}
