/** What the API answers of a ticket's links and watchers. */
import { z } from 'zod'
import { Priority, TicketKind, TicketStatus } from './ticket.ts'
import { LinkDirection, LinkKind } from './ticket-link.ts'

export const TicketLinkView = z.object({
  linkId: z.string(),
  kind: LinkKind,
  direction: LinkDirection,
  reason: z.string(),
  createdAt: z.iso.datetime(),
  other: z.object({
    id: z.string(),
    number: z.string(),
    kind: TicketKind,
    title: z.string(),
    status: TicketStatus,
    priority: Priority.nullable(),
  }),
})
export type TicketLinkView = z.infer<typeof TicketLinkView>

export const WatcherView = z.object({
  address: z.string(),
  personId: z.string().nullable(),
  name: z.string().nullable(),
  reason: z.string(),
})
export type WatcherView = z.infer<typeof WatcherView>
