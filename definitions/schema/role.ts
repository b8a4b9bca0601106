import { z } from 'zod'
import { Standing } from './approval.ts'

/** What a signed-in person may be; a person holds any number of them. `worker`: a program that does the jobs of service tasks. */
export const Role = z.enum(['requester', 'agent', 'processOwner', 'auditor', 'administrator', 'worker'])
export type Role = z.infer<typeof Role>

/** Who acts: resolved from a session or an API key at the edge, then passed as data. `groups` are group ids. */
export const Actor = z.object({
  id: z.string(),
  name: z.string(),
  roles: z.array(Role),
  groups: z.array(z.string()),
  /** In whose place he may decide approvals now. */
  actsFor: z.array(Standing).optional(),
})
export type Actor = z.infer<typeof Actor>

/** The desk itself: timers, automatic routing, imports. */
export const systemActor: Actor = { id: 'system', name: 'Guichet', roles: [], groups: [] }
