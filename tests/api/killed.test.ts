/** The API process is killed with -9 in the middle of calls; who repeats them under the same key finds each carried out once. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { seedPeople } from '../../activities/store/seed.ts'
import { installRuntime, type RunningWorker, startWorker } from '../../activities/worker.ts'
import { cachedWorkflowBundle } from '../../activities/workflow-bundle.ts'
import { freePort } from '../../migrations/stack/ports.ts'
import { type FreshDatabase, freshDatabase, servers } from '../setup/database.ts'
import { demo } from './desk.ts'
import { deploySmall } from './small-process.ts'

const log = pino({ level: process.env.LOG_LEVEL ?? 'silent' })
const script = fileURLToPath(new URL('../../api/server.ts', import.meta.url))
let database: FreshDatabase
let worker: RunningWorker
let env: Record<string, string>
let url: string
let api: ChildProcess
let cookie: string

async function start(): Promise<void> {
  api = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script], { env: { ...process.env, ...env }, stdio: 'ignore' })
  for (let n = 0; n < 300; n += 1) {
    const answer = await fetch(`${url}/api/v1/health`).catch(() => null)
    if (answer?.ok) return
    await new Promise((done) => setTimeout(done, 100))
  }
  throw new Error('expected the API to answer within 30 s')
}
async function kill(): Promise<void> {
  const ended = new Promise((done) => api.once('exit', done))
  api.kill('SIGKILL')
  await ended
}
const post = (path: string, key: string, body: unknown) =>
  fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { cookie, origin: url, 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(body),
  })
async function signIn(email: string): Promise<string> {
  const answer = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email, password: 'guichet' }),
  })
  return answer.headers
    .getSetCookie()
    .map((c) => c.split(';')[0])
    .join('; ')
}
/** Calls, kills the API after so long, starts it anew, and repeats the call as a client would once its key is given back. */
async function callKilled(path: string, key: string, body: unknown, afterMs: number): Promise<Response> {
  const first = post(path, key, body).then(
    (answer) => answer.text(),
    () => 'cut off',
  )
  await new Promise((done) => setTimeout(done, afterMs))
  await kill()
  await first
  await start()
  await database.owner
    .updateTable('idempotency')
    .set({ createdAt: new Date(Date.now() - 120_000) })
    .where('status', 'is', null)
    .execute()
  return post(path, key, body)
}

beforeAll(async () => {
  database = await freshDatabase()
  await seedPeople(database.db)
  await deploySmall(database.db)
  const port = await freePort()
  url = `http://localhost:${port}`
  env = {
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: servers().temporalAddress,
    GUICHET_TASK_QUEUE: `test-${randomBytes(6).toString('hex')}`,
    GUICHET_DATA: mkdtempSync(join(tmpdir(), 'guichet-test-')),
    PORT: String(port),
    SMTP_PORT: 'off',
    GUICHET_PUBLIC_URL: url,
  }
  installRuntime(log)
  process.env.GUICHET_TASK_QUEUE = env.GUICHET_TASK_QUEUE
  worker = await startWorker({
    db: database.db,
    env,
    log,
    workflowBundle: await cachedWorkflowBundle(join(tmpdir(), 'guichet-test-bundles')),
  })
  await start()
  cookie = await signIn(demo.agent)
}, 120_000)
afterAll(async () => {
  if (api) await kill()
  await worker?.stop()
  await database?.drop()
}, 60_000)

it('a report cut off at any moment opens one ticket, and one message says so', async () => {
  for (const [n, afterMs] of [0, 8, 20, 45].entries()) {
    const subject = `Cut off after ${afterMs} ms`
    const answer = await callKilled('/interactions', `report-${n}`, { subject, body: 'Once.' }, afterMs)
    expect(answer.status).toBe(201)
    const tickets = await database.db.selectFrom('ticket').select('id').where('title', '=', subject).execute()
    expect(tickets.map((ticket) => ticket.id)).toEqual([((await answer.json()) as { ticketId: string }).ticketId])
    const messages = await database.db.selectFrom('message').select('id').where('ticketId', '=', tickets[0]!.id).execute()
    expect(messages).toHaveLength(1)
  }
}, 120_000)

it('a task and a reply cut off at any moment are recorded once', async () => {
  for (const [n, afterMs] of [5, 30].entries()) {
    const { ticketId } = (await (await post('/interactions', `ticket-${n}`, { subject: `Work ${n}`, body: 'x' })).json()) as {
      ticketId: string
    }
    const waitId = await openTask(ticketId)
    const reply = await callKilled(`/tickets/${ticketId}/messages`, `reply-${n}`, { text: 'On it.', visibility: 'public' }, afterMs)
    expect(reply.status).toBe(201)
    const path = `/tickets/${ticketId}/tasks/${waitId}`
    expect((await post(`${path}/claim`, `claim-${n}`, {})).status).toBe(200)
    const done = await callKilled(`${path}/complete`, `complete-${n}`, { values: { resolution: 'Done' } }, afterMs)
    expect(done.status).toBe(200)
    const facts = await database.db.selectFrom('fact').select('type').where('streamId', '=', ticketId).execute()
    expect(facts.filter((fact) => fact.type === 'taskCompleted')).toHaveLength(1)
    expect(facts.filter((fact) => fact.type === 'messageAdded')).toHaveLength(2)
  }
}, 120_000)

async function openTask(ticketId: string): Promise<string> {
  for (let n = 0; n < 150; n += 1) {
    const task = await database.db
      .selectFrom('task')
      .select('waitId')
      .where('ticketId', '=', ticketId)
      .where('state', '=', 'open')
      .executeTakeFirst()
    if (task) return task.waitId
    await new Promise((done) => setTimeout(done, 100))
  }
  throw new Error('expected the ticket to have an open task within 15 s')
}
