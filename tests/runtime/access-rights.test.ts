import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { grantAccess, orderRemoval, revokeAccess } from '../../activities/store/access/access-rights.ts'
import { decideReview, startCampaign } from '../../activities/store/access/campaigns.ts'
import { verifyLedger } from '../../activities/store/ledger.ts'
import { openTask, until } from './desk.ts'
import { isClosed } from './steps.ts'
import { type RequestDesk, removalFor, requestDesk } from './request-desk.ts'

let desk: RequestDesk
/** Another system, behind a webhook: what it was asked, and what it answers. */
const system = { answers: [] as number[], calls: [] as { key: string; operation: string }[], server: null as Server | null }
beforeAll(async () => {
  desk = await requestDesk()
  system.server = createServer((call, response) => {
    let body = ''
    call.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    call.on('end', () => {
      const { operation } = JSON.parse(body) as { operation: string }
      system.calls.push({ key: String(call.headers['idempotency-key']), operation })
      response.statusCode = system.answers.shift() ?? 200
      response.end(JSON.stringify({ reference: `R-${system.calls.length}` }))
    })
  })
  await new Promise<void>((resolve) => system.server?.listen(0, '127.0.0.1', resolve))
  const { port } = system.server.address() as AddressInfo
  await desk.db
    .updateTable('provisionConnector')
    .set({ kind: 'webhook', url: `http://127.0.0.1:${port}/orders` })
    .where('id', 'in', ['deployment', 'licences'])
    .execute()
})
afterAll(async () => {
  system.server?.close()
  await desk.close()
})

const approved = { decision: 'approved', decisionComment: '' }
const soon = (ms: number) => new Date(Date.now() + ms).toISOString()
const rightsOf = async (personId: string, state = 'active') =>
  (
    await desk.db
      .selectFrom('accessGrant')
      .select('entitlementId')
      .where('personId', '=', personId)
      .where('state', '=', state)
      .orderBy('entitlementId')
      .execute()
  ).map(({ entitlementId }) => entitlementId)
const software = { computer: 'LT-0042', need: 'Brochures' }
const confirm = async (ticketId: string) => {
  await desk.isStage(ticketId, 'delivered')
  await desk.update(ticketId, 'publishMessage', { name: 'requesterConfirmed', variables: {} }, await desk.person('camille'))
  await until('the workflow to end', () => isClosed(desk, ticketId))
}

test('provisioning fails, is retried, fails for good, and is taken over by hand', async () => {
  system.calls = []
  system.answers = [200, 503, 200]
  const passing = await desk.ask('software-editor', { answers: software })
  await desk.isStage(passing, 'delivered')
  expect(system.calls.map(({ operation }) => operation)).toEqual(['reserveLicence', 'install', 'install'])
  expect(system.calls[1]?.key).toBe(system.calls[2]?.key)
  system.answers = [200, 422]
  const refused = await desk.ask('software-editor', { answers: software })
  await desk.complete(refused, 'decideFailure', 'bastien', { failureChoice: 'retry', failureNote: '' })
  await desk.isStage(refused, 'delivered')
  system.answers = [200, 422]
  const byHand = await desk.ask('software-editor', { answers: software })
  await desk.complete(byHand, 'decideFailure', 'bastien', { failureChoice: 'takeOver', failureNote: 'The agent is not installed' })
  await desk.complete(byHand, 'doByHand', 'bastien', { byHandOutcome: 'done', byHandReference: 'USB key' })
  await confirm(byHand)
  expect(await desk.ticket(byHand)).toMatchObject({ status: 'closed', resolutionCode: 'delivered' })
})

test('given up, what was done is undone: the licence goes back', async () => {
  system.calls = []
  system.answers = [200, 422]
  const ticketId = await desk.ask('software-editor', { answers: software })
  await desk.complete(ticketId, 'decideFailure', 'bastien', { failureChoice: 'giveUp', failureNote: 'No such computer' })
  await until('the workflow to end', () => isClosed(desk, ticketId))
  expect(system.calls.map(({ operation }) => operation)).toEqual(['reserveLicence', 'install', 'releaseLicence'])
  expect(await desk.ticket(ticketId)).toMatchObject({ status: 'closed', resolutionCode: 'notDelivered' })
  expect(await desk.mails(ticketId)).toContain('request-not-delivered')
})

