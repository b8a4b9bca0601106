/** Textes des engagements de service : horloges, tableau des engagements, recalcul, éditeurs. */
export const slaFr = {
  'clock.span': 'Étape',
  'clock.kind.sla': 'SLA',
  'clock.kind.ola': 'OLA',
  'clock.kind.uc': 'Contrat fournisseur',
  'clock.pausedBy.requester': 'attend le demandeur',
  'clock.pausedBy.supplier': 'attend le fournisseur',
  'clock.pausedBy.thirdParty': 'attend un tiers',
  'clock.pausedBy.desk': 'en attente interne',
  'clock.capAt': 'repart au plus tard {{date}}',
  'clock.late': 'constaté avec {{time}} de retard',
  'clock.owned': 'Temps par groupe',
  'clock.unassigned': 'Sans groupe',
  'fact.clockPauseCapped': 'Engagement « {{metric}} » : la pause a atteint sa limite, l’horloge repart, échéance {{date}}',
  'fact.policiesChanged': 'Engagements recalculés sur d’autres versions : {{reason}}',
  'fact.clockRecomputed': 'Engagement « {{metric}} » recalculé',
}
