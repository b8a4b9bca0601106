import { z } from 'zod'
import { TicketStatus } from './ticket.ts'

export const Metric = z.enum(['firstResponse', 'update', 'workaround', 'resolution'])
export type Metric = z.infer<typeof Metric>

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
})
export type ClockCondition = z.infer<typeof ClockCondition>

/** A service level policy: the clocks that run on a ticket. Targets come from a decision table, in business minutes. */
export const SlaPolicy = z.object({
  id: z.string(),
  version: z.int().min(1),
  kind: z.enum(['sla', 'ola', 'uc']).default('sla'),
  name: z.object({ fr: z.string(), en: z.string() }),
  clocks: z.array(
    z.object({
      id: z.string(),
      metric: Metric,
      calendarId: z.string(),
      start: ClockCondition,
      stop: ClockCondition,
      pause: ClockCondition.optional(),
      cancel: ClockCondition.optional(),
      /** Starts the clock anew when it is true, e.g. a reopening. */
      reset: ClockCondition.optional(),
      /** DMN decision whose `output` is the target in business minutes; null output: no clock. */
      target: z.object({ decisionId: z.string(), output: z.string() }),
      /** Percent of the target; raises the BPMN escalation `escalationCode` in the root scope. 100 is the breach. */
      thresholds: z.array(z.object({ percent: z.number().positive(), escalationCode: z.string() })),
    }),
  ),
})
export type SlaPolicy = z.infer<typeof SlaPolicy>
