/** Incident practice on the real server: duplicates, parent and children, escalation by hand, the watch for major incidents. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deliverCommands, startWaitingIntakes } from '../../activities/intake-starter.ts'
import { linksOf, linkTickets } from '../../activities/store/ticket/ticket-links.ts'
import { watchersOf } from '../../activities/store/ticket/watchers.ts'
import { agent, createDesk, type Desk, openTask, requester, until } from './desk.ts'
import { isClosed, resolve, ticketOf, triage } from './steps.ts'

let desk: Desk

beforeAll(async () => {
  desk = await createDesk()
  await desk.startWorker()
})
afterAll(() => desk.close())

const mails = (ticketId: string) =>
  desk.db.selectFrom('mailOut').select(['template', 'recipient']).where('ticketId', '=', ticketId).orderBy('createdAt').execute()
const mailed = async (ticketId: string, template: string) =>
  (await mails(ticketId)).filter((mail) => mail.template === template).map(({ recipient }) => recipient)
const link = (kind: 'childOf' | 'duplicateOf', fromId: string, toId: string) => linkTickets(desk.db, { kind, fromId, toId, actor: agent })
const status = async (ticketId: string, wanted: string) =>
  until(`${ticketId} to be ${wanted}`, async () => {
    await deliverCommands(desk.db, desk.client)
    return (await ticketOf(desk, ticketId)).status === wanted
  })
const startOf = (fields: { title: string; requesterId?: string; service?: string; impact?: 1 | 2 | 3; urgency?: 1 | 2 | 3 }) =>
  desk.start({ fields: { requesterId: requester.id, description: '', category: 'network', ...fields } })

test('a duplicate is closed as such; its requester follows the original and hears of its resolution', async () => {
  const original = await startOf({ title: 'No network' })
  const duplicate = await startOf({ title: 'Network gone', requesterId: 'priya' })
  await openTask(desk, original, 'triage')
  await openTask(desk, duplicate, 'triage')
  await link('duplicateOf', duplicate, original)
  await status(duplicate, 'closed')
  await until('the duplicate to end', () => isClosed(desk, duplicate))
  expect(await ticketOf(desk, duplicate)).toMatchObject({ resolutionCode: 'duplicate' })
  expect(await mailed(duplicate, 'duplicate')).toEqual(['priya@example.org'])
  await until('the watcher', async () => {
    await deliverCommands(desk.db, desk.client)
    return (await watchersOf(desk.db, original)).length > 0
  })
  await triage(desk, original)
  await resolve(desk, original)
  await until('the watcher to be told', async () => (await mailed(original, 'resolved')).includes('priya@example.org'))
  expect(await mailed(original, 'resolved')).toEqual(['camille@example.org', 'priya@example.org'])
})

test('children are resolved with their parent, each requester is told; the agent may leave them out', async () => {
  const [parent, child, grandparent] = await Promise.all(['Switch dead', 'Cannot print', 'Site down'].map((title) => startOf({ title })))
  const third = await startOf({ title: 'Cannot call' })
  if (!parent || !child || !grandparent) throw new Error('expected three tickets')
  await link('childOf', child, parent)
  await link('childOf', third, grandparent)
  for (const ticketId of [parent, child, grandparent, third]) await openTask(desk, ticketId, 'triage')
  await triage(desk, parent)
  await resolve(desk, parent)
  await status(child, 'resolved')
  expect(await ticketOf(desk, child)).toMatchObject({ resolution: 'The switch was replaced.', resolutionCode: 'fixed' })
  await until('the child’s requester to be told', async () => (await mailed(child, 'resolved')).length === 1)

  await triage(desk, grandparent)
  const waitId = await openTask(desk, grandparent, 'resolve')
  const solved = { resolveOutcome: 'resolve', resolutionCode: 'fixed', resolution: 'Power is back.', resolveChildren: false }
  await desk.update(grandparent, 'completeTask', { waitId, variables: solved })
  await until('the grandparent to wait for its requester', async () =>
    (await desk.snapshot(grandparent)).active.some(({ elementId }) => elementId === 'awaitConfirmation'),
  )
  await deliverCommands(desk.db, desk.client)
  expect((await ticketOf(desk, third)).status).toBe('new')
})

test('escalation by hand: to another group with the reason, and to the managers', async () => {
  const ticketId = await startOf({ title: 'Slow' })
  await triage(desk, ticketId)
  await openTask(desk, ticketId, 'resolve')
  const escalate = (name: string, variables: Record<string, string>) => desk.update(ticketId, 'publishMessage', { name, variables }, agent)
  await escalate('escalatedToGroup', { escalationReason: 'Core network', escalationGroupId: 'network' })
  expect(await ticketOf(desk, ticketId)).toMatchObject({ groupId: 'network', assigneeId: null })
  await escalate('escalatedToManager', { escalationReason: 'The director calls' })
  await until('the managers to be told', async () => (await mailed(ticketId, 'escalated')).includes('admin@example.org'))
  const refused = desk.update(ticketId, 'publishMessage', { name: 'escalatedToManager', variables: {} }, requester)
  await expect(refused).rejects.toThrow()
})

test('reopened in the window: the same ticket goes on, its reopening counted, its resolution taken back', async () => {
  const ticketId = await startOf({ title: 'Printer' })
  await triage(desk, ticketId)
  await resolve(desk, ticketId)
  await until('the requester to be awaited', async () =>
    (await desk.snapshot(ticketId)).active.some(({ elementId }) => elementId === 'awaitConfirmation'),
  )
  await desk.update(ticketId, 'publishMessage', { name: 'requesterReopened', variables: { reopenReason: 'Still jams' } }, requester)
  await openTask(desk, ticketId, 'triage')
  expect(await ticketOf(desk, ticketId)).toMatchObject({ status: 'inProgress', reopenCount: 1, resolutionCode: null, resolvedAt: null })
})

test('a critical incident proposes a major one, once; the next alike is linked to it', async () => {
  const first = await startOf({ title: 'ERP down', service: 'erp', impact: 1, urgency: 1 })
  const major = await until('a candidate', async () => (await linksOf(desk.db, first, 'childOf'))[0]?.other)
  expect(major).toMatchObject({ number: 'MAJ-000001', title: 'ERP down', status: 'new', priority: 1 })
  await startWaitingIntakes(desk.db, desk.client)
  await openTask(desk, major.id, 'examine')
  const second = await startOf({ title: 'ERP still down', service: 'erp', impact: 1, urgency: 1 })
  await until('a link to the candidate', async () => (await linksOf(desk.db, second, 'related'))[0]?.other.id === major.id)
  expect((await desk.db.selectFrom('ticket').select('id').where('number', 'like', 'MAJ-%').execute()).length).toBe(1)
})
