import { afterAll, beforeAll, expect, test } from 'vitest'
import { attendApprovals } from '../../activities/approvals.ts'
import { request } from '../../activities/tasks/request.ts'
import { openTask, until } from './desk.ts'
import { isClosed } from './steps.ts'
import { type RequestDesk, requestDesk } from './request-desk.ts'

let desk: RequestDesk
beforeAll(async () => {
  desk = await requestDesk()
})
afterAll(() => desk.close())

const laptop = { model: 'standard', keyboard: 'azerty', site: 'Lyon', need: 'Mine is six years old' }
const approved = { decision: 'approved', decisionComment: '' }

test('a laptop is approved by the manager, then delivered, confirmed and closed: approved is not delivered', async () => {
  const ticketId = await desk.ask('laptop', { answers: laptop })
  await desk.isStage(ticketId, 'awaitingApproval')
  expect(await desk.ticket(ticketId)).toMatchObject({ number: 'REQ-000001', status: 'new' })
  await desk.complete(ticketId, 'approve', 'marc', approved)
  await desk.isStage(ticketId, 'beingDelivered')
  expect(await desk.ticket(ticketId)).toMatchObject({ status: 'inProgress' })
  expect(await desk.mails(ticketId)).toEqual(['request-received', 'request-approved'])
  await desk.complete(ticketId, 'orderDevice', 'sofia', { purchaseOrder: 'PO-77' })
  await desk.complete(ticketId, 'prepareDevice', 'sofia', { assetTag: 'LT-0042', isEncrypted: true })
  await desk.complete(ticketId, 'handOver', 'sofia', { handedOverOn: '2026-11-25' })
  await desk.isStage(ticketId, 'delivered')
  expect(await desk.ticket(ticketId)).toMatchObject({ status: 'resolved', resolutionCode: 'delivered' })
  await desk.update(ticketId, 'publishMessage', { name: 'requesterConfirmed', variables: {} }, await desk.person('camille'))
  await until('the workflow to end', () => isClosed(desk, ticketId))
  expect(await desk.ticket(ticketId)).toMatchObject({ status: 'closed' })
  expect(await desk.variables(ticketId)).toMatchObject({ stage: 'completed', item: { id: 'laptop', version: 1 } })
  expect((await desk.mails(ticketId)).slice(2)).toEqual(['request-delivered', 'request-closed', 'survey'])
  const attempt = await desk.db.selectFrom('provisionAttempt').selectAll().where('ticketId', '=', ticketId).executeTakeFirstOrThrow()
  expect(attempt).toMatchObject({ connectorId: 'device-management', operation: 'enrolDevice', state: 'done' })
})

test('two laptops go over budget: the managers are asked after the manager, and their refusal ends it', async () => {
  const ticketId = await desk.ask('laptop', { answers: laptop, quantity: 2 })
  await desk.complete(ticketId, 'approve', 'marc', approved)
  await until('the second round', async () => {
    const open = await desk.db
      .selectFrom('task')
      .select('assigneeId')
      .where('ticketId', '=', ticketId)
      .where('state', '=', 'open')
      .execute()
    return open.length === 2 && open.every(({ assigneeId }) => assigneeId === 'helene' || assigneeId === 'priya' || assigneeId === 'admin')
  }).catch(() => undefined)
  const [task] = await desk.db
    .selectFrom('task')
    .select(['waitId', 'assigneeId'])
    .where('ticketId', '=', ticketId)
    .where('state', '=', 'open')
    .execute()
  await desk.update(
    ticketId,
    'completeTask',
    { waitId: task!.waitId, variables: { decision: 'rejected', decisionComment: 'One is enough this year' } },
    await desk.person(task!.assigneeId!),
  )
  await until('the workflow to end', () => isClosed(desk, ticketId))
  expect(await desk.ticket(ticketId)).toMatchObject({ status: 'closed', resolutionCode: 'rejected' })
  const { stage, approvalVotes } = await desk.variables(ticketId)
  expect(stage).toBe('rejected')
  expect(approvalVotes).toEqual([
    { subject: 'manager', approver: 'marc', decision: 'approved', comment: '' },
    { subject: 'budget', approver: task!.assigneeId, decision: 'rejected', comment: 'One is enough this year' },
  ])
  expect(await desk.mails(ticketId)).toEqual(['request-received', 'request-rejected'])
})

