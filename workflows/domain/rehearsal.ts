/**
 * A ticket's life on a virtual clock: engine and desk as in the durable shell, without a world. For simulation, for the history
 * of the demonstration, and for the tests. Jobs succeed at once, unless they are held.
 */
import { advance, type EngineState, openTasks, snapshot } from '#engine/advance'
import type { Effect, Input, OpenTask, Refusal, Variables } from '#engine/contract'
import type { Fact } from '#schema/fact'
import { systemActor } from '#schema/role'
import type { TicketOpening } from '#schema/ticket'
import type { Bundle } from './bundle.ts'
import { type DeskState, type DeskStep, openDesk, stepDesk, wakeDesk } from './desk/index.ts'

export type Job = Extract<Effect, { type: 'runJob' }>
type Timeless<T> = T extends unknown ? Omit<T, 'at'> : never
export type TimelessInput = Timeless<Input>

/** Turns of engine and desk after one input before the two are held to be chasing one another. */
const turnLimit = 100

export class Rehearsal {
  /** Virtual now, UTC epoch ms. */
  at: number
  /** All facts so far, the opening first, each with who caused it. */
  readonly record: { actorId: string; fact: Fact }[] = []
  readonly jobs: Job[] = []
  readonly bundle: Bundle
  desk: DeskState
  /** Jobs wait for `doJobs` while it is true. */
  isHolding = false
  #engine: EngineState | null = null
  readonly #timers = new Map<string, number>()
  #pending: Job[] = []
  #deskDueAt: number | null
  #actorId: string
  readonly #work: (job: Job) => Variables

  /** @param work what a job answers with */
  constructor(bundle: Bundle, opening: TicketOpening, at: number, work: (job: Job) => Variables = () => ({})) {
    this.#work = work
    this.bundle = bundle
    this.at = at
    this.#actorId = opening.openedById
    this.#keep([{ type: 'ticketOpened', at, opening }])
    const opened = openDesk(bundle, opening, at)
    this.desk = opened.desk
    this.#deskDueAt = opened.dueAt
    this.#keep(opened.facts)
    const refusal = this.put({ type: 'start', variables: opened.variables }, opening.openedById)
    if (refusal) throw new Error(`expected the process to start, found ${refusal.code}: ${refusal.message}`)
  }

  get state(): EngineState {
    if (!this.#engine) throw new Error('expected a started instance, found none')
    return this.#engine
  }
  get isEnded(): boolean {
    return this.state.isEnded
  }
  get tasks(): OpenTask[] {
    return openTasks(this.state)
  }
  get variables(): Variables {
    return snapshot(this.state).variables
  }
  /** When something happens by itself; null: never. */
  get nextDueAt(): number | null {
    const next = Math.min(this.#deskDueAt ?? Number.POSITIVE_INFINITY, ...this.#timers.values())
    return Number.isFinite(next) && !this.isEnded ? next : null
  }

  /** One input, now, to quiescence, jobs included. A refusal changes nothing. */
  put(input: TimelessInput, actorId: string = systemActor.id): Refusal | null {
    this.#actorId = actorId
    const refusal = this.#put({ ...input, at: this.at } as Input)
    this.doJobs()
    return refusal
  }

  /** A fact that is not the token game's: a message, a survey answer. */
  note(fact: Fact, actorId: string): void {
    this.#actorId = actorId
    this.#keep([fact])
    if (this.isEnded) return
    this.#settle([fact])
    this.doJobs()
  }

  doJobs(): void {
    while (!this.isHolding && this.#pending.length > 0) {
      const job = this.#pending.shift() as Job
      this.#actorId = systemActor.id
      this.#put({ type: 'jobCompleted', at: this.at, waitId: job.waitId, variables: this.#work(job) })
    }
  }

  /** Moves the clock on, firing what comes due, in order. */
  goTo(at: number): void {
    for (let next = this.nextDueAt; next !== null && next <= at; next = this.nextDueAt) {
      this.at = Math.max(this.at, next)
      const timer = [...this.#timers].find(([, dueAt]) => dueAt === next)
      if (timer) {
        this.#timers.delete(timer[0])
        this.put({ type: 'timerFired', waitId: timer[0] })
        continue
      }
      this.#actorId = systemActor.id
      const step = wakeDesk(this.bundle, this.desk, this.at)
      if (step.dueAt !== null && step.dueAt <= this.at)
        throw new Error('expected the desk to move on, found it due at the same instant again')
      this.#settle(this.#take(step))
      this.doJobs()
    }
    this.at = Math.max(this.at, at)
  }

  task(elementId: string): OpenTask | undefined {
    return this.tasks.find((task) => task.elementId === elementId)
  }

  #put(input: Input): Refusal | null {
    const facts: Fact[] = []
    const refusal = this.#advance(input, facts)
    if (refusal === null) this.#settle(facts)
    return refusal
  }

  #advance(input: Input, facts: Fact[]): Refusal | null {
    const result = advance(this.bundle, this.#engine, input)
    if (!result.ok) return result.refusal
    this.#engine = result.state
    this.#keep(result.facts)
    facts.push(...result.facts)
    for (const effect of result.effects) this.#perform(effect)
    return null
  }

  #perform(effect: Effect): void {
    if (effect.type === 'startTimer') this.#timers.set(effect.waitId, effect.dueAt)
    else if (effect.type === 'cancelTimer') this.#timers.delete(effect.waitId)
    else if (effect.type === 'cancelJob') this.#pending = this.#pending.filter((job) => job.waitId !== effect.waitId)
    else if (effect.type === 'runJob') {
      this.jobs.push(effect)
      this.#pending.push(effect)
    }
  }

  #settle(first: readonly Fact[]): void {
    let facts = first
    for (let turn = 0; facts.length > 0; turn++) {
      if (turn > turnLimit) throw new Error(`expected engine and desk to come to rest within ${turnLimit} turns, found them still going`)
      facts = this.#take(stepDesk(this.bundle, this.desk, facts, this.at))
    }
  }

  #take(step: DeskStep): Fact[] {
    this.desk = step.desk
    this.#deskDueAt = step.dueAt
    this.#keep(step.facts)
    const facts: Fact[] = []
    for (const input of step.inputs) if (!this.isEnded) this.#advance(input, facts)
    return facts
  }

  #keep(facts: readonly Fact[]): void {
    for (const fact of facts) this.record.push({ actorId: this.#actorId, fact })
  }
}
