import { z } from 'zod'
import { Json } from './json.ts'

export const TicketKind = z.enum(['incident', 'request', 'change', 'problem'])
export type TicketKind = z.infer<typeof TicketKind>

/** Number prefixes: INC-000123. */
export const numberPrefix: Record<TicketKind, string> = { incident: 'INC', request: 'REQ', change: 'CHG', problem: 'PRB' }

/** Lifecycle status (ITIL 4). `pending`: waiting for the requester, the clocks are paused. */
export const TicketStatus = z.enum(['new', 'assigned', 'inProgress', 'pending', 'resolved', 'closed', 'canceled'])
export type TicketStatus = z.infer<typeof TicketStatus>
export const openStatuses: readonly TicketStatus[] = ['new', 'assigned', 'inProgress', 'pending']

/** 1 is the highest. */
export const Level = z.union([z.literal(1), z.literal(2), z.literal(3)])
export type Level = z.infer<typeof Level>
/** 1 critical, 2 high, 3 moderate, 4 low (5 planning). */
export const Priority = z.int().min(1).max(5)

export const ChannelId = z.enum(['portal', 'mail', 'api', 'phone', 'chat', 'walkIn', 'social', 'webhook', 'import'])
export type ChannelId = z.infer<typeof ChannelId>

/**
 * The ticket's fields. They are also the process's root variables of the same name: a form, a DMN output or
 * an agent's edit that changes such a variable yields a `ticketChanged` fact. People and groups are ids.
 */
export const TicketFields = z.object({
  title: z.string().min(1).max(200),
  description: z.string().max(100_000),
  status: TicketStatus,
  impact: Level.nullable(),
  urgency: Level.nullable(),
  priority: Priority.nullable(),
  category: z.string().max(100).nullable(),
  service: z.string().max(100).nullable(),
  /** Configuration item that it is about. */
  ciId: z.string().max(100).nullable(),
  requesterId: z.string(),
  /** The desk that it belongs to, and that desk's type, by whose rules the workflow refuses. */
  deskId: z.string().max(40).nullable(),
  deskType: z.string().max(40).nullable(),
  /** Assignment group id. */
  groupId: z.string().nullable(),
  assigneeId: z.string().nullable(),
  resolutionCode: z.string().max(100).nullable(),
  resolution: z.string().max(20_000).nullable(),
  /** Why the ticket waits; set while `pending`. */
  pendingReason: z.string().max(200).nullable(),
})
export type TicketFields = z.infer<typeof TicketFields>
export type TicketField = keyof TicketFields
export const ticketFields = Object.keys(TicketFields.shape) as TicketField[]
export const isTicketField = (name: string): name is TicketField => Object.hasOwn(TicketFields.shape, name)

/** What intake commits before any workflow exists; becomes the `ticketOpened` fact, sequence 1 of the ticket's stream. */
export const TicketOpening = z.object({
  ticketId: z.uuid(),
  number: z.string(),
  kind: TicketKind,
  channel: ChannelId,
  interactionId: z.uuid().nullable(),
  openedById: z.string(),
  fields: TicketFields.partial().extend({ title: z.string(), requesterId: z.string() }),
  /** Values of the portal form beyond the ticket's own fields. */
  extra: z.record(z.string(), Json).default({}),
})
export type TicketOpening = z.infer<typeof TicketOpening>
