import type { TicketStatus } from '#schema/ticket'
import type { SourceEvent } from './parse-event.ts'
import type { Repair } from './rejection.ts'

/** A row in its place in the ticket's history. `isRepeated`: the source recorded the status again, at this instant. */
export interface Step {
  at: number
  event: SourceEvent
  status: TicketStatus
  isRepeated: boolean
}

const isSettled = (status: TicketStatus): boolean => status === 'resolved' || status === 'closed' || status === 'canceled'

/**
 * Puts the rows of one ticket in the order in which they happened (time, then the source's own counter, then line), and says what it had to mend:
 * - a row dated before the opening happens at the opening;
 * - a row that would reopen a settled ticket while the source's reopening counter stands still came late, and is left out;
 * - the source's own instants of resolution and closing win over the time of the row that entered the status. Where a later row
 *   repeats the status at that instant, both are kept: the ticket was resolved, and its resolution was recorded again.
 */
export function orderSteps(events: readonly SourceEvent[]): { steps: Step[]; repairs: Repair[] } {
  const repairs: Repair[] = []
  const byLine = [...events].sort((a, b) => a.line - b.line)
  const late = byLine.find((event, index) => event.at < (byLine[index - 1]?.at ?? -Infinity))
  if (late !== undefined)
    repairs.push(
      repair(late, 'outOfOrder', 'the row is older than the one before it: the rows of this ticket were put in the order of time'),
    )
  const byTime = [...events].sort((a, b) => a.at - b.at || (a.order ?? 0) - (b.order ?? 0) || a.line - b.line)
  let steps = withoutLateRows(
    byTime.map((event) => stepOf(event, repairs)),
    repairs,
  )
  const last = steps.at(-1)?.event
  if (last === undefined) return { steps, repairs }
  steps = withInstant(steps, 'resolved', last.resolvedAt, () =>
    repairs.push(
      repair(last, 'resolvedAtIgnored', 'the instant of resolution contradicts the rows: the row that entered the state counts'),
    ),
  )
  steps = withInstant(steps, 'closed', last.closedAt, () =>
    repairs.push(repair(last, 'closedAtIgnored', 'the instant of closing contradicts the rows: the row that entered the state counts')),
  )
  return { steps, repairs }
}

const repair = (event: SourceEvent, code: Repair['code'], reason: string): Repair => ({
  line: event.line,
  reference: event.reference,
  code,
  reason,
})

function stepOf(event: SourceEvent, repairs: Repair[]): Step {
  if (event.at < event.openedAt)
    repairs.push(repair(event, 'beforeOpening', 'the row is dated before the ticket was opened: it is placed at the opening'))
  return { at: Math.max(event.at, event.openedAt), event, status: event.status, isRepeated: false }
}

function withoutLateRows(steps: Step[], repairs: Repair[]): Step[] {
  const kept: Step[] = []
  let reopenings = 0
  for (const step of steps) {
    const before = kept.at(-1)
    const count = step.event.reopenCount
    const goesBack =
      before !== undefined &&
      ((isSettled(before.status) && !isSettled(step.status)) || (before.status === 'closed' && step.status === 'resolved'))
    if (goesBack && count !== null && count <= reopenings) {
      repairs.push(
        repair(
          step.event,
          'lateRow',
          `the row says ${step.event.sourceStatus} after ${before.event.sourceStatus}, but the ticket was not reopened: it came late and is left out`,
        ),
      )
      continue
    }
    reopenings = Math.max(reopenings, count ?? 0)
    kept.push(step)
  }
  return kept
}

/** Makes the last stay in `status` begin, or be recorded again, at `instant`. */
function withInstant(steps: Step[], status: TicketStatus, instant: number | null, ignore: () => void): Step[] {
  if (instant === null) return steps
  const end = steps.findLastIndex((step) => step.status === status)
  if (end === -1) return inserted(steps, status, instant)
  let start = end
  while (steps[start - 1]?.status === status) start -= 1
  const entry = steps[start]
  if (entry === undefined || entry.at === instant) return steps
  if (instant < entry.at) {
    if (instant < (steps[start - 1]?.at ?? entry.event.openedAt)) ignore()
    else entry.at = instant
    return steps
  }
  const again = steps.slice(start, end + 1).find((step) => step.at === instant)
  if (again !== undefined) {
    again.isRepeated = true
    return steps
  }
  const next = steps[end + 1]
  if (next !== undefined && next.at < instant) {
    ignore()
    return steps
  }
  const base = steps.slice(start, end + 1).findLastIndex((step) => step.at <= instant) + start
  return steps.toSpliced(base + 1, 0, { ...(steps[base] ?? entry), at: instant, isRepeated: true })
}

/** The source gives the instant but no row of its own: a step without a change of its own, before the first row that settled the ticket. */
function inserted(steps: Step[], status: TicketStatus, instant: number): Step[] {
  const base = steps.findLastIndex((step) => step.at <= instant && !isSettled(step.status))
  const after = steps[base + 1]
  const step = steps[base]
  if (step === undefined || (after !== undefined && (after.at < instant || !isSettled(after.status)))) return steps
  return steps.toSpliced(base + 1, 0, { ...step, at: instant, status })
}
