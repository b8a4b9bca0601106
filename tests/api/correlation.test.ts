import { afterAll, beforeAll, expect, test } from 'vitest'
import { deployDefinition } from '../../activities/store/definition/definitions.ts'
import { file, path, user } from '../engine/play.ts'
import { onReport, startedBy, waiter } from '../store/correlation-models.ts'
import { type TestDesk, testDesk } from './desk.ts'

let desk: TestDesk
beforeAll(async () => {
  desk = await testDesk({ hasDefinitions: false })
  for (const [id, source] of [
    ['reported', startedBy('reported', onReport)],
    ['waits', waiter('waits', 'parcel')],
  ] as const) {
    const done = await deployDefinition(desk.database.db, { kind: 'process', id, source, baseVersion: null, actorId: 'priya' })
    expect(done.ok, JSON.stringify(done)).toBe(true)
  }
}, 60_000)
afterAll(() => desk.close())

test('agents may not publish, nor start processes', async () => {
  const agent = await desk.as('agent')
  for (const path of ['/messages', '/signals']) expect((await agent(path, { body: { name: 'x' } })).status).toBe(403)
  expect((await agent('/processes/waits/start', { body: {} })).status).toBe(403)
})

test('a message that starts a process names the instance; repeated under its id it does nothing', async () => {
  const owner = await desk.as('processOwner')
  const body = { name: 'report', messageId: 'r-1', variables: { room: '3.14' } }
  const first = await owner('/messages', { body })
  expect(first.status).toBe(202)
  expect(first.json).toMatchObject({ isNew: true, receivers: [{ processId: 'reported' }] })
  expect((await owner('/messages', { body })).json).toEqual({ isNew: false, receivers: [] })
})

test('the Idempotency-Key stands for the message id', async () => {
  const owner = await desk.as('processOwner')
  const send = () => owner('/messages', { body: { name: 'nobody', correlationKey: 'K' }, headers: { 'idempotency-key': 'same' } })
  const first = await send()
  const again = await send()
  expect(first.json).toEqual({ isNew: true, receivers: [] })
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  const rows = await desk.database.db.selectFrom('publication').select('messageId').where('name', '=', 'nobody').execute()
  expect(rows).toHaveLength(1)
})

test.each(['tomorrow', '-PT1H', 'P2Y'])('a time to live of %s is refused at its field', async (timeToLive) => {
  const owner = await desk.as('processOwner')
  const answer = await owner('/messages', { body: { name: 'x', timeToLive } })
  expect(answer.status).toBe(422)
  expect(answer.json.errors).toMatchObject([{ path: 'timeToLive' }])
})

test('a process without a ticket is started with its variables; one that begins by a message only, or none, is refused', async () => {
  const owner = await desk.as('processOwner')
  const started = await owner('/processes/waits/start', { body: { variables: { key: 'K' } } })
  expect(started.status).toBe(201)
  expect(started.json.number).toBeNull()
  const row = await desk.database.db
    .selectFrom('instance')
    .selectAll()
    .where('ticketId', '=', started.json.instanceId)
    .executeTakeFirstOrThrow()
  expect(row).toMatchObject({ processId: 'waits', processVersion: 1, isEnded: false })
  expect((await owner('/processes/reported/start', { body: {} })).json.errors).toMatchObject([{ code: 'noStartEvent' }])
  expect((await owner('/processes/absent/start', { body: {} })).status).toBe(404)
})

test('a signal that nobody hears is accepted and reaches nobody', async () => {
  const admin = await desk.as('administrator')
  expect((await admin('/signals', { body: { name: 'silence' } })).json).toEqual({ isNew: true, receivers: [] })
})

test('conditional start events are evaluated on request: each that holds begins one instance, once', async () => {
  const event = (id: string, condition: string) =>
    `<startEvent id="${id}"><conditionalEventDefinition><condition>=${condition}</condition></conditionalEventDefinition></startEvent>`
  const source = file(
    `<process id="load" isExecutable="true">${event('high', 'load &gt; 8')}${event('full', 'disk &gt; 0.9')}${user('look')}${path('high', 'look')}${path('full', 'look')}</process>`,
  )
  const done = await deployDefinition(desk.database.db, { kind: 'process', id: 'load', source, baseVersion: null, actorId: 'priya' })
  expect(done.ok, JSON.stringify(done)).toBe(true)
  const owner = await desk.as('processOwner')
  const ask = (variables: object, key: string) =>
    owner('/processes/load/conditions', { body: { variables }, headers: { 'idempotency-key': key } })
  const low = await ask({ load: 3, disk: 0.5 }, 'low')
  expect(low.json.conditions).toMatchObject([
    { elementId: 'high', isMet: false, problem: null, instanceId: null },
    { elementId: 'full', isMet: false, problem: null, instanceId: null },
  ])
  const high = await ask({ load: 9 }, 'high')
  expect(high.json.conditions).toMatchObject([
    { elementId: 'high', isMet: true, problem: null },
    { elementId: 'full', isMet: false, problem: expect.stringContaining('disk'), instanceId: null },
  ])
  const instances = () => desk.database.db.selectFrom('instance').select('ticketId').where('processId', '=', 'load').execute()
  expect(await instances()).toEqual([{ ticketId: high.json.conditions[0].instanceId }])
  await ask({ load: 9 }, 'high')
  expect(await instances()).toHaveLength(1)
  expect((await owner('/processes/waits/conditions', { body: {} })).json.errors).toMatchObject([{ path: 'path.id', code: 'noStartEvent' }])
  expect((await owner('/processes/nowhere/conditions', { body: {} })).status).toBe(404)
})
