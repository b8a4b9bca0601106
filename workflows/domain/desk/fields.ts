/** Ticket fields follow the process: status from the element entered, the rest from root variables of the same name. */
import type { FactOf } from '#schema/fact'
import type { Json } from '#schema/json'
import { isTicketField, type TicketField, TicketFields, type TicketStatus } from '#schema/ticket'
import { addBusinessDays } from '../calendar.ts'
import { handOverClocks } from './clocks.ts'
import { type Draft, isLongField, type SmallField, sameJson } from './state.ts'

const isValid = (field: TicketField, value: Json) => TicketFields.shape[field].safeParse(value).success

/** Writes a field and records the change; nothing when it has that value already. True: changed. */
export function changeField(draft: Draft, field: SmallField, to: Json): boolean {
  const from = draft.desk.fields[field]
  if (sameJson(from, to)) return false
  Object.assign(draft.desk.fields, { [field]: to })
  draft.facts.push({ type: 'ticketChanged', at: draft.at, field, from, to })
  draft.isTargetStale = true
  if (field === 'groupId') handOverClocks(draft)
  return true
}

/** A change made by the desk itself: the process's variable must follow. */
function decideField(draft: Draft, field: SmallField, to: Json): boolean {
  if (!changeField(draft, field, to)) return false
  draft.variables[field] = to
  return true
}

export const enterStatus = (draft: Draft, status: TicketStatus): boolean => decideField(draft, 'status', status)

/** Someone has it: a new ticket is assigned from now on. */
function assignTicket(draft: Draft, assigneeId: string | null): TicketStatus | null {
  decideField(draft, 'assigneeId', assigneeId)
  return assigneeId !== null && draft.desk.fields.status === 'new' && enterStatus(draft, 'assigned') ? 'assigned' : null
}

/**
 * A root variable that is a ticket field changed: by a form, a decision, a script or an agent's edit.
 * A value that the field cannot hold is put back, so that ticket and process never differ.
 */
export function takeVariable(draft: Draft, fact: FactOf<'variableChanged'>): TicketStatus | null {
  if (!fact.isRoot || !isTicketField(fact.name)) return null
  const field = fact.name
  if (!isValid(field, fact.to)) {
    if (!draft.isStarting) draft.variables[field] = isLongField(field) ? fact.from : draft.desk.fields[field]
    return null
  }
  if (isLongField(field)) {
    const isOpening = draft.isStarting && fact.from === null
    if (!isOpening) draft.facts.push({ type: 'ticketChanged', at: draft.at, field, from: fact.from, to: fact.to })
    return null
  }
  if (!changeField(draft, field, fact.to)) return null
  if (field === 'status') return draft.desk.fields.status
  if (field !== 'assigneeId') return null
  const assignee = draft.desk.fields.assigneeId
  for (const task of draft.desk.tasks) if (task.assignee !== assignee) draft.assignments.push({ waitId: task.waitId, assignee })
  return assignee !== null && draft.desk.fields.status === 'new' && enterStatus(draft, 'assigned') ? 'assigned' : null
}

/**
 * Null where the attributes name no calendar of the bundle or no number of days (both are refused at deployment): the variable
 * then stays unset, and the timer that reads it stalls at its element, to be mended there.
 */
function dueInstant(draft: Draft, attributes: Record<string, string>): number | null {
  const calendar = draft.bundle.calendars[attributes.calendar ?? '']
  const days = attributes.dueBusinessDays ?? ''
  return calendar && /^\d{1,3}$/.test(days) ? addBusinessDays(calendar, draft.at, Number(days)) : null
}

/** `guichet:status` on the element entered; `guichet:dueVariable` + `guichet:dueBusinessDays` set an instant some working days ahead. */
export function takeAttributes(draft: Draft, key: string, attributes: Record<string, string>): TicketStatus | null {
  // An approver decides; he does not get the ticket.
  if (attributes.assignment === 'task' || attributes.approval !== undefined) draft.desk.aside.push(key)
  const dueAt = dueInstant(draft, attributes)
  if (attributes.dueVariable && dueAt !== null) draft.variables[attributes.dueVariable] = new Date(dueAt).toISOString()
  const status = TicketFields.shape.status.safeParse(attributes.status)
  return status.success && enterStatus(draft, status.data) ? status.data : null
}

/** The task's assignee and the ticket's are one, both ways. */
export function takeTask(
  draft: Draft,
  fact: FactOf<'taskOpened'> | FactOf<'taskAssigned'> | FactOf<'taskCompleted'> | FactOf<'taskCanceled'>,
): TicketStatus | null {
  const { desk } = draft
  if (desk.aside.includes(fact.waitId)) return null
  if (fact.type === 'taskCompleted' || fact.type === 'taskCanceled') {
    desk.tasks = desk.tasks.filter((t) => t.waitId !== fact.waitId)
    return null
  }
  const assignee = fact.type === 'taskOpened' ? fact.assignee : fact.to
  const task = desk.tasks.find((t) => t.waitId === fact.waitId)
  if (task) task.assignee = assignee
  else desk.tasks.push({ waitId: fact.waitId, assignee })
  const isRelease = fact.type === 'taskAssigned' && assignee === null && desk.fields.assigneeId === fact.from
  return assignee !== null || isRelease ? assignTicket(draft, assignee) : null
}
