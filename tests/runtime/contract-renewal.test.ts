import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addDays, addMonths } from '#schema/calendar-date'
import { nouns } from '#schema/nouns'
import { correlateOnce } from '../../activities/correlator.ts'
import { startWaitingIntakes } from '../../activities/intake-starter.ts'
import { type Contract, readContract } from '../../activities/store/record/contracts.ts'
import { startProcess } from '../../activities/store/ticket/instances.ts'
import { saveRecord } from '../../activities/store/record/records.ts'
import { agent, createDesk, type Desk, story, until } from './desk.ts'
import { startQuickly } from './quick.ts'

let desk: Desk
let supplierId: string
const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris' }).format(Date.now())
/** A day of the contract's process takes so long. */
const dayTakesMs = 500

async function contract(reference: string, change: Partial<Contract>): Promise<string> {
  const values = {
    reference,
    name: `Maintenance ${reference}`,
    supplierId,
    ownerId: agent.id,
    startsOn: addDays(today, -300),
    isTacit: true,
    renewalMonths: 12,
    noticeUnit: 'days',
    calendarId: null,
    responseMinutes: null,
    resolutionMinutes: null,
    annualCost: null,
    ciIds: [],
    decision: 'none',
    status: 'active',
    notes: null,
    ...change,
  }
  const saved = await saveRecord(desk.db, nouns['maintenance-contract'], { id: null, version: null, values }, 'admin')
  if (!saved.ok) throw new Error(`expected a contract, found ${JSON.stringify(saved)}`)
  return saved.record.id
}

/** Starts the contract's process on compressed time, in place of the one that its message would start. */
function watch(contractId: string): Promise<string> {
  const start = { processId: 'contract-renewal', startElementId: 'registered', variables: { contractId }, startedById: 'admin' }
  return startQuickly(desk, dayTakesMs, async () => (await startProcess(desk.db, start)).instanceId)
}

const contractOf = async (id: string): Promise<Contract> => (await readContract(desk.db, id))?.contract as Contract
const decisionTask = (contractId: string) =>
  until('the owner to be asked', async () => {
    await startWaitingIntakes(desk.db, desk.client)
    return desk.db
      .selectFrom('task')
      .innerJoin('ticket', 'ticket.id', 'task.ticketId')
      .innerJoin('instance', 'instance.ticketId', 'ticket.id')
      .select(['task.waitId', 'task.ticketId', 'task.assigneeId', 'ticket.title', 'ticket.kind'])
      .where('task.state', '=', 'open')
      .where('instance.processId', '=', 'contract-decision')
      .where(sql<string>`ticket.extra ->> 'contractId'`, '=', contractId)
      .executeTakeFirst()
  })
const active = async (instanceId: string): Promise<string[]> => (await desk.snapshot(instanceId)).active.map(({ elementId }) => elementId)

beforeAll(async () => {
  desk = await createDesk()
  const values = { name: 'Sogelink', contact: null, email: null, phone: null, customerNumber: null, notes: null }
  const saved = await saveRecord(desk.db, nouns.supplier, { id: null, version: null, values }, 'admin')
  if (!saved.ok) throw new Error('expected a supplier')
  supplierId = saved.record.id
  await desk.startWorker()
})
afterAll(() => desk.close())

