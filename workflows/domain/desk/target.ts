/** How much time a clock is given, and on which calendar: the policy's decision tables, asked with the ticket's fields. */
import { DecisionFailure, evaluateDecision } from '#engine/decision/evaluate'
import type { Calendar } from '#schema/calendar'
import type { Json } from '#schema/json'
import type { ClockPolicy } from '#schema/sla'
import { fieldOf, watchedBy } from './conditions.ts'
import type { Draft } from './state.ts'

const minuteMs = 60_000

/**
 * What a decision gives under `output`; null when it gives nothing, or fails. It sees the ticket's fields except its long texts, and the
 * root variables that it names; one that is not set (yet) is null.
 */
function decided(draft: Draft, decisionId: string, output: string, clockId: string): Json {
  const { bundle, desk, at } = draft
  const decision = bundle.decisions[decisionId]
  if (!decision)
    throw new Error(
      `expected decision "${decisionId}" of clock "${clockId}" in the bundle, found ${Object.keys(bundle.decisions).join(', ') || 'none'}`,
    )
  const variables: Record<string, Json> = {}
  for (const name of watchedBy(bundle).names) variables[name] = desk.watched?.[name] ?? null
  try {
    const { value } = evaluateDecision(decision, { ...variables, ...desk.fields }, { at, timeZone: bundle.process.timeZone })
    // A table of one output yields the value itself, a larger one a context.
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value[output] ?? null) : value
  } catch (failure) {
    if (failure instanceof DecisionFailure) return null
    throw failure
  }
}

/**
 * Business ms; null when the table gives no target (yet): then no clock runs. A decision that fails gives no target either; that it
 * exists and gives no target of zero is checked at deployment.
 */
export function targetMsOf(draft: Draft, rule: ClockPolicy): number | null {
  const minutes = decided(draft, rule.target.decisionId, rule.target.output, rule.id)
  return typeof minutes === 'number' && minutes > 0 ? Math.round(minutes * minuteMs) : null
}

/** A clock that has hours of its own to run on (its group's, its contract's) and runs on the policy's, because there are none. */
export const isCalendarFallback = (draft: Draft, rule: ClockPolicy): boolean =>
  rule.calendar !== undefined && draft.bundle.calendars[chosenId(draft, rule) ?? ''] === undefined

/** The calendar that a clock takes when it starts now. */
export function chosenCalendar(draft: Draft, rule: ClockPolicy): Calendar {
  const { calendars } = draft.bundle
  const calendar = calendars[chosenId(draft, rule) ?? ''] ?? calendars[rule.calendarId]
  if (calendar) return calendar
  throw new Error(
    `expected calendar "${rule.calendarId}" of clock "${rule.id}" in the bundle, found ${Object.keys(calendars).join(', ') || 'none'}`,
  )
}

function chosenId(draft: Draft, { id, calendar: choice }: ClockPolicy): string | null {
  if (!choice) return null
  if (choice.by === 'group') return choice.calendars?.[draft.desk.fields.groupId ?? ''] ?? null
  const value = choice.by === 'variable' ? fieldOf(draft.desk, choice.name) : decided(draft, choice.decisionId, choice.output, id)
  return typeof value === 'string' ? value : null
}
