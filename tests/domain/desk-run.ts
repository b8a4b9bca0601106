/** Engine and desk on a virtual clock: what the durable shell does, without a world. Jobs are done at once unless held. */
import type { Bundle } from '#domain/bundle'
import { type DeskState, type DeskStep, openDesk, stepDesk, wakeDesk } from '#domain/desk/index'
import { advance, type EngineState, openTasks, snapshot } from '#engine/advance'
import type { Effect, Input, OpenTask, Variables } from '#engine/contract'
import type { Fact, FactOf, FactType } from '#schema/fact'
import type { TicketOpening } from '#schema/ticket'

type Job = Extract<Effect, { type: 'runJob' }>
type Timeless<T> = T extends unknown ? Omit<T, 'at'> : never

export class DeskRun {
  at: number
  readonly facts: Fact[] = []
  readonly jobs: Job[] = []
  readonly bundle: Bundle
  desk: DeskState
  #engine: EngineState | null = null
  #timers = new Map<string, number>()
  #pending: Job[] = []
  #deskDueAt: number | null
  isHolding = false

  constructor(bundle: Bundle, opening: TicketOpening, at: number) {
    this.bundle = bundle
    this.at = at
    const opened = openDesk(bundle, opening, at)
    this.desk = opened.desk
    this.#deskDueAt = opened.dueAt
    this.facts.push(...opened.facts)
    this.put({ type: 'start', variables: opened.variables })
  }

  get state(): EngineState {
    if (!this.#engine) throw new Error('expected a started instance')
    return this.#engine
  }
  get tasks(): OpenTask[] {
    return openTasks(this.state)
  }
  get variables(): Variables {
    return snapshot(this.state).variables
  }
  get status(): string {
    return this.desk.fields.status
  }
  get activeElements(): string[] {
    return snapshot(this.state).active.filter((a) => a.elementId !== 'incident').map((a) => a.elementId)
  }

  /** One input to quiescence, jobs included; the refusal's code when the engine refuses it. */
  put(input: Timeless<Input>): string | null {
    const refusal = this.#put({ ...input, at: this.at } as Input)
    this.doJobs()
    return refusal
  }

  note(fact: Fact): void {
    this.facts.push(fact)
    this.#settle([fact])
    this.doJobs()
  }

  doJobs(): void {
    while (!this.isHolding && this.#pending.length > 0) {
      const job = this.#pending.shift() as Job
      this.#put({ type: 'jobCompleted', at: this.at, waitId: job.waitId, variables: {} })
    }
  }

  /** Moves the clock, firing what comes due, in order. */
  goTo(at: number): void {
    for (;;) {
      const next = Math.min(this.#deskDueAt ?? Infinity, ...this.#timers.values())
      if (next > at) break
      this.at = Math.max(this.at, next)
      const timer = [...this.#timers].find(([, dueAt]) => dueAt === next)
      if (timer) {
        this.#timers.delete(timer[0])
        this.put({ type: 'timerFired', waitId: timer[0] })
      } else {
        const step = wakeDesk(this.bundle, this.desk, this.at)
        if (step.dueAt !== null && step.dueAt <= this.at) throw new Error('expected the desk to move on, found it due at the same instant')
        this.#settle(this.#take(step))
        this.doJobs()
      }
    }
    this.at = at
  }

  complete(elementId: string, variables: Variables): string | null {
    return this.put({ type: 'completeTask', waitId: this.task(elementId).waitId, variables })
  }
  assign(elementId: string, assignee: string | null): string | null {
    return this.put({ type: 'assignTask', waitId: this.task(elementId).waitId, assignee })
  }
  message(name: string, variables: Variables = {}): string | null {
    return this.put({ type: 'message', name, variables })
  }
  task(elementId: string): OpenTask {
    const task = this.tasks.find((t) => t.elementId === elementId)
    if (!task) throw new Error(`expected an open task ${elementId}, found ${this.tasks.map((t) => t.elementId).join(', ') || 'none'}; active: ${this.activeElements.join(', ')}; stalls: ${JSON.stringify(snapshot(this.state).stalls)}`)
    return task
  }
  of<T extends FactType>(...types: T[]): FactOf<T>[] {
    return this.facts.filter((fact): fact is FactOf<T> => (types as FactType[]).includes(fact.type))
  }
  /** Fields' histories, such as `new > assigned > resolved`. */
  history(field: string): string {
    const changes = this.of('ticketChanged').filter((fact) => fact.field === field)
    return changes.length === 0 ? '' : [changes[0]?.from, ...changes.map((change) => change.to)].map(String).join(' > ')
  }
  /** Templates sent, with whom to. */
  get sent(): string[] {
    return this.jobs.map((job) => `${job.headers.template} to ${job.headers.to}`)
  }

  #put(input: Input): string | null {
    const facts: Fact[] = []
    const refusal = this.#advance(input, facts)
    if (refusal === null) this.#settle(facts)
    return refusal
  }

  #advance(input: Input, facts: Fact[]): string | null {
    const result = advance(this.bundle, this.#engine, input)
    if (!result.ok) return result.refusal.code
    this.#engine = result.state
    this.facts.push(...result.facts)
    facts.push(...result.facts)
    for (const effect of result.effects) {
      if (effect.type === 'startTimer') this.#timers.set(effect.waitId, effect.dueAt)
      else if (effect.type === 'cancelTimer') this.#timers.delete(effect.waitId)
      else if (effect.type === 'runJob') {
        this.jobs.push(effect)
        this.#pending.push(effect)
      } else if (effect.type === 'cancelJob') this.#pending = this.#pending.filter((job) => job.waitId !== effect.waitId)
    }
    return null
  }

  #settle(first: Fact[]): void {
    let facts = first
    for (let turn = 0; ; turn++) {
      if (turn > 20) throw new Error('expected engine and desk to come to rest, found them chasing one another')
      facts = this.#take(stepDesk(this.bundle, this.desk, facts, this.at))
      if (facts.length === 0) return
    }
  }

  #take(step: DeskStep): Fact[] {
    this.desk = step.desk
    this.#deskDueAt = step.dueAt
    this.facts.push(...step.facts)
    const facts: Fact[] = []
    for (const input of step.inputs) this.#advance(input, facts)
    return facts
  }
}
