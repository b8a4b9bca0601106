/** Which clocks run: the policies' conditions on what just happened. */
import type { Fact } from '#schema/fact'
import type { ClockCondition, SlaPolicy } from '#schema/sla'
import type { TicketStatus } from '#schema/ticket'
import {
  type ClockStep,
  cancelClock,
  handOverClock,
  isOver,
  nextThresholdAt,
  pauseClock,
  reachThresholds,
  resumeClock,
  retargetClock,
  startClock,
  stopClock,
} from '../clock.ts'
import type { DeskClock, DeskState, Draft } from './state.ts'
import { targetMsOf } from './target.ts'

/** What just happened, as the conditions see it. */
export interface Happening {
  fact: Fact | null
  statusEntered: TicketStatus | null
}
type ClockPolicy = SlaPolicy['clocks'][number]

export function holds(condition: ClockCondition | undefined, { fact, statusEntered }: Happening): boolean {
  if (!condition) return false
  if (statusEntered !== null && condition.statuses?.includes(statusEntered)) return true
  if (fact === null) return false
  if (condition.facts?.includes(fact.type)) return true
  if (fact.type === 'elementActivated') return condition.elementEntered === fact.elementId
  if (fact.type === 'elementCompleted' || fact.type === 'elementTerminated') return condition.elementLeft === fact.elementId
  if (fact.type !== 'messageAdded' || fact.visibility !== 'public') return false
  return condition.messageFrom === (fact.direction === 'out' ? 'agent' : 'requester')
}

/** A pause is a state, not an event: in one of the statuses, or a token in the element. */
const isPaused = (desk: DeskState, policy: ClockPolicy): boolean =>
  (policy.pause?.statuses?.includes(desk.fields.status) ?? false) ||
  (policy.pause?.elementEntered !== undefined && (desk.inside[policy.pause.elementEntered] ?? 0) > 0)

export function* policyClocks(draft: Draft): Generator<{ policy: SlaPolicy; clock: ClockPolicy; entry: DeskClock }> {
  for (const policy of draft.bundle.policies) {
    for (const clock of policy.clocks) {
      let entry = draft.desk.clocks.find((c) => c.policyId === policy.id && c.id === clock.id)
      if (!entry) {
        entry = { policyId: policy.id, id: clock.id, run: 0, armedAt: null, clock: null }
        draft.desk.clocks.push(entry)
      }
      yield { policy, clock, entry }
    }
  }
}

const calendarOf = (draft: Draft, policy: ClockPolicy) => {
  const calendar = draft.bundle.calendars[policy.calendarId]
  if (!calendar)
    throw new Error(
      `expected calendar "${policy.calendarId}" of clock "${policy.id}" in the bundle, found ${Object.keys(draft.bundle.calendars).join(', ') || 'none'}`,
    )
  return calendar
}

/** Takes over what a clock did; each threshold that it reached raises its escalation. */
function keep(draft: Draft, policy: ClockPolicy, entry: DeskClock, step: ClockStep): void {
  entry.clock = step.clock
  draft.facts.push(...step.facts)
  for (const percent of step.reached) {
    const threshold = policy.thresholds.find((t) => t.percent === percent)
    if (!threshold) continue
    const { clockId, metric, dueAt } = step.clock
    draft.escalations.push({
      code: threshold.escalationCode,
      variables: { sla: { clockId, metric, percent, dueAt: new Date(dueAt).toISOString() } },
    })
  }
}

const clockIdOf = (entry: DeskClock) => (entry.run > 1 ? `${entry.policyId}.${entry.id}.${entry.run}` : `${entry.policyId}.${entry.id}`)

