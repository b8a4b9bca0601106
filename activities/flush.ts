import type { RawValue } from '@temporalio/common'
import { sql } from 'kysely'
import type { Fact } from '#schema/fact'
import type { FlushConflict, FlushInput } from '../workflows/protocol.ts'
import { claim } from '../workflows/runtime/payload.ts'
import { type Db, json, type Trx } from './store/database.ts'
import { appendFacts, FactConflict } from './store/facts.ts'
import { tellCoverage } from './store/record/coverage.ts'

export interface FlushActivities {
  flush(input: FlushInput): Promise<FlushConflict | undefined>
  /** What `hash` names, by claim check. */
  loadBundle(hash: string): Promise<RawValue>
}

/**
 * The one activity of an interaction: facts, projections and what led to them in one transaction. Idempotent on (stream, sequence), so that
 * a repetition after a crash adds nothing. Where the stream holds other facts under these numbers, a workflow task was lost after its
 * flush: nothing is written then, and the answer is what led to those, for the workflow to tell again.
 */
export function createFlush(db: Db): FlushActivities {
  return {
    async loadBundle(hash) {
      return claim(hash)
    },
    async flush(input) {
      try {
        await db.transaction().execute((trx) => store(trx, input))
        return undefined
      } catch (error) {
        if (!(error instanceof FactConflict)) throw error
        const rows = await db
          .selectFrom('stimulus')
          .select('stimuli')
          .where('streamId', '=', input.streamId)
          .where('fromSequence', '>=', input.fromSequence)
          .orderBy('fromSequence')
          .execute()
        if (rows.length === 0) throw error
        return { recorded: rows.flatMap(({ stimuli }) => stimuli as unknown[]) }
      }
    },
  }
}

/** How many facts back a workflow task can be lost at most. */
const keptFacts = 1_000

async function store(trx: Trx, { streamId, fromSequence, facts, snapshot, stimuli }: FlushInput): Promise<void> {
  const isExact = stimuli !== undefined
  const { inserted } = await appendFacts(trx, streamId, fromSequence, facts as { actorId: string; fact: Fact }[], { snapshot, isExact })
  // The desk knows the item, the register the contract behind it.
  for (const { sequence, fact } of inserted)
    if (fact.type === 'ticketChanged' && fact.field === 'ciId')
      await tellCoverage(trx, streamId, fact.to as string | null, `${streamId}/${sequence}`, Date.now())
  const first = inserted[0]?.sequence
  if (first === undefined || stimuli === undefined) return
  await trx
    .insertInto('stimulus')
    .values({ streamId, fromSequence: first, stimuli: json(stimuli) })
    .execute()
  if (first > keptFacts) await sql`delete from stimulus where stream_id = ${streamId} and from_sequence < ${first - keptFacts}`.execute(trx)
}
