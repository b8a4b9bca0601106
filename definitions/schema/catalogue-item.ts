import { z } from 'zod'
import { Priority } from './ticket.ts'

const Named = z.object({ fr: z.string().trim().min(1).max(200), en: z.string().trim().min(1).max(200) })
const Told = z.object({ fr: z.string().max(5_000), en: z.string().max(5_000) })

export const Recurrence = z.enum(['once', 'monthly', 'yearly'])
export type Recurrence = z.infer<typeof Recurrence>
export const Price = z.object({
  amount: z.number().min(0).max(10_000_000),
  currency: z.string().regex(/^[A-Z]{3}$/),
  recurrence: Recurrence,
})
export type Price = z.infer<typeof Price>

/** Who decides: the requester's manager, whoever answers for the item or the entitlement, a group, or a person. */
export const Approver = z.union([
  z.enum(['manager', 'itemOwner', 'entitlementOwner']),
  z.object({ group: z.string().min(1) }),
  z.object({ person: z.string().min(1) }),
])
export type Approver = z.infer<typeof Approver>

/** One round of approval. Rounds come one after the other; within a round everybody is asked at once. */
export const ApprovalRule = z.object({
  /** What it is about, for people: `manager`, `itemOwner`, `budget`, ... */
  subject: z.string().regex(/^[a-zA-Z][\w-]{0,39}$/),
  approvers: z.array(Approver).min(1),
  /** FEEL over `total`, `quantity`, `answers`, `isOnBehalf`; absent: always asked. */
  condition: z.string().optional(),
  /** How many approvals are enough; absent: everybody's. One refusal ends the round. */
  quorum: z.int().min(1).optional(),
  /** Working days until the round goes to the managers. */
  deadlineDays: z.int().min(1).max(60).default(5),
})
export type ApprovalRule = z.infer<typeof ApprovalRule>

export const CatalogueIcon = z.enum(['laptop', 'software', 'mailbox', 'access', 'password', 'joiner', 'mover', 'leaver', 'other'])
export type CatalogueIcon = z.infer<typeof CatalogueIcon>

/** What people may ask for. The version that was deployed when it was asked for counts to the end. */
export const CatalogueItem = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  version: z.int().min(1),
  name: Named,
  summary: Named,
  description: Told.default({ fr: '', en: '' }),
  category: z.string().min(1).max(100),
  service: z.string().max(100).nullable().default(null),
  icon: CatalogueIcon.default('other'),
  /** Null: free of charge. For one piece. */
  price: Price.nullable().default(null),
  /** What the requester is asked; null: nothing. */
  formId: z.string().nullable().default(null),
  maxQuantity: z.int().min(1).max(1_000).default(1),
  /** Shown in the catalogue; else it is asked for from elsewhere, such as one's own rights. */
  isListed: z.boolean().default(true),
  /** May it be asked for on behalf of somebody else? */
  isForOthers: z.boolean().default(true),
  approvals: z.array(ApprovalRule).default([]),
  /** Person who answers for the item. */
  ownerId: z.string().min(1),
  fulfilment: z.object({ processId: z.string().min(1), groupId: z.string().min(1) }),
  /** Priority of the request, hence its service level targets. */
  priority: Priority.default(4),
  /** Promised delivery, in working days from approval. */
  deliveryDays: z.int().min(0).max(365),
  /** Does the requester confirm the delivery before the request is closed? */
  isConfirmed: z.boolean().default(true),
  /** The entitlement that it grants, when it grants one. */
  entitlementId: z.string().nullable().default(null),
  /** Groups whose members may ask for it; empty: everybody. */
  audience: z.object({ groups: z.array(z.string()).default([]) }).default({ groups: [] }),
  availability: z
    .object({
      /** Withdrawn items are no longer offered; what was asked for before is delivered. */
      isWithdrawn: z.boolean().default(false),
      from: z.iso.date().nullable().default(null),
      until: z.iso.date().nullable().default(null),
    })
    .default({ isWithdrawn: false, from: null, until: null }),
})
export type CatalogueItem = z.infer<typeof CatalogueItem>
