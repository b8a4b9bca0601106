/** Contacts of the demonstration: calls, visits and messages of the three desks, and the customers' requests that stand in every state. Deterministic. */
import type { Outcome } from '../schema/interaction.ts'
import { type DemoStep, randomOf } from './demo.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

export interface DemoCall {
  callId: string
  deskNumber: string
  from: string
  queue: string
  agentId: string
  /** UTC epoch ms */
  offeredAt: number
  waitSeconds: number
  /** Null: the caller gave up. */
  talkSeconds: number | null
  holdSeconds: number
  wrapUpSeconds: number
  outcome: Outcome
  subject: string
}

/** Who calls, by number. */
export const demoPhones: { number: string; personId: string }[] = [
  { number: '+33611000001', personId: 'martin-boulangerie' },
  { number: '+33611000002', personId: 'durand-garage' },
  { number: '+33611000003', personId: 'hotel-lac' },
  { number: '+33611000004', personId: 'mairie-sens' },
  { number: '+33611000005', personId: 'camille' },
  { number: '+33611000006', personId: 'paul' },
]

const desks = [
  {
    number: '+33800100200',
    queue: 'Commandes',
    agents: ['leila', 'yann'],
    share: 0.6,
    subjects: [
      'Suivi de commande',
      'Horaires d’ouverture',
      'Changer une adresse de livraison',
      'Réclamation sur un délai',
      'Demande de devis',
    ],
  },
  {
    number: '+33123456710',
    queue: 'Support',
    agents: ['nadia', 'hugo'],
    share: 0.2,
    subjects: ['Facture incomprise', 'Terminal de paiement bloqué', 'Mise en service', 'Question sur un produit'],
  },
  {
    number: '+33123456700',
    queue: 'Informatique',
    agents: ['alex', 'ines', 'thomas'],
    share: 0.2,
    subjects: ['Mot de passe oublié', 'VPN qui coupe', 'Imprimante en panne', 'Demande d’accès'],
  },
] as const
const outcomes: Outcome[] = ['solved', 'informed', 'solved', 'ticketFollowed', 'callBack', 'transferred', 'wrongNumber']

/** Calls of the last month, in opening hours of working days. */
export function demoCalls(now: number, count = 320, seed = 20260303): DemoCall[] {
  const random = randomOf(seed)
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
  const between = (from: number, to: number) => Math.floor(from + random() * (to - from + 1))
  const today = Math.floor(now / dayMs) * dayMs
  return Array.from({ length: count }, (_, n) => {
    let day = today - between(1, 29) * dayMs
    while ([0, 6].includes(new Date(day).getUTCDay())) day -= dayMs
    const share = random()
    const desk = share < desks[0].share ? desks[0] : share < desks[0].share + desks[1].share ? desks[1] : desks[2]
    const isAbandoned = random() < 0.09
    const isQuick = random() < 0.75
    return {
      callId: `demo-${n + 1}`,
      deskNumber: desk.number,
      from: random() < 0.6 ? pick(demoPhones).number : `+336220${String(between(10_000, 99_999))}`,
      queue: desk.queue,
      agentId: pick(desk.agents),
      offeredAt: day + (8 * 60 + between(0, 9 * 60)) * minuteMs + between(0, 59) * 1_000,
      waitSeconds: isAbandoned ? (random() < 0.3 ? between(1, 4) : between(20, 180)) : isQuick ? between(3, 19) : between(21, 150),
      talkSeconds: isAbandoned ? null : between(60, 620),
      holdSeconds: random() < 0.25 ? between(15, 90) : 0,
      wrapUpSeconds: between(10, 90),
      outcome: pick(outcomes),
      subject: pick(desk.subjects),
    }
  }).sort((a, b) => a.offeredAt - b.offeredAt)
}

