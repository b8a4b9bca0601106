/** Access rights as entitlements: who answers for them, who holds them, until when, and the campaigns that look at them again. */
import { z } from 'zod'
import { PersonRef } from './view.ts'

export const ConnectorKind = z.enum(['manual', 'webhook', 'simulate'])
export type ConnectorKind = z.infer<typeof ConnectorKind>

export const ConnectorView = z.object({
  id: z.string(),
  kind: ConnectorKind,
  name: z.string(),
  url: z.string().nullable(),
  /** A simulated system that refuses, to show what happens then. */
  isFailing: z.boolean(),
  /** Calls to it are signed; the secret itself is never told again. */
  hasSecret: z.boolean(),
  secretSetAt: z.iso.datetime().nullable(),
  attempts: z.int(),
  lastError: z.string().nullable(),
})
export type ConnectorView = z.infer<typeof ConnectorView>

/** One call to a system: done, or not and why. */
export const ConnectorAttempt = z.object({
  id: z.int(),
  at: z.iso.datetime(),
  operation: z.string(),
  state: z.enum(['done', 'failed']),
  reference: z.string().nullable(),
  error: z.string().nullable(),
  /** Number of the ticket; null: a trial. */
  ticket: z.string().nullable(),
})
export type ConnectorAttempt = z.infer<typeof ConnectorAttempt>

export const EntitlementView = z.object({
  id: z.string(),
  name: z.string(),
  nameFr: z.string(),
  nameEn: z.string(),
  resource: z.string(),
  role: z.string(),
  owner: PersonRef,
  connectorId: z.string(),
  groupId: z.string(),
  /** Days until a grant expires when nobody says otherwise; null: it does not. */
  defaultDays: z.int().nullable(),
  isActive: z.boolean(),
  holders: z.int(),
})
export type EntitlementView = z.infer<typeof EntitlementView>

export const GrantState = z.enum(['active', 'removing', 'revoked'])
export type GrantState = z.infer<typeof GrantState>
export const GrantView = z.object({
  id: z.string(),
  entitlement: z.object({ id: z.string(), name: z.string(), resource: z.string(), role: z.string() }),
  person: PersonRef,
  owner: PersonRef,
  state: GrantState,
  grantedAt: z.iso.datetime(),
  grantedBy: PersonRef,
  /** Number of the request that it was granted by. */
  request: z.string().nullable(),
  reason: z.string(),
  expiresAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
  revokedBy: PersonRef.nullable(),
  revokeReason: z.string().nullable(),
})
export type GrantView = z.infer<typeof GrantView>

export const ProfileView = z.object({
  id: z.string(),
  name: z.string(),
  nameFr: z.string(),
  nameEn: z.string(),
  entitlementIds: z.array(z.string()),
})
export type ProfileView = z.infer<typeof ProfileView>

const ProfileLine = z.object({
  entitlementId: z.string(),
  name: z.string(),
  owner: PersonRef,
  system: z.string(),
  isByHand: z.boolean(),
  group: z.string(),
  days: z.int().nullable(),
  /** A withdrawn right is not given. */
  isActive: z.boolean(),
})
/** What a job would give, leave and take. */
export const ProfilePreview = z.object({ grant: z.array(ProfileLine), keep: z.array(ProfileLine), revoke: z.array(ProfileLine) })
export type ProfilePreview = z.infer<typeof ProfilePreview>

export const UnansweredPolicy = z.enum(['revoke', 'keep'])
export const CampaignState = z.enum(['open', 'overdue', 'closed'])
export const CampaignView = z.object({
  id: z.string(),
  name: z.string(),
  state: CampaignState,
  startedAt: z.iso.datetime(),
  startedBy: PersonRef,
  dueAt: z.iso.datetime(),
  graceUntil: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  unanswered: UnansweredPolicy,
  total: z.int(),
  kept: z.int(),
  revoked: z.int(),
  waiting: z.int(),
  byPolicy: z.int(),
  owners: z.array(PersonRef.extend({ total: z.int(), answered: z.int() })),
})
export type CampaignView = z.infer<typeof CampaignView>

export const ReviewItemView = z.object({
  campaignId: z.string(),
  campaignName: z.string(),
  dueAt: z.iso.datetime(),
  grant: GrantView,
  reviewer: PersonRef,
  decision: z.enum(['keep', 'revoke']).nullable(),
  decidedAt: z.iso.datetime().nullable(),
  decidedBy: PersonRef.nullable(),
  isByPolicy: z.boolean(),
  comment: z.string().nullable(),
  mayDecide: z.boolean(),
})
export type ReviewItemView = z.infer<typeof ReviewItemView>