test('the requester takes it back while it is being approved, and no longer once it is being delivered', async () => {
  const camille = await desk.person('camille')
  const early = await desk.ask('laptop', { answers: laptop })
  await openTask(desk, early, 'approve')
  await desk.update(early, 'publishMessage', { name: 'requesterCanceled', variables: { cancelReason: 'Found one' } }, camille)
  await until('the workflow to end', () => isClosed(desk, early))
  expect(await desk.ticket(early)).toMatchObject({ status: 'canceled' })
  const late = await desk.ask('laptop', { answers: laptop })
  await desk.complete(late, 'approve', 'marc', approved)
  await openTask(desk, late, 'orderDevice')
  await expect(desk.update(late, 'publishMessage', { name: 'requesterCanceled', variables: {} }, camille)).rejects.toThrow()
})

test('whoever orders for somebody else is not asked to approve it', async () => {
  const ticketId = await desk.ask('laptop', { requesterId: 'camille', orderedById: 'marc', answers: laptop })
  await openTask(desk, ticketId, 'approve')
  const open = await desk.db.selectFrom('task').select('assigneeId').where('ticketId', '=', ticketId).where('state', '=', 'open').execute()
  expect(open.map(({ assigneeId }) => assigneeId)).not.toContain('marc')
  expect(open.length).toBeGreaterThan(0)
})

test('a password is reset without anybody: to the end, at once', async () => {
  const ticketId = await desk.ask('password-reset', { answers: { account: 'windows' } })
  await until('the workflow to end', () => isClosed(desk, ticketId))
  expect(await desk.ticket(ticketId)).toMatchObject({ status: 'closed', resolutionCode: 'delivered' })
  expect(await desk.mails(ticketId)).toEqual(['request-received', 'request-delivered', 'request-closed', 'survey'])
})

test('an approver is reminded once: by the desk or by the diagram, whichever comes first', async () => {
  const env = { db: desk.db, publicUrl: 'http://desk.test', secret: 'a secret that is only used in tests, 32+' }
  const remind = async (ticketId: string) => {
    const { approvalRounds } = await desk.variables(ticketId)
    const round = (approvalRounds as { approvers: string[]; dueAt: string }[])[0]!
    const call = {
      ticketId,
      input: { round },
      headers: { do: 'remindApprovers' },
      idempotencyKey: `remind/${ticketId}`,
      elementId: 'remindApprovers',
    }
    await request.run(call as never, { ...env, signal: new AbortController().signal })
    return Date.parse(round.dueAt) - 60_000
  }
  const soon = async (ticketId: string) => {
    const row = await desk.db.selectFrom('approval').select('dueAt').where('ticketId', '=', ticketId).executeTakeFirstOrThrow()
    return row.dueAt!.getTime() - 60_000
  }
  const reminders = async (ticketId: string) =>
    (await desk.mails(ticketId)).filter((name) => name === 'approval-due' || name === 'approval-reminder')
  const [first, second] = [await desk.ask('laptop', { answers: laptop }), await desk.ask('laptop', { answers: laptop })]
  await Promise.all([openTask(desk, first, 'approve'), openTask(desk, second, 'approve')])
  await attendApprovals(env)
  await attendApprovals(env, await soon(first))
  await remind(first)
  expect(await reminders(first)).toEqual(['approval-due'])
  // the desk has reminded of both; a third question is reminded of by its diagram alone
  const third = await desk.ask('laptop', { answers: laptop })
  await openTask(desk, third, 'approve')
  await attendApprovals(env)
  const late = await remind(third)
  await attendApprovals(env, late)
  await remind(third)
  expect(await reminders(third)).toEqual(['approval-reminder'])
})
