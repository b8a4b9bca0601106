/** Does this mail go out now, later in a digest, or not at all, and why? Pure: what is known comes in, a verdict goes out. */
import { Temporal } from 'temporal-polyfill'
import { type NotificationMode, type NotificationPreferences, notificationEvents, type SuppressionReason } from '#schema/notification'

const hourMs = 3_600_000

/**
 * The loop guard: no more mails to one address about one ticket in an hour, and no more automatic confirmations to one address in ten minutes
 * (RFC 3834 §4: an automatic answer is limited per sender). Two machines that answer one another stop there.
 */
export const loopLimits = { perTicket: 20, perTicketMs: hourMs, confirmations: 5, confirmationsMs: 10 * 60_000 } as const

/** Hard bounces in a row after which an address gets no more mail. */
export const maxHardBounces = 3

/** Answers of a machine to whoever wrote. */
export const isConfirmation = (event: string): boolean => event === 'ticket-received'

/** Approvals and security cannot be unsubscribed, whatever their template is called. */
const mandatoryFamilies = /^(approval|security|password|access-review)([-.]|$)/

export function isMandatory(event: string, isMarked = false): boolean {
  const known = notificationEvents.find(({ id }) => id === event)
  return isMarked || known?.isMandatory === true || mandatoryFamilies.test(event)
}

export interface DeliveryQuestion {
  event: string
  isMandatory: boolean
  /** Empty: the recipient has none. */
  address: string
  /** Null: not a person of the register. */
  person: { isActive: boolean; preferences: NotificationPreferences } | null
  /** One of the desk's own addresses. */
  isOwnAddress: boolean
  /** It refused mail for good, several times. */
  isBlocked: boolean
  /** Mails to this address: about this ticket in the last hour, and confirmations in the last ten minutes. */
  recent: { aboutTicket: number; confirmations: number }
  /** UTC epoch ms */
  at: number
}

export type Delivery = { state: 'pending' } | { state: 'collected'; dueAt: number } | { state: 'suppressed'; reason: SuppressionReason }

const suppressed = (reason: SuppressionReason): Delivery => ({ state: 'suppressed', reason })

export function decideDelivery(question: DeliveryQuestion): Delivery {
  const { event, address, person, recent, at } = question
  if (!/^[^@\s]+@[^@\s]+$/.test(address)) return suppressed('noAddress')
  if (person && !person.isActive) return suppressed('inactive')
  if (question.isOwnAddress) return suppressed('ownAddress')
  if (question.isBlocked) return suppressed('undeliverable')
  if (recent.aboutTicket >= loopLimits.perTicket) return suppressed('loopGuard')
  if (isConfirmation(event) && recent.confirmations >= loopLimits.confirmations) return suppressed('loopGuard')
  if (!person || question.isMandatory) return { state: 'pending' }
  const mode = person.preferences.modes[event] ?? 'immediate'
  if (mode === 'never') return suppressed('unsubscribed')
  return mode === 'immediate' ? { state: 'pending' } : { state: 'collected', dueAt: digestDueAt(mode, person.preferences, at) }
}

/**
 * When the digest that a mail of `at` joins is due: at the next full hour, or the next time that it is `dailyAt` in the person's zone (on a day
 * that skips this time: at the change; where it comes twice: the first).
 */
export function digestDueAt(
  mode: Extract<NotificationMode, 'hourly' | 'daily'>,
  { timeZone, dailyAt }: NotificationPreferences,
  at: number,
): number {
  if (mode === 'hourly') return (Math.floor(at / hourMs) + 1) * hourMs
  const today = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate()
  for (const days of [0, 1]) {
    const due = today.add({ days }).toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(dailyAt) }).epochMilliseconds
    if (due > at) return due
  }
  return today.add({ days: 2 }).toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(dailyAt) }).epochMilliseconds
}
