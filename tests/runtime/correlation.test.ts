import { randomUUID } from 'node:crypto'
import type { Client } from '@temporalio/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { correlateOnce } from '../../activities/correlator.ts'
import { startWaitingIntakes } from '../../activities/intake-starter.ts'
import { type NewMessage, publishMessage, publishSignal } from '../../activities/store/correlation/publish.ts'
import { deployDefinition } from '../../activities/store/definition/definitions.ts'
import { startProcess } from '../../activities/store/ticket/instances.ts'
import { either, listener, onReport, starter, startedBy, thrower, together, waiter } from '../store/correlation-models.ts'
import { createDesk, type Desk, until } from './desk.ts'
import { spawnWorker } from './processes.ts'

let desk: Desk
const hour = 3_600_000

beforeAll(async () => {
  desk = await createDesk()
  await desk.startWorker()
}, 120_000)
afterAll(() => desk.close())

async function deploy(to: Desk, id: string, source: string): Promise<void> {
  const done = await deployDefinition(to.db, { kind: 'process', id, source, baseVersion: null, actorId: 'priya' })
  if (!done.ok) throw new Error(`expected ${id} to deploy, found ${JSON.stringify(done)}`)
}

async function begin(to: Desk, processId: string, variables: Record<string, string> = {}): Promise<string> {
  const { instanceId } = await startProcess(to.db, { processId, startElementId: null, variables, startedById: 'priya' })
  await startWaitingIntakes(to.db, to.client)
  return instanceId
}

const publish = (to: Desk, name: string, correlationKey: string, change: Partial<NewMessage> = {}) =>
  publishMessage(to.db, {
    name,
    correlationKey,
    messageId: randomUUID(),
    variables: {},
    timeToLiveMs: hour,
    source: 'priya',
    at: Date.now(),
    ...change,
  })

const subscribed = (to: Desk, ticketId: string) =>
  until('a subscription', () => to.db.selectFrom('subscription').select('id').where('ticketId', '=', ticketId).executeTakeFirst())

const hasEnded = async (to: Desk, ticketId: string): Promise<boolean> =>
  (await to.db.selectFrom('instance').select('isEnded').where('ticketId', '=', ticketId).executeTakeFirst())?.isEnded === true

const ended = (to: Desk, ticketId: string, timeoutMs?: number) =>
  until(`instance ${ticketId} to end`, () => hasEnded(to, ticketId), timeoutMs)

const count = async (to: Desk, ticketId: string, type: string): Promise<number> =>
  (await to.db.selectFrom('fact').select('sequence').where('streamId', '=', ticketId).where('type', '=', type).execute()).length

const instancesOf = async (to: Desk, processId: string): Promise<string[]> =>
  (await to.db.selectFrom('instance').select('ticketId').where('processId', '=', processId).execute()).map(({ ticketId }) => ticketId)

const variablesOf = async (to: Desk, ticketId: string): Promise<unknown> =>
  (await to.db.selectFrom('instance').select('variables').where('ticketId', '=', ticketId).executeTakeFirstOrThrow()).variables

const isComplete = async (client: Client, id: string) => (await client.workflow.getHandle(id).describe()).status.name === 'COMPLETED'

