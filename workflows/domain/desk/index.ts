/**
 * The desk: what the service desk's rules make of what the token game did. Pure; `at` is the only clock.
 * The runtime feeds every batch of facts through `stepDesk`, gives the inputs to the engine, and repeats until both are quiet.
 */
import type { Fact } from '#schema/fact'
import type { Variables } from '#schema/json'
import { TicketFields, type TicketOpening, type TicketStatus, ticketFields } from '#schema/ticket'
import type { Bundle } from '../bundle.ts'
import { applyHappening, cancelAll, countInside, nextDueAt, reachAll, settleTargets, watch, watchable } from './clocks.ts'
import { watchedBy } from './conditions.ts'
import { enterStatus, takeAttributes, takeTask, takeVariable } from './fields.ts'
import { type DeskState, type DeskStep, type Draft, draftOf, inputsOf, isLongField } from './state.ts'

export type { DeskState, DeskStep } from './state.ts'

/** Every field has a value: what the opening leaves out is empty. */
function fieldsOf(opening: TicketOpening): TicketFields {
  const empty = Object.fromEntries(ticketFields.map((field) => [field, null]))
  return TicketFields.parse({ ...empty, description: '', status: 'new', ...opening.fields })
}

/**
 * Opens the desk for a ticket whose `ticketOpened` fact is in the ledger already. `variables` start the process: the
 * ticket's fields, `ticketId`, `number`, `kind`, `channel`, `openedById`, and the form's further values under their own names.
 */
export function openDesk(bundle: Bundle, opening: TicketOpening, at: number): DeskStep & { variables: Variables } {
  const fields = fieldsOf(opening)
  const small = Object.fromEntries(ticketFields.filter((f) => !isLongField(f)).map((f) => [f, fields[f]]))
  const given = Object.entries(opening.extra).filter(([name]) => watchedBy(bundle).names.has(name))
  const desk: DeskState = {
    version: 1,
    fields: small as DeskState['fields'],
    clocks: [],
    tasks: [],
    aside: [],
    inside: {},
    // A clock that starts with the ticket takes its target and its calendar from what is known of it by then.
    ...(given.length > 0 && { watched: Object.fromEntries(given.map(([name, value]) => [name, watchable(value)])) }),
    isEnded: false,
  }
  const draft = draftOf(bundle, desk, at)
  applyHappening(draft, { fact: { type: 'ticketOpened', at, opening }, statusEntered: fields.status })
  const { ticketId, number, kind, channel, openedById } = opening
  return { ...finish(draft), variables: { ...opening.extra, ...fields, ticketId, number, kind, channel, openedById } }
}

/** Takes in facts of the engine, and desk facts of others (`messageAdded`, ...), in order. */
export function stepDesk(bundle: Bundle, desk: DeskState, facts: readonly Fact[], at: number): DeskStep {
  const draft = draftOf(bundle, desk, at)
  draft.isStarting = facts.some((fact) => fact.type === 'instanceStarted')
  reachAll(draft)
  for (const fact of facts) take(draft, fact)
  return finish(draft)
}

/** `dueAt` has passed. Early or repeated calls do no harm. */
export const wakeDesk = (bundle: Bundle, desk: DeskState, at: number): DeskStep => stepDesk(bundle, desk, [], at)

/** What a draft has come to. */
export function finish(draft: Draft): DeskStep {
  if (draft.isTargetStale) settleTargets(draft)
  return {
    desk: draft.desk,
    facts: draft.facts,
    inputs: draft.desk.isEnded ? [] : inputsOf(draft),
    dueAt: draft.desk.isEnded ? null : nextDueAt(draft),
  }
}

function take(draft: Draft, fact: Fact): void {
  countInside(draft, fact)
  watch(draft, fact)
  const statusEntered = consequencesOf(draft, fact)
  applyHappening(draft, { fact, statusEntered })
  if (fact.type === 'instanceCompleted' || fact.type === 'instanceCanceled') {
    draft.desk.isEnded = true
    cancelAll(draft)
  }
}

/** What a fact does to the ticket's fields; the status that it made the ticket enter. */
function consequencesOf(draft: Draft, fact: Fact): TicketStatus | null {
  switch (fact.type) {
    case 'elementActivated':
      return fact.attributes ? takeAttributes(draft, fact.key, fact.attributes) : null
    case 'elementCompleted':
    case 'elementTerminated':
      draft.desk.aside = draft.desk.aside.filter((key) => key !== fact.key)
      return null
    case 'variableChanged':
      return takeVariable(draft, fact)
    case 'taskOpened':
    case 'taskAssigned':
    case 'taskCompleted':
    case 'taskCanceled':
      return takeTask(draft, fact)
    case 'instanceCanceled':
      return draft.desk.fields.status !== 'closed' && enterStatus(draft, 'canceled') ? 'canceled' : null
    default:
      return null
  }
}
