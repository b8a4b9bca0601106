/** Jobs that wait for the customer's own workers: offered, fetched under a lock, given back. Their end is told by facts (projections/jobs.ts). */
import { randomUUID } from 'node:crypto'
import { type Selectable, sql } from 'kysely'
import type { TaskCall } from '../../../workflows/protocol.ts'
import { type Database, type Db, instant, json } from '../database.ts'

export type JobRow = Selectable<Database['job']>

/**
 * Makes the job visible to workers. Repeated under the same attempt it changes nothing; a later attempt at the same wait (after a stall)
 * opens it again. What the diagram no longer waits for is not offered.
 */
export async function offerJob(db: Db, call: TaskCall, at: number): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const instance = await trx
      .selectFrom('instance')
      .select(['processId', 'active'])
      .where('ticketId', '=', call.ticketId)
      .forShare()
      .executeTakeFirst()
    const active = (instance?.active ?? []) as unknown as { key: string }[]
    if (!instance || !active.some(({ key }) => key === call.waitId)) return
    const row = {
      attempt: call.attempt ?? 1,
      type: call.jobType,
      elementId: call.elementId,
      headers: json(call.headers),
      variables: json(call.input),
      retries: Math.max(1, call.retries ?? 1),
      availableAt: instant(at),
    }
    await trx
      .insertInto('job')
      .values({
        id: randomUUID(),
        ticketId: call.ticketId,
        waitId: call.waitId,
        processId: instance.processId,
        createdAt: instant(at),
        ...row,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['ticketId', 'waitId'])
          .doUpdateSet({ ...row, state: 'open', worker: null, message: null, endedAt: null })
          .where('job.attempt', '<', row.attempt),
      )
      .execute()
  })
}

export interface Fetch {
  type: string
  worker: string
  most: number
  lockMs: number
}

/** Locks the oldest available jobs of a type for one worker. Workers that fetch at once get different ones. */
export async function fetchJobs(db: Db, { type, worker, most, lockMs }: Fetch, at: number): Promise<JobRow[]> {
  const rows = await db
    .updateTable('job')
    .set({ worker, availableAt: instant(at + lockMs) })
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('job')
        .select('id')
        .where('state', '=', 'open')
        .where('type', '=', type)
        .where('availableAt', '<=', instant(at))
        .orderBy('createdAt')
        .orderBy('id')
        .limit(most)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute()
  return rows.sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
}

/** Moves the end of the lock, or gives the job back until then. False: this worker does not hold the job (any more). */
export async function holdJob(
  db: Db,
  held: { id: string; worker: string },
  change: { availableAt: number; retries?: number; message?: string; isGivenBack?: boolean },
): Promise<boolean> {
  const { availableAt, retries, message, isGivenBack } = change
  const row = await db
    .updateTable('job')
    .set({
      availableAt: instant(availableAt),
      ...(retries === undefined ? {} : { retries }),
      ...(message === undefined ? {} : { message }),
      ...(isGivenBack ? { worker: null } : {}),
    })
    .where('id', '=', held.id)
    .where('state', '=', 'open')
    .where('worker', '=', held.worker)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export const getJob = (db: Db, id: string): Promise<JobRow | undefined> =>
  db.selectFrom('job').selectAll().where('id', '=', id).executeTakeFirst()

/** The instance does not wait for it: an offer that crossed with the end of its wait. */
export async function closeStaleJob(db: Db, id: string, at: number): Promise<void> {
  await db
    .updateTable('job')
    .set({ state: 'canceled', endedAt: instant(at) })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .execute()
}

/** Open jobs by type: what waits, and since when. For who looks after the workers. */
export const openJobTypes = (db: Db, at: number): Promise<{ type: string; waiting: number; locked: number; oldestAt: Date }[]> =>
  db
    .selectFrom('job')
    .select((eb) => [
      'type',
      eb.fn.countAll<number>().filterWhere('availableAt', '<=', instant(at)).as('waiting'),
      eb.fn.countAll<number>().filterWhere('availableAt', '>', instant(at)).as('locked'),
      sql<Date>`min(created_at)`.as('oldestAt'),
    ])
    .where('state', '=', 'open')
    .groupBy('type')
    .orderBy('type')
    .execute()
