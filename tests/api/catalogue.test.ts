import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { grantAccess } from '../../activities/store/access/access-rights.ts'
import { seedAccess } from '../../activities/store/access/seed-access.ts'
import { type Answer, type TestDesk, testDesk } from './desk.ts'

let desk: TestDesk
beforeAll(async () => {
  desk = await testDesk()
  await seedAccess(desk.database.db)
})
afterAll(() => desk.close())

const laptop = {
  itemId: 'laptop',
  version: 1,
  quantity: 1,
  answers: { model: 'standard', keyboard: 'azerty', site: 'Lyon', need: 'Mine is six years old' },
}
const order = async (body: unknown, headers: Record<string, string> = {}) =>
  (await desk.as('requester'))('/catalogue/orders', { body, headers })
const places = (answer: Answer): [string, string][] =>
  answer.json.errors.map(({ path, code }: { path: string; code: string }) => [path, code])

describe('the catalogue', () => {
  it('shows what one may ask for, searched without accents, with price and delivery', async () => {
    const camille = await desk.as('requester')
    const all = (await camille('/catalogue')).json
    expect(all.items.map(({ id }: { id: string }) => id)).toContain('laptop')
    const found = (await camille('/catalogue?q=editeur', { headers: { 'accept-language': 'fr' } })).json
    expect(found.items.map(({ id }: { id: string }) => id)).toEqual(['software-editor'])
    const { item, form } = (await camille('/catalogue/items/laptop')).json
    expect(item).toMatchObject({ price: { amount: 1290, currency: 'EUR', recurrence: 'once' }, deliveryDays: 10, version: 1 })
    expect(form.id).toBe('item-laptop')
    expect((await camille('/catalogue/items/hovercraft')).json.code).toBe('itemNotFound')
  })
})

describe('an order', () => {
  it('becomes one request for each line, under one number, once', async () => {
    const key = { 'idempotency-key': randomUUID() }
    const body = {
      lines: [laptop, { itemId: 'password-reset', version: 1, quantity: 1, answers: { account: 'erp' } }],
      notes: 'Third floor',
    }
    const first = await order(body, key)
    expect([first.status, first.json.number, first.json.requests.length]).toEqual([201, 'ORD-000001', 2])
    expect(first.json.totals).toEqual([{ currency: 'EUR', recurrence: 'once', amount: 1290 }])
    expect((await order(body, key)).json.id).toBe(first.json.id)
    await desk.database.db.deleteFrom('idempotency').execute()
    expect((await order(body, key)).json.id).toBe(first.json.id)
    const [request] = first.json.requests
    expect(request).toMatchObject({ stage: 'received', icon: 'laptop', status: 'new' })
    expect((await (await desk.as('requester'))('/catalogue/orders')).json.items).toHaveLength(1)
    expect((await (await desk.as('agent'))(`/catalogue/orders/${first.json.number}`)).status).toBe(200)
  })

  it.each([
    ['an unknown item', { ...laptop, itemId: 'hovercraft' }, [['lines.0.itemId', 'itemNotFound']]],
    ['a version that is no longer offered', { ...laptop, version: 7 }, [['lines.0.version', 'itemChanged']]],
    [
      'missing answers',
      { ...laptop, answers: { model: 'standard', keyboard: 'azerty' } },
      [
        ['lines.0.answers.site', 'required'],
        ['lines.0.answers.need', 'required'],
      ],
    ],
    ['a choice that is none', { ...laptop, answers: { ...laptop.answers, model: 'gold' } }, [['lines.0.answers.model', 'notInList']]],
    ['too many', { ...laptop, quantity: 11 }, [['lines.0.quantity', 'quantityTooLarge']]],
    [
      'an end in the past',
      { itemId: 'access-crm', version: 1, quantity: 1, answers: { reason: 'Fair', expiresAt: '2020-01-01T10:00' } },
      [['lines.0.answers.expiresAt', 'expiryInPast']],
    ],
    [
      'somebody unknown who leaves',
      { itemId: 'leaver', version: 1, quantity: 1, answers: { personId: 'nobody', lastDay: '2030-01-01T18:00' } },
      [['lines.0.answers.personId', 'personNotFound']],
    ],
    [
      'an unknown job',
      {
        itemId: 'joiner',
        version: 1,
        quantity: 1,
        answers: { newName: 'N', newEmail: 'n@example.org', startDate: '2030-01-01', profileId: 'astronaut', equipment: 'none' },
      },
      [['lines.0.answers.profileId', 'profileNotFound']],
    ],
  ])('of %s is refused at its field, and nothing is asked for', async (_, line, expected) => {
    const before = (await desk.database.db.selectFrom('ticket').select('id').execute()).length
    const answer = await order({ lines: [line] })
    expect([answer.status, answer.json.code]).toEqual([422, 'invalidOrder'])
    expect(places(answer)).toEqual(expected)
    expect((await desk.database.db.selectFrom('ticket').select('id').execute()).length).toBe(before)
  })

  it('of nothing, or for nobody, is refused at its field', async () => {
    expect(places(await order({ lines: [{ ...laptop, quantity: 0 }] }))).toEqual([['lines.0.quantity', 'too_small']])
    expect(places(await order({ lines: [] }))).toEqual([['lines', 'too_small']])
    expect(places(await order({ lines: [laptop], requesterId: 'nobody' }))).toEqual([['requesterId', 'personNotFound']])
    const own = await order({
      lines: [{ itemId: 'password-reset', version: 1, quantity: 1, answers: { account: 'erp' } }],
      requesterId: 'julie',
    })
    expect(places(own)).toEqual([['lines.0.itemId', 'itemNotForOthers']])
  })

  it('of a withdrawn item is refused; what it was asked for before keeps its version', async () => {
    const owner = await desk.as('processOwner')
    const { source, version } = (await owner('/definitions/catalogue/shared-mailbox')).json
    const withdrawn = JSON.stringify({ ...JSON.parse(source), availability: { isWithdrawn: true } })
    const deployed = await owner('/definitions/catalogue/shared-mailbox', { body: { source: withdrawn, baseVersion: version } })
    expect([deployed.status, deployed.json.version]).toEqual([201, 2])
    const line = {
      itemId: 'shared-mailbox',
      version: 2,
      quantity: 1,
      answers: { mailboxAddress: 'a@example.org', members: 'b@example.org' },
    }
    expect(places(await order({ lines: [line] }))).toEqual([['lines.0.itemId', 'itemWithdrawn']])
  })
})

