/** The demonstration's problems, known errors and approvals: a problem in each state, decisions that wait, a delegate. */
import { demoKnownErrors, demoProblems } from '../definitions/seed/problem-stories.ts'
import { actor, openTask, type Stage, update } from './demo-stage.ts'
import { startWaitingIntakes } from './intake-starter.ts'
import { addDelegation, DelegationRefused } from './store/approval/delegations.ts'
import { openTicket } from './store/ticket/intake.ts'
import { addKnownError, moveKnownError } from './store/ticket/known-errors.ts'
import { acceptProposal, dismissProposal, proposeProblems } from './store/ticket/problem-proposals.ts'
import { LinkRefused, linkTickets } from './store/ticket/ticket-links.ts'

const dayMs = 86_400_000
const author = 'lucie'

/** Incidents of the category that no problem is told to cause yet. */
async function incidentsOf(stage: Stage, category: string, count: number): Promise<string[]> {
  const rows = await stage.db
    .selectFrom('ticket')
    .select('id')
    .where('kind', '=', 'incident')
    .where('category', '=', category)
    .where('status', 'in', ['new', 'assigned', 'inProgress', 'pending'])
    .orderBy('openedAt', 'desc')
    .limit(count)
    .execute()
  return rows.map(({ id }) => id)
}

async function driveProblem(stage: Stage, story: (typeof demoProblems)[number], now: number): Promise<void> {
  const { title, description, category, agoDays, raisedById, solverId, steps } = story
  const fields = { title, description, category, requesterId: raisedById, impact: 2 as const, urgency: 2 as const }
  const { ticketId } = await openTicket(stage.db, {
    kind: 'problem',
    channel: 'portal',
    openedById: raisedById,
    fields,
    at: now - agoDays * dayMs,
  })
  await startWaitingIntakes(stage.db, stage.client)
  const raiser = await actor(stage, raisedById)
  for (const fromId of await incidentsOf(stage, category, 2))
    await linkTickets(stage.db, { kind: 'causedBy', fromId, toId: ticketId, actor: raiser }).catch((error: unknown) => {
      if (!(error instanceof LinkRefused)) throw error
    })
  for (const { elementId, values } of steps) {
    const { waitId } = await openTask(stage, ticketId, elementId)
    await update(stage, ticketId, solverId, 'assignTask', { waitId, assigneeId: solverId })
    await update(stage, ticketId, solverId, 'completeTask', { waitId, variables: values })
  }
}

/** Of what recurs, one is put aside and one becomes a problem; the others wait to be looked at. */
async function settleProposals(stage: Stage, now: number): Promise<void> {
  const waiting = await stage.db
    .selectFrom('problemProposal')
    .select(['id', 'value'])
    .where('state', '=', 'open')
    .orderBy('value')
    .execute()
  const [aside, taken, ...others] = waiting
  if (!aside || !taken || others.length === 0) return
  await dismissProposal(stage.db, aside.id, 'Causes différentes, vues une à une.', author, now)
  const problem = {
    title: `Incidents répétés : ${taken.value}`,
    description: 'Proposé par la règle de récurrence.',
    impact: 2,
    urgency: 2,
  } as const
  await acceptProposal(stage.db, taken.id, problem, await actor(stage, author), now)
  await startWaitingIntakes(stage.db, stage.client)
}

/** @returns what went wrong. */
export async function driveProblemDemo(stage: Stage, now: number): Promise<string[]> {
  const problems: string[] = []
  for (const { state, ...content } of demoKnownErrors) {
    const by = { actorId: author, at: now - 20 * dayMs }
    const { id } = await addKnownError(stage.db, content, by)
    if (state !== 'draft') await moveKnownError(stage.db, id, 'published', by)
    if (state === 'retired') await moveKnownError(stage.db, id, 'retired', { ...by, at: now - 2 * dayMs })
  }
  for (const story of demoProblems)
    await driveProblem(stage, story, now).catch((error: Error) => problems.push(`${story.title}: ${error.message}`))
  const away = {
    personId: 'claire',
    delegateId: 'marc',
    scope: 'all' as const,
    value: null,
    startsAt: now - dayMs,
    endsAt: now + 9 * dayMs,
  }
  await addDelegation(stage.db, { ...away, reason: 'Congés', createdById: 'claire', at: now }).catch((error: unknown) => {
    if (!(error instanceof DelegationRefused)) throw error
  })
  await proposeProblems(stage.db, now)
  await settleProposals(stage, now)
  return problems
}