test('access is granted by its owner’s approval, announced, and ends by itself', async () => {
  const ticketId = await desk.ask('access-crm', { answers: { reason: 'Trade fair', expiresAt: soon(4_000) } })
  await desk.complete(ticketId, 'approve', 'lucie', approved)
  await desk.isStage(ticketId, 'delivered')
  const grant = await desk.db.selectFrom('accessGrant').selectAll().where('requestId', '=', ticketId).executeTakeFirstOrThrow()
  expect(grant).toMatchObject({ entitlementId: 'crm-user', personId: 'camille', grantedById: 'lucie', reason: 'Trade fair' })
  await until('the right to end', async () => (await rightsOf('camille', 'revoked')).includes('crm-user'))
  const ended = await desk.db.selectFrom('accessGrant').selectAll().where('id', '=', grant.id).executeTakeFirstOrThrow()
  expect(ended).toMatchObject({ state: 'revoked', revokeReason: 'expired' })
  const removal = await desk.db
    .selectFrom('ticket')
    .innerJoin('instance', 'instance.ticketId', 'ticket.id')
    .select(['number', 'kind'])
    .where('processId', '=', 'access-removal')
    .executeTakeFirstOrThrow()
  expect(removal).toMatchObject({ kind: 'request', number: expect.stringMatching(/^REQ-/) })
  const mails = await desk.db
    .selectFrom('mailOut')
    .select(['template', 'recipient'])
    .where('template', '=', 'access-expiring')
    .orderBy('recipient')
    .execute()
  expect(mails.map(({ recipient }) => recipient)).toEqual(['camille@example.org', 'lucie@example.org'])
})

test('an extension moves the end; a right that only people can remove waits for them', async () => {
  const at = Date.now()
  const grantId = await grantAccess(desk.db, {
    entitlementId: 'erp-buyer',
    personId: 'julie',
    grantedById: 'david',
    requestId: null,
    reason: 'Stand-in',
    expiresAt: at + 3_000,
    at,
  })
  const ticketId = await desk.ask('access-extension', {
    requesterId: 'julie',
    answers: { grantId, expiresAt: soon(6_000), reason: 'One more day' },
  })
  await desk.complete(ticketId, 'approve', 'marc', approved)
  await until('the workflow to end', () => isClosed(desk, ticketId))
  const removal = await until(
    'the removal',
    async () =>
      (
        await desk.db
          .selectFrom('ticket')
          .innerJoin('instance', 'instance.ticketId', 'ticket.id')
          .select('id')
          .where('processId', '=', 'access-removal')
          .where('requesterId', '=', 'julie')
          .executeTakeFirst()
      )?.id,
  )
  expect(Date.now()).toBeGreaterThan(at + 5_500)
  expect(await rightsOf('julie', 'removing')).toEqual(['erp-buyer'])
  await desk.complete(removal, 'doByHand', 'david', { byHandOutcome: 'done', byHandReference: '' })
  await until('the right to end', async () => (await rightsOf('julie', 'revoked')).includes('erp-buyer'))
})

const giveRight = (entitlementId: string, personId: string) =>
  grantAccess(desk.db, {
    entitlementId,
    personId,
    grantedById: 'david',
    requestId: null,
    reason: 'Project',
    expiresAt: null,
    at: Date.now(),
  })
const removalOf = (personId: string) => removalFor(desk, personId)
const grantOf = (id: string) => desk.db.selectFrom('accessGrant').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

