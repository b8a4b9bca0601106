/** Approbations et délégations. */
export const approvalsFr = {
  'fact.approvalDecided': 'Décision « {{subject}} » : {{decision}}{{forWhom}}{{comment}}',
  'fact.approvalDecided.for': ', pour {{approver}}',
  'fact.approvalReassigned': 'Décision « {{subject}} » désormais demandée à {{to}} : {{reason}}',
  'approval.decision.approved': 'approuvé',
  'approval.decision.rejected': 'rejeté',
  'approval.decision.abstained': 'abstention',
}
