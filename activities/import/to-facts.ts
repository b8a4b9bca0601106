import type { DeskFact } from '#schema/fact'
import type { ImportMapping, MappedField } from '#schema/import-mapping'
import type { Json } from '#schema/json'
import { systemActor } from '#schema/role'
import { TicketOpening, type TicketField } from '#schema/ticket'
import { orderSteps, type Step } from './order-steps.ts'
import type { SourceEvent } from './parse-event.ts'
import { type Placeholder, ticketIdOf, tidy } from './placeholder.ts'
import type { Rejection, RejectionCode, Repair } from './rejection.ts'

/** One ticket of the source as its stream of facts, numbered from 1 in this order, at the times when they happened. */
export interface ImportedTicket {
  ticketId: string
  reference: string
  facts: { actorId: string; fact: DeskFact }[]
  people: Placeholder[]
  groups: Placeholder[]
  repairs: Repair[]
}
export type ToFacts = { ok: true; ticket: ImportedTicket } | { ok: false; rejections: Rejection[] }

/** The events of one ticket as facts. Pure: the same events give the same facts, ids included. */
export function toFacts(mapping: ImportMapping, events: readonly SourceEvent[]): ToFacts {
  const rejections = contradictions(mapping, events)
  const { steps, repairs } = orderSteps(events)
  const [first] = steps
  if (rejections.length > 0 || first === undefined) return { ok: false, rejections }
  const { reference, openedAt } = first.event
  const ticketId = ticketIdOf(mapping.id, reference)
  const opening = openingOf(mapping, ticketId, steps)
  const history = new History(mapping, opening)
  const line = Math.min(...events.map((event) => event.line))
  history.add(opening.openedById, { type: 'ticketOpened', at: openedAt, opening })
  history.add(systemActor.id, { type: 'imported', at: openedAt, source: mapping.id, reference, line })
  const clock = settledClock(mapping, steps)
  if (clock !== null) history.add(systemActor.id, clock.started)
  for (const step of steps) {
    history.step(step)
    for (const fact of clock?.after.get(step) ?? []) history.add(systemActor.id, fact)
  }
  return {
    ok: true,
    ticket: {
      ticketId,
      reference,
      facts: history.facts,
      people: distinct(events.flatMap((event) => event.people)),
      groups: distinct(events.flatMap((event) => event.groups)),
      repairs,
    },
  }
}

const distinct = (placeholders: Placeholder[]): Placeholder[] => [...new Map(placeholders.map((one) => [one.id, one])).values()]

/** What no order of the rows can make true. */
function contradictions(mapping: ImportMapping, events: readonly SourceEvent[]): Rejection[] {
  const found: Rejection[] = []
  const [first] = events
  const refuse = (
    event: SourceEvent,
    code: RejectionCode,
    column: string | undefined,
    value: string | null,
    reason: string,
    remedy: string,
  ) => found.push({ line: event.line, reference: event.reference, scope: 'ticket', code, column: column ?? null, value, reason, remedy })
  const seen = new Set<RejectionCode>()
  for (const event of events) {
    const say: typeof refuse = (at, code, ...rest) => {
      // Enriched logs repeat the ticket's instants in every row: say it once.
      if (seen.has(code)) return found.length
      seen.add(code)
      return refuse(at, code, ...rest)
    }
    if (event.openedAt !== first?.openedAt)
      say(
        event,
        'openedTwice',
        mapping.opened.at,
        event.written.openedAt,
        `the row says the ticket was opened at another time than line ${first?.line}`,
        'give all rows of the ticket the same opening, or another number',
      )
    if (event.resolvedAt !== null && event.resolvedAt < event.openedAt)
      say(
        event,
        'resolvedBeforeOpened',
        mapping.resolvedAt,
        event.written.resolvedAt,
        'the ticket is resolved before it is opened',
        'correct one of the two dates',
      )
    if (event.closedAt !== null && event.closedAt < (event.resolvedAt ?? event.openedAt))
      say(
        event,
        'closedBeforeResolved',
        mapping.closedAt,
        event.written.closedAt,
        'the ticket is closed before it is resolved, or opened',
        'correct one of the dates',
      )
  }
  return found
}

