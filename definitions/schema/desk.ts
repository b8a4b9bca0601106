import { z } from 'zod'
import { ChannelId, TicketKind } from './ticket.ts'

/**
 * What kind of desk it is. Customer support: external customers, on site or remote. Call centre: contacts, telephone first, nothing physical.
 * IT service desk: the single point of contact for everything. What each may do stands in workflows/domain/desk-type.ts.
 */
export const DeskType = z.enum(['customerSupport', 'callCentre', 'itServiceDesk'])
export type DeskType = z.infer<typeof DeskType>

/** Digits as dialled, with a leading + for the international form. */
export const PhoneNumber = z.string().regex(/^\+?\d{2,15}$/, { error: 'expected digits, with + before the country code: +33123456789' })

const list = <T extends z.ZodType>(item: T) => z.array(item).max(100)

/** One of the installation's desks. */
export const Desk = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]{1,39}$/, { error: 'expected small letters, digits and hyphens' }),
  type: DeskType,
  name: z.object({ fr: z.string().trim().min(1).max(100), en: z.string().trim().min(1).max(100) }),
  /** Takes in what no address, number, form or key leads elsewhere. Exactly one is. */
  isDefault: z.boolean(),
  isActive: z.boolean(),
  /** Empty: every one that the type permits. */
  channels: list(ChannelId),
  /** Empty: every one that the type permits. */
  kinds: list(TicketKind),
  /** Agents of these groups work at this desk; the first takes what comes in. */
  groupIds: list(z.string().min(1).max(100)),
  mailAddresses: list(z.email().max(254).toLowerCase()),
  phoneNumbers: list(PhoneNumber),
  /** Opening hours. */
  calendarId: z.string().max(100).nullable(),
})
export type Desk = z.infer<typeof Desk>
