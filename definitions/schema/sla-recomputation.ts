import { z } from 'zod'
import { ClockOutcome } from './fact.ts'

/** What open (and past) clocks would be under other versions of their policies and calendars: compared first, applied on purpose. */
export const SlaScope = z.object({ kind: z.enum(['sla', 'calendar', 'process']), id: z.string().regex(/^[\w./-]{1,100}$/) })
export type SlaScope = z.infer<typeof SlaScope>

export const SlaRecomputationState = z.enum(['checking', 'checked', 'applying', 'done', 'aborted'])
export type SlaRecomputationState = z.infer<typeof SlaRecomputationState>

export const slaRecomputationItemStates = ['waiting', 'unchanged', 'changed', 'applied', 'refused', 'gone'] as const
export type SlaRecomputationItemState = (typeof slaRecomputationItemStates)[number]

export const slaRecomputationActions = ['apply', 'abort'] as const
export type SlaRecomputationAction = (typeof slaRecomputationActions)[number]

/** What an operation may do next, by state. */
export const nextRecomputationState: Record<SlaRecomputationAction, Partial<Record<SlaRecomputationState, SlaRecomputationState>>> = {
  apply: { checked: 'applying' },
  abort: { checking: 'aborted', checked: 'aborted', applying: 'aborted' },
}

export const ClockChangeView = z.object({
  clockId: z.string(),
  metric: z.string(),
  transition: z.string(),
  from: ClockOutcome.nullable(),
  to: ClockOutcome.nullable(),
})
export type ClockChangeView = z.infer<typeof ClockChangeView>

export const SlaRecomputationView = z.object({
  id: z.string(),
  scope: SlaScope,
  /** Compared with what is not deployed yet. */
  isDraft: z.boolean(),
  targetVersion: z.int().nullable(),
  /** Tickets closed since then were compared too; null: open ones only. */
  since: z.string().nullable(),
  reason: z.string(),
  state: SlaRecomputationState,
  startedBy: z.object({ id: z.string(), name: z.string() }),
  createdAt: z.string(),
  endedAt: z.string().nullable(),
  /** unchanged: under other versions, the same promise; current: on those versions already. */
  open: z.object({
    waiting: z.int(),
    unchanged: z.int(),
    current: z.int(),
    changed: z.int(),
    applied: z.int(),
    refused: z.int(),
    gone: z.int(),
  }),
  past: z.object({ waiting: z.int(), unchanged: z.int(), changed: z.int(), refused: z.int() }),
  /** How many tickets a change of that kind concerns, most frequent first: `met:missed`, `inTime:overdue`, `earlier`, `later`. */
  transitions: z.array(z.object({ transition: z.string(), open: z.int(), past: z.int() })),
})
export type SlaRecomputationView = z.infer<typeof SlaRecomputationView>

export const SlaRecomputationTicket = z.object({
  ticketId: z.string(),
  number: z.string(),
  title: z.string(),
  isPast: z.boolean(),
  state: z.enum(slaRecomputationItemStates),
  message: z.string().nullable(),
  changes: z.array(ClockChangeView),
})
export type SlaRecomputationTicket = z.infer<typeof SlaRecomputationTicket>
