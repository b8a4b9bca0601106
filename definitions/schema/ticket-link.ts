import { z } from 'zod'
import type { TicketKind } from './ticket.ts'

/** What one ticket is to another, read from the first: "INC-7 is a duplicate of INC-3". */
export const LinkKind = z.enum(['childOf', 'duplicateOf', 'causedBy', 'resolvedBy', 'related'])
export type LinkKind = z.infer<typeof LinkKind>

/** `out`: the ticket is the link's first ("is a child of"); `in`: its second ("is the parent of"). */
export const LinkDirection = z.enum(['out', 'in'])
export type LinkDirection = z.infer<typeof LinkDirection>

/** Kinds of ticket that the second of a link may have; null: any. */
export const linkTargets: Record<LinkKind, readonly TicketKind[] | null> = {
  childOf: null,
  duplicateOf: null,
  causedBy: ['problem', 'change'],
  resolvedBy: ['change'],
  related: null,
}

/** What a link says in the stream of one of its two tickets. */
export const linkFactShape = {
  linkId: z.uuid(),
  kind: LinkKind,
  direction: LinkDirection,
  otherId: z.uuid(),
  otherNumber: z.string(),
  /** Why; empty when nobody said. */
  reason: z.string(),
}
export const LinkNote = z.object(linkFactShape)
export type LinkNote = z.infer<typeof LinkNote>

/** Somebody who follows a ticket that is not his: told of public messages and of its end. By address, for not everybody is in the register. */
export const watcherFactShape = { address: z.string(), personId: z.string().nullable(), reason: z.string() }
export const WatcherNote = z.object(watcherFactShape)
export type WatcherNote = z.infer<typeof WatcherNote>
