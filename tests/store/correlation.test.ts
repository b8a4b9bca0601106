import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Fact } from '#schema/fact'
import { settleDelivered, settleRefused, waitingDeliveries } from '../../activities/store/correlation/outbox.ts'
import { forgetAfterMs, forgetOldPublications, publishMessage } from '../../activities/store/correlation/publish.ts'
import { catalogueStartTriggers, fireDueStarts, upcoming } from '../../activities/store/correlation/triggers.ts'
import type { Db } from '../../activities/store/database.ts'
import { deployDefinition } from '../../activities/store/definition/definitions.ts'
import { appendNext } from '../../activities/store/facts.ts'
import { testDatabase } from '../setup/database.ts'
import { cycle, startedBy } from './correlation-models.ts'

const hour = 3_600_000
const now = Date.now()

async function instance(db: Db, processId = 'p'): Promise<string> {
  const ticketId = randomUUID()
  await db.insertInto('instance').values({ ticketId, processId, processVersion: 1, bundleHash: 'x' }).execute()
  return ticketId
}
const tell = (db: Db, ticketId: string, ...facts: Fact[]) =>
  appendNext(
    db,
    ticketId,
    facts.map((fact) => ({ actorId: 'system', fact })),
  )
const opens = (waitId: string, name = 'parcel', correlationKey: string | null = 'K'): Fact => ({
  type: 'subscriptionOpened',
  at: now,
  elementId: 'caught',
  waitId,
  kind: 'message',
  name,
  correlationKey,
})
const message = (messageId: string, timeToLiveMs = hour) => ({
  name: 'parcel',
  correlationKey: 'K',
  messageId,
  variables: {},
  timeToLiveMs,
  source: 'priya',
  at: now,
})
const outcomes = async (db: Db) => (await db.selectFrom('delivery').select(['ticketId', 'outcome']).orderBy('id').execute()).map((r) => r)

test('twenty publishers and twenty subscribers at once: every message has one receiver, every receiver one message', async () => {
  const { db } = await testDatabase()
  const ids = await Promise.all(Array.from({ length: 20 }, () => instance(db)))
  await Promise.all([...ids.map((id) => tell(db, id, opens('e1'))), ...ids.map((_, n) => publishMessage(db, message(`m${n}`)))])
  const given = await db.selectFrom('messageReceipt').select(['publicationId', 'ticketId']).execute()
  expect(new Set(given.map((r) => r.publicationId)).size).toBe(20)
  expect(new Set(given.map((r) => r.ticketId)).size).toBe(20)
  expect(given).toHaveLength(20)
})

test('a refused message goes to the next who waits, and is not lost without one', async () => {
  const { db } = await testDatabase()
  const [first, second, third] = [await instance(db), await instance(db), await instance(db)]
  await tell(db, first, opens('e1'))
  await tell(db, second, opens('e1'))
  await publishMessage(db, message('m'))
  const refuse = async () => {
    const [delivery] = await waitingDeliveries(db, now)
    if (delivery) await settleRefused(db, delivery, 'nothing waits', now)
  }
  await refuse()
  await refuse()
  await tell(db, third, opens('e1'))
  expect(await outcomes(db)).toEqual([
    { ticketId: first, outcome: 'refused' },
    { ticketId: second, outcome: 'refused' },
    { ticketId: third, outcome: null },
  ])
})

test('a refusal after the correlation was recorded was a delivery: nobody else gets the message', async () => {
  const { db } = await testDatabase()
  const [first, second] = [await instance(db), await instance(db)]
  await tell(db, first, opens('e1'))
  await publishMessage(db, message('m'))
  const [delivery] = await waitingDeliveries(db, now)
  await tell(db, first, { type: 'messageCorrelated', at: now, elementId: 'caught', waitId: 'e1', name: 'parcel', messageId: 'm' })
  await tell(db, first, { type: 'subscriptionClosed', at: now, elementId: 'caught', waitId: 'e1' })
  if (delivery) await settleRefused(db, delivery, 'the instance has ended', now)
  await tell(db, second, opens('e1'))
  expect(await outcomes(db)).toEqual([{ ticketId: first, outcome: 'delivered' }])
})

