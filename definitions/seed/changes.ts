/**
 * Change enablement in the demonstration, as data: windows and a blackout in the next weeks, templates, the board's meetings, and changes in
 * every state. Instants are relative to `now`; whoever plays it drives the real workflows.
 */
import type { ChangeType, MeetingDraft, TemplateDraft, WindowDraft } from '../schema/change.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const iso = (ms: number): string => new Date(ms).toISOString()
const wall = (ms: number): string => iso(ms).slice(0, 16)
/** The day of the week (1 Monday) on or after `now`, at that hour, wall time. */
const on = (now: number, weekday: number, at: number, weeks = 0): number => {
  const today = Math.floor(now / day) * day
  const ahead = (weekday - new Date(today).getUTCDay() + 7) % 7
  return today + (ahead + 7 * weeks) * day + at * hour
}

type Values = Record<string, string | number | boolean | null>
export type ChangeStep = { elementId: string; actorId: string; values: Values } & (
  | { act: 'complete' }
  | { act: 'vote' }
  | { act: 'claim' }
  | { act: 'withdraw' }
)
export interface DemoChange {
  /** The state that it is left in. */
  name: string
  type: ChangeType
  /** Index of its template. */
  template?: number
  title: string
  description: string
  service: string | null
  groupId: string
  requesterId: string
  isUnauthorised?: boolean
  implementerId: string | null
  steps: ChangeStep[]
}

const complete = (elementId: string, actorId: string, values: Values = {}): ChangeStep => ({ act: 'complete', elementId, actorId, values })
const vote = (elementId: string, actorId: string, decision: string, decisionComment: string): ChangeStep => ({
  act: 'vote',
  elementId,
  actorId,
  values: { decision, decisionComment },
})

export const demoWindows = (now: number): WindowDraft[] => {
  const base = { timeZone: 'Europe/Paris', rule: null }
  return [
    {
      ...base,
      kind: 'maintenance',
      name: 'Maintenance du samedi soir',
      reason: 'Fenêtre hebdomadaire de tous les services.',
      startsAt: wall(on(now, 6, 22, -1)),
      endsAt: wall(on(now, 6, 22, -1) + 6 * hour),
      rule: 'FREQ=WEEKLY;BYDAY=SA',
      scope: { type: 'everything' },
    },
    {
      ...base,
      kind: 'maintenance',
      name: 'Maintenance réseau du mardi',
      reason: 'Convenue avec les sites.',
      startsAt: wall(on(now, 2, 20, -1)),
      endsAt: wall(on(now, 2, 20, -1) + 3 * hour),
      rule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU',
      scope: { type: 'services', services: ['wifi', 'remote-access', 'telephony'] },
    },
    {
      ...base,
      kind: 'blackout',
      name: 'Clôture de paie',
      reason: 'Aucun changement pendant le calcul des bulletins.',
      startsAt: wall(now - 6 * hour),
      endsAt: wall(now + 2 * day),
      scope: { type: 'services', services: ['payroll'] },
    },
    {
      ...base,
      kind: 'blackout',
      name: 'Gel de fin d’exercice',
      reason: 'Décidé par la direction financière.',
      startsAt: wall(on(now, 5, 18, 2)),
      endsAt: wall(on(now, 5, 18, 2) + 10 * day),
      scope: { type: 'everything' },
    },
  ]
}

