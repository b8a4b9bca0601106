/** When a policy's conditions are true: of what just happened, and of how things stand. */
import type { Fact } from '#schema/fact'
import type { Json } from '#schema/json'
import { systemActor } from '#schema/role'
import type { ClockCondition, ClockPolicy, FieldCondition, PauseOwner, PauseRule } from '#schema/sla'
import { isTicketField, type TicketStatus } from '#schema/ticket'
import type { Bundle } from '../bundle.ts'
import type { DeskState } from './state.ts'

/** What just happened, as the conditions see it. */
export interface Happening {
  fact: Fact | null
  statusEntered: TicketStatus | null
}

const isValue = (value: Json | undefined): boolean => value !== null && value !== undefined && value !== ''
const isSame = (a: Json, b: Json) => JSON.stringify(a) === JSON.stringify(b)

function fits({ in: some, notIn }: FieldCondition, value: Json | undefined): boolean {
  if (some === undefined && notIn === undefined) return isValue(value)
  return (some === undefined || some.some((one) => isSame(one, value ?? null))) && !notIn?.some((one) => isSame(one, value ?? null))
}

export function holds(desk: DeskState, condition: ClockCondition | undefined, { fact, statusEntered }: Happening): boolean {
  if (!condition || !isGiven(desk, condition)) return false
  if (statusEntered !== null && condition.statuses?.includes(statusEntered)) return true
  if (fact === null) return false
  if (condition.facts?.includes(fact.type)) return true
  if (fact.type === 'elementActivated') return condition.elementEntered === fact.elementId
  if (fact.type === 'elementCompleted' || fact.type === 'elementTerminated') return condition.elementLeft === fact.elementId
  if (fact.type === 'variableChanged') return fact.isRoot && condition.field?.name === fact.name && fits(condition.field, fact.to)
  if (fact.type !== 'messageAdded' || fact.visibility !== 'public') return false
  if (fact.direction === 'in') return condition.messageFrom === 'requester'
  return condition.messageFrom === 'agent' && fact.authorId !== systemActor.id
}

/** A ticket field, or a root variable that some policy looks at. */
export const fieldOf = (desk: DeskState, name: string): Json | undefined =>
  Object.hasOwn(desk.fields, name) ? (desk.fields as Record<string, Json>)[name] : desk.watched?.[name]

const isGiven = (desk: DeskState, { given }: ClockCondition): boolean => given === undefined || fits(given, fieldOf(desk, given.name))

/** Is it so now: in one of the statuses, a token in the element, the field of such a value. */
export const stands = (desk: DeskState, condition: ClockCondition | undefined): boolean =>
  condition !== undefined &&
  isGiven(desk, condition) &&
  ((condition.statuses?.includes(desk.fields.status) ?? false) ||
    (condition.elementEntered !== undefined && (desk.inside[condition.elementEntered] ?? 0) > 0) ||
    (condition.field !== undefined && fits(condition.field, fieldOf(desk, condition.field.name))))

/** A reason to stand still as the clock needs it. */
export interface ActivePause {
  ruleId: string
  reason: string
  owner?: PauseOwner
  rule: PauseRule | null
}

/** The first reason that is given now; `pause` alone is one without owner and cap. */
export function activePause(desk: DeskState, clock: ClockPolicy): ActivePause | null {
  const { pendingReason, status } = desk.fields
  const rule = clock.pauses?.find(({ when }) => stands(desk, when))
  if (rule) return { ruleId: rule.id, reason: pendingReason ?? rule.id, owner: rule.owner, rule }
  return stands(desk, clock.pause) ? { ruleId: 'pause', reason: pendingReason ?? status, rule: null } : null
}

const minuteMs = 60_000

/** Business ms that a pause may last, given what its reason, and all reasons, have used; null: as long as it lasts. */
export function pauseCapMs(clock: ClockPolicy, { ruleId, rule }: ActivePause, pausedMs: Record<string, number> = {}): number | null {
  const used = pausedMs[ruleId] ?? 0
  const usedByAll = Object.values(pausedMs).reduce((sum, ms) => sum + ms, 0)
  const caps = [
    ...(rule?.maxMinutes === undefined ? [] : [rule.maxMinutes * minuteMs]),
    ...(rule?.maxTotalMinutes === undefined ? [] : [rule.maxTotalMinutes * minuteMs - used]),
    ...(clock.maxPauseMinutes === undefined ? [] : [clock.maxPauseMinutes * minuteMs - usedByAll]),
  ]
  return caps.length === 0 ? null : Math.max(0, Math.min(...caps))
}

/** Every condition of a clock, by the part of the policy that it stands in. */
export function conditionsOf(clock: ClockPolicy): { part: string; condition: ClockCondition }[] {
  const { start, stop, pause, pauses = [], cancel, reset, renew, countFrom } = clock
  const named = { start, stop, pause, cancel, reset, renew, countFrom: countFrom === 'opening' ? undefined : countFrom }
  return [
    ...Object.entries(named).flatMap(([part, condition]) => (condition ? [{ part, condition }] : [])),
    ...pauses.map(({ id, when }) => ({ part: `pauses.${id}`, condition: when })),
  ]
}

interface Watched {
  names: Set<string>
  elements: Set<string>
}
const watched = new WeakMap<Bundle, Watched>()

/** Root variables that are no ticket fields, and elements, that some policy looks at. */
export function watchedBy(bundle: Bundle): Watched {
  const known = watched.get(bundle)
  if (known) return known
  const names = new Set<string>()
  const elements = new Set<string>()
  const addInputs = (decisionId: string) => {
    for (const node of Object.values(bundle.decisions[decisionId]?.nodes ?? {})) for (const name of node.inputs) names.add(name)
  }
  for (const clock of bundle.policies.flatMap((policy) => policy.clocks)) {
    addInputs(clock.target.decisionId)
    if (clock.calendar?.by === 'decision') addInputs(clock.calendar.decisionId)
    if (clock.calendar?.by === 'variable') names.add(clock.calendar.name)
    for (const { condition } of conditionsOf(clock)) {
      for (const field of [condition.field, condition.given]) if (field) names.add(field.name)
      if (condition.elementEntered !== undefined) elements.add(condition.elementEntered)
    }
  }
  for (const name of names) if (isTicketField(name)) names.delete(name)
  const found = { names, elements }
  watched.set(bundle, found)
  return found
}
