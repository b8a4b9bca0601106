/** A customer's request, walked on the real server: at customer support with a visit, at a call centre that sends nobody. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Actor, systemActor } from '#schema/role'
import { seedDesks } from '../../activities/store/seed.ts'
import type { Updates } from '../../workflows/protocol.ts'
import { createDesk, type Desk, openTask, requester, story, until } from './desk.ts'
import { startQuickly } from './quick.ts'

let desk: Desk
const person = (id: string, group: string): Actor => ({ id, name: id, roles: ['agent'], groups: [group] })
const nadia = person('nadia', 'customer-support')
const leila = person('leila', 'call-centre')

beforeAll(async () => {
  desk = await createDesk()
  await desk.db
    .insertInto('supportGroup')
    .values([
      { id: 'customer-support', name: 'Support client' },
      { id: 'call-centre', name: 'Centre d’appel' },
    ])
    .execute()
  await desk.db
    .insertInto('person')
    .values([nadia, leila].map(({ id, name, roles }) => ({ id, name, email: `${id}@example.org`, roles, locale: 'fr' })))
    .execute()
  await seedDesks(desk.db)
  await desk.startWorker()
})
afterAll(() => desk.close())

const open = (deskId: string) =>
  desk.start({ kind: 'request', channel: 'phone', deskId, fields: { title: 'Machine en panne', requesterId: requester.id } })
const ticketOf = (id: string) => desk.db.selectFrom('ticket').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const answer = (waitId: string, variables: Updates['completeTask']['variables']) => ({ waitId, variables })
const refusalOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'done',
    (error: { cause?: { details?: { code: string }[]; message: string } }) =>
      error.cause?.details?.[0]?.code ?? error.cause?.message ?? String(error),
  )
const visit = { caseOutcome: 'onSite', visitAddress: '12 rue du Port, Sens', visitDate: 'jeudi 10 h' }
const factsBy = async ({ id: actorId }: Actor, id: string) =>
  (await desk.db.selectFrom('fact').select('sequence').where('streamId', '=', id).where('actorId', '=', actorId).execute()).length

describe('customer support', () => {
  it('asks, visits, solves, hears that it did not help, and closes with the customer’s agreement', async () => {
    const id = await open('customers')
    expect(await ticketOf(id)).toMatchObject({ deskId: 'customers', deskType: 'customerSupport', groupId: 'customer-support' })
    let task = await openTask(desk, id, 'answer')
    await desk.update(id, 'assignTask', { waitId: task, assigneeId: nadia.id }, nadia)
    await desk.update(
      id,
      'completeTask',
      answer(task, { caseOutcome: 'needInformation', question: 'Quel modèle ?', pendingReason: 'client' }),
      nadia,
    )
    await until('the customer to be asked', async () => (await ticketOf(id)).status === 'pending')
    const messageId = randomUUID()
    await until('the reply to be awaited', async () => {
      const waits = await desk.db.selectFrom('subscription').select('name').where('ticketId', '=', id).execute()
      return waits.some(({ name }) => name === 'requesterReplied')
    })
    await desk.update(id, 'addMessage', { messageId, visibility: 'public', direction: 'in', channel: 'mail', sha256: 'x' }, requester)
    task = await openTask(desk, id, 'answer')
    await desk.update(id, 'completeTask', answer(task, visit), nadia)
    const onSite = await openTask(desk, id, 'visit')
    await desk.update(id, 'completeTask', answer(onSite, { visitOutcome: 'notSolved', visitReport: 'Pièce à commander' }), nadia)
    task = await openTask(desk, id, 'answer')
    await desk.update(
      id,
      'completeTask',
      answer(task, { caseOutcome: 'solved', resolution: 'Pièce changée.', resolutionCode: 'fix' }),
      nadia,
    )
    await until('the solution to be announced', async () => (await ticketOf(id)).status === 'resolved')
    await until(
      'the reopening to be possible',
      async () =>
        (await refusalOf(
          desk.update(id, 'publishMessage', { name: 'requesterReopened', variables: { reopenReason: 'encore' } }, requester),
        )) === 'done',
    )
    task = await openTask(desk, id, 'answer')
    expect(await ticketOf(id)).toMatchObject({ status: 'inProgress', reopenCount: 1 })
    await desk.update(
      id,
      'completeTask',
      answer(task, { caseOutcome: 'solved', resolution: 'Réglage refait.', resolutionCode: 'fix' }),
      nadia,
    )
    await until(
      'the confirmation to be possible',
      async () => (await refusalOf(desk.update(id, 'publishMessage', { name: 'requesterConfirmed', variables: {} }, requester))) === 'done',
    )
    await until('the end', async () => (await ticketOf(id)).status === 'closed')
    const mails = await until('the survey to be queued', async () => {
      const rows = await desk.db.selectFrom('mailOut').select(['template', 'recipient']).where('ticketId', '=', id).execute()
      return rows.some(({ template }) => template === 'survey') ? rows : null
    })
    expect(
      mails
        .filter(({ recipient }) => recipient === 'camille@example.org')
        .map(({ template }) => template)
        .sort(),
    ).toEqual(['closed', 'requester-reply-needed', 'resolved', 'resolved', 'survey', 'ticket-received'].sort())
  })

  it('asks a customer who does not answer, solves without him, and closes when he says nothing', async () => {
    const fields = { title: 'Machine bruyante', requesterId: requester.id }
    const id = await startQuickly(desk, 1_000, () => desk.open({ kind: 'request', channel: 'phone', deskId: 'customers', fields }))
    const asking = { caseOutcome: 'needInformation', question: 'Quel bruit ?', pendingReason: 'client' }
    await desk.update(id, 'completeTask', answer(await openTask(desk, id, 'answer'), asking), nadia)
    await until('the case to come back without an answer', async () => (await ticketOf(id)).status === 'inProgress', 30_000)
    const solution = { caseOutcome: 'solved', resolution: 'Vis resserrée.', resolutionCode: 'fix' }
    await desk.update(id, 'completeTask', answer(await openTask(desk, id, 'answer'), solution), nadia)
    await until('the case to be closed', async () => (await ticketOf(id)).status === 'closed', 30_000)
  })

  it('is late with an answer: the group is warned, then the manager told', async () => {
    const fields = { title: 'Commande perdue', requesterId: requester.id }
    const id = await startQuickly(desk, 1_000, () => desk.open({ kind: 'request', channel: 'phone', deskId: 'customers', fields }))
    await until(
      'both to be told',
      async () => {
        const told = (await story(desk.db, id)).join()
        return told.includes('elementCompleted warnPromiseTell') && told.includes('elementCompleted missPromiseTell')
      },
      30_000,
    )
  })

  it('names no configuration item: neither by an edit nor by a form, and leaves no trace of the attempt', async () => {
    const id = await open('customers')
    const task = await openTask(desk, id, 'answer')
    expect(await refusalOf(desk.update(id, 'changeTicket', { fields: { ciId: 'srv-1' } }, nadia))).toBe('ciNotOfDesk')
    expect(
      await refusalOf(desk.update(id, 'completeTask', answer(task, { caseOutcome: 'solved', resolution: 'Fait.', ciId: 'srv-1' }), nadia)),
    ).toBe('ciNotOfDesk')
    expect(await factsBy(nadia, id)).toBe(0)
  })

  it('ends with the customer’s cancellation', async () => {
    const id = await open('customers')
    await openTask(desk, id, 'answer')
    await desk.update(id, 'publishMessage', { name: 'requesterCanceled', variables: { cancelReason: 'réglé' } }, requester)
    await until('the cancellation', async () => (await ticketOf(id)).status === 'canceled')
  })
})

describe('a call centre', () => {
  it('sends nobody on site: the answer that would lead there is refused, the task stays open, and solving it remotely works', async () => {
    const id = await open('calls')
    const task = await openTask(desk, id, 'answer')
    expect(await refusalOf(desk.update(id, 'completeTask', answer(task, visit), leila))).toBe('onSiteNotOfDesk')
    expect(await factsBy(leila, id)).toBe(0)
    expect((await desk.snapshot(id)).openTasks.map(({ elementId }) => elementId)).toEqual(['answer'])
    await desk.update(
      id,
      'completeTask',
      answer(task, { caseOutcome: 'solved', resolution: 'Redémarré ensemble.', resolutionCode: 'guidance' }),
      leila,
    )
    await until('the solution', async () => (await ticketOf(id)).status === 'resolved')
  })

  it('nor does it when a token is moved there, or a ticket in the middle of a visit is handed to it', async () => {
    const id = await open('calls')
    await openTask(desk, id, 'answer')
    const owner: Actor = { id: 'priya', name: 'priya', roles: ['processOwner'], groups: [] }
    expect(await refusalOf(desk.update(id, 'modifyInstance', { cancel: [], start: [{ elementId: 'visit', variables: {} }] }, owner))).toBe(
      'onSiteNotOfDesk',
    )
    const other = await open('customers')
    await desk.update(other, 'completeTask', answer(await openTask(desk, other, 'answer'), visit), nadia)
    const onSite = await openTask(desk, other, 'visit')
    await desk.update(other, 'changeTicket', { fields: { deskId: 'calls', deskType: 'callCentre', groupId: 'call-centre' } }, nadia)
    expect(await refusalOf(desk.update(other, 'assignTask', { waitId: onSite, assigneeId: leila.id }, leila))).toBe('onSiteNotOfDesk')
    await desk.update(
      other,
      'changeTicket',
      { fields: { deskId: 'customers', deskType: 'customerSupport', groupId: 'customer-support' } },
      systemActor,
    )
    expect(
      await refusalOf(
        desk.update(other, 'completeTask', answer(onSite, { visitOutcome: 'solved', visitReport: 'Fait', resolution: 'Réparé.' }), nadia),
      ),
    ).toBe('done')
  })
})
