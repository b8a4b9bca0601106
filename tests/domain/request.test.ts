import { beforeAll, describe, expect, it } from 'vitest'
import type { Bundle } from '#domain/bundle'
import { checkProcess } from '#domain/checks'
import type { Job } from '#domain/rehearsal'
import type { Model } from '#engine/model'
import type { Variables } from '#schema/json'
import { TicketOpening } from '#schema/ticket'
import { compileProcess } from '../../workflows/engine/compile/index.ts'
import { DeskRun } from './desk-run.ts'
import { filesIn, shippedBundle, sourceOf } from './shipped-bundle.ts'

const models: Record<string, Model> = {}
let shipped: Bundle
beforeAll(async () => {
  shipped = await shippedBundle('request')
  for (const file of filesIn('processes')) {
    const compiled = await compileProcess(sourceOf(`processes/${file}`))
    if (compiled.ok) models[compiled.value.processId] = compiled.value
  }
})

const monday = Date.parse('2026-11-23T09:00+01:00')
const day = 86_400_000
const round = (approvers: string[], quorum: number, subject = 'manager') => ({
  subject,
  approvers,
  quorum,
  remindAt: new Date(monday + day).toISOString(),
  dueAt: new Date(monday + 2 * day).toISOString(),
  expiresAt: new Date(monday + 4 * day).toISOString(),
})

function open(
  rounds: Variables[],
  processId: string,
  provisioned: (job: Job) => Variables = () => ({ provisioned: 'system', provisionReference: '' }),
): DeskRun {
  const { request, ...called } = models
  const bundle: Bundle = { ...shipped, process: request as Model, called, policies: shipped.policies.filter(({ id }) => id === 'request') }
  const work = (job: Job): Variables => {
    if (job.jobType === 'provision') return provisioned(job)
    if (job.headers.do === 'plan' && job.jobType === 'request')
      return { approvalRounds: rounds, stage: rounds.length > 0 ? 'awaitingApproval' : 'received' }
    return job.headers.do === 'promise' ? { promisedAt: new Date(monday + 9 * day).toISOString(), stage: 'beingDelivered' } : {}
  }
  const extra = {
    stage: 'received',
    item: { id: 'x', version: 1, deliveryDays: 3, entitlementId: null },
    quantity: 1,
    answers: { computer: 'LT-1' },
    approvalVotes: [],
    approvalOutcome: 'none',
    votes: [],
    promisedAt: null,
    fulfilmentProcessId: processId,
    isConfirmed: true,
  }
  const opening = TicketOpening.parse({
    ticketId: '0b6f6b0e-6d0c-4b53-9f7c-1f5b6a3d2c12',
    number: 'REQ-000001',
    kind: 'request',
    channel: 'portal',
    interactionId: null,
    openedById: 'camille',
    fields: { title: 'Ordinateur', requesterId: 'camille', groupId: 'workplace', priority: 5 },
    extra,
  })
  return new DeskRun(bundle, opening, monday, work)
}
const vote = (run: DeskRun, approver: string, decision: string, decisionComment = '') => {
  const task = run.tasks.find(({ assignee, elementId }) => elementId === 'approve' && assignee === approver)
  if (!task) throw new Error(`expected a question to ${approver}, found ${JSON.stringify(run.tasks)}`)
  run.put({ type: 'completeTask', waitId: task.waitId, variables: { decision, decisionComment } }, approver)
}
const waiting = (run: DeskRun): string[] =>
  run.tasks.map(({ elementId, assignee, candidateGroups }) => `${elementId} ${assignee ?? candidateGroups.join()}`)

describe('the processes of requests', () => {
  it('have nothing for the checks to say', () => expect(Object.values(models).flatMap(checkProcess)).toEqual([]))
  it('name forms that are shipped', () => {
    const forms = Object.values(models).flatMap((model) => model.references.forms)
    expect(forms.filter((id) => !filesIn('forms').includes(`${id}.form`))).toEqual([])
  })
})

