/** DMN 1.3 decisions on compiled models: requirement graph, boxed expressions, the trace of every table. */
import type { Json, Variables } from '../contract.ts'
import { evaluateRaw, FeelFailure, invoke, NoAnswer, type FeelClock, feelToJson } from '../expression.ts'
import type { BoxedExpression, DataType, DecisionModel, DecisionNode } from '../model.ts'
import { convertTo } from './convert.ts'
import { evaluateTable } from './table.ts'

/** A decision could not be made: missing input, no or several rules where one is due, FEEL failure. */
export class DecisionFailure extends Error {}

/** One evaluated decision: what it saw, which rows fired (1-based), what it gave. */
export interface DecisionTrace {
  decisionId: string
  inputs: Json
  rows: number[]
  ruleIds: string[]
  outputs: Json
}

export type Names = Record<string, unknown>
type Callable = (...args: unknown[]) => unknown
/** Calls of knowledge models within one another, as in a recursion. */
const MAX_CALLS = 500

export interface EvaluationOptions {
  /** What fails is null, and what depends on it goes on, as the standard says. Without it, a failure is one: nobody decides on half of it. */
  isTolerant?: boolean
}

/**
 * The value of a decision over `variables`, and the trace of all decisions that it required, in order of evaluation.
 * @throws DecisionFailure
 */
export function evaluateDecision(
  model: DecisionModel,
  variables: Variables,
  clock: FeelClock,
  options: EvaluationOptions = {},
): { value: Json; trace: DecisionTrace[] } {
  const typedClock = model.types === undefined ? clock : { ...clock, types: model.types }
  const evaluation = new Evaluation(model, withImported(model, variables), typedClock, options)
  try {
    const isService = model.nodes[model.decisionId]?.kind === 'service'
    const value = feelToJson(model.decisionId, isService ? evaluation.serve(model.decisionId) : evaluation.node(model.decisionId))
    return { value, trace: evaluation.trace }
  } catch (error) {
    if (error instanceof FeelFailure) throw new DecisionFailure(`${model.name}: ${error.message}`)
    throw error
  }
}

/** Input data of an imported model may be given by its own name, or in a context that is named as the import. */
function withImported(model: DecisionModel, variables: Variables): Names {
  const names = new Set(Object.values(model.nodes).flatMap(({ imported }) => Object.values(imported ?? {})))
  const inside = Object.assign({}, ...[...names].map((name) => (isContext(variables[name]) ? variables[name] : {}))) as Names
  const own = Object.entries(variables).filter(([name, value]) => value !== null || !Object.hasOwn(inside, name))
  return { ...inside, ...Object.fromEntries(own) }
}

const isContext = (value: unknown): value is Names =>
  value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype

/** Sets `name`, in the context of the import that it comes from. */
function bind(names: Names, importName: string | undefined, name: string, value: unknown): void {
  if (importName === undefined) names[name] = value
  else names[importName] = { ...(isContext(names[importName]) ? names[importName] : {}), [name]: value }
}

class Evaluation {
  readonly trace: DecisionTrace[]
  private readonly model: DecisionModel
  private readonly variables: Names
  private readonly clock: FeelClock
  private readonly options: EvaluationOptions
  private readonly known = new Map<string, unknown>()
  private depth = { calls: 0 }

  constructor(model: DecisionModel, variables: Names, clock: FeelClock, options: EvaluationOptions, trace: DecisionTrace[] = []) {
    this.trace = trace
    this.model = model
    this.variables = variables
    this.clock = clock
    this.options = options
  }

  /** Value of a required node: a decision's result, a knowledge model's function. Evaluated once. */
  node(id: string): unknown {
    if (this.known.has(id)) return this.known.get(id)
    const node = this.model.nodes[id]
    if (!node) throw new DecisionFailure(`expected decision ${id} in the requirement graph, found none`)
    if (node.kind === 'service') return this.service(node)
    const names: Names = { ...this.variables }
    // A function that calls itself finds itself under its name.
    if (node.kind === 'knowledge') this.known.set(id, (...args: unknown[]) => (this.known.get(id) as Callable)(...args))
    for (const required of node.requires)
      bind(names, node.imported?.[required], this.model.nodes[required]?.variable ?? required, this.node(required))
    const value = this.tried(() => {
      for (const name of node.inputs) this.bindInput(node, name, names)
      return this.typed(node, this.logic(node, names))
    })
    this.known.set(id, value)
    return value
  }

