import { afterAll, beforeAll, expect, test } from 'vitest'
import { startIntake } from '../../activities/intake-starter.ts'
import type { InstanceInput } from '../../workflows/protocol.ts'
import { agent, createDesk, type Desk, openTask, story, until } from './desk.ts'
import { confirm, isClosed, resolve, ticketOf, triage } from './steps.ts'

let desk: Desk

beforeAll(async () => {
  desk = await createDesk()
  await desk.startWorker()
})
afterAll(() => desk.close())

/** Starts a ticket whose runs end after so many events. */
async function startWith(change: Partial<InstanceInput>): Promise<string> {
  const ticketId = await desk.open()
  const { input } = await desk.db.selectFrom('intake').select('input').where('ticketId', '=', ticketId).executeTakeFirstOrThrow()
  await startIntake(desk.db, desk.client, ticketId, { ...(input as unknown as InstanceInput), ...change })
  return ticketId
}

/** `runs`: how many runs there must have been when the agent, and then the requester, has his turn. */
async function live(ticketId: string, runs: [number, number]): Promise<string[]> {
  await triage(desk, ticketId)
  await handedOver(ticketId, runs[0])
  await resolve(desk, ticketId)
  await until('the ticket to be resolved', async () => (await ticketOf(desk, ticketId)).status === 'resolved')
  await handedOver(ticketId, runs[1])
  await confirm(desk, ticketId)
  await until('the incident to be closed', () => isClosed(desk, ticketId))
  // The receipt is confirmed beside the triage: where its facts fall among the others is chance.
  return (await story(desk.db, ticketId)).map((line) => line.replace(/^\d+ /, '')).toSorted()
}

const handedOver = (ticketId: string, runs: number): Promise<unknown> =>
  until(`run ${runs} of the workflow`, async () => (await runsOf(ticketId)) >= runs)

/** How many runs the workflow had: each one that ended by continue-as-new names the next. */
async function runsOf(ticketId: string): Promise<number> {
  const { raw } = await desk.client.workflow.getHandle(ticketId).describe()
  let runId: string | null | undefined = raw.workflowExecutionInfo?.firstRunId
  let runs = 0
  while (runId) {
    runs++
    const { events } = await desk.client.workflow.getHandle(ticketId, runId).fetchHistory()
    runId = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId
  }
  return runs
}

test('an instance that continues as new every few events tells the same story', async () => {
  const whole = await live(await startWith({}), [1, 1])
  const ticketId = await startWith({ continueAfterEvents: 12 })
  expect(await live(ticketId, [2, 3])).toEqual(whole)
  expect(await runsOf(ticketId)).toBeGreaterThan(2)
})

test('a command key is remembered across runs', async () => {
  const ticketId = await startWith({ continueAfterEvents: 6 })
  await openTask(desk, ticketId, 'triage')
  const first = await desk.update(ticketId, 'changeTicket', { fields: { title: 'once' } }, agent, 'the-key')
  for (let n = 0; n < 4; n++) await desk.update(ticketId, 'changeTicket', { fields: { title: `title ${n}` } })
  expect(await desk.update(ticketId, 'changeTicket', { fields: { title: 'once' } }, agent, 'the-key')).toEqual(first)
  expect((await ticketOf(desk, ticketId)).title).toBe('title 3')
})

test('timers keep their instants over continue-as-new, and compressed time fires them', async () => {
  const now = Date.now()
  // A day in four seconds.
  const ticketId = await startWith({ continueAfterEvents: 8, clock: { originReal: now, startAt: now, rate: 21_600 } })
  await triage(desk, ticketId, 'needInformation')
  await until(
    'the reminders to be sent',
    async () => (await story(desk.db, ticketId)).filter((line) => line.includes('timerFired reminderDue')).length >= 2,
    60_000,
  )
  const rows = await desk.db
    .selectFrom('fact')
    .select('body')
    .where('streamId', '=', ticketId)
    .where('type', '=', 'timerFired')
    .orderBy('sequence')
    .execute()
  const scheduled = await desk.db
    .selectFrom('fact')
    .select('body')
    .where('streamId', '=', ticketId)
    .where('type', '=', 'timerScheduled')
    .orderBy('sequence')
    .execute()
  for (const { body } of rows) {
    const fired = body as { waitId: string; dueAt: number; at: number; lateMs: number }
    const planned = scheduled.map((row) => row.body as { waitId: string; dueAt: number }).find(({ waitId }) => waitId === fired.waitId)
    expect(fired.dueAt).toBe(planned?.dueAt)
    expect(fired.lateMs).toBe(fired.at - fired.dueAt)
    expect(fired.lateMs).toBeGreaterThanOrEqual(0)
  }
}, 90_000)
