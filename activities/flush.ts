import type { Fact } from '#schema/fact'
import type { FlushInput } from '../workflows/protocol.ts'
import type { Db } from './store/database.ts'
import { appendFacts } from './store/facts.ts'

/**
 * The one activity of an interaction: facts and projections in one transaction. Idempotent on (stream, sequence), so that
 * a repetition after a crash adds nothing.
 */
export function createFlush(db: Db): { flush(input: FlushInput): Promise<void> } {
  return {
    async flush({ streamId, fromSequence, facts, snapshot }) {
      await appendFacts(db, streamId, fromSequence, facts as { actorId: string; fact: Fact }[], { snapshot })
    },
  }
}
