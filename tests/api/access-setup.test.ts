/** How access is set up: systems behind a webhook with a signing secret, a trial and a log; job profiles and what they would give. */
import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { grantAccess } from '../../activities/store/access/access-rights.ts'
import { seedAccess } from '../../activities/store/access/seed-access.ts'
import { type Answer, type CallInit, type TestDesk, testDesk } from './desk.ts'

let desk: TestDesk
let admin: (path: string, init?: CallInit) => Promise<Answer>
let server: Server
let url: string
const system = { status: 200, calls: [] as { headers: Record<string, unknown>; body: string }[] }

beforeAll(async () => {
  desk = await testDesk({ hasDefinitions: false })
  await seedAccess(desk.database.db)
  admin = await desk.as('administrator')
  server = createServer((call, response) => {
    let body = ''
    call.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    call.on('end', () => {
      system.calls.push({ headers: call.headers, body })
      response.statusCode = system.status
      response.end(system.status === 200 ? JSON.stringify({ reference: 'OK-1' }) : 'no such operation')
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`
}, 60_000)
afterAll(async () => {
  server?.close()
  await desk?.close()
}, 60_000)
beforeEach(() => {
  system.status = 200
  system.calls = []
})

const save = (id: string, body: object) => admin(`/access/connectors/${id}`, { body })

describe('a system behind a webhook', () => {
  it('is set up, tried, and its log says what it answered; nothing is signed before it has a secret', async () => {
    expect((await save('wiki', { kind: 'webhook', name: 'Wiki', url })).json).toMatchObject({ hasSecret: false, secretSetAt: null, url })
    const trial = await admin('/access/connectors/wiki/test', { body: {} })
    expect(trial.json).toEqual({ isDone: true, reference: 'OK-1', error: '' })
    expect(JSON.parse(system.calls[0]!.body)).toEqual({ operation: 'test', subject: {}, ticketId: null })
    expect(system.calls[0]!.headers['guichet-signature']).toBeUndefined()
    const log = (await admin('/access/connectors/wiki/attempts')).json.items
    expect(log).toMatchObject([{ operation: 'test', state: 'done', reference: 'OK-1', error: null, ticket: null }])
  })
  it('gets a secret that is shown once, signs every call, and is in no answer and no fact', async () => {
    const made = await admin('/access/connectors/wiki/secret', { body: {} })
    const { secret } = made.json
    expect([made.headers.get('cache-control'), secret.startsWith('gcs_'), made.json.connector.hasSecret]).toEqual(['no-store', true, true])
    await admin('/access/connectors/wiki/test', { body: {} })
    const [{ headers, body }] = system.calls as [(typeof system.calls)[number]]
    const expected = createHmac('sha256', secret).update(`${headers['guichet-timestamp']}.${body}`).digest('hex')
    expect(headers['guichet-signature']).toBe(`v1=${expected}`)
    const read = (await admin('/access/connectors')).text + (await admin('/access/connectors/wiki/attempts')).text
    const row = await desk.database.db.selectFrom('provisionConnector').select('secret').where('id', '=', 'wiki').executeTakeFirstOrThrow()
    const facts = await desk.database.db.selectFrom('fact').select('body').where('streamId', '=', 'connector/wiki').execute()
    for (const told of [read, JSON.stringify(facts), row.secret]) expect(told).not.toContain(secret)
    expect(JSON.stringify(facts)).toContain('secretSetAt')
    const other = await admin('/access/connectors/wiki/secret', { body: {} })
    expect(other.json.secret).not.toBe(secret)
  })
  it('that refuses, or is not there, says why, now and in the log', async () => {
    system.status = 422
    expect((await admin('/access/connectors/wiki/test', { body: {} })).json).toMatchObject({
      isDone: false,
      error: 'Wiki answered 422: no such operation',
    })
    await save('gone', { kind: 'webhook', name: 'Gone', url: 'http://127.0.0.1:9/' })
    const trial = (await admin('/access/connectors/gone/test', { body: {} })).json
    expect([trial.isDone, trial.error]).toEqual([false, expect.stringMatching(/fetch failed: .*/)])
    expect((await admin('/access/connectors/gone/attempts')).json.items).toMatchObject([{ state: 'failed', error: trial.error }])
    expect((await admin('/access/connectors')).json.items.find(({ id }: { id: string }) => id === 'gone').lastError).toBe(trial.error)
  })
  it.each([
    ['a webhook without an address', () => save('x', { kind: 'webhook', name: 'X' }), 422, 'invalidCall'],
    ['an address that is none', () => save('x', { kind: 'webhook', name: 'X', url: 'ftp://x' }), 422, 'invalidCall'],
    ['a trial of what people do', () => admin('/access/connectors/erp/test', { body: {} }), 409, 'connectorByHand'],
    ['a trial of what is not there', () => admin('/access/connectors/none/test', { body: {} }), 404, 'connectorNotFound'],
    ['a secret for what is not there', () => admin('/access/connectors/none/secret', { body: {} }), 404, 'connectorNotFound'],
    ['a log of what is not there', () => admin('/access/connectors/none/attempts'), 404, 'connectorNotFound'],
  ] as [string, () => Promise<Answer>, number, string][])('%s is refused', async (_, act, status, code) => {
    const { json } = await act()
    expect([json.status, json.code]).toEqual([status, code])
  })
  it('is an administrator’s to change', async () => {
    const owner = await desk.as('processOwner')
    for (const path of ['/access/connectors/wiki', '/access/connectors/wiki/secret', '/access/connectors/wiki/test'])
      expect((await owner(path, { body: {} })).status).toBe(403)
  })
})

describe('a job profile', () => {
  const preview = async (entitlementIds: string[], personId: string | null = null) => {
    const { json } = await admin('/access/profile-preview', { body: { entitlementIds, personId } })
    const ids = (lines: { entitlementId: string }[]) => lines.map(({ entitlementId }) => entitlementId)
    return { grant: ids(json.grant), keep: ids(json.keep), revoke: ids(json.revoke) }
  }
  it('gives a joiner all of it, by whom and for how long', async () => {
    const { json } = await admin('/access/profile-preview', { body: { entitlementIds: ['mail-standard', 'erp-buyer'] } })
    expect(json.grant).toMatchObject([
      { entitlementId: 'mail-standard', isByHand: false, days: null, isActive: true },
      { entitlementId: 'erp-buyer', isByHand: true, days: 365, owner: { id: 'david', name: "David O'Connor" } },
    ])
    expect([json.keep, json.revoke]).toEqual([[], []])
  })
  it('changes a mover by difference, and does nothing by being looked at', async () => {
    for (const entitlementId of ['mail-standard', 'crm-user'])
      await grantAccess(desk.database.db, {
        entitlementId,
        personId: 'julie',
        grantedById: 'lucie',
        requestId: null,
        reason: '',
        expiresAt: null,
        at: Date.now(),
      })
    expect(await preview(['mail-standard', 'payroll-reader'], 'julie')).toEqual({
      grant: ['payroll-reader'],
      keep: ['mail-standard'],
      revoke: ['crm-user'],
    })
    expect(await desk.database.db.selectFrom('accessGrant').select('id').where('personId', '=', 'julie').execute()).toHaveLength(2)
  })
  it('says of a withdrawn right that it is not given', async () => {
    await desk.database.db.updateTable('entitlement').set({ isActive: false }).where('id', '=', 'vpn').execute()
    const { json } = await admin('/access/profile-preview', { body: { entitlementIds: ['vpn'] } })
    expect(json.grant).toMatchObject([{ entitlementId: 'vpn', isActive: false }])
  })
  it('is added and changed, each change a fact; refused at the right that is wrong', async () => {
    const body = { nameFr: 'Juriste', nameEn: 'Lawyer', entitlementIds: ['mail-standard'] }
    expect((await admin('/access/profiles/lawyer', { body })).json).toMatchObject({ id: 'lawyer', name: 'Lawyer' })
    await admin('/access/profiles/lawyer', { body: { ...body, entitlementIds: ['mail-standard', 'crm-user'] } })
    const facts = await desk.database.db
      .selectFrom('fact')
      .select('body')
      .where('streamId', '=', 'accessProfile/lawyer')
      .orderBy('sequence')
      .execute()
    expect(facts.map((row) => (row.body as unknown as { field: string }).field)).toEqual([
      'nameFr',
      'nameEn',
      'entitlementIds',
      'entitlementIds',
    ])
    const refused = async (entitlementIds: string[]) => {
      const { json } = await admin('/access/profiles/lawyer', { body: { ...body, entitlementIds } })
      return [json.status, json.code, json.errors[0].path, json.errors[0].code]
    }
    expect(await refused(['mail-standard', 'moon'])).toEqual([422, 'invalidProfile', 'entitlementIds.1', 'entitlementNotFound'])
    expect(await refused(['vpn', 'vpn'])).toEqual([422, 'invalidProfile', 'entitlementIds.1', 'entitlementTwice'])
    expect((await (await desk.as('agent'))('/access/profiles/lawyer', { body })).status).toBe(403)
    expect((await (await desk.as('agent'))('/access/profiles')).json.items.length).toBeGreaterThan(4)
  })
})
