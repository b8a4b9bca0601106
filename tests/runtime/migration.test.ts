import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { proposeProgramMapping } from '#engine/migration/mapping'
import { startIntake } from '../../activities/intake-starter.ts'
import { runMigrationRound } from '../../activities/process-migrations.ts'
import { deployDefinition, getDefinition } from '../../activities/store/definition/definitions.ts'
import { composeVersion } from '../../activities/store/operation/migration-bundle.ts'
import {
  changeProcessMigration,
  createProcessMigration,
  readProcessMigration,
} from '../../activities/store/operation/process-migrations.ts'
import type { InstanceInput } from '../../workflows/protocol.ts'
import { administrator, agent, createDesk, type Desk, openTask, owner, until } from './desk.ts'
import { confirm, isClosed, resolve, ticketOf } from './steps.ts'

let desk: Desk
beforeAll(async () => {
  desk = await createDesk()
  await desk.startWorker()
})
afterAll(() => desk.close())

/** Version `base` + 1 of the incident: its triage has another id and name. */
async function deployRenamed(id: string): Promise<{ fromVersion: number; toVersion: number }> {
  const current = await getDefinition(desk.db, 'process', 'incident')
  const source = current!.source.replace(/(["'>])triage(["'<])/g, `$1${id}$2`)
  const deployed = await deployDefinition(desk.db, { kind: 'process', id: 'incident', source, baseVersion: null, actorId: owner.id })
  if (!deployed.ok) throw new Error(JSON.stringify(deployed))
  return { fromVersion: current!.version, toVersion: deployed.version }
}

/** Rounds until the operation has come to `state`. */
async function runUntil(id: string, state: string) {
  return until(`operation to be ${state}`, async () => {
    await runMigrationRound(desk.db, desk.client)
    const view = await readProcessMigration(desk.db, id)
    return view?.state === state && view
  })
}

async function dryRun(versions: { fromVersion: number; toVersion: number }, change: (mapping: Record<string, string>) => void = () => {}) {
  const [from, to] = await Promise.all([
    composeVersion(desk.db, 'incident', versions.fromVersion),
    composeVersion(desk.db, 'incident', versions.toVersion),
  ])
  const { mapping } = proposeProgramMapping(from, to)
  change(mapping)
  const id = await createProcessMigration(desk.db, {
    processId: 'incident',
    ...versions,
    mapping,
    retimesTimers: false,
    actor: owner,
    at: Date.now(),
  })
  return { id, mapping, view: await runUntil(id, 'checked') }
}

test('an open incident goes on in the next version, over continue-as-new, to its end', async () => {
  const ticketId = await desk.open()
  const { input } = await desk.db.selectFrom('intake').select('input').where('ticketId', '=', ticketId).executeTakeFirstOrThrow()
  await startIntake(desk.db, desk.client, ticketId, { ...(input as unknown as InstanceInput), continueAfterEvents: 12 })
  const waitId = await openTask(desk, ticketId, 'triage')
  const versions = await deployRenamed('qualify')

  const refused = await dryRun(versions, (mapping) => {
    delete mapping.triage
  })
  expect(refused.view.counts).toMatchObject({ ready: 0, refused: 1 })
  expect(refused.view.reasons).toMatchObject([{ code: 'notMapped', elementId: 'triage', count: 1, tickets: [{ id: ticketId }] }])

  const { id, mapping, view } = await dryRun(versions)
  expect(mapping.triage).toBe('qualify')
  expect(view.counts).toMatchObject({ ready: 1, moved: 0 })
  expect(await changeProcessMigration(desk.db, id, 'pause', owner, Date.now())).toMatchObject({ ok: false, reason: 'wrongState' })
  expect(await changeProcessMigration(desk.db, id, 'start', owner, Date.now())).toEqual({ ok: true })
  expect((await runUntil(id, 'done')).counts).toMatchObject({ moved: 1 })

  expect(await openTask(desk, ticketId, 'qualify')).toBe(waitId)
  const row = await desk.db.selectFrom('instance').selectAll().where('ticketId', '=', ticketId).executeTakeFirstOrThrow()
  expect(row.processVersion).toBe(versions.toVersion)
  const facts = await desk.db
    .selectFrom('fact')
    .selectAll()
    .where('streamId', '=', ticketId)
    .where('type', '=', 'instanceMigrated')
    .execute()
  expect(facts).toMatchObject([{ actorId: owner.id, body: { ...versions, toHash: row.bundleHash } }])

  // Enough updates for another run to take over, which must know the new bundle.
  for (let n = 0; n < 4; n++) {
    await desk.update(ticketId, 'changeTicket', { fields: { title: `title ${n}` } })
    await sleep(50)
  }
  const state = await desk.client.workflow.getHandle(ticketId).query('engineState')
  expect(state).toMatchObject({ bundleHash: row.bundleHash, processVersion: versions.toVersion })
  await desk.update(ticketId, 'assignTask', { waitId, assigneeId: agent.id })
  const values = { impact: 2, urgency: 2, category: 'network', triageOutcome: 'diagnose' }
  await desk.update(ticketId, 'completeTask', { waitId, variables: values })
  await resolve(desk, ticketId)
  await until('the ticket to be resolved', async () => (await ticketOf(desk, ticketId)).status === 'resolved')
  await confirm(desk, ticketId)
  await until('the incident to be closed', () => isClosed(desk, ticketId))
})

test('a token is moved once, however often it is asked for, and only by those who may', async () => {
  const ticketId = await desk.start()
  const [task] = await until('an open task', async () => {
    const { openTasks } = await desk.snapshot(ticketId)
    return openTasks.length > 0 && openTasks
  })
  const { waitId, elementId } = task!
  const move = { cancel: [waitId], start: [{ elementId, variables: { urgency: 1 } }] }
  await expect(desk.update(ticketId, 'modifyInstance', move, agent)).rejects.toMatchObject({
    cause: { details: [{ code: 'roleMissing' }] },
  })
  const first = await desk.update(ticketId, 'modifyInstance', move, administrator, 'once')
  expect(await desk.update(ticketId, 'modifyInstance', move, administrator, 'once')).toEqual(first)
  const after = await desk.snapshot(ticketId)
  expect(after.openTasks.filter((open) => open.elementId === elementId)).toHaveLength(1)
  expect(after.openTasks.map((open) => open.waitId)).not.toContain(waitId)
  expect(after.variables.urgency).toBe(1)
  const row = await desk.db
    .selectFrom('task')
    .select('state')
    .where('ticketId', '=', ticketId)
    .where('waitId', '=', waitId)
    .executeTakeFirst()
  expect(row?.state).toBe('canceled')
})
