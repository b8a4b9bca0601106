/** Two major incidents of the demonstration: one that is over and reviewed, one that runs. As data. */
import type { DemoScenario } from './demo.ts'

const hour = 3_600_000
const minute = 60_000

export const acceptMajor = (titleFr: string, titleEn: string, severity: 'outage' | 'degraded') => ({
  majorDecision: 'accept',
  decisionReason: 'Plusieurs services touchés, pas de contournement général.',
  commanderId: 'helene',
  communicationLeadId: 'priya',
  publicTitleFr: titleFr,
  publicTitleEn: titleEn,
  publicSeverity: severity,
})
const said = (updateLevel: string, updateFr: string, updateEn: string) => ({ updateLevel, updateFr, updateEn })

/** Who reported what is over: the first of them showed it. */
export function pastChildren(now: number): DemoScenario[] {
  const at = now - 9 * 24 * hour
  const child = (title: string, requesterId: string, after: number): DemoScenario => ({
    reportedAt: at + after * minute,
    channel: 'portal',
    openedById: requesterId,
    fields: {
      title,
      description: 'Depuis ce matin, sans rien avoir changé.',
      requesterId,
      category: 'mail',
      service: 'email',
      impact: 2,
      urgency: 2,
    },
    steps: [
      {
        after: 15,
        isBusiness: false,
        actorId: 'alex',
        act: 'complete',
        elementId: 'triage',
        values: { impact: 2, urgency: 2, category: 'mail', triageOutcome: 'diagnose' },
      },
      {
        after: 150,
        isBusiness: false,
        actorId: 'system',
        act: 'publish',
        name: 'parentResolved',
        variables: { resolution: 'Certificat du relais renouvelé.', resolutionCode: 'fixed', resolvedWith: '' },
      },
      { after: 60, isBusiness: false, actorId: requesterId, act: 'publish', name: 'requesterConfirmed', variables: {} },
    ],
  })
  return [child('Je n’envoie plus aucun courriel', 'julie', 0), child('Messages bloqués dans la boîte d’envoi', 'paul', 12)]
}

export const pastMajor = (now: number): Omit<DemoScenario, 'channel'> & { fields: { priority: number } } => ({
  reportedAt: now - 9 * 24 * hour + 20 * minute,
  openedById: 'alex',
  fields: {
    title: 'Plus aucun courriel ne part',
    description: 'Les envois restent bloqués sur tous les sites.',
    requesterId: 'alex',
    category: 'mail',
    service: 'email',
    impact: 1,
    urgency: 1,
    priority: 1,
  },
  steps: [
    {
      after: 6,
      isBusiness: false,
      actorId: 'helene',
      act: 'complete',
      elementId: 'examine',
      values: acceptMajor('Envoi de courriels indisponible', 'Outgoing mail is down', 'outage'),
    },
    {
      after: 5,
      isBusiness: false,
      actorId: 'priya',
      act: 'complete',
      elementId: 'communicate',
      values: said(
        'investigating',
        'Les courriels ne partent plus depuis 9 h. La réception fonctionne. Prochaine nouvelle dans une demi-heure.',
        'Mail has not gone out since 9:00. Incoming mail works. Next news in half an hour.',
      ),
    },
    {
      after: 32,
      isBusiness: false,
      actorId: 'priya',
      act: 'complete',
      elementId: 'communicate',
      values: said(
        'identified',
        'Le certificat du relais a expiré. Son renouvellement est en cours, rien n’est perdu.',
        'The relay’s certificate has expired. It is being renewed; nothing is lost.',
      ),
    },
    {
      after: 70,
      isBusiness: false,
      actorId: 'helene',
      act: 'complete',
      elementId: 'restore',
      values: {
        restoreOutcome: 'restored',
        resolutionCode: 'fixed',
        resolution: 'Certificat du relais renouvelé.',
        endFr: 'Les courriels partent à nouveau ; ceux qui attendaient ont été envoyés.',
        endEn: 'Mail goes out again; what was waiting has been sent.',
      },
    },
    {
      after: 2 * 24 * 60,
      isBusiness: false,
      actorId: 'helene',
      act: 'complete',
      elementId: 'review',
      values: {
        reviewTimeline: '9 h 00 expiration, 9 h 20 candidature, 9 h 58 cause trouvée, 11 h 15 rétablissement.',
        reviewCause: 'Certificat du relais expiré ; l’alerte partait vers une boîte que personne ne lit.',
        reviewWell: 'Cellule tenue en un quart d’heure, communication à l’heure.',
        reviewBadly: 'L’échéance n’était suivie nulle part.',
        reviewActions: 'Inscrire les certificats au registre avec leur échéance (Mei, fin du mois).',
        reviewParticipants: 'Hélène, Priya, Mei, David',
      },
    },
  ],
})

/** What runs now: who reports it, and what was said so far. */
export const liveMajor = {
  service: 'erp',
  children: [
    { title: 'L’ERP rame, chaque écran prend une minute', requesterId: 'camille', priority: { impact: 2, urgency: 1 } },
    { title: 'ERP freezes when saving an order', requesterId: 'emma', priority: { impact: 2, urgency: 2 } },
    { title: 'Impossible d’imprimer les bons de livraison', requesterId: 'marc', priority: { impact: 3, urgency: 2 } },
  ],
  reason: 'Trois services bloqués depuis ce matin, commandes et livraisons.',
  accept: acceptMajor('ERP très lent', 'ERP very slow', 'degraded'),
  updates: [
    said(
      'investigating',
      'L’ERP répond très lentement depuis 8 h 40 sur tous les sites. Nos équipes cherchent la cause.',
      'The ERP has been answering very slowly since 8:40 on all sites. Our teams are looking for the cause.',
    ),
    said(
      'identified',
      'Une tâche de nuit tourne encore et sature la base. Nous l’arrêtons proprement.',
      'A nightly job is still running and saturates the database. We are stopping it cleanly.',
    ),
  ],
  bridge: {
    bridgeOutcome: 'continue',
    bridgeLink: 'Salle Garonne',
    bridgeFindings: 'Verrous sur les écritures, tâche de nuit encore active.',
    bridgeActions: 'Lucie : arrêt de la tâche. David : purge des verrous.',
  },
  duplicate: { title: 'ERP lent', requesterId: 'fatou' },
} as const

/** Three more: one that its managers have yet to examine, one that they refused, one that is over and waits for its review. */
export const otherMajors = [
  {
    title: 'Téléphonie coupée à Nantes',
    requesterId: 'paul',
    service: 'telephony',
    reason: 'Tout le site de Nantes ne reçoit plus d’appel.',
    ends: 'candidate',
  },
  {
    title: 'Imprimante du deuxième étage en panne',
    requesterId: 'julie',
    service: 'printing',
    reason: 'Dix personnes ne peuvent plus imprimer.',
    ends: 'refused',
    decision: { majorDecision: 'refuse', decisionReason: 'Un seul étage, une autre imprimante à côté : incident ordinaire.' },
  },
  {
    title: 'Intranet inaccessible',
    requesterId: 'antoine',
    service: 'intranet',
    reason: 'Aucun site n’ouvre plus l’intranet.',
    ends: 'review',
    decision: acceptMajor('Intranet indisponible', 'The intranet is down', 'outage'),
    restore: {
      restoreOutcome: 'restored',
      resolutionCode: 'fixed',
      resolution: 'Disque plein : journaux purgés, rotation remise.',
      endFr: 'L’intranet est de nouveau accessible.',
      endEn: 'The intranet is available again.',
    },
  },
] as const
