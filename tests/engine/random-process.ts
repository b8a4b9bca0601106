/**
 * Random block-structured processes with every construct, drawn as BPMN, and a driver that triggers whatever waits until nothing does.
 * Used by the pure properties and by the same processes on a real Temporal server.
 */
import fc from 'fast-check'
import type { EngineFact, Input, Variables } from '#engine/contract'
import { advance, type EngineState } from '#engine/index'
import type { Program } from '#engine/model'
import type { Wait } from '#engine/state'
import { file, flow } from './play.ts'

export type Trigger = 'timer' | 'message' | 'signal' | 'condition'
export type Block =
  | { kind: 'task' | 'script' | 'link' | 'service' }
  | { kind: 'sequence' | 'sub' | 'transaction'; parts: Block[] }
  | { kind: 'undo' | 'cancel'; parts: Block[] }
  /** `taken`: which of the ways, by number or by bit. */
  | { kind: 'and' | 'xor' | 'or'; parts: Block[]; taken: number }
  | { kind: 'many'; count: number; isSequential: boolean; stopAfter: number; part: Block }
  | { kind: 'loop' | 'adHoc'; count: number }
  | { kind: 'wait'; by: Trigger }
  | { kind: 'choice'; parts: Block[]; by: Trigger[] }
  | { kind: 'race' | 'remind' | 'interrupt' | 'aside'; by: Trigger; part: Block }
  | { kind: 'error' | 'escalate' | 'mention' | 'call' | 'signal' | 'terminate' | 'both'; part: Block }

const by = fc.constantFrom<Trigger>('timer', 'message', 'signal', 'condition')
const leaf = fc.constantFrom<Block>({ kind: 'task' }, { kind: 'task' }, { kind: 'script' }, { kind: 'link' }, { kind: 'service' })

export const { block } = fc.letrec<{ block: Block }>((tie) => {
  const part = tie('block')
  const parts = fc.array(part, { minLength: 1, maxLength: 3 })
  return {
    block: fc.oneof(
      { maxDepth: 4, depthSize: 'large', withCrossShrink: true },
      leaf,
      fc.record({
        kind: fc.constantFrom<'sequence' | 'sub' | 'transaction'>('sequence', 'sub', 'transaction'),
        parts,
      }),
      fc.record({ kind: fc.constantFrom<'undo' | 'cancel'>('undo', 'cancel'), parts }),
      fc.record({ kind: fc.constantFrom<'and' | 'xor' | 'or'>('and', 'xor', 'or'), parts, taken: fc.nat(7) }),
      fc.record({
        kind: fc.constant<'many'>('many'),
        count: fc.integer({ min: 0, max: 3 }),
        isSequential: fc.boolean(),
        stopAfter: fc.integer({ min: 1, max: 4 }),
        part,
      }),
      fc.record({ kind: fc.constantFrom<'loop' | 'adHoc'>('loop', 'adHoc'), count: fc.integer({ min: 1, max: 3 }) }),
      fc.record({ kind: fc.constant<'wait'>('wait'), by }),
      fc.record({
        kind: fc.constant<'choice'>('choice'),
        parts: fc.array(part, { minLength: 2, maxLength: 3 }),
        by: fc.array(by, { minLength: 3, maxLength: 3 }),
      }),
      fc.record({ kind: fc.constantFrom<'race' | 'remind' | 'interrupt' | 'aside'>('race', 'remind', 'interrupt', 'aside'), by, part }),
      fc.record({
        kind: fc.constantFrom<'error' | 'escalate' | 'mention' | 'call' | 'signal' | 'terminate' | 'both'>(
          'error',
          'escalate',
          'mention',
          'call',
          'signal',
          'terminate',
          'both',
        ),
        part,
      }),
    ),
  }
})

interface Drawn {
  xml: string
  first: string
  last: string
}

/** Draws blocks as XML; each has one entry and one exit element. */
export class Drawing {
  private next = 0
  private readonly prefix: string
  private readonly roots: string[] = []
  /** Called processes, by id. */
  readonly called: Record<string, string> = {}
  /** Conditional events look at these. */
  readonly variables: Variables = {}

