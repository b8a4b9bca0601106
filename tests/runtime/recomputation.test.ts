/** A policy is edited while tickets are open: what would change is compared, then applied on purpose, to the very clocks. */
import { Worker } from '@temporalio/worker'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SlaScope } from '#schema/sla-recomputation'
import { runRecomputationRound } from '../../activities/sla-recomputations.ts'
import { deployDefinition, getDefinition } from '../../activities/store/definition/definitions.ts'
import {
  changeRecomputation,
  createRecomputation,
  listRecomputationTickets,
  readRecomputation,
} from '../../activities/store/operation/sla-recomputations.ts'
import { createDataConverter } from '../../activities/temporal-client.ts'
import { createDesk, type Desk, openTask, owner, testBundle, until } from './desk.ts'
import { confirm, isClosed, resolve, triage } from './steps.ts'

let desk: Desk
beforeAll(async () => {
  desk = await createDesk()
  await desk.startWorker()
})
afterAll(() => desk.close())

async function runUntil(id: string, state: string) {
  return until(`the operation to be ${state}`, async () => {
    await runRecomputationRound(desk.db, desk.client)
    const view = await readRecomputation(desk.db, id)
    return view?.state === state && view
  })
}
const clockOf = (ticketId: string, clockId: string) =>
  desk.db.selectFrom('clock').selectAll().where('ticketId', '=', ticketId).where('clockId', '=', clockId).executeTakeFirst()
const typesOf = async (ticketId: string, ...types: string[]) =>
  (
    await desk.db
      .selectFrom('fact')
      .select('type')
      .where('streamId', '=', ticketId)
      .where('type', 'in', types)
      .orderBy('sequence')
      .execute()
  ).map(({ type }) => type)

/** The next version of the calendar: around the clock, or closed but for the night. */
async function deployCalendar(change: (calendar: Record<string, unknown>) => void): Promise<number> {
  const current = await getDefinition(desk.db, 'calendar', 'fr-business')
  const calendar = JSON.parse(current?.source ?? '{}') as Record<string, unknown>
  change(calendar)
  const deployed = await deployDefinition(desk.db, {
    kind: 'calendar',
    id: 'fr-business',
    source: JSON.stringify(calendar),
    baseVersion: null,
    actorId: owner.id,
  })
  if (!deployed.ok) throw new Error(JSON.stringify(deployed))
  return deployed.version
}
const allDay = [{ from: '00:00', to: '24:00' }]
const scope: SlaScope = { kind: 'calendar', id: 'fr-business' }
const compare = (targetVersion: number) =>
  createRecomputation(desk.db, { scope, draft: null, targetVersion, since: new Date(0), reason: '', actor: owner, at: Date.now() })

test('an edited calendar reaches open tickets when it is applied, not before, and never those that ended', async () => {
  const ended = await desk.start()
  await triage(desk, ended)
  await resolve(desk, ended)
  await confirm(desk, ended)
  await until('the incident to be closed', () => isClosed(desk, ended))
  const open = await desk.start()
  await openTask(desk, open, 'triage')
  const before = await clockOf(open, 'incident.resolution')
  if (!before?.dueAt) throw new Error('expected a running clock')

  const version = await deployCalendar((calendar) => {
    Object.assign(calendar, { holidays: [], exceptions: [], week: Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((day) => [day, allDay])) })
  })
  const id = await compare(version)
  const view = await runUntil(id, 'checked')
  expect(view.open).toMatchObject({ changed: 1, refused: 0 })
  expect(view.past.changed + view.past.unchanged).toBe(1)
  expect(await clockOf(open, 'incident.resolution')).toEqual(before)
  const [changed] = (await listRecomputationTickets(desk.db, id, { after: '', limit: 10 })).filter(({ ticketId }) => ticketId === open)
  const expected = changed?.changes.find(({ clockId }) => clockId === 'incident.resolution')?.to?.dueAt
  expect(expected).toBe(before.startedAt.getTime() + before.targetMs)

  expect(await changeRecomputation(desk.db, id, 'apply', { actor: owner, at: Date.now(), reason: 'Open around the clock' })).toEqual({
    ok: true,
  })
  expect((await runUntil(id, 'done')).open).toMatchObject({ applied: 1 })
  const after = await clockOf(open, 'incident.resolution')
  expect(after).toMatchObject({ calendarVersion: version, targetMs: before.targetMs })
  expect(after?.dueAt?.getTime()).toBe(expected)
  expect((await clockOf(ended, 'incident.resolution'))?.calendarVersion).toBe(before.calendarVersion)
  expect(await typesOf(open, 'policiesChanged')).toEqual(['policiesChanged'])
  expect(await typesOf(ended, 'policiesChanged', 'clockRecomputed')).toEqual([])
  const row = await desk.db
    .selectFrom('fact')
    .select(['actorId', 'body'])
    .where('streamId', '=', open)
    .where('type', '=', 'policiesChanged')
    .executeTakeFirst()
  expect(row).toMatchObject({ actorId: owner.id, body: { reason: 'Open around the clock', operationId: id } })

  // The ticket goes on under it to its end, and asked again there is nothing left to do.
  await triage(desk, open)
  await resolve(desk, open)
  expect(await clockOf(open, 'incident.resolution')).toMatchObject({ state: 'met', calendarVersion: version })
  expect((await runUntil(await compare(version), 'checked')).open).toMatchObject({ changed: 0, unchanged: 0, current: 1 })

  // A worker that comes to it anew finds the same clocks.
  const history = await desk.client.workflow.getHandle(open).fetchHistory()
  const setup = { workflowBundle: await testBundle(), dataConverter: createDataConverter(desk.db, {}) }
  await Worker.runReplayHistory(setup, history, open)
})

test('what was compared is left alone when nobody applies it, and a ticket that moved on is worked out anew', async () => {
  const ticketId = await desk.start()
  await openTask(desk, ticketId, 'triage')
  const current = await getDefinition(desk.db, 'sla', 'incident')
  const policy = JSON.parse(current?.source ?? '{}') as { clocks: { id: string; thresholds: object[] }[] }
  policy.clocks = policy.clocks.filter(({ id }) => id !== 'firstResponse')
  const source = JSON.stringify(policy)
  const deployed = await deployDefinition(desk.db, { kind: 'sla', id: 'incident', source, baseVersion: null, actorId: owner.id })
  if (!deployed.ok) throw new Error(JSON.stringify(deployed))
  const ask = () =>
    createRecomputation(desk.db, {
      scope: { kind: 'sla', id: 'incident' },
      draft: null,
      targetVersion: deployed.version,
      since: null,
      reason: '',
      actor: owner,
      at: Date.now(),
    })
  const left = await ask()
  expect((await runUntil(left, 'checked')).transitions.map(({ transition }) => transition)).toContain('inTime:none')
  expect(await changeRecomputation(desk.db, left, 'abort', { actor: owner, at: Date.now() })).toEqual({ ok: true })
  expect(await changeRecomputation(desk.db, left, 'apply', { actor: owner, at: Date.now() })).toMatchObject({
    ok: false,
    reason: 'wrongState',
  })

  const id = await ask()
  await runUntil(id, 'checked')
  await triage(desk, ticketId)
  expect(await changeRecomputation(desk.db, id, 'apply', { actor: owner, at: Date.now(), reason: 'No promise of a response' })).toEqual({
    ok: true,
  })
  expect((await runUntil(id, 'done')).open).toMatchObject({ refused: 0, gone: 0 })
  expect(await clockOf(ticketId, 'incident.resolution')).toMatchObject({ policyVersion: deployed.version, state: 'running' })
})
