import { z } from 'zod'
import { DelegationScope } from './approval.ts'

/** Somebody is away and another decides in his place; without a delegate he is only away. */
export const Delegation = z.object({
  id: z.uuid(),
  /** Who is away. */
  personId: z.string(),
  delegateId: z.string().nullable(),
  scope: DelegationScope,
  /** The group or the subject; null for `all`. */
  value: z.string().nullable(),
  /** UTC epoch ms; the end itself is not covered. */
  startsAt: z.number(),
  endsAt: z.number(),
})
export type Delegation = z.infer<typeof Delegation>

/** What the API takes. */
export const DelegationBody = z.strictObject({
  /** Absent: oneself. */
  personId: z.string().max(100).optional(),
  delegateId: z.string().max(100).nullable(),
  scope: DelegationScope.default('all'),
  value: z.string().trim().max(100).nullable().default(null),
  startsAt: z.iso.datetime({ offset: true }),
  endsAt: z.iso.datetime({ offset: true }),
  reason: z.string().trim().max(500).default(''),
})
export type DelegationBody = z.output<typeof DelegationBody>

const Name = z.object({ id: z.string(), name: z.string() })
export const DelegationView = z.object({
  id: z.string(),
  person: Name,
  delegate: Name.nullable(),
  scope: DelegationScope,
  value: z.string().nullable(),
  startsAt: z.string(),
  endsAt: z.string(),
  reason: z.string(),
  state: z.enum(['planned', 'active', 'over', 'revoked']),
  mayRevoke: z.boolean(),
})
export type DelegationView = z.infer<typeof DelegationView>