const template = (draft: Partial<TemplateDraft> & Pick<TemplateDraft, 'name' | 'nameEn' | 'steps' | 'backoutPlan'>): TemplateDraft => ({
  description: '',
  category: null,
  service: null,
  groupId: null,
  ciIds: [],
  risk: 1,
  durationMinutes: 60,
  maxFailures: 2,
  failureDays: 180,
  ...draft,
})
export const demoTemplates: readonly TemplateDraft[] = [
  template({
    name: 'Redémarrer un serveur d’application',
    nameEn: 'Restart an application server',
    description: 'Redémarrage contrôlé, hors des heures de bureau.',
    groupId: 'applications',
    category: 'application',
    steps: ['Prévenir les utilisateurs connectés', 'Arrêter le service', 'Redémarrer le serveur', 'Vérifier la connexion et une écriture'],
    backoutPlan: 'Relancer le service sur le serveur de secours.',
    durationMinutes: 45,
  }),
  template({
    name: 'Appliquer les correctifs mensuels',
    nameEn: 'Apply the monthly patches',
    description: 'Correctifs de sécurité validés en recette depuis au moins une semaine.',
    groupId: 'workplace',
    risk: 2,
    steps: ['Prendre un instantané', 'Installer les correctifs', 'Redémarrer', 'Contrôler les services et la sauvegarde'],
    backoutPlan: 'Restaurer l’instantané.',
    durationMinutes: 120,
  }),
  template({
    name: 'Ouvrir un port réseau standard',
    nameEn: 'Open a standard network port',
    groupId: 'network',
    category: 'network',
    steps: ['Vérifier la demande et le port au catalogue', 'Ajouter la règle au pare-feu', 'Tester depuis la source'],
    backoutPlan: 'Retirer la règle.',
    durationMinutes: 30,
  }),
  template({
    name: 'Purger les files d’impression',
    nameEn: 'Purge the print queues',
    groupId: 'workplace',
    category: 'printing',
    steps: ['Arrêter le spouleur', 'Vider les files', 'Relancer le spouleur'],
    backoutPlan: 'Restaurer la configuration du spouleur.',
    durationMinutes: 15,
  }),
]

const boardMembers = ['priya', 'helene', 'mei', 'lucie', 'sofia']
export const demoMeetings = (now: number): MeetingDraft[] =>
  [0, 1].map((weeks) => {
    const at = on(now + day, 4, 13, weeks)
    return {
      title: 'CAB hebdomadaire',
      startsAt: iso(at),
      endsAt: iso(at + hour),
      location: 'Salle Turing et visioconférence',
      chairId: 'priya',
      memberIds: boardMembers,
      quorum: 3,
    }
  })

/** The board of last week was held; the one before was called off. */
export const pastMeetings = (now: number) =>
  [1, 2].map((weeks) => {
    const at = on(now + day, 4, 13, -weeks)
    const [draft] = demoMeetings(now)
    if (!draft) throw new Error('expected a meeting')
    const isHeld = weeks === 1
    return {
      draft: { ...draft, startsAt: iso(at), endsAt: iso(at + hour) },
      plannedAt: at - 7 * day,
      concludedAt: isHeld ? at + hour : at - day,
      conclusion: isHeld
        ? {
            state: 'held' as const,
            attendeeIds: boardMembers.slice(0, 3),
            notes: 'Calendrier de fin d’année relu, rien d’autre à décider.',
          }
        : { state: 'canceled' as const, attendeeIds: [], notes: 'Aucun changement à examiner.' },
    }
  })

const easy = { qReach: 1, qOutage: 0, qTested: 0, qBackout: 0, qExperience: 0 }
const hard = { qReach: 3, qOutage: 2, qTested: 1, qBackout: 1, qExperience: 1 }
const assess = (actorId: string, groupId: string, answers: Values, impact: number): ChangeStep =>
  complete('assess', actorId, {
    justification: 'La version actuelle n’est plus maintenue par l’éditeur à la fin du trimestre.',
    groupId,
    impact,
    implementationPlan: '1. Sauvegarder\n2. Installer la nouvelle version\n3. Migrer les données\n4. Rouvrir le service',
    testPlan: 'Saisir, valider et rechercher un document ; comparer les totaux avant et après.',
    backoutPlan: 'Restaurer la sauvegarde : 40 minutes, décision au plus tard une heure avant la fin du créneau.',
    ...answers,
  })
const plan = (actorId: string, implementerId: string, from: number, minutes = 60): ChangeStep =>
  complete('schedule', actorId, {
    plannedStart: iso(from),
    plannedEnd: iso(from + minutes * minute),
    implementerId,
    conflictsAccepted: true,
    conflictsReason: 'Vu avec le responsable du service.',
  })