function openingOf(mapping: ImportMapping, ticketId: string, steps: readonly Step[]): TicketOpening {
  const first = steps[0]?.event
  const last = steps.at(-1)?.event
  if (first === undefined || last === undefined) throw new Error('expected at least one event, found none')
  const known = Object.entries(first.fields).filter(([name]) => mapping.fields[name as MappedField]?.atResolution !== true)
  return TicketOpening.parse({
    ticketId,
    number: first.reference,
    kind: mapping.kind,
    channel: first.channel,
    interactionId: null,
    openedById: first.openedBy?.id ?? first.by?.id ?? systemActor.id,
    fields: { ...Object.fromEntries(known), title: first.title, description: first.description, status: 'new' },
    extra: { ...last.extra, ...(isResolutionInstantUnknown(mapping, steps) && { isResolutionInstantUnknown: true }) },
  })
}

/** The source has a column for the instant of resolution and leaves it open, though the ticket was resolved: its row's time is not trusted in figures. */
function isResolutionInstantUnknown(mapping: ImportMapping, steps: readonly Step[]): boolean {
  return mapping.resolvedAt !== undefined && steps.at(-1)?.event.resolvedAt === null && steps.some((step) => step.status === 'resolved')
}

/** The ticket as it stands while its steps are walked, and the facts that this gives. */
class History {
  readonly facts: { actorId: string; fact: DeskFact }[] = []
  readonly #mapping: ImportMapping
  readonly #now: Partial<Record<TicketField, Json>>

  constructor(mapping: ImportMapping, opening: TicketOpening) {
    this.#mapping = mapping
    this.#now = { ...opening.fields }
  }

  add(actorId: string, fact: DeskFact): void {
    this.facts.push({ actorId, fact })
  }

  step({ at, event, status, isRepeated }: Step): void {
    const actorId = event.by?.id ?? systemActor.id
    const change = (field: TicketField, to: Json, isForced = false) => {
      const from = this.#now[field] ?? null
      if (from === to && !isForced) return
      this.#now[field] = to
      this.add(actorId, { type: 'ticketChanged', at, field, from, to })
    }
    const isSettled = status === 'resolved' || status === 'closed'
    change('title', event.title)
    if (this.#mapping.description !== undefined) change('description', event.description)
    for (const [name, value] of Object.entries(event.fields) as [MappedField, string | number | null][]) {
      if (isSettled || this.#mapping.fields[name]?.atResolution !== true) change(name, value)
    }
    change('pendingReason', status === 'pending' ? tidy(event.sourceStatus) : null)
    change('status', status, isRepeated)
  }
}

interface SettledClock {
  started: DeskFact
  /** What the clock does after a step. */
  after: Map<Step, DeskFact[]>
}

/**
 * The clock that the source's yes/no column stands for. Nothing is made up: a ticket still open with "kept so far" has none, because its due instant
 * is not known. A missed one is due when the source first says so, a kept one when the source last says so.
 */
function settledClock(mapping: ImportMapping, steps: readonly Step[]): SettledClock | null {
  const { sla } = mapping
  const last = steps.findLast((step) => step.event.isSlaMet !== null)
  const end = steps.at(-1)
  if (sla === undefined || last === undefined || end === undefined) return null
  const isMet = last.event.isSlaMet === true
  const isEnded = end.status === 'resolved' || end.status === 'closed' || end.status === 'canceled'
  if (isMet && !isEnded) return null
  const kept = steps.findLastIndex((step) => step.event.isSlaMet === true)
  const due = isMet ? end : (steps[kept + 1] ?? last)
  const openedAt = end.event.openedAt
  const clock = { clockId: `imported-${sla.metric}`, metric: sla.metric }
  // A ticket opened and settled in the same minute still needs a target above zero.
  const targetMs = Math.max(due.at - openedAt, 60_000)
  const started: DeskFact = {
    type: 'clockStarted',
    at: openedAt,
    ...clock,
    policyId: sla.policyId,
    policyVersion: sla.policyVersion,
    calendarId: sla.calendarId,
    calendarVersion: sla.calendarVersion,
    targetMs,
    dueAt: openedAt + targetMs,
    isPaused: false,
  }
  const after = new Map<Step, DeskFact[]>()
  const then = (step: Step, fact: DeskFact) => after.set(step, [...(after.get(step) ?? []), fact])
  if (!isMet) then(due, { type: 'clockBreached', at: due.at, ...clock, lateMs: 0, ownedMs: {} })
  if (isEnded) then(end, { type: 'clockStopped', at: end.at, ...clock, isMet, elapsedBusinessMs: end.at - openedAt })
  return { started, after }
}
