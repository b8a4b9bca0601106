import { z } from 'zod'

/** What an approver may say. An abstention counts for neither side. */
export const ApprovalDecision = z.enum(['approved', 'rejected', 'abstained'])
export type ApprovalDecision = z.infer<typeof ApprovalDecision>

/** Where the decision was made. */
export const ApprovalVia = z.enum(['portal', 'inbox', 'mailLink', 'api'])
export type ApprovalVia = z.infer<typeof ApprovalVia>

/** The keys of the form `approval`: variables of the task, never of the ticket. */
export const ApprovalValues = z.object({ decision: ApprovalDecision, decisionComment: z.string().max(5_000).default('') })
export type ApprovalValues = z.infer<typeof ApprovalValues>

/** What a delegation covers: all approvals of the one who is away, those asked of one of his groups, or those on one subject. */
export const DelegationScope = z.enum(['all', 'group', 'subject'])
export type DelegationScope = z.infer<typeof DelegationScope>

/** In whose place somebody may decide now: resolved from the delegations at the edge, as groups are. */
export const Standing = z.object({
  personId: z.string(),
  /** Groups of that person. */
  groups: z.array(z.string()),
  scope: DelegationScope,
  /** The group or the subject; null for `all`. */
  value: z.string().nullable(),
  delegationId: z.string(),
})
export type Standing = z.infer<typeof Standing>
