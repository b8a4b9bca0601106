/**
 * The SLA clock: a pure state machine over business time. Every operation first lets the clock reach what lies before
 * `at` (thresholds, breach), so that neither a pause nor a late wake-up can lose a threshold.
 * All `...Ms` are business milliseconds of the clock's calendar; `at`, `since`, `dueAt` are UTC epoch ms.
 */
import type { Calendar } from '#schema/calendar'
import type { DeskFact } from '#schema/fact'
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
}

/** Key of `ownedMs` for the time in which no group owned the ticket. */
export const unowned = 'unassigned'

const idOf = (clock: Clock) => ({ clockId: clock.clockId, metric: clock.metric })
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

/** Starts a clock; throws when the target is not above zero. */
export function startClock(calendar: Calendar, opening: ClockOpening, at: number): ClockStep {
  const { thresholds, isPaused, ...rest } = opening
  if (!(opening.targetMs > 0)) throw new RangeError(`clock ${opening.clockId}: expected a target above 0 ms, found ${opening.targetMs}`)
  const clock: Clock = {
    ...rest,
    calendarId: calendar.id,
    calendarVersion: calendar.version,
    state: isPaused ? 'paused' : 'running',
    startedAt: at,
    elapsedMs: 0,
    since: at,
    ahead: [...new Set([...thresholds, 100])].sort((a, b) => a - b),
    isBreached: false,
    dueAt: addBusinessMs(calendar, at, opening.targetMs),
    ownedMs: {},
  }
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
  }
  return { clock, facts: [fact], reached: [] }
}

/** Records every threshold that lies at or before `at`; a breach says by how much business time it was noticed late, and who owned the time. */
export function reachThresholds(calendar: Calendar, clock: Clock, at: number): ClockStep {
  if (clock.state !== 'running' || clock.ahead.length === 0) return still(clock)
  const elapsedMs = elapsedMsAt(calendar, clock, at)
  const reached = clock.ahead.filter((percent) => thresholdMs(clock, percent) <= elapsedMs)
  if (reached.length === 0) return still(clock)
  const now = counted(calendar, clock, at)
  const facts = reached.map((percent): ClockFact => {
    const lateMs = elapsedMs - thresholdMs(clock, percent)
    if (percent === 100) return { type: 'clockBreached', at, ...idOf(clock), lateMs, ownedMs: now.ownedMs }
    return { type: 'clockThresholdReached', at, ...idOf(clock), percent, lateMs }
  })
  return {
    clock: { ...now, ahead: clock.ahead.slice(reached.length), isBreached: clock.isBreached || reached.includes(100) },
    facts,
    reached,
  }
}

/** Runs `change` after the thresholds before `at` have been recorded. */
function after(calendar: Calendar, clock: Clock, at: number, change: (clock: Clock) => { clock: Clock; facts: ClockFact[] }): ClockStep {
  const first = reachThresholds(calendar, clock, at)
  const then = change(first.clock)
  return { clock: then.clock, facts: [...first.facts, ...then.facts], reached: first.reached }
}

/** Stands the clock still; no-op unless it runs. */
export function pauseClock(calendar: Calendar, clock: Clock, at: number, reason: string): ClockStep {
  if (clock.state !== 'running') return still(clock)
  return after(calendar, clock, at, (c) => {
    const paused: Clock = { ...counted(calendar, c, at), state: 'paused' }
    return {
      clock: paused,
      facts: [{ type: 'clockPaused', at, ...idOf(c), reason, remainingBusinessMs: Math.max(0, paused.targetMs - paused.elapsedMs) }],
    }
  })
}

/** Goes on; the deadline has moved by exactly the business time of the pause. No-op unless paused. */
export function resumeClock(calendar: Calendar, clock: Clock, at: number): ClockStep {
  if (clock.state !== 'paused') return still(clock)
  const resumed: Clock = { ...clock, state: 'running', since: Math.max(at, clock.since) }
  const dueAt = clock.isBreached ? clock.dueAt : instantOf(calendar, resumed, clock.targetMs)
  return { clock: { ...resumed, dueAt }, facts: [{ type: 'clockResumed', at, ...idOf(clock), dueAt }], reached: [] }
}

/** Ends the clock: met unless the target was used up. */
export function stopClock(calendar: Calendar, clock: Clock, at: number): ClockStep {
  if (isOver(clock)) return still(clock)
  return after(calendar, clock, at, (c) => {
    const stopped: Clock = { ...counted(calendar, c, at), state: 'stopped' }
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
    clock: { ...counted(calendar, c, at), state: 'canceled' },
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
  const percent = clock.ahead[0]
  return clock.state === 'running' && percent !== undefined ? instantOf(calendar, clock, thresholdMs(clock, percent)) : null
}
