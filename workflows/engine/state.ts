/**
 * The state of one instance: plain JSON, and the only code that writes it. `Draft` is a working copy: cloned shallowly once per
 * advance, each activation copied when first written. A refused input drops the draft; the state passed in is never touched.
 */
import type { Json, Occurrence, Variables } from './contract.ts'
import { sizeOf, sizeOfAll, sizeOfState } from './size.ts'

/** Life of an activation. `completed` and `terminated` are seen on the root only: others are removed then. */
export type Phase = 'entering' | 'active' | 'completing' | 'leaving' | 'completed' | 'terminated'

/** The one transition table (BPMN 2.0 clause 13.3.2, reduced to what is observable here). */
const TRANSITIONS: Record<Phase, readonly Phase[]> = {
  entering: ['active', 'terminated'],
  active: ['completing', 'terminated'],
  completing: ['leaving', 'terminated'],
  leaving: ['completed', 'terminated'],
  completed: [],
  terminated: [],
}

export interface Stall {
  code: string
  message: string
  /** UTC epoch ms */
  at: number
}

/** Progress of a multi-instance or loop body. */
export interface LoopProgress {
  /** Instances to start in all; standard loops count up to it. */
  total: number
  started: number
  completed: number
  terminated: number
  items?: Json[]
  outputs?: Json[]
}

/** A completed activity that may still be compensated, with the variables as they were. */
export interface Compensable {
  elementId: string
  variables: Variables | null
  /** Of a completed sub-process: what completed in it, in order. */
  inner: Compensable[]
}

export interface Activation {
  key: string
  elementId: string
  /** The process that the element belongs to: of the instance, or of a called one. */
  processId: string
  parentKey: string | null
  phase: Phase
  variables?: Variables
  /** Scopes: children alive, plus tokens on flows and parked at joins. Zero: the scope is done. */
  live?: number
  /** Scopes: tokens parked at a join, by gateway and incoming flow. */
  joins?: Record<string, Record<string, number>>
  /** Scopes: an interrupting event sub-process runs; the other starts of the scope are closed. */
  interruptedBy?: string
  /** Boundary events or event sub-process starts subscribed here: wait ids. */
  waits?: string[]
  stall?: Stall
  /** Variables brought by the completion or trigger, kept until they are mapped. */
  pending?: Variables
  /** One instance of a multi-instance or loop; its parent is the body. */
  isInner?: boolean
  loop?: LoopProgress
  /** 0-based position of an inner instance in the collection. */
  index?: number
  /** Scopes: in order of completion. */
  compensables?: Compensable[]
  /** A throw or end event that waits for handlers: how many still run. */
  awaiting?: number
  /** A compensation handler: who waits for it. */
  throwerKey?: string
  /** Times a job of this activation was asked for. */
  attempts?: number
  /** Multiple-step behaviour: where it stands. */
  step?: string
  /** Of the instance itself, where a parallel start began it: what came first. */
  occurrence?: Occurrence
  /** Parallel multiple events: what the triggers that came already brought, by event. */
  arrived?: Record<string, Variables>
}

interface WaitBase {
  waitId: string
  /** The element that the trigger belongs to: the task, the boundary event, the start of the event sub-process, the caught event. */
  elementId: string
  /** The activation that the wait ends with. */
  ownerKey: string
  role: 'self' | 'boundary' | 'eventSubProcess' | 'gateway'
}
export type TaskWait = WaitBase & {
  kind: 'task'
  name: string
  formId: string | null
  assignee: string | null
  candidateGroups: string[]
  candidateUsers: string[]
  dueAt: number | null
  attributes?: Record<string, string>
}
export type JobWait = WaitBase & { kind: 'job'; jobType: string }
export type TimerWait = WaitBase & { kind: 'timer'; dueAt: number; cycle: { interval: string; remaining: number | null } | null }
export type MessageWait = WaitBase & { kind: 'message'; name: string; correlationKey: string | null }
export type SignalWait = WaitBase & { kind: 'signal'; name: string }
/** `isFresh`: its condition was not evaluated yet. */
export type ConditionalWait = WaitBase & {
  kind: 'conditional'
  isFresh: boolean /** Of a multiple event: which of its definitions. */
  part?: number
}
export type Wait = TaskWait | JobWait | TimerWait | MessageWait | SignalWait | ConditionalWait

