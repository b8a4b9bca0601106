/** What the change scenarios share: people, a service's items, and the words of change enablement. */
import { startWaitingIntakes } from '../../activities/intake-starter.ts'
import { type NewChange, openChange } from '../../activities/store/change/open.ts'
import { findChange } from '../../activities/store/change/world.ts'
import type { Actor } from '#schema/role'
import type { Variables } from '#schema/json'
import { type Desk, until } from './desk.ts'

const member = (id: string, ...groups: string[]): Actor => ({ id, name: id, roles: ['agent'], groups })
export const lucie = member('lucie', 'applications', 'cab', 'ecab')
export const david = member('david', 'applications')
export const mei = member('mei', 'network', 'cab', 'ecab')
export const helene = member('helene', 'managers', 'change-managers', 'cab', 'ecab')
export const sofia = member('sofia', 'cab')
const people = [lucie, david, mei, helene, sofia]

export async function addChangePeople(desk: Desk): Promise<void> {
  await desk.db
    .insertInto('person')
    .values(people.map(({ id, roles }) => ({ id, name: id, email: `${id}@example.org`, roles: [...roles], locale: 'fr' })))
    .execute()
  await desk.db
    .insertInto('supportGroup')
    .values(['change-managers', 'cab', 'ecab'].map((id) => ({ id, name: id })))
    .execute()
  await desk.db
    .insertInto('groupMember')
    .values(people.flatMap(({ id, groups }) => groups.map((groupId) => ({ groupId, personId: id }))))
    .execute()
}

export async function raise(desk: Desk, change: Partial<NewChange> & Pick<NewChange, 'type'>): Promise<string> {
  const { ticketId } = await openChange(desk.db, {
    openedById: 'alex',
    ...change,
    fields: { title: 'Mettre à jour l’ERP', requesterId: 'alex', groupId: 'applications', service: 'erp', ...change.fields },
  })
  await startWaitingIntakes(desk.db, desk.client)
  return ticketId
}

/** The open task at `elementId`; `assigneeId`: the one asked of that person. */
const openTaskOf = (desk: Desk, ticketId: string, elementId: string, assigneeId?: string): Promise<string> =>
  until(`an open task ${elementId}${assigneeId ? ` of ${assigneeId}` : ''}`, async () => {
    let query = desk.db
      .selectFrom('task')
      .select('waitId')
      .where('ticketId', '=', ticketId)
      .where('elementId', '=', elementId)
      .where('state', '=', 'open')
    if (assigneeId) query = query.where('assigneeId', '=', assigneeId)
    return (await query.executeTakeFirst())?.waitId
  })

export async function complete(desk: Desk, ticketId: string, elementId: string, actor: Actor, variables: Variables): Promise<void> {
  const waitId = await openTaskOf(desk, ticketId, elementId)
  await desk.update(ticketId, 'completeTask', { waitId, variables }, actor)
}
export async function vote(desk: Desk, ticketId: string, elementId: string, actor: Actor, decision: string): Promise<void> {
  const waitId = await openTaskOf(desk, ticketId, elementId, actor.id)
  await desk.update(ticketId, 'completeTask', { waitId, variables: { decision, decisionComment: `${decision} par ${actor.id}` } }, actor)
}

export const at = (element: string, desk: Desk, ticketId: string) =>
  until(`a token at ${element}`, async () => (await desk.snapshot(ticketId)).active.some(({ elementId }) => elementId === element))
export const change = async (desk: Desk, ticketId: string) => {
  const row = await findChange(desk.db, ticketId)
  if (!row) throw new Error(`expected a change ${ticketId}, found none`)
  return row
}
export const isClosed = (desk: Desk, ticketId: string, status = 'closed') =>
  until(`the change to be ${status}`, async () => {
    const row = await change(desk, ticketId)
    return row.status === status && row.isEnded
  })

export const easy = { qReach: 0, qOutage: 0, qTested: 0, qBackout: 0, qExperience: 0 }
export const hard = { qReach: 3, qOutage: 2, qTested: 3, qBackout: 1, qExperience: 0 }
export const assessment = (answers: Variables, impact: number): Variables => ({
  justification: 'Fin de support.',
  groupId: 'applications',
  impact,
  implementationPlan: 'Installer.',
  testPlan: 'Ouvrir une facture.',
  backoutPlan: 'Remettre l’instantané.',
  ...answers,
})
/** Begins after `inMs`, lasts an hour. */
export const plan = (inMs: number, more: Variables = {}): Variables => {
  const from = Date.now() + inMs
  const time = { plannedStart: new Date(from).toISOString(), plannedEnd: new Date(from + 3_600_000).toISOString() }
  return { ...time, implementerId: 'lucie', conflictsAccepted: false, ...more }
}
export const done = { implementationOutcome: 'done', implementationNotes: 'Fait.' }
export const failed = { implementationOutcome: 'failed', implementationNotes: 'Le service ne démarre pas.' }
export const restored = { backoutOutcome: 'restored', backoutNotes: 'Instantané remis.' }
export const outcome = (resolutionCode: string): Variables => ({ resolutionCode, resolution: 'Revu.', lessonsLearned: 'Tester avant.' })
