import type { Bundle } from '#domain/bundle'
import { interestedIn } from '#domain/approval'
import { type DeskState, openDesk, stepDesk, wakeDesk } from '#domain/desk/index'
import { deskTypeOf, onSiteRefusal, sendsNobody } from '#domain/desk-type'
import type { TicketAccess } from '#domain/permissions'
import { changePolicies, type PolicyChange } from '#domain/recompute'
import { advance, type EngineState, openTasks, snapshot } from '#engine/advance'
import type { Advance, Effect, Input, OpenTask, Refusal } from '#engine/contract'
import type { Fact } from '#schema/fact'
import { systemActor } from '#schema/role'
import type { FlushInput, InstanceInput, InstanceMove, InstanceSnapshot, InstanceStart } from '../protocol.ts'
import { type Moved, renameKeys, tryMove } from './move.ts'
import type { CommandRefusal } from './refusal.ts'

/** Turns of engine and desk after one stimulus before the two are held to be chasing one another. */
const turnLimit = 100
/** Timers fired in one wake-up; the rest follow in the next, so that a short cycle cannot hold the worker. */
const firingLimit = 500

/** What continue-as-new carries. Timers keep their instants. */
export interface CarriedInstance {
  engine: EngineState
  /** Null: the process is no ticket's. */
  desk: DeskState | null
  timers: [waitId: string, dueAt: number][]
  deskDueAt: number | null
  /** Since when each activation is alive. */
  since: [key: string, at: number][]
}

/** All that a stimulus may change, to go back to. Engine and desk states are replaced, never altered. */
export interface Checkpoint {
  bundle: Bundle
  version: Pick<InstanceInput, 'bundleHash' | 'processVersion'>
  engine: EngineState | null
  desk: DeskState | null
  sequence: number
  timers: [waitId: string, dueAt: number][]
  since: [key: string, at: number][]
  deskDueAt: number | null
}

/** Work for the world, handed out only after the facts that led to it are stored. */
export type WorldEffect = Exclude<Effect, { type: 'startTimer' | 'cancelTimer' }>
export interface Batch {
  flush: FlushInput
  effects: WorldEffect[]
}

const startAt = (start: InstanceStart | undefined): Pick<Extract<Input, { type: 'start' }>, 'startElementId' | 'occurrence'> => {
  if (start === undefined || start.elementId === null) return {}
  return { startElementId: start.elementId, ...(start.occurrence ? { occurrence: start.occurrence } : {}) }
}

/**
 * One process instance without its shell: engine and desk driven to quiescence, facts numbered and buffered. Pure but for its own
 * fields; time is passed in. The shell (process-instance.ts) stores the batches and performs the effects.
 */
export class Instance {
  #bundle: Bundle
  #version: Pick<InstanceInput, 'bundleHash' | 'processVersion'>
  readonly #streamId: string
  #engine: EngineState | null = null
  #desk: DeskState | null = null
  #sequence: number
  #rehearsal: { token: string; at: number; from: EngineState; result: Advance<EngineState> } | null = null
  #facts: FlushInput['facts'] = []
  #effects: WorldEffect[] = []
  readonly #timers = new Map<string, number>()
  readonly #since = new Map<string, number>()
  #deskDueAt: number | null = null

  constructor(
    bundle: Bundle,
    input: Pick<InstanceInput, 'ticketId' | 'sequence' | 'bundleHash' | 'processVersion'>,
    carried?: CarriedInstance,
  ) {
    this.#bundle = bundle
    this.#version = { bundleHash: input.bundleHash, processVersion: input.processVersion }
    this.#streamId = input.ticketId
    this.#sequence = input.sequence
    if (carried === undefined) return
    this.#engine = carried.engine
    this.#desk = carried.desk
    for (const [waitId, dueAt] of carried.timers) this.#timers.set(waitId, dueAt)
    for (const [key, at] of carried.since) this.#since.set(key, at)
    this.#deskDueAt = carried.deskDueAt
  }

  /** Number of the last fact, stored or still buffered. */
  get sequence(): number {
    return this.#sequence
  }

