import { randomUUID } from 'node:crypto'
import { WorkflowUpdateFailedError } from '@temporalio/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyLedger } from '../../activities/store/ledger.ts'
import { administrator, agent, createDesk, type Desk, openTask, requester, story, until } from './desk.ts'
import { confirm, refusalOf, resolve, ticketOf, triage } from './steps.ts'

let desk: Desk

beforeAll(async () => {
  desk = await createDesk()
  await desk.startWorker()
})
afterAll(() => desk.close())

test('an incident lives from its report to its closure, and the ledger tells it without a gap', async () => {
  const ticketId = await desk.start()
  await triage(desk, ticketId)
  expect(await ticketOf(desk, ticketId)).toMatchObject({ status: 'inProgress', assigneeId: agent.id })
  const solved = await resolve(desk, ticketId)
  expect(solved.isEnded).toBe(false)
  await until('the ticket to be resolved', async () => (await ticketOf(desk, ticketId)).status === 'resolved')
  await confirm(desk, ticketId)
  await until('the workflow to end', async () => (await desk.client.workflow.getHandle(ticketId).describe()).status.name === 'COMPLETED')
  expect(await ticketOf(desk, ticketId)).toMatchObject({ status: 'closed' })
  const facts = await desk.db
    .selectFrom('fact')
    .select(['sequence', 'type', 'actorId'])
    .where('streamId', '=', ticketId)
    .orderBy('sequence')
    .execute()
  expect(facts.map(({ sequence }) => sequence)).toEqual(facts.map((_, index) => index + 1))
  expect(facts.filter(({ type }) => type === 'taskCompleted').map(({ actorId }) => actorId)).toEqual([agent.id, agent.id])
  expect(facts.at(-1)?.type).toBeOneOf(['instanceCompleted', 'ticketChanged', 'clockStopped', 'clockCanceled'])
  expect((await verifyLedger(desk.db)).isIntact).toBe(true)
})

test('an update returns after its facts are stored: the caller reads its own write', async () => {
  const ticketId = await desk.start()
  const waitId = await openTask(desk, ticketId, 'triage')
  const { sequence } = await desk.update(ticketId, 'assignTask', { waitId, assigneeId: agent.id })
  const stored = await desk.db
    .selectFrom('fact')
    .select('sequence')
    .where('streamId', '=', ticketId)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  expect(stored.sequence).toBeGreaterThanOrEqual(sequence)
})

test.each([
  ['without the right', 'assignTask', 'roleMissing', requester],
  ['on a task that is not open', 'completeTask', 'unknownTask', agent],
  ['for a message that nobody awaits', 'publishMessage', 'notCorrelated', administrator],
] as const)('a command %s is refused and leaves no trace in the history', async (_, name, code, actor) => {
  const ticketId = await desk.start()
  const waitId = await openTask(desk, ticketId, 'triage')
  await settled(ticketId)
  const before = await eventsOf(ticketId)
  const payloads = {
    assignTask: { waitId, assigneeId: actor.id },
    completeTask: { waitId: 'e999', variables: {} },
    publishMessage: { name: 'nobodyWaits', variables: {} },
  }
  const refused = await desk.update(ticketId, name, payloads[name] as never, actor).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(WorkflowUpdateFailedError)
  expect(refusalOf(refused)).toMatchObject({ code: name === 'publishMessage' ? expect.stringMatching(/notCorrelated|roleMissing/) : code })
  expect(await eventsOf(ticketId)).toEqual(before)
})

test('the same command key gives the same answer and acts once', async () => {
  const ticketId = await desk.start()
  const waitId = await openTask(desk, ticketId, 'triage')
  const key = randomUUID()
  const handle = desk.client.workflow.getHandle(ticketId)
  const command = { actor: agent, key, payload: { waitId, assigneeId: agent.id } }
  // Other update ids: Temporal's own deduplication does not see that they are the same.
  const answers = await Promise.all([1, 2, 3].map((n) => handle.executeUpdate('assignTask', { args: [command], updateId: `${key}-${n}` })))
  expect(answers[1]).toEqual(answers[0])
  expect(answers[2]).toEqual(answers[0])
  const assigned = (await story(desk.db, ticketId)).filter((line) => line.includes('taskAssigned'))
  expect(assigned).toHaveLength(1)
})

test('commands that arrive together are all carried out, numbered without a gap', async () => {
  const ticketId = await desk.start()
  await openTask(desk, ticketId, 'triage')
  const titles = Array.from({ length: 8 }, (_, n) => `title ${n}`)
  await Promise.all(titles.map((title) => desk.update(ticketId, 'changeTicket', { fields: { title } })))
  const facts = await desk.db
    .selectFrom('fact')
    .select(['sequence', 'type', 'body'])
    .where('streamId', '=', ticketId)
    .orderBy('sequence')
    .execute()
  expect(facts.map(({ sequence }) => sequence)).toEqual(facts.map((_, index) => index + 1))
  const changed = facts.filter(({ type, body }) => type === 'ticketChanged' && (body as { field: string }).field === 'title')
  expect(changed.map(({ body }) => (body as { to: string }).to).sort()).toEqual(titles)
})

test('a message of the requester wakes who waits for it, and is only recorded otherwise', async () => {
  const ticketId = await desk.start()
  await openTask(desk, ticketId, 'triage')
  const message = {
    messageId: randomUUID(),
    visibility: 'public' as const,
    direction: 'in' as const,
    channel: 'portal',
    sha256: 'f'.repeat(64),
  }
  await desk.update(ticketId, 'addMessage', message, requester)
  await triage(desk, ticketId, 'needInformation')
  await until('the ticket to be pending', async () => (await ticketOf(desk, ticketId)).status === 'pending')
  await until('the requester to be awaited', async () =>
    (await desk.snapshot(ticketId)).active.some(({ elementId }) => elementId === 'awaitRequester'),
  )
  await desk.update(ticketId, 'addMessage', { ...message, messageId: randomUUID() }, requester)
  await openTask(desk, ticketId, 'resolve')
  expect((await story(desk.db, ticketId)).filter((line) => line.includes('messageAdded'))).toHaveLength(2)
})

test('the history names the model by its hash and does not hold it', async () => {
  const ticketId = await desk.start()
  await openTask(desk, ticketId, 'triage')
  const { events } = await desk.client.workflow.getHandle(ticketId).fetchHistory()
  const started = events?.[0]?.workflowExecutionStartedEventAttributes
  const [, bundle] = started?.input?.payloads ?? []
  const { bundleHash } = await desk.db
    .selectFrom('instance')
    .select('bundleHash')
    .where('ticketId', '=', ticketId)
    .executeTakeFirstOrThrow()
  expect(Buffer.from(bundle?.data ?? []).toString()).toBe(bundleHash)
  const bytes = (events ?? []).reduce((sum, event) => sum + JSON.stringify(event).length, 0)
  expect(JSON.stringify(events)).not.toContain('awaitConfirmation')
  expect(bytes).toBeLessThan(40_000)
})

const eventsOf = async (ticketId: string): Promise<number> =>
  (await desk.client.workflow.getHandle(ticketId).fetchHistory()).events?.length ?? 0

/** The confirmation of receipt, and the watch for major incidents, are on their way beside the triage; a count of events waits for them. */
async function settled(ticketId: string): Promise<void> {
  await until('the triage to be all that is left', async () =>
    (await desk.snapshot(ticketId)).active.every(({ elementId }) => elementId === 'incident' || elementId === 'triage'),
  )
  await new Promise((resolve) => setTimeout(resolve, 300))
}
