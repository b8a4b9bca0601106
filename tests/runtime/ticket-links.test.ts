import { afterAll, beforeAll, expect, test } from 'vitest'
import { deliverCommands } from '../../activities/intake-starter.ts'
import { readFacts } from '../../activities/store/facts.ts'
import { verifyLedger } from '../../activities/store/ledger.ts'
import { linksOf, linkTickets, unlinkTickets } from '../../activities/store/ticket/ticket-links.ts'
import { watchersOf, watchTicket } from '../../activities/store/ticket/watchers.ts'
import { administrator, agent, createDesk, type Desk, openTask, requester, until } from './desk.ts'

let desk: Desk

beforeAll(async () => {
  desk = await createDesk()
  await desk.startWorker()
})
afterAll(() => desk.close())

/** What a stream says of its links and watchers. */
async function told(ticketId: string): Promise<string[]> {
  const facts = await readFacts(desk.db, ticketId, 0, 1_000)
  return facts.flatMap(({ fact }) => {
    if (fact.type === 'ticketLinked' || fact.type === 'ticketUnlinked') return [`${fact.type} ${fact.kind} ${fact.direction}`]
    return fact.type === 'watcherAdded' || fact.type === 'watcherRemoved' ? [`${fact.type} ${fact.address}`] : []
  })
}

async function deliverAll(): Promise<void> {
  await until('the outbox to be empty', async () => {
    await deliverCommands(desk.db, desk.client)
    const waiting = await desk.db.selectFrom('commandOutbox').select('id').where('deliveredAt', 'is', null).executeTakeFirst()
    return waiting === undefined
  })
}

async function end(ticketId: string): Promise<void> {
  await openTask(desk, ticketId, 'triage')
  // what runs beside the triage has come to its end: an activity that ends in the same moment as the workflow would make the server ask again
  await until('the triage to be all that is left', async () =>
    (await desk.snapshot(ticketId)).active.every(({ elementId }) => elementId === 'incident' || elementId === 'triage'),
  )
  await desk.update(ticketId, 'cancelInstance', { reason: 'test' }, administrator)
}

test('a link is told in both tickets, once, and so is its removal', async () => {
  const [child, parent] = await Promise.all([desk.start(), desk.start()])
  const linkId = '00000000-0000-4000-8000-00000000a001'
  const link = { kind: 'childOf' as const, fromId: child, toId: parent, actor: agent, linkId }
  expect(await linkTickets(desk.db, link)).toMatchObject({ isNew: true })
  expect(await linkTickets(desk.db, link)).toMatchObject({ isNew: false })
  // decided before it is told
  expect((await linksOf(desk.db, parent)).map(({ other, direction }) => [other.id, direction])).toEqual([[child, 'in']])
  await deliverAll()
  expect([await told(child), await told(parent)]).toEqual([['ticketLinked childOf out'], ['ticketLinked childOf in']])
  await unlinkTickets(desk.db, { linkId, actor: agent, reason: 'wrong ticket' })
  await deliverAll()
  expect((await told(child)).at(-1)).toBe('ticketUnlinked childOf out')
  expect((await told(parent)).at(-1)).toBe('ticketUnlinked childOf in')
  expect(await linksOf(desk.db, child)).toEqual([])
})

test('a ticket that has ended can still be linked; one that ends while the link is on its way loses nothing', async () => {
  const [ended, ending, other] = await Promise.all([desk.start(), desk.start(), desk.start()])
  await end(ended)
  await linkTickets(desk.db, { kind: 'related', fromId: ended, toId: other, actor: agent })
  expect(await told(ended)).toEqual(['ticketLinked related out'])
  await openTask(desk, ending, 'triage')
  await linkTickets(desk.db, { kind: 'related', fromId: ending, toId: other, actor: agent })
  await end(ending)
  await deliverAll()
  await deliverAll()
  expect(await told(ending)).toEqual(['ticketLinked related out'])
  expect(await told(other)).toEqual(['ticketLinked related in', 'ticketLinked related in'])
  expect((await verifyLedger(desk.db)).isIntact).toBe(true)
})

test('two links that would close a circle together: the second is refused', async () => {
  const [one, two] = await Promise.all([desk.start(), desk.start()])
  const outcomes = await Promise.allSettled([
    linkTickets(desk.db, { kind: 'childOf', fromId: one, toId: two, actor: agent }),
    linkTickets(desk.db, { kind: 'childOf', fromId: two, toId: one, actor: agent }),
  ])
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'linkCycle' } })
})

test('a watcher is told of in the ticket, once; its requester is none', async () => {
  const ticketId = await desk.start()
  expect(await watchTicket(desk.db, { ticketId, personId: requester.id, actor: agent })).toBe(false)
  expect(await watchTicket(desk.db, { ticketId, address: 'Someone@Elsewhere.example', actor: agent })).toBe(true)
  await deliverAll()
  expect(await watchTicket(desk.db, { ticketId, address: 'someone@elsewhere.example', actor: agent })).toBe(false)
  expect((await watchersOf(desk.db, ticketId)).map(({ address }) => address)).toEqual(['someone@elsewhere.example'])
  expect(await told(ticketId)).toEqual(['watcherAdded someone@elsewhere.example'])
})