  private bindInput(node: DecisionNode, name: string, names: Names): void {
    if (!Object.hasOwn(this.variables, name)) return
    const type = node.inputTypes?.[name]
    try {
      bind(
        names,
        node.imported?.[name],
        name,
        type === undefined ? this.variables[name] : convertTo(type, this.variables[name], this.clock),
      )
    } catch (error) {
      if (error instanceof FeelFailure) throw new DecisionFailure(`${node.name}: ${name}: ${error.message}`)
      throw error
    }
  }

  /** Null for what fails, where that is asked for. */
  private tried(work: () => unknown): unknown {
    try {
      return work()
    } catch (error) {
      if (this.options.isTolerant && (error instanceof FeelFailure || error instanceof DecisionFailure)) return null
      throw error
    }
  }

  private feel(source: string, names: Names): unknown {
    return this.tried(() => evaluateRaw(source, names, this.clock))
  }

  /** A service asked from outside: input decisions that are not given are made. */
  serve(id: string): unknown {
    const node = this.model.nodes[id]!
    for (const input of node.inputDecisions ?? []) {
      const name = this.model.nodes[input]?.variable ?? input
      if (Object.hasOwn(this.variables, name)) this.known.set(input, this.variables[name])
    }
    return this.outputs(node)
  }

  private outputs(node: DecisionNode): unknown {
    if (node.requires.length === 1) return this.node(node.requires[0]!)
    return Object.fromEntries(node.requires.map((id) => [this.model.nodes[id]?.variable ?? id, this.node(id)]))
  }

  /** A service as a function of its input data, then its input decisions: it sees nothing else. */
  private service(node: DecisionNode): unknown {
    const decisions = node.inputDecisions ?? []
    const parameters = [...node.inputs, ...decisions.map((id) => this.model.nodes[id]?.variable ?? id)]
    const call = (...args: unknown[]): unknown => {
      const given = Object.fromEntries(
        node.inputs.map((name, index) => [name, this.argument(node.inputTypes?.[name] ?? null, args[index], name)]),
      )
      const inside = new Evaluation(this.model, given, this.clock, this.options, this.trace)
      decisions.forEach((id, index) => {
        inside.known.set(
          id,
          this.argument(
            this.model.nodes[id]?.resultType ?? null,
            args[node.inputs.length + index],
            parameters[node.inputs.length + index]!,
          ),
        )
      })
      return this.argument(node.resultType ?? null, inside.outputs(node), 'the result')
    }
    return Object.assign(call, { parameters })
  }

  /** A value that a function takes or gives. One that has not its type makes the call null (DMN 1.3 clause 10.3.2.9.4). */
  private argument(type: DataType | null, value: unknown, name: string): unknown {
    if (type === null) return value ?? null
    try {
      return convertTo(type, value ?? null, this.clock)
    } catch (error) {
      if (error instanceof FeelFailure) throw new NoAnswer(`${name}: ${error.message}`)
      throw error
    }
  }

  /** A computed result as the type of its variable (DMN 1.3 clause 10.3.2.9). */
  private typed(node: DecisionNode, value: unknown): unknown {
    const type = node.resultType
    if (type === undefined) return value
    // Modellers often name the type of one hit where a table gives all of them.
    if (node.logic.type === 'table' && Array.isArray(value) && (typeof type === 'string' || !('list' in type)))
      return value.map((item) => convertTo(type, item, this.clock))
    return convertTo(type, value, this.clock)
  }

