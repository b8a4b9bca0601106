import { sql } from 'kysely'
import type { FactOf, RecordedFact } from '#schema/fact'
import { instant, json, maybeInstant, type Trx } from '../database.ts'

/** The evidence of a ticket's approvals: who was asked, since when, what came of it. A row for each task that carries `guichet:approval`. */
export async function projectApprovals(trx: Trx, ticketId: string, facts: readonly RecordedFact[]): Promise<void> {
  for (const { fact } of facts) {
    if (fact.type === 'taskOpened' && fact.attributes?.approval !== undefined) await open(trx, ticketId, fact, fact.attributes.approval)
    else if (fact.type === 'taskAssigned') await assign(trx, ticketId, fact)
    else if (fact.type === 'approvalReassigned') await move(trx, ticketId, fact)
    else if (fact.type === 'approvalDecided') await decide(trx, ticketId, fact)
    else if (fact.type === 'taskCanceled') await withdraw(trx, ticketId, fact)
    else if (fact.type === 'instanceMigrated') await migrate(trx, ticketId, fact)
  }
}

async function open(trx: Trx, ticketId: string, fact: FactOf<'taskOpened'>, subject: string): Promise<void> {
  const { waitId, elementId, name, assignee, candidateGroups, candidateUsers, dueAt, at } = fact
  await trx
    .insertInto('approval')
    .values({
      ticketId,
      waitId,
      elementId,
      name,
      subject,
      approverId: assignee,
      candidateGroups,
      candidateUsers,
      openedAt: instant(at),
      dueAt: maybeInstant(dueAt),
      state: 'pending',
    })
    .onConflict((on) => on.columns(['ticketId', 'waitId']).doNothing())
    .execute()
}

const pending = (trx: Trx, ticketId: string, waitId: string) =>
  trx.updateTable('approval').where('ticketId', '=', ticketId).where('waitId', '=', waitId).where('state', '=', 'pending')

const assign = (trx: Trx, ticketId: string, { waitId, to }: FactOf<'taskAssigned'>) =>
  pending(trx, ticketId, waitId).set({ approverId: to }).execute()

async function move(trx: Trx, ticketId: string, fact: FactOf<'approvalReassigned'>): Promise<void> {
  const { waitId, from, to, reason, at } = fact
  await pending(trx, ticketId, waitId)
    .set({ moves: sql`moves || ${json([{ from, to, reason, at }])}::jsonb` })
    .execute()
}

async function decide(trx: Trx, ticketId: string, fact: FactOf<'approvalDecided'>): Promise<void> {
  const { waitId, decision, decidedById, approverId, delegationId, comment, via, at } = fact
  await pending(trx, ticketId, waitId)
    .set({ state: decision, decidedById, decidedForId: approverId, delegationId, comment, via, endedAt: instant(at) })
    .execute()
}

/** Nobody asks any more: enough votes are there, the deadline has passed, or the ticket went another way. */
const withdraw = (trx: Trx, ticketId: string, { waitId, at }: FactOf<'taskCanceled'>) =>
  pending(trx, ticketId, waitId)
    .set({ state: 'withdrawn', endedAt: instant(at) })
    .execute()

/** Open approvals follow their element into another version of the process. */
async function migrate(trx: Trx, ticketId: string, { tasks = [], at }: FactOf<'instanceMigrated'>): Promise<void> {
  for (const { waitId, elementId, name, candidateGroups, candidateUsers, attributes } of tasks) {
    const subject = attributes?.approval
    const change =
      subject === undefined ? { state: 'withdrawn', endedAt: instant(at) } : { elementId, name, candidateGroups, candidateUsers, subject }
    await pending(trx, ticketId, waitId).set(change).execute()
  }
}
