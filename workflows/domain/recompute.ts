/**
 * What a ticket's clocks are under other policies and calendars: its facts, told again to the desk with another bundle. Pure. The ticket's
 * own fields, tokens and messages are what they were; only what the clocks make of them is worked out anew.
 */
import type { Fact, FactOf, ClockOutcome } from '#schema/fact'
import type { Bundle } from './bundle.ts'
import { type Clock, elapsedMsAt } from './clock.ts'
import { raise } from './desk/clocks.ts'
import { finish, openDesk, stepDesk, wakeDesk } from './desk/index.ts'
import { type DeskClock, type DeskState, type DeskStep, draftOf } from './desk/state.ts'

export interface Recomputed {
  /** The desk's clocks at `until`. */
  desk: Pick<DeskState, 'clocks' | 'inside' | 'watched'>
  /** Every clock that ever ran, in order of its start. */
  outcomes: { clockId: string; metric: string; outcome: ClockOutcome }[]
}

/** One clock before and after; null: there is none. */
export interface ClockChange {
  clockId: string
  metric: string
  from: ClockOutcome | null
  to: ClockOutcome | null
}

/** Puts an instance on other versions of its policies and calendars; made from the facts up to `atSequence`, good for that state only. */
export interface PolicyChange {
  fromHash: string
  toHash: string
  operationId: string
  reason: string
  atSequence: number
  versions: FactOf<'policiesChanged'>['versions']
  desk: Recomputed['desk']
  changes: ClockChange[]
}

/** Facts that the desk drew from others: it draws its own again. */
const drawn = new Set<Fact['type']>([
  'ticketChanged',
  'clockStarted',
  'clockPaused',
  'clockResumed',
  'clockRetargeted',
  'clockThresholdReached',
  'clockBreached',
  'clockStopped',
  'clockCanceled',
  'clockPauseCapped',
  'policiesChanged',
  'clockRecomputed',
])

/** @returns null when the facts hold no opening: they are no ticket's. */
export function recompute(bundle: Bundle, facts: readonly Fact[], until: number): Recomputed | null {
  const opened = facts.find((fact): fact is FactOf<'ticketOpened'> => fact.type === 'ticketOpened')
  if (!opened) return null
  const story = inTodaysNames(facts).filter((fact) => fact.type !== 'ticketOpened' && !drawn.has(fact.type) && fact.at <= until)
  const tally = new Tally(bundle)
  let step: DeskStep = openDesk(bundle, opened.opening, opened.at)
  tally.take(step)
  const wakeUntil = (at: number, isIncluded: boolean) => {
    for (let due = step.dueAt; due !== null && (due < at || (isIncluded && due === at)); due = step.dueAt) {
      step = wakeDesk(bundle, step.desk, due)
      tally.take(step)
    }
  }
  for (const batch of byInstant(story)) {
    const at = batch[0]?.at ?? until
    wakeUntil(at, false)
    step = stepDesk(bundle, step.desk, batch, at)
    tally.take(step)
  }
  wakeUntil(until, true)
  const { clocks, inside, watched } = step.desk
  return { desk: { clocks, inside, ...(watched ? { watched } : {}) }, outcomes: tally.outcomes(until) }
}

/** What happened at one instant was one step of the desk, or steps that nobody could tell apart. */
function byInstant(facts: readonly Fact[]): Fact[][] {
  const batches: Fact[][] = []
  for (const fact of facts) {
    const last = batches.at(-1)
    if (last?.[0]?.at === fact.at) last.push(fact)
    else batches.push([fact])
  }
  return batches
}

/** Steps under the names that the ticket's present version of its process has for them. */
function inTodaysNames(facts: readonly Fact[]): Fact[] {
  let names: Record<string, string> = {}
  return [...facts]
    .reverse()
    .map((fact): Fact => {
      if (fact.type === 'instanceMigrated') {
        const later = names
        names = { ...later, ...Object.fromEntries(Object.entries(fact.mapping).map(([old, id]) => [old, later[id] ?? id])) }
      }
      if (!('elementId' in fact) || fact.elementId === null) return fact
      const elementId = names[fact.elementId]
      return elementId === undefined ? fact : ({ ...fact, elementId } as Fact)
    })
    .reverse()
}