test('a subscription that stays open takes the messages one after the other', async () => {
  const { db } = await testDatabase()
  const id = await instance(db)
  await tell(db, id, opens('e1'))
  await publishMessage(db, message('a'))
  await publishMessage(db, message('b'))
  const seen: unknown[] = []
  for (let round = 0; round < 3; round++) {
    const [delivery] = await waitingDeliveries(db, now)
    if (!delivery) break
    seen.push((delivery.payload as { messageId: string }).messageId)
    await settleDelivered(db, delivery, now)
  }
  expect(seen).toEqual(['a', 'b'])
})

test('an end removes all subscriptions; the time to live counts at correlation', async () => {
  const { db } = await testDatabase()
  const id = await instance(db)
  await tell(db, id, opens('e1'), opens('e2', 'other'))
  await tell(db, id, { type: 'instanceCanceled', at: now, reason: 'no' })
  expect(await db.selectFrom('subscription').select('id').execute()).toEqual([])
  await publishMessage(db, { ...message('old'), at: now - 2 * hour })
  await tell(db, await instance(db), opens('e1'))
  expect(await outcomes(db)).toEqual([])
  await forgetOldPublications(db, now + hour)
  expect(await db.selectFrom('publication').select('id').execute()).toHaveLength(1)
  await forgetOldPublications(db, now + forgetAfterMs)
  expect(await db.selectFrom('publication').select('id').execute()).toEqual([])
})

test('a timer start fires once per occurrence, whoever asks; missed ones come to one; the next version replaces it', async () => {
  const { db } = await testDatabase()
  const deploy = (text: string) =>
    deployDefinition(db, {
      kind: 'process',
      id: 'nightly',
      source: startedBy('nightly', cycle(text)),
      baseVersion: null,
      actorId: 'priya',
      at: now,
    })
  expect((await deploy('R3/PT10M')).ok).toBe(true)
  const ten = 600_000
  expect(await fireDueStarts(db, now)).toBe(0)
  const fired = await Promise.all([fireDueStarts(db, now + ten), fireDueStarts(db, now + ten)])
  expect(fired.reduce((sum, n) => sum + n, 0)).toBe(1)
  expect(await fireDueStarts(db, now + 10 * ten)).toBe(1)
  expect(await fireDueStarts(db, now + 20 * ten)).toBe(0)
  expect((await deploy('R/PT1H')).ok).toBe(true)
  expect(await fireDueStarts(db, now + hour)).toBe(1)
  expect((await outcomes(db)).length).toBe(3)
})

test('start events of processes deployed before the catalogue are found', async () => {
  const { db } = await testDatabase()
  await deployDefinition(db, {
    kind: 'process',
    id: 'nightly',
    source: startedBy('nightly', cycle('R/PT1H')),
    baseVersion: null,
    actorId: 'priya',
  })
  await db.deleteFrom('startCatalogue').execute()
  await db.deleteFrom('startTrigger').execute()
  expect(await catalogueStartTriggers(db, now)).toBe(1)
  expect(await catalogueStartTriggers(db, now)).toBe(0)
  expect(await db.selectFrom('startTrigger').select('elementId').execute()).toEqual([{ elementId: 'start' }])
})

test.each([
  [{ dueAt: 0, interval: 'PT1M', remaining: 3 }, 60_000, { dueAt: 120_000, remaining: 1 }],
  [{ dueAt: 0, interval: 'PT1M', remaining: 2 }, 120_000, null],
  [{ dueAt: 90_000, interval: 'PT1M', remaining: 1 }, 0, { dueAt: 90_000, remaining: 1 }],
])('upcoming %j after %d ms', (from, at, expected) => {
  const next = upcoming(from, at, 'UTC')
  if (expected === null) expect(next).toBeNull()
  else expect(next).toMatchObject(expected)
})