  private readonly waitFor: string

  /** `waitFor`: how long an intermediate timer event takes. */
  constructor(prefix: string, waitFor = 'P1D') {
    this.prefix = prefix
    this.waitFor = waitFor
  }

  /** The file of the process itself. */
  process(shape: Block): string {
    return this.file(this.prefix, this.draw(shape))
  }

  private file(id: string, { xml, first, last }: Drawn): string {
    return file(
      `${this.roots.join('')}<process id="${id}" isExecutable="true"><startEvent id="${id}s"/><endEvent id="${id}e"/>${xml}${this.flow(`${id}s`, first)}${this.flow(last, `${id}e`)}</process>`,
    )
  }

  private id(kind: string): string {
    return `${this.prefix}${kind}${++this.next}`
  }

  private flow(from: string, to: string, condition?: string): string {
    return flow(from, to, condition, this.id('f'))
  }

  private task(attributes = '', inner = ''): Drawn {
    const id = this.id('t')
    return { xml: `<userTask id="${id}" name="${id}" ${attributes}>${inner}</userTask>`, first: id, last: id }
  }

  private element(kind: string, attributes = '', inner = ''): Drawn {
    const id = this.id('n')
    return { xml: `<${kind} id="${id}" ${attributes}>${inner}</${kind}>`, first: id, last: id }
  }

  private chain(...parts: Drawn[]): Drawn {
    const joints = parts.slice(1).map((part, index) => this.flow(parts[index]!.last, part.first))
    return { xml: [...parts.map(({ xml }) => xml), ...joints].join(''), first: parts[0]!.first, last: parts.at(-1)!.last }
  }

  private scope(kind: string, inside: Drawn, attributes = '', more = ''): Drawn {
    const begin = this.element('startEvent')
    const { xml } = this.chain(begin, inside)
    return this.element(kind, attributes, xml + more)
  }

  /** The definition of an event, with what it refers to. */
  private event(trigger: Trigger, duration = 'P1D'): string {
    const name = this.id(trigger[0]!)
    if (trigger === 'timer') return `<timerEventDefinition><timeDuration>${duration}</timeDuration></timerEventDefinition>`
    if (trigger === 'condition') {
      this.variables[name] = false
      return `<conditionalEventDefinition><condition>=${name}</condition></conditionalEventDefinition>`
    }
    this.roots.push(`<${trigger} id="${name}" name="${name}"/>`)
    return `<${trigger}EventDefinition ${trigger}Ref="${name}"/>`
  }

  private coded(kind: 'error' | 'escalation'): string {
    const name = this.id('x')
    this.roots.push(`<${kind} id="${name}" name="${name}" ${kind}Code="${name}"/>`)
    return `<${kind}EventDefinition ${kind}Ref="${name}"/>`
  }

  /** `boundary`, and what follows it; `isJoined`: the way out of the host and of the event meet again. */
  private withBoundary(host: Drawn, definition: string, isInterrupting: boolean, isJoined: boolean, hasExit = true): Drawn {
    const event = this.element('boundaryEvent', `attachedToRef="${host.first}" cancelActivity="${isInterrupting}"`, definition)
    const aside = this.chain(event, this.task())
    if (!isJoined) return { ...host, xml: host.xml + aside.xml }
    const join = this.element('exclusiveGateway')
    const ways = (hasExit ? this.flow(host.last, join.first) : '') + this.flow(aside.last, join.first)
    return { xml: host.xml + aside.xml + join.xml + ways, first: host.first, last: join.last }
  }