/** Every clock as it was last seen, and when it ended or was breached. */
class Tally {
  readonly #bundle: Bundle
  readonly #clocks = new Map<string, Clock>()
  readonly #breachedAt = new Map<string, number>()
  readonly #stoppedAt = new Map<string, number>()

  constructor(bundle: Bundle) {
    this.#bundle = bundle
  }

  take({ desk, facts }: DeskStep): void {
    for (const fact of facts) {
      if (fact.type === 'clockBreached') this.#breachedAt.set(fact.clockId, fact.at)
      if (fact.type === 'clockStopped' || fact.type === 'clockCanceled') this.#stoppedAt.set(fact.clockId, fact.at)
      // A run that began and ended within one step is seen in its facts only.
      if (fact.type === 'clockStarted') this.#clocks.set(fact.clockId, clockOf(fact))
      const seen = 'clockId' in fact ? this.#clocks.get(fact.clockId) : undefined
      if (seen && fact.type === 'clockStopped')
        this.#clocks.set(fact.clockId, { ...seen, state: 'stopped', isBreached: !fact.isMet, elapsedMs: fact.elapsedBusinessMs })
      if (seen && fact.type === 'clockCanceled') this.#clocks.set(fact.clockId, { ...seen, state: 'canceled' })
    }
    for (const { clock } of desk.clocks) if (clock) this.#clocks.set(clock.clockId, clock)
  }

  outcomes(until: number): Recomputed['outcomes'] {
    return [...this.#clocks.values()].map((clock) => ({
      clockId: clock.clockId,
      metric: clock.metric,
      outcome: this.#outcome(clock, until),
    }))
  }

  #outcome(clock: Clock, until: number): ClockOutcome {
    const calendar = this.#bundle.calendars[clock.calendarId]
    const ended = clock.isBreached ? 'breached' : 'met'
    const open = clock.isBreached ? 'breached' : (clock.state as 'running' | 'paused')
    return {
      state: clock.state === 'stopped' ? ended : clock.state === 'canceled' ? 'canceled' : open,
      policyId: clock.policyId,
      policyVersion: clock.policyVersion,
      calendarId: clock.calendarId,
      calendarVersion: clock.calendarVersion,
      targetMs: clock.targetMs,
      startedAt: clock.startedAt,
      dueAt: clock.state === 'paused' ? null : clock.dueAt,
      elapsedBusinessMs: calendar ? elapsedMsAt(calendar, clock, until) : clock.elapsedMs,
      stoppedAt: this.#stoppedAt.get(clock.clockId) ?? null,
      breachedAt: this.#breachedAt.get(clock.clockId) ?? null,
      ownedMs: clock.ownedMs,
      kind: clock.kind ?? 'sla',
      groupId: clock.groupId,
      name: clock.name ?? null,
    }
  }
}

const clockOf = (fact: FactOf<'clockStarted'>): Clock => ({
  clockId: fact.clockId,
  metric: fact.metric,
  policyId: fact.policyId,
  policyVersion: fact.policyVersion,
  calendarId: fact.calendarId,
  calendarVersion: fact.calendarVersion,
  state: fact.isPaused ? 'paused' : 'running',
  startedAt: fact.countedFrom ?? fact.at,
  targetMs: fact.targetMs,
  elapsedMs: fact.elapsedBusinessMs ?? 0,
  since: fact.at,
  ahead: [],
  isBreached: false,
  dueAt: fact.dueAt,
  groupId: fact.groupId ?? null,
  ownedMs: {},
  ...(fact.kind ? { kind: fact.kind } : {}),
  ...(fact.name ? { name: fact.name } : {}),
})

/** Less than this is no difference that anybody would see, ms. */
const toleranceMs = 1_000
const isFar = (a: number, b: number) => Math.abs(a - b) > toleranceMs

