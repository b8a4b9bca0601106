/**
 * A parsed FEEL expression (feelin's grammar) as one closure, made once and run many times. feelin's own `evaluate` parses
 * at every call and cannot be given other operators; see ADR 0006. Each builder stands for one production of DMN 1.3 clause 10.3.1.
 */
import { FeelRange, type parseExpression } from 'feelin'
import { BUILTINS } from './builtins.ts'
import { readDecimal } from './decimal.ts'
import { type Arguments, call, CheckedFunction, NoAnswer, type Parameter } from './functions.ts'
import { type Builder, children, type Compiled, logicOf, type Node, text } from './logic.ts'
import { arithmetic, negate, propertyOf } from './operators.ts'
import { type Bindings, eachOf, InvalidIteration, iterate, lookUp, nameOf, type Run, type Scope, warn } from './scope.ts'
import { readTemporal } from './temporal.ts'
import { ANY, type FeelType, isInstance, readType, resolveType } from './types.ts'
import { includes, kindOf, NotEqualTest, passes } from './values.ts'

type Tree = ReturnType<typeof parseExpression>

/** The type of a parameter that nothing is of. */
const UNKNOWN: FeelType = { is: 'never' }

const constant =
  (value: unknown): Compiled =>
  () =>
    value

/** The whole tree of an expression. @throws Error at what the grammar has no meaning for */
export function compileTree(tree: Tree, source: string): Compiled {
  return build(children(tree.topNode)[0]!, source)
}

/** The tree of unary tests: whether `?` passes one of them. */
export function compileTests(tree: Tree, source: string): Compiled {
  const top = children(tree.topNode)
  const isNegated = top[0]?.name === 'not'
  const holder = top.find(({ name }) => name === 'PositiveUnaryTests')
  if (!holder) return constant(true)
  const tests = children(holder).map((node) => LOGIC.unaryTest(node, source))
  return (scope, run) => {
    const answers = tests.map((test) => test(scope, run))
    // What cannot be compared is neither: not() of it is no pass.
    return isNegated ? answers.every((answer) => answer === false) : answers.includes(true)
  }
}

function build(node: Node, source: string): Compiled {
  const builder = BUILDERS[node.name]
  if (!builder) throw new Error(`${node.name} is not supported`)
  return builder(node, source)
}

/** Runs `work`; what has no answer is null with a warning at `node`. */
function answer(node: Node, run: Run, work: () => unknown): unknown {
  try {
    const value = work()
    return value === undefined ? null : value
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    return warn(run, 'NO_ANSWER', error.message, node)
  }
}

const LOGIC = logicOf(build)

const BUILDERS: Record<string, Builder> = {
  NumericLiteral: (node, source) => constant(readDecimal(text(node, source).replace(/\s/g, ''))),
  StringLiteral: (node, source) => constant(unescapeText(text(node, source))),
  BooleanLiteral: (node, source) => constant(text(node, source) === 'true'),
  null: () => constant(null),
  Wildcard: () => constant(true),
  '?': () => (scope) => lookUp(scope, '?') ?? null,
  ParenthesizedExpression: (node, source) => build(children(node)[0]!, source),
  PositiveUnaryTest: (node, source) => build(children(node)[0]!, source),
  VariableName: variable,
  SpecialFunctionName: variable,
  PathExpression: path,
  List: (node, source) => {
    const items = children(node).map((item) => build(item, source))
    return (scope, run) => items.map((item) => item(scope, run))
  },
  Context: context,
  ArithmeticExpression: arithmeticExpression,
  Comparison: LOGIC.comparison,
  Conjunction: LOGIC.junction,
  Disjunction: LOGIC.junction,
  IfExpression: (node, source) => {
    const [condition, whenTrue, otherwise] = children(node).map((part) => build(part, source))
    return (scope, run) => (condition!(scope, run) === true ? whenTrue!(scope, run) : (otherwise?.(scope, run) ?? null))
  },
  SimplePositiveUnaryTest: LOGIC.simpleTest,
  Interval: LOGIC.range,
  InstanceOfExpression: (node, source) => {
    const value = build(node.firstChild!, source)
    const type = readType(node.getChild('Type')!, source)
    return (scope, run) => {
      const known = resolveType(type, run.typeNamed)
      return known ? isInstance(value(scope, run), known) : warn(run, 'UNKNOWN_TYPE', 'the type is unknown', node)
    }
  },
  FilterExpression: filter,
  ForExpression: (node, source) => {
    const loop = iteration(node, source)
    const body = build(node.lastChild!, source)
    return (scope, run) =>
      loop(scope, run, (rounds) => {
        const partial: unknown[] = []
        iterate(rounds, scope, run, (round) => {
          round.names.partial = partial
          partial.push(body(round, run))
          return true
        })
        return partial
      })
  },
  QuantifiedExpression: quantified,
  FunctionDefinition: functionDefinition,
  FunctionInvocation: (node, source) => invocation(node, build(node.firstChild!, source), source),
  DateTimeLiteral: (node, source) => {
    const first = node.firstChild!
    if (first.name === 'AtLiteral') return build(first, source)
    return invocation(node, constant(BUILTINS[nameOf(text(first, source))]), source)
  },
  AtLiteral: (node, source) => {
    const written = unescapeText(text(node.getChild('StringLiteral')!, source))
    const value = readTemporal(written)
    return value === null
      ? (_scope, run) => warn(run, 'INVALID_ARGUMENTS', `"${written}" is no date, time or duration`, node)
      : constant(value)
  },
}

