/** What the API says of approvals. Instants are ISO 8601 UTC. */
import { z } from 'zod'
import { ApprovalVia } from './approval.ts'
import { TicketKind } from './ticket.ts'

const Name = z.object({ id: z.string(), name: z.string() })
const ApprovalState = z.enum(['pending', 'approved', 'rejected', 'abstained', 'withdrawn'])
export type ApprovalState = z.infer<typeof ApprovalState>

/** One question to one person or group, with what came of it. */
export const ApprovalView = z.object({
  ticketId: z.string(),
  waitId: z.string(),
  elementId: z.string(),
  name: z.string(),
  subject: z.string(),
  /** Who is asked; null: whoever of the groups comes first. */
  approver: Name.nullable(),
  groups: z.array(Name),
  openedAt: z.string(),
  dueAt: z.string().nullable(),
  state: ApprovalState,
  decidedBy: Name.nullable(),
  /** In whose place, when not his own. */
  decidedFor: Name.nullable(),
  comment: z.string(),
  via: ApprovalVia.nullable(),
  endedAt: z.string().nullable(),
  /** Whom it was asked of before, and why it went on. */
  moves: z.array(z.object({ at: z.string(), from: Name.nullable(), to: Name.nullable(), reason: z.string() })),
  /** Nobody is left who may decide: an operator must name somebody. */
  isStuck: z.boolean(),
})
export type ApprovalView = z.infer<typeof ApprovalView>

/** In a list of what somebody is asked: with what he needs to decide. */
export const ApprovalRow = ApprovalView.extend({
  number: z.string(),
  kind: TicketKind,
  title: z.string(),
  description: z.string(),
  priority: z.int().nullable(),
  requester: Name,
  /** In whose place the caller would decide; null: his own. */
  forPerson: Name.nullable(),
  mayDecide: z.boolean(),
  whyNot: z.string().nullable(),
})
export type ApprovalRow = z.infer<typeof ApprovalRow>

/** What a mail link opens. */
export const ApprovalInvitation = z.object({
  state: z.enum(['open', 'decided', 'withdrawn', 'expired', 'notYours']),
  locale: z.enum(['fr', 'en']),
  personName: z.string(),
  approval: ApprovalRow.nullable(),
})
export type ApprovalInvitation = z.infer<typeof ApprovalInvitation>
