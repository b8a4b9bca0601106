/** Comparisons, unary tests, `and` and `or` (DMN 1.3 clauses 10.3.2.7 to 10.3.2.9) as closures; `build` makes those of their parts. */
import type { parseExpression } from 'feelin'
import { and, or, relate } from './operators.ts'
import { lookUp, type Run, type Scope, warn } from './scope.ts'
import { interval, isIn, kindOf, NotEqualTest, passes, rangeOf } from './values.ts'

export type Compiled = (scope: Scope, run: Run) => unknown
export type Node = ReturnType<typeof parseExpression>['topNode']
export type Builder = (node: Node, source: string) => Compiled

const PUNCTUATION = new Set([
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  '..',
  '.',
  'in',
  'between',
  'and',
  'or',
  'if',
  'then',
  'else',
  'LineComment',
  'BlockComment',
])
export const text = (node: Node, source: string): string => source.slice(node.from, node.to)

export function children(node: Node): Node[] {
  const found: Node[] = []
  for (let at = node.firstChild; at; at = at.nextSibling) if (!PUNCTUATION.has(at.name)) found.push(at)
  return found
}

/** Operands, and what joins each to the next. */
interface Chain {
  operands: Compiled[]
  joins: ('and' | 'or')[]
}
const isJunction = (node: Node): boolean => node.name === 'Conjunction' || node.name === 'Disjunction'
const joinOf = (node: Node): 'and' | 'or' => (node.name === 'Conjunction' ? 'and' : 'or')
/** `a in b`, without brackets around `b`. */
const isBareMembership = (node: Node): boolean =>
  node.name === 'Comparison' && children(node)[1]?.name === 'PositiveUnaryTest' && node.firstChild?.nextSibling?.name === 'in'

export function logicOf(build: Builder) {
  /** feelin's grammar gives `a in b and c` all of `b and c` on the right; `in` binds closer than `and`, and `and` than `or`. */
  function chainOf(node: Node, source: string): Chain {
    if (isJunction(node)) {
      const [left, right] = children(node)
      return joined(chainOf(left!, source), joinOf(node), chainOf(right!, source))
    }
    if (!isBareMembership(node)) return { operands: [build(node, source)], joins: [] }
    const [value, holder] = children(node)
    const { operands, joins } = testChain(children(holder!)[0]!, source)
    return { operands: [membership(build(value!, source), [operands[0]!]), ...operands.slice(1)], joins }
  }

  /** The test that stands first in `node`, and what follows it. */
  function testChain(node: Node, source: string): Chain {
    if (isJunction(node)) {
      const [left, right] = children(node)
      return joined(testChain(left!, source), joinOf(node), chainOf(right!, source))
    }
    const parts = node.name === 'SimplePositiveUnaryTest' ? children(node) : []
    if (parts.length !== 2) return { operands: [build(node, source)], joins: [] }
    const { operands, joins } = testChain(parts[1]!, source)
    return { operands: [signed(text(parts[0]!, source), operands[0]!, node), ...operands.slice(1)], joins }
  }

  function junction(node: Node, source: string): Compiled {
    const { operands, joins } = chainOf(node, source)
    const alternatives: Compiled[] = []
    let together = operands[0]!
    joins.forEach((join, index) => {
      if (join === 'and') together = both(together, operands[index + 1]!)
      else {
        alternatives.push(together)
        together = operands[index + 1]!
      }
    })
    return [...alternatives, together].reduce(oneOf)
  }

  function comparison(node: Node, source: string): Compiled {
    if (isBareMembership(node)) return junction(node, source)
    const parts = children(node)
    const left = build(parts[0]!, source)
    const operator = parts[0]!.nextSibling!
    if (operator.name === 'in')
      return membership(
        left,
        children(parts[1]!).map((test) => build(test, source)),
      )
    const [right, high] = parts
      .filter(({ name }) => name !== 'CompareOp')
      .slice(1)
      .map((part) => build(part, source))
    if (operator.name === 'between')
      return (scope, run) => {
        const [value, low, top] = [left(scope, run), right!(scope, run), high!(scope, run)]
        return and(relate('>=', value, low), relate('<=', value, top)) ?? warn(run, 'INVALID_TYPE', 'the values have no order', node)
      }
    return relation(text(operator, source), left, right!, node)
  }

  function simpleTest(node: Node, source: string): Compiled {
    const parts = children(node)
    return parts.length === 1 ? build(parts[0]!, source) : signed(text(parts[0]!, source), build(parts[1]!, source), node)
  }

  /** A test of `?`: an expression about it, a range, a list of values, or a value to be equal to. */
  function unaryTest(node: Node, source: string): Compiled {
    const inner = children(node)[0]!
    const test = build(inner, source)
    const isAbout = /\?/.test(text(inner, source).replace(/"(?:[^"\\]|\\.)*"/g, '""'))
    const isLiteral = inner.name === 'BooleanLiteral'
    return (scope, run) => {
      const value = lookUp(scope, '?') ?? null
      const answer = test(scope, run)
      if (isAbout && typeof answer === 'boolean') return answer
      if (typeof answer === 'boolean' && typeof value !== 'boolean' && !isLiteral) return answer
      // A value of another type is not that value; beside a range it is neither in nor out.
      return passes(value, answer) ?? (kindOf(answer) === 'range' ? null : false)
    }
  }

  function range(node: Node, source: string): Compiled {
    const [start, end] = children(node).map((part) => build(part, source))
    const written = text(node, source)
    const [isStartIncluded, isEndIncluded] = [written.startsWith('['), written.endsWith(']')]
    return (scope, run) =>
      interval(start!(scope, run), end!(scope, run), isStartIncluded, isEndIncluded) ??
      warn(run, 'INVALID_TYPE', 'the ends of the range have no order', node)
  }

  return { junction, comparison, simpleTest, unaryTest, range }
}

