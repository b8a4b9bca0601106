/** DMN 1.3 decisions on compiled models: requirement graph, boxed expressions, the trace of every table. */
import type { Json, Variables } from '../contract.ts'
import { evaluateRaw, FeelFailure, type FeelClock, feelToJson } from '../expression.ts'
import type { BoxedExpression, DecisionModel, DecisionNode } from '../model.ts'
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

/**
 * The value of a decision over `variables`, and the trace of all decisions that it required, in order of evaluation.
 * @throws DecisionFailure
 */
export function evaluateDecision(model: DecisionModel, variables: Variables, clock: FeelClock): { value: Json; trace: DecisionTrace[] } {
  const evaluation = new Evaluation(model, variables, clock)
  try {
    const isService = model.nodes[model.decisionId]?.kind === 'service'
    const value = feelToJson(model.decisionId, isService ? evaluation.serve(model.decisionId) : evaluation.node(model.decisionId))
    return { value, trace: evaluation.trace }
  } catch (error) {
    if (error instanceof FeelFailure) throw new DecisionFailure(`${model.name}: ${error.message}`)
    throw error
  }
}

class Evaluation {
  readonly trace: DecisionTrace[]
  private readonly model: DecisionModel
  private readonly variables: Names
  private readonly clock: FeelClock
  private readonly known = new Map<string, unknown>()

  constructor(model: DecisionModel, variables: Names, clock: FeelClock, trace: DecisionTrace[] = []) {
    this.trace = trace
    this.model = model
    this.variables = variables
    this.clock = clock
  }

  /** Value of a required node: a decision's result, a knowledge model's function. Evaluated once. */
  node(id: string): unknown {
    if (this.known.has(id)) return this.known.get(id)
    const node = this.model.nodes[id]
    if (!node) throw new DecisionFailure(`expected decision ${id} in the requirement graph, found none`)
    if (node.kind === 'service') return this.service(node)
    const names: Names = { ...this.variables }
    for (const required of node.requires) names[this.model.nodes[required]?.variable ?? required] = this.node(required)
    for (const [name, type] of Object.entries(node.inputTypes ?? {}))
      if (Object.hasOwn(names, name)) names[name] = convertTo(type, names[name], this.clock)
    const value = this.typed(node, this.logic(node, names))
    this.known.set(id, value)
    return value
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
      const given = Object.fromEntries(node.inputs.map((name, index) => [name, args[index] ?? null]))
      const inside = new Evaluation(this.model, given, this.clock, this.trace)
      decisions.forEach((id, index) => {
        inside.known.set(id, args[node.inputs.length + index] ?? null)
      })
      return inside.outputs(node)
    }
    return Object.assign(call, { parameters })
  }

  /** A computed result as the type of its variable (DMN 1.3 clause 10.3.2.9); tables have types of their own. */
  private typed(node: DecisionNode, value: unknown): unknown {
    if (node.resultType === undefined || node.logic.type === 'table') return value
    return convertTo(node.resultType, value, this.clock)
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
        return evaluateRaw(logic.feel, names, this.clock)
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
        const callee = evaluateRaw(logic.callee, names, this.clock)
        if (typeof callee !== 'function') throw new DecisionFailure(`${logic.callee} is not a function`)
        const parameters = (callee as { parameters?: string[] }).parameters ?? logic.bindings.map(({ name }) => name)
        const given = Object.fromEntries(logic.bindings.map(({ name, value }) => [name, this.boxed(value, names)]))
        return (callee as (...args: unknown[]) => unknown)(...parameters.map((name) => given[name] ?? null))
      }
    }
  }

  /** Entries see those before them; a last entry without a name is the result. */
  private context(entries: Extract<BoxedExpression, { type: 'context' }>['entries'], names: Names): unknown {
    const result: Names = {}
    for (const { name, value } of entries) {
      const evaluated = this.boxed(value, { ...names, ...result })
      if (name === null) return evaluated
      result[name] = evaluated
    }
    return result
  }

  private items(domain: BoxedExpression, names: Names): unknown[] {
    return evaluateRaw('for i in domain return i', { domain: this.boxed(domain, names) }, this.clock) as unknown[]
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

  private closure({ parameters, parameterTypes, body }: Extract<BoxedExpression, { type: 'function' }>, names: Names): unknown {
    const typed = (value: unknown, index: number): unknown => {
      const type = parameterTypes?.[index] ?? null
      return type === null ? value : convertTo(type, value, this.clock)
    }
    const call = (...args: unknown[]): unknown =>
      this.boxed(body, { ...names, ...Object.fromEntries(parameters.map((name, index) => [name, typed(args[index] ?? null, index)])) })
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
