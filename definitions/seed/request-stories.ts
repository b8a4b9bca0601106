/** Requests of the demonstration, as data: those of the past, those that stand in every state now, rights that are held, and reviews of them. */
import { randomOf } from './demo.ts'

type Answers = Record<string, string | number | boolean | null>

/** A request of the past: who asked, how long the approval and the delivery took (working minutes), how it ended. */
export interface PastRequest {
  /** UTC epoch ms. */
  askedAt: number
  itemId: string
  requesterId: string
  quantity: number
  answers: Answers
  outcome: 'delivered' | 'rejected' | 'canceled'
  /** Who approves, round by round. */
  approvers: string[]
  approvalMinutes: number
  deliveryMinutes: number
  comment: string
  score: number | null
}

export interface LiveStep {
  actorId: string
  /** The open task at this element is completed; absent: a message is published. */
  elementId?: string
  message?: string
  values?: Answers
}
export interface LiveRequest {
  itemId: string
  requesterId: string
  orderedById?: string
  quantity?: number
  notes?: string
  answers: Answers
  /** A simulated system that refuses while this one is asked for. */
  failing?: string
  steps: LiveStep[]
}

const day = 86_400_000
const managers: Record<string, string> = {
  camille: 'marc',
  julie: 'marc',
  antoine: 'marc',
  emma: 'marc',
  olivier: 'marc',
  fatou: 'sarah',
  paul: 'sarah',
  james: 'sarah',
}
const people = Object.keys(managers)
const refusals = [
  'Le poste actuel a moins de trois ans.',
  'Budget de l’équipe épuisé, à revoir en janvier.',
  'Une licence est déjà disponible dans l’équipe.',
]
const laptop = { model: 'standard', keyboard: 'azerty', site: 'Lyon, 3e étage', need: 'Poste en fin de vie' }
const software = { computer: 'LT-0231', need: 'Maquettes et documents clients' }

interface Kind {
  itemId: string
  weight: number
  answers: Answers
  approvers: (manager: string) => string[]
  /** Working minutes from approval. */
  delivery: [number, number]
}
const kinds: Kind[] = [
  { itemId: 'laptop', weight: 5, answers: laptop, approvers: (manager) => [manager], delivery: [1_900, 5_600] },
  { itemId: 'software-design', weight: 3, answers: software, approvers: (manager) => [manager], delivery: [10, 20] },
  { itemId: 'software-editor', weight: 4, answers: software, approvers: () => [], delivery: [5, 15] },
  {
    itemId: 'shared-mailbox',
    weight: 2,
    answers: { mailboxAddress: 'equipe@example.org', members: 'camille@example.org' },
    approvers: (manager) => [manager],
    delivery: [240, 1_900],
  },
  { itemId: 'password-reset', weight: 6, answers: { account: 'windows' }, approvers: () => [], delivery: [1, 1] },
]

/** Some 80 requests of the last two months, the same for the same `now`. */
export function requestHistory(now: number, count = 80, seed = 20260311): PastRequest[] {
  const random = randomOf(seed)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  const bag = kinds.flatMap((kind) => Array.from({ length: kind.weight }, () => kind))
  return Array.from({ length: count }, (_, index) => {
    const kind = pick(bag)
    const requesterId = pick(people)
    const approvers = kind.approvers(managers[requesterId] ?? 'marc')
    const chance = random()
    const outcome = approvers.length === 0 || chance < 0.84 ? 'delivered' : chance < 0.95 ? 'rejected' : 'canceled'
    const [least, most] = kind.delivery
    return {
      askedAt: now - Math.round((62 - (index / count) * 36) * day) + Math.floor(random() * 6) * 3_600_000,
      itemId: kind.itemId,
      requesterId,
      quantity: 1,
      answers: kind.answers,
      outcome,
      approvers,
      approvalMinutes: 20 + Math.floor(random() * 1_200),
      deliveryMinutes: least + Math.floor(random() * (most - least + 1)),
      comment: pick(refusals),
      score: random() < 0.4 ? 3 + Math.floor(random() * 3) : null,
    }
  })
}

const yes = (actorId: string): LiveStep => ({ actorId, elementId: 'approve', values: { decision: 'approved', decisionComment: '' } })
const done = (actorId: string, elementId: string, values: Answers = {}): LiveStep => ({ actorId, elementId, values })
const confirmed = (actorId: string): LiveStep => ({ actorId, message: 'requesterConfirmed' })
const later = (now: number, days: number): string => new Date(now + days * day).toISOString()

