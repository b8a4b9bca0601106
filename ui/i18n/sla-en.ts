/** Texts of service levels, under the keys of sla-fr.ts. */
import type { slaFr } from './sla-fr.ts'

export const slaEn: Record<keyof typeof slaFr, string> = {
  'clock.span': 'Step',
  'clock.kind.sla': 'SLA',
  'clock.kind.ola': 'OLA',
  'clock.kind.uc': 'Supplier contract',
  'clock.pausedBy.requester': 'waits for the requester',
  'clock.pausedBy.supplier': 'waits for the supplier',
  'clock.pausedBy.thirdParty': 'waits for a third party',
  'clock.pausedBy.desk': 'waits within the desk',
  'clock.capAt': 'runs on {{date}} at the latest',
  'clock.late': 'noticed {{time}} late',
  'clock.owned': 'Time by group',
  'clock.unassigned': 'No group',
  'fact.clockPauseCapped': 'Commitment “{{metric}}”: the pause reached its limit, the clock runs on, due {{date}}',
  'fact.policiesChanged': 'Commitments recomputed under other versions: {{reason}}',
  'fact.clockRecomputed': 'Commitment “{{metric}}” recomputed',
}
