import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultPreferences, NotificationPreferences } from '../../definitions/schema/notification.ts'
import { decideDelivery, type DeliveryQuestion, digestDueAt, isMandatory, loopLimits } from '../../workflows/domain/notification.ts'

const at = Date.UTC(2026, 10, 25, 10, 20)
const ask = (change: Partial<DeliveryQuestion> & { mode?: 'immediate' | 'hourly' | 'daily' | 'never' } = {}) => {
  const { mode, ...rest } = change
  const event = rest.event ?? 'resolved'
  return decideDelivery({
    event,
    isMandatory: isMandatory(event),
    address: 'camille@example.org',
    person: { isActive: true, preferences: { ...defaultPreferences, modes: mode ? { [event]: mode } : {} } },
    isOwnAddress: false,
    isBlocked: false,
    recent: { aboutTicket: 0, confirmations: 0 },
    at,
    ...rest,
  })
}

describe('whether a mail goes out', () => {
  it.each<[string, Parameters<typeof ask>[0], string]>([
    ['as a rule', {}, 'pending'],
    ['to somebody outside the register', { person: null }, 'pending'],
    ['when unsubscribed', { mode: 'never' }, 'unsubscribed'],
    ['without an address', { address: '' }, 'noAddress'],
    ['to what is no address', { address: 'camille' }, 'noAddress'],
    ['to a person who has left', { person: { isActive: false, preferences: defaultPreferences } }, 'inactive'],
    ['to the desk itself', { isOwnAddress: true }, 'ownAddress'],
    ['to an address that refuses mail', { isBlocked: true }, 'undeliverable'],
    ['about a ticket that was told of too often', { recent: { aboutTicket: loopLimits.perTicket, confirmations: 0 } }, 'loopGuard'],
    ['as the sixth confirmation', { event: 'ticket-received', recent: { aboutTicket: 0, confirmations: 5 } }, 'loopGuard'],
    ['as the sixth of what is no confirmation', { recent: { aboutTicket: 0, confirmations: 5 } }, 'pending'],
  ])('%s', (_name, change, expected) => {
    const delivery = ask(change)
    expect(delivery.state === 'suppressed' ? delivery.reason : delivery.state).toBe(expected)
  })

  it('is always, and at once, for what is mandatory, whatever the person wishes', () => {
    for (const event of ['agent-reply', 'requester-reply-needed', 'approval', 'approval-request', 'security-alert'])
      for (const mode of ['never', 'daily'] as const) expect([event, ask({ event, mode })]).toEqual([event, { state: 'pending' }])
    expect(isMandatory('approvals-of-the-month')).toBe(false)
    expect(isMandatory('own-template', true)).toBe(true)
  })

  it('is later for a digest', () => {
    expect(ask({ mode: 'hourly' })).toEqual({ state: 'collected', dueAt: Date.UTC(2026, 10, 25, 11) })
    // 08:30 in Paris (UTC+1) has passed today
    expect(ask({ mode: 'daily' })).toEqual({ state: 'collected', dueAt: Date.UTC(2026, 10, 26, 7, 30) })
  })
})

describe('the daily digest', () => {
  const due = (timeZone: string, dailyAt: string, from: number) => digestDueAt('daily', { timeZone, dailyAt, modes: {} }, from)
  it('keeps its hour on the wall over both changes of the clock', () => {
    expect(due('Europe/Paris', '08:30', Date.UTC(2026, 2, 28, 12))).toBe(Date.UTC(2026, 2, 29, 6, 30))
    expect(due('Europe/Paris', '08:30', Date.UTC(2026, 9, 24, 12))).toBe(Date.UTC(2026, 9, 25, 7, 30))
    // 02:30 does not exist on 29 March: it comes an hour later on the wall; on 25 October the first of the two
    expect(due('Europe/Paris', '02:30', Date.UTC(2026, 2, 28, 12))).toBe(Date.UTC(2026, 2, 29, 1, 30))
    expect(due('Europe/Paris', '02:30', Date.UTC(2026, 9, 24, 12))).toBe(Date.UTC(2026, 9, 25, 0, 30))
  })

  it('is always ahead, by little more than a day at most', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2030, 0, 1) }),
        fc.constantFrom('Europe/Paris', 'America/New_York', 'Pacific/Auckland', 'Asia/Kolkata', 'UTC'),
        fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 })),
        (from, timeZone, [hour, minute]) => {
          const dailyAt = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
          const ahead = due(timeZone, dailyAt, from) - from
          expect(ahead).toBeGreaterThan(0)
          expect(ahead).toBeLessThanOrEqual(26 * 3_600_000)
          const hourly = digestDueAt('hourly', { timeZone, dailyAt, modes: {} }, from) - from
          expect(hourly).toBeGreaterThan(0)
          expect(hourly).toBeLessThanOrEqual(3_600_000)
        },
      ),
    )
  })
})

describe('preferences', () => {
  it.each([
    [{ timeZone: 'Europe/Atlantis', dailyAt: '08:30', modes: {} }, 'timeZone'],
    [{ timeZone: 'Europe/Paris', dailyAt: '24:00', modes: {} }, 'dailyAt'],
    [{ timeZone: 'Europe/Paris', dailyAt: '08:30', modes: { resolved: 'weekly' } }, 'modes'],
  ])('that make no sense are refused at their field: %o', (value, field) => {
    const parsed = NotificationPreferences.safeParse(value)
    expect(parsed.error?.issues[0]?.path[0]).toBe(field)
  })
})
