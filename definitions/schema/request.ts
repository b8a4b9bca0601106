/** Requests of the catalogue: what is put in the cart, and what the process of a request keeps as its root variables. */
import { z } from 'zod'
import { Json, Variables } from './json.ts'
import { CatalogueIcon, Price, Recurrence } from './catalogue-item.ts'

/** Where a request stands, in the requester's words. `delivered` is not `approved`. */
export const RequestStage = z.enum([
  'received',
  'awaitingApproval',
  'approved',
  'beingDelivered',
  'deliveryFailed',
  'delivered',
  'completed',
  'rejected',
  'expired',
  'notDelivered',
  'canceled',
])
export type RequestStage = z.infer<typeof RequestStage>

export const CartLine = z.strictObject({
  itemId: z.string().min(1).max(100),
  /** The version that the requester saw; another one by now is refused. */
  version: z.int().min(1),
  quantity: z.int().min(1).max(1_000),
  answers: Variables.default({}),
})
export type CartLine = z.infer<typeof CartLine>

/** One round as it is asked for: the rule with the people who decide. */
export const ApprovalRound = z.object({
  subject: z.string(),
  approvers: z.array(z.string()).min(1),
  quorum: z.int().min(1),
  remindAt: z.iso.datetime(),
  /** Then the managers decide in their place. */
  dueAt: z.iso.datetime(),
  /** Then the request expires. */
  expiresAt: z.iso.datetime(),
})
export type ApprovalRound = z.infer<typeof ApprovalRound>

/** Root variables of a request's process beside the ticket's fields. */
export const RequestVariables = z.object({
  stage: RequestStage,
  item: z.object({
    id: z.string(),
    version: z.int(),
    name: z.object({ fr: z.string(), en: z.string() }),
    icon: CatalogueIcon,
    ownerId: z.string(),
    deliveryDays: z.int(),
    price: Price.nullable(),
    entitlementId: z.string().nullable(),
  }),
  quantity: z.int(),
  total: z.number(),
  answers: Variables,
  /** Number of the order, shared by the requests of one cart. */
  orderNumber: z.string(),
  deliveryNotes: z.string(),
  fulfilmentProcessId: z.string(),
  isConfirmed: z.boolean(),
})
export type RequestVariables = z.infer<typeof RequestVariables>

export const Vote = z.object({ approver: z.string(), decision: z.string().nullable(), comment: z.string().nullable() })

export const Total = z.object({ currency: z.string(), recurrence: Recurrence, amount: z.number() })
export type Total = z.infer<typeof Total>

export const CatalogueCard = z.object({
  id: z.string(),
  version: z.int(),
  name: z.string(),
  summary: z.string(),
  description: z.string(),
  category: z.string(),
  icon: CatalogueIcon,
  price: Price.nullable(),
  deliveryDays: z.int(),
  maxQuantity: z.int(),
  isForOthers: z.boolean(),
  hasForm: z.boolean(),
  /** Who will be asked, by subject of the round; those with a condition may fall away. */
  approvals: z.array(z.object({ subject: z.string(), isConditional: z.boolean() })),
})
export type CatalogueCard = z.infer<typeof CatalogueCard>

export const StageStep = z.object({
  stage: RequestStage,
  at: z.iso.datetime().nullable(),
  state: z.enum(['done', 'now', 'next', 'failed']),
})

export const RequestView = z.object({
  ticketId: z.string(),
  number: z.string(),
  title: z.string(),
  item: z.object({ id: z.string(), version: z.int(), name: z.string(), icon: CatalogueIcon }),
  quantity: z.int(),
  price: Price.nullable(),
  total: z.number(),
  orderNumber: z.string(),
  deliveryNotes: z.string(),
  stage: RequestStage,
  steps: z.array(StageStep),
  promisedAt: z.iso.datetime().nullable(),
  deliveredAt: z.iso.datetime().nullable(),
  answers: z.array(z.object({ key: z.string(), label: z.string(), value: Json })),
  approvals: z.array(
    z.object({
      subject: z.string(),
      approver: z.object({ id: z.string(), name: z.string() }),
      decision: z.enum(['waiting', 'approved', 'rejected', 'abstained', 'none']),
      comment: z.string().nullable(),
    }),
  ),
  fulfilment: z.object({ processId: z.string(), attempts: z.int(), lastProblem: z.string().nullable() }),
})
export type RequestView = z.infer<typeof RequestView>

export const OrderView = z.object({
  id: z.string(),
  number: z.string(),
  orderedAt: z.iso.datetime(),
  orderedBy: z.object({ id: z.string(), name: z.string() }),
  requester: z.object({ id: z.string(), name: z.string() }),
  notes: z.string(),
  totals: z.array(Total),
  requests: z.array(
    z.object({
      ticketId: z.string(),
      number: z.string(),
      title: z.string(),
      icon: CatalogueIcon,
      quantity: z.int(),
      stage: RequestStage,
      status: z.string(),
    }),
  ),
})
export type OrderView = z.infer<typeof OrderView>
