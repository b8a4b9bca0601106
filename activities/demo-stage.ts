/** What drives the live demonstration: updates and tasks, waited for until the diagram is ready for them. */
import { randomUUID } from 'node:crypto'
import type { Client } from '@temporalio/client'
import { type Actor, systemActor } from '#schema/role'
import type { UpdateName, Updates } from '../workflows/protocol.ts'
import type { Db } from './store/database.ts'
import { actorOf, getPerson } from './store/record/people.ts'

/** How long a step may wait for the diagram to be ready for it. */
const patienceMs = 20_000
const retryMs = 150

export interface Stage {
  db: Db
  client: Client
  actors: Map<string, Actor>
}

export async function actor({ db, actors }: Stage, id: string): Promise<Actor> {
  const known = actors.get(id)
  if (known) return known
  const person = await getPerson(db, id)
  const found = person ? actorOf(person) : { ...systemActor, id }
  actors.set(id, found)
  return found
}

/** Tries until the workflow accepts: it may not have come to the step yet. */
export async function update<N extends UpdateName>(
  stage: Stage,
  ticketId: string,
  actorId: string,
  name: N,
  payload: Updates[N],
): Promise<void> {
  const command = { actor: await actor(stage, actorId), key: randomUUID(), payload }
  for (const deadline = Date.now() + patienceMs; ; ) {
    try {
      await stage.client.workflow.getHandle(ticketId).executeUpdate(name, { args: [command], updateId: command.key })
      return
    } catch (error) {
      if (Date.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, retryMs))
    }
  }
}

export async function openTask(
  { db }: Stage,
  ticketId: string,
  elementId: string,
): Promise<{ waitId: string; assigneeId: string | null; candidateGroups: string[] }> {
  for (const deadline = Date.now() + patienceMs; ; ) {
    const task = await db
      .selectFrom('task')
      .select(['waitId', 'assigneeId', 'candidateGroups'])
      .where('ticketId', '=', ticketId)
      .where('elementId', '=', elementId)
      .where('state', '=', 'open')
      .executeTakeFirst()
    if (task) return task
    if (Date.now() > deadline) throw new Error(`expected an open task '${elementId}', found none`)
    await new Promise((resolve) => setTimeout(resolve, retryMs))
  }
}
