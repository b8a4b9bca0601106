import { z } from 'zod'
import { PhoneNumber } from './desk.ts'
import { Json } from './json.ts'

/** What the telephone system reports of a call. Reports may come late, twice, and in any order: their own time counts. */
export const CallEventType = z.enum(['offered', 'answered', 'held', 'resumed', 'ended', 'abandoned', 'wrappedUp'])
export type CallEventType = z.infer<typeof CallEventType>

export const CallEvent = z.object({
  callId: z.string().trim().min(1).max(200),
  type: CallEventType,
  /** When it happened. */
  at: z.iso.datetime({ offset: true }),
  direction: z.enum(['in', 'out']).optional(),
  /** Caller's number. */
  from: PhoneNumber.optional(),
  /** Dialled number. */
  to: PhoneNumber.optional(),
  queue: z.string().trim().max(100).optional(),
  /** Person id or mail address of who answered. */
  agent: z.string().trim().max(254).optional(),
  extra: z.record(z.string().max(100), Json).optional(),
})
export type CallEvent = z.infer<typeof CallEvent>

/** How a contact ended, as agents note it. */
export const Outcome = z.enum([
  'solved',
  'informed',
  'ticketOpened',
  'ticketFollowed',
  'transferred',
  'callBack',
  'wrongNumber',
  'noReply',
  'nuisance',
])
export type Outcome = z.infer<typeof Outcome>

/** Stands for what became of an interaction as a whole. */
export const Disposition = z.enum(['open', 'answered', 'ticket', 'abandoned', 'bounce', 'autoReply', 'bulk', 'loop', 'flood'])
export type Disposition = z.infer<typeof Disposition>
