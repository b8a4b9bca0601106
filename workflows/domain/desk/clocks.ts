/** Which clocks run: the policies' conditions on what just happened. */
import type { Calendar } from '#schema/calendar'
import type { Fact } from '#schema/fact'
import type { Json } from '#schema/json'
import type { ClockPolicy, PauseOwner, SlaPolicy } from '#schema/sla'
import {
  bareClock,
  type Clock,
  type ClockOpening,
  type ClockStep,
  cancelClock,
  countedAt,
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
import { activePause, type Happening, holds, pauseCapMs, watchedBy } from './conditions.ts'
import type { DeskClock, Draft } from './state.ts'
import { chosenCalendar, isCalendarFallback, targetMsOf } from './target.ts'

interface PolicyClock {
  policy: SlaPolicy
  clock: ClockPolicy
  entry: DeskClock
}

export function* policyClocks(draft: Draft): Generator<PolicyClock> {
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

const isLive = (entry: DeskClock): entry is DeskClock & { clock: Clock } => entry.clock !== null && !isOver(entry.clock)
const isOfGroup = (rule: ClockPolicy): boolean => rule.per === 'group'

/** The calendar that a clock was started on. */
function calendarOf(draft: Draft, rule: ClockPolicy, clock: Clock): Calendar {
  return draft.bundle.calendars[clock.calendarId] ?? chosenCalendar(draft, rule)
}

/** Takes over what a clock did; each threshold that it reached raises its escalation. */
function keep(draft: Draft, policy: ClockPolicy, entry: DeskClock, step: ClockStep): void {
  entry.clock = step.clock
  draft.facts.push(...step.facts)
  raise(draft, policy, step.clock, step.reached)
}

/** Puts the escalations of thresholds to the diagram, each with what it is about. */
export function raise(draft: Draft, policy: ClockPolicy, clock: Clock, percents: readonly number[]): void {
  const { clockId, metric, dueAt, policyId, kind = 'sla', groupId } = clock
  for (const percent of percents) {
    const threshold = policy.thresholds.find((t) => t.percent === percent)
    if (!threshold) continue
    draft.escalations.push({
      code: threshold.escalationCode,
      variables: { sla: { clockId, metric, percent, dueAt: new Date(dueAt).toISOString(), policyId, kind, groupId } },
    })
  }
}

const clockIdOf = (entry: DeskClock) => (entry.run > 1 ? `${entry.policyId}.${entry.id}.${entry.run}` : `${entry.policyId}.${entry.id}`)

/** The time that counts though it lies before the start. */
function timeBefore(draft: Draft, rule: ClockPolicy, entry: DeskClock, at: number): Pick<ClockOpening, 'before'> {
  if (!entry.before) return {}
  const { startedAt, elapsedMs, ownedMs } = countedAt(calendarOf(draft, rule, entry.before), entry.before, at)
  return { before: { from: startedAt, elapsedMs, ownedMs } }
}

function start(draft: Draft, { policy, clock: rule, entry }: PolicyClock, armedAt: number, targetMs: number): void {
  const pause = activePause(draft.desk, rule)
  const isCapped = pause !== null && pauseCapMs(rule, pause) !== null
  const opening: ClockOpening = {
    clockId: clockIdOf(entry),
    metric: rule.metric,
    policyId: policy.id,
    policyVersion: policy.version,
    targetMs,
    thresholds: rule.thresholds.map((t) => t.percent),
    groupId: draft.desk.fields.groupId,
    isPaused: pause !== null && !isCapped,
    kind: policy.kind,
    ...(rule.name ? { name: rule.name } : {}),
    ...(policy.supplierId === undefined ? {} : { supplierId: policy.supplierId }),
    ...timeBefore(draft, rule, entry, armedAt),
  }
  const step = startClock(entry.before ? calendarOf(draft, rule, entry.before) : chosenCalendar(draft, rule), opening, armedAt)
  if (isCalendarFallback(draft, rule))
    step.facts = step.facts.map((fact) => (fact.type === 'clockStarted' ? { ...fact, isCalendarFallback: true } : fact))
  // Its target may be known only later: it counts from where it began, and is told of now.
  if (armedAt < draft.at)
    step.facts = step.facts.map((fact) =>
      fact.type === 'clockStarted' ? { ...fact, at: draft.at, countedFrom: fact.countedFrom ?? armedAt } : fact,
    )
  entry.armedAt = null
  entry.before = null
  if (pause !== null && !isCapped)
    step.clock.pause = { ruleId: pause.ruleId, reason: pause.reason, since: armedAt, capAt: null, ...ownerOf(pause) }
  keep(draft, rule, entry, step)
  if (isCapped) hold(draft, rule, entry)
}

const ownerOf = ({ owner }: { owner?: PauseOwner }) => (owner === undefined ? {} : { owner })

/** Starts armed clocks whose target is now known, retargets running ones, cancels those that have none any more. */
export function settleTargets(draft: Draft): void {
  draft.isTargetStale = false
  for (const one of policyClocks(draft)) {
    const { clock: rule, entry } = one
    if (entry.armedAt === null && !isLive(entry)) continue
    const targetMs = targetMsOf(draft, rule)
    if (entry.armedAt !== null && targetMs !== null) start(draft, one, entry.armedAt, targetMs)
    else if (isLive(entry)) {
      const calendar = calendarOf(draft, rule, entry.clock)
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
  entry.isSettled = false
  draft.isTargetStale = true
}

function end(draft: Draft, rule: ClockPolicy, entry: DeskClock, ending: typeof stopClock): void {
  if (entry.armedAt !== null && draft.isTargetStale) settleTargets(draft)
  entry.armedAt = null
  if (entry.clock) keep(draft, rule, entry, ending(calendarOf(draft, rule, entry.clock), entry.clock, draft.at))
}

/** The group that has the ticket is one whose clock this is, and the ticket is not settled. */
function mayOwn({ desk }: Draft, rule: ClockPolicy): boolean {
  const { groupId, status } = desk.fields
  const isSettled = rule.stop.statuses?.includes(status) || rule.cancel?.statuses?.includes(status)
  return groupId !== null && !isSettled && (rule.groups === undefined || rule.groups.includes(groupId))
}

/** Does the happening begin a run? A group's clock begins when the group gets the ticket, or when a settled ticket comes back to it. */
function begins(draft: Draft, rule: ClockPolicy, entry: DeskClock, happening: Happening): boolean {
  if (isLive(entry) || entry.armedAt !== null) return false
  if (!isOfGroup(rule)) return (entry.run === 0 || rule.repeats === true) && holds(draft.desk, rule.start, happening)
  const isFirst = entry.run === 0 && happening.fact?.type === 'ticketOpened'
  return (isFirst || (entry.isSettled === true && happening.statusEntered !== null)) && mayOwn(draft, rule)
}

/** Applies one happening to one clock: end it, begin it anew, begin it, hold it or let it go on. */
function applyTo(draft: Draft, { policy, clock: rule, entry }: PolicyClock, happening: Happening): void {
  const ends = holds(draft.desk, rule.cancel, happening) ? cancelClock : holds(draft.desk, rule.stop, happening) ? stopClock : null
  if (ends) {
    end(draft, rule, entry, ends)
    const { statusEntered } = happening
    entry.isSettled = statusEntered !== null && rule.stop.statuses?.includes(statusEntered) === true
  }
  if (entry.run > 0 && holds(draft.desk, rule.reset, happening) && (!isOfGroup(rule) || mayOwn(draft, rule))) {
    if (entry.clock) keep(draft, rule, entry, cancelClock(calendarOf(draft, rule, entry.clock), entry.clock, draft.at))
    if (entry.armedAt === null) arm(draft, entry)
  } else if (!ends && isLive(entry) && holds(draft.desk, rule.renew, happening)) {
    end(draft, rule, entry, stopClock)
    arm(draft, entry)
  } else if (!ends && begins(draft, rule, entry, happening)) arm(draft, entry)
  countBefore(draft, policy, rule, entry, happening)
  hold(draft, rule, entry)
}

/** Lets time before the start count, from where the policy says. */
function countBefore(draft: Draft, policy: SlaPolicy, rule: ClockPolicy, entry: DeskClock, happening: Happening): void {
  const { countFrom } = rule
  if (countFrom === undefined || isLive(entry)) return
  const isFrom = countFrom === 'opening' ? happening.fact?.type === 'ticketOpened' : holds(draft.desk, countFrom, happening)
  if (!isFrom || (entry.armedAt !== null && entry.armedAt < draft.at)) return
  const calendar = chosenCalendar(draft, rule)
  entry.before = bareClock(calendar, { id: rule.id, metric: rule.metric, policyId: policy.id }, draft.desk.fields.groupId, draft.at)
}

/** Stands the clock still while a reason is given, and no longer than its cap. */
function hold(draft: Draft, rule: ClockPolicy, entry: DeskClock): void {
  if (entry.before) entry.before = held(draft, rule, entry.before).clock
  if (isLive(entry)) keep(draft, rule, entry, held(draft, rule, entry.clock))
}

function held(draft: Draft, rule: ClockPolicy, given: Clock): ClockStep {
  const { desk, at } = draft
  const calendar = calendarOf(draft, rule, given)
  const pause = activePause(desk, rule)
  let clock = given
  if (clock.cappedId !== undefined && clock.cappedId !== pause?.ruleId) {
    const { cappedId: _over, ...rest } = clock
    clock = rest
  }
  if (pause === null || pause.ruleId === clock.cappedId) return resumeClock(calendar, clock, at)
  const isOther = clock.state === 'paused' && clock.pause !== undefined && clock.pause.ruleId !== pause.ruleId
  const first = isOther ? resumeClock(calendar, clock, at) : { clock, facts: [], reached: [] }
  const { ruleId, reason } = pause
  const capMs = pauseCapMs(rule, pause, first.clock.pausedMs)
  const then = pauseClock(calendar, first.clock, at, { ruleId, reason, ...ownerOf(pause) }, capMs)
  return { clock: then.clock, facts: [...first.facts, ...then.facts], reached: [...first.reached, ...then.reached] }
}

export function applyHappening(draft: Draft, happening: Happening): void {
  for (const one of policyClocks(draft)) applyTo(draft, one, happening)
}

/** Lets every clock reach what lies before now. */
export function reachAll(draft: Draft): void {
  for (const { clock: rule, entry } of policyClocks(draft))
    if (entry.clock) keep(draft, rule, entry, reachThresholds(calendarOf(draft, rule, entry.clock), entry.clock, draft.at))
}

/** The ticket went to another group: a ticket's clock runs on for that one, a group's own ends, and the next group's begins. */
export function handOverClocks(draft: Draft): void {
  const { groupId } = draft.desk.fields
  for (const { clock: rule, entry } of policyClocks(draft)) {
    if (isOfGroup(rule)) {
      // A group that had it for no time at all has kept nothing and missed nothing.
      if (isLive(entry)) end(draft, rule, entry, entry.clock.startedAt === draft.at ? cancelClock : stopClock)
      entry.armedAt = null
      if (mayOwn(draft, rule)) arm(draft, entry)
      continue
    }
    if (entry.before) entry.before = handOverClock(calendarOf(draft, rule, entry.before), entry.before, groupId, draft.at).clock
    if (entry.clock) keep(draft, rule, entry, handOverClock(calendarOf(draft, rule, entry.clock), entry.clock, groupId, draft.at))
  }
}

/** The instance has ended: what still runs ends without a result. */
export function cancelAll(draft: Draft): void {
  for (const { clock: rule, entry } of policyClocks(draft)) {
    entry.armedAt = null
    entry.before = null
    if (entry.clock) keep(draft, rule, entry, cancelClock(calendarOf(draft, rule, entry.clock), entry.clock, draft.at))
  }
}

/** Counts the tokens in the elements that some clock looks at. */
export function countInside(draft: Draft, fact: Fact): void {
  if (fact.type !== 'elementActivated' && fact.type !== 'elementCompleted' && fact.type !== 'elementTerminated') return
  if (!watchedBy(draft.bundle).elements.has(fact.elementId)) return
  const tokens = (draft.desk.inside[fact.elementId] ?? 0) + (fact.type === 'elementActivated' ? 1 : -1)
  draft.desk.inside[fact.elementId] = Math.max(0, tokens)
}

/** A root variable of more than so many characters is no value for a condition or a table. */
const longestWatched = 2_000

export const watchable = (value: Json): Json => (JSON.stringify(value).length > longestWatched ? null : value)

/** Keeps the root variables that some policy looks at. */
export function watch(draft: Draft, fact: Fact): void {
  if (fact.type !== 'variableChanged' || !fact.isRoot || !watchedBy(draft.bundle).names.has(fact.name)) return
  draft.desk.watched = { ...draft.desk.watched, [fact.name]: watchable(fact.to) }
  draft.isTargetStale = true
}

export function nextDueAt(draft: Draft): number | null {
  let dueAt: number | null = null
  for (const { clock: rule, entry } of policyClocks(draft)) {
    const next = entry.clock ? nextThresholdAt(calendarOf(draft, rule, entry.clock), entry.clock) : null
    if (next !== null && (dueAt === null || next < dueAt)) dueAt = next
  }
  return dueAt
}
