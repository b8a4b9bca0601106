/**
 * The SLA clock: a pure state machine over business time. Every operation first lets the clock reach what lies before
 * `at` (thresholds, breach), so that neither a pause nor a late wake-up can lose a threshold.
 * All `...Ms` are business milliseconds of the clock's calendar; `at`, `since`, `dueAt` are UTC epoch ms.
 */
import type { Calendar } from '#schema/calendar'
import type { DeskFact } from '#schema/fact'
import type { PauseOwner, PolicyKind } from '#schema/sla'
import { addBusinessMs, businessMsBetween } from './calendar.ts'

export interface Clock {
  clockId: string
  metric: string
  policyId: string
  policyVersion: number
  calendarId: string
  calendarVersion: number
  state: 'running' | 'paused' | 'stopped' | 'canceled'
  startedAt: number
  targetMs: number
  /** Counted until `since`; while running, the time from then on comes on top. */
  elapsedMs: number
  since: number
  /** Percents still to be reached, ascending. 100 is the breach and stands here until it has happened. */
  ahead: number[]
  isBreached: boolean
  /** When the target is or was used up; while paused, as it stood when the pause began. */
  dueAt: number
  groupId: string | null
  /** How long each group has owned the ticket while this clock ran. */
  ownedMs: Record<string, number>
  kind?: PolicyKind
  name?: { fr: string; en: string }
  supplierId?: string
  /** The pause that lasts. */
  pause?: Pause & { since: number; capAt: number | null }
  /** Business ms of the pauses that are over, by rule. */
  pausedMs?: Record<string, number>
  /** The rule that still holds though its pause has lasted as long as it may. */
  cappedId?: string
}

/** Why a clock stands still, through whom. */
export interface Pause {
  ruleId: string
  reason: string
  owner?: PauseOwner
}

export type ClockFact = Extract<DeskFact, { clockId: string }>
export interface ClockStep {
  clock: Clock
  facts: ClockFact[]
  /** Percents passed in this step, ascending. */
  reached: number[]
}
export interface ClockOpening {
  clockId: string
  metric: string
  policyId: string
  policyVersion: number
  targetMs: number
  /** Percents in any order; the breach at 100 is always among them. */
  thresholds: number[]
  groupId: string | null
  isPaused: boolean
  kind?: PolicyKind
  name?: { fr: string; en: string }
  supplierId?: string
  /** It counts from before its start. */
  before?: { from: number; elapsedMs: number; ownedMs: Record<string, number> }
}

/** Key of `ownedMs` for the time in which no group owned the ticket. */
export const unowned = 'unassigned'

const idOf = (clock: Clock) => ({ clockId: clock.clockId, metric: clock.metric })
const isGiven = <T>(value: T | undefined): value is T => value !== undefined
export const isOver = (clock: Clock): boolean => clock.state === 'stopped' || clock.state === 'canceled'
const still = (clock: Clock): ClockStep => ({ clock, facts: [], reached: [] })

/** Business time on the clock at `at`. */
export function elapsedMsAt(calendar: Calendar, clock: Clock, at: number): number {
  return clock.state === 'running' && at > clock.since ? clock.elapsedMs + businessMsBetween(calendar, clock.since, at) : clock.elapsedMs
}

const thresholdMs = (clock: Clock, percent: number) => (percent === 100 ? clock.targetMs : Math.round((clock.targetMs * percent) / 100))
/** When `ms` on the clock are reached if it keeps running; an instant in the past keeps what is known. */
const instantOf = (calendar: Calendar, clock: Clock, ms: number) =>
  ms > clock.elapsedMs ? addBusinessMs(calendar, clock.since, ms - clock.elapsedMs) : clock.since

/** Moves the counted time to `at` and books it to the owning group. */
function counted(calendar: Calendar, clock: Clock, at: number): Clock {
  const elapsedMs = elapsedMsAt(calendar, clock, at)
  const owner = clock.groupId ?? unowned
  const gained = elapsedMs - clock.elapsedMs
  const ownedMs = gained > 0 ? { ...clock.ownedMs, [owner]: (clock.ownedMs[owner] ?? 0) + gained } : clock.ownedMs
  return { ...clock, elapsedMs, since: Math.max(at, clock.since), ownedMs }
}

/** A clock without a target, for time that may count later. */
export function bareClock(
  calendar: Calendar,
  rule: { id: string; metric: string; policyId: string },
  groupId: string | null,
  at: number,
): Clock {
  return {
    clockId: `${rule.policyId}.${rule.id}.before`,
    metric: rule.metric,
    policyId: rule.policyId,
    policyVersion: 0,
    calendarId: calendar.id,
    calendarVersion: calendar.version,
    state: 'running',
    startedAt: at,
    targetMs: Number.MAX_SAFE_INTEGER,
    elapsedMs: 0,
    since: at,
    ahead: [],
    isBreached: false,
    dueAt: at,
    groupId,
    ownedMs: {},
  }
}

