import { z } from 'zod'

/** What incidents have in common. */
export const RecurrenceField = z.enum(['ciId', 'category', 'service'])
export type RecurrenceField = z.infer<typeof RecurrenceField>

/** `least` incidents with the same value of `field` within `days` days propose a problem. */
export const RecurrenceRule = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{1,60}$/),
  name: z.strictObject({ fr: z.string().trim().min(1).max(120), en: z.string().trim().min(1).max(120) }),
  field: RecurrenceField,
  least: z.int().min(2).max(1_000),
  days: z.int().min(1).max(366),
  isActive: z.boolean(),
})
export type RecurrenceRule = z.infer<typeof RecurrenceRule>

const Ticket = z.object({ id: z.string(), number: z.string(), title: z.string(), status: z.string(), openedAt: z.string() })
export const ProposalView = z.object({
  id: z.string(),
  rule: RecurrenceRule.pick({ id: true, name: true, field: true, least: true, days: true }),
  value: z.string(),
  /** What the value is called: the configuration item's name. */
  label: z.string(),
  count: z.int(),
  incidents: z.array(Ticket),
  firstAt: z.string(),
  lastAt: z.string(),
  state: z.enum(['open', 'accepted', 'dismissed']),
  problem: Ticket.nullable(),
  decidedBy: z.object({ id: z.string(), name: z.string() }).nullable(),
  decidedAt: z.string().nullable(),
  reason: z.string(),
})
export type ProposalView = z.infer<typeof ProposalView>