  get engine(): EngineState {
    if (this.#engine === null) throw new Error('expected an opened instance, found one without engine state')
    return this.#engine
  }

  /** What it runs by now; a migration changes it. */
  get version(): Pick<InstanceInput, 'bundleHash' | 'processVersion'> {
    return this.#version
  }

  get isEnded(): boolean {
    return this.engine.isEnded
  }

  get openTasks(): OpenTask[] {
    return openTasks(this.engine)
  }

  get hasUnstored(): boolean {
    return this.#facts.length > 0 || this.#effects.length > 0
  }

  /** What the permission rules look at. An instance without a ticket is nobody's: those who may see to any ticket see to it. */
  get ticket(): TicketAccess {
    if (this.#desk === null) return { requesterId: '', groupId: null, assigneeId: null, status: 'inProgress', openTasks: this.openTasks }
    const { requesterId, groupId, assigneeId, status } = this.#desk.fields
    const deskType = deskTypeOf(this.#desk.fields.deskType)
    const interested = interestedIn(requesterId, snapshot(this.engine).variables)
    return { requesterId, groupId, assigneeId, status, deskType, interested, openTasks: this.openTasks }
  }

  /** The earliest instant at which something is due by itself: an engine timer or a service level clock. */
  get nextDueAt(): number | null {
    let next = this.#deskDueAt
    for (const dueAt of this.#timers.values()) if (next === null || dueAt < next) next = dueAt
    return next
  }

  snapshot(): InstanceSnapshot {
    return { sequence: this.#sequence, ...this.#live(), openTasks: this.openTasks, variables: snapshot(this.engine).variables }
  }

  /** Starts the process and the ticket's clocks. The opening itself (fact 1) was stored by intake. Without a ticket, the process alone. */
  open({ opening, openedAt, start }: Pick<InstanceInput, 'opening' | 'openedAt' | 'start'>, at: number): void {
    if (opening === null) {
      this.#openWithoutTicket(start, at)
      return
    }
    const opened = openDesk(this.#bundle, opening, openedAt)
    this.#desk = opened.desk
    this.#record(opened.facts, opening.openedById)
    const facts: Fact[] = []
    const refusal = this.#advance({ type: 'start', at, variables: opened.variables, ...startAt(start) }, opening.openedById, facts)
    if (refusal !== null) throw new Error(`expected the process to start, found ${refusal.code}: ${refusal.message}`)
    facts.push(...this.#take({ ...opened, facts: [] }, systemActor.id))
    this.#settle(facts, at, opening.openedById)
  }

  #openWithoutTicket(start: InstanceStart | undefined, at: number): void {
    if (start === undefined) throw new Error('expected an opening or a start, found neither')
    const input: Input = { type: 'start', at, variables: start.variables, ...startAt(start) }
    const refusal = this.#advance(input, start.startedById, [])
    if (refusal !== null) throw new Error(`expected the process to start, found ${refusal.code}: ${refusal.message}`)
  }

  /** One stimulus to quiescence. A refusal changes nothing. `token`: it may have been rehearsed under this name. */
  apply(input: Input, actorId: string, token?: string): CommandRefusal | null {
    const facts: Fact[] = []
    // a person's action must not lead where the ticket's desk does not go (what comes by itself is refused when somebody takes it up)
    const forbidden = token !== undefined && sendsNobody(this.ticket.deskType) ? this.rehearse(input, token) : null
    const refusal = forbidden ?? this.#advance(input, actorId, facts, token)
    if (refusal !== null) return refusal
    this.#settle(facts, input.at, actorId)
    return null
  }

  /**
   * Whether the engine would take `input` now; nothing changes. The answer is kept under `token` until the state moves, so that an
   * update that is validated and then carried out is computed once. (Replays do not validate; they compute it then.)
   */
  rehearse(input: Input, token: string): CommandRefusal | null {
    const result = advance(this.#bundle, this.#engine, input)
    this.#rehearsal = { token, at: input.at, from: this.engine, result }
    if (!result.ok) return result.refusal
    const found = onSiteRefusal(this.ticket.deskType, result.facts)
    return found && { code: found.code, message: found.message, elementId: found.value }
  }

  /** Whether the instance could go on in `bundle` now; nothing changes. */
  rehearseMove(bundle: Bundle | undefined, move: InstanceMove, at: number): CommandRefusal | null {
    const tried = tryMove(this.#bundle, this.#version, this.engine, bundle, move, at)
    return tried.ok ? null : tried.refusal
  }

  /** Goes on in another version of the process. A refusal changes nothing. */
  move(bundle: Bundle | undefined, move: InstanceMove, at: number, actorId: string): CommandRefusal | null {
    const tried = tryMove(this.#bundle, this.#version, this.engine, bundle, move, at)
    if (!tried.ok) return tried.refusal
    const { result } = tried
    this.#rehearsal = null
    this.#bundle = tried.bundle
    this.#version = { bundleHash: move.toHash, processVersion: move.toVersion }
    if (this.#desk !== null) this.#desk = { ...this.#desk, inside: renameKeys(this.#desk.inside, move.mapping) }
    const facts: Fact[] = []
    this.#keep(result, actorId, facts)
    this.#settle(facts, at, actorId)
    return null
  }

  /** Whether a recomputation is of this very state; nothing changes. */
  rehearsePolicies(bundle: Bundle | undefined, change: PolicyChange): CommandRefusal | null {
    if (bundle === undefined) return { code: 'invalidInput', message: 'expected the new bundle as second argument, found none' }
    if (this.#desk === null) return { code: 'invalidInput', message: 'expected a ticket, found an instance without one' }
    if (change.atSequence === this.#sequence && change.fromHash === this.#version.bundleHash) return null
    const message = `expected the ticket at fact ${change.atSequence}, found it at ${this.#sequence}`
    return { code: 'versionChanged', message }
  }

  /** Goes on under other versions of its policies and calendars. A refusal changes nothing. */
  changePolicies(bundle: Bundle | undefined, change: PolicyChange, at: number, actorId: string): CommandRefusal | null {
    const stands = this.rehearsePolicies(bundle, change)
    if (stands !== null || bundle === undefined || this.#desk === null) return stands
    this.#rehearsal = null
    this.#bundle = bundle
    this.#version = { ...this.#version, bundleHash: change.toHash }
    this.#settle(this.#take(changePolicies(bundle, this.#desk, change, at), actorId), at, actorId)
    return null
  }

  /** Something happened at the desk that is not the token game's (a message, a survey answer). */
  note(fact: Fact, actorId: string): void {
    this.#record([fact], actorId)
    this.#settle([fact], fact.at, actorId)
  }

  /** Fires all that is due at `at`, in the order of their instants. */
  wake(at: number): void {
    for (let fired = 0; fired < firingLimit; fired++) {
      const next = this.nextDueAt
      if (next === null || next > at || this.isEnded) return
      const timer = this.#earliestTimer()
      if (timer !== null && timer.dueAt === next) {
        this.#timers.delete(timer.waitId)
        this.apply({ type: 'timerFired', at, waitId: timer.waitId }, systemActor.id)
      } else {
        this.#wakeDesk(at)
      }
    }
  }

  /** The unstored facts and the effects that wait for them; null when there are none. Facts taken must be stored, in order. */
  take(): Batch | null {
    if (!this.hasUnstored) return null
    const facts = this.#facts
    const effects = this.#effects
    this.#facts = []
    this.#effects = []
    const flush: FlushInput = {
      streamId: this.#streamId,
      fromSequence: this.#sequence - facts.length + 1,
      actorId: facts[0]?.actorId ?? systemActor.id,
      facts,
      snapshot: this.#live(),
    }
    return { flush, effects }
  }

  /** A flush of nothing: what the store says to it is whether it holds more than this instance knows of. */
  probe(): Batch {
    if (this.hasUnstored) throw new Error('expected a quiescent instance, found unstored facts')
    const flush: FlushInput = {
      streamId: this.#streamId,
      fromSequence: this.#sequence + 1,
      actorId: systemActor.id,
      facts: [],
      snapshot: this.#live(),
    }
    return { flush, effects: [] }
  }

  /** Where the instance stands; only when nothing is unstored. */
  checkpoint(): Checkpoint {
    if (this.hasUnstored) throw new Error('expected a quiescent instance, found unstored facts')
    return {
      bundle: this.#bundle,
      version: this.#version,
      engine: this.#engine,
      desk: this.#desk,
      sequence: this.#sequence,
      timers: [...this.#timers],
      since: [...this.#since],
      deskDueAt: this.#deskDueAt,
    }
  }

  /** Goes back to a checkpoint; what is buffered is dropped. */
  restore(to: Checkpoint): void {
    this.#bundle = to.bundle
    this.#version = to.version
    this.#engine = to.engine
    this.#desk = to.desk
    this.#sequence = to.sequence
    this.#deskDueAt = to.deskDueAt
    this.#rehearsal = null
    this.#facts = []
    this.#effects = []
    this.#timers.clear()
    this.#since.clear()
    for (const [waitId, dueAt] of to.timers) this.#timers.set(waitId, dueAt)
    for (const [key, at] of to.since) this.#since.set(key, at)
  }

  /** For continue-as-new; only when nothing is unstored. */
  carry(): CarriedInstance {
    if (this.hasUnstored) throw new Error('expected a quiescent instance, found unstored facts')
    return { engine: this.engine, desk: this.#desk, timers: [...this.#timers], deskDueAt: this.#deskDueAt, since: [...this.#since] }
  }

  /** The elements that hold a token, without the processes that contain them, and what is stalled. */
  #live(): FlushInput['snapshot'] {
    const { active, stalls } = snapshot(this.engine)
    return {
      isEnded: this.isEnded,
      active: active
        .filter(({ elementId, processId }) => elementId !== processId)
        .map(({ key, elementId }) => ({ key, elementId, since: this.#since.get(key) ?? 0 })),
      stalls: stalls.map(({ key, elementId, code, message }) => ({ key, elementId, code, message })),
    }
  }

  #advance(input: Input, actorId: string, facts: Fact[], token?: string): Refusal | null {
    const known = this.#rehearsal
    this.#rehearsal = null
    const isKnown = known !== null && known.token === token && known.at === input.at && known.from === this.#engine
    const result = isKnown ? known.result : advance(this.#bundle, this.#engine, input)
    if (!result.ok) return result.refusal
    this.#keep(result, actorId, facts)
    return null
  }

  /** The engine's new state, its facts recorded and its effects performed. */
  #keep(result: Moved, actorId: string, facts: Fact[]): void {
    this.#engine = result.state
    this.#record(result.facts, actorId)
    for (const fact of result.facts) {
      if (fact.type === 'elementActivated') this.#since.set(fact.key, fact.at)
      else if (fact.type === 'elementCompleted' || fact.type === 'elementTerminated') this.#since.delete(fact.key)
    }
    facts.push(...result.facts)
    for (const effect of result.effects) this.#perform(effect)
  }

  /** Lets the desk draw its conclusions, and the engine take what the desk raises, until both are quiet. */
  #settle(first: readonly Fact[], at: number, actorId: string): void {
    let facts = first
    for (let turn = 0; turn < turnLimit; turn++) {
      if (this.#desk === null) return
      const step = stepDesk(this.#bundle, this.#desk, facts, at)
      const raised = this.#take(step, actorId)
      if (raised.length === 0) return
      facts = raised
    }
    throw new Error(`expected desk and engine to come to rest within ${turnLimit} turns, found them still going`)
  }

  #wakeDesk(at: number): void {
    if (this.#desk === null) throw new Error('expected an open desk, found none')
    const step = wakeDesk(this.#bundle, this.#desk, at)
    const raised = this.#take(step, systemActor.id)
    if (raised.length > 0) this.#settle(raised, at, systemActor.id)
  }

  /** Keeps what the desk says and puts its inputs to the engine; returns the engine's facts. */
  #take(step: ReturnType<typeof stepDesk>, actorId: string): Fact[] {
    this.#desk = step.desk
    this.#deskDueAt = step.dueAt
    this.#record(step.facts, actorId)
    const facts: Fact[] = []
    for (const input of step.inputs) if (!this.isEnded) this.#advance(input, systemActor.id, facts)
    return facts
  }

  #record(facts: readonly Fact[], actorId: string): void {
    for (const fact of facts) {
      this.#facts.push({ actorId, fact })
      this.#sequence++
    }
  }

  #perform(effect: Effect): void {
    if (effect.type === 'startTimer') {
      this.#timers.set(effect.waitId, effect.dueAt)
    } else if (effect.type === 'cancelTimer') {
      this.#timers.delete(effect.waitId)
    } else {
      const unstarted = effect.type === 'cancelJob' ? this.#effects.findIndex((e) => e.type === 'runJob' && e.waitId === effect.waitId) : -1
      if (unstarted >= 0) this.#effects.splice(unstarted, 1)
      else this.#effects.push(effect)
    }
  }

  #earliestTimer(): { waitId: string; dueAt: number } | null {
    let earliest: { waitId: string; dueAt: number } | null = null
    for (const [waitId, dueAt] of this.#timers) if (earliest === null || dueAt < earliest.dueAt) earliest = { waitId, dueAt }
    return earliest
  }
}
