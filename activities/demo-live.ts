/** The present of the demonstration: some 25 tickets opened and driven through the real workflow, so that they stand in every state. */
import type { Client } from '@temporalio/client'
import { demoCases } from '../definitions/seed/contact-stories.ts'
import { demoLive, type DemoScenario, type DemoStep } from '../definitions/seed/demo.ts'
import { driveChangeDemo } from './demo-changes.ts'
import { driveRequests } from './demo-requests.ts'
import { driveProblemDemo } from './demo-problems.ts'
import { driveMajorDemo, driveOtherMajors } from './demo-majors.ts'
import { driveAgreements } from './demo-agreements.ts'
import { actor, openTask, type Stage, update } from './demo-stage.ts'
import { startWaitingIntakes } from './intake-starter.ts'
import type { Updates } from '../workflows/protocol.ts'
import { createDatabase, type Db } from './store/database.ts'
import { isDemoLoaded, markDemoLoaded } from './store/demo/history.ts'
import { openTicket } from './store/ticket/intake.ts'
import { addMessage } from './store/message/messages.ts'
import { createTemporalClient } from './temporal-client.ts'

/** The script's agent, or a colleague where an escalation has meanwhile given the ticket to another group. */
async function memberFor(stage: Stage, actorId: string, groups: readonly string[]): Promise<string> {
  const own = await actor(stage, actorId)
  if (groups.length === 0 || groups.some((group) => own.groups.includes(group))) return actorId
  const member = await stage.db
    .selectFrom('groupMember')
    .select('personId')
    .where('groupId', 'in', groups)
    .orderBy('personId')
    .limit(1)
    .executeTakeFirst()
  return member?.personId ?? actorId
}

async function perform(stage: Stage, ticketId: string, requesterId: string, step: DemoStep): Promise<void> {
  const { actorId } = step
  switch (step.act) {
    case 'claim':
    case 'complete': {
      const { waitId, assigneeId, candidateGroups } = await openTask(stage, ticketId, step.elementId)
      // Whom routing chose does the work.
      const agentId = assigneeId ?? (await memberFor(stage, actorId, candidateGroups))
      if (assigneeId !== agentId) await update(stage, ticketId, agentId, 'assignTask', { waitId, assigneeId: agentId })
      if (step.act === 'complete') await update(stage, ticketId, agentId, 'completeTask', { waitId, variables: step.values })
      return
    }
    case 'say': {
      const direction = actorId === requesterId ? 'in' : 'out'
      const { text, visibility } = step
      const { id, sha256 } = await addMessage(stage.db, {
        ticketId,
        at: Date.now(),
        authorId: actorId,
        direction,
        visibility,
        channel: 'portal',
        text,
        isRecorded: true,
      })
      return update(stage, ticketId, actorId, 'addMessage', { messageId: id, visibility, direction, channel: 'portal', sha256 })
    }
    case 'publish':
      return update(stage, ticketId, actorId, 'publishMessage', { name: step.name, variables: step.variables })
    case 'edit':
      return update(stage, ticketId, actorId, 'changeTicket', { fields: step.variables as Updates['changeTicket']['fields'] })
    case 'survey':
      return update(stage, ticketId, actorId, 'answerSurvey', { score: step.score, comment: step.comment })
  }
}

async function drive(stage: Stage, { reportedAt, channel, openedById, fields, steps }: DemoScenario): Promise<void> {
  const { requesterId, title, description } = fields
  const interaction = { channel, personId: requesterId, subject: title, body: description, receivedAt: reportedAt }
  const { ticketId } = await openTicket(stage.db, { kind: 'incident', channel, openedById, fields, interaction, at: reportedAt })
  await startWaitingIntakes(stage.db, stage.client)
  for (const step of steps) await perform(stage, ticketId, requesterId, step)
}

/** Customers' requests at the other desks, in every state. */
async function driveCases(stage: Stage, now: number): Promise<string[]> {
  if (await isDemoLoaded(stage.db, 'cases')) return []
  await markDemoLoaded(stage.db, 'cases', demoCases.length, now)
  const problems: string[] = []
  for (const { deskId, channel, requesterId, agentId, title, description, agoMinutes, steps } of demoCases) {
    const at = now - agoMinutes * 60_000
    const interaction = { channel, personId: requesterId, subject: title, body: description, receivedAt: at, agentId, deskId }
    const ticket = {
      kind: 'request' as const,
      channel,
      deskId,
      openedById: agentId,
      fields: { title, description, requesterId },
      interaction,
      at,
    }
    await openTicket(stage.db, ticket)
      .then(async ({ ticketId }) => {
        await startWaitingIntakes(stage.db, stage.client)
        for (const step of steps) await perform(stage, ticketId, requesterId, { ...step, after: 0, isBusiness: false } as DemoStep)
      })
      .catch((error: Error) => problems.push(`${title}: ${error.message}`))
  }
  return problems
}

/**
 * Opens and drives the live tickets, unless that was done before.
 * @returns how many there are, and what went wrong with the others.
 */
export async function driveDemo(db: Db, client: Client, now = Date.now()): Promise<{ driven: number; problems: string[] }> {
  if (await isDemoLoaded(db, 'live')) return { driven: 0, problems: [] }
  const scenarios = demoLive(now)
  // Marked first: a start that is interrupted here leaves fewer tickets, never the same ones twice.
  await markDemoLoaded(db, 'live', scenarios.length, now)
  const stage: Stage = { db, client, actors: new Map() }
  const problems: string[] = []
  for (const scenario of scenarios) {
    await drive(stage, scenario).catch((error: Error) =>
      problems.push(
        `${scenario.name}, ${scenario.fields.title}: ${error.message}${error.cause instanceof Error ? ` (${error.cause.message})` : ''}`,
      ),
    )
  }
  await driveMajorDemo(stage, now).catch((error: Error) => problems.push(`major incident: ${error.message}`))
  await driveOtherMajors(stage, now).catch((error: Error) => problems.push(`other major incidents: ${error.message}`))
  problems.push(...(await driveCases(stage, now)))
  problems.push(...(await driveProblemDemo(stage, now).catch((error: Error) => [`problems: ${error.message}`])))
  problems.push(...(await driveAgreements(stage)))
  return { driven: scenarios.length - problems.length, problems }
}

if (import.meta.main) {
  if (!process.env.DATABASE_URL) throw new Error('expected DATABASE_URL, found nothing: start by "npm start"')
  const db = createDatabase(process.env.DATABASE_URL, { max: 2 })
  const { client, close } = createTemporalClient(db)
  try {
    const { driven, problems } = await driveDemo(db, client)
    if (driven > 0) console.log(`  ${driven} live demo tickets are in the queue.`)
    const changes = await driveChangeDemo(db, client)
    if (changes.driven > 0) console.log(`  ${changes.driven} demo changes are on their way.`)
    for (const problem of [...problems, ...(await driveRequests(db, client)), ...changes.problems])
      console.error(`  demo ticket left behind: ${problem}`)
  } finally {
    await close()
    await db.destroy()
  }
}
