/**
 * The engine: a pure function. No clock, no random, no I/O; this file and all that it imports run in the workflow sandbox and
 * in the browser.
 */
import type { Advance, Input, OpenTask, Variables } from './contract.ts'
import { evaluateConditionals } from './events.ts'
import { fireInclusiveJoins } from './elements/inclusive-gateway.ts'
import { handlers } from './inputs.ts'
import { beginDeferred, enter } from './lifecycle.ts'
import type { Program } from './model.ts'
import { Run, type Token } from './run.ts'
import { checkVariables } from './size.ts'
import { Draft, type EngineState } from './state.ts'

export type { EngineState } from './state.ts'
export type { Program } from './model.ts'
export { evaluateFeel } from './expression.ts'

/**
 * Applies one input and runs every token until it waits.
 * `state` null: only `start` applies. A refusal leaves the state as it was and records nothing.
 * @throws on a bug (a state that does not belong to the program)
 */
export function advance(program: Program, state: EngineState | null, input: Input): Advance<EngineState> {
  if (state === null && input.type !== 'start')
    return { ok: false, refusal: { code: 'invalidInput', message: 'the instance is not started' } }
  if (state !== null && input.type === 'start')
    return { ok: false, refusal: { code: 'invalidInput', message: 'the instance is started already' } }
  if (state?.isEnded) return { ok: false, refusal: { code: 'instanceEnded', message: 'the instance has ended' } }
  const tooLarge = checkVariables(input, state)
  if (tooLarge) return { ok: false, refusal: tooLarge }
  const run = new Run(program, state ?? Draft.empty(program.process.processId), input.at)
  const handler = handlers[input.type] as (run: Run, input: Input) => ReturnType<(typeof handlers)['start']>
  const refusal = handler(run, input)
  if (refusal) return { ok: false, refusal }
  settle(run)
  return { ok: true, state: run.draft.state, effects: run.effects, facts: run.facts }
}

/** Until nothing moves: tokens, then conditional events, then inclusive joins. */
export function settle(run: Run): void {
  for (;;) {
    for (let token = next(run); token; token = next(run)) enter(run, token)
    if (run.draft.state.isEnded) return
    if (run.deferred.length > 0) {
      for (const key of run.deferred.splice(0)) beginDeferred(run, key)
      continue
    }
    if ((run.hasFreshCondition || run.written.size > 0) && evaluateConditionals(run)) continue
    if (run.queue.length > 0 || fireInclusiveJoins(run)) continue
    return
  }
}

const next = (run: Run): Token | undefined => run.queue.shift()

/** The user tasks that wait. */
export function openTasks(state: EngineState): OpenTask[] {
  const tasks: OpenTask[] = []
  for (const waitId in state.waits) {
    const wait = state.waits[waitId]!
    if (wait.kind !== 'task') continue
    const { elementId, name, formId, assignee, candidateGroups, candidateUsers, dueAt, attributes } = wait
    tasks.push({ waitId, elementId, name, formId, assignee, candidateGroups, candidateUsers, dueAt, ...(attributes ? { attributes } : {}) })
  }
  return tasks
}

/** What is alive, for a query or a diagram. */
export interface Snapshot {
  isEnded: boolean
  active: { key: string; elementId: string; processId: string; parentKey: string | null; isInner: boolean; isStalled: boolean }[]
  joins: { elementId: string; scopeKey: string; tokens: number }[]
  stalls: { key: string; elementId: string; code: string; message: string; at: number }[]
  waits: {
    waitId: string
    elementId: string
    ownerKey: string
    kind: string
    name: string | null
    correlationKey: string | null
    dueAt: number | null
  }[]
  /** Of the instance's own scope. */
  variables: Variables
}

export function snapshot(state: EngineState): Snapshot {
  const view: Snapshot = {
    isEnded: state.isEnded,
    active: [],
    joins: [],
    stalls: [],
    waits: [],
    variables: state.activations[state.rootKey]?.variables ?? {},
  }
  for (const activation of Object.values(state.activations)) {
    const { key, elementId, processId, parentKey, stall, joins } = activation
    if (!state.isEnded)
      view.active.push({ key, elementId, processId, parentKey, isInner: activation.isInner === true, isStalled: stall !== undefined })
    if (stall) view.stalls.push({ key, elementId, code: stall.code, message: stall.message, at: stall.at })
    for (const gateway in joins) {
      const tokens = Object.values(joins[gateway]!).reduce((sum, count) => sum + count, 0)
      if (tokens > 0) view.joins.push({ elementId: gateway, scopeKey: key, tokens })
    }
  }
  for (const wait of Object.values(state.waits)) {
    view.waits.push({
      waitId: wait.waitId,
      elementId: wait.elementId,
      ownerKey: wait.ownerKey,
      kind: wait.kind,
      name: 'name' in wait ? wait.name : null,
      correlationKey: wait.kind === 'message' ? wait.correlationKey : null,
      dueAt: 'dueAt' in wait ? wait.dueAt : null,
    })
  }
  return view
}
