import { z } from 'zod'
import { Level } from './ticket.ts'

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

/** A rule as a person writes it: one without an id is new; `version` is the one that was edited. */
export const RecurrenceRuleDraft = RecurrenceRule.partial({ id: true }).extend({ version: z.int().min(1).optional() })
export const RecurrenceRuleView = RecurrenceRule.extend({ version: z.int(), openProposals: z.int() })
export type RecurrenceRuleView = z.infer<typeof RecurrenceRuleView>

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

/** What a rule would have proposed in the past, had each proposal been accepted at once. */
export const RehearsalView = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** Incidents that were looked at. */
  considered: z.int(),
  /** In all; the youngest are listed. */
  total: z.int(),
  proposals: z.array(z.object({ at: z.iso.datetime(), value: z.string(), label: z.string(), incidents: z.array(Ticket) })),
})
export type RehearsalView = z.infer<typeof RehearsalView>

/** What a problem begins with, raised from an incident or from a major incident's review. */
export const ProblemDraft = z.object({
  title: z.string(),
  description: z.string(),
  impact: Level,
  urgency: Level,
  category: z.string().nullable(),
  service: z.string().nullable(),
  incidents: z.array(Ticket),
})
export type ProblemDraft = z.infer<typeof ProblemDraft>