/** Visitors of the counter: some of today were served, some wait. */
export const demoVisits: {
  subject: string
  name: string
  personId: string | null
  minutesAgo: number
  servedAfterMinutes: number | null
  tookMinutes: number
}[] = [
  { subject: 'Badge qui n’ouvre plus', name: 'Fatou', personId: 'fatou', minutesAgo: 95, servedAfterMinutes: 4, tookMinutes: 6 },
  { subject: 'Retrait d’un ordinateur', name: 'Olivier', personId: 'olivier', minutesAgo: 70, servedAfterMinutes: 7, tookMinutes: 12 },
  { subject: 'Clavier à changer', name: 'Julie', personId: 'julie', minutesAgo: 40, servedAfterMinutes: 9, tookMinutes: 5 },
  { subject: 'Écran qui clignote', name: 'Antoine', personId: 'antoine', minutesAgo: 9, servedAfterMinutes: null, tookMinutes: 0 },
  { subject: 'Mot de passe oublié', name: 'Claire', personId: 'claire', minutesAgo: 5, servedAfterMinutes: null, tookMinutes: 0 },
  { subject: 'Station d’accueil', name: 'Emma', personId: 'emma', minutesAgo: 2, servedAfterMinutes: null, tookMinutes: 0 },
]

/** Messages of social networks and chats, not answered yet. */
export const demoMessages: { channel: 'social' | 'chat'; handle: string; text: string; minutesAgo: number; phone?: string }[] = [
  { channel: 'social', handle: '@lucie_sens', text: 'Bonjour, ma commande 8841 n’est toujours pas arrivée, un délai ?', minutesAgo: 35 },
  { channel: 'chat', handle: 'Visiteur 2207', text: 'Livrez-vous le samedi ?', minutesAgo: 12 },
  {
    channel: 'social',
    handle: '@garagedurand',
    phone: '+33611000002',
    text: 'Merci pour l’intervention d’hier, tout fonctionne.',
    minutesAgo: 50,
  },
]

/** A step, done at once. */
type Deed = DemoStep extends infer Step ? (Step extends DemoStep ? Omit<Step, 'after' | 'isBusiness'> : never) : never

export interface DemoCase {
  deskId: string
  channel: 'phone' | 'mail' | 'chat'
  requesterId: string
  agentId: string
  title: string
  description: string
  agoMinutes: number
  steps: Deed[]
}

const complete = (actorId: string, values: Record<string, string>, elementId = 'answer') => ({
  act: 'complete' as const,
  actorId,
  elementId,
  values,
})
const solved = (resolution: string, resolutionCode: string) => ({ caseOutcome: 'solved', resolution, resolutionCode })
const onSite = { caseOutcome: 'onSite', visitAddress: '12 rue du Port, 89100 Sens', visitDate: 'demain, 9 h 30' }