function joined(left: Chain, join: 'and' | 'or', right: Chain): Chain {
  return { operands: [...left.operands, ...right.operands], joins: [...left.joins, join, ...right.joins] }
}

const both =
  (left: Compiled, right: Compiled): Compiled =>
  (scope, run) => {
    const a = left(scope, run)
    return a === false ? false : and(a, right(scope, run))
  }

const oneOf = (left: Compiled, right: Compiled): Compiled => {
  return (scope, run) => {
    const a = left(scope, run)
    return a === true ? true : or(a, right(scope, run))
  }
}

function membership(value: Compiled, tests: Compiled[]): Compiled {
  return (scope, run) => {
    const found = value(scope, run)
    const answers = tests.map((test) => isIn(found, test(scope, run)))
    return answers.includes(true) ? true : answers.includes(null) ? null : false
  }
}

function relation(sign: string, left: Compiled, right: Compiled, node: Node): Compiled {
  return (scope, run) => {
    const [a, b] = [left(scope, run), right(scope, run)]
    const answer = relate(sign, a, b)
    if (answer !== null || sign === '=' || sign === '!=' || a === null || b === null) return answer
    return warn(run, 'INVALID_TYPE', `${kindOf(a)} and ${kindOf(b)} have no order`, node)
  }
}

/** `> value` and its like, as a value: the range of what passes. */
function signed(sign: string, value: Compiled, node: Node): Compiled {
  return (scope, run) => {
    const end = value(scope, run)
    if (sign === '=') return kindOf(end) === 'list' || kindOf(end) === 'context' || end === null ? end : rangeOf(end, end, true, true)
    if (sign === '!=') return new NotEqualTest(end)
    if (end === null) return warn(run, 'INVALID_TYPE', 'null has no order', node)
    return sign.startsWith('<') ? rangeOf(null, end, false, sign === '<=') : rangeOf(end, null, sign === '>=', false)
  }
}