/** Business time on the clock at `at`, with what of it each group had the ticket. */
export const countedAt = (calendar: Calendar, clock: Clock, at: number): Clock =>
  clock.state === 'running' ? counted(calendar, clock, at) : clock

/** Starts a clock; throws when the target is not above zero. */
export function startClock(calendar: Calendar, opening: ClockOpening, at: number): ClockStep {
  const { thresholds, isPaused, before, ...rest } = opening
  if (!(opening.targetMs > 0)) throw new RangeError(`clock ${opening.clockId}: expected a target above 0 ms, found ${opening.targetMs}`)
  const started: Clock = {
    ...rest,
    calendarId: calendar.id,
    calendarVersion: calendar.version,
    state: isPaused ? 'paused' : 'running',
    startedAt: before?.from ?? at,
    elapsedMs: before?.elapsedMs ?? 0,
    since: at,
    ahead: [...new Set([...thresholds, 100])].sort((a, b) => a - b),
    isBreached: false,
    dueAt: at,
    ownedMs: before?.ownedMs ?? {},
  }
  const clock = { ...started, dueAt: instantOf(calendar, started, started.targetMs) }
  const fact: ClockFact = {
    type: 'clockStarted',
    at,
    ...idOf(clock),
    policyId: clock.policyId,
    policyVersion: clock.policyVersion,
    calendarId: calendar.id,
    calendarVersion: calendar.version,
    targetMs: clock.targetMs,
    dueAt: clock.dueAt,
    isPaused,
    ...(isGiven(clock.kind) ? { kind: clock.kind, groupId: clock.groupId } : {}),
    ...(isGiven(clock.name) ? { name: clock.name } : {}),
    ...(isGiven(clock.supplierId) ? { supplierId: clock.supplierId } : {}),
    ...(before ? { countedFrom: before.from, elapsedBusinessMs: before.elapsedMs } : {}),
  }
  return { clock, facts: [fact], reached: [] }
}

/** A pause that has lasted as long as it may is over since then. */
function endCappedPause(calendar: Calendar, clock: Clock, at: number): ClockStep {
  const { pause } = clock
  if (clock.state !== 'paused' || !pause || pause.capAt === null || pause.capAt > at) return still(clock)
  const { capAt } = pause
  const running: Clock = { ...withoutPause(calendar, clock, capAt), state: 'running', since: capAt, cappedId: pause.ruleId }
  const dueAt = clock.isBreached ? clock.dueAt : instantOf(calendar, running, clock.targetMs)
  const fact: ClockFact = {
    type: 'clockPauseCapped',
    at,
    ...idOf(clock),
    reason: pause.reason,
    ...(isGiven(pause.owner) ? { owner: pause.owner } : {}),
    resumedAt: capAt,
    dueAt,
    lateMs: businessMsBetween(calendar, capAt, at),
  }
  return { clock: { ...running, dueAt }, facts: [fact], reached: [] }
}

/** The clock with its pause entered in the account of its rule. */
function withoutPause(calendar: Calendar, clock: Clock, at: number): Clock {
  const { pause, ...rest } = clock
  if (!pause) return clock
  const pausedMs = (clock.pausedMs?.[pause.ruleId] ?? 0) + Math.max(0, businessMsBetween(calendar, pause.since, at))
  return { ...rest, pausedMs: { ...clock.pausedMs, [pause.ruleId]: pausedMs } }
}

/**
 * Records every threshold that lies at or before `at`; a breach says by how much business time it was noticed late, and who owned the time.
 * A pause whose cap lies before `at` ends at its cap first.
 */
export function reachThresholds(calendar: Calendar, before: Clock, at: number): ClockStep {
  const resumed = endCappedPause(calendar, before, at)
  const { clock } = resumed
  if (clock.state !== 'running' || clock.ahead.length === 0) return resumed
  const elapsedMs = elapsedMsAt(calendar, clock, at)
  const reached = clock.ahead.filter((percent) => thresholdMs(clock, percent) <= elapsedMs)
  if (reached.length === 0) return resumed
  const now = counted(calendar, clock, at)
  const facts = reached.map((percent): ClockFact => {
    const lateMs = elapsedMs - thresholdMs(clock, percent)
    if (percent === 100) return { type: 'clockBreached', at, ...idOf(clock), lateMs, ownedMs: now.ownedMs }
    return { type: 'clockThresholdReached', at, ...idOf(clock), percent, lateMs }
  })
  return {
    clock: { ...now, ahead: clock.ahead.slice(reached.length), isBreached: clock.isBreached || reached.includes(100) },
    facts: [...resumed.facts, ...facts],
    reached,
  }
}

/** Runs `change` after the thresholds before `at` have been recorded. */
function after(calendar: Calendar, clock: Clock, at: number, change: (clock: Clock) => { clock: Clock; facts: ClockFact[] }): ClockStep {
  const first = reachThresholds(calendar, clock, at)
  const then = change(first.clock)
  return { clock: then.clock, facts: [...first.facts, ...then.facts], reached: first.reached }
}