test('a right asked for again while people are removing it is granted anew, and nobody is asked to remove it any more', async () => {
  const old = await giveRight('erp-buyer', 'emma')
  await orderRemoval(desk.db, old, { actorId: 'david', reason: 'Project over', at: Date.now() })
  const removal = await removalOf('emma')
  await openTask(desk, removal, 'doByHand')
  const again = await desk.ask('access-erp-buyer', {
    requesterId: 'emma',
    answers: { reason: 'The project goes on', expiresAt: soon(86_400_000) },
  })
  await desk.complete(again, 'approve', 'marc', approved)
  await desk.complete(again, 'approve', 'david', approved)
  await desk.complete(again, 'doByHand', 'david', { byHandOutcome: 'done', byHandReference: '' })
  await desk.isStage(again, 'delivered')
  await until('the removal to end', () => isClosed(desk, removal))
  expect(await grantOf(old)).toMatchObject({ state: 'revoked', revokeReason: 'grantedAnew', revokedById: 'david' })
  const fresh = await desk.db.selectFrom('accessGrant').selectAll().where('requestId', '=', again).executeTakeFirstOrThrow()
  expect(fresh).toMatchObject({ state: 'active', personId: 'emma', reason: 'The project goes on' })
  expect(fresh.id).not.toBe(old)
  expect(await desk.mails(removal)).toEqual(['access-stands'])
})

test('a removal under way in a system gives back what it may have taken; a late one never ends the new right', async () => {
  const { port } = system.server!.address() as AddressInfo
  await desk.db
    .updateTable('provisionConnector')
    .set({ kind: 'webhook', url: `http://127.0.0.1:${port}/orders` })
    .where('id', '=', 'crm')
    .execute()
  system.calls = []
  system.answers = [422]
  const old = await giveRight('crm-user', 'sarah')
  await orderRemoval(desk.db, old, { actorId: 'lucie', reason: 'Moved', at: Date.now() })
  const removal = await removalOf('sarah')
  await openTask(desk, removal, 'decideFailure')
  const fresh = await giveRight('crm-user', 'sarah')
  await until('the removal to end', () => isClosed(desk, removal))
  expect(system.calls.map(({ operation }) => operation)).toEqual(['revokeAccess', 'grantAccess'])
  expect([(await grantOf(old)).state, (await grantOf(fresh)).state]).toEqual(['revoked', 'active'])
  const right = { entitlementId: 'crm-user', personId: 'sarah' }
  const by = { actorId: 'system', reason: 'expired', at: Date.now() }
  expect(await revokeAccess(desk.db, { ...right, grantId: old }, by)).toBe('anew')
  expect((await grantOf(fresh)).state).toBe('active')
  await desk.db.updateTable('provisionConnector').set({ kind: 'simulate', url: null }).where('id', '=', 'crm').execute()
})

test('a joiner has account, badge, equipment and the rights of the job', async () => {
  const answers = {
    newName: 'Nadia Roche',
    newEmail: 'nadia.roche@example.org',
    startDate: '2026-12-01',
    profileId: 'sales',
    equipment: 'laptop',
  }
  const ticketId = await desk.ask('joiner', { requesterId: 'marc', answers })
  await desk.complete(ticketId, 'makeBadge', 'alex', { badgeNumber: 'B-12' })
  await desk.complete(ticketId, 'prepareEquipment', 'sofia', { joinerAssetTag: 'LT-9' })
  await desk.complete(ticketId, 'welcome', 'alex', { isWelcomed: true })
  await desk.isStage(ticketId, 'delivered')
  const nadia = await desk.db
    .selectFrom('person')
    .select(['id', 'managerId'])
    .where('email', '=', 'nadia.roche@example.org')
    .executeTakeFirstOrThrow()
  expect(nadia.managerId).toBe('marc')
  expect(await rightsOf(nadia.id)).toEqual(['crm-user', 'mail-standard', 'vpn'])
})

