import { z } from 'zod'
import { TicketOpening } from '#schema/ticket'

/** What a waiting intake must hold for a workflow to start from it. */
export const InstanceInput = z.object({
  ticketId: z.uuid(),
  processId: z.string(),
  processVersion: z.int().min(1),
  bundleHash: z.string().length(64),
  opening: TicketOpening,
  openedAt: z.number(),
  sequence: z.int().min(1),
})