/**
 * Stands the clock still; no-op unless it runs. `capMs`: business ms after which it runs on by itself; with none left it does not
 * stand still at all, and says so.
 */
export function pauseClock(calendar: Calendar, clock: Clock, at: number, pause: Pause | string, capMs: number | null = null): ClockStep {
  if (clock.state !== 'running') return still(clock)
  const given: Pause = typeof pause === 'string' ? { ruleId: 'pause', reason: pause } : pause
  const { reason, owner } = given
  const said = { reason, ...(isGiven(owner) ? { owner } : {}) }
  return after(calendar, clock, at, (c) => {
    if (capMs !== null && capMs <= 0)
      return {
        clock: { ...c, cappedId: given.ruleId },
        facts: [{ type: 'clockPauseCapped', at, ...idOf(c), ...said, resumedAt: at, dueAt: c.dueAt, lateMs: 0 }],
      }
    const capAt = capMs === null ? null : addBusinessMs(calendar, at, capMs)
    const paused: Clock = { ...counted(calendar, c, at), state: 'paused', pause: { ...given, since: at, capAt } }
    const remainingBusinessMs = Math.max(0, paused.targetMs - paused.elapsedMs)
    return {
      clock: paused,
      facts: [{ type: 'clockPaused', at, ...idOf(c), ...said, remainingBusinessMs, ...(capAt === null ? {} : { capAt }) }],
    }
  })
}

/** Goes on; the deadline has moved by exactly the business time of the pause. No-op unless paused. */
export function resumeClock(calendar: Calendar, clock: Clock, at: number): ClockStep {
  if (clock.state !== 'paused') return still(clock)
  const first = reachThresholds(calendar, clock, at)
  if (first.clock.state !== 'paused') return first
  const resumed: Clock = { ...withoutPause(calendar, clock, at), state: 'running', since: Math.max(at, clock.since) }
  const isBare = clock.targetMs === Number.MAX_SAFE_INTEGER
  const dueAt = clock.isBreached || isBare ? clock.dueAt : instantOf(calendar, resumed, clock.targetMs)
  return { clock: { ...resumed, dueAt }, facts: [{ type: 'clockResumed', at, ...idOf(clock), dueAt }], reached: [] }
}

/** Ends the clock: met unless the target was used up. */
export function stopClock(calendar: Calendar, clock: Clock, at: number): ClockStep {
  if (isOver(clock)) return still(clock)
  return after(calendar, clock, at, (c) => {
    const stopped: Clock = { ...counted(calendar, withoutPause(calendar, c, at), at), state: 'stopped' }
    return {
      clock: stopped,
      facts: [{ type: 'clockStopped', at, ...idOf(c), isMet: !stopped.isBreached, elapsedBusinessMs: stopped.elapsedMs }],
    }
  })
}

/** Ends the clock without a result. */
export function cancelClock(calendar: Calendar, clock: Clock, at: number): ClockStep {
  if (isOver(clock)) return still(clock)
  return after(calendar, clock, at, (c) => ({
    clock: { ...counted(calendar, withoutPause(calendar, c, at), at), state: 'canceled' },
    facts: [{ type: 'clockCanceled', at, ...idOf(c) }],
  }))
}

/**
 * Gives the clock another target; what has elapsed stays. Thresholds that the new target leaves behind are recorded at once.
 * A breach that has happened stays a breach, and thresholds that were raised are not raised again.
 */
export function retargetClock(calendar: Calendar, clock: Clock, targetMs: number, at: number): ClockStep {
  if (!(targetMs > 0)) throw new RangeError(`clock ${clock.clockId}: expected a target above 0 ms, found ${targetMs}`)
  if (isOver(clock) || targetMs === clock.targetMs) return still(clock)
  const first = after(calendar, clock, at, (c) => {
    const now = { ...counted(calendar, c, at), targetMs }
    const dueAt = now.isBreached ? now.dueAt : instantOf(calendar, { ...now, since: at }, targetMs)
    return { clock: { ...now, dueAt }, facts: [{ type: 'clockRetargeted', at, ...idOf(c), fromTargetMs: c.targetMs, targetMs, dueAt }] }
  })
  const then = reachThresholds(calendar, first.clock, at)
  return { clock: then.clock, facts: [...first.facts, ...then.facts], reached: [...first.reached, ...then.reached] }
}

/** Books the time so far to the present group and the time from now on to `groupId`. Records nothing of its own. */
export function handOverClock(calendar: Calendar, clock: Clock, groupId: string | null, at: number): ClockStep {
  if (isOver(clock) || groupId === clock.groupId) return still(clock)
  return after(calendar, clock, at, (c) => ({ clock: { ...counted(calendar, c, at), groupId }, facts: [] }))
}

/** When the clock next has something to say; null while it stands still or has said all. */
export function nextThresholdAt(calendar: Calendar, clock: Clock): number | null {
  if (clock.state === 'paused') return clock.pause?.capAt ?? null
  const percent = clock.ahead[0]
  return clock.state === 'running' && percent !== undefined ? instantOf(calendar, clock, thresholdMs(clock, percent)) : null
}
