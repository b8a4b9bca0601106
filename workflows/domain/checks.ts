/** What makes a saved calendar, form or process wrong though its JSON has the right shape. Codes are stable; messages name the remedy. */
import type { Diagnostic } from '#engine/contract'
import type { Model } from '#engine/model'
import type { Calendar } from '#schema/calendar'
import type { Form } from '#schema/form'
import { isTaskId, taskIds } from '#schema/service-task'
import { TicketStatus } from '#schema/ticket'
import { hasWorkingTime } from './calendar.ts'

export const error = (elementId: string, code: string, message: string, params?: Record<string, string>): Diagnostic => ({
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
      found.push(
        error(`week.${day}`, 'overlappingSpans', `The span from ${overlap.from} overlaps the one before it: join them, or move one.`, {
          from: overlap.from,
        }),
      )
  }
  calendar.exceptions.forEach(({ date, spans }, i) => {
    const sorted = [...spans].sort((a, b) => (a.from < b.from ? -1 : 1))
    const overlap = sorted.find((span, j) => j > 0 && span.from < (sorted[j - 1]?.to ?? ''))
    if (overlap)
      found.push(
        error(
          `exceptions.${i}`,
          'overlappingSpans',
          `On ${date} the span from ${overlap.from} overlaps the one before it: join them, or move one.`,
          {
            from: overlap.from,
          },
        ),
      )
  })
  const dates = calendar.exceptions.map((exception) => exception.date)
  for (const date of new Set(dates.filter((d, i) => dates.indexOf(d) !== i)))
    found.push(error('exceptions', 'duplicateException', `There are two exceptions for ${date}: keep one.`, { date }))
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

/** Tasks whose type the desk does not do itself. They run, once a worker of the customer's fetches them: worth a word, since it may be a slip. */
export function checkJobs(model: Model): Diagnostic[] {
  return Object.values(model.elements).flatMap((element): Diagnostic[] => {
    const type = 'job' in element && element.job && 'literal' in element.job.jobType ? element.job.jobType.literal : null
    if (typeof type !== 'string' || isTaskId(type)) return []
    const message = `"${type}" waits for a worker of your own (API: /jobs/fetch). Built in are ${taskIds.join(', ')}.`
    return [{ elementId: element.id, severity: 'warning', code: 'offeredToWorkers', message, params: { type } }]
  })
}
