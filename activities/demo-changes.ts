/** Changes of the demonstration: calendar, templates and meetings recorded, changes opened and driven through the real workflows into every state. */
import { randomUUID } from 'node:crypto'
import type { Client } from '@temporalio/client'
import { systemActor } from '#schema/role'
import {
  type ChangeStep,
  type DemoChange,
  demoChanges,
  demoMeetings,
  demoTemplates,
  demoWindows,
  pastMeetings,
} from '../definitions/seed/changes.ts'
import type { ChangeTemplate } from '#schema/change'
import type { UpdateName, Updates } from '../workflows/protocol.ts'
import { startWaitingIntakes } from './intake-starter.ts'
import { concludeMeeting, saveMeeting } from './store/change/cab.ts'
import { openChange } from './store/change/open.ts'
import { findTemplate, saveTemplate } from './store/change/templates.ts'
import { saveWindow } from './store/change/windows.ts'
import type { Db } from './store/database.ts'
import { isDemoLoaded, markDemoLoaded } from './store/demo/history.ts'
import { actorOf, getPerson } from './store/record/people.ts'

const patienceMs = 20_000
const retryMs = 150

interface Stage {
  db: Db
  client: Client
}

/** What `read` finds, as soon as it does. */
async function eventually<T>(what: string, read: () => Promise<T | null | undefined>): Promise<T> {
  for (const deadline = Date.now() + patienceMs; ; ) {
    const found = await read()
    if (found !== null && found !== undefined) return found
    if (Date.now() > deadline) throw new Error(`expected ${what}, found nothing within ${patienceMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, retryMs))
  }
}

async function update<N extends UpdateName>(
  { db, client }: Stage,
  ticketId: string,
  actorId: string,
  name: N,
  payload: Updates[N],
): Promise<void> {
  const person = await getPerson(db, actorId)
  const command = { actor: person ? actorOf(person) : systemActor, key: randomUUID(), payload }
  await client.workflow.getHandle(ticketId).executeUpdate(name, { args: [command], updateId: command.key })
}

async function perform(stage: Stage, ticketId: string, { act, elementId, actorId, values }: ChangeStep): Promise<void> {
  const task = await eventually(`an open task '${elementId}'`, () => {
    const open = stage.db
      .selectFrom('task')
      .select(['waitId', 'assigneeId'])
      .where('ticketId', '=', ticketId)
      .where('elementId', '=', elementId)
      .where('state', '=', 'open')
    return (act === 'vote' ? open.where('assigneeId', '=', actorId) : open).executeTakeFirst()
  })
  if (act === 'withdraw') return update(stage, ticketId, actorId, 'publishMessage', { name: 'requesterCanceled', variables: values })
  if (act !== 'vote' && task.assigneeId !== actorId)
    await update(stage, ticketId, actorId, 'assignTask', { waitId: task.waitId, assigneeId: actorId })
  if (act !== 'claim') await update(stage, ticketId, actorId, 'completeTask', { waitId: task.waitId, variables: values })
}

/** An item of the service, where the register has one. */
async function itemsOf(db: Db, service: string | null): Promise<string[]> {
  if (service === null) return []
  const row = await db
    .selectFrom('configurationItem')
    .innerJoin('service', 'service.id', 'configurationItem.serviceId')
    .select('configurationItem.id')
    .where('service.code', '=', service)
    .where('configurationItem.archivedAt', 'is', null)
    .orderBy('configurationItem.code')
    .executeTakeFirst()
  return row ? [row.id] : []
}

async function drive(stage: Stage, scenario: DemoChange, templates: readonly ChangeTemplate[], now: number): Promise<void> {
  const { type, title, description, service, groupId, requesterId, implementerId, isUnauthorised = false } = scenario
  const template = scenario.template === undefined ? undefined : templates[scenario.template]
  const { ticketId } = await openChange(stage.db, {
    type,
    ...(template && { template }),
    isUnauthorised,
    implementerId,
    openedById: isUnauthorised ? systemActor.id : requesterId,
    channel: isUnauthorised ? 'webhook' : 'portal',
    ciIds: await itemsOf(stage.db, service),
    at: now,
    fields: { title, description, service, groupId, requesterId },
  })
  await startWaitingIntakes(stage.db, stage.client)
  for (const step of scenario.steps) await perform(stage, ticketId, step)
  if (scenario.name === 'frozen') await moveIntoFreeze(stage, ticketId, requesterId, now)
}

/** The plan of a waiting change is moved to now: its timer was set for later, so it is planned again. */
async function moveIntoFreeze(stage: Stage, ticketId: string, actorId: string, now: number): Promise<void> {
  const isWaiting = async () => {
    const row = await stage.db.selectFrom('instance').select('active').where('ticketId', '=', ticketId).executeTakeFirst()
    const active = (row?.active ?? []) as { elementId: string; key: string }[]
    return active.find(({ elementId }) => elementId === 'awaitStart')
  }
  const { key } = await eventually('the change to wait for its start', isWaiting)
  const times = { plannedStart: new Date(now + 60_000).toISOString(), plannedEnd: new Date(now + 61 * 60_000).toISOString() }
  await update(stage, ticketId, actorId, 'changeTicket', { fields: times })
  await update(stage, ticketId, 'priya', 'modifyInstance', { cancel: [key], start: [{ elementId: 'checkFreeze', variables: {} }] })
}

/**
 * Records the calendar, the templates and the meetings, then opens and drives the changes, unless that was done before.
 * @returns how many there are, and what went wrong with the others.
 */
export async function driveChangeDemo(db: Db, client: Client, now = Date.now()): Promise<{ driven: number; problems: string[] }> {
  if (await isDemoLoaded(db, 'changes')) return { driven: 0, problems: [] }
  const scenarios = demoChanges(now)
  await markDemoLoaded(db, 'changes', scenarios.length, now)
  const problems: string[] = []
  const keep = (what: string, saved: { ok: boolean }): void => {
    if (!saved.ok) problems.push(`${what}: ${JSON.stringify(saved)}`)
  }
  for (const draft of demoWindows(now)) keep(draft.name, await saveWindow(db, { id: null, version: null, draft }, 'priya', now))
  for (const draft of demoMeetings(now)) keep(draft.title, await saveMeeting(db, { id: null, version: null, draft }, 'priya', now))
  for (const past of pastMeetings(now)) {
    const saved = await saveMeeting(db, { id: null, version: null, draft: past.draft }, 'priya', past.plannedAt)
    keep(past.draft.title, saved)
    if (saved.ok) await concludeMeeting(db, { id: saved.meeting.id, ...past.conclusion }, 'priya', past.concludedAt)
  }
  const templates: ChangeTemplate[] = []
  for (const draft of demoTemplates) {
    const saved = await saveTemplate(db, { id: null, version: null, draft }, 'priya', now)
    keep(draft.name, saved)
    const found = saved.ok ? await findTemplate(db, saved.template.id) : undefined
    if (found) templates.push(found)
  }
  let driven = 0
  for (const scenario of scenarios)
    await drive({ db, client }, scenario, templates, now).then(
      () => {
        driven += 1
      },
      (error: Error) =>
        problems.push(
          `${scenario.name}, ${scenario.title}: ${error.message}${error.cause instanceof Error ? ` (${error.cause.message})` : ''}`,
        ),
    )
  return { driven, problems }
}
