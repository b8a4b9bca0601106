/** The ways of an incident that other scenarios do not go: late, on hold, unanswered, handed over, called off. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Variables } from '#schema/json'
import { deliverCommands } from '../../activities/intake-starter.ts'
import { linkTickets } from '../../activities/store/ticket/ticket-links.ts'
import { agent, createDesk, type Desk, openTask, requester, until } from './desk.ts'
import { startQuickly } from './quick.ts'
import { elementsDone, isClosed, ticketOf } from './steps.ts'

let desk: Desk
beforeAll(async () => {
  desk = await createDesk()
  await desk.startWorker()
})
afterAll(() => desk.close())

const slow = 60_000
/** A day takes so long. */
const quick = 1_500
const open =
  (title: string, priority: 1 | 2 | 3 = 2) =>
  () =>
    desk.open({
      fields: { title, description: '', requesterId: requester.id, category: 'network', impact: priority, urgency: priority },
    })
const start = (title: string) =>
  desk.start({ fields: { title, description: '', requesterId: requester.id, category: 'network', impact: 2, urgency: 2 } })
async function complete(ticketId: string, elementId: string, variables: Variables): Promise<void> {
  const waitId = await openTask(desk, ticketId, elementId)
  await desk.update(ticketId, 'assignTask', { waitId, assigneeId: agent.id })
  await desk.update(ticketId, 'completeTask', { waitId, variables })
}
const qualified = { impact: 2, urgency: 2, category: 'network' }
const triage = (ticketId: string, triageOutcome: string, more: Variables = {}) =>
  complete(ticketId, 'triage', { ...qualified, triageOutcome, ...more })
const solve = (ticketId: string, resolveOutcome: string, more: Variables = {}) => complete(ticketId, 'resolve', { resolveOutcome, ...more })
const solved = { resolutionCode: 'fixed', resolution: 'Commutateur remplacé.' }
const holdUntil = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
const hold = (holdReason: string, days: number): Variables => ({ holdReason, holdUntil: holdUntil(days), pendingReason: 'Pièce commandée' })
const mails = async (ticketId: string): Promise<string[]> =>
  (await desk.db.selectFrom('mailOut').select('template').where('ticketId', '=', ticketId).orderBy('createdAt').execute()).map(
    ({ template }) => template,
  )
const mailed = (ticketId: string, ...templates: string[]) =>
  until(
    `mails ${templates.join(', ')}`,
    async () => {
      const sent = await mails(ticketId)
      return templates.every((template) => sent.includes(template))
    },
    40_000,
  ).catch(async (error: Error) => {
    throw new Error(`${error.message}, found ${(await mails(ticketId)).join(', ')}`)
  })
const reached = (ticketId: string, ...elementIds: string[]) => elementsDone(desk, ticketId, elementIds, 40_000)
const waitsAt = (ticketId: string, wanted: string) =>
  until(`a token at ${wanted}`, async () => (await desk.snapshot(ticketId)).active.some(({ elementId }) => elementId === wanted))

test.concurrent(
  'nobody takes it: the group is warned, the second level called in, each group’s own time runs out, the manager hears of it',
  async () => {
    const ticketId = await startQuickly(desk, quick, open('Personne ne répond'))
    await mailed(ticketId, 'sla-warning', 'sla-breach')
    await reached(ticketId, 'warnGroup', 'notifySecondLevel', 'tellGroupTime', 'warnAssignee', 'notifyManager')
    const breaches = await desk.db
      .selectFrom('fact')
      .select('body')
      .where('streamId', '=', ticketId)
      .where('type', '=', 'clockBreached')
      .execute()
    expect(breaches.map(({ body }) => (body as { metric: string }).metric)).toEqual(expect.arrayContaining(['firstResponse', 'resolution']))
  },
  slow,
)

test.concurrent(
  'a critical one goes without news and without a workaround: person, group and manager hear of it',
  async () => {
    const ticketId = await startQuickly(desk, quick, open('Usine arrêtée', 1))
    await reached(ticketId, 'remindUpdate', 'tellGroupUpdate', 'alertWorkaround')
  },
  slow,
)