  draw(shape: Block): Drawn {
    switch (shape.kind) {
      case 'task':
        return this.task()
      case 'script':
        return this.element(
          'scriptTask',
          '',
          '<extensionElements><zeebe:script expression="=1 + 1" resultVariable="two"/></extensionElements>',
        )
      case 'link':
        return this.link()
      case 'service':
        return this.element('serviceTask', '', '<extensionElements><zeebe:taskDefinition type="random"/></extensionElements>')
      case 'sequence':
        return this.chain(...shape.parts.map((part) => this.draw(part)))
      case 'sub':
      case 'transaction':
        return this.scope(shape.kind === 'sub' ? 'subProcess' : 'transaction', this.chain(...shape.parts.map((part) => this.draw(part))))
      case 'and':
      case 'xor':
      case 'or':
        return this.gateways(shape)
      case 'many':
        return this.many(shape)
      case 'loop':
        return this.task('', `<standardLoopCharacteristics loopMaximum="${shape.count}"/>`)
      case 'adHoc':
        return this.element('adHocSubProcess', '', Array.from({ length: shape.count }, () => this.task().xml).join(''))
      case 'wait':
        return this.element('intermediateCatchEvent', '', this.event(shape.by, this.waitFor))
      case 'choice':
        return this.choice(shape)
      case 'undo':
      case 'cancel':
        return this.compensated(shape)
      default:
        return this.reactive(shape)
    }
  }

  private link(): Drawn {
    const name = this.id('l')
    const from = this.element('intermediateThrowEvent', '', `<linkEventDefinition name="${name}"/>`)
    const to = this.element('intermediateCatchEvent', '', `<linkEventDefinition name="${name}"/>`)
    return { xml: from.xml + to.xml, first: from.first, last: to.last }
  }

  private gateways(shape: Extract<Block, { kind: 'and' | 'xor' | 'or' }>): Drawn {
    const type = { and: 'parallelGateway', or: 'inclusiveGateway', xor: 'exclusiveGateway' }[shape.kind]
    const [split, join] = [this.element(type), this.element(type)]
    const parts = shape.parts.map((part) => this.draw(part))
    const isTaken = (index: number): boolean => {
      if (shape.kind === 'xor') return index === shape.taken % parts.length
      // At least the first.
      return index === 0 || (shape.taken & (1 << index)) !== 0
    }
    const joints = parts.map(
      (part, index) =>
        this.flow(split.first, part.first, shape.kind === 'and' ? undefined : String(isTaken(index))) + this.flow(part.last, join.first),
    )
    return { xml: [split.xml, join.xml, ...parts.map(({ xml }) => xml), ...joints].join(''), first: split.first, last: join.last }
  }

  private many({ count, isSequential, stopAfter, part }: Extract<Block, { kind: 'many' }>): Drawn {
    const stop = stopAfter <= count ? `<completionCondition>=numberOfCompletedInstances &gt;= ${stopAfter}</completionCondition>` : ''
    const loop = `<multiInstanceLoopCharacteristics isSequential="${isSequential}"><loopCardinality>${count}</loopCardinality>${stop}</multiInstanceLoopCharacteristics>`
    return part.kind === 'task' ? this.task('', loop) : this.scope('subProcess', this.draw(part), '', loop)
  }

  private choice({ parts, by: triggers }: Extract<Block, { kind: 'choice' }>): Drawn {
    const [gateway, join] = [this.element('eventBasedGateway'), this.element('exclusiveGateway')]
    const ways = parts.map((part, index) =>
      this.chain(this.element('intermediateCatchEvent', '', this.event(triggers[index]!)), this.draw(part)),
    )
    const joints = ways.map((way) => this.flow(gateway.first, way.first) + this.flow(way.last, join.first))
    return { xml: [gateway.xml, join.xml, ...ways.map(({ xml }) => xml), ...joints].join(''), first: gateway.first, last: join.last }
  }

  /** A task with a handler that is a task as well. */
  private undoable(): Drawn {
    const [task, handler] = [this.task(), this.task('isForCompensation="true"')]
    const event = this.element('boundaryEvent', `attachedToRef="${task.first}"`, '<compensateEventDefinition/>')
    const association = `<association id="${this.id('a')}" sourceRef="${event.first}" targetRef="${handler.first}"/>`
    return { ...task, xml: task.xml + handler.xml + event.xml + association }
  }