function unescapeText(literal: string): string {
  return literal
    .slice(1, -1)
    .replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|u\{([0-9a-fA-F]+)\}|([\s\S]))/g, (_all, unit, point, braced, letter) => {
      if (unit !== undefined) return String.fromCharCode(Number.parseInt(unit, 16))
      if (point !== undefined || braced !== undefined) return String.fromCodePoint(Number.parseInt(point ?? braced, 16))
      return { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }[letter as string] ?? (/["'\\]/.test(letter) ? letter : `\\${letter}`)
    })
}

function variable(node: Node, source: string): Compiled {
  const name = nameOf(text(node, source))
  const known = BUILTINS[name]
  return (scope, run) => {
    const value = lookUp(scope, name)
    if (value !== undefined) return value
    if (name === 'now' || name === 'today') return run.clock(name)
    return known ?? warn(run, 'NO_VARIABLE_FOUND', `Variable '${name}' not found`, node)
  }
}

function path(node: Node, source: string): Compiled {
  const target = build(node.firstChild!, source)
  const name = nameOf(text(node.lastChild!, source))
  const get = (value: unknown, run: Run): unknown => {
    const found = kindOf(value) === 'context' ? lookUp({ names: value as Bindings, outer: null }, name) : propertyOf(value, name)
    return found === undefined ? warn(run, 'NO_PROPERTY_FOUND', `there is no ${name}`, node) : found
  }
  return (scope, run) => {
    const value = target(scope, run)
    return Array.isArray(value) ? value.map((item) => get(item, run)) : get(value, run)
  }
}

function context(node: Node, source: string): Compiled {
  const entries = node.getChildren('ContextEntry').map((entry) => {
    const key = entry.getChild('Key')!
    const written = text(key, source).trim()
    return { name: written.startsWith('"') ? unescapeText(written) : nameOf(written), value: build(entry.lastChild!, source) }
  })
  const isRepeated = new Set(entries.map(({ name }) => name)).size < entries.length
  return (scope, run) => {
    if (isRepeated) return warn(run, 'INVALID_ARGUMENTS', 'a key of the context comes twice', node)
    const names: Bindings = {}
    const inner: Scope = { names, outer: scope }
    for (const { name, value } of entries) names[name] = value(inner, run)
    return names
  }
}

function arithmeticExpression(node: Node, source: string): Compiled {
  const [first, second, third] = children(node)
  if (!third) {
    if (text(first!, source) !== '-') throw new Error('there is no sign + before a value')
    const value = build(second!, source)
    return (scope, run) => negate(value(scope, run)) ?? warn(run, 'INVALID_TYPE', 'only a number or a duration has a negative', node)
  }
  const [left, right, operator] = [build(first!, source), build(third, source), text(second!, source)]
  return (scope, run) => {
    const [a, b] = [left(scope, run), right(scope, run)]
    return arithmetic(operator, a, b) ?? warn(run, 'INVALID_TYPE', `there is no ${kindOf(a)} ${operator} ${kindOf(b)}`, node)
  }
}