describe('an entitlement that is no longer granted', () => {
  it('closes the items that grant it', async () => {
    const { db } = desk.database
    const line = { itemId: 'access-erp-buyer', version: 1, quantity: 1, answers: { reason: 'Stand-in' } }
    await db.updateTable('entitlement').set({ isActive: false }).where('id', '=', 'erp-buyer').execute()
    expect(places(await order({ lines: [line] }))).toEqual([['lines.0.itemId', 'itemNoLonger']])
    await db.updateTable('entitlement').set({ isActive: true }).where('id', '=', 'erp-buyer').execute()
    expect((await order({ lines: [line] })).status).toBe(201)
  })
})

describe('an item in the studio', () => {
  it.each([
    ['fulfilment.processId', 'unknownReference', { fulfilment: { processId: 'fulfil-nothing', groupId: 'workplace' } }],
    ['ownerId', 'unknownReference', { ownerId: 'nobody' }],
    ['price.amount', 'schema', { price: { amount: -1, currency: 'EUR', recurrence: 'once' } }],
    ['approvals.0.quorum', 'quorumTooLarge', { approvals: [{ subject: 'a', approvers: ['manager'], quorum: 2 }] }],
  ])('is refused at %s: %s', async (elementId, code, change) => {
    const owner = await desk.as('processOwner')
    const { source, version } = (await owner('/definitions/catalogue/laptop')).json
    const changed = JSON.stringify({ ...JSON.parse(source), ...change })
    const checked = await owner('/definitions/catalogue/check', { body: { source: changed } })
    expect(checked.json.diagnostics).toContainEqual(expect.objectContaining({ elementId, code }))
    expect((await owner('/definitions/catalogue/laptop', { body: { source: changed, baseVersion: version } })).status).toBe(422)
  })
})

describe('a request', () => {
  it('tells its own people where it stands, and nobody else', async () => {
    const [{ ticketId, number }] = (await order({ lines: [laptop] })).json.requests
    const view = (await (await desk.as('requester'))(`/tickets/${number}/request`)).json
    expect(view).toMatchObject({ ticketId, stage: 'received', orderNumber: expect.stringMatching(/^ORD-/), total: 1290 })
    expect(view.answers).toContainEqual({ key: 'model', label: 'Model', value: '14-inch, office work' })
    expect((await (await desk.as('agent'))(`/tickets/${number}/request`)).status).toBe(200)
    const julie = (await (await desk.as('administrator'))('/api-keys', { body: { name: 'julie', personId: 'julie' } })).json.key
    expect((await desk.call(`/tickets/${number}/request`, { headers: { authorization: `Bearer ${julie}` } })).json.code).toBe(
      'ticketNotFound',
    )
  })
})

