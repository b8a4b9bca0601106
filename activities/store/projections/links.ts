import type { RecordedFact } from '#schema/fact'
import { instant, type Trx } from '../database.ts'

/** Links and watchers as the stream tells them. A link's row is mostly there already: the decision wrote it (ADR 0011). */
export async function projectLinks(trx: Trx, ticketId: string, facts: readonly RecordedFact[]): Promise<void> {
  for (const { fact, actorId } of facts) {
    const at = instant(fact.at)
    switch (fact.type) {
      case 'ticketLinked': {
        const { linkId: id, kind, direction, otherId, reason } = fact
        const [fromId, toId] = direction === 'out' ? [ticketId, otherId] : [otherId, ticketId]
        await trx
          .insertInto('ticketLink')
          .values({ id, kind, fromId, toId, reason, createdAt: at, createdBy: actorId })
          .onConflict((on) => on.column('id').doNothing())
          .execute()
        break
      }
      case 'ticketUnlinked':
        await trx
          .updateTable('ticketLink')
          .set({ unlinkedAt: at, unlinkedBy: actorId, unlinkReason: fact.reason })
          .where('id', '=', fact.linkId)
          .where('unlinkedAt', 'is', null)
          .execute()
        break
      case 'watcherAdded':
        await trx
          .insertInto('ticketWatcher')
          .values({ ticketId, address: fact.address, personId: fact.personId, reason: fact.reason, addedAt: at, addedBy: actorId })
          .onConflict((on) => on.columns(['ticketId', 'address']).doNothing())
          .execute()
        break
      case 'watcherRemoved':
        await trx.deleteFrom('ticketWatcher').where('ticketId', '=', ticketId).where('address', '=', fact.address).execute()
        break
    }
  }
}
