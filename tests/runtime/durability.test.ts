import { afterAll, beforeAll, expect, test } from 'vitest'
import { proposeProgramMapping } from '#engine/migration/mapping'
import { deployDefinition, getDefinition, storeBundle } from '../../activities/store/definition/definitions.ts'
import { composeVersion } from '../../activities/store/operation/migration-bundle.ts'
import { claim } from '../../workflows/runtime/payload.ts'
import { agent, createDesk, type Desk, openTask, owner, until } from './desk.ts'
import { type ChildWorker, dyingWorkerFile, spawnWorker, steps } from './processes.ts'
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
    expect((await titlesOf(ticketId)).toSorted()).toEqual(titles.toSorted())
    await expectGapFree(ticketId)
  } finally {
    await worker.kill()
  }
}, 120_000)

/** The titles that the ticket was given, in the order of the ledger. */
async function titlesOf(ticketId: string): Promise<string[]> {
  const facts = await desk.db.selectFrom('fact').select(['type', 'body']).where('streamId', '=', ticketId).orderBy('sequence').execute()
  return facts
    .filter(({ type, body }) => type === 'ticketChanged' && (body as { field: string }).field === 'title')
    .map(({ body }) => (body as { to: string }).to)
}

test('the worker dies at the moment at which facts are stored: they stand, and what it was asked meanwhile follows', async () => {
  let worker: ChildWorker = await spawnWorker(desk.env)
  try {
    const ticketId = await desk.start()
    await openTask(desk, ticketId, 'triage')
    await worker.kill()
    worker = await spawnWorker(desk.env, dyingWorkerFile)
    const titles = ['first', 'second', 'third', 'fourth']
    const commands = titles.map((title, n) => desk.update(ticketId, 'changeTicket', { fields: { title } }, agent, `dying-${n}`))
    await worker.ended
    const stood = await titlesOf(ticketId)
    expect(stood.length).toBeGreaterThan(0)
    commands.push(desk.update(ticketId, 'changeTicket', { fields: { title: 'fifth' } }, agent, 'dying-4'))
    worker = await spawnWorker(desk.env)
    await Promise.all(commands)
    const told = await titlesOf(ticketId)
    expect(told.slice(0, stood.length)).toEqual(stood)
    expect(told.toSorted()).toEqual([...titles, 'fifth'].toSorted())
    await expectGapFree(ticketId)
  } finally {
    await worker.kill()
  }
}, 120_000)

/** The next version of the incident, where triage has another id, and the move there. */
async function renamedTriage() {
  const current = await getDefinition(desk.db, 'process', 'incident')
  const source = current!.source.replace(/(["'>])triage(["'<])/g, '$1qualify$2')
  const deployed = await deployDefinition(desk.db, { kind: 'process', id: 'incident', source, baseVersion: null, actorId: owner.id })
  if (!deployed.ok) throw new Error(JSON.stringify(deployed))
  const [from, to] = [current!.version, deployed.version]
  const [older, newer] = await Promise.all([composeVersion(desk.db, 'incident', from), composeVersion(desk.db, 'incident', to)])
  const toHash = await storeBundle(desk.db, newer)
  return {
    bundle: claim(toHash),
    payload: {
      fromVersion: from,
      toVersion: to,
      toHash,
      mapping: proposeProgramMapping(older, newer).mapping,
      retimesTimers: false,
    },
  }
}

test('the worker dies at the moment at which a move to another version is stored: the instance goes on in it', async () => {
  let worker: ChildWorker = await spawnWorker(desk.env)
  try {
    const ticketId = await desk.start()
    await openTask(desk, ticketId, 'triage')
    await worker.kill()
    const { payload, bundle } = await renamedTriage()
    worker = await spawnWorker(desk.env, dyingWorkerFile)
    const moved = desk.client.workflow
      .getHandle(ticketId)
      .executeUpdate('migrateInstance', { args: [{ actor: owner, key: 'move', payload }, bundle], updateId: 'move' })
    await worker.ended
    worker = await spawnWorker(desk.env)
    await moved
    await desk.update(ticketId, 'changeTicket', { fields: { title: 'after the move' } })
    expect((await desk.snapshot(ticketId)).openTasks.map(({ elementId }) => elementId)).toEqual(['qualify'])
    expect(await titlesOf(ticketId)).toEqual(['after the move'])
    const facts = await desk.db.selectFrom('fact').select('type').where('streamId', '=', ticketId).execute()
    expect(facts.filter(({ type }) => type === 'instanceMigrated')).toHaveLength(1)
    await expectGapFree(ticketId)
  } finally {
    await worker.kill()
  }
}, 120_000)

async function expectGapFree(ticketId: string): Promise<void> {
  const facts = await desk.db.selectFrom('fact').select('sequence').where('streamId', '=', ticketId).orderBy('sequence').execute()
  expect(facts.map(({ sequence }) => sequence)).toEqual(facts.map((_, index) => index + 1))
}
