import type { approvalsFr } from './approvals-fr.ts'

/** Approvals and delegations. */
export const approvalsEn: Record<keyof typeof approvalsFr, string> = {
  'fact.approvalDecided': 'Decision “{{subject}}”: {{decision}}{{forWhom}}{{comment}}',
  'fact.approvalDecided.for': ', for {{approver}}',
  'fact.approvalReassigned': 'Decision “{{subject}}” now asked of {{to}}: {{reason}}',
  'approval.decision.approved': 'approved',
  'approval.decision.rejected': 'rejected',
  'approval.decision.abstained': 'abstained',
}
