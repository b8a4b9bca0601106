import { createHash } from 'node:crypto'
import type { ImportMapping } from '#schema/import-mapping'
import type { TicketOpening, TicketStatus } from '#schema/ticket'
import { orderSteps, type Step } from './order-steps.ts'
import type { SourceEvent } from './parse-event.ts'

const dayMs = 86_400_000
const weekMs = 7 * dayMs
/** After the last resolution: time for the automatic closure, five working days and a weekend or two. */
const closureMs = 10 * dayMs

/** What somebody does to the ticket, at an instant of the replay. */
export interface Move {
  at: number
  to: 'inProgress' | 'pending' | 'resolved' | 'confirmed' | 'reassigned'
  /** Of `reassigned`: the source's group. */
  sourceGroup?: string
}

export interface ReplayTicket {
  reference: string
  openedAt: number
  fields: Omit<TicketOpening['fields'], 'requesterId' | 'groupId' | 'assigneeId'>
  /** The source's caller; who plays him is chosen by the replay. */
  sourceCaller: string
  moves: Move[]
  expected: { status: TicketStatus; reopenCount: number; resolveMs: number }
}

export interface ReplayPlan {
  tickets: ReplayTicket[]
  /** Instants of the replay, UTC epoch ms, the last in the past. */
  startAt: number
  endAt: number
}

export interface PlanOptions {
  limit: number
  /** Only tickets resolved within so many days of their opening, so that the replay ends. */
  withinDays: number
  /** The present, UTC epoch ms: the replay ends before it. */
  now: number
}

/**
 * The first tickets of the log as things to do. The whole is moved by full weeks into the recent past, so that weekdays and office hours are those of the source.
 * Pure.
 */
export function planReplay(
  mapping: ImportMapping,
  incidents: Iterable<readonly SourceEvent[]>,
  { limit, withinDays, now }: PlanOptions,
): ReplayPlan {
  const chosen: { steps: Step[]; resolvedAt: number }[] = []
  for (const events of incidents) {
    if (chosen.length === limit) break
    const { steps } = orderSteps(events)
    const resolved = steps.findLast((step) => step.status === 'resolved')
    const first = steps[0]
    if (first === undefined || resolved === undefined || resolved.event.resolvedAt === null) continue
    if (resolved.at - first.event.openedAt <= withinDays * dayMs) chosen.push({ steps, resolvedAt: resolved.at })
  }
  const openings = chosen.map(({ steps }) => steps[0]?.event.openedAt ?? 0)
  const ends = chosen.map(({ resolvedAt }) => resolvedAt + closureMs)
  const startAt = Math.min(...openings)
  const endAt = Math.max(...ends)
  const shift = Math.floor((now - endAt) / weekMs) * weekMs
  return {
    tickets: chosen.map(({ steps, resolvedAt }) => replayTicket(mapping, steps, resolvedAt, shift)),
    startAt: startAt + shift,
    endAt: endAt + shift,
  }
}

function replayTicket(mapping: ImportMapping, steps: readonly Step[], resolvedAt: number, shift: number): ReplayTicket {
  const first = steps[0]?.event
  const last = steps.at(-1)
  if (first === undefined || last === undefined) throw new Error('expected at least one step, found none')
  const moves: Move[] = []
  let status: TicketStatus = 'new'
  let group = first.fields.groupId ?? null
  for (const step of steps) {
    const at = step.at + shift
    const next = step.event.fields.groupId ?? null
    if (next !== null && next !== group && step.status !== 'closed') moves.push({ at, to: 'reassigned', sourceGroup: String(next) })
    group = next ?? group
    if (step.status !== status && (step.status === 'inProgress' || step.status === 'pending' || step.status === 'resolved'))
      moves.push({ at, to: step.status })
    status = step.status
  }
  // Logs show closings, not who wished them: every third requester confirms, the others leave it to the process.
  if (status === 'closed' && choice(first.reference, 3) === 0) moves.push({ at: resolvedAt + shift + 2 * 3_600_000, to: 'confirmed' })
  const { title, description, fields } = first
  return {
    reference: first.reference,
    openedAt: first.openedAt + shift,
    fields: {
      title,
      description: description === '' ? title : description,
      impact: level(fields.impact),
      urgency: level(fields.urgency),
      category: fields.category === undefined ? null : String(fields.category),
    },
    sourceCaller: String(fields.requesterId ?? mapping.id),
    moves,
    expected: {
      status: last.status,
      reopenCount: steps.filter((step, index) => isReopening(steps[index - 1], step)).length,
      resolveMs: resolvedAt - first.openedAt,
    },
  }
}

const isReopening = (before: Step | undefined, step: Step): boolean =>
  before?.status === 'resolved' && step.status !== 'resolved' && step.status !== 'closed'
const level = (value: string | number | null | undefined): 1 | 2 | 3 | null => (value === 1 || value === 2 || value === 3 ? value : null)

/** One of `count`, always the same for the same text: who plays whom does not change between replays. */
export const choice = (text: string, count: number): number => createHash('sha256').update(text).digest().readUInt32BE(0) % count
