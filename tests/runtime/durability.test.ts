import { afterAll, beforeAll, expect, test } from 'vitest'
import { agent, createDesk, type Desk, openTask, until } from './desk.ts'
import { type ChildWorker, spawnWorker, steps } from './processes.ts'
import { confirm, isClosed, resolve, ticketOf, triage } from './steps.ts'

let desk: Desk

beforeAll(async () => {
  desk = await createDesk()
})
afterAll(() => desk.close())

const wholeStory = {
  opened: ['triage', 'resolve'],
  completed: ['triage', 'resolve'],
  mails: ['closed', 'resolved', 'survey', 'ticket-received'],
}

test('the worker is killed between any two steps: the incident goes on, no step twice, no fact lost', async () => {
  let worker: ChildWorker = await spawnWorker(desk.env)
  const restart = async () => {
    await worker.kill()
    worker = await spawnWorker(desk.env)
  }
  try {
    const ticketId = await desk.start()
    await openTask(desk, ticketId, 'triage')
    await restart()
    await triage(desk, ticketId)
    await restart()
    await resolve(desk, ticketId)
    await restart()
    await until('the resolution to be announced', async () => (await ticketOf(desk, ticketId)).status === 'resolved')
    await confirm(desk, ticketId, 40_000)
    await restart()
    await until('the incident to be closed', () => isClosed(desk, ticketId), 60_000)
    expect(await steps(desk, ticketId)).toEqual(wholeStory)
    await expectGapFree(ticketId)
  } finally {
    await worker.kill()
  }
}, 180_000)

test('the worker is killed in the middle of commands: each is carried out once', async () => {
  let worker: ChildWorker = await spawnWorker(desk.env)
  try {
    const ticketId = await desk.start()
    await openTask(desk, ticketId, 'triage')
    const titles = Array.from({ length: 20 }, (_, n) => `title ${n}`)
    const commands = titles.map((title, n) => desk.update(ticketId, 'changeTicket', { fields: { title } }, agent, `command-${n}`))
    await new Promise((resolve) => setTimeout(resolve, 60))
    await worker.kill()
    worker = await spawnWorker(desk.env)
    await Promise.all(commands)
    const facts = await desk.db.selectFrom('fact').select(['type', 'body']).where('streamId', '=', ticketId).orderBy('sequence').execute()
    const changed = facts
      .filter(({ type, body }) => type === 'ticketChanged' && (body as { field: string }).field === 'title')
      .map(({ body }) => (body as { to: string }).to)
    expect(changed.toSorted()).toEqual(titles.toSorted())
    await expectGapFree(ticketId)
  } finally {
    await worker.kill()
  }
}, 120_000)

async function expectGapFree(ticketId: string): Promise<void> {
  const facts = await desk.db.selectFrom('fact').select('sequence').where('streamId', '=', ticketId).orderBy('sequence').execute()
  expect(facts.map(({ sequence }) => sequence)).toEqual(facts.map((_, index) => index + 1))
}
