/** Problems of the demonstration, one in each state, and known errors that stand by themselves. */
import type { Variables } from '../schema/json.ts'
import type { KnownErrorContent, KnownErrorState } from '../schema/known-error.ts'

export interface ProblemStory {
  title: string
  description: string
  category: string
  agoDays: number
  raisedById: string
  /** Who works on it: a member of the group that it is routed to. */
  solverId: string
  steps: { elementId: string; values: Variables }[]
}

const categorize = (category: string, groupId = 'applications'): ProblemStory['steps'][number] => ({
  elementId: 'categorize',
  values: { impact: 2, urgency: 2, category, groupId, categorizeOutcome: 'investigate' },
})
const investigate = (symptoms: string, rootCause: string, workaround: string): ProblemStory['steps'][number] => ({
  elementId: 'investigate',
  values: { symptoms, rootCause, workaround, investigateOutcome: 'knownError' },
})
const decide = (values: Variables): ProblemStory['steps'][number] => ({ elementId: 'decide', values })

export const demoProblems: ProblemStory[] = [
  {
    title: 'Coupures du VPN en fin de matinée',
    description: 'Plusieurs personnes perdent le VPN entre 11 h et midi.',
    category: 'vpn',
    agoDays: 1,
    raisedById: 'helene',
    solverId: 'mei',
    steps: [],
  },
  {
    title: 'Impressions perdues au deuxième étage',
    description: 'Les travaux disparaissent de la file sans message.',
    category: 'printing',
    agoDays: 6,
    raisedById: 'helene',
    solverId: 'sofia',
    steps: [categorize('printing', 'workplace')],
  },
  {
    title: 'Lenteur de l’ERP le lundi',
    description: 'L’ERP répond en plus de dix secondes le lundi matin.',
    category: 'application',
    agoDays: 12,
    raisedById: 'helene',
    solverId: 'lucie',
    steps: [
      categorize('application'),
      investigate(
        'ERP très lent le lundi de 8 h à 10 h',
        'La sauvegarde du week-end déborde sur le lundi.',
        'Utiliser le mode léger : Préférences, Affichage, Mode léger.',
      ),
    ],
  },
  {
    title: 'Automate de facturation arrêté',
    description: 'L’automate s’arrête une fois par an, à la bascule d’exercice.',
    category: 'application',
    agoDays: 40,
    raisedById: 'helene',
    solverId: 'lucie',
    steps: [
      categorize('application'),
      investigate(
        'Aucune facture émise depuis la bascule',
        'Compteur d’exercice non remis à zéro.',
        'Relancer l’automate et vérifier le compteur.',
      ),
      decide({
        problemOutcome: 'acceptRisk',
        approvalSummary: 'Un arrêt par an, dix minutes pour relancer.',
        resolution: 'Risque accepté, mode opératoire publié.',
      }),
    ],
  },
  {
    title: 'Certificat de la messagerie expiré',
    description: 'Les téléphones refusent la connexion.',
    category: 'mail',
    agoDays: 30,
    raisedById: 'helene',
    solverId: 'lucie',
    steps: [
      categorize('mail'),
      investigate('Le téléphone demande le mot de passe sans fin', 'Certificat expiré, sans alerte.', 'Passer par le webmail.'),
      decide({
        problemOutcome: 'change',
        changeTitle: 'Renouveler le certificat par automate',
        changeReason: 'Il expire chaque année sans alerte.',
      }),
    ],
  },
  {
    title: 'Comptes bloqués après un changement de mot de passe',
    description: 'Le compte se verrouille une heure après le changement.',
    category: 'access',
    agoDays: 60,
    raisedById: 'helene',
    solverId: 'lucie',
    steps: [
      categorize('access'),
      investigate(
        'Compte verrouillé après un changement de mot de passe',
        'Un ancien téléphone garde l’ancien mot de passe.',
        'Retirer le compte du téléphone, puis déverrouiller.',
      ),
      decide({ problemOutcome: 'fixed', resolution: 'Message d’aide ajouté à la page de changement.' }),
      { elementId: 'review', values: { lessons: 'Prévenir au moment du changement.', articleFate: 'keep' } },
    ],
  },
  {
    title: 'Badges refusés à l’entrée',
    description: 'Trois badges refusés dans la semaine.',
    category: 'access',
    agoDays: 20,
    raisedById: 'helene',
    solverId: 'lucie',
    steps: [
      {
        elementId: 'categorize',
        values: {
          impact: 3,
          urgency: 3,
          category: 'access',
          groupId: 'applications',
          categorizeOutcome: 'noProblem',
          dropReason: 'Trois causes différentes, sans lien entre elles.',
        },
      },
    ],
  },
  {
    title: 'Sons coupés en visioconférence',
    description: 'Le micro se coupe après vingt minutes.',
    category: 'application',
    agoDays: 15,
    raisedById: 'helene',
    solverId: 'lucie',
    steps: [
      categorize('application'),
      investigate('Micro muet au bout de vingt minutes', 'Mise en veille du port USB.', 'Débrancher et rebrancher le casque.'),
      decide({ problemOutcome: 'fixed', resolution: 'Veille USB désactivée sur tous les postes.' }),
    ],
  },
]

const place = { rootCause: '', reviewOn: null, problemId: null, ciId: null }
export const demoKnownErrors: (KnownErrorContent & { state: KnownErrorState })[] = [
  {
    ...place,
    title: 'Écran externe non détecté après la veille',
    symptoms: 'Au réveil, l’écran externe reste noir.',
    workaround: 'Débrancher la station d’accueil dix secondes, puis la rebrancher.',
    audience: 'customers',
    service: 'workstation',
    category: 'hardware',
    state: 'published',
  },
  {
    ...place,
    title: 'Le Wi-Fi invité refuse le code',
    symptoms: 'Le portail invité affiche « code inconnu ».',
    workaround: 'Redemander un code : l’ancien expire à minuit.',
    audience: 'agents',
    service: 'wifi',
    category: 'network',
    reviewOn: '2026-06-01',
    state: 'published',
  },
  {
    ...place,
    title: 'Pièces jointes de plus de 20 Mo refusées',
    symptoms: 'Le message revient avec « taille dépassée ».',
    workaround: 'Partager le fichier par un lien.',
    audience: 'agents',
    service: 'email',
    category: 'mail',
    state: 'retired',
  },
  {
    ...place,
    title: 'Macro bloquée dans le modèle de devis',
    symptoms: 'Le modèle s’ouvre sans ses boutons.',
    workaround: '',
    audience: 'internal',
    service: 'crm',
    category: 'application',
    state: 'draft',
  },
]
