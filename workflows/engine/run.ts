/** What one `advance` works with: the program, the draft of the state, the clock, and what it has produced so far. */
import type { Effect, EngineFact, Json, Variables } from './contract.ts'
import { evaluateFeel, FeelFailure, type FeelClock } from './expression.ts'
import type { Expression, Mapping, Model, ModelElement, Program } from './model.ts'
import { INSTANCE_LIMIT, sizeOf, tooLarge } from './size.ts'
import { type Activation, Draft, type EngineState, type LoopProgress } from './state.ts'

/** A token on its way into an element. */
export interface Token {
  elementId: string
  scopeKey: string
  /** The flow it came by; null: placed there (start, link, modification). */
  flowId: string | null
}

/** The element cannot go on: kept where it is, shown to an operator, tried again on request. */
export class StallError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** Elements entered per advance; beyond it, tokens stall where they are (a loop without a wait). */
export const STEP_LIMIT = 10_000
/** Depth of nested call activities. */
export const CALL_DEPTH_LIMIT = 20

export class Run {
  readonly program: Program
  readonly draft: Draft
  readonly at: number
  readonly facts: EngineFact[] = []
  readonly effects: Effect[] = []
  readonly queue: Token[] = []
  /** Activations to begin in turn: the next instances of sequential loops. */
  readonly deferred: string[] = []
  steps = 0
  /** Names of variables written since conditional events were last looked at. */
  readonly written = new Set<string>()
  hasFreshCondition = false
  /** A write that makes the variables too large stalls the element that is at work; those of an input were checked before. */
  isGuarded = false

  constructor(program: Program, state: EngineState, at: number) {
    this.program = program
    this.draft = new Draft(state)
    this.at = at
  }

  model(processId: string): Model {
    if (processId === this.program.process.processId) return this.program.process
    const model = this.program.called[processId]
    if (!model) throw new Error(`expected process ${processId} in the program, found none`)
    return model
  }

  element(activation: Activation): ModelElement {
    return this.elementById(activation.processId, activation.elementId)
  }

  elementById(processId: string, elementId: string): ModelElement {
    const element = this.model(processId).elements[elementId]
    if (!element) throw new Error(`expected element ${elementId} in process ${processId}, found none`)
    return element
  }

  clock(processId: string): FeelClock {
    return { at: this.at, timeZone: this.model(processId).timeZone }
  }

  /** All variables seen from `key`, nearest first, up to the border of its process. */
  visible(key: string): Variables {
    const maps: Variables[] = []
    for (
      let at: Activation | undefined = this.draft.find(key);
      at;
      at = at.parentKey === null ? undefined : this.draft.find(at.parentKey)
    ) {
      if (at.variables) maps.push(at.variables)
      if (at.elementId === at.processId) break
    }
    if (maps.length === 0) return {}
    return maps.length === 1 ? maps[0]! : Object.assign({}, ...maps.reverse())
  }

  /** The counters of the multi-instances around `key`, nearest first, up to the border of its process; null: there is none. */
  private countersAround(key: string): Variables | null {
    const found: Variables[] = []
    for (let at = this.draft.find(key); at; at = at.parentKey === null ? undefined : this.draft.find(at.parentKey)) {
      if (at.loop && this.element(at).loop?.type === 'multiInstance') found.push(countersOf(at.loop))
      if (at.elementId === at.processId) break
    }
    return found.length === 0 ? null : Object.assign({}, ...found.reverse())
  }

  /** @throws StallError when the expression fails */
  evaluate(key: string, expression: Expression, extra?: Variables): Json {
    if ('literal' in expression) return expression.literal
    const counters = expression.feel.includes('numberOf') ? this.countersAround(key) : null
    const visible = counters ? { ...counters, ...this.visible(key) } : this.visible(key)
    const variables = extra ? { ...visible, ...extra } : visible
    try {
      return evaluateFeel(expression.feel, variables, this.clock(this.draft.get(key).processId))
    } catch (error) {
      if (error instanceof FeelFailure) throw new StallError('feel', error.message)
      throw error
    }
  }

