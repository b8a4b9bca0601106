/** Triggers whatever waits in a random process, until nothing does. */
import type { EngineFact, Input, Variables } from '#engine/contract'
import { advance, type EngineState } from '#engine/index'
import type { Program } from '#engine/model'
import type { Wait } from '#engine/state'
import type { Drawing } from './random-process.ts'

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
  begins: Drawing['start'] = {},
): Played {
  const EPOCH = Date.UTC(2026, 0, 5, 8)
  const facts: EngineFact[] = []
  const inputs: Input[] = []
  const told: number[] = []
  let state = from
  let input: Input | null = state === null ? { type: 'start', at: EPOCH, variables, ...begins } : driver.next(state, picks[0] ?? 0, EPOCH)
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