test('a mover loses and gains by difference; a leaver loses everything on the day', async () => {
  const at = Date.now()
  for (const entitlementId of ['mail-standard', 'crm-user', 'vpn'])
    await grantAccess(desk.db, {
      entitlementId,
      personId: 'antoine',
      grantedById: 'lucie',
      requestId: null,
      reason: 'sales',
      expiresAt: null,
      at,
    })
  const moves = await desk.ask('mover', {
    requesterId: 'marc',
    answers: { personId: 'antoine', profileId: 'hr', effectiveAt: soon(1_000) },
  })
  await desk.complete(moves, 'approve', 'helene', approved)
  await desk.complete(moves, 'moveEquipment', 'sofia', { newDesk: 'B-204' })
  await desk.isStage(moves, 'delivered')
  expect(await rightsOf('antoine')).toEqual(['mail-standard', 'payroll-reader'])
  const lastDay = Date.now() + 3_000
  const leaves = await desk.ask('leaver', {
    requesterId: 'marc',
    answers: { personId: 'antoine', lastDay: new Date(lastDay).toISOString(), handoverNote: '' },
  })
  await desk.complete(leaves, 'approve', 'helene', approved)
  await openTask(desk, leaves, 'collectEquipment')
  expect(await rightsOf('antoine')).toHaveLength(2)
  await until('all rights to end', async () => (await rightsOf('antoine')).length === 0)
  expect(Date.now()).toBeGreaterThanOrEqual(lastDay)
  await desk.complete(leaves, 'collectEquipment', 'sofia', { computerReturned: true, badgeReturned: true })
  await desk.isStage(leaves, 'delivered')
  expect(await desk.db.selectFrom('person').select('isActive').where('id', '=', 'antoine').executeTakeFirstOrThrow()).toEqual({
    isActive: false,
  })
})

test('a campaign: one right revoked, one unanswered and revoked by its rule, one kept; the ledger holds the evidence', async () => {
  const at = Date.now()
  const give = (entitlementId: string, personId: string) =>
    grantAccess(desk.db, { entitlementId, personId, grantedById: 'lucie', requestId: null, reason: 'campaign', expiresAt: null, at })
  const [revoked, kept, unanswered] = [
    await give('crm-admin', 'emma'),
    await give('crm-admin', 'olivier'),
    await give('payroll-reader', 'sarah'),
  ]
  const campaignId = randomUUID()
  const campaign = {
    campaignId,
    name: 'Autumn',
    entitlementIds: ['crm-admin', 'payroll-reader'],
    startedById: 'admin',
    dueAt: at + 3_000,
    graceUntil: at + 5_000,
    unanswered: 'revoke' as const,
    at,
  }
  expect(await startCampaign(desk.db, campaign)).toBe(3)
  expect(await startCampaign(desk.db, campaign)).toBe(3)
  await decideReview(desk.db, {
    campaignId,
    grantId: revoked,
    decision: 'revoke',
    comment: 'Changed team',
    actorId: 'lucie',
    at: Date.now(),
  })
  await decideReview(desk.db, { campaignId, grantId: kept, decision: 'keep', comment: null, actorId: 'lucie', at: Date.now() })
  await until(
    'the campaign to be overdue',
    async () =>
      (await desk.db.selectFrom('reviewCampaign').select('state').where('id', '=', campaignId).executeTakeFirst())?.state === 'overdue',
  )
  await until(
    'the campaign to end',
    async () =>
      (await desk.db.selectFrom('reviewCampaign').select('state').where('id', '=', campaignId).executeTakeFirst())?.state === 'closed',
  )
  await until(
    'the rights to end',
    async () =>
      (
        await desk.db
          .selectFrom('accessGrant')
          .select('id')
          .where('id', 'in', [revoked, unanswered])
          .where('state', '=', 'revoked')
          .execute()
      ).length === 2,
  )
  expect(await rightsOf('olivier')).toEqual(['crm-admin'])
  const items = await desk.db
    .selectFrom('reviewItem')
    .select(['grantId', 'decision', 'isByPolicy'])
    .where('campaignId', '=', campaignId)
    .execute()
  expect(items.find(({ grantId }) => grantId === unanswered)).toMatchObject({ decision: 'revoke', isByPolicy: true })
  const mails = await desk.db.selectFrom('mailOut').select(['template', 'recipient']).where('template', 'like', 'review-%').execute()
  expect(mails).toContainEqual({ template: 'review-overdue', recipient: 'admin@example.org' })
  expect(
    await decideReview(desk.db, { campaignId, grantId: kept, decision: 'revoke', comment: null, actorId: 'lucie', at: Date.now() }),
  ).toBe(false)
  expect((await verifyLedger(desk.db)).isIntact).toBe(true)
})
