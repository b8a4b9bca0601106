/** Approvals on the real server: who may decide, for whom, by which door, and what stays as evidence. */
import type { FactOf } from '#schema/fact'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyLedger } from '../../activities/store/ledger.ts'
import { approvalToken } from '../../activities/tasks/approval-link.ts'
import { until } from './desk.ts'
import { type House, openHouse } from './house.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
  await house.deploy('quorum', drawn('quorum', false, 'count(votes[item.decision = "approved"]) &gt;= quorum'))
  await house.deploy('in-order', drawn('in-order', true, 'count(votes[item.decision = "rejected"]) &gt; 0'))
  await house.deploy('with-deadline', withDeadline)
  await house.deploy('named', named)
  await house.deploy('by-group', byGroup)
}, 120_000)
afterAll(() => house?.stop(), 60_000)

const head = (id: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:guichet="http://guichet.dev/schema/1.0" targetNamespace="t"><process id="${id}" isExecutable="true" guichet:ticketKind="request">`
const flow = (from: string, to: string, condition = '') =>
  `<sequenceFlow id="${from}-${to}" sourceRef="${from}" targetRef="${to}">${condition && `<conditionExpression>=${condition}</conditionExpression>`}</sequenceFlow>`
const ends = (isApproved: string) =>
  `<exclusiveGateway id="verdict" default="verdict-no"/><endEvent id="yes" guichet:status="closed"/><endEvent id="no" guichet:status="canceled"/>${flow('verdict', 'yes', isApproved)}${flow('verdict', 'no')}`
const approve = (isSequential: boolean, condition: string) =>
  `<userTask id="approve" name="Approve" guichet:approval="purchase"><extensionElements><zeebe:ioMapping><zeebe:input source="=null" target="decision"/><zeebe:input source="=null" target="decisionComment"/></zeebe:ioMapping><zeebe:formDefinition formId="approval"/><zeebe:assignmentDefinition assignee="=approver"/></extensionElements><multiInstanceLoopCharacteristics isSequential="${isSequential}"><extensionElements><zeebe:loopCharacteristics inputCollection="=approvers" inputElement="approver" outputCollection="votes" outputElement="={approver: approver, decision: decision, comment: decisionComment}"/></extensionElements><completionCondition>=${condition}</completionCondition></multiInstanceLoopCharacteristics></userTask>`
const drawn = (id: string, isSequential: boolean, condition: string) =>
  `${head(id)}<startEvent id="start" guichet:status="new"/>${approve(isSequential, condition)}${ends('count(votes[item.decision = "rejected"]) = 0 and count(votes[item.decision = "approved"]) &gt;= quorum')}${flow('start', 'approve')}${flow('approve', 'verdict')}</process></definitions>`
const withDeadline = `${head('with-deadline')}<startEvent id="start" guichet:status="new"/><callActivity id="call"><extensionElements><zeebe:calledElement processId="approval"/></extensionElements></callActivity>${ends('verdict = "approved"')}${flow('start', 'call')}${flow('call', 'verdict')}</process></definitions>`
const named = `${head('named')}<startEvent id="start" guichet:status="new"/><serviceTask id="name"><extensionElements><zeebe:taskDefinition type="approvers"/></extensionElements></serviceTask>${approve(false, 'count(votes[item.decision = "approved"]) &gt;= quorum')}${ends('true')}${flow('start', 'name')}${flow('name', 'approve')}${flow('approve', 'verdict')}</process></definitions>`

const byGroup = `${head('by-group')}<startEvent id="start" guichet:status="new"/><userTask id="approve" name="Approve" guichet:approval="cab"><extensionElements><zeebe:formDefinition formId="approval"/><zeebe:assignmentDefinition candidateGroups="=[askedGroup]"/></extensionElements></userTask>${ends('decision = "approved"')}${flow('start', 'approve')}${flow('approve', 'verdict')}</process></definitions>`

const ask = (processId: string, approvers: string[], extra: Record<string, unknown> = {}, openedById = 'camille') =>
  house.open({
    kind: 'request',
    processId,
    openedById,
    fields: { title: 'Un écran de plus', description: 'Pour les tableaux larges.', requesterId: 'camille' },
    extra: { approvers, quorum: 1, ...extra } as never,
  })
const rows = (ticketId: string) =>
  house.database.db.selectFrom('approval').selectAll().where('ticketId', '=', ticketId).orderBy('openedAt').orderBy('waitId').execute()
const waitOf = (ticketId: string, approverId: string): Promise<string> =>
  until(
    `${approverId} to be asked`,
    async () => (await rows(ticketId)).find((row) => row.approverId === approverId && row.state === 'pending')?.waitId,
  )
const decide = async (ticketId: string, approverId: string, decision: string, comment = '', who = approverId) =>
  house.by(who)(`/approvals/${ticketId}/${await waitOf(ticketId, approverId)}`, { body: { decision, comment } })
const statusOf = async (ticketId: string) =>
  (await house.database.db.selectFrom('ticket').select('status').where('id', '=', ticketId).executeTakeFirstOrThrow()).status
const ended = (ticketId: string, status: string) => until(`the ticket to be ${status}`, async () => (await statusOf(ticketId)) === status)
const decidedFacts = async (ticketId: string) =>
  (
    await house.database.db
      .selectFrom('fact')
      .select(['body', 'actorId'])
      .where('streamId', '=', ticketId)
      .where('type', '=', 'approvalDecided')
      .orderBy('sequence')
      .execute()
  ).map(({ body, actorId }) => ({ ...(body as unknown as FactOf<'approvalDecided'>), actorId }))

describe('side by side with a quorum', () => {
  it('two of three are enough; the third is asked no more, and the evidence says who said what', async () => {
    const { ticketId } = await ask('quorum', ['marc', 'helene', 'claire'], { quorum: 2 })
    expect((await decide(ticketId, 'marc', 'abstained')).json).toEqual({ sequence: expect.any(Number) })
    expect((await decide(ticketId, 'claire', 'approved')).status).toBe(200)
    expect(await statusOf(ticketId)).toBe('new')
    expect((await decide(ticketId, 'helene', 'approved', 'Utile.')).status).toBe(200)
    await ended(ticketId, 'closed')
    expect(
      (await decidedFacts(ticketId)).map(({ approverId, decidedById, decision, via, actorId }) => [
        approverId,
        decidedById,
        decision,
        via,
        actorId,
      ]),
    ).toEqual([
      ['marc', 'marc', 'abstained', 'portal', 'marc'],
      ['claire', 'claire', 'approved', 'portal', 'claire'],
      ['helene', 'helene', 'approved', 'inbox', 'helene'],
    ])
    const card = (await house.by('alex')(`/tickets/${ticketId}/approvals`)).json.items
    expect(card.find((one: { approver: { id: string } }) => one.approver.id === 'helene')).toMatchObject({
      state: 'approved',
      comment: 'Utile.',
      subject: 'purchase',
      decidedFor: null,
    })
  })
  it('the verdict is a count: a first rejection does not decide it, nor leaves its comment to the next', async () => {
    const { ticketId } = await ask('quorum', ['marc', 'claire'], { quorum: 1 })
    await decide(ticketId, 'marc', 'rejected', 'Trop cher.')
    const asked = (await house.by('claire')('/approvals')).json.items.find((one: { ticketId: string }) => one.ticketId === ticketId)
    expect([asked.comment, asked.state]).toEqual(['', 'pending'])
    await decide(ticketId, 'claire', 'approved')
    const [, second] = await decidedFacts(ticketId)
    expect(second).toMatchObject({ decision: 'approved', comment: '' })
  })
})

describe('in order with a veto', () => {
  it('asks one after the other and stops at the first rejection', async () => {
    const { ticketId } = await ask('in-order', ['marc', 'claire', 'helene'], { quorum: 3 })
    const first = await waitOf(ticketId, 'marc')
    expect((await rows(ticketId)).map(({ approverId }) => approverId)).toEqual(['marc'])
    expect((await house.by('marc')(`/approvals/${ticketId}/${first}`, { body: { decision: 'rejected' } })).json).toMatchObject({
      status: 422,
      code: 'commentRequired',
      errors: [{ path: 'comment' }],
    })
    await decide(ticketId, 'marc', 'approved')
    await decide(ticketId, 'claire', 'rejected', 'Pas cette année.')
    await ended(ticketId, 'canceled')
    expect((await rows(ticketId)).map(({ approverId, state }) => `${approverId} ${state}`)).toEqual(['marc approved', 'claire rejected'])
  })
})

describe('nobody decides for himself', () => {
  it('neither the requester, nor who opened it, nor a bystander, nor an administrator; not even through the task itself', async () => {
    const { ticketId } = await ask('quorum', ['camille', 'alex', 'marc'], { quorum: 3 }, 'alex')
    expect((await decide(ticketId, 'camille', 'approved')).json).toMatchObject({ status: 403, code: 'selfApproval' })
    expect((await decide(ticketId, 'alex', 'approved')).json).toMatchObject({ status: 403, code: 'selfApproval' })
    expect((await decide(ticketId, 'marc', 'approved', '', 'admin')).json).toMatchObject({ status: 403, code: 'notAsked' })
    const waitId = await waitOf(ticketId, 'marc')
    const values = { values: { decision: 'approved' } }
    expect((await house.by('ines')(`/tickets/${ticketId}/tasks/${waitId}/complete`, { body: values })).json).toMatchObject({
      status: 403,
      code: 'notAsked',
    })
    expect((await house.by('ines')(`/tickets/${ticketId}/tasks/${waitId}/claim`, { body: {} })).json).toMatchObject({
      status: 403,
      code: 'notAsked',
    })
    expect(await decidedFacts(ticketId)).toEqual([])
  })
  it('the question goes to the manager, else to the fallback group, with the reason; so does that of one who has left', async () => {
    await house.database.db.updateTable('person').set({ managerId: 'claire' }).where('id', '=', 'camille').execute()
    await house.database.db.updateTable('person').set({ isActive: false }).where('id', '=', 'paul').execute()
    const { ticketId } = await ask('quorum', ['camille', 'paul'], { quorum: 2 })
    await waitOf(ticketId, 'paul')
    await house.turn()
    const claire = await waitOf(ticketId, 'claire')
    const helene = await waitOf(ticketId, 'helene')
    expect([claire, helene]).toHaveLength(2)
    const card = (await house.by('alex')(`/tickets/${ticketId}/approvals`)).json.items
    expect(
      card.map((one: { moves: { from: { id: string }; to: { id: string }; reason: string }[] }) =>
        one.moves.map(({ from, to, reason }) => `${from.id} > ${to.id} ${reason}`).join(),
      ),
    ).toEqual(['camille > claire interested', 'paul > helene inactive'])
    await house.turn()
    expect(await house.linksTo('claire')).not.toEqual([])
  })
  it('service task "approvers" names them beforehand, and refuses a quorum beyond the voters as a stall with its reason', async () => {
    const { ticketId } = await ask('named', [], { ask: ['camille', 'marc'], quorum: 2 })
    await waitOf(ticketId, 'marc')
    await waitOf(ticketId, 'claire')
    const stuck = await ask('named', [], { ask: ['marc', 'helene'], quorum: 3 })
    const stall = await until('a stall', async () => (await house.by('alex')(`/tickets/${stuck.ticketId}`)).json.stalls[0])
    expect(stall).toMatchObject({ elementId: 'name', message: expect.stringMatching(/quorum from 1 to 2.*found 3/) })
    const stalled = (await house.by('admin')('/tickets?view=stalled')).json.items
    expect(stalled.map(({ id }: { id: string }) => id)).toContain(stuck.ticketId)
    expect(stalled.map(({ id }: { id: string }) => id)).not.toContain(ticketId)
  })
})

describe('a question put to a group', () => {
  const askGroup = (askedGroup: string, requesterId = 'camille') =>
    house.open({
      kind: 'request',
      processId: 'by-group',
      openedById: requesterId,
      fields: { title: 'Une ligne de plus', description: '', requesterId },
      extra: { askedGroup } as never,
    })
  const pendingOf = (ticketId: string) => until('the group to be asked', async () => (await rows(ticketId))[0])
  it('whose only member asks for himself goes to the fallback group, with the reason', async () => {
    await house.database.db.insertInto('supportGroup').values({ id: 'solo', name: 'Une personne' }).execute()
    await house.database.db.insertInto('groupMember').values({ groupId: 'solo', personId: 'sarah' }).execute()
    const { ticketId } = await askGroup('solo', 'sarah')
    const { waitId } = await pendingOf(ticketId)
    expect((await house.by('sarah')(`/approvals/${ticketId}/${waitId}`, { body: { decision: 'approved' } })).json.code).toBe('selfApproval')
    await house.turn()
    await waitOf(ticketId, 'helene')
    const [card] = (await house.by('alex')(`/tickets/${ticketId}/approvals`)).json.items
    expect(card.moves).toMatchObject([{ from: null, to: { id: 'helene' }, reason: 'interested' }])
    expect((await decide(ticketId, 'helene', 'approved')).status).toBe(200)
    await ended(ticketId, 'closed')
  })
  it('is answered by the delegate of a member for that group alone, and says for whom', async () => {
    const until = new Date(Date.now() + 86_400_000).toISOString()
    const cover = {
      delegateId: 'claire',
      scope: 'group',
      value: 'cab',
      startsAt: new Date(Date.now() - 60_000).toISOString(),
      endsAt: until,
    }
    const made = await house.by('sofia')('/delegations', { body: cover })
    expect(made.status).toBe(201)
    const [cab, network] = [await askGroup('cab'), await askGroup('network')]
    const asked = await pendingOf(cab.ticketId)
    const other = await pendingOf(network.ticketId)
    expect((await house.by('claire')(`/approvals/${network.ticketId}/${other.waitId}`, { body: { decision: 'approved' } })).json.code).toBe(
      'notAsked',
    )
    const inbox = (await house.by('claire')('/approvals')).json.items.map((one: { ticketId: string }) => one.ticketId)
    expect([inbox.includes(cab.ticketId), inbox.includes(network.ticketId)]).toEqual([true, false])
    expect((await house.by('claire')(`/approvals/${cab.ticketId}/${asked.waitId}`, { body: { decision: 'approved' } })).status).toBe(200)
    expect((await decidedFacts(cab.ticketId))[0]).toMatchObject({ approverId: 'sofia', decidedById: 'claire', delegationId: made.json.id })
    const [card] = (await house.by('alex')(`/tickets/${cab.ticketId}/approvals`)).json.items
    expect(card).toMatchObject({ decidedBy: { id: 'claire' }, decidedFor: { id: 'sofia' } })
    await house.by('sofia')(`/delegations/${made.json.id}/revoke`, { body: {} })
  })
  it('is never answered for a requester by his delegate, even when both are of the group', async () => {
    const span = { startsAt: new Date(Date.now() - 60_000).toISOString(), endsAt: new Date(Date.now() + 86_400_000).toISOString() }
    const made = await house.by('mei')('/delegations', { body: { delegateId: 'emma', ...span } })
    const { ticketId } = await askGroup('ecab', 'mei')
    const { waitId } = await pendingOf(ticketId)
    expect((await house.by('emma')(`/approvals/${ticketId}/${waitId}`, { body: { decision: 'approved' } })).json.code).toBe('selfApproval')
    const inbox = (await house.by('emma')('/approvals')).json.items.map((one: { ticketId: string }) => one.ticketId)
    expect(inbox).not.toContain(ticketId)
    await house.by('mei')(`/delegations/${made.json.id}/revoke`, { body: {} })
  })
})

describe('the inbox', () => {
  it('gives pages as long as asked for, whatever lies between that is not his to decide', async () => {
    // every other question is about his own ticket
    const opened: string[] = []
    for (const requesterId of ['fatou', 'camille', 'fatou', 'camille', 'fatou', 'camille']) {
      const { ticketId } = await house.open({
        kind: 'request',
        processId: 'quorum',
        openedById: requesterId,
        fields: { title: 'Un clavier', description: '', requesterId },
        extra: { approvers: ['fatou'], quorum: 1 } as never,
      })
      await waitOf(ticketId, 'fatou')
      if (requesterId === 'camille') opened.push(ticketId)
    }
    const first = (await house.by('fatou')('/approvals?limit=2')).json
    const second = (await house.by('fatou')(`/approvals?limit=2&cursor=${first.nextCursor}`)).json
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([2, 1, null])
    expect([...first.items, ...second.items].map(({ ticketId }: { ticketId: string }) => ticketId)).toEqual(opened)
    for (const ticketId of opened) await decide(ticketId, 'fatou', 'approved')
  })
})

describe('a delegate', () => {
  const body = (delegateId: string | null, more = {}) => ({
    delegateId,
    startsAt: new Date(Date.now() - 60_000).toISOString(),
    endsAt: new Date(Date.now() + 86_400_000).toISOString(),
    reason: 'Congés',
    ...more,
  })
  it('decides in the approver’s place; the evidence shows both; then it ends', async () => {
    const made = await house.by('marc')('/delegations', { body: body('julie', { scope: 'subject', value: 'purchase' }) })
    expect(made.json).toMatchObject({ state: 'active', person: { id: 'marc' }, delegate: { id: 'julie' } })
    const { ticketId } = await ask('quorum', ['marc'])
    const waitId = await waitOf(ticketId, 'marc')
    await house.turn()
    expect([await house.linksTo('marc'), await house.linksTo('julie')].map((links) => links.length > 0)).toEqual([true, true])
    const asked = (await house.by('julie')('/approvals')).json.items.find((one: { ticketId: string }) => one.ticketId === ticketId)
    expect(asked).toMatchObject({ forPerson: { id: 'marc' }, mayDecide: true })
    expect((await house.by('julie')(`/approvals/${ticketId}/${waitId}`, { body: { decision: 'approved' } })).status).toBe(200)
    await ended(ticketId, 'closed')
    expect((await decidedFacts(ticketId))[0]).toMatchObject({ approverId: 'marc', decidedById: 'julie', delegationId: made.json.id })
    expect((await house.by('marc')('/approvals?view=decided')).json.items[0]).toMatchObject({
      decidedBy: { id: 'julie' },
      decidedFor: { id: 'marc' },
    })
    expect((await house.by('julie')(`/delegations/${made.json.id}/revoke`, { body: {} })).json.code).toBe('notYourDelegation')
    expect((await house.by('marc')(`/delegations/${made.json.id}/revoke`, { body: {} })).json.state).toBe('revoked')
    const later = await ask('quorum', ['marc'])
    expect((await decide(later.ticketId, 'marc', 'approved', '', 'julie')).json.code).toBe('notAsked')
  })
  it('is never the requester himself', async () => {
    const made = await house.by('marc')('/delegations', { body: body('camille') })
    const { ticketId } = await ask('quorum', ['marc'])
    expect((await decide(ticketId, 'marc', 'approved', '', 'camille')).json.code).toBe('selfApproval')
    await house.by('marc')(`/delegations/${made.json.id}/revoke`, { body: {} })
  })
  it.each([
    ['in a circle', 'julie', body('emma'), 'delegateId', 'delegationCycle'],
    ['to oneself', 'julie', body('julie'), 'delegateId', 'delegateIsSelf'],
    ['that ends before it starts', 'julie', body('marc', { endsAt: '2020-01-01T00:00:00Z' }), 'endsAt', 'endsBeforeStart'],
    ['to somebody unknown', 'julie', body('nobody'), 'delegateId', 'personNotFound'],
    ['of a subject that is not named', 'julie', body('marc', { scope: 'subject' }), 'value', 'valueMissing'],
  ])('%s is refused at its field', async (_, who, wanted, path, code) => {
    await house.by('emma')('/delegations', { body: body('julie') })
    const answer = await house.by(who)('/delegations', { body: wanted })
    expect([answer.status, answer.json.code, answer.json.errors[0].path]).toEqual([422, code, path])
    if (code === 'delegationCycle') expect(answer.json.detail).toContain('Julie Petit → Emma Schneider → Julie Petit')
  })
  it('is nobody’s business to name for another', async () =>
    expect((await house.by('alex')('/delegations', { body: body('julie', { personId: 'marc' }) })).json.code).toBe('notYourDelegation'))
})

describe('a link by mail', () => {
  const call = (token: string, body?: unknown) => house.call(`/approval-links/${token}`, body === undefined ? {} : { body })
  it('shows the question before anything is decided, decides once, and says so afterwards', async () => {
    const { ticketId } = await ask('quorum', ['fatou'])
    await waitOf(ticketId, 'fatou')
    await house.turn()
    await house.turn()
    const [token, ...more] = await house.linksTo('fatou')
    expect(more).toEqual([])
    // a mail scanner follows the link
    for (let n = 0; n < 2; n++)
      expect((await call(token!)).json).toMatchObject({
        state: 'open',
        personName: 'Fatou Diallo',
        approval: { title: 'Un écran de plus' },
      })
    expect(await statusOf(ticketId)).toBe('new')
    expect((await call(token!, { decision: 'rejected' })).json.code).toBe('commentRequired')
    expect((await call(token!, { decision: 'approved' })).status).toBe(200)
    await ended(ticketId, 'closed')
    expect((await decidedFacts(ticketId))[0]).toMatchObject({ via: 'mailLink', decidedById: 'fatou' })
    expect((await call(token!, { decision: 'rejected', comment: 'Non, finalement.' })).json).toMatchObject({
      status: 409,
      code: 'approvalAlreadyDecided',
    })
    expect((await call(token!)).json).toMatchObject({ state: 'decided', approval: { state: 'approved', description: '' } })
    expect(await decidedFacts(ticketId)).toHaveLength(1)
  })
  it('after the ticket was canceled decides nothing', async () => {
    const { ticketId } = await ask('quorum', ['sarah'])
    await waitOf(ticketId, 'sarah')
    await house.turn()
    const [token] = await house.linksTo('sarah')
    const cancel = {
      actor: { id: 'admin', name: 'admin', roles: ['administrator'], groups: [] },
      key: `cancel-${ticketId}`,
      payload: { reason: 'withdrawn' },
    }
    await house.client.workflow.getHandle(ticketId).executeUpdate('cancelInstance', { args: [cancel], updateId: cancel.key })
    expect((await call(token!)).json.state).toBe('withdrawn')
    expect((await call(token!, { decision: 'approved' })).json).toMatchObject({ status: 409, code: 'approvalWithdrawn' })
  })
  it.each([
    ['altered', (token: string) => `${token.slice(0, -3)}abc`, 404, 'approvalLinkInvalid'],
    [
      'made with another secret',
      () =>
        approvalToken('another secret that is long enough, 32', {
          ticketId: '00000000-0000-4000-8000-000000000000',
          waitId: 'e1',
          personId: 'marc',
          expiresAt: 9e15,
        }),
      404,
      'approvalLinkInvalid',
    ],
  ])('that is %s opens nothing', async (_, change, status, code) => {
    const { ticketId } = await ask('quorum', ['olivier'])
    await waitOf(ticketId, 'olivier')
    await house.turn()
    const [token] = await house.linksTo('olivier')
    expect((await call(change(token!), { decision: 'approved' })).json).toMatchObject({ status, code })
  })
  it('that has expired, or whose question went to somebody else, decides nothing', async () => {
    const { ticketId } = await ask('quorum', ['antoine'])
    const waitId = await waitOf(ticketId, 'antoine')
    const link = { ticketId, waitId, personId: 'antoine', expiresAt: Date.now() - 1 }
    const late = approvalToken(house.deps.config.secret, link)
    expect((await call(late)).json).toMatchObject({ state: 'expired', approval: null })
    expect((await call(late, { decision: 'approved' })).json.code).toBe('approvalLinkExpired')
    const other = approvalToken(house.deps.config.secret, { ...link, personId: 'james', expiresAt: Date.now() + 60_000 })
    expect((await call(other)).json).toMatchObject({ state: 'notYours', approval: null })
    expect((await call(other, { decision: 'approved' })).json.code).toBe('notAsked')
  })
})

describe('a deadline', () => {
  it('passes the question on, then ends it without a decision: no ticket waits for ever', async () => {
    const extra = {
      ask: ['claire'],
      approvalSubject: 'manager',
      approvalDeadline: 'PT1S',
      escalationDeadline: 'PT1S',
      approvalCalendar: 'always',
      escalationGroup: 'managers',
    }
    const { ticketId } = await ask('with-deadline', [], extra)
    await waitOf(ticketId, 'claire')
    await waitOf(ticketId, 'helene')
    await waitOf(ticketId, 'priya')
    await ended(ticketId, 'canceled')
    expect((await rows(ticketId)).map(({ subject, state }) => `${subject} ${state}`)).toEqual([
      'manager withdrawn',
      'escalation withdrawn',
      'escalation withdrawn',
    ])
  })
  it('passes the question on to the managers, whose word counts', async () => {
    const extra = {
      ask: ['claire'],
      approvalSubject: 'manager',
      approvalDeadline: 'PT1S',
      escalationDeadline: 'P1D',
      approvalCalendar: 'always',
      escalationGroup: 'managers',
    }
    const { ticketId } = await ask('with-deadline', [], extra)
    await waitOf(ticketId, 'helene')
    expect((await decide(ticketId, 'helene', 'approved')).status).toBe(200)
    await ended(ticketId, 'closed')
  })
  it('is counted in the working time of the requester’s site, else of the service, else of the desk', async () => {
    const extra = {
      ask: ['antoine'],
      approvalSubject: 'manager',
      approvalDeadline: 'P3D',
      escalationDeadline: 'P1D',
      escalationGroup: 'managers',
    }
    const desk = await ask('with-deadline', [], extra)
    const site = await ask('with-deadline', [], { ...extra, siteCalendarId: 'always' })
    await Promise.all([waitOf(desk.ticketId, 'antoine'), waitOf(site.ticketId, 'antoine')])
    const days = async (ticketId: string) => {
      const [row] = await rows(ticketId)
      return { lasts: (row!.dueAt!.getTime() - row!.openedAt.getTime()) / 86_400_000, weekday: row!.dueAt!.getUTCDay() }
    }
    expect((await days(site.ticketId)).lasts).toBeCloseTo(3, 1)
    const { lasts, weekday } = await days(desk.ticketId)
    expect(lasts).toBeGreaterThan(2.3)
    expect([1, 2, 3, 4, 5]).toContain(weekday)
  })
  it('that is no duration stalls with the remedy', async () => {
    const extra = {
      ask: ['antoine'],
      approvalSubject: 'manager',
      approvalDeadline: 'soon',
      escalationDeadline: 'P1D',
      escalationGroup: 'managers',
    }
    const { ticketId } = await ask('with-deadline', [], extra)
    const stall = await until('a stall', async () => (await house.by('alex')(`/tickets/${ticketId}`)).json.stalls[0])
    expect(stall).toMatchObject({ elementId: 'chooseApprovers', message: expect.stringMatching(/such as P3D.*found "soon"/) })
  })
  it('is reminded of once, a day before', async () => {
    const extra = {
      ask: ['james'],
      approvalSubject: 'manager',
      approvalDeadline: 'P3D',
      escalationDeadline: 'P1D',
      approvalCalendar: 'always',
      escalationGroup: 'managers',
    }
    const { ticketId } = await ask('with-deadline', [], extra)
    await waitOf(ticketId, 'james')
    await house.turn()
    expect(await house.linksTo('james', 'approval-due')).toEqual([])
    house.setClock(Date.now() + 2.2 * 86_400_000)
    await house.turn()
    await house.turn()
    house.setClock(Date.now())
    expect(await house.linksTo('james', 'approval-due')).toHaveLength(1)
  })
  it('needs none where the approver is away without a delegate: the question goes on at once', async () => {
    await house.by('bastien')('/delegations', {
      body: {
        delegateId: null,
        startsAt: new Date(Date.now() - 1_000).toISOString(),
        endsAt: new Date(Date.now() + 86_400_000).toISOString(),
      },
    })
    const { ticketId } = await ask('quorum', ['bastien'])
    await waitOf(ticketId, 'bastien')
    await house.turn()
    await waitOf(ticketId, 'helene')
    const [card] = (await house.by('alex')(`/tickets/${ticketId}/approvals`)).json.items
    expect(card.moves[0]).toMatchObject({ from: { id: 'bastien' }, to: { id: 'helene' }, reason: 'away' })
  })
})

it('all of it is in the ledger, unbroken', async () => expect((await verifyLedger(house.database.db)).isIntact).toBe(true))