describe('messages', () => {
  test('one instance throws, another that waits with the key takes it, one with another key does not', async () => {
    await deploy(desk, 'waits', waiter('waits', 'parcel'))
    await deploy(desk, 'throws', thrower('throws', 'parcel'))
    const mine = await begin(desk, 'waits', { key: 'A' })
    const other = await begin(desk, 'waits', { key: 'B' })
    await Promise.all([subscribed(desk, mine), subscribed(desk, other)])
    await begin(desk, 'throws', { key: 'A' })
    await ended(desk, mine)
    expect(await hasEnded(desk, other)).toBe(false)
    await until('its workflow to be over', () => isComplete(desk.client, mine))
  })

  test('published before anyone waits: buffered, then taken once, oldest first', async () => {
    await deploy(desk, 'late', waiter('late', 'early-bird'))
    await publish(desk, 'early-bird', 'K', { variables: { which: 'first' } })
    await publish(desk, 'early-bird', 'K', { variables: { which: 'second' } })
    const one = await begin(desk, 'late', { key: 'K' })
    await ended(desk, one)
    expect(await variablesOf(desk, one)).toMatchObject({ which: 'first' })
    const two = await begin(desk, 'late', { key: 'K' })
    await ended(desk, two)
    expect(await variablesOf(desk, two)).toMatchObject({ which: 'second' })
    const three = await begin(desk, 'late', { key: 'K' })
    await subscribed(desk, three)
    await correlateOnce(desk.db, desk.client)
    expect(await count(desk, three, 'messageCorrelated')).toBe(0)
  })

  test('a message whose time to live is over reaches nobody; one for nobody now and no time to live is gone', async () => {
    await deploy(desk, 'expired', waiter('expired', 'stale'))
    await publish(desk, 'stale', 'K', { at: Date.now() - 2 * hour })
    await publish(desk, 'stale', 'K', { timeToLiveMs: 0 })
    const id = await begin(desk, 'expired', { key: 'K' })
    await subscribed(desk, id)
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect(await count(desk, id, 'messageCorrelated')).toBe(0)
    await publish(desk, 'stale', 'K', { timeToLiveMs: 0 })
    await ended(desk, id)
  })

  test('the same message id twice is one message', async () => {
    await deploy(desk, 'once', waiter('once', 'single'))
    const ids = [await begin(desk, 'once', { key: 'K' }), await begin(desk, 'once', { key: 'K' })]
    await Promise.all(ids.map((id) => subscribed(desk, id)))
    const results = await Promise.all(Array.from({ length: 5 }, () => publish(desk, 'single', 'K', { messageId: 'same' })))
    expect(results.filter(({ isNew }) => isNew)).toHaveLength(1)
    await until('one of the two to end', async () => (await Promise.all(ids.map((id) => hasEnded(desk, id)))).includes(true))
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect((await Promise.all(ids.map((id) => hasEnded(desk, id)))).filter(Boolean)).toHaveLength(1)
  })

  test('one receiver of each process definition', async () => {
    await deploy(desk, 'left', waiter('left', 'both'))
    await deploy(desk, 'right', waiter('right', 'both'))
    const [left, left2, right] = [
      await begin(desk, 'left', { key: 'K' }),
      await begin(desk, 'left', { key: 'K' }),
      await begin(desk, 'right', { key: 'K' }),
    ]
    await Promise.all([left, left2, right].map((id) => subscribed(desk, id)))
    const { receivers } = await publish(desk, 'both', 'K')
    expect(receivers.map(({ processId }) => processId).toSorted()).toEqual(['left', 'right'])
    await Promise.all([
      ended(desk, right),
      until('a left one to end', async () => (await hasEnded(desk, left)) || (await hasEnded(desk, left2))),
    ])
    expect([await hasEnded(desk, left), await hasEnded(desk, left2)].filter(Boolean)).toHaveLength(1)
  })
})

describe('starts', () => {
  test('a message starts an instance, which does not take the same message again; while it runs, its key starts no second one', async () => {
    await deploy(desk, 'exclusive', starter('exclusive', 'order', 'order'))
    await publish(desk, 'order', 'K', { variables: { key: 'K', n: 1 } })
    const [first] = await until('the first instance', async () => {
      const all = await instancesOf(desk, 'exclusive')
      return all.length > 0 && all
    })
    await subscribed(desk, first as string)
    await correlateOnce(desk.db, desk.client)
    expect(await hasEnded(desk, first as string)).toBe(false)
    // The second goes to the catch of the running instance; the third starts another when the first has ended.
    await publish(desk, 'order', 'K', { variables: { key: 'K', n: 2 } })
    await ended(desk, first as string)
    expect(await variablesOf(desk, first as string)).toMatchObject({ n: 2 })
    expect(await instancesOf(desk, 'exclusive')).toHaveLength(1)
  })

  test('what is buffered behind a running instance starts the next when it ends', async () => {
    await deploy(desk, 'queueing', starter('queueing', 'claim', 'settled'))
    for (const n of [1, 2, 3]) await publish(desk, 'claim', 'K', { variables: { key: 'K', n } })
    for (const n of [1, 2, 3]) {
      const all = await until(`instance ${n}`, async () => {
        const found = await instancesOf(desk, 'queueing')
        return found.length === n && found
      })
      const running = (await Promise.all(all.map(async (id) => ((await hasEnded(desk, id)) ? [] : [id])))).flat()
      expect(running).toHaveLength(1)
      await subscribed(desk, running[0] as string)
      expect(await variablesOf(desk, running[0] as string)).toMatchObject({ n })
      await publish(desk, 'settled', 'K')
      await ended(desk, running[0] as string)
    }
    expect(await instancesOf(desk, 'queueing')).toHaveLength(3)
  })

  test('a message opens a ticket when the process is a ticket’s', async () => {
    await deploy(desk, 'reported', startedBy('reported', onReport, 'incident'))
    await publish(desk, 'report', 'T', { variables: { title: 'Fire alarm', requesterId: 'camille', impact: 1, room: '3.14' } })
    const ticket = await until('the ticket', () =>
      desk.db.selectFrom('ticket').selectAll().where('title', '=', 'Fire alarm').executeTakeFirst(),
    )
    expect(ticket).toMatchObject({ kind: 'incident', requesterId: 'camille', impact: 1, channel: 'api', extra: { room: '3.14' } })
    await ended(desk, ticket.id)
  })
})

