import { afterAll, beforeAll, expect, it } from 'vitest'
import { deployDefinition, getDefinition } from '../../activities/store/definition/definitions.ts'
import { type TestDesk, testDesk } from './desk.ts'

let desk: TestDesk
let owner: Awaited<ReturnType<TestDesk['as']>>
beforeAll(async () => {
  desk = await testDesk()
  owner = await desk.as('processOwner')
  const { source } = (await getDefinition(desk.database.db, 'process', 'incident'))!
  const renamed = source.replace(/(["'>])triage(["'<])/g, '$1qualify$2')
  const change = { kind: 'process', id: 'incident', source: renamed, baseVersion: 1, actorId: 'priya' } as const
  expect(await deployDefinition(desk.database.db, change)).toMatchObject({ ok: true, version: 2 })
  // A ticket that is open on version 1, committed while the process engine is away.
  expect((await (await desk.as('requester'))('/interactions', { body: { subject: 'No sound', body: 'since noon' } })).status).toBe(201)
  await desk.database.db.updateTable('instance').set({ processVersion: 1 }).execute()
})
afterAll(() => desk.close())

const body = { processId: 'incident', fromVersion: 1, toVersion: 2, mapping: { triage: 'qualify' } }

it('proposes what stands for what, with the tickets that are open', async () => {
  const { status, json } = await owner('/process-migrations/proposal?processId=incident&from=1&to=2')
  expect([status, json.openTickets]).toEqual([200, 1])
  const triage = json.rows.find((row: { from: { id: string } }) => row.from.id === 'triage')
  expect(triage).toMatchObject({ toId: 'qualify', reason: 'name' })
  expect(json.rows.find((row: { from: { id: string } }) => row.from.id === 'resolve')).toMatchObject({ toId: 'resolve', reason: 'id' })
  expect(json.targets.some((element: { id: string }) => element.id === 'qualify')).toBe(true)
})

it('says which version is not there', async () => {
  const { status, json } = await owner('/process-migrations/proposal?processId=incident&from=1&to=9')
  expect([status, json.code]).toEqual([404, 'definitionNotFound'])
})

it.each([
  ['the same version', { ...body, toVersion: 1 }, 'toVersion'],
  ['an old element that is not drawn', { ...body, mapping: { nowhere: 'qualify' } }, 'mapping.nowhere'],
  ['a new element that is not drawn', { ...body, mapping: { triage: 'nowhere' } }, 'mapping.triage'],
])('refuses %s, naming the place', async (_, wrong, path) => {
  const { status, json } = await owner('/process-migrations', { body: wrong })
  expect([status, json.errors[0].path]).toEqual([422, path])
})

it('goes from dry run to abort by allowed steps only, each a fact', async () => {
  const made = await owner('/process-migrations', { body })
  expect([made.status, made.json.state, made.json.counts.waiting]).toEqual([201, 'checking', 1])
  const path = `/process-migrations/${made.json.id}`
  const early = await owner(`${path}/start`, { method: 'POST' })
  expect([early.status, early.json.code]).toEqual([409, 'processMigrationState'])
  expect((await owner(`${path}/abort`, { method: 'POST' })).json.state).toBe('aborted')
  expect((await owner(`${path}/resume`, { method: 'POST' })).status).toBe(409)
  expect((await owner('/process-migrations?processId=incident')).json.items[0]).toMatchObject({ id: made.json.id, state: 'aborted' })
  const facts = await desk.database.db
    .selectFrom('fact')
    .select(['actorId', 'body'])
    .where('streamId', '=', `process-migration/${made.json.id}`)
    .orderBy('sequence')
    .execute()
  expect(facts.map(({ actorId, body: fact }) => [actorId, (fact as { to: string }).to])).toEqual([
    ['priya', 'checking'],
    ['priya', 'aborted'],
  ])
  expect((await owner('/process-migrations/nobody')).json.code).toBe('processMigrationNotFound')
})

it('shows where tokens could be put, and refuses to move nothing', async () => {
  const { id } = await desk.database.db.selectFrom('ticket').select('id').executeTakeFirstOrThrow()
  const { json } = await owner(`/tickets/${id}/tokens`)
  expect(json.targets.map((element: { id: string }) => element.id)).toContain('resolve')
  expect((await owner(`/tickets/${id}/modify`, { body: { cancel: [], start: [] } })).status).toBe(422)
})
