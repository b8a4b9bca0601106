import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from '@temporalio/client'
import pino from 'pino'
import type { Actor, Role } from '#schema/role'
import { startWaitingIntakes } from '../../activities/intake-starter.ts'
import { createDatabase, type Db } from '../../activities/store/database.ts'
import { type NewTicket, openTicket } from '../../activities/store/ticket/intake.ts'
import { seedDefinitions } from '../../activities/store/seed.ts'
import { createTemporalClient } from '../../activities/temporal-client.ts'
import { installRuntime, type RunningWorker, startWorker } from '../../activities/worker.ts'
import { cachedWorkflowBundle } from '../../activities/workflow-bundle.ts'
import type { InstanceSnapshot, UpdateName, UpdateResult, Updates } from '../../workflows/protocol.ts'
import { freshDatabase, servers } from '../setup/database.ts'

/** Kept between runs; its name in it depends on the code. */
const bundleFolder = join(tmpdir(), 'guichet-test-bundles')

/** The code under test, built once for all test files. */
export const testBundle = () => cachedWorkflowBundle(bundleFolder)

export const log = pino({ level: process.env.LOG_LEVEL ?? 'silent' })

const person = (id: string, roles: Role[], groups: string[] = []): Actor => ({ id, name: id, roles, groups })
export const requester = person('camille', ['requester'])
export const agent = person('alex', ['agent'], ['service-desk', 'network', 'applications', 'workplace'])
export const owner = person('priya', ['processOwner'])
export const administrator = person('admin', ['administrator'])

async function addPeople(db: Db): Promise<void> {
  const people = [requester, agent, owner, administrator]
  await db
    .insertInto('person')
    .values(people.map(({ id, name, roles }) => ({ id, name, email: `${id}@example.org`, roles, locale: 'fr' })))
    .execute()
  const groups = ['service-desk', 'network', 'applications', 'workplace', 'managers']
  await db
    .insertInto('supportGroup')
    .values(groups.map((id) => ({ id, name: id })))
    .execute()
  await db
    .insertInto('groupMember')
    .values([...agent.groups.map((groupId) => ({ groupId, personId: agent.id })), { groupId: 'managers', personId: administrator.id }])
    .execute()
}

/** A whole desk for a test file: database with the real definitions, client, and a worker when asked for. */
export interface Desk {
  db: Db
  client: Client
  env: Record<string, string>
  startWorker(): Promise<RunningWorker>
  open(ticket?: Partial<NewTicket>): Promise<string>
  start(ticket?: Partial<NewTicket>): Promise<string>
  update<N extends UpdateName>(ticketId: string, name: N, payload: Updates[N], actor?: Actor, key?: string): Promise<UpdateResult>
  snapshot(ticketId: string): Promise<InstanceSnapshot>
  close(): Promise<void>
}

let isRuntimeInstalled = false

/** A migrated database of the test's own server, which goes with it. */
function givenDatabase(url: string): { db: Db; url: string; drop(): Promise<void> } {
  const db = createDatabase(url)
  return { db, url, drop: () => db.destroy() }
}

export async function createDesk(change: Record<string, string> = {}): Promise<Desk> {
  const database = change.DATABASE_URL === undefined ? await freshDatabase() : givenDatabase(change.DATABASE_URL)
  const env = {
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: servers().temporalAddress,
    GUICHET_TASK_QUEUE: `test-${randomBytes(6).toString('hex')}`,
    GUICHET_DATA: mkdtempSync(join(tmpdir(), 'guichet-test-')),
    ...change,
  }
  process.env.GUICHET_TASK_QUEUE = env.GUICHET_TASK_QUEUE
  await seedDefinitions(database.db)
  await addPeople(database.db)
  const { client, close } = createTemporalClient(database.db, env)
  const workers: RunningWorker[] = []
  if (!isRuntimeInstalled) installRuntime(log)
  isRuntimeInstalled = true
  const { db } = database
  const open = (ticket: Partial<NewTicket> = {}) => openIncident(db, ticket)
  return {
    db,
    client,
    env,
    async startWorker() {
      const worker = await startWorker({ db, env, log, isWithoutIntake: true, workflowBundle: await testBundle() })
      workers.push(worker)
      return worker
    },
    open,
    async start(ticket) {
      const ticketId = await open(ticket)
      await startWaitingIntakes(db, client)
      return ticketId
    },
    update: (ticketId, name, payload, actor = agent, key = randomUUID()) =>
      client.workflow.getHandle(ticketId).executeUpdate(name, { args: [{ actor, key, payload }], updateId: key }),
    snapshot: (ticketId) => client.workflow.getHandle(ticketId).query('snapshot'),
    async close() {
      await Promise.all(workers.map((worker) => worker.stop()))
      await close()
      await database.drop()
    },
  }
}

async function openIncident(db: Db, ticket: Partial<NewTicket>): Promise<string> {
  const opened = await openTicket(db, {
    kind: 'incident',
    channel: 'portal',
    openedById: requester.id,
    fields: {
      title: 'No network on the third floor',
      description: 'Since this morning.',
      requesterId: requester.id,
      impact: 2,
      urgency: 2,
      category: 'network',
    },
    ...ticket,
  })
  return opened.ticketId
}

/** Waits until `read` gives something other than null. Fails with what it waited for. */
export async function until<T>(what: string, read: () => Promise<T | null | undefined | false>, timeoutMs = 15_000): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const found = await read()
    if (found) return found
    if (Date.now() > deadline) throw new Error(`expected ${what} within ${timeoutMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** The open task at `elementId`, once its facts are stored. */
export const openTask = (desk: Desk, ticketId: string, elementId: string): Promise<string> =>
  until(`an open task at ${elementId}`, async () => {
    const row = await desk.db
      .selectFrom('task')
      .select('waitId')
      .where('ticketId', '=', ticketId)
      .where('elementId', '=', elementId)
      .where('state', '=', 'open')
      .executeTakeFirst()
    return row?.waitId
  })

/** What the ledger of a ticket says, without instants: comparable between runs. */
export async function story(db: Db, ticketId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('fact')
    .select(['sequence', 'type', 'elementId', 'body'])
    .where('streamId', '=', ticketId)
    .orderBy('sequence')
    .execute()
  return rows.map(({ sequence, type, elementId, body }) => {
    const { field, to, name } = body as { field?: string; to?: unknown; name?: string }
    return [sequence, type, elementId ?? field ?? name ?? '', field === undefined ? '' : JSON.stringify(to)].join(' ').trim()
  })
}
