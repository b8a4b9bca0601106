/** The customer's own workers: they fetch jobs of a type under a lock, and complete them, give them back or raise a BPMN error. */
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { FetchedJob, JobState, JobView, longestLockMs } from '#schema/job'
import { Variables } from '#schema/json'
import { closeStaleJob, fetchJobs, getJob, holdJob, type JobRow, openJobTypes } from '../../activities/store/job/jobs.ts'
import type { Command, Updates } from '../../workflows/protocol.ts'
import type { Db } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import { jobView, listJobs } from '../read/jobs.ts'
import { PageQuery } from '../read/page.ts'
import { type Call, defineRoute, type Route } from '../route.ts'

const workers = ['worker', 'administrator'] as const
const longestWaitMs = 30_000
const lookEveryMs = 500
const longestBackoffMs = 7 * 24 * 60 * 60 * 1_000

const JobParams = z.object({ id: z.uuid() })
const Worker = z.string().trim().min(1).max(100).describe('Name of the worker that holds the lock')
const problems = { 404: ['jobNotFound'], 409: ['jobEnded', 'jobNotHeld'] }

/** @throws {ApiProblem} 404 when there is none, or 409 when it has ended or another worker holds it */
function held(job: JobRow | undefined, id: string, worker: string): JobRow {
  if (!job) throw new ApiProblem(404, 'jobNotFound', { params: { id } })
  if (job.state !== 'open') throw new ApiProblem(409, 'jobEnded', { params: { state: job.state } })
  if (job.worker !== worker) throw new ApiProblem(409, 'jobNotHeld', { params: { worker } })
  return job
}
const heldJob = async (db: Db, id: string, worker: string): Promise<JobRow> => held(await getJob(db, id), id, worker)

type EndName = 'completeJob' | 'failJob'

/** Tells the instance. The key is the attempt's: the same end twice is one. */
async function end<N extends EndName>(
  call: Pick<Call<unknown, unknown, unknown>, 'deps' | 'caller'>,
  job: JobRow,
  name: N,
  payload: Updates[N],
) {
  const command: Command<Updates[N]> = { actor: call.caller.actor, key: `job/${job.id}/${job.attempt}/${name}`, payload }
  try {
    await call.deps.commander.execute(job.ticketId, name, command)
  } catch (error) {
    const isOver = error instanceof ApiProblem && ['unknownWait', 'instanceEnded'].includes(error.code)
    if (!isOver) throw error
    await closeStaleJob(call.deps.db, job.id, call.deps.clock())
    throw new ApiProblem(409, 'jobEnded', { params: { state: 'canceled' }, cause: error })
  }
}

const Fetch = z.strictObject({
  type: z.string().min(1).max(200).describe('`zeebe:taskDefinition type` of the service task'),
  worker: Worker,
  most: z.int().min(1).max(100).default(1).describe('Jobs at the most'),
  lockMs: z.int().min(1_000).max(longestLockMs).default(60_000).describe('Until then nobody else gets them, ms'),
  waitMs: z.int().min(0).max(longestWaitMs).default(0).describe('How long to wait for a first job before answering with none, ms'),
})

async function fetchWaiting(call: Call<undefined, undefined, typeof Fetch>): Promise<JobRow[]> {
  const { deps, body, c } = call
  const { waitMs, ...fetch } = body
  const { signal } = c.req.raw
  // real time: a desk in compressed time still answers its callers in theirs
  for (const until = Date.now() + waitMs; ; ) {
    const jobs = await fetchJobs(deps.db, fetch, deps.clock())
    if (jobs.length > 0 || Date.now() >= until || signal.aborted) return jobs
    await pause(lookEveryMs)
  }
}

const TypeView = z.object({ type: z.string(), waiting: z.int(), locked: z.int(), oldestAt: z.iso.datetime() })