  /** @throws StallError when the expression fails or yields no text or number */
  evaluateText(key: string, expression: Expression, what: string): string {
    const value = this.evaluate(key, expression)
    if (typeof value === 'string') return value
    if (typeof value === 'number' || typeof value === 'boolean') return String(value)
    throw new StallError('type', `expected ${what} to be a text, found ${JSON.stringify(value)}`)
  }

  /** @throws StallError when the condition fails or yields no boolean */
  evaluateCondition(key: string, expression: Expression, extra?: Variables): boolean {
    const value = this.evaluate(key, expression, extra)
    if (typeof value === 'boolean') return value
    throw new StallError(
      'type',
      `expected the condition ${'feel' in expression ? expression.feel : ''} to be true or false, found ${JSON.stringify(value)}`,
    )
  }

  /** Writes a variable of the scope `key`; nothing happens when the value is the same. */
  setVariable(key: string, name: string, value: Json): void {
    const activation = this.draft.get(key)
    const from = activation.variables && Object.hasOwn(activation.variables, name) ? activation.variables[name]! : undefined
    this.written.add(name)
    if (from !== undefined && isSame(from, value)) return
    if (this.isGuarded) this.checkSize(name, from, value)
    this.draft.setVariable(key, name, value)
    this.facts.push({
      type: 'variableChanged',
      at: this.at,
      scopeKey: key,
      isRoot: key === this.draft.state.rootKey,
      name,
      from: from ?? null,
      to: value,
    })
  }

  /** @throws StallError when the instance would hold too much */
  private checkSize(name: string, from: Json | undefined, value: Json): void {
    const growth = sizeOf(value) - sizeOf(from)
    const total = (this.draft.state.variablesSize ?? 0) + growth
    if (growth > 0 && total > INSTANCE_LIMIT) throw new StallError('variablesTooLarge', tooLarge({ [name]: value }, INSTANCE_LIMIT, total))
  }

  /** Each variable goes to the nearest scope, from `key` outward, that has it; else to its process's own scope. */
  mergeVariables(key: string, variables: Variables): void {
    for (const name in variables) this.setVariable(this.scopeOf(key, name), name, variables[name]!)
  }

  private scopeOf(key: string, name: string): string {
    let at = this.draft.get(key)
    while (at.elementId !== at.processId && at.parentKey !== null) {
      if (at.variables && Object.hasOwn(at.variables, name)) return at.key
      at = this.draft.get(at.parentKey)
    }
    return at.key
  }

  /** Evaluates mappings in order, each seeing the results of those before it, into `write`. */
  applyMappings(
    key: string,
    mappings: Mapping[],
    write: (name: string, value: Json) => void,
    read: (name: string) => Json | undefined,
  ): void {
    for (const mapping of mappings) {
      const value = this.evaluate(key, mapping.source)
      const [name, ...path] = mapping.target.split('.') as [string, ...string[]]
      write(name, path.length === 0 ? value : withPath(read(name), path, value))
    }
  }

  /** Puts a token on its way into `elementId`. The scope counts it at once. */
  send(scopeKey: string, elementId: string, flowId: string | null): void {
    const scope = this.draft.own(scopeKey)
    scope.live = (scope.live ?? 0) + 1
    this.queue.push({ elementId, scopeKey, flowId })
  }
}

/** How far a multi-instance is, as its expressions and those inside it read it. */
export const countersOf = ({ total, started, completed, terminated }: LoopProgress): Variables => ({
  numberOfInstances: total,
  numberOfActiveInstances: started - completed - terminated,
  numberOfCompletedInstances: completed,
  numberOfTerminatedInstances: terminated,
})

function withPath(base: Json | undefined, path: string[], value: Json): Json {
  const object = base !== null && typeof base === 'object' && !Array.isArray(base) ? { ...base } : {}
  const [head, ...rest] = path as [string, ...string[]]
  object[head] = rest.length === 0 ? value : withPath(object[head], rest, value)
  return object
}

function isSame(a: Json, b: Json): boolean {
  if (a === b) return true
  return typeof a === 'object' && typeof b === 'object' && a !== null && b !== null && JSON.stringify(a) === JSON.stringify(b)
}
