import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTemporal, type TemporalServer } from '../../migrations/stack/temporal.ts'
import { agent, createDesk, type Desk, openTask, until } from './desk.ts'
import { type ChildWorker, dyingWorkerFile, freePort, spawnCaller, spawnWorker, steps } from './processes.ts'
import { confirm, isClosed, ticketOf } from './steps.ts'

// A Temporal server of its own: it is killed.
const folder = mkdtempSync(join(tmpdir(), 'guichet-lost-'))
const file = join(folder, 'temporal.db')
let temporal: TemporalServer
let desk: Desk

beforeAll(async () => {
  temporal = await startTemporal({ file, port: await freePort() })
  desk = await createDesk({ TEMPORAL_ADDRESS: temporal.address })
})
afterAll(async () => {
  await desk?.close()
  await temporal?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Worker, server and caller are gone between the flush of a command and its answer: only the ledger knows that it was carried out. */
test('a command is stored, and all who knew of it die: the instance catches up with its ledger, and the incident goes on', async () => {
  let worker: ChildWorker = await spawnWorker(desk.env)
  try {
    const ticketId = await desk.start()
    const waitId = await openTask(desk, ticketId, 'triage')
    await until('the receipt to be on its way', async () => (await steps(desk, ticketId)).mails.includes('ticket-received'))
    await worker.kill()
    worker = await spawnWorker(desk.env, dyingWorkerFile)
    const variables = {
      impact: 2,
      urgency: 2,
      category: 'network',
      triageOutcome: 'resolve',
      resolutionCode: 'fixed',
      resolution: 'The cable was plugged in.',
    }
    const command = { actor: agent, key: 'forgotten', payload: { waitId, variables } }
    const caller = spawnCaller(desk.env, { ticketId, name: 'completeTask', command })
    await worker.ended
    process.kill(temporal.pid, 'SIGKILL')
    await temporal.ended
    await caller.kill()
    expect((await ticketOf(desk, ticketId)).status).toBe('resolved')

    temporal = await startTemporal({ file, port: temporal.port })
    worker = await spawnWorker(desk.env)
    await confirm(desk, ticketId, 40_000)
    await until('the incident to be closed', () => isClosed(desk, ticketId), 60_000)
    expect(await steps(desk, ticketId)).toEqual({
      opened: ['triage'],
      completed: ['triage'],
      mails: ['closed', 'resolved', 'survey', 'ticket-received'],
    })
    const facts = await desk.db.selectFrom('fact').select('sequence').where('streamId', '=', ticketId).orderBy('sequence').execute()
    expect(facts.map(({ sequence }) => sequence)).toEqual(facts.map((_, index) => index + 1))
  } finally {
    await worker.kill()
  }
}, 180_000)
