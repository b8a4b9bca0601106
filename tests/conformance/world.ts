/** A few instances on the pure engine, with a virtual clock: jobs end at once, messages and signals reach everyone, timers fire when the clock passes. */
import type { Effect, EngineFact, Input, Occurrence, Variables } from '#engine/contract'
import { advance, type EngineState, evaluateFeel, snapshot } from '#engine/index'
import type { DecisionModel, Model, ModelElement, Program } from '#engine/model'
import { addDuration, nextOccurrence, parseCycle, parseInstant } from '#engine/time'

export interface Instance {
  program: Program
  state: EngineState
  businessKey?: string
}

const WAITING = new Set(['userTask', 'receiveTask', 'intermediateCatchEvent', 'eventBasedGateway'])

function isTrue(feel: string, variables: Variables, at: number): boolean {
  try {
    return evaluateFeel(feel, variables, { at, timeZone: 'UTC' }) === true
  } catch {
    return false
  }
}
const MAX_EFFECTS = 100_000

export class World {
  at = Date.UTC(2026, 0, 5, 8)
  readonly instances: Instance[] = []
  /** Of all instances, in the order in which they happened. */
  facts: EngineFact[] = []
  private readonly models: Record<string, Model>
  private readonly decisions: Record<string, DecisionModel>
  /** Service-like tasks that a step completes itself. */
  private readonly heldJobs: Set<string>

  constructor(models: Record<string, Model>, heldJobs: Set<string>, decisions: Record<string, DecisionModel> = {}) {
    this.models = models
    this.decisions = decisions
    this.heldJobs = heldJobs
    this.scheduleStarts()
  }

  /** False: refused. */
  start(processId: string, variables: Variables, startElementId?: string, businessKey?: string, occurrence?: Occurrence): boolean {
    const process = this.models[processId]
    if (!process) return false
    const program: Program = { process, called: this.models, decisions: this.decisions }
    const result = advance(program, null, {
      type: 'start',
      at: this.at,
      variables,
      ...(startElementId ? { startElementId } : {}),
      ...(occurrence ? { occurrence } : {}),
    })
    if (!result.ok) return false
    const instance: Instance = { program, state: result.state, ...(businessKey === undefined ? {} : { businessKey }) }
    this.instances.push(instance)
    this.facts.push(...result.facts)
    this.perform(instance, result.effects)
    return true
  }

  /** False: refused; the state is as before. */
  send(instance: Instance, input: Input): boolean {
    const result = advance(instance.program, instance.state, input)
    if (!result.ok) return false
    instance.state = result.state
    this.facts.push(...result.facts)
    this.perform(instance, result.effects)
    return true
  }

  private perform(instance: Instance, effects: Effect[]): void {
    if (effects.length > MAX_EFFECTS) throw new Error('too many effects')
    for (const effect of effects) {
      if (effect.type === 'runJob' && !this.heldJobs.has(effect.elementId))
        this.send(instance, { type: 'jobCompleted', at: this.at, waitId: effect.waitId, variables: {} })
      else if (effect.type === 'publishSignal') this.signal(effect.name, effect.variables, instance)
      else if (effect.type === 'publishMessage') this.message(effect.name, effect.variables)
    }
  }

  /** Everyone who listens now, instances to start included. True when it reached someone. */
  signal(name: string, variables: Variables, thrower?: Instance): boolean {
    let hasReached = false
    const occurrence: Occurrence = { type: 'signal', name, correlationKey: null }
    const starts = this.starts('signal', name).filter(({ elementId, groupId }) => groupId === undefined || !this.isAwaitedAt(elementId))
    for (const instance of [...this.live()])
      if (instance !== thrower && this.send(instance, { type: 'signal', at: this.at, name, variables })) hasReached = true
    for (const { processId, elementId } of starts) if (this.start(processId, variables, elementId, undefined, occurrence)) hasReached = true
    return hasReached
  }

  /** Whether an instance that a part of a parallel start has begun waits for another part of it. */
  private isAwaitedAt(elementId: string): boolean {
    return this.live().some(({ state }) =>
      Object.values(state.waits).some((wait) => wait.elementId === elementId && wait.kind === 'signal'),
    )
  }

  /** Exactly one: who waits, else an instance to start. */
  message(name: string, variables: Variables): boolean {
    for (const instance of this.live()) if (this.send(instance, { type: 'message', at: this.at, name, variables })) return true
    return this.messageStart(name, variables)
  }

  messageStart(name: string, variables: Variables, businessKey?: string): boolean {
    const [start] = this.starts('message', name)
    return start
      ? this.start(start.processId, variables, start.elementId, businessKey, { type: 'message', name, correlationKey: null })
      : false
  }

  /** Starts each process whose conditional start event is true with these variables. */
  conditionalStarts(variables: Variables): void {
    for (const model of Object.values(this.models)) {
      for (const { elementId, event } of model.startTriggers) {
        if (event.type !== 'conditional') continue
        const { condition } = event
        if ('literal' in condition ? condition.literal === true : isTrue(condition.feel, variables, this.at))
          this.start(model.processId, variables, elementId)
      }
    }
  }

  private starts(type: 'message' | 'signal', name: string): { processId: string; elementId: string; groupId?: string | undefined }[] {
    return Object.values(this.models).flatMap((model) =>
      model.startTriggers.flatMap(({ elementId, event, groupId }) => {
        if (event.type !== type || !('literal' in event.name) || event.name.literal !== name) return []
        return [{ processId: model.processId, elementId, groupId }]
      }),
    )
  }

  live(): Instance[] {
    return this.instances.filter((instance) => !instance.state.isEnded)
  }

