import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWaitingIntakes } from '../../activities/intake-starter.ts'
import { type PostgresServer, startPostgres } from '../../migrations/stack/postgres.ts'
import { startTemporal, type TemporalServer } from '../../migrations/stack/temporal.ts'
import { migrate } from '../../migrations/migrate.ts'
import { createDesk, type Desk, openTask, until } from './desk.ts'
import { freePort, steps } from './processes.ts'
import { confirm, isClosed, resolve, ticketOf, triage } from './steps.ts'

// Servers of its own: it kills them.
const folder = mkdtempSync(join(tmpdir(), 'guichet-outage-'))
chmodSync(folder, 0o755)
let postgres: PostgresServer
let temporal: TemporalServer
let desk: Desk
const temporalFile = join(folder, 'temporal.db')

beforeAll(async () => {
  const port = await freePort()
  ;[postgres, temporal] = await Promise.all([startPostgres({ dataFolder: folder }), startTemporal({ file: temporalFile, port })])
  await migrate(postgres.ownerUrl())
  desk = await createDesk({ DATABASE_URL: postgres.appUrl(), TEMPORAL_ADDRESS: temporal.address })
  await desk.startWorker()
})
afterAll(async () => {
  await desk?.close()
  await Promise.all([postgres?.stop(), temporal?.stop()])
  rmSync(folder, { recursive: true, force: true })
  rmSync(postgres.folder, { recursive: true, force: true })
})

async function killPostgres(): Promise<void> {
  process.kill(postgres.pid, 'SIGKILL')
  await postgres.ended
}

async function killTemporal(): Promise<void> {
  process.kill(temporal.pid, 'SIGKILL')
  await temporal.ended
}

test('PostgreSQL is killed in the middle of a command: the command is answered when it is back, once', async () => {
  const ticketId = await desk.start()
  const waitId = await openTask(desk, ticketId, 'triage')
  await killPostgres()
  const taken = desk.update(ticketId, 'changeTicket', { fields: { title: 'while the database was down' } })
  // Longer than the quick attempts inside the workflow task: the ordinary activity has taken over.
  await new Promise((resume) => setTimeout(resume, 9_000))
  postgres = await startPostgres({ dataFolder: folder })
  const { sequence } = await taken
  expect((await ticketOf(desk, ticketId)).title).toBe('while the database was down')
  const facts = await desk.db.selectFrom('fact').select('sequence').where('streamId', '=', ticketId).orderBy('sequence').execute()
  expect(facts.map((fact) => fact.sequence)).toEqual(facts.map((_, index) => index + 1))
  expect(facts.length).toBeGreaterThanOrEqual(sequence)
  expect((await desk.snapshot(ticketId)).openTasks.map((task) => task.waitId)).toContain(waitId)
}, 120_000)

test('the Temporal server is killed: tickets are accepted meanwhile, and all go on when it is back', async () => {
  const running = await desk.start()
  await triage(desk, running)
  await killTemporal()
  const accepted = await desk.open()
  expect((await startWaitingIntakes(desk.db, desk.client)).started).toBe(0)
  temporal = await startTemporal({ file: temporalFile, port: temporal.port })
  await until('the waiting intake to be started', async () => (await startWaitingIntakes(desk.db, desk.client)).started, 30_000)
  await openTask(desk, accepted, 'triage')
  await resolve(desk, running)
  await until('the ticket to be resolved', async () => (await ticketOf(desk, running)).status === 'resolved', 40_000)
  await confirm(desk, running, 40_000)
  await until('the incident to be closed', () => isClosed(desk, running), 40_000)
  expect(await steps(desk, running)).toEqual({
    opened: ['triage', 'resolve'],
    completed: ['triage', 'resolve'],
    mails: ['closed', 'resolved', 'survey', 'ticket-received'],
  })
}, 180_000)