export interface EngineState {
  version: 1
  processId: string
  isEnded: boolean
  nextKey: number
  rootKey: string
  activations: Record<string, Activation>
  waits: Record<string, Wait>
  /** Characters of all variables (size.ts); absent in states of before it was counted. */
  variablesSize?: number
}

/** A shallow copy; faster than spreading where there are thousands of entries (a large multi-instance). */
function copyOf<T>(record: Record<string, T>): Record<string, T> {
  const copy = Object.create(null) as Record<string, T>
  for (const key in record) copy[key] = record[key]!
  return copy
}

/** The working copy of one advance. */
export class Draft {
  readonly state: EngineState
  private readonly owned = new Set<string>()
  private readonly ownedVariables = new Set<string>()

  constructor(from: EngineState) {
    const { variablesSize = sizeOfState(from) } = from
    this.state = { ...from, activations: copyOf(from.activations), waits: copyOf(from.waits), variablesSize }
  }

  static empty(processId: string): EngineState {
    return { version: 1, processId, isEnded: false, nextKey: 1, rootKey: '', activations: {}, waits: {}, variablesSize: 0 }
  }

  newKey(): string {
    return `e${this.state.nextKey++}`
  }

  find(key: string): Activation | undefined {
    return this.state.activations[key]
  }

  /** @throws when there is no such activation: a bug of the caller */
  get(key: string): Activation {
    const found = this.state.activations[key]
    if (!found) throw new Error(`expected a live activation ${key}, found none`)
    return found
  }

  /** The activation, copied so that it may be written. */
  own(key: string): Activation {
    const found = this.get(key)
    if (this.owned.has(key)) return found
    const copy: Activation = { ...found }
    if (found.joins) copy.joins = Object.fromEntries(Object.entries(found.joins).map(([gateway, flows]) => [gateway, { ...flows }]))
    if (found.waits) copy.waits = [...found.waits]
    if (found.loop) copy.loop = { ...found.loop, ...(found.loop.outputs ? { outputs: [...found.loop.outputs] } : {}) }
    if (found.compensables) copy.compensables = [...found.compensables]
    this.owned.add(key)
    this.state.activations[key] = copy
    return copy
  }

  add(activation: Activation): Activation {
    this.owned.add(activation.key)
    this.state.activations[activation.key] = activation
    this.count(sizeOfAll(activation.variables))
    return activation
  }

  remove(key: string): void {
    this.count(-sizeOfAll(this.state.activations[key]?.variables))
    delete this.state.activations[key]
    this.owned.delete(key)
    this.ownedVariables.delete(key)
  }

  /** @throws on a transition that the table does not know */
  move(key: string, to: Phase): Activation {
    const activation = this.own(key)
    if (!TRANSITIONS[activation.phase].includes(to)) {
      throw new Error(
        `expected a transition from ${activation.phase}, found ${activation.phase} to ${to} at ${activation.elementId} (${key})`,
      )
    }
    activation.phase = to
    return activation
  }

  setVariable(key: string, name: string, value: Json): void {
    const activation = this.own(key)
    if (!this.ownedVariables.has(key)) {
      activation.variables = { ...activation.variables }
      this.ownedVariables.add(key)
    }
    const before = activation.variables!
    const old = Object.hasOwn(before, name) ? name.length + sizeOf(before[name]) : 0
    before[name] = value
    this.count(name.length + sizeOf(value) - old)
  }

  private count(change: number): void {
    this.state.variablesSize = (this.state.variablesSize ?? 0) + change
  }

  addWait(wait: Wait): void {
    this.state.waits[wait.waitId] = wait
    const owner = this.own(wait.ownerKey)
    if (owner.waits) owner.waits.push(wait.waitId)
    else owner.waits = [wait.waitId]
  }

  replaceWait(wait: Wait): void {
    this.state.waits[wait.waitId] = wait
  }

  removeWait(waitId: string): void {
    const wait = this.state.waits[waitId]
    if (!wait) return
    delete this.state.waits[waitId]
    if (this.find(wait.ownerKey)) {
      const owner = this.own(wait.ownerKey)
      owner.waits = owner.waits?.filter((id) => id !== waitId)
      if (owner.waits?.length === 0) delete owner.waits
    }
  }

  /** Keys of the live activations directly inside `key`, oldest first. */
  children(key: string): string[] {
    const keys: string[] = []
    const { activations } = this.state
    for (const child in activations) if (activations[child]!.parentKey === key) keys.push(child)
    return keys
  }
}
