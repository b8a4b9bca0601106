/** Contacts of every channel: calls reported in any order, chats, the counter, and the figures over exactly these contacts. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seedDesks } from '../../activities/store/seed.ts'
import { type Answer, type CallInit, type TestDesk, testDesk } from './desk.ts'

let desk: TestDesk
type Caller = (path: string, init?: CallInit) => Promise<Answer>
let cti: Caller
let admin: Caller
let agent: Caller
const start = Date.UTC(2026, 10, 25, 9)
const iso = (seconds: number) => new Date(start + seconds * 1_000).toISOString()

beforeAll(async () => {
  desk = await testDesk()
  await seedDesks(desk.deps.db)
  admin = await desk.as('administrator')
  agent = await desk.as('agent')
  const { key } = (await admin('/api-keys', { body: { name: 'PABX', personId: 'leila' } })).json
  cti = (path, init = {}) => desk.call(path, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } })
  await desk.deps.db.insertInto('personPhone').values({ number: '+33611111111', personId: 'martin-boulangerie' }).execute()
})
afterAll(() => desk.close())

interface Event {
  type: string
  at: number
  agent?: string
}
const send = (callId: string, { type, at, agent: who }: Event, change: object = {}) =>
  cti('/interactions/calls', {
    body: {
      callId,
      type,
      at: iso(at),
      from: '0611111111',
      to: '+33800100200',
      queue: 'commandes',
      ...(who ? { agent: who } : {}),
      ...change,
    },
  })
const callOf = async (callId: string) =>
  desk.deps.db.selectFrom('interaction').selectAll().where('callId', '=', callId).executeTakeFirstOrThrow()

describe('a call, reported by the telephone system', () => {
  const events: Event[] = [
    { type: 'offered', at: 0 },
    { type: 'answered', at: 12, agent: 'leila@example.org' },
    { type: 'held', at: 60 },
    { type: 'resumed', at: 90 },
    { type: 'ended', at: 200 },
    { type: 'wrappedUp', at: 230 },
  ]
  it('is one interaction, the same in any order and when every report comes twice', async () => {
    const orders = [events, [...events].reverse(), [4, 1, 5, 0, 3, 2].map((n) => events[n] as Event)]
    const found = []
    for (const [n, order] of orders.entries()) {
      for (const event of [...order, ...order]) expect((await send(`order-${n}`, event)).status).toBe(202)
      const { id: _, callId: __, ...row } = await callOf(`order-${n}`)
      found.push({ ...row, receivedAt: null })
    }
    expect(found[1]).toEqual(found[0])
    expect(found[2]).toEqual(found[0])
    expect(found[0]).toMatchObject({
      deskId: 'calls',
      personId: 'martin-boulangerie',
      agentId: 'leila',
      queue: 'commandes',
      holdMs: 30_000,
      disposition: 'open',
    })
    expect((await desk.deps.db.selectFrom('interaction').select('id').where('callId', 'like', 'order-%').execute()).length).toBe(3)
    const facts = await desk.deps.db
      .selectFrom('fact')
      .select('type')
      .where('streamId', '=', `interaction/${(await callOf('order-1')).id}`)
      .execute()
    expect(facts.length).toBeGreaterThan(3)
  })

  it('that was given up is abandoned, until the report comes that it was answered after all', async () => {
    await send('late', { type: 'abandoned', at: 40 })
    await send('late', { type: 'offered', at: 10 })
    expect(await callOf('late')).toMatchObject({ disposition: 'abandoned', answeredAt: null })
    await send('late', { type: 'answered', at: 35, agent: 'leila' })
    expect(await callOf('late')).toMatchObject({ disposition: 'open', abandonedAt: null, agentId: 'leila' })
  })

  it('to a number whose desk takes no calls is refused; a malformed one names its field', async () => {
    const { json: desks } = await admin('/desks')
    const {
      id: _,
      typeName: __,
      isMine: ___,
      hasOnSiteTasks: ____,
      firstChannel: _____,
      contactKinds: ________,
      openTickets: ______,
      kioskUrl: _______,
      ...customers
    } = desks.items.find((d: { id: string }) => d.id === 'customers')
    await admin('/desks/customers', { body: { ...customers, channels: ['mail'] } })
    const refused = await send('refused', { type: 'offered', at: 0 }, { to: '+33123456710' })
    expect([refused.status, refused.json.code]).toEqual([422, 'channelNotOfDesk'])
    await admin('/desks/customers', { body: customers })
    const malformed = await send('malformed', { type: 'ringing', at: 0 }, { from: 'anonymous' })
    expect(malformed.json.errors.map((e: { path: string }) => e.path).sort()).toEqual(['from', 'type'])
  })
})

describe('the figures of calls', () => {
  it('count exactly the interactions that their lists open', async () => {
    const contacts: [string, Event[]][] = [
      [
        'f1',
        [
          { type: 'offered', at: 1_000 },
          { type: 'answered', at: 1_010, agent: 'leila' },
          { type: 'ended', at: 1_110 },
          { type: 'wrappedUp', at: 1_130 },
        ],
      ],
      [
        'f2',
        [
          { type: 'offered', at: 1_000 },
          { type: 'answered', at: 1_050, agent: 'leila' },
          { type: 'ended', at: 1_150 },
        ],
      ],
      [
        'f3',
        [
          { type: 'offered', at: 1_000 },
          { type: 'abandoned', at: 1_030 },
        ],
      ],
      [
        'f4',
        [
          { type: 'offered', at: 1_000 },
          { type: 'abandoned', at: 1_003 },
        ],
      ],
      ['f5', [{ type: 'offered', at: 1_000 }]],
    ]
    for (const [callId, events] of contacts) for (const event of events) await send(callId, event)
    const period = `deskId=calls&from=${iso(900)}&to=${iso(1_200)}`
    const { json } = await cti(`/interactions/figures?${period}`)
    expect(json).toMatchObject({
      offered: 4,
      answered: 2,
      abandoned: 1,
      shortAbandoned: 1,
      withinThreshold: 1,
      handled: 2,
      waiting: 1,
      abandonmentRate: 0.25,
      serviceLevel: 0.25,
      asa: { meanMs: 30_000, medianMs: 30_000 },
      aht: { meanMs: 110_000 },
    })
    expect(json.definitions.find((d: { id: string }) => d.id === 'abandoned').formula).toContain('5 s')
    for (const metric of ['offered', 'answered', 'abandoned', 'shortAbandoned', 'withinThreshold', 'handled', 'waiting']) {
      const list = (await cti(`/interactions?${period}&metric=${metric}`)).json
      expect([metric, list.total, list.items.length]).toEqual([metric, json[metric], json[metric]])
    }
    const stricter = (await cti(`/interactions/figures?${period}&thresholdSeconds=60&shortAbandonSeconds=0`)).json
    expect([stricter.withinThreshold, stricter.offered, stricter.abandoned]).toEqual([2, 5, 2])
    expect((await agent(`/interactions/figures?${period}`)).json.offered).toBe(0)
  })
})

describe('an agent notes how a contact ended', () => {
  it('answered on the spot: no ticket', async () => {
    await send('spot', { type: 'offered', at: 2_000 })
    const { id } = await callOf('spot')
    const { json } = await cti(`/interactions/${id}/wrap-up`, {
      body: { disposition: 'answered', outcome: 'informed', note: 'Horaires donnés' },
    })
    expect(json).toMatchObject({ disposition: 'answered', outcome: 'informed', ticketId: null, agent: { id: 'leila' } })
    await send('spot', { type: 'ended', at: 2_100 })
    expect((await callOf('spot')).disposition).toBe('answered')
  })

  it('as a ticket of the desk, once', async () => {
    await send('ticket', { type: 'offered', at: 3_000 })
    const { id } = await callOf('ticket')
    const body = { disposition: 'ticket', kind: 'request', title: 'Commande en retard', note: 'Commande 4711' }
    const first = await cti(`/interactions/${id}/wrap-up`, { body, headers: { 'idempotency-key': 'wrap-1' } })
    const again = await cti(`/interactions/${id}/wrap-up`, { body, headers: { 'idempotency-key': 'wrap-2' } })
    expect([first.json.number, again.json.number]).toEqual([expect.stringMatching(/^REQ-/), first.json.number])
    const ticket = await desk.deps.db.selectFrom('ticket').selectAll().where('id', '=', first.json.ticketId).executeTakeFirstOrThrow()
    expect(ticket).toMatchObject({ deskId: 'calls', requesterId: 'martin-boulangerie', title: 'Commande en retard', channel: 'phone' })
    const refused = await cti(`/interactions/${id}/wrap-up`, { body: { disposition: 'answered' } })
    expect([refused.status, refused.json.code]).toEqual([409, 'interactionIsTicket'])
  })

  it('of an unknown caller: says that the requester is needed, and takes him by name', async () => {
    await send('unknown', { type: 'offered', at: 4_000 }, { from: '+33699999999' })
    const { id } = await callOf('unknown')
    const body = { disposition: 'ticket', kind: 'request', title: 'Devis' }
    expect((await cti(`/interactions/${id}/wrap-up`, { body })).json).toMatchObject({
      code: 'requesterNeeded',
      errors: [{ path: 'personId' }],
    })
    expect((await cti(`/interactions/${id}/wrap-up`, { body: { ...body, personId: 'durand-garage' } })).json.number).toMatch(/^REQ-/)
    const thread = (await cti('/interactions?personId=durand-garage')).json.items
    expect(thread.map((row: { id: string }) => row.id)).toContain(id)
  })

  it('is not for agents of another desk', async () => {
    const { id } = await callOf('spot')
    expect((await agent(`/interactions/${id}/wrap-up`, { body: { disposition: 'answered' } })).json.code).toBe('interactionNotFound')
  })
})

describe('a chat or a social network', () => {
  const say = (messageId: string, text: string, change: object = {}) =>
    cti('/interactions/contacts', {
      body: {
        channel: 'social',
        conversationId: 'c1',
        messageId,
        from: { handle: '@sophie', phone: '+33611111111' },
        text,
        deskId: 'calls',
        ...change,
      },
    })
  it('is one interaction per conversation; a message delivered twice is stored once, and joins the ticket', async () => {
    const first = await say('m1', 'Où est ma commande ?')
    expect((await say('m1', 'Où est ma commande ?')).json.interactionId).toBe(first.json.interactionId)
    const { json } = await cti(`/interactions/${first.json.interactionId}/wrap-up`, {
      body: { disposition: 'ticket', kind: 'request', title: 'Commande' },
    })
    const later = await say('m2', 'Merci de faire vite')
    expect(later.json).toEqual({ interactionId: first.json.interactionId, ticketId: json.ticketId })
    await say('m2', 'Merci de faire vite')
    const outbox = await desk.deps.db.selectFrom('commandOutbox').select('updateName').where('ticketId', '=', json.ticketId).execute()
    expect(outbox.filter(({ updateName }) => updateName === 'addMessage').length).toBe(1)
    expect((await say('m3', 'x', { channel: 'webhook', conversationId: 'c9', deskId: 'customers' })).json.code).toBe('channelNotOfDesk')
  })
})

describe('the counter', () => {
  it('gives numbers in order, tells place and wait, and two agents never call the same visitor', async () => {
    const kiosk = (await admin('/desks')).json.items
      .find((d: { id: string }) => d.id === 'it')
      .kioskUrl.split('/')
      .at(-1)
    const take = async (name: string) => (await desk.call(`/kiosk/${kiosk}`, { body: { name } })).json
    const visits = [await take('Ada'), await take('Ben'), await take('Cléo')]
    expect(visits.map(({ number, position, state }) => [number, position, state])).toEqual([
      ['A001', 1, 'waiting'],
      ['A002', 2, 'waiting'],
      ['A003', 3, 'waiting'],
    ])
    expect(visits[2].estimatedWaitMs).toBeGreaterThan(visits[0].estimatedWaitMs)
    expect((await desk.call(`/kiosk/${kiosk}/visits/${visits[1].id}/leave`, { method: 'POST' })).json.state).toBe('left')
    const called = await Promise.all([agent('/desks/it/call-next', { method: 'POST' }), agent('/desks/it/call-next', { method: 'POST' })])
    expect(called.map(({ json }) => json.visitNumber).sort()).toEqual(['A001', 'A003'])
    expect((await agent('/desks/it/call-next', { method: 'POST' })).json.code).toBe('nobodyWaiting')
    expect((await desk.call(`/kiosk/${kiosk}/visits/${visits[2].id}`)).json).toMatchObject({ state: 'called', position: 0 })
    expect((await desk.call(`/kiosk/${kiosk}`)).json).toMatchObject({
      waiting: 0,
      called: [{ number: expect.any(String) }, { number: expect.any(String) }],
    })
  })

  it('is closed to a forged address, to desks without a counter, and to other desks’ agents', async () => {
    const kiosk: string = (await admin('/desks')).json.items
      .find((d: { id: string }) => d.id === 'it')
      .kioskUrl.split('/')
      .at(-1)
    expect((await desk.call(`/kiosk/calls.${kiosk.split('.')[1]}`)).json.code).toBe('kioskLinkInvalid')
    expect((await admin('/desks')).json.items.find((d: { id: string }) => d.id === 'calls').kioskUrl).toBe(null)
    expect((await cti('/desks/it/call-next', { method: 'POST' })).json.code).toBe('notOfThisDesk')
  })
})