function filter(node: Node, source: string): Compiled {
  const target = build(node.firstChild!, source)
  const inner = children(node)[1]!
  const condition = build(inner, source)
  const passesFor = (item: unknown, scope: Scope, run: Run): unknown => {
    const names: Bindings = kindOf(item) === 'context' ? { item, ...(item as Bindings) } : { item }
    const result = condition({ names, outer: scope }, run)
    return result instanceof FeelRange ? includes(result, item) : result instanceof NotEqualTest ? passes(item, result) : result
  }
  return (scope, run) => {
    const value = target(scope, run)
    if (value === null) return null
    const list = Array.isArray(value) ? value : [value]
    const first = list.length > 0 ? passesFor(list[0], scope, run) : condition(scope, { ...run, warnings: [] })
    if (typeof first === 'number') return (first < 0 ? list[list.length + first] : list[first - 1]) ?? null
    return list.filter((item, index) => (index === 0 ? first : passesFor(item, scope, run)) === true)
  }
}

/** The `in` parts of for, some and every; null where one of them is nothing to go through. */
function iteration(node: Node, source: string) {
  const parts = node
    .getChild('InExpressions')!
    .getChildren('InExpression')
    .map((part) => {
      const bounds = children(part.getChild('IterationContext')!).map((bound) => build(bound, source))
      return {
        name: nameOf(text(part.getChild('Name')!, source)),
        items: (scope: Scope, run: Run) => eachOf(bounds.map((bound) => bound(scope, run))),
      }
    })
  return (_scope: Scope, run: Run, work: (rounds: typeof parts) => unknown): unknown => {
    try {
      return work(parts)
    } catch (error) {
      if (!(error instanceof InvalidIteration)) throw error
      return warn(run, 'INVALID_TYPE', error.message, node)
    }
  }
}

function quantified(node: Node, source: string): Compiled {
  const loop = iteration(node, source)
  const body = build(node.lastChild!, source)
  const deciding = node.firstChild!.name === 'some'
  return (scope, run) =>
    loop(scope, run, (rounds) => {
      let result: boolean | null = !deciding
      iterate(rounds, scope, run, (round) => {
        const found = body(round, run)
        if (found === deciding) result = deciding
        else if (typeof found !== 'boolean') result = null
        return found !== deciding
      })
      return result
    })
}

function functionDefinition(node: Node, source: string): Compiled {
  if (node.getChild('external')) return (_scope, run) => warn(run, 'UNSUPPORTED', 'external functions are not supported', node)
  const parameters: Parameter[] = (node.getChild('FormalParameters')?.getChildren('FormalParameter') ?? []).map((parameter) => {
    const type = parameter.getChild('Type')
    return {
      name: nameOf(text(parameter.getChild('ParameterName')!, source)),
      type: type ? readType(type, source) : ANY,
      isOptional: false,
      isNullable: true,
      isRest: false,
    }
  })
  const body = build(node.getChild('FunctionBody')!.firstChild!, source)
  return (scope, run) => {
    const typed = parameters.map((parameter) => ({ ...parameter, type: resolveType(parameter.type, run.typeNamed) ?? UNKNOWN }))
    return new CheckedFunction([
      {
        parameters: typed,
        run: (...args: unknown[]) => {
          run.step()
          return body({ names: Object.fromEntries(parameters.map(({ name }, index) => [name, args[index] ?? null])), outer: scope }, run)
        },
      },
    ])
  }
}

function invocation(node: Node, target: Compiled, source: string): Compiled {
  const named = node.getChild('NamedParameters')?.getChildren('NamedParameter')
  if (named) {
    const parameters = named.map((parameter) => ({
      name: nameOf(text(parameter.getChild('ParameterName')!, source)),
      value: build(parameter.lastChild!, source),
    }))
    return (scope, run) =>
      answer(node, run, () =>
        call(target(scope, run), { named: Object.fromEntries(parameters.map(({ name, value }) => [name, value(scope, run)])) }),
      )
  }
  const holder = node.getChild('PositionalParameters')
  const values = (holder ? children(holder) : []).map((part) => build(part, source))
  return (scope, run) => {
    const callee = target(scope, run)
    const given: Arguments = { positional: values.map((value) => value(scope, run)) }
    return answer(node, run, () => call(callee, given))
  }
}
