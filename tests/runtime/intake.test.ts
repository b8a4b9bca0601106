import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deliverCommands, startWaitingIntakes } from '../../activities/intake-starter.ts'
import { createTemporalClient } from '../../activities/temporal-client.ts'
import { agent, createDesk, type Desk, openTask, requester } from './desk.ts'
import { freePort } from './processes.ts'

let desk: Desk

beforeAll(async () => {
  desk = await createDesk()
})
afterAll(() => desk.close())

const startedAt = async (ticketId: string) =>
  (await desk.db.selectFrom('intake').selectAll().where('ticketId', '=', ticketId).executeTakeFirstOrThrow()).startedAt

test('a ticket is accepted while Temporal is down, and started once when it is back', async () => {
  const away = createTemporalClient(desk.db, { ...desk.env, TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}` })
  const ticketId = await desk.open()
  expect(await startWaitingIntakes(desk.db, away.client)).toEqual({ started: 0, failed: 1 })
  await away.close()
  const waiting = await desk.db.selectFrom('intake').selectAll().where('ticketId', '=', ticketId).executeTakeFirstOrThrow()
  expect(waiting).toMatchObject({ startedAt: null, attempts: 1 })
  expect(waiting.lastError).toBeTruthy()
  // API and worker both try as soon as it is back.
  await Promise.all([startWaitingIntakes(desk.db, desk.client), startWaitingIntakes(desk.db, desk.client)])
  expect(await startedAt(ticketId)).not.toBeNull()
  await desk.startWorker()
  await openTask(desk, ticketId, 'triage')
  const starts = await desk.db
    .selectFrom('fact')
    .select('sequence')
    .where('streamId', '=', ticketId)
    .where('type', '=', 'instanceStarted')
    .execute()
  expect(starts).toHaveLength(1)
}, 60_000)

test('an intake whose start was answered but not noted is not started again', async () => {
  const ticketId = await desk.start()
  await openTask(desk, ticketId, 'triage')
  await desk.db.updateTable('intake').set({ startedAt: null }).where('ticketId', '=', ticketId).execute()
  expect(await startWaitingIntakes(desk.db, desk.client)).toEqual({ started: 1, failed: 0 })
  const starts = await desk.db
    .selectFrom('fact')
    .select('sequence')
    .where('streamId', '=', ticketId)
    .where('type', '=', 'instanceStarted')
    .execute()
  expect(starts).toHaveLength(1)
})

test('waiting commands are delivered once, in order; a refused one does not hold up the next', async () => {
  const ticketId = await desk.start()
  await openTask(desk, ticketId, 'triage')
  const commands = ['first', 'second'].map((title) => ({
    name: 'changeTicket',
    command: { actor: agent, key: randomUUID(), payload: { fields: { title } } },
  }))
  const refused = {
    name: 'changeTicket',
    command: { actor: requester, key: randomUUID(), payload: { fields: { title: 'not mine to change' } } },
  }
  for (const { name, command } of [refused, ...commands]) {
    await desk.db
      .insertInto('commandOutbox')
      .values({ ticketId, updateName: name, command: JSON.stringify(command) })
      .execute()
  }
  let delivered = 0
  for (let round = 0; round < 4; round++) delivered += (await deliverCommands(desk.db, desk.client)).delivered
  expect(delivered).toBe(3)
  const rows = await desk.db.selectFrom('commandOutbox').selectAll().where('ticketId', '=', ticketId).orderBy('id').execute()
  expect(rows.every((row) => row.deliveredAt !== null)).toBe(true)
  expect(rows.map((row) => row.lastError === null)).toEqual([false, true, true])
  const changes = await desk.db
    .selectFrom('fact')
    .select('body')
    .where('streamId', '=', ticketId)
    .where('type', '=', 'ticketChanged')
    .orderBy('sequence')
    .execute()
  expect(
    changes
      .map(({ body }) => body as { field: string; to: unknown })
      .filter(({ field }) => field === 'title')
      .map(({ to }) => to),
  ).toEqual(['first', 'second'])
})
