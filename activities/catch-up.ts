/** What to do about workflow tasks that were lost between their flush and their answer to Temporal, when nobody is left to repeat what led to them. */
import { type Client, WorkflowNotFoundError } from '@temporalio/client'
import { sql } from 'kysely'
import { type CatchUp, catchUpSignal } from '../workflows/protocol.ts'
import type { Db } from './store/database.ts'

/** A task is lost within its ten seconds; what was stored longer before the very last fact has been answered. */
const windowSeconds = 60
const instanceLimit = 500

/**
 * Tells the instances that stored something just before everything stopped how far their stream reaches. Those that know already do nothing.
 * Called before a worker polls, so that the word is there before anything else is.
 * @returns how many were told.
 */
export async function tellToCatchUp(db: Db, client: Client): Promise<number> {
  const streams = await db
    .selectFrom('stimulus')
    .innerJoin('streamHead', 'streamHead.streamId', 'stimulus.streamId')
    .where('stimulus.recordedAt', '>', sql<Date>`(select max(recorded_at) from stimulus) - make_interval(secs => ${windowSeconds})`)
    .select(['stimulus.streamId', 'streamHead.sequence'])
    .distinct()
    .limit(instanceLimit)
    .execute()
  const told = await Promise.all(
    streams.map(async ({ streamId, sequence }) => {
      try {
        await client.workflow.getHandle(streamId).signal<[CatchUp]>(catchUpSignal, { sequence })
        return true
      } catch (error) {
        // It has ended, and so knows of all its facts; or it is still to be started.
        if (error instanceof WorkflowNotFoundError) return false
        throw error
      }
    }),
  )
  return told.filter(Boolean).length
}
