import type { Insertable, Selectable } from 'kysely'
import type { RecordedFact } from '#schema/fact'
import { type Database, instant, maybeInstant, type Trx } from '../database.ts'

type Row = Selectable<Database['task']>

/** One task after one more fact. Null: no such task yet. */
export function taskAfter(ticketId: string, row: Row | null, { fact, actorId }: RecordedFact): Row | null {
  const at = instant(fact.at)
  switch (fact.type) {
    case 'taskOpened':
      return {
        ticketId,
        waitId: fact.waitId,
        elementId: fact.elementId,
        name: fact.name,
        formId: fact.formId,
        state: 'open',
        assigneeId: fact.assignee,
        candidateGroups: fact.candidateGroups,
        candidateUsers: fact.candidateUsers,
        openedAt: at,
        dueAt: maybeInstant(fact.dueAt),
        endedAt: null,
        completedBy: null,
      }
    case 'taskAssigned':
      return row && { ...row, assigneeId: fact.to }
    case 'taskCompleted':
      return row && { ...row, state: 'completed', endedAt: at, completedBy: actorId }
    case 'taskCanceled':
      return row && { ...row, state: 'canceled', endedAt: at }
    default:
      return row
  }
}

/** Open tasks follow their element into another version of the process. */
async function projectMigrations(trx: Trx, ticketId: string, facts: readonly RecordedFact[]): Promise<void> {
  for (const { fact } of facts) {
    if (fact.type !== 'instanceMigrated') continue
    for (const { waitId, ...task } of fact.tasks ?? [])
      await trx
        .updateTable('task')
        .set(task)
        .where('ticketId', '=', ticketId)
        .where('waitId', '=', waitId)
        .where('state', '=', 'open')
        .execute()
  }
}

const taskTypes = new Set(['taskOpened', 'taskAssigned', 'taskCompleted', 'taskCanceled'])
const waitOf = ({ fact }: RecordedFact): string => (fact as { waitId: string }).waitId

export async function projectTasks(trx: Trx, ticketId: string, facts: readonly RecordedFact[]): Promise<void> {
  await projectTaskFacts(trx, ticketId, facts)
  await projectMigrations(trx, ticketId, facts)
}

async function projectTaskFacts(trx: Trx, ticketId: string, facts: readonly RecordedFact[]): Promise<void> {
  const relevant = facts.filter(({ fact }) => taskTypes.has(fact.type))
  if (relevant.length === 0) return
  const opened = new Set(relevant.filter(({ fact }) => fact.type === 'taskOpened').map(waitOf))
  const known = [...new Set(relevant.map(waitOf))].filter((waitId) => !opened.has(waitId))
  const rows = new Map<string, Row>()
  if (known.length > 0) {
    for (const row of await trx.selectFrom('task').selectAll().where('ticketId', '=', ticketId).where('waitId', 'in', known).execute())
      rows.set(row.waitId, row)
  }
  for (const recorded of relevant) {
    const after = taskAfter(ticketId, rows.get(waitOf(recorded)) ?? null, recorded)
    if (after) rows.set(after.waitId, after)
  }
  if (rows.size === 0) return
  await trx
    .insertInto('task')
    .values([...rows.values()] as Insertable<Database['task']>[])
    .onConflict((on) =>
      on.columns(['ticketId', 'waitId']).doUpdateSet((eb) => ({
        state: eb.ref('excluded.state'),
        assigneeId: eb.ref('excluded.assigneeId'),
        endedAt: eb.ref('excluded.endedAt'),
        completedBy: eb.ref('excluded.completedBy'),
      })),
    )
    .execute()
}