const done = { implementationOutcome: 'done', implementationNotes: 'Réalisé selon les étapes, contrôles faits.' }
const failed = { implementationOutcome: 'failed', implementationNotes: 'Le service ne redémarre pas dans le temps prévu.' }
const back = { backoutOutcome: 'restored', backoutNotes: 'État antérieur rétabli, service contrôlé.' }
const review = (actorId: string, resolutionCode: string, resolution: string, lessonsLearned: string | null = null): ChangeStep =>
  complete('review', actorId, { resolutionCode, resolution, lessonsLearned })

/** What an emergency is told of afterwards. */
const retroactive = (actorId: string, groupId: string, now: number): ChangeStep => {
  const { values } = assess(actorId, groupId, easy, 2)
  return complete('completeRecord', actorId, { ...values, plannedStart: iso(now - hour), plannedEnd: iso(now) })
}

/** A change that was made and reviewed, for the teams' records. */
function closed(now: number, template: number, who: string, service: string | null, title: string, outcome: string): DemoChange {
  const { groupId } = demoTemplates[template] as TemplateDraft
  const isGood = outcome.startsWith('successful')
  const steps = [plan(who, who, now), complete('implement', who, isGood ? done : failed)]
  if (!isGood) steps.push(complete('backOut', who, back))
  steps.push(
    review(
      who,
      outcome,
      isGood ? 'Sans effet sur les utilisateurs.' : 'Retour arrière dans le créneau.',
      'Vérifier l’espace disque avant.',
    ),
  )
  return {
    name: outcome,
    type: 'standard',
    template,
    title,
    description: '',
    service,
    groupId: groupId ?? 'workplace',
    requesterId: 'alex',
    implementerId: who,
    steps,
  }
}

