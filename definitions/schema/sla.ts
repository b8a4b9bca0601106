import { z } from 'zod'
import { Json } from './json.ts'
import { TicketStatus } from './ticket.ts'

/** `span`: from one step of the diagram to another. */
export const Metric = z.enum(['firstResponse', 'update', 'workaround', 'resolution', 'span'])
export type Metric = z.infer<typeof Metric>

/** sla: to the customer. ola: between groups of the desk. uc: of a supplier, by contract. */
export const PolicyKind = z.enum(['sla', 'ola', 'uc'])
export type PolicyKind = z.infer<typeof PolicyKind>

const Bilingual = z.object({ fr: z.string(), en: z.string() })

/** A ticket field, or another root variable of the process, has a value; one of `in`; none of `notIn`. */
export const FieldCondition = z.object({ name: z.string(), in: z.array(Json).optional(), notIn: z.array(Json).optional() })
export type FieldCondition = z.infer<typeof FieldCondition>

/** A condition on what just happened: any of its parts that is present and true makes it true. */
export const ClockCondition = z.object({
  /** The ticket enters one of these statuses (as `pause`: is in one of them). */
  statuses: z.array(TicketStatus).optional(),
  /** A fact of this type is recorded. */
  facts: z.array(z.string()).optional(),
  /** This element of the diagram is entered / left. */
  elementEntered: z.string().optional(),
  elementLeft: z.string().optional(),
  /** A public message by an agent, or one by the requester, is added. */
  messageFrom: z.enum(['agent', 'requester']).optional(),
  /** The field takes such a value (as `pause`: has one). */
  field: FieldCondition.optional(),
  /** All that only while this field has such a value. */
  given: FieldCondition.optional(),
})
export type ClockCondition = z.infer<typeof ClockCondition>

export const PauseOwner = z.enum(['requester', 'supplier', 'thirdParty', 'desk'])
export type PauseOwner = z.infer<typeof PauseOwner>

/** A reason for which a clock stands still, whose doing that is, and how long at most; after that the clock runs on. */
export const PauseRule = z.object({
  id: z.string(),
  name: Bilingual.optional(),
  /** A state: statuses, an element that holds a token, a field. */
  when: ClockCondition,
  owner: PauseOwner,
  /** Business minutes of one pause. */
  maxMinutes: z.number().positive().optional(),
  /** Business minutes of all pauses of this reason together. */
  maxTotalMinutes: z.number().positive().optional(),
})
export type PauseRule = z.infer<typeof PauseRule>

/** Which calendar a clock takes when it starts; `calendarId` where the choice names none that is deployed. */
export const CalendarChoice = z.discriminatedUnion('by', [
  /** By the group that has the ticket: as listed here, or, without a list, each group's own opening hours in the register. */
  z.object({ by: z.literal('group'), calendars: z.record(z.string(), z.string()).optional() }),
  /** A decision's output names it. */
  z.object({ by: z.literal('decision'), decisionId: z.string(), output: z.string() }),
  /** A root variable names it: the requester's site, the customer's contract. */
  z.object({ by: z.literal('variable'), name: z.string() }),
])
export type CalendarChoice = z.infer<typeof CalendarChoice>

export const ClockPolicy = z.object({
  id: z.string(),
  metric: Metric,
  /** How the clock is called where the metric does not say it. */
  name: Bilingual.optional(),
  calendarId: z.string(),
  calendar: CalendarChoice.optional(),
  /** group: one clock for each time a group has the ticket, from when it gets it until it hands it on; `start` and `repeats` are then of no use. */
  per: z.enum(['ticket', 'group']).optional(),
  /** per group: only these. */
  groups: z.array(z.string()).optional(),
  start: ClockCondition.default({}),
  /** Start anew, with a result for each run, whenever `start` comes true again after the end. */
  repeats: z.boolean().optional(),
  /** The time before the start counts too, pauses left out: since the opening, or since this was last true. */
  countFrom: z.union([z.literal('opening'), ClockCondition]).optional(),
  stop: ClockCondition,
  /** One reason to pause without owner and cap. */
  pause: ClockCondition.optional(),
  pauses: z.array(PauseRule).optional(),
  /** Business minutes of all pauses together; after that the clock runs on. */
  maxPauseMinutes: z.number().positive().optional(),
  cancel: ClockCondition.optional(),
  /** Starts the clock anew, the run so far without a result, e.g. a reopening. */
  reset: ClockCondition.optional(),
  /** Ends the run with its result and starts the next, e.g. each message of a recurring update. */
  renew: ClockCondition.optional(),
  /** DMN decision whose `output` is the target in business minutes; null output: no clock. */
  target: z.object({ decisionId: z.string(), output: z.string() }),
  /** Percent of the target; raises the BPMN escalation `escalationCode` in the root scope. 100 is the breach. */
  thresholds: z.array(z.object({ percent: z.number().positive(), escalationCode: z.string() })),
})
export type ClockPolicy = z.infer<typeof ClockPolicy>

/** A service level policy: the clocks that run on a ticket. Targets come from a decision table, in business minutes. */
export const SlaPolicy = z.object({
  id: z.string(),
  version: z.int().min(1),
  kind: PolicyKind.default('sla'),
  name: Bilingual,
  /** uc: whose contract it is. */
  supplierId: z.string().optional(),
  contractId: z.string().optional(),
  clocks: z.array(ClockPolicy),
})
export type SlaPolicy = z.infer<typeof SlaPolicy>