/** Starts armed clocks whose target is now known, retargets running ones, cancels those that have none any more. */
export function settleTargets(draft: Draft): void {
  draft.isTargetStale = false
  for (const { policy, clock: rule, entry } of policyClocks(draft)) {
    const isLive = entry.clock !== null && !isOver(entry.clock)
    if (entry.armedAt === null && !isLive) continue
    const calendar = calendarOf(draft, rule)
    const targetMs = targetMsOf(draft, rule)
    if (entry.armedAt !== null && targetMs !== null) {
      const opening = {
        clockId: clockIdOf(entry),
        metric: rule.metric,
        policyId: policy.id,
        policyVersion: policy.version,
        targetMs,
        thresholds: rule.thresholds.map((t) => t.percent),
        groupId: draft.desk.fields.groupId,
        isPaused: isPaused(draft.desk, rule),
      }
      keep(draft, rule, entry, startClock(calendar, opening, entry.armedAt))
      entry.armedAt = null
    } else if (isLive && entry.clock) {
      keep(
        draft,
        rule,
        entry,
        targetMs === null ? cancelClock(calendar, entry.clock, draft.at) : retargetClock(calendar, entry.clock, targetMs, draft.at),
      )
    }
  }
}

function arm(draft: Draft, entry: DeskClock): void {
  entry.run += 1
  entry.armedAt = draft.at
  draft.isTargetStale = true
}

/** Applies one happening to one clock: end it, begin it anew, begin it, hold it or let it go on. */
function applyTo(draft: Draft, rule: ClockPolicy, entry: DeskClock, happening: Happening): void {
  const calendar = calendarOf(draft, rule)
  const ends = holds(rule.cancel, happening) ? cancelClock : holds(rule.stop, happening) ? stopClock : null
  if (ends) {
    if (entry.armedAt !== null && draft.isTargetStale) settleTargets(draft)
    entry.armedAt = null
    if (entry.clock) keep(draft, rule, entry, ends(calendar, entry.clock, draft.at))
  }
  if (entry.run > 0 && holds(rule.reset, happening)) {
    if (entry.clock) keep(draft, rule, entry, cancelClock(calendar, entry.clock, draft.at))
    arm(draft, entry)
  } else if (entry.run === 0 && !ends && holds(rule.start, happening)) arm(draft, entry)
  if (!entry.clock || isOver(entry.clock)) return
  if (isPaused(draft.desk, rule))
    keep(draft, rule, entry, pauseClock(calendar, entry.clock, draft.at, draft.desk.fields.pendingReason ?? draft.desk.fields.status))
  else keep(draft, rule, entry, resumeClock(calendar, entry.clock, draft.at))
}

export function applyHappening(draft: Draft, happening: Happening): void {
  for (const { clock, entry } of policyClocks(draft)) applyTo(draft, clock, entry, happening)
}

/** Lets every clock reach what lies before now. */
export function reachAll(draft: Draft): void {
  for (const { clock: rule, entry } of policyClocks(draft))
    if (entry.clock) keep(draft, rule, entry, reachThresholds(calendarOf(draft, rule), entry.clock, draft.at))
}

export function handOverClocks(draft: Draft): void {
  for (const { clock: rule, entry } of policyClocks(draft))
    if (entry.clock) keep(draft, rule, entry, handOverClock(calendarOf(draft, rule), entry.clock, draft.desk.fields.groupId, draft.at))
}

/** The instance has ended: what still runs ends without a result. */
export function cancelAll(draft: Draft): void {
  for (const { clock: rule, entry } of policyClocks(draft)) {
    entry.armedAt = null
    if (entry.clock) keep(draft, rule, entry, cancelClock(calendarOf(draft, rule), entry.clock, draft.at))
  }
}

/** Counts the tokens in the elements that some clock pauses for. */
export function countInside(draft: Draft, fact: Fact): void {
  if (fact.type !== 'elementActivated' && fact.type !== 'elementCompleted' && fact.type !== 'elementTerminated') return
  const isWatched = draft.bundle.policies.some((p) => p.clocks.some((c) => c.pause?.elementEntered === fact.elementId))
  if (!isWatched) return
  const tokens = (draft.desk.inside[fact.elementId] ?? 0) + (fact.type === 'elementActivated' ? 1 : -1)
  draft.desk.inside[fact.elementId] = Math.max(0, tokens)
}

export function nextDueAt(draft: Draft): number | null {
  let dueAt: number | null = null
  for (const { clock: rule, entry } of policyClocks(draft)) {
    const next = entry.clock ? nextThresholdAt(calendarOf(draft, rule), entry.clock) : null
    if (next !== null && (dueAt === null || next < dueAt)) dueAt = next
  }
  return dueAt
}
