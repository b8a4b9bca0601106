/** What makes a saved definition wrong though its JSON has the right shape. Codes are stable; messages name the remedy. */
import type { Diagnostic } from '#engine/contract'
import type { Model } from '#engine/model'
import type { Calendar } from '#schema/calendar'
import type { Form } from '#schema/form'
import type { ClockCondition, SlaPolicy } from '#schema/sla'
import { TicketStatus } from '#schema/ticket'
import type { Bundle } from './bundle.ts'
import { hasWorkingTime } from './calendar.ts'

const error = (elementId: string, code: string, message: string, params?: Record<string, string>): Diagnostic => ({
  elementId,
  severity: 'error',
  code,
  message,
  ...(params ? { params } : {}),
})

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** `elementId` of a diagnostic is the path in the calendar. */
export function checkCalendar(calendar: Calendar): Diagnostic[] {
  const found: Diagnostic[] = []
  if (!isTimeZone(calendar.timeZone))
    found.push(
      error('timeZone', 'unknownTimeZone', `"${calendar.timeZone}" is not an IANA time zone: write one like Europe/Paris.`, {
        timeZone: calendar.timeZone,
      }),
    )
  if (!hasWorkingTime(calendar))
    found.push(error('week', 'noWorkingTime', 'The calendar has no working time: give at least one day a span like 08:30 to 18:00.'))
  else if (!Object.values(calendar.week).some((spans) => (spans ?? []).length > 0))
    found.push(
      error(
        'week',
        'noWeeklyWorkingTime',
        'Only exceptions hold working time, so the calendar ends with them: give at least one weekday a span.',
      ),
    )
  for (const [day, spans] of Object.entries(calendar.week)) {
    const sorted = [...(spans ?? [])].sort((a, b) => (a.from < b.from ? -1 : 1))
    const overlap = sorted.find((span, i) => i > 0 && span.from < (sorted[i - 1]?.to ?? ''))
    if (overlap)
      found.push({
        ...error(`week.${day}`, 'overlappingSpans', `The span from ${overlap.from} overlaps the one before it; they count once.`, {
          from: overlap.from,
        }),
        severity: 'warning',
      })
  }
  const dates = calendar.exceptions.map((exception) => exception.date)
  for (const date of new Set(dates.filter((d, i) => dates.indexOf(d) !== i)))
    found.push(error('exceptions', 'duplicateException', `There are two exceptions for ${date}: keep one.`, { date }))
  return found
}

const isEmptyCondition = (condition: ClockCondition) =>
  Object.values(condition).every((part) => part === undefined || (Array.isArray(part) && part.length === 0))

/** `elementId` of a diagnostic is `<clock>` or `<clock>.<part>`. */
export function checkPolicy(policy: SlaPolicy): Diagnostic[] {
  const found: Diagnostic[] = []
  if (policy.clocks.length === 0)
    found.push(error('clocks', 'noClock', 'The policy has no clock: add one, for instance for the resolution.'))
  const ids = policy.clocks.map((clock) => clock.id)
  for (const clock of policy.clocks) {
    if (ids.indexOf(clock.id) !== ids.lastIndexOf(clock.id))
      found.push(error(clock.id, 'duplicateClock', `Two clocks have the id "${clock.id}": rename one.`))
    for (const part of ['start', 'stop'] as const)
      if (isEmptyCondition(clock[part]))
        found.push(
          error(`${clock.id}.${part}`, 'emptyCondition', `The clock never ${part}s: name a status, a fact, an element or a message.`, {
            part,
          }),
        )
    if (clock.pause && (clock.pause.facts || clock.pause.elementLeft || clock.pause.messageFrom))
      found.push(
        error(
          `${clock.id}.pause`,
          'pauseIsAState',
          'A clock pauses as long as the ticket is in a status or a token is in an element; facts, elements left and messages are moments: remove them.',
        ),
      )
    clock.thresholds.forEach(({ percent, escalationCode }, i) => {
      const before = clock.thresholds[i - 1]?.percent ?? 0
      if (percent <= before)
        found.push(
          error(
            `${clock.id}.thresholds`,
            'thresholdsNotAscending',
            `Threshold ${percent} % comes after ${before} %: put them in ascending order.`,
            { percent: `${percent}`, before: `${before}` },
          ),
        )
      if (escalationCode.trim() === '')
        found.push(
          error(
            `${clock.id}.thresholds`,
            'noEscalationCode',
            `Threshold ${percent} % has no escalation code: give the code that the diagram catches.`,
            { percent: `${percent}` },
          ),
        )
    })
  }
  return found
}

