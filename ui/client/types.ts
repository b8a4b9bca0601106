/** Answers of the API that have no noun of their own in definitions/schema. */
import type { z } from 'zod'
import type { Variables } from '#schema/json'
import type { Role } from '#schema/role'
import type { ChannelId } from '#schema/ticket'
import type { AttachmentView, PersonRef } from '#schema/view'

export type PersonRefView = z.infer<typeof PersonRef>
export type AttachmentRow = z.infer<typeof AttachmentView>

export interface PageOf<T> {
  items: T[]
  nextCursor: string | null
  total?: number
}

export interface DemoUser {
  email: string
  name: string
  roles?: Role[]
  password?: string
}
export interface Health {
  status?: string
  version?: string
  demo?: boolean
  demoUsers?: DemoUser[]
}

export type TicketViewName = 'mine' | 'group' | 'unassigned' | 'all' | 'requested' | 'overdue' | 'majors' | 'stalled'
export interface TicketQuery {
  view?: TicketViewName
  kind?: string
  status?: string
  priority?: string
  groupId?: string
  ciId?: string
  deskId?: string
  q?: string
  from?: string
  to?: string
  metric?: string
  source?: string
  vip?: string
  sort?: string
  limit?: number
}

export interface InteractionDraft {
  channel?: ChannelId
  subject: string
  body: string
  form?: { id: string; values: Variables }
  requesterId?: string
  attachmentIds?: string[]
}
export interface InteractionAnswer {
  interactionId: string
  ticketId: string | null
  number: string | null
}
export interface InteractionRow {
  id: string
  at: string
  channel: ChannelId
  subject: string
  person: PersonRefView | null
  address: string | null
  disposition: string | null
  ticketId: string | null
  number: string | null
}

export interface Choice {
  value: string
  label: string
}
export interface OptionsView {
  services: Choice[]
  categories: Choice[]
}

export interface ApiKeyView {
  id: string
  name: string
  start: string | null
  person: PersonRefView | null
  roles?: Role[]
  createdAt: string
  expiresAt: string | null
  lastUsedAt: string | null
  /** What it reports comes to this desk; null: the default one. */
  deskId: string | null
}
export interface RejectedMailView {
  id: string
  at: string
  from: string | null
  to?: string | null
  subject: string | null
  reason: string
  detail?: string | null
  remedy?: string | null
}
export interface SurveyInvitation {
  number: string
  title: string
  locale?: 'fr' | 'en'
  /** Already answered: nothing more to do. */
  survey?: { score: number; comment: string } | null
}

/** What GET /events pushes for every committed batch of facts. */
export interface LiveEvent {
  ticketId: string
  number: string
  sequence: number
  types: string[]
  requesterId: string | null
  groupId: string | null
}