/** Customers' requests in every state, at customer support and the call centre. */
export const demoCases: DemoCase[] = [
  {
    deskId: 'customers',
    channel: 'phone',
    requesterId: 'durand-garage',
    agentId: 'hugo',
    title: 'Caisse lente à l’ouverture',
    description: 'Cinq minutes chaque matin avant le premier ticket.',
    agoMinutes: 900,
    steps: [
      { act: 'claim', actorId: 'hugo', elementId: 'answer' },
      { act: 'publish', actorId: 'durand-garage', name: 'requesterCanceled', variables: { cancelReason: 'C’était la multiprise.' } },
    ],
  },
  {
    deskId: 'customers',
    channel: 'mail',
    requesterId: 'hotel-lac',
    agentId: 'nadia',
    title: 'Invoice 2231: which period?',
    description: 'The invoice of October names two periods. Which one is right?',
    agoMinutes: 25,
    steps: [],
  },
  {
    deskId: 'customers',
    channel: 'phone',
    requesterId: 'martin-boulangerie',
    agentId: 'hugo',
    title: 'Terminal de paiement bloqué',
    description: 'Le terminal reste sur « Initialisation » depuis ce matin.',
    agoMinutes: 180,
    steps: [{ act: 'claim', actorId: 'hugo', elementId: 'answer' }],
  },
  {
    deskId: 'customers',
    channel: 'phone',
    requesterId: 'durand-garage',
    agentId: 'hugo',
    title: 'Imprimante de caisse à remplacer',
    description: 'Le massicot ne coupe plus ; déjà redémarrée deux fois.',
    agoMinutes: 400,
    steps: [{ act: 'claim', actorId: 'hugo', elementId: 'answer' }, complete('hugo', onSite)],
  },
  {
    deskId: 'customers',
    channel: 'mail',
    requesterId: 'mairie-sens',
    agentId: 'nadia',
    title: 'Mise en service du second poste',
    description: 'Nous avons reçu le matériel, que faut-il préparer ?',
    agoMinutes: 600,
    steps: [
      { act: 'claim', actorId: 'nadia', elementId: 'answer' },
      complete('nadia', {
        caseOutcome: 'needInformation',
        question: 'Combien de prises réseau sont libres près du poste ?',
        pendingReason: 'Réponse du client',
      }),
    ],
  },
  {
    deskId: 'customers',
    channel: 'mail',
    requesterId: 'martin-boulangerie',
    agentId: 'nadia',
    title: 'Changer l’adresse de facturation',
    description: 'Nous avons déménagé le 1er du mois.',
    agoMinutes: 900,
    steps: [
      { act: 'claim', actorId: 'nadia', elementId: 'answer' },
      complete('nadia', solved('L’adresse est changée ; la prochaine facture la portera.', 'fix')),
    ],
  },
  {
    deskId: 'customers',
    channel: 'phone',
    requesterId: 'durand-garage',
    agentId: 'hugo',
    title: 'Écran client éteint',
    description: 'L’écran tourné vers le client reste noir.',
    agoMinutes: 1_500,
    steps: [
      { act: 'claim', actorId: 'hugo', elementId: 'answer' },
      complete('hugo', onSite),
      complete(
        'hugo',
        {
          visitOutcome: 'solved',
          visitReport: 'Câble d’alimentation changé.',
          resolution: 'Le câble d’alimentation était défectueux ; il a été changé.',
        },
        'visit',
      ),
      { act: 'publish', actorId: 'durand-garage', name: 'requesterConfirmed', variables: {} },
    ],
  },
  {
    deskId: 'calls',
    channel: 'phone',
    requesterId: 'hotel-lac',
    agentId: 'leila',
    title: 'Order 4711: delivery date',
    description: 'Would like the delivery before the weekend.',
    agoMinutes: 15,
    steps: [],
  },
  {
    deskId: 'calls',
    channel: 'phone',
    requesterId: 'martin-boulangerie',
    agentId: 'yann',
    title: 'Réclamation : colis abîmé',
    description: 'Deux cartons ouverts à la livraison, photos à venir.',
    agoMinutes: 120,
    steps: [{ act: 'claim', actorId: 'yann', elementId: 'answer' }],
  },
  {
    deskId: 'calls',
    channel: 'chat',
    requesterId: 'mairie-sens',
    agentId: 'leila',
    title: 'Devis pour vingt fauteuils',
    description: 'Livraison en mars, paiement par mandat administratif.',
    agoMinutes: 300,
    steps: [
      { act: 'claim', actorId: 'leila', elementId: 'answer' },
      complete('leila', {
        caseOutcome: 'needInformation',
        question: 'Avez-vous une référence ou une couleur préférée ?',
        pendingReason: 'Réponse du client',
      }),
    ],
  },
  {
    deskId: 'calls',
    channel: 'phone',
    requesterId: 'durand-garage',
    agentId: 'yann',
    title: 'Double prélèvement',
    description: 'Le prélèvement du 5 est passé deux fois.',
    agoMinutes: 700,
    steps: [
      { act: 'claim', actorId: 'yann', elementId: 'answer' },
      complete('yann', solved('Le second prélèvement est annulé ; le remboursement arrive sous trois jours.', 'refund')),
    ],
  },
  {
    deskId: 'calls',
    channel: 'phone',
    requesterId: 'hotel-lac',
    agentId: 'leila',
    title: 'Opening hours in December',
    description: 'Asked whether the warehouse is open on the 24th.',
    agoMinutes: 1_200,
    steps: [
      { act: 'claim', actorId: 'leila', elementId: 'answer' },
      complete('leila', solved('We are open until noon on the 24th.', 'information')),
      { act: 'publish', actorId: 'hotel-lac', name: 'requesterConfirmed', variables: {} },
    ],
  },
]