describe('a maintenance contract', () => {
  test('warns its owner ahead of the notice date; he cancels, and it ends with its term', async () => {
    const id = await contract('C-CANCEL', { endsOn: addDays(today, 22), noticeValue: 2, leadDays: 19 })
    const instanceId = await watch(id)
    const task = await decisionTask(id)
    expect(task).toMatchObject({ assigneeId: agent.id, kind: 'request', title: 'Reconduire ou résilier : Maintenance C-CANCEL' })
    const mails = await desk.db.selectFrom('mailOut').select(['recipient', 'template']).where('ticketId', '=', task.ticketId).execute()
    expect(mails).toContainEqual({ recipient: `${agent.id}@example.org`, template: 'contract-decision' })
    await desk.update(task.ticketId, 'completeTask', {
      waitId: task.waitId,
      variables: { contractDecision: 'cancel', resolution: 'Le matériel est remplacé.' },
    })
    await until('the decision to reach the contract', async () => {
      await correlateOnce(desk.db, desk.client)
      return (await contractOf(id)).decision === 'cancel'
    })
    await until('the term to end', async () => (await contractOf(id)).status === 'canceled', 30_000)
    await until('the process to end', async () => (await desk.client.workflow.getHandle(instanceId).describe()).status.name === 'COMPLETED')
    const history = await desk.db
      .selectFrom('fact')
      .select(['actorId', 'body'])
      .where('streamId', '=', `maintenance-contract/${id}`)
      .execute()
    expect(history).toContainEqual(
      expect.objectContaining({ actorId: agent.id, body: expect.objectContaining({ field: 'decision', to: 'cancel' }) }),
    )
  })

  test('that nobody decides about is renewed tacitly, and owner and managers are told', async () => {
    const endsOn = addDays(today, 4)
    const id = await contract('C-TACIT', { endsOn, noticeValue: 1, leadDays: 2 })
    const instanceId = await watch(id)
    await decisionTask(id)
    await until('the contract to be renewed', async () => (await contractOf(id)).endsOn === addMonths(endsOn, 12), 30_000)
    expect(await contractOf(id)).toMatchObject({ startsOn: addDays(endsOn, 1), decision: 'none', status: 'active' })
    const mails = await desk.db.selectFrom('mailOut').select('recipient').where('template', '=', 'contract-notice-passed').execute()
    expect(mails.map(({ recipient }) => recipient).sort()).toEqual(['admin@example.org', `${agent.id}@example.org`])
    await until('it to wait for the next notice', async () => (await active(instanceId)).includes('awaitWarning'))
  })

  test('without tacit renewal ends when nobody decides; one that is over already is caught up with', async () => {
    const id = await contract('C-FIXED', { endsOn: addDays(today, -1), noticeValue: 1, leadDays: 2, isTacit: false, renewalMonths: 0 })
    await watch(id)
    await until('the contract to end', async () => (await contractOf(id)).status === 'ended')
  })

  test('whose owner does not answer: his ticket closes when the notice has passed', async () => {
    const fields = { title: 'Reconduire ?', description: '', requesterId: agent.id, assigneeId: agent.id }
    const words = { noticeText: '', endText: '', isTacit: true, contractReference: 'C-0' }
    const extra = { contractId: 'C-0', noticeOn: addDays(today, 2), ...words }
    const question = { kind: 'request' as const, processId: 'contract-decision', fields, extra: extra as never }
    const ticketId = await startQuickly(desk, dayTakesMs, () => desk.open(question))
    await until('the notice to pass', async () =>
      (await story(desk.db, ticketId)).some((line) => line.includes('elementCompleted lateForNotice')),
    )
  })

  test('that is saved starts its process once, and a change of its dates reaches it', async () => {
    const id = await contract('C-LIVE', { endsOn: addDays(today, 300), noticeValue: 30, leadDays: 30 })
    const instances = () => desk.db.selectFrom('startTrigger').select('processId').where('processId', '=', 'contract-renewal').execute()
    expect(await instances()).toHaveLength(1)
    const find = async () => {
      await correlateOnce(desk.db, desk.client)
      await startWaitingIntakes(desk.db, desk.client)
      const row = await desk.db.selectFrom('exclusiveStart').select('ticketId').where('correlationKey', '=', id).executeTakeFirst()
      return row?.ticketId
    }
    const instanceId = await until('the process to start', find)
    const timers = async () => JSON.stringify((await desk.snapshot(instanceId)).variables.terms ?? '')
    await until('it to wait', async () => (await timers()).includes(addDays(today, 270)), 20_000)
    const known = await contractOf(id)
    const moved = { ...known, endsOn: addDays(today, 200) }
    await saveRecord(desk.db, nouns['maintenance-contract'], { id, version: null, values: moved }, 'admin')
    await until('the new dates to be known', async () => {
      await correlateOnce(desk.db, desk.client)
      return (await timers()).includes(addDays(today, 170))
    })
  })

  test('that is moved while its owner decides: the question is adapted, handed on, or withdrawn with the reason', async () => {
    const id = await contract('C-MOVED', { endsOn: addDays(today, 60), noticeValue: 20, leadDays: 45 })
    const { ticketId, waitId } = await decisionTask(id)
    const row = () =>
      desk.db
        .selectFrom('ticket')
        .select(['status', 'assigneeId', 'resolution', 'description'])
        .where('id', '=', ticketId)
        .executeTakeFirstOrThrow()
    const change = async (values: Partial<Contract>) => {
      await saveRecord(
        desk.db,
        nouns['maintenance-contract'],
        { id, version: null, values: { ...(await contractOf(id)), ...values } },
        'admin',
      )
    }
    const variables = async () => (await desk.snapshot(ticketId)).variables
    // Another notice: the same question, on the new date.
    await change({ noticeValue: 30 })
    await until('the new notice on the ticket', async () => (await variables()).noticeOn === addDays(today, 30))
    expect((await decisionTask(id)).waitId).not.toBe(waitId)
    await change({ ownerId: 'admin' })
    await until('the new owner to have it', async () => (await row()).assigneeId === 'admin')
    expect((await row()).status).toBe('assigned')
    // Another end: nothing to decide about now.
    await change({ endsOn: addDays(today, 300) })
    await until('why', async () => (await row()).resolution?.includes('La fin du contrat est passée du'))
    expect((await row()).status).toBe('canceled')
    const mails = await desk.db
      .selectFrom('mailOut')
      .select('recipient')
      .where('template', '=', 'decision-withdrawn')
      .where('ticketId', '=', ticketId)
      .execute()
    expect(mails).toEqual([{ recipient: 'admin@example.org' }])
  })
})