export function demoChanges(now: number): DemoChange[] {
  const saturday = on(now + day, 6, 21)
  const normal = (name: string, title: string, service: string, groupId: string, who: string, steps: ChangeStep[]): DemoChange => ({
    name,
    type: 'normal',
    title,
    description: 'Demandé par le responsable du service, budget accordé.',
    service,
    groupId,
    requesterId: 'alex',
    implementerId: who,
    steps,
  })
  return [
    closed(now, 0, 'lucie', 'erp', 'Redémarrer le serveur de l’ERP', 'successful'),
    closed(now, 0, 'david', 'crm', 'Redémarrer le serveur du CRM', 'successful'),
    closed(now, 2, 'mei', 'remote-access', 'Ouvrir le port de la supervision', 'successfulWithIssues'),
    closed(now, 2, 'karim', 'wifi', 'Ouvrir le port du contrôleur Wi-Fi', 'failed'),
    closed(now, 3, 'sofia', 'printing', 'Purger les files du 2ᵉ étage', 'backedOut'),
    closed(now, 3, 'bastien', 'printing', 'Purger les files du siège', 'failed'),
    normal('assessing', 'Passer la messagerie à l’authentification moderne', 'email', 'applications', 'david', []),
    normal('peer', 'Renouveler le certificat de l’intranet', 'intranet', 'applications', 'lucie', [
      assess('lucie', 'applications', easy, 3),
    ]),
    normal('board', 'Remplacer le cœur de réseau du siège', 'wifi', 'network', 'karim', [assess('karim', 'network', hard, 1)]),
    normal('board', 'Migrer l’ERP vers la version 12', 'erp', 'applications', 'david', [
      assess('david', 'applications', hard, 1),
      vote('cabApproval', 'helene', 'approved', 'D’accord si la clôture est passée.'),
    ]),
    normal('refused', 'Ouvrir l’accès distant sans second facteur', 'remote-access', 'network', 'karim', [
      assess('karim', 'network', hard, 1),
      vote('cabApproval', 'helene', 'rejected', 'Contraire à la politique de sécurité.'),
      complete('rework', 'karim', { reworkOutcome: 'abandon', reworkNotes: 'Solution de rechange trouvée avec l’éditeur.' }),
    ]),
    normal('scheduled', 'Étendre le stockage du CRM', 'crm', 'applications', 'lucie', [
      assess('lucie', 'applications', easy, 3),
      vote('peerApproval', 'david', 'approved', 'Relu, étapes complètes.'),
      plan('lucie', 'lucie', saturday, 90),
    ]),
    normal('toSchedule', 'Mettre à jour l’annuaire téléphonique', 'telephony', 'applications', 'david', [
      assess('david', 'applications', easy, 3),
      vote('peerApproval', 'lucie', 'approved', 'Rien à redire.'),
    ]),
    {
      ...closed(now, 0, 'david', 'crm', 'Redémarrer le CRM samedi', 'scheduled'),
      steps: [plan('david', 'david', saturday + 30 * minute)],
    },
    {
      ...closed(now, 1, 'bastien', 'workstation', 'Correctifs des postes de l’accueil', 'implementing'),
      steps: [plan('bastien', 'bastien', now, 240)],
    },
    {
      ...closed(now, 0, 'lucie', 'payroll', 'Redémarrer le serveur de paie', 'frozen'),
      // Planned after the freeze; the plan is then moved into it, and the step waits.
      steps: [plan('lucie', 'lucie', now + 3 * day)],
    },
    {
      ...closed(now, 1, 'sofia', 'workstation', 'Correctifs des postes de l’étage 3', 'review'),
      steps: [plan('sofia', 'sofia', now), complete('implement', 'sofia', failed), complete('backOut', 'sofia', back)],
    },
    {
      ...normal('ecab', 'Isoler le serveur de fichiers compromis', 'workstation', 'workplace', 'sofia', []),
      type: 'emergency',
    },
    {
      ...normal('retroactive', 'Corriger la faille du portail VPN', 'remote-access', 'network', 'karim', [
        vote('ecabApproval', 'mei', 'approved', 'Faille exploitée ailleurs, tout de suite.'),
        complete('implement', 'karim', done),
      ]),
      type: 'emergency',
    },
    {
      ...normal('unauthorised', 'Règle de pare-feu modifiée hors de tout changement', 'wifi', 'network', 'mei', []),
      type: 'emergency',
      isUnauthorised: true,
      implementerId: null,
    },
    {
      ...normal('closed', 'Bloquer une adresse qui sonde le réseau', 'wifi', 'network', 'karim', [
        vote('ecabApproval', 'mei', 'approved', 'Oui, tout de suite.'),
        complete('implement', 'karim', done),
        retroactive('karim', 'network', now),
        review('helene', 'successful', 'Sondes arrêtées, aucun poste touché.'),
      ]),
      type: 'emergency',
    },
    normal('closed', 'Renouveler le certificat du portail RH', 'intranet', 'applications', 'lucie', [
      assess('lucie', 'applications', easy, 3),
      vote('peerApproval', 'david', 'approved', 'Relu.'),
      plan('lucie', 'lucie', now),
      complete('implement', 'lucie', done),
      review('helene', 'successful', 'Sans effet sur les utilisateurs.'),
    ]),
    {
      ...normal('frozen', 'Corriger l’arrondi des primes', 'payroll', 'applications', 'david', [
        assess('david', 'applications', easy, 3),
        vote('peerApproval', 'lucie', 'approved', 'Relu et essayé.'),
        plan('david', 'david', now + 3 * day + 2 * hour),
      ]),
    },
    {
      ...normal('refused', 'Redémarrer tout le réseau en journée', 'wifi', 'network', 'karim', [
        vote('ecabApproval', 'mei', 'rejected', 'Rien ne brûle : un changement normal, de nuit.'),
      ]),
      type: 'emergency',
    },
    {
      ...normal('withdrawn', 'Redémarrer le serveur d’impression', 'printing', 'workplace', 'sofia', [
        {
          act: 'withdraw',
          elementId: 'schedule',
          actorId: 'alex',
          values: { cancelReason: 'Le serveur a redémarré avec ses correctifs.' },
        },
      ]),
      type: 'standard',
      template: 0,
    },
  ]
}