  private compensated({ kind, parts }: Extract<Block, { kind: 'undo' | 'cancel' }>): Drawn {
    const done = parts.flatMap((part) => [this.draw(part), this.undoable()])
    if (kind === 'undo') {
      const scope = this.scope('subProcess', this.chain(...done))
      const thrown = this.element('intermediateThrowEvent', '', `<compensateEventDefinition activityRef="${scope.first}"/>`)
      return this.chain(scope, thrown)
    }
    const scope = this.scope('transaction', this.chain(...done, this.element('endEvent', '', '<cancelEventDefinition/>')))
    return this.withBoundary(scope, '<cancelEventDefinition/>', true, true, false)
  }

  private reactive(shape: Extract<Block, { part: Block; kind: Exclude<Block['kind'], 'many'> }>): Drawn {
    const part = this.draw(shape.part)
    switch (shape.kind) {
      case 'race':
        return this.withBoundary(this.scope('subProcess', part), this.event(shape.by), true, true)
      case 'remind':
        return this.withBoundary(this.scope('subProcess', part), this.event(shape.by), false, false)
      case 'interrupt':
      case 'aside': {
        const start = this.element('startEvent', `isInterrupting="${shape.kind === 'interrupt'}"`, this.event(shape.by))
        const handler = this.element('subProcess', 'triggeredByEvent="true"', this.chain(start, this.task()).xml)
        return this.scope('subProcess', part, '', handler.xml)
      }
      case 'error': {
        const code = this.coded('error')
        return this.withBoundary(this.scope('subProcess', this.chain(part, this.element('endEvent', '', code))), code, true, true, false)
      }
      case 'escalate':
      case 'mention': {
        const code = this.coded('escalation')
        const inside = this.chain(part, this.element('intermediateThrowEvent', '', code), this.task())
        return this.withBoundary(this.scope('subProcess', inside), code, shape.kind === 'escalate', shape.kind === 'escalate')
      }
      case 'call': {
        const id = this.id('q')
        this.called[id] = this.file(id, part)
        return this.element('callActivity', '', `<extensionElements><zeebe:calledElement processId="${id}"/></extensionElements>`)
      }
      case 'signal': {
        const definition = this.event('signal')
        const [split, join] = [this.element('parallelGateway'), this.element('parallelGateway')]
        const caught = this.element('intermediateCatchEvent', '', definition)
        const thrown = this.chain(part, this.element('intermediateThrowEvent', '', definition))
        const ways = [caught, thrown].map((way) => this.flow(split.first, way.first) + this.flow(way.last, join.first))
        return { xml: [split.xml, join.xml, caught.xml, thrown.xml, ...ways].join(''), first: split.first, last: join.last }
      }
      case 'terminate': {
        const [split, other] = [this.element('parallelGateway'), this.task()]
        const ended = this.chain(part, this.element('endEvent', '', '<terminateEventDefinition/>'))
        const ways = this.flow(split.first, ended.first) + this.flow(split.first, other.first)
        return this.scope('subProcess', { xml: split.xml + other.xml + ended.xml + ways, first: split.first, last: other.last })
      }
      case 'both': {
        const both = this.element('intermediateCatchEvent', 'parallelMultiple="true"', this.event('message') + this.event('signal'))
        return this.chain(part, both)
      }
    }
  }
}

/** How often a boundary event or event sub-process may be triggered in all: what does not interrupt could be for ever. */
const ASIDE_BUDGET = 6