  /** Timer start events of the deployed processes, by element: when each is due next. */
  private readonly startTimers = new Map<string, { processId: string; dueAt: number; interval: string | null; remaining: number | null }>()

  private scheduleStarts(): void {
    for (const model of Object.values(this.models)) {
      for (const { elementId, event } of model.startTriggers) {
        if (event.type !== 'timer' || !('literal' in event.value)) continue
        const text = String(event.value.literal)
        const cycle = event.timer === 'cycle' ? parseCycle(text, model.timeZone) : null
        const dueAt = cycle
          ? (cycle.startAt ?? nextOccurrence(cycle.interval, this.at, model.timeZone))
          : event.timer === 'date'
            ? parseInstant(text, model.timeZone)
            : addDuration(this.at, text, model.timeZone)
        const remaining = cycle?.repetitions == null ? null : cycle.repetitions - 1
        if (dueAt !== null)
          this.startTimers.set(elementId, { processId: model.processId, dueAt, interval: cycle?.interval ?? null, remaining })
      }
    }
  }

  /** Moves the clock by `duration`, then on to the earliest timer of this element, which fires. False: it has none. */
  fireTimer(elementId: string, duration: string): boolean {
    const until = addDuration(this.at, duration, 'UTC')
    if (until === null) throw new Error(`expected a duration, found ${duration}`)
    this.at = until
    const due = this.nextTimer(elementId)
    if (!due) return this.fireStart(elementId)
    this.at = Math.max(this.at, due.dueAt)
    return this.send(due.instance, { type: 'timerFired', at: this.at, waitId: due.waitId })
  }

  private fireStart(elementId: string): boolean {
    const timer = this.startTimers.get(elementId)
    if (!timer) return false
    this.at = Math.max(this.at, timer.dueAt)
    const next = timer.interval === null || timer.remaining === 0 ? null : nextOccurrence(timer.interval, timer.dueAt, 'UTC')
    if (next === null) this.startTimers.delete(elementId)
    else this.startTimers.set(elementId, { ...timer, dueAt: next, remaining: timer.remaining === null ? null : timer.remaining - 1 })
    return this.start(timer.processId, {}, elementId)
  }

  /** Lets time pass until no timer is left, or a repeating one has fired often enough to show. */
  runTimers(limit = 100): void {
    for (let fired = 0; fired < limit; fired++) {
      const due = this.nextTimer()
      if (!due) return
      this.at = Math.max(this.at, due.dueAt)
      this.send(due.instance, { type: 'timerFired', at: this.at, waitId: due.waitId })
    }
  }

  private nextTimer(elementId?: string): { instance: Instance; waitId: string; dueAt: number } | undefined {
    const all = this.live().flatMap((instance) =>
      Object.values(instance.state.waits).flatMap((wait) =>
        wait.kind === 'timer' && (elementId === undefined || wait.elementId === elementId)
          ? [{ instance, waitId: wait.waitId, dueAt: wait.dueAt }]
          : [],
      ),
    )
    return all.sort((a, b) => a.dueAt - b.dueAt)[0]
  }

  /** Elements that hold a waiting token, sorted. Stalled ones too: their token is there. */
  active(): string[] {
    const found: string[] = []
    for (const instance of this.live()) {
      for (const activation of Object.values(instance.state.activations)) {
        const type = this.typeOf(activation.processId, activation.elementId)
        const isBody = activation.loop !== undefined
        if (WAITING.has(type) && !isBody) found.push(activation.elementId)
        else if (this.heldJobs.has(activation.elementId) && !isBody) found.push(activation.elementId)
      }
    }
    return found.sort()
  }

  typeOf(processId: string, elementId: string): string {
    return this.models[processId]?.elements[elementId]?.type ?? ''
  }

  joinsWaiting(): string[] {
    return this.live()
      .flatMap((instance) => snapshot(instance.state).joins.flatMap(({ elementId, tokens }) => new Array<string>(tokens).fill(elementId)))
      .sort()
  }

  /** A waiting or passed element, in whichever process. */
  elementOf(elementId: string): { element: ModelElement; model: Model } | undefined {
    for (const model of Object.values(this.models)) {
      const element = model.elements[elementId]
      if (element) return { element, model }
    }
    return undefined
  }

  targetOf(flowId: string): string | undefined {
    for (const model of Object.values(this.models)) if (model.flows[flowId]) return model.flows[flowId].targetId
    return undefined
  }

  /** Whether a key was that of a multi-instance or loop body: other activations of the same element were inside it. */
  isBody(key: string): boolean {
    const own = this.facts.find((fact) => fact.type === 'elementActivated' && fact.key === key)
    if (own?.type !== 'elementActivated') return false
    return this.elementOf(own.elementId)?.element.loop !== undefined && !this.isInner(own.parentKey, own.elementId)
  }

  private isInner(parentKey: string | null, elementId: string): boolean {
    return this.facts.some((fact) => fact.type === 'elementActivated' && fact.key === parentKey && fact.elementId === elementId)
  }

  stalls(): { elementId: string; code: string; message: string }[] {
    return this.live().flatMap((instance) => snapshot(instance.state).stalls)
  }

  /** States, to take back a step. */
  save(): { instances: Instance[]; at: number; facts: number } {
    return { instances: this.instances.map((instance) => ({ ...instance })), at: this.at, facts: this.facts.length }
  }

  restore(saved: { instances: Instance[]; at: number; facts: number }): void {
    this.facts.length = saved.facts
    this.instances.splice(0, this.instances.length, ...saved.instances)
    this.at = saved.at
  }
}