test('a signal reaches all instances that listen when it is sent, once each', async () => {
  await deploy(desk, 'listens', listener('listens', 'all-hands'))
  const ids = [await begin(desk, 'listens'), await begin(desk, 'listens')]
  await Promise.all(ids.map((id) => subscribed(desk, id)))
  const signal = { name: 'all-hands', messageId: 's1', variables: { loud: true }, source: 'priya', at: Date.now(), exceptTicketId: null }
  expect((await publishSignal(desk.db, signal)).receivers).toHaveLength(2)
  expect((await publishSignal(desk.db, signal)).isNew).toBe(false)
  const late = await begin(desk, 'listens')
  await Promise.all(ids.map((id) => ended(desk, id)))
  await subscribed(desk, late)
  await correlateOnce(desk.db, desk.client)
  expect(await hasEnded(desk, late)).toBe(false)
})

describe.each(['event', 'gateway'] as const)('a parallel start by a %s', (by) => {
  const [one, two, alarm] = [`one-${by}`, `two-${by}`, `alarm-${by}`]
  const signal = (messageId: string) =>
    publishSignal(desk.db, { name: alarm, messageId, variables: {}, source: 'priya', at: Date.now(), exceptTicketId: null })
  const begun = async (processId: string, total: number): Promise<string[]> =>
    until(`${total} instances`, async () => {
      const ids = await instancesOf(desk, processId)
      return ids.length >= total && ids
    })

  test('with one key comes to one instance, whoever is first; another key to another', async () => {
    const id = `together-${by}`
    await deploy(desk, id, together(id, by, [one, two], alarm))
    await Promise.all([publish(desk, one, 'A'), publish(desk, two, 'A'), publish(desk, two, 'B')])
    const ids = await begun(id, 2)
    await Promise.all(ids.map((ticketId) => subscribed(desk, ticketId)))
    await signal(`${by}-1`)
    const ended = await until('one of them to end', async () => {
      const all = await Promise.all(ids.map((ticketId) => hasEnded(desk, ticketId)))
      return all.some(Boolean) && all
    })
    expect(ended.filter(Boolean)).toHaveLength(1)
    await publish(desk, one, 'B')
    await Promise.all(ids.map((ticketId) => until('the other to end', () => hasEnded(desk, ticketId))))
    expect(await instancesOf(desk, id)).toHaveLength(2)
  })

  test('without a key the parts of one moment meet', async () => {
    const id = `keyless-${by}`
    await deploy(desk, id, together(id, by, [`k${one}`, `k${two}`], `k${alarm}`))
    const bare = (name: string) =>
      publishMessage(desk.db, {
        name,
        correlationKey: null,
        messageId: randomUUID(),
        variables: {},
        timeToLiveMs: hour,
        source: 'priya',
        at: Date.now(),
      })
    await Promise.all([bare(`k${one}`), bare(`k${two}`)])
    const [ticketId] = (await begun(id, 1)) as [string]
    await subscribed(desk, ticketId)
    await publishSignal(desk.db, {
      name: `k${alarm}`,
      messageId: `${by}-k`,
      variables: {},
      source: 'priya',
      at: Date.now(),
      exceptTicketId: null,
    })
    await ended(desk, ticketId)
    expect(await instancesOf(desk, id)).toEqual([ticketId])
  })
})

test('a start event of several triggers starts by each of them', async () => {
  await deploy(desk, 'either', either('either'))
  await publish(desk, 'report', 'either')
  await publishSignal(desk.db, { name: 'alarm', messageId: 'either', variables: {}, source: 'priya', at: Date.now(), exceptTicketId: null })
  await until('both instances', async () => (await instancesOf(desk, 'either')).length === 2)
})

test('the worker is killed between publishing and delivery: each message is delivered once, in order', async () => {
  const own = await createDesk()
  let worker = await spawnWorker(own.env)
  try {
    await deploy(own, 'waits', waiter('waits', 'parcel'))
    const keys = Array.from({ length: 12 }, (_, n) => `K${n}`)
    const ids = await Promise.all(keys.map((key) => begin(own, 'waits', { key })))
    await Promise.all(ids.map((id) => subscribed(own, id)))
    await Promise.all(keys.slice(0, 6).map((key) => publish(own, 'parcel', key, { messageId: key })))
    await worker.kill()
    await Promise.all(keys.map((key) => publish(own, 'parcel', key, { messageId: key })))
    worker = await spawnWorker(own.env)
    await Promise.all(ids.map((id) => ended(own, id, 60_000)))
    for (const id of ids) expect(await count(own, id, 'messageCorrelated')).toBe(1)
    const unsettled = await until('an empty outbox', async () => {
      const rows = await own.db.selectFrom('delivery').select('id').where('settledAt', 'is', null).execute()
      return rows.length === 0 && [rows]
    })
    expect(unsettled).toHaveLength(1)
    const outcomes = await own.db.selectFrom('delivery').select('outcome').distinct().execute()
    expect(outcomes).toEqual([{ outcome: 'delivered' }])
  } finally {
    await worker.kill()
    await own.close()
  }
}, 150_000)