  private logic(node: DecisionNode, names: Names): unknown {
    if (node.logic.type === 'table') {
      const result = evaluateTable(node.logic.table, names, this.clock, node.name || node.id)
      this.trace.push({
        decisionId: node.id,
        inputs: jsonOf(result.inputs),
        rows: result.rows,
        ruleIds: result.ruleIds,
        outputs: jsonOf(result.value),
      })
      return result.value
    }
    const value = this.boxed(node.logic, names)
    if (node.kind === 'decision') {
      const inputs = Object.fromEntries(node.inputs.filter((name) => Object.hasOwn(names, name)).map((name) => [name, names[name]]))
      this.trace.push({ decisionId: node.id, inputs: jsonOf(inputs), rows: [], ruleIds: [], outputs: jsonOf(value) })
    }
    return value
  }

  private boxed(logic: BoxedExpression, names: Names): unknown {
    switch (logic.type) {
      case 'literal':
        return this.feel(logic.feel, names)
      case 'table':
        return evaluateTable(logic.table, names, this.clock, 'the decision table').value
      case 'list':
        return logic.items.map((item) => this.boxed(item, names))
      case 'relation':
        return logic.rows.map((row) => Object.fromEntries(row.map((cell, index) => [logic.columns[index]!, this.boxed(cell, names)])))
      case 'context':
        return this.context(logic.entries, names)
      case 'function':
        return this.closure(logic, names)
      case 'conditional':
        return this.boxed(this.boxed(logic.test, names) === true ? logic.whenTrue : logic.whenFalse, names)
      case 'filter':
        return this.filter(logic, names)
      case 'iteration':
        return this.iteration(logic, names)
      case 'invocation': {
        const given = Object.fromEntries(logic.bindings.map(({ name, value }) => [name, this.boxed(value, names)]))
        return this.tried(() => invoke(logic.callee, evaluateRaw(logic.callee, names, this.clock), given))
      }
    }
  }

  /** Entries see those before them; a last entry without a name is the result. */
  private context(entries: Extract<BoxedExpression, { type: 'context' }>['entries'], names: Names): unknown {
    const result: Names = {}
    for (const { name, value, valueType } of entries) {
      const found = this.boxed(value, { ...names, ...result })
      const evaluated = valueType === undefined ? found : this.tried(() => convertTo(valueType, found, this.clock))
      if (name === null) return evaluated
      result[name] = evaluated
    }
    return result
  }

  private items(domain: BoxedExpression, names: Names): unknown[] {
    return (this.feel('for i in domain return i', { domain: this.boxed(domain, names) }) ?? []) as unknown[]
  }

  /** The items for which the match is true; it sees the item, and its entries by name. */
  private filter(logic: Extract<BoxedExpression, { type: 'filter' }>, names: Names): unknown {
    return this.items(logic.in, names).filter((item) => {
      const entries = item !== null && typeof item === 'object' && Object.getPrototypeOf(item) === Object.prototype ? item : {}
      return this.boxed(logic.match, { ...names, ...entries, item }) === true
    })
  }

  private iteration(logic: Extract<BoxedExpression, { type: 'iteration' }>, names: Names): unknown {
    const partial: unknown[] = []
    for (const item of this.items(logic.in, names))
      partial.push(this.boxed(logic.body, { ...names, [logic.variable]: item, ...(logic.kind === 'for' ? { partial } : {}) }))
    if (logic.kind === 'for') return partial
    return evaluateRaw(logic.kind === 'some' ? 'any(results)' : 'all(results)', { results: partial }, this.clock)
  }

  private closure(logic: Extract<BoxedExpression, { type: 'function' }>, names: Names): unknown {
    const { parameters, parameterTypes, body } = logic
    const call = (...args: unknown[]): unknown => {
      if (++this.depth.calls > MAX_CALLS) throw new DecisionFailure(`more than ${MAX_CALLS} calls within one another`)
      try {
        const given = parameters.map((name, index) => [name, this.argument(parameterTypes?.[index] ?? null, args[index], name)])
        const value = this.boxed(body, { ...names, ...Object.fromEntries(given) })
        return this.argument(logic.resultType ?? null, value, 'the result')
      } finally {
        this.depth.calls--
      }
    }
    return Object.assign(call, { parameters })
  }
}

/** As JSON for the trace; what has no JSON form (a function) is left out. */
function jsonOf(value: unknown): Json {
  try {
    return feelToJson('', value)
  } catch {
    return null
  }
}