/** Components that cannot be filled in or read back. `elementId` of a diagnostic is the component's id. */
export function checkForm(form: Form): Diagnostic[] {
  const found: Diagnostic[] = []
  const keys = new Set<string>()
  for (const component of form.components) {
    if (component.type === 'text') continue
    if (keys.has(component.key))
      found.push(error(component.id, 'duplicateKey', `Two fields have the key "${component.key}": rename one.`, { key: component.key }))
    keys.add(component.key)
    const isChoice = component.type === 'select' || component.type === 'radio'
    if (isChoice && !component.values?.length && !component.properties?.source)
      found.push(error(component.id, 'noOptions', 'The list is empty: give it values, or a source (people, groups, services, categories).'))
    try {
      if (component.validate?.pattern) new RegExp(component.validate.pattern, 'u')
    } catch {
      found.push(error(component.id, 'badPattern', 'The pattern is not a regular expression: correct it.'))
    }
  }
  return found
}

/** The guichet: attributes of a process, where they stand. Jobs and user tasks wait, so a variable set on their entry is there before the token goes on. */
export function checkProcess(model: Model): Diagnostic[] {
  const found: Diagnostic[] = []
  const { numberPrefix } = model.attributes
  if (numberPrefix !== undefined && !/^[A-Z]{3}$/.test(numberPrefix))
    found.push(
      error(model.processId, 'badNumberPrefix', `"${numberPrefix}" does not number tickets: give three capital letters, such as MAJ.`, {
        numberPrefix,
      }),
    )
  for (const element of Object.values(model.elements)) {
    const { status, dueVariable, dueBusinessDays } = element.attributes ?? {}
    if (status !== undefined && !TicketStatus.safeParse(status).success)
      found.push(
        error(element.id, 'unknownStatus', `"${status}" is not a ticket status: use one of ${TicketStatus.options.join(', ')}.`, {
          status,
        }),
      )
    if (dueVariable === undefined && dueBusinessDays === undefined) continue
    if (dueVariable === undefined || dueBusinessDays === undefined)
      found.push(error(element.id, 'incompleteDue', 'guichet:dueVariable and guichet:dueBusinessDays go together: give both.'))
    else if (!/^\d{1,3}$/.test(dueBusinessDays))
      found.push(
        error(element.id, 'badBusinessDays', `"${dueBusinessDays}" is not a whole number of working days from 0 to 999.`, {
          dueBusinessDays,
        }),
      )
    if (element.attributes?.calendar === undefined)
      found.push(error(element.id, 'noCalendar', 'Working days need a calendar: name it in guichet:calendar.'))
    if (!['sendTask', 'serviceTask', 'userTask'].includes(element.type))
      found.push(
        error(
          element.id,
          'dueNeedsWait',
          'An instant in working days is set while the element waits: put guichet:dueVariable on a send, service or user task before the timer.',
        ),
      )
  }
  return found
}

/** What only shows when all is put together: calendars and decisions that are named and not there. */
export function checkBundle(bundle: Bundle): Diagnostic[] {
  const found: Diagnostic[] = []
  for (const policy of bundle.policies) {
    for (const clock of policy.clocks) {
      if (!bundle.calendars[clock.calendarId])
        found.push(
          error(`${policy.id}.${clock.id}`, 'unknownCalendar', `The clock names calendar "${clock.calendarId}", which is not deployed.`, {
            calendarId: clock.calendarId,
          }),
        )
      if (!bundle.decisions[clock.target.decisionId])
        found.push(
          error(
            `${policy.id}.${clock.id}`,
            'unknownDecision',
            `The clock takes its target from decision "${clock.target.decisionId}", which is not deployed.`,
            { decisionId: clock.target.decisionId },
          ),
        )
    }
  }
  for (const policy of bundle.policies) for (const clock of policy.clocks) found.push(...checkTargets(bundle, clock.target))
  for (const element of [bundle.process, ...Object.values(bundle.called)].flatMap((model) => Object.values(model.elements))) {
    const calendarId = element.attributes?.calendar
    if (calendarId !== undefined && !bundle.calendars[calendarId])
      found.push(error(element.id, 'unknownCalendar', `The element names calendar "${calendarId}", which is not deployed.`, { calendarId }))
  }
  return found
}

/** A target of zero or less, written in the decision table that gives a clock its time. `elementId` of a diagnostic is the rule's id. */
function checkTargets(bundle: Bundle, { decisionId, output }: SlaPolicy['clocks'][number]['target']): Diagnostic[] {
  const decision = bundle.decisions[decisionId]
  const logic = decision?.nodes[decision.decisionId]?.logic
  if (logic?.type !== 'table') return []
  const { outputs, rules } = logic.table
  const column = outputs.length === 1 ? 0 : outputs.findIndex((o) => o.name === output)
  if (column < 0)
    return [
      error(
        decisionId,
        'unknownOutput',
        `Decision "${decisionId}" has no output "${output}": name one of ${outputs.map((o) => o.name).join(', ')}.`,
        { decisionId, output },
      ),
    ]
  return rules
    .filter((rule) => Number(rule.outputs[column] ?? Number.NaN) <= 0)
    .map((rule) =>
      error(
        rule.id,
        'targetNotPositive',
        `The target "${output}" is ${rule.outputs[column]} minutes: give more than 0, or leave the cell null for no clock.`,
        { output },
      ),
    )
}