test.concurrent(
  'handed to a supplier who is late: he is chased, the follow-up date brings it back to the agent',
  async () => {
    const ticketId = await startQuickly(desk, quick, open('Onduleur en panne'))
    await triage(ticketId, 'diagnose')
    await solve(ticketId, 'hold', hold('supplier', 12))
    await waitsAt(ticketId, 'onHold')
    expect((await ticketOf(desk, ticketId)).status).toBe('pending')
    await reached(ticketId, 'chaseSupplier', 'followUpDue')
    await openTask(desk, ticketId, 'resolve')
    expect((await ticketOf(desk, ticketId)).status).toBe('inProgress')
  },
  slow,
)

test.concurrent(
  'resolved, and the requester says nothing: closed after five working days',
  async () => {
    const ticketId = await startQuickly(desk, quick, open('Imprimante muette'))
    await triage(ticketId, 'resolve', solved)
    await until('the incident to be closed', () => isClosed(desk, ticketId), 40_000)
    expect((await ticketOf(desk, ticketId)).status).toBe('closed')
    expect(await mails(ticketId)).toEqual(expect.arrayContaining(['resolved', 'closed', 'survey']))
  },
  slow,
)

test.concurrent(
  'the requester does not answer: reminded three times, then the agent goes on without',
  async () => {
    const ticketId = await startQuickly(desk, quick, open('Écran noir'))
    await triage(ticketId, 'diagnose')
    await solve(ticketId, 'needInformation', { question: 'Quel modèle ?', pendingReason: 'Modèle' })
    await reached(ticketId, 'sendReminder')
    await openTask(desk, ticketId, 'resolve')
    await until('three reminders', async () => (await mails(ticketId)).filter((name) => name === 'requester-reminder').length === 3)
    await until('the agent to have it again', async () => (await ticketOf(desk, ticketId)).status === 'inProgress')
  },
  slow,
)

test.concurrent(
  'handed over twice, put on hold and resumed, then called off by the requester',
  async () => {
    const ticketId = await start('VPN')
    await triage(ticketId, 'reassign', { groupId: 'network' })
    await triage(ticketId, 'diagnose')
    await solve(ticketId, 'reassign', { groupId: 'applications' })
    await triage(ticketId, 'diagnose')
    expect((await ticketOf(desk, ticketId)).groupId).toBe('applications')
    await solve(ticketId, 'hold', hold('other', 30))
    await complete(ticketId, 'onHold', { holdOutcome: 'resume' })
    await openTask(desk, ticketId, 'resolve')
    await desk.update(ticketId, 'publishMessage', { name: 'requesterCanceled', variables: { cancelReason: 'Réglé' } }, requester)
    await until('the incident to end', () => isClosed(desk, ticketId))
    expect((await ticketOf(desk, ticketId)).status).toBe('canceled')
    expect(await mails(ticketId)).toContain('canceled')
  },
  slow,
)

test.concurrent(
  'children that are on hold or wait for their requester are resolved with their parent',
  async () => {
    const [parent, held, asked] = await Promise.all([start('Salle serveurs'), start('Messagerie'), start('Intranet')])
    for (const ticketId of [held, asked]) await triage(ticketId, 'diagnose')
    await solve(held, 'hold', hold('other', 30))
    await solve(asked, 'needInformation', { question: 'Depuis quand ?', pendingReason: 'Heure' })
    await waitsAt(held, 'onHold')
    await waitsAt(asked, 'awaitRequester')
    for (const fromId of [held, asked]) await linkTickets(desk.db, { kind: 'childOf', fromId, toId: parent, actor: agent })
    await triage(parent, 'resolve', solved)
    for (const ticketId of [held, asked])
      await until('the child to be resolved', async () => {
        await deliverCommands(desk.db, desk.client)
        return (await ticketOf(desk, ticketId)).status === 'resolved'
      })
  },
  slow,
)