/** Whether a person would call it another promise, or another end of it. Versions alone make no difference. */
export function isChanged(from: ClockOutcome | null, to: ClockOutcome | null): boolean {
  if (from === null || to === null) return from !== to
  if (from.state !== to.state || from.targetMs !== to.targetMs || from.calendarId !== to.calendarId) return true
  if (from.stoppedAt !== null || to.stoppedAt !== null) return false
  if (from.dueAt !== null && to.dueAt !== null) return isFar(from.dueAt, to.dueAt)
  return from.state === 'paused' && isFar(from.elapsedBusinessMs, to.elapsedBusinessMs)
}

/** What became of a promise, in one word. */
export type Standing = 'none' | 'inTime' | 'overdue' | 'met' | 'missed' | 'canceled'
export function standingOf(outcome: ClockOutcome | null): Standing {
  if (outcome === null) return 'none'
  const { state, stoppedAt } = outcome
  if (state === 'met' || state === 'canceled') return state
  if (state === 'breached') return stoppedAt === null ? 'overdue' : 'missed'
  return 'inTime'
}

/** A change in one word: from one standing to another, or a deadline that moved. */
export function transitionOf({ from, to }: ClockChange): string {
  const [was, becomes] = [standingOf(from), standingOf(to)]
  if (was !== becomes) return `${was}:${becomes}`
  const due = (to?.dueAt ?? 0) - (from?.dueAt ?? 0)
  return due < 0 ? 'earlier' : due > 0 ? 'later' : 'target'
}

/** The same promise with the same end, under other versions. */
const isRenumbered = (from: ClockOutcome | null, to: ClockOutcome | null): boolean =>
  from?.policyVersion !== to?.policyVersion || from?.calendarVersion !== to?.calendarVersion

/** What changes, clock by clock; a clock that is on neither side, or the same on both, is left out, unless its versions count. */
export function changesOf(
  before: readonly { clockId: string; metric: string; outcome: ClockOutcome }[],
  after: Recomputed['outcomes'],
  doVersionsCount = false,
): ClockChange[] {
  const ids = new Set([...before, ...after].map(({ clockId }) => clockId))
  return [...ids].flatMap((clockId) => {
    const was = before.find((one) => one.clockId === clockId)
    const is = after.find((one) => one.clockId === clockId)
    const [from, to] = [was?.outcome ?? null, is?.outcome ?? null]
    if (!isChanged(from, to) && !(doVersionsCount && isRenumbered(from, to))) return []
    return [{ clockId, metric: is?.metric ?? was?.metric ?? '', from, to }]
  })
}

/** Takes the clocks over as they were recomputed. Thresholds that only the new promise has passed raise their escalations. */
export function changePolicies(bundle: Bundle, desk: DeskState, change: PolicyChange, at: number): DeskStep {
  const { fromHash, toHash, operationId, reason, versions, changes } = change
  const draft = draftOf(bundle, { ...desk, ...change.desk }, at)
  draft.facts.push({ type: 'policiesChanged', at, fromHash, toHash, operationId, reason, versions })
  for (const { clockId, metric, from, to } of changes) draft.facts.push({ type: 'clockRecomputed', at, clockId, metric, from, to })
  for (const { policyId, id, clock } of draft.desk.clocks) {
    const rule = bundle.policies.find((policy) => policy.id === policyId)?.clocks.find((one) => one.id === id)
    if (!rule || !clock || clock.state === 'stopped' || clock.state === 'canceled') continue
    const old = aheadOf(desk.clocks, clock.clockId)
    const isPassed = (percent: number) => !clock.ahead.includes(percent) && (old === null || old.includes(percent))
    raise(draft, rule, clock, rule.thresholds.map(({ percent }) => percent).filter(isPassed))
  }
  return finish(draft)
}

const aheadOf = (clocks: readonly DeskClock[], clockId: string): number[] | null =>
  clocks.find(({ clock }) => clock?.clockId === clockId)?.clock?.ahead ?? null
