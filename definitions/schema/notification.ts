/** Who is told what, when: events of the desk that are told by mail, and what each person wants of them. */
import { z } from 'zod'

/** When a person hears of an event. `never`: unsubscribed. */
export const NotificationMode = z.enum(['immediate', 'hourly', 'daily', 'never'])
export type NotificationMode = z.infer<typeof NotificationMode>

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null
  } catch {
    return false
  }
}

export const NotificationPreferences = z.object({
  /** IANA name: the daily mail comes at `dailyAt` there. */
  timeZone: z.string().max(60).refine(isTimeZone, { error: 'expected the name of a time zone such as Europe/Paris' }),
  dailyAt: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'expected a time of day such as 08:30' }),
  /** By event; absent: immediately. */
  modes: z.record(z.string().max(100), NotificationMode),
})
export type NotificationPreferences = z.infer<typeof NotificationPreferences>
export const defaultPreferences: NotificationPreferences = { timeZone: 'Europe/Paris', dailyAt: '08:30', modes: {} }

export interface NotificationEvent {
  /** The template's name. */
  id: string
  /** Who hears of it. */
  to: 'requester' | 'staff'
  /** Part of handling the ticket, or of everybody's safety: no digest, no unsubscribing. */
  isMandatory: boolean
  name: { fr: string; en: string }
}

/** Events that come with the program. Others are templates of the process owner's: they can be unsubscribed, unless marked `mandatory: yes`. */
export const notificationEvents: readonly NotificationEvent[] = [
  { id: 'ticket-received', to: 'requester', isMandatory: false, name: { fr: 'Accusé de réception', en: 'Receipt confirmed' } },
  { id: 'agent-reply', to: 'requester', isMandatory: true, name: { fr: 'Réponse d’un agent', en: 'Reply by an agent' } },
  { id: 'requester-reply-needed', to: 'requester', isMandatory: true, name: { fr: 'Précisions demandées', en: 'Information needed' } },
  { id: 'requester-reminder', to: 'requester', isMandatory: false, name: { fr: 'Relance sans réponse', en: 'Reminder' } },
  { id: 'resolved', to: 'requester', isMandatory: false, name: { fr: 'Ticket résolu', en: 'Ticket resolved' } },
  { id: 'closed', to: 'requester', isMandatory: false, name: { fr: 'Ticket clos', en: 'Ticket closed' } },
  { id: 'survey', to: 'requester', isMandatory: false, name: { fr: 'Enquête de satisfaction', en: 'Satisfaction survey' } },
  { id: 'duplicate', to: 'requester', isMandatory: true, name: { fr: 'Ticket regroupé', en: 'Ticket merged' } },
  {
    id: 'major-update',
    to: 'requester',
    isMandatory: false,
    name: { fr: 'Nouvelles d’un incident majeur', en: 'News of a major incident' },
  },
  { id: 'escalated', to: 'staff', isMandatory: true, name: { fr: 'Escalade', en: 'Escalation' } },
  {
    id: 'major-candidate',
    to: 'staff',
    isMandatory: true,
    name: { fr: 'Candidat à incident majeur', en: 'Candidate for a major incident' },
  },
  { id: 'major-refused', to: 'staff', isMandatory: false, name: { fr: 'Candidature refusée', en: 'Candidate refused' } },
  { id: 'major-update-late', to: 'staff', isMandatory: true, name: { fr: 'Communication en retard', en: 'Communication overdue' } },
  { id: 'major-downgraded', to: 'staff', isMandatory: false, name: { fr: 'Incident majeur rétrogradé', en: 'Major incident downgraded' } },
  { id: 'major-review-late', to: 'staff', isMandatory: false, name: { fr: 'Revue en retard', en: 'Review overdue' } },
  { id: 'major-reviewed', to: 'staff', isMandatory: false, name: { fr: 'Revue post-incident faite', en: 'Post-incident review done' } },
  { id: 'assigned', to: 'staff', isMandatory: false, name: { fr: 'Ticket affecté', en: 'Ticket assigned' } },
  { id: 'reopened', to: 'staff', isMandatory: false, name: { fr: 'Ticket rouvert', en: 'Ticket reopened' } },
  { id: 'canceled', to: 'staff', isMandatory: false, name: { fr: 'Ticket annulé', en: 'Ticket canceled' } },
  { id: 'sla-warning', to: 'staff', isMandatory: false, name: { fr: 'Échéance proche', en: 'Target at risk' } },
  { id: 'sla-breach', to: 'staff', isMandatory: false, name: { fr: 'Échéance dépassée', en: 'Target missed' } },
]

/** Why a mail did not go out, or not on its own. */
export const SuppressionReason = z.enum([
  'unsubscribed',
  'inactive',
  'noAddress',
  'noRecipient',
  'ownAddress',
  'undeliverable',
  'loopGuard',
  'digest',
])
export type SuppressionReason = z.infer<typeof SuppressionReason>
