/** What a licence and a contract have asked by themselves, and what came of it, as the API serves it. */
import { z } from 'zod'
import { TicketStatus } from './ticket.ts'
import { PersonRef } from './view.ts'

const AskedTicketRef = z.object({ id: z.string(), number: z.string(), title: z.string(), status: TicketStatus })

export const RecordQuestionView = z.object({
  ticket: AskedTicketRef,
  processId: z.string(),
  openedAt: z.iso.datetime(),
  isOpen: z.boolean(),
  /** Whom it waits for, or who answered. */
  assignee: PersonRef.nullable(),
  /** What was answered, or why the question fell. */
  answer: z.string().nullable(),
})
export type RecordQuestionView = z.infer<typeof RecordQuestionView>

export const ReclaimedSeatView = z.object({
  installationId: z.string(),
  /** Whose account or machine it is on. */
  holder: z.string(),
  state: z.enum(['waiting', 'kept', 'reclaimed']),
  /** When its holder was asked, and until when he may answer. */
  askedOn: z.iso.date().nullable(),
  answerBy: z.iso.date().nullable(),
  /** When it was kept or taken back. */
  settledAt: z.iso.datetime().nullable(),
  reason: z.string().nullable(),
  ticket: AskedTicketRef.nullable(),
})
export type ReclaimedSeatView = z.infer<typeof ReclaimedSeatView>

export const LicenceSeatsView = z.object({
  seats: z.array(ReclaimedSeatView),
  counts: z.object({ waiting: z.int(), kept: z.int(), reclaimed: z.int() }),
  /** Of seats taken back in the last twelve months: their part of the annual cost. Null: the cost is not known. */
  savedPerYear: z.number().nullable(),
  /** What is proposed for the next term. */
  proposal: z.object({ inUse: z.int(), decision: z.enum(['renew', 'reduce', 'end']), seats: z.int(), saving: z.number() }),
})
export type LicenceSeatsView = z.infer<typeof LicenceSeatsView>