export const jobRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/jobs',
    access: ['administrator', 'processOwner'],
    tag: 'Jobs',
    summary: 'Jobs of the customer’s own workers, newest first',
    query: PageQuery.extend({ state: JobState.optional(), type: z.string().max(200).optional() }),
    response: z.object({ items: z.array(JobView), nextCursor: z.string().nullable() }),
    problems: { 422: ['invalidCursor'] },
    handle: ({ deps, query }) => listJobs(deps.db, query, deps.clock()),
  }),
  defineRoute({
    method: 'get',
    path: '/jobs/types',
    access: ['administrator', 'processOwner'],
    tag: 'Jobs',
    summary: 'What waits for workers, by type',
    response: z.object({ items: z.array(TypeView) }),
    handle: async ({ deps }) => ({
      items: (await openJobTypes(deps.db, deps.clock())).map(({ type, waiting, locked, oldestAt }) => ({
        type,
        waiting: Number(waiting),
        locked: Number(locked),
        oldestAt: oldestAt.toISOString(),
      })),
    }),
  }),
  defineRoute({
    method: 'post',
    path: '/jobs/fetch',
    access: workers,
    tag: 'Jobs',
    summary: 'Fetch jobs of a type, and lock them',
    description:
      'Service, send, script and business rule tasks whose type the desk does not do itself wait here. A lock that runs out gives the job to the next who asks.',
    body: Fetch,
    status: 200,
    response: z.object({ items: z.array(FetchedJob) }),
    handle: async (call) => {
      const now = call.deps.clock()
      const rows = await fetchWaiting(call)
      return {
        items: rows.map((row) => ({ ...jobView({ ...row, ticketNumber: null }, now), headers: row.headers, variables: row.variables })),
      }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/jobs/{id}/complete',
    access: workers,
    tag: 'Jobs',
    summary: 'Complete a job: the process goes on',
    params: JobParams,
    body: z.strictObject({ worker: Worker, variables: Variables.default({}) }),
    status: 204,
    problems,
    handle: async (call) => {
      const { deps, params, body } = call
      const known = await getJob(deps.db, params.id)
      if (known?.state === 'completed' && known.worker === body.worker) return
      const job = held(known, params.id, body.worker)
      await end(call, job, 'completeJob', { waitId: job.waitId, variables: body.variables })
    },
  }),
  defineRoute({
    method: 'post',
    path: '/jobs/{id}/fail',
    access: workers,
    tag: 'Jobs',
    summary: 'Give a job back: another attempt later, or a stall when none is left',
    params: JobParams,
    body: z.strictObject({
      worker: Worker,
      message: z.string().trim().min(1).max(2_000).describe('Why; shown to those who mend it'),
      retries: z.int().min(0).max(1_000).optional().describe('Attempts left; absent: one less than before'),
      backoffMs: z.int().min(0).max(longestBackoffMs).default(0).describe('Wait before the next attempt, ms'),
    }),
    status: 200,
    response: z.object({ retries: z.int().describe('0: the task is stalled') }),
    problems,
    handle: async (call) => {
      const { deps, params, body } = call
      const { worker, message } = body
      const job = await heldJob(deps.db, params.id, worker)
      const retries = body.retries ?? job.retries - 1
      if (retries <= 0) {
        await holdJob(deps.db, job as { id: string; worker: string }, { availableAt: job.availableAt.getTime(), retries: 0, message })
        await end(call, job, 'failJob', { waitId: job.waitId, message })
        return { retries: 0 }
      }
      const change = { availableAt: deps.clock() + body.backoffMs, retries, message, isGivenBack: true }
      if (!(await holdJob(deps.db, { id: job.id, worker }, change))) throw new ApiProblem(409, 'jobNotHeld', { params: { worker } })
      return { retries }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/jobs/{id}/error',
    access: workers,
    tag: 'Jobs',
    summary: 'Raise a BPMN error for the diagram to catch',
    params: JobParams,
    body: z.strictObject({
      worker: Worker,
      errorCode: z.string().trim().min(1).max(200),
      message: z.string().trim().max(2_000).default(''),
      variables: Variables.default({}),
    }),
    status: 204,
    problems,
    handle: async (call) => {
      const { worker, ...error } = call.body
      const job = await heldJob(call.deps.db, call.params.id, worker)
      await end(call, job, 'failJob', { waitId: job.waitId, ...error })
    },
  }),
  defineRoute({
    method: 'post',
    path: '/jobs/{id}/extend',
    access: workers,
    tag: 'Jobs',
    summary: 'Hold a job longer',
    params: JobParams,
    body: z.strictObject({ worker: Worker, lockMs: z.int().min(1_000).max(longestLockMs).describe('From now, ms') }),
    status: 200,
    response: z.object({ lockedUntil: z.iso.datetime() }),
    problems,
    handle: async ({ deps, params, body }) => {
      const { id } = await heldJob(deps.db, params.id, body.worker)
      const availableAt = deps.clock() + body.lockMs
      if (!(await holdJob(deps.db, { id, worker: body.worker }, { availableAt })))
        throw new ApiProblem(409, 'jobNotHeld', { params: { worker: body.worker } })
      return { lockedUntil: new Date(availableAt).toISOString() }
    },
  }),
]
