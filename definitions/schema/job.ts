import { z } from 'zod'
import { Variables } from './json.ts'

/**
 * A job is one service, send, script or business rule task whose type the desk does not do itself (`taskIds`): it is offered to the
 * customer's own workers, who fetch it under a lock and complete it (the external task pattern).
 */
export const JobState = z.enum(['waiting', 'locked', 'completed', 'failed', 'canceled'])
export type JobState = z.infer<typeof JobState>

export const JobView = z.object({
  id: z.uuid(),
  type: z.string().describe('`zeebe:taskDefinition type`'),
  state: JobState,
  instanceId: z.uuid().describe('Of the process instance; a ticket’s id where it has one'),
  ticketNumber: z.string().nullable(),
  processId: z.string(),
  elementId: z.string(),
  retries: z.int().describe('Attempts left'),
  worker: z.string().nullable().describe('Who fetched it last'),
  availableAt: z.iso.datetime().describe('Locked or backing off until then'),
  message: z.string().nullable().describe('Why the last attempt failed'),
  createdAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
})
export type JobView = z.infer<typeof JobView>

/** What a worker gets with the lock. */
export const FetchedJob = JobView.extend({
  headers: z.record(z.string(), z.string()).describe('`zeebe:taskHeaders`'),
  variables: Variables.describe('The task’s input mappings; without any, all variables that it sees'),
})
export type FetchedJob = z.infer<typeof FetchedJob>

/** Longest lock, ms: a job that takes longer extends it. */
export const longestLockMs = 24 * 60 * 60 * 1_000