/** What triggers a wait. Null: nothing that a driver can do. */
function triggerOf(wait: Wait, state: EngineState, at: number): Input | null {
  const base = { at, variables: {} }
  if (wait.kind === 'task') return { ...base, type: 'completeTask', waitId: wait.waitId }
  if (wait.kind === 'job') return { ...base, type: 'jobCompleted', waitId: wait.waitId }
  if (wait.kind === 'timer') return { at, type: 'timerFired', waitId: wait.waitId }
  if (wait.kind === 'message') return { ...base, type: 'message', name: wait.name }
  if (wait.kind === 'signal') return { ...base, type: 'signal', name: wait.name }
  if (wait.kind !== 'conditional') return null
  const scope = processAround(state, wait.ownerKey)
  const waiting = Object.entries(scope.variables ?? {}).flatMap(([name, value]) => (value === false ? [[name, true]] : []))
  if (waiting.length === 0) return null
  const isRoot = scope.key === state.rootKey
  return { at, type: 'setVariables', variables: Object.fromEntries(waiting) as Variables, ...(isRoot ? {} : { scopeKey: scope.key }) }
}

/** The instance's own scope, or that of a called process. */
function processAround(state: EngineState, key: string): EngineState['activations'][string] {
  let at = state.activations[key]!
  while (at.elementId !== at.processId && at.parentKey !== null) at = state.activations[at.parentKey]!
  return at
}

/** Of the intermediate timer events that wait, the one that is due first; of several the oldest. */
function earliestTimer(state: EngineState): string | null {
  const timers = Object.values(state.waits).flatMap((wait) => (wait.kind === 'timer' && wait.role === 'self' ? [wait] : []))
  const [first] = timers.sort((one, other) => one.dueAt - other.dueAt)
  return first?.waitId ?? null
}

/** The next stimulus for a state, picked by `pick`. Null: nothing is left to do. */
export class Driver {
  private budget = ASIDE_BUDGET
  private readonly kinds: ReadonlySet<string>

  private readonly isPunctual: boolean

  /** `isPunctual`: an intermediate timer event fires before anything else is done, though timers are among `without`. */
  constructor(without: readonly Wait['kind'][] = [], isPunctual = false) {
    this.kinds = new Set(without)
    this.isPunctual = isPunctual
  }

  next(state: EngineState, pick: number, at: number): Input | null {
    const due = this.isPunctual ? earliestTimer(state) : null
    if (due !== null) return { at, type: 'timerFired', waitId: due }
    const possible = Object.values(state.waits).filter(
      (wait) => !this.kinds.has(wait.kind) && (this.budget > 0 || wait.role === 'self' || wait.role === 'gateway'),
    )
    if (possible.length === 0) return null
    const wait = possible[pick % possible.length]!
    if (wait.role === 'boundary' || wait.role === 'eventSubProcess') this.budget--
    return triggerOf(wait, state, at) ?? this.forced(possible, state, at)
  }

  /** A condition whose variable is true already cannot be written again: any other wait. */
  private forced(possible: Wait[], state: EngineState, at: number): Input | null {
    for (const wait of possible) {
      const input = triggerOf(wait, state, at)
      if (input) return input
    }
    return null
  }
}

export interface Played {
  inputs: Input[]
  /** Facts told after each input. */
  told: number[]
  facts: EngineFact[]
  state: EngineState
}

/** `pass` sees each state before it is used again. At most `limit` inputs; `from` given: goes on from that state. */
export function playRandom(
  program: Program,
  variables: Variables,
  picks: number[],
  driver: Driver,
  pass: (state: EngineState) => EngineState,
  limit = 3_000,
  from: EngineState | null = null,
): Played {
  const EPOCH = Date.UTC(2026, 0, 5, 8)
  const facts: EngineFact[] = []
  const inputs: Input[] = []
  const told: number[] = []
  let state = from
  let input: Input | null = state === null ? { type: 'start', at: EPOCH, variables } : driver.next(state, picks[0] ?? 0, EPOCH)
  for (let turn = 0; turn <= limit && input; turn++) {
    inputs.push(input)
    const result = advance(program, state, input)
    if (!result.ok) throw new Error(`${JSON.stringify(input)}: ${JSON.stringify(result.refusal)}`)
    facts.push(...result.facts)
    told.push(facts.length)
    state = pass(result.state)
    input = state.isEnded ? null : driver.next(state, picks[turn % picks.length] ?? 0, EPOCH + turn)
  }
  return { inputs, told, facts, state: state! }
}
