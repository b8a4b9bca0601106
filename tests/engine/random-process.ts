/**
 * Random block-structured processes with every construct, drawn as BPMN. Used by the pure properties and by the same processes on a real Temporal server.
 */
import fc from 'fast-check'
import type { Occurrence, Variables } from '#engine/contract'
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

/** How an instance begins: a none start event, all parts of a start event, all events after a gateway. */
export type Beginning = 'none' | 'bothStart' | 'parallelGateway'
export const beginning = fc.constantFrom<Beginning>('none', 'none', 'none', 'bothStart', 'parallelGateway')

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
  /** Begun by a message: its element and its name. */
  begunBy: { elementId: string; name: string } | null = null

  private readonly waitFor: string

  /** `waitFor`: how long an intermediate timer event takes. */
  constructor(prefix: string, waitFor = 'P1D') {
    this.prefix = prefix
    this.waitFor = waitFor
  }

  /** The file of the process itself. */
  process(shape: Block, begins: Beginning = 'none'): string {
    return this.file(this.prefix, this.draw(shape), this.begin(this.prefix, begins))
  }

  private file(id: string, { xml, first, last }: Drawn, begins = this.begin(id, 'none')): string {
    return file(
      `${this.roots.join('')}<process id="${id}" isExecutable="true">${begins.xml}<endEvent id="${id}e"/>${xml}${this.flow(begins.last, first)}${this.flow(last, `${id}e`)}</process>`,
    )
  }

  private begin(id: string, begins: Beginning): Drawn {
    const startId = `${id}s`
    if (begins === 'none') return { xml: `<startEvent id="${startId}"/>`, first: startId, last: startId }
    const parts = (['message', 'signal', 'message'] as const).map((trigger) => this.event(trigger))
    const begun = (elementId: string): void => {
      this.begunBy = { elementId, name: /messageRef="(\w+)"/.exec(parts[0]!)![1]! }
    }
    if (begins === 'bothStart') {
      begun(startId)
      return { xml: `<startEvent id="${startId}" parallelMultiple="true">${parts.join('')}</startEvent>`, first: startId, last: startId }
    }
    const events = parts.map((part) => this.element('intermediateCatchEvent', '', part))
    const join = this.element('parallelGateway')
    begun(events[0]!.first)
    const ways = events.map((event) => this.flow(startId, event.first) + this.flow(event.last, join.first))
    const gateway = `<eventBasedGateway id="${startId}" instantiate="true" eventGatewayType="Parallel"/>`
    return { xml: [gateway, join.xml, ...events.map(({ xml }) => xml), ...ways].join(''), first: startId, last: join.last }
  }

  /** What a start needs to know of the message that begins it. */
  get start(): { startElementId?: string; occurrence?: Occurrence } {
    if (!this.begunBy) return {}
    const { elementId, name } = this.begunBy
    return { startElementId: elementId, occurrence: { type: 'message', name, correlationKey: null } }
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
