import { z } from 'zod'
import type { JobState, JobView } from '#schema/job'
import type { JobRow } from '../../activities/store/job/jobs.ts'
import type { Db } from '../deps.ts'
import { pageOf, readCursor, writeCursor } from './page.ts'

type Listed = Omit<JobRow, 'headers' | 'variables' | 'waitId' | 'attempt'> & { ticketNumber: string | null }

const stateOf = ({ state, worker, availableAt }: Pick<JobRow, 'state' | 'worker' | 'availableAt'>, now: number): JobState =>
  state !== 'open' ? (state as JobState) : worker !== null && availableAt.getTime() > now ? 'locked' : 'waiting'

export const jobView = (job: Listed, now: number): JobView => ({
  id: job.id,
  type: job.type,
  state: stateOf(job, now),
  instanceId: job.ticketId,
  ticketNumber: job.ticketNumber,
  processId: job.processId,
  elementId: job.elementId,
  retries: job.retries,
  worker: job.worker,
  availableAt: job.availableAt.toISOString(),
  message: job.message,
  createdAt: job.createdAt.toISOString(),
  endedAt: job.endedAt?.toISOString() ?? null,
})

const Cursor = z.tuple([z.string(), z.uuid()])

export async function listJobs(
  db: Db,
  { state, type, cursor, limit }: { state?: JobState | undefined; type?: string | undefined; cursor?: string | undefined; limit: number },
  now: number,
): Promise<{ items: JobView[]; nextCursor: string | null }> {
  let wanted = db
    .selectFrom('job')
    .leftJoin('ticket', 'ticket.id', 'job.ticketId')
    .select(['job.id', 'job.ticketId', 'job.type', 'job.state', 'job.worker', 'job.availableAt', 'job.processId', 'job.elementId'])
    .select(['job.retries', 'job.message', 'job.createdAt', 'job.endedAt', 'ticket.number as ticketNumber'])
    .orderBy('job.createdAt', 'desc')
    .orderBy('job.id', 'desc')
    .limit(limit + 1)
  if (type !== undefined) wanted = wanted.where('job.type', '=', type)
  if (state === 'waiting' || state === 'locked') {
    const at = new Date(now)
    wanted = wanted
      .where('job.state', '=', 'open')
      .where((eb) =>
        state === 'locked'
          ? eb.and([eb('job.worker', 'is not', null), eb('job.availableAt', '>', at)])
          : eb.or([eb('job.worker', 'is', null), eb('job.availableAt', '<=', at)]),
      )
  } else if (state !== undefined) wanted = wanted.where('job.state', '=', state)
  if (cursor !== undefined) {
    const [createdAt, id] = readCursor(cursor, Cursor)
    wanted = wanted.where((eb) => eb(eb.refTuple('job.createdAt', 'job.id'), '<', eb.tuple(new Date(createdAt), id)))
  }
  const rows = await wanted.execute()
  return pageOf(
    rows,
    limit,
    (row) => jobView(row, now),
    ({ createdAt, id }) => writeCursor(createdAt.toISOString(), id),
  )
}