/** Requests in every state: awaited, refused, canceled, being delivered, failed, by hand, delivered, closed; people who come, move and go. */
export const requestLive = (now: number): LiveRequest[] => [
  { itemId: 'laptop', requesterId: 'camille', notes: 'Bureau 312, le matin de préférence', answers: laptop, steps: [] },
  {
    itemId: 'laptop',
    requesterId: 'antoine',
    answers: { ...laptop, model: 'mobile', need: 'Déplacements' },
    steps: [{ actorId: 'marc', elementId: 'approve', values: { decision: 'abstained', decisionComment: 'Ce budget n’est pas le mien.' } }],
  },
  {
    itemId: 'laptop',
    requesterId: 'julie',
    quantity: 2,
    answers: { ...laptop, need: 'Deux alternants arrivent en janvier' },
    steps: [yes('marc')],
  },
  {
    itemId: 'laptop',
    requesterId: 'emma',
    answers: { ...laptop, keyboard: 'qwerty', model: 'mobile' },
    steps: [yes('marc'), done('sofia', 'orderDevice', { purchaseOrder: 'BC-2291', expectedOn: null })],
  },
  {
    itemId: 'laptop',
    requesterId: 'antoine',
    answers: laptop,
    steps: [{ actorId: 'marc', elementId: 'approve', values: { decision: 'rejected', decisionComment: refusals[0] ?? '' } }],
  },
  {
    itemId: 'laptop',
    requesterId: 'james',
    answers: { ...laptop, keyboard: 'qwerty' },
    steps: [{ actorId: 'james', message: 'requesterCanceled' }],
  },
  { itemId: 'software-design', requesterId: 'olivier', answers: software, failing: 'deployment', steps: [yes('marc')] },
  { itemId: 'software-editor', requesterId: 'fatou', answers: software, steps: [] },
  {
    itemId: 'shared-mailbox',
    requesterId: 'paul',
    answers: { mailboxAddress: 'sav@example.org', members: 'paul@example.org\nfatou@example.org' },
    steps: [yes('sarah'), done('lucie', 'setMembers', { membersSet: true, membersNote: '' }), confirmed('paul')],
  },
  {
    itemId: 'access-crm',
    requesterId: 'camille',
    answers: { reason: 'Salon de mars : saisie des contacts', expiresAt: later(now, 90) },
    steps: [yes('lucie'), confirmed('camille')],
  },
  {
    itemId: 'access-erp-buyer',
    requesterId: 'julie',
    answers: { reason: 'Remplacement de Paul aux achats', expiresAt: later(now, 180) },
    steps: [yes('marc'), yes('david')],
  },
  {
    itemId: 'joiner',
    requesterId: 'marc',
    answers: {
      newName: 'Nadia Roche',
      newEmail: 'nadia.roche@example.org',
      startDate: later(now, 9).slice(0, 10),
      profileId: 'sales',
      equipment: 'laptop',
    },
    steps: [done('alex', 'makeBadge', { badgeNumber: 'B-1204' })],
  },
  {
    itemId: 'mover',
    requesterId: 'marc',
    answers: { personId: 'antoine', profileId: 'purchasing', effectiveAt: later(now, 6) },
    steps: [yes('helene')],
  },
  {
    itemId: 'leaver',
    requesterId: 'sarah',
    answers: { personId: 'james', lastDay: later(now, 4), handoverNote: 'Dossiers à Fatou' },
    steps: [yes('helene')],
  },
  { itemId: 'password-reset', requesterId: 'claire', answers: { account: 'vpn' }, steps: [] },
]

export interface SeededGrant {
  entitlementId: string
  personId: string
  grantedById: string
  daysAgo: number
  /** From now; null: without an end. */
  endsInDays: number | null
  reason: string
}
const held = (
  entitlementId: string,
  personId: string,
  grantedById: string,
  daysAgo: number,
  endsInDays: number | null,
  reason: string,
): SeededGrant => ({
  entitlementId,
  personId,
  grantedById,
  daysAgo,
  endsInDays,
  reason,
})

/** Rights that were granted before the demonstration begins. */
export const seededGrants: readonly SeededGrant[] = [
  ...['camille', 'julie', 'antoine', 'emma', 'olivier', 'fatou', 'paul', 'james'].map((id) =>
    held('mail-standard', id, 'david', 400, null, 'Arrivée'),
  ),
  held('crm-user', 'antoine', 'lucie', 210, 155, 'Équipe commerciale Sud'),
  held('crm-user', 'emma', 'lucie', 120, 245, 'Key accounts'),
  held('crm-user', 'james', 'lucie', 300, 65, 'Sales support'),
  held('crm-admin', 'olivier', 'lucie', 80, 10, 'Reprise des données clients'),
  held('vpn', 'camille', 'karim', 100, 80, 'Télétravail'),
  held('vpn', 'antoine', 'karim', 140, 40, 'Déplacements'),
  held('vpn', 'james', 'karim', 60, 120, 'On the road'),
  held('erp-accounting', 'fatou', 'david', 250, 115, 'Comptabilité fournisseurs'),
  held('payroll-reader', 'claire', 'helene', 90, 90, 'Direction'),
]

export interface SeededCampaign {
  name: string
  entitlementIds: string[]
  startedById: string
  dueInDays: number
  /** What is answered already: all, or the rights of these people. */
  answers: { personId: string; decision: 'keep' | 'revoke'; comment: string }[]
}
/** Under way, all answered and over, and past its deadline. */
export const seededCampaigns: readonly SeededCampaign[] = [
  {
    name: 'Revue du VPN',
    entitlementIds: ['vpn'],
    startedById: 'priya',
    dueInDays: 10,
    answers: [
      { personId: 'camille', decision: 'keep', comment: '' },
      { personId: 'antoine', decision: 'keep', comment: '' },
      { personId: 'james', decision: 'revoke', comment: 'Quitte l’entreprise' },
    ],
  },
  {
    name: 'Revue annuelle des applications',
    entitlementIds: ['crm-user', 'crm-admin', 'erp-accounting', 'payroll-reader'],
    startedById: 'priya',
    dueInDays: 14,
    answers: [
      { personId: 'emma', decision: 'keep', comment: '' },
      { personId: 'olivier', decision: 'revoke', comment: 'La reprise est terminée' },
    ],
  },
  {
    name: 'Revue de la paie',
    entitlementIds: ['payroll-reader'],
    startedById: 'priya',
    dueInDays: 7,
    answers: [{ personId: 'claire', decision: 'keep', comment: '' }],
  },
  { name: 'Revue de la comptabilité', entitlementIds: ['erp-accounting'], startedById: 'priya', dueInDays: 0.00002, answers: [] },
]

/** Rights that are taken away: by a system, at once, and by people, who have yet to do it. */
export const seededRemovals = [
  { entitlementId: 'crm-user', personId: 'james', actorId: 'lucie', reason: 'Ne vend plus' },
  { entitlementId: 'erp-accounting', personId: 'fatou', actorId: 'david', reason: 'Change de service' },
] as const
