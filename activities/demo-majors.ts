/** The demonstration's major incident that runs: proposed, accepted, two communications, three incidents under it, one duplicate. */
import { randomUUID } from 'node:crypto'
import { liveMajor, otherMajors } from '../definitions/seed/major-stories.ts'
import { actor, openTask, type Stage, update } from './demo-stage.ts'
import { startWaitingIntakes } from './intake-starter.ts'
import { openTicket } from './store/ticket/intake.ts'
import { proposeMajor } from './store/ticket/majors.ts'
import { linkTickets } from './store/ticket/ticket-links.ts'

const lead = 'priya'
const commander = 'helene'

interface Priority {
  impact: 1 | 2 | 3
  urgency: 1 | 2 | 3
}
async function report(
  stage: Stage,
  title: string,
  requesterId: string,
  priority: Priority,
  at: number,
  service: string = liveMajor.service,
) {
  const fields = { title, description: title, requesterId, category: 'application', service, ...priority }
  const { ticketId } = await openTicket(stage.db, { kind: 'incident', channel: 'portal', openedById: requesterId, fields, at })
  await startWaitingIntakes(stage.db, stage.client)
  return ticketId
}

async function complete(stage: Stage, ticketId: string, elementId: string, actorId: string, values: Record<string, string>): Promise<void> {
  const { waitId } = await openTask(stage, ticketId, elementId)
  await update(stage, ticketId, actorId, 'completeTask', { waitId, variables: values })
}

export async function driveMajorDemo(stage: Stage, now: number): Promise<void> {
  const { children, reason, accept, updates, bridge, duplicate } = liveMajor
  const agent = await actor(stage, 'alex')
  const since = now - 90 * 60_000
  const ids: string[] = []
  for (const [index, { title, requesterId, priority }] of children.entries())
    ids.push(await report(stage, title, requesterId, priority, since + index * 240_000))
  const [first = '', ...others] = ids
  const majorId = randomUUID()
  await proposeMajor(stage.db, { incidentId: first, majorId, linkId: randomUUID(), reason, actor: agent, at: since + 900_000 })
  await startWaitingIntakes(stage.db, stage.client)
  await complete(stage, majorId, 'examine', commander, accept)
  for (const fromId of others) await linkTickets(stage.db, { kind: 'childOf', fromId, toId: majorId, actor: agent, reason: 'Même lenteur' })
  await complete(stage, majorId, 'bridge', commander, bridge)
  for (const [index, said] of updates.entries()) {
    if (index > 0) await update(stage, majorId, lead, 'publishMessage', { name: 'communicateNow', variables: {} })
    await complete(stage, majorId, 'communicate', lead, said)
  }
  const repeated = await report(stage, duplicate.title, duplicate.requesterId, { impact: 3, urgency: 2 }, now - 600_000)
  await openTask(stage, repeated, 'triage')
  await linkTickets(stage.db, { kind: 'duplicateOf', fromId: repeated, toId: first, actor: agent, reason: 'Même panne' })
}

/** Candidates that go no further, or further: each with an incident of its own. */
export async function driveOtherMajors(stage: Stage, now: number): Promise<void> {
  const agent = await actor(stage, 'alex')
  for (const [index, other] of otherMajors.entries()) {
    const at = now - (index + 2) * 3_600_000
    const incidentId = await report(stage, other.title, other.requesterId, { impact: 2, urgency: 2 }, at, other.service)
    const majorId = randomUUID()
    const proposal = { incidentId, majorId, linkId: randomUUID(), reason: other.reason, actor: agent, at: at + 600_000 }
    await proposeMajor(stage.db, proposal)
    await startWaitingIntakes(stage.db, stage.client)
    if ('decision' in other) await complete(stage, majorId, 'examine', commander, other.decision)
    if ('restore' in other) await complete(stage, majorId, 'restore', commander, other.restore)
  }
}