describe('the approval of a request', () => {
  it('without a round goes straight to delivery', () => expect(waiting(open([], 'fulfil-laptop'))).toEqual(['orderDevice workplace']))

  it('asks everybody of a round at once, and takes the quorum for enough', () => {
    const run = open([round(['marc', 'claire', 'sarah'], 2)], 'fulfil-laptop')
    expect(waiting(run)).toEqual(['approve marc', 'approve claire', 'approve sarah'])
    vote(run, 'marc', 'approved')
    vote(run, 'claire', 'abstained')
    expect(run.variables.stage).toBe('awaitingApproval')
    vote(run, 'sarah', 'approved')
    expect(run.variables.stage).toBe('beingDelivered')
  })

  it('ends with the first refusal, whatever rounds there would have been', () => {
    const run = open([round(['marc'], 1), round(['helene'], 1, 'budget')], 'fulfil-laptop')
    vote(run, 'marc', 'rejected', 'Not this year')
    expect(run.isEnded).toBe(true)
    expect(run.variables).toMatchObject({
      stage: 'rejected',
      approvalVotes: [{ subject: 'manager', approver: 'marc', decision: 'rejected', comment: 'Not this year' }],
    })
    expect(run.history('status')).toBe('new > closed')
  })

  it('goes to the managers when the quorum can no longer be reached', () => {
    const run = open([round(['marc', 'claire'], 2)], 'fulfil-laptop')
    vote(run, 'marc', 'approved')
    vote(run, 'claire', 'abstained')
    expect(waiting(run)).toEqual(['decideInstead managers'])
    run.complete('decideInstead', { decision: 'approved', decisionComment: '' })
    expect(run.variables.stage).toBe('beingDelivered')
  })

  it('is reminded of, then escalated to the managers, then expires', () => {
    const run = open([round(['marc'], 1)], 'fulfil-laptop')
    run.goTo(monday + day)
    expect(run.jobs.map(({ headers }) => headers.do)).toContain('remindApprovers')
    expect(waiting(run)).toEqual(['approve marc'])
    run.goTo(monday + 2 * day)
    expect(waiting(run)).toEqual(['decideInstead managers'])
    run.goTo(monday + 4 * day)
    expect(run.isEnded).toBe(true)
    expect(run.variables.stage).toBe('expired')
    expect(run.history('status')).toBe('new > canceled')
    expect(run.sent).toContain('request-expired to requester')
  })

  it('escalated, is decided by the managers', () => {
    const run = open([round(['marc'], 1)], 'fulfil-laptop')
    run.goTo(monday + 2 * day)
    run.complete('decideInstead', { decision: 'rejected', decisionComment: 'No' })
    expect(run.variables.stage).toBe('rejected')
  })
})

describe('the delivery of a request', () => {
  it('runs its clock from approval on, and warns before it is late', () => {
    const run = open([], 'fulfil-laptop')
    expect(run.of('clockStarted').map(({ clockId }) => clockId)).toEqual(['request.delivery'])
    run.goTo(monday + 20 * day)
    expect(run.sent).toEqual(expect.arrayContaining(['sla-warning to group', 'sla-breach to manager']))
  })

  it('that people do not receive comes back to the group, and is delivered again', () => {
    const run = open([], 'fulfil-password-reset')
    expect(run.status).toBe('resolved')
    run.message('requesterReopened', { reopenReason: 'Nothing came' })
    expect([run.status, ...waiting(run)]).toEqual(['inProgress', 'settle workplace'])
    run.complete('settle', { settlement: 'Sent again' })
    expect(run.status).toBe('resolved')
    run.goTo(monday + 14 * day)
    expect(run.history('status')).toBe('new > inProgress > resolved > inProgress > resolved > closed')
  })

  it('by people is done by hand where no system can, and given up where nobody can', () => {
    const manual = () => ({ provisioned: 'manual', provisionReference: '' })
    const run = open([], 'fulfil-software', manual)
    expect(waiting(run)).toEqual(['doByHand workplace'])
    run.complete('doByHand', { byHandOutcome: 'done', byHandReference: 'K-1' })
    run.complete('doByHand', { byHandOutcome: 'impossible' })
    expect(run.isEnded).toBe(true)
    expect(run.variables.stage).toBe('notDelivered')
    expect(
      run.jobs.filter(({ jobType, headers }) => jobType === 'provision' && headers.undo === 'true').map(({ input }) => input.operation),
    ).toEqual(['releaseLicence'])
  })

  it('of a computer that is given up cancels the order and withdraws it, last done first', () => {
    const run = open([], 'fulfil-laptop')
    run.complete('orderDevice', { purchaseOrder: 'PO-1' })
    run.isHolding = true
    run.complete('prepareDevice', { assetTag: 'LT-1', isEncrypted: true })
    const job = run.jobs.at(-1)
    run.put({ type: 'jobFailed', waitId: job?.waitId ?? '', message: 'no such tag', errorCode: 'PROVISION_FAILED' })
    run.isHolding = false
    run.complete('decideFailure', { failureChoice: 'giveUp' })
    expect(waiting(run)).toEqual(['cancelOrder workplace'])
    run.complete('cancelOrder', {})
    expect(run.variables.stage).toBe('notDelivered')
  })
})