describe('the register of rights', () => {
  it('says who holds what and why; the owner has a right taken away, others may not', async () => {
    const at = Date.now()
    const { db } = desk.database
    const id = await grantAccess(db, {
      entitlementId: 'crm-user',
      personId: 'camille',
      grantedById: 'lucie',
      requestId: null,
      reason: 'Fair',
      expiresAt: at + 86_400_000,
      at,
    })
    const mine = (await (await desk.as('requester'))('/access/mine')).json.items
    expect(mine).toEqual([
      expect.objectContaining({ id, state: 'active', reason: 'Fair', grantedBy: { id: 'lucie', name: 'Lucie Fontaine' } }),
    ])
    const late = await (await desk.as('requester'))(`/access/grants/${id}/extension`, {
      body: { expiresAt: '2020-01-01T00:00:00Z', reason: 'x' },
    })
    expect(places(late)).toEqual([['lines.0.answers.expiresAt', 'expiryInPast']])
    const extension = await (await desk.as('requester'))(`/access/grants/${id}/extension`, {
      body: { expiresAt: new Date(at + 9e8).toISOString(), reason: 'Another fair' },
    })
    expect(extension.status).toBe(201)
    expect((await (await desk.as('agent'))(`/access/grants/${id}/revoke`, { body: { reason: 'Left' } })).json.code).toBe(
      'notEntitlementOwner',
    )
    const admin = await desk.as('administrator')
    expect((await admin(`/access/grants/${id}/revoke`, { body: { reason: 'Left' } })).json.state).toBe('removing')
    expect((await admin(`/access/grants/${id}/revoke`, { body: { reason: 'Left' } })).json.code).toBe('grantNotActive')
    expect((await (await desk.as('auditor'))('/access/grants?entitlementId=crm-user')).json.items[0].revokeReason).toBe('Left')
  })

  it('refuses an entitlement whose owner, group or system is not there, and a webhook without address', async () => {
    const body = { nameFr: 'X', nameEn: 'X', resource: 'X', role: 'x', ownerId: 'nobody', groupId: 'nowhere', connectorId: 'nothing' }
    const answer = await (await desk.as('processOwner'))('/access/entitlements/x', { body })
    expect(places(answer)).toEqual([
      ['ownerId', 'personNotFound'],
      ['groupId', 'groupNotFound'],
      ['connectorId', 'connectorNotFound'],
    ])
    const hook = await (await desk.as('administrator'))('/access/connectors/crm', { body: { kind: 'webhook', name: 'CRM' } })
    expect(places(hook)).toEqual([['url', 'custom']])
    const failing = await (await desk.as('administrator'))('/access/connectors/crm', {
      body: { kind: 'simulate', name: 'CRM', isFailing: true },
    })
    expect(failing.json).toMatchObject({ id: 'crm', isFailing: true })
  })
})

describe('a campaign', () => {
  const dueAt = new Date(Date.now() + 86_400_000).toISOString()
  it('without grants, with unknown rights, or late is refused at its field', async () => {
    const owner = await desk.as('processOwner')
    const start = (body: object) => owner('/access/campaigns', { body: { name: 'Autumn', dueAt, ...body } })
    expect(places(await start({ entitlementIds: ['erp-accounting'] }))).toEqual([['entitlementIds', 'campaignWithoutGrants']])
    expect(places(await start({ entitlementIds: ['nothing'] }))).toEqual([['entitlementIds.0', 'entitlementNotFound']])
    expect(places(await start({ dueAt: '2020-01-01T00:00:00Z' }))).toEqual([['dueAt', 'deadlineInPast']])
  })

  it('is decided by its reviewers, with a reason for each revocation', async () => {
    const { db } = desk.database
    const at = Date.now()
    const own = await grantAccess(db, {
      entitlementId: 'vpn',
      personId: 'alex',
      grantedById: 'karim',
      requestId: null,
      reason: 'Home',
      expiresAt: null,
      at,
    })
    await db.updateTable('entitlement').set({ ownerId: 'alex' }).where('id', '=', 'vpn').execute()
    const other = await grantAccess(db, {
      entitlementId: 'vpn',
      personId: 'julie',
      grantedById: 'alex',
      requestId: null,
      reason: 'Home',
      expiresAt: null,
      at,
    })
    const owner = await desk.as('processOwner')
    const campaign = (await owner('/access/campaigns', { body: { name: 'Autumn', dueAt, entitlementIds: ['vpn'] } })).json
    expect(campaign).toMatchObject({ state: 'open', total: 2, waiting: 2 })
    const alex = await desk.as('agent')
    expect((await alex('/access/reviews')).json.items.map(({ grant }: { grant: { id: string } }) => grant.id)).toEqual([other])
    const at_ = (grantId: string) => `/access/campaigns/${campaign.id}/grants/${grantId}`
    expect((await alex(at_(own), { body: { decision: 'keep' } })).json.code).toBe('notReviewer')
    expect(places(await alex(at_(other), { body: { decision: 'revoke' } }))).toEqual([['comment', 'revokeNeedsReason']])
    expect((await alex(at_(other), { body: { decision: 'revoke', comment: 'Left the team' } })).json).toMatchObject({
      decision: 'revoke',
      decidedBy: { id: 'alex' },
    })
    expect((await (await desk.as('auditor'))(`/access/campaigns/${campaign.id}`)).json.campaign).toMatchObject({ revoked: 1, waiting: 1 })
  })
})

describe('the figures', () => {
  it('count the requests of each item, and open exactly those', async () => {
    const agent = await desk.as('agent')
    const { requestDelivery } = (await agent('/figures')).json
    const laptops = requestDelivery.find(({ itemId }: { itemId: string }) => itemId === 'laptop')
    expect(laptops).toMatchObject({ delivered: 0, onTimeRate: null, name: { fr: 'Ordinateur portable', en: 'Laptop' } })
    const listed = (await agent('/tickets?metric=requestDelivery:laptop:asked&limit=200')).json
    expect(listed.items).toHaveLength(laptops.asked)
  })
})
