/** The ways of a request that other scenarios do not go: nobody decides, nobody delivers, nothing arrived, given up and undone. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { grantAccess, orderRemoval, revokeAccess } from '../../activities/store/access/access-rights.ts'
import { decideReview, startCampaign } from '../../activities/store/access/campaigns.ts'
import { openTask, until } from './desk.ts'
import { type RequestDesk, removalFor, requestDesk } from './request-desk.ts'
import { elementsDone, isClosed } from './steps.ts'

let desk: RequestDesk
beforeAll(async () => {
  desk = await requestDesk()
})
afterAll(() => desk.close())

const slow = 60_000
const quick = 1_000
const laptop = { model: 'standard', keyboard: 'azerty', site: 'Lyon', need: 'Le mien a six ans' }
const mailbox = { mailboxAddress: 'ventes@example.org', members: 'camille@example.org' }
const approved = { decision: 'approved', decisionComment: '' }
const impossible = { byHandOutcome: 'impossible', byHandNote: 'Compte bloqué' }
const ended = (ticketId: string) => until('the workflow to end', () => isClosed(desk, ticketId), 40_000)
const setFailing = (id: string, isFailing: boolean) =>
  desk.db.updateTable('provisionConnector').set({ isFailing }).where('id', '=', id).execute()
const reached = (ticketId: string, ...elementIds: string[]) => elementsDone(desk, ticketId, elementIds, 40_000)
const give = (entitlementId: string, personId: string) =>
  grantAccess(desk.db, {
    entitlementId,
    personId,
    grantedById: 'david',
    requestId: null,
    reason: 'Projet',
    expiresAt: null,
    at: Date.now(),
  })
const removalOf = (personId: string) => removalFor(desk, personId)

test.concurrent(
  'nobody decides: the approver is reminded, the managers asked in his place, then the request expires and says so',
  async () => {
    const ticketId = await desk.ask('laptop', { answers: laptop, dayTakesMs: quick })
    await ended(ticketId)
    expect(await desk.ticket(ticketId)).toMatchObject({ resolutionCode: 'expired' })
    expect(await desk.mails(ticketId)).toEqual(expect.arrayContaining(['approval-reminder', 'request-expired']))
  },
  slow,
)

test.concurrent(
  'the approver abstains: the managers decide in his place, and it is delivered',
  async () => {
    const ticketId = await desk.ask('shared-mailbox', { answers: mailbox })
    await desk.complete(ticketId, 'approve', 'marc', { decision: 'abstained', decisionComment: 'Pas mon budget' })
    await desk.complete(ticketId, 'decideInstead', 'helene', approved)
    await desk.isStage(ticketId, 'beingDelivered')
    const { approvalVotes } = await desk.variables(ticketId)
    expect(approvalVotes).toContainEqual(expect.objectContaining({ approver: 'managers', decision: 'approved' }))
  },
  slow,
)

test.concurrent(
  'delivery is late: the group is warned, then the managers',
  async () => {
    const ticketId = await desk.ask('laptop', { answers: laptop, dayTakesMs: 2_000 })
    await desk.complete(ticketId, 'approve', 'marc', approved)
    await reached(ticketId, 'warnDeliveryMail', 'escalateDeliveryMail')
  },
  slow,
)

test.concurrent(
  'delivered, but nothing arrived, says the requester: settled, delivered again, and closed when he says no more',
  async () => {
    const ticketId = await desk.ask('shared-mailbox', { answers: mailbox, dayTakesMs: 3_000 })
    await desk.complete(ticketId, 'approve', 'marc', approved)
    await desk.complete(ticketId, 'setMembers', 'david', { membersSet: true })
    await desk.isStage(ticketId, 'delivered')
    await desk.update(
      ticketId,
      'publishMessage',
      { name: 'requesterReopened', variables: { reopenReason: 'Pas d’accès' } },
      await desk.person('camille'),
    )
    await desk.complete(ticketId, 'settle', 'david', { settlement: 'Droits refaits.' })
    await ended(ticketId)
    expect(await desk.ticket(ticketId)).toMatchObject({ status: 'closed', resolutionCode: 'delivered' })
    expect((await desk.mails(ticketId)).filter((name) => name === 'request-delivered')).toHaveLength(2)
  },
  slow,
)

test(
  'systems that do not answer: a laptop is given up and its order cancelled, a mailbox is given up before it was made',
  async () => {
    await Promise.all([setFailing('device-management', true), setFailing('directory', true)])
    const [device, box] = [await desk.ask('laptop', { answers: laptop }), await desk.ask('shared-mailbox', { answers: mailbox })]
    for (const ticketId of [device, box]) await desk.complete(ticketId, 'approve', 'marc', approved)
    await desk.complete(device, 'orderDevice', 'sofia', { purchaseOrder: 'PO-78' })
    await desk.complete(device, 'prepareDevice', 'sofia', { assetTag: 'LT-0043', isEncrypted: true })
    await desk.complete(box, 'decideFailure', 'david', { failureChoice: 'giveUp', failureNote: 'Adresse refusée' })
    await desk.complete(device, 'decideFailure', 'sofia', { failureChoice: 'giveUp', failureNote: 'Gestion de parc en panne' })
    await Promise.all([setFailing('device-management', false), setFailing('directory', false)])
    await desk.complete(device, 'cancelOrder', 'sofia')
    for (const ticketId of [device, box]) {
      await ended(ticketId)
      expect(await desk.ticket(ticketId)).toMatchObject({ resolutionCode: 'notDelivered' })
    }
  },
  slow,
)

test(
  'a joiner whose last right cannot be given has nothing left: rights, account and equipment are taken back',
  async () => {
    const answers = {
      newName: 'Paul Huet',
      newEmail: 'paul.huet@example.org',
      startDate: '2026-12-01',
      profileId: 'purchasing',
      equipment: 'laptop',
    }
    const ticketId = await desk.ask('joiner', { requesterId: 'marc', answers })
    await desk.complete(ticketId, 'prepareEquipment', 'sofia', { joinerAssetTag: 'LT-10' })
    await desk.complete(ticketId, 'doByHand', 'david', impossible)
    await desk.complete(ticketId, 'takeBadgeBack', 'sofia')
    await ended(ticketId)
    expect(await desk.ticket(ticketId)).toMatchObject({ resolutionCode: 'notDelivered' })
    const { id } = await desk.db.selectFrom('person').select('id').where('email', '=', 'paul.huet@example.org').executeTakeFirstOrThrow()
    const rights = await desk.db.selectFrom('accessGrant').select('state').where('personId', '=', id).execute()
    expect(rights).toEqual([{ state: 'revoked' }])
  },
  slow,
)

test(
  'an extension of a right that has ended meanwhile is not delivered',
  async () => {
    const grantId = await give('crm-user', 'julie')
    const answers = { grantId, expiresAt: new Date(Date.now() + 86_400_000).toISOString(), reason: 'Encore un jour' }
    const ticketId = await desk.ask('access-extension', { requesterId: 'julie', answers })
    await openTask(desk, ticketId, 'approve')
    await revokeAccess(
      desk.db,
      { grantId, entitlementId: 'crm-user', personId: 'julie' },
      { actorId: 'lucie', reason: 'Départ', at: Date.now() },
    )
    await desk.complete(ticketId, 'approve', 'marc', approved)
    await ended(ticketId)
    expect(await desk.ticket(ticketId)).toMatchObject({ resolutionCode: 'notDelivered' })
  },
  slow,
)

test(
  'a right that people cannot take away remains, and the managers hear of it',
  async () => {
    const grantId = await give('erp-accounting', 'olivier')
    await orderRemoval(desk.db, grantId, { actorId: 'david', reason: 'Mutation', at: Date.now() })
    const removal = await removalOf('olivier')
    await desk.complete(removal, 'doByHand', 'david', impossible)
    await ended(removal)
    expect(await desk.mails(removal)).toContain('access-not-removed')
    expect(await desk.db.selectFrom('accessGrant').select('state').where('id', '=', grantId).executeTakeFirst()).toEqual({
      state: 'active',
    })
  },
  slow,
)

test.concurrent(
  'a right that is prolonged after its reminder, then given back early, is over without a removal of its own',
  async () => {
    const at = Date.now()
    const grantId = await grantAccess(desk.db, {
      entitlementId: 'vpn',
      personId: 'emma',
      grantedById: 'karim',
      requestId: null,
      reason: 'Projet',
      expiresAt: at + 8_000,
      at,
    })
    const told = (count: number) =>
      until(
        'the reminder',
        async () => {
          const rows = await desk.db
            .selectFrom('mailOut')
            .select('id')
            .where('template', '=', 'access-expiring')
            .where('recipient', '=', 'emma@example.org')
            .execute()
          return rows.length >= count
        },
        20_000,
      )
    await told(1)
    const answers = { grantId, expiresAt: new Date(at + 20_000).toISOString(), reason: 'Une semaine' }
    const ticketId = await desk.ask('access-extension', { requesterId: 'emma', answers })
    await openTask(desk, ticketId, 'approve')
    const approver = await desk.db
      .selectFrom('task')
      .select('assigneeId')
      .where('ticketId', '=', ticketId)
      .where('state', '=', 'open')
      .executeTakeFirstOrThrow()
    await desk.complete(ticketId, 'approve', approver.assigneeId ?? '', approved)
    await ended(ticketId)
    await told(2)
    await revokeAccess(desk.db, { grantId, entitlementId: 'vpn', personId: 'emma' }, { actorId: 'karim', reason: 'Rendu', at: Date.now() })
    await until('the watch to end', async () => {
      const rows = await desk.db
        .selectFrom('instance')
        .select('ticketId')
        .where('processId', '=', 'access-expiry')
        .where('isEnded', '=', true)
        .execute()
      return rows.length > 0
    })
  },
  slow,
)

test.concurrent(
  'a campaign whose owners all answer after the reminder ends before its deadline',
  async () => {
    const at = Date.now()
    const kept = await give('crm-admin', 'sarah')
    const late = await give('payroll-reader', 'sarah')
    const campaign = { name: 'Printemps', startedById: 'admin', unanswered: 'revoke' as const, at }
    const [early, overdue] = [randomUUID(), randomUUID()]
    await startCampaign(desk.db, {
      ...campaign,
      campaignId: early,
      entitlementIds: ['crm-admin'],
      dueAt: at + 30_000,
      graceUntil: at + 50_000,
    })
    await startCampaign(desk.db, {
      ...campaign,
      campaignId: overdue,
      entitlementIds: ['payroll-reader'],
      dueAt: at + 6_000,
      graceUntil: at + 50_000,
    })
    const keep = (campaignId: string, grantId: string, actorId: string) =>
      decideReview(desk.db, { campaignId, grantId, decision: 'keep', comment: null, actorId, at: Date.now() })
    const state = async (id: string) =>
      (await desk.db.selectFrom('reviewCampaign').select('state').where('id', '=', id).executeTakeFirst())?.state
    const reminded = () =>
      desk.db
        .selectFrom('mailOut')
        .select('id')
        .where('template', '=', 'review-reminder')
        .where('recipient', '=', 'lucie@example.org')
        .execute()
    await until('its owner to be reminded', async () => (await reminded()).length > 0, 30_000)
    await keep(early, kept, 'lucie')
    await until('the campaign to end', async () => (await state(early)) === 'closed', 20_000)
    expect(Date.now()).toBeLessThan(at + 30_000)
    await until('the other to be overdue', async () => (await state(overdue)) === 'overdue', 20_000)
    await keep(overdue, late, 'helene')
    await until('it to end', async () => (await state(overdue)) === 'closed', 20_000)
  },
  slow,
)
