/** A major incident on the real server: proposed, accepted with two communications and a review; late; downgraded; refused. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Variables } from '#schema/json'
import type { Actor } from '#schema/role'
import { deliverCommands, startWaitingIntakes } from '../../activities/intake-starter.ts'
import { verifyLedger } from '../../activities/store/ledger.ts'
import { majorOf, proposeMajor } from '../../activities/store/ticket/majors.ts'
import { linkTickets } from '../../activities/store/ticket/ticket-links.ts'
import { agent, createDesk, type Desk, openTask, requester, until } from './desk.ts'
import { startQuickly } from './quick.ts'
import { isClosed, ticketOf, triage } from './steps.ts'

const manager: Actor = { id: 'helene', name: 'Hélène', roles: ['agent'], groups: ['managers'] }
let desk: Desk

beforeAll(async () => {
  desk = await createDesk()
  await desk.startWorker()
})
afterAll(() => desk.close())

/** The candidate's own life passes quickly; the incident's does not. */
const proposeQuickly = (incidentId: string, dayTakesMs: number): Promise<string> =>
  startQuickly(desk, dayTakesMs, async () => {
    const proposal = { incidentId, majorId: randomUUID(), linkId: randomUUID(), reason: 'All sites', actor: agent }
    return (await proposeMajor(desk.db, proposal)).id
  })
async function propose(incidentId: string): Promise<string> {
  const proposal = { incidentId, majorId: randomUUID(), linkId: randomUUID(), reason: 'All sites', actor: agent }
  const { id } = await proposeMajor(desk.db, proposal)
  expect(await proposeMajor(desk.db, proposal)).toMatchObject({ id })
  await startWaitingIntakes(desk.db, desk.client)
  return id
}
async function complete(ticketId: string, elementId: string, variables: Variables, actor = manager): Promise<void> {
  const waitId = await openTask(desk, ticketId, elementId)
  await desk.update(ticketId, 'completeTask', { waitId, variables }, actor)
}
const updates = async (ticketId: string) =>
  (
    await desk.db
      .selectFrom('mailOut')
      .select(['recipient', 'subject'])
      .where('ticketId', '=', ticketId)
      .where('template', '=', 'major-update')
      .orderBy('createdAt')
      .execute()
  ).map(({ recipient, subject }) => `${recipient} ${subject}`)

const accept = {
  majorDecision: 'accept',
  decisionReason: 'All sites',
  commanderId: manager.id,
  communicationLeadId: manager.id,
  publicTitleFr: 'ERP indisponible',
  publicTitleEn: 'ERP down',
  publicSeverity: 'outage',
}
const restored = {
  restoreOutcome: 'restored',
  resolutionCode: 'fixed',
  resolution: 'The database was restarted.',
  endFr: 'Le service est rétabli.',
  endEn: 'The service is restored.',
}

test('accepted: two communications reach whom it concerns, the children are resolved with it, the review closes it', async () => {
  const incident = await desk.start()
  await triage(desk, incident)
  const major = await propose(incident)
  await complete(major, 'examine', accept)
  expect(await ticketOf(desk, major)).toMatchObject({ number: 'MAJ-000001', status: 'inProgress' })
  const another = await desk.start()
  await openTask(desk, another, 'triage')
  await linkTickets(desk.db, { kind: 'childOf', fromId: another, toId: major, actor: agent })
  expect(await majorOf(desk.db, another)).toMatchObject({ number: 'MAJ-000001' })

  await complete(major, 'communicate', { updateLevel: 'investigating', updateFr: 'Nous cherchons.', updateEn: 'We are looking.' })
  await until('the first communication', async () => (await updates(major)).length === 1)
  await until('the next to be waited for', async () =>
    (await desk.snapshot(major)).active.some(({ elementId }) => elementId === 'awaitNext'),
  )
  await desk.update(major, 'publishMessage', { name: 'communicateNow', variables: {} }, manager)
  await complete(major, 'communicate', { updateLevel: 'identified', updateFr: 'Cause trouvée.', updateEn: 'Cause found.' })
  await until('the second communication', async () => (await updates(major)).length === 2)
  // one mail a person, though two of his incidents hang on it
  expect(await updates(major)).toEqual(Array(2).fill('camille@example.org [MAJ-000001] ERP indisponible'))

  await complete(major, 'restore', restored)
  await openTask(desk, major, 'review')
  await until('the children to be resolved', async () => {
    await deliverCommands(desk.db, desk.client)
    return (await Promise.all([incident, another].map((id) => ticketOf(desk, id)))).every((ticket) => ticket.status === 'resolved')
  })
  expect((await ticketOf(desk, major)).status).toBe('resolved')
  await complete(major, 'review', { reviewTimeline: 'In order', reviewCause: 'Locks', reviewActions: 'Limits', reviewParticipants: 'All' })
  await until('the major incident to be closed', () => isClosed(desk, major))
  expect(await ticketOf(desk, major)).toMatchObject({ status: 'closed', resolutionCode: 'fixed' })
  expect((await verifyLedger(desk.db)).isIntact).toBe(true)
})

test('late: the managers hear of a communication that is not made, of the next one, and of a review that is not held', async () => {
  const major = await proposeQuickly(await desk.start(), 3_000)
  await complete(major, 'examine', accept)
  const mailed = (template: string) =>
    until(
      `a mail ${template}`,
      async () => {
        const rows = await desk.db.selectFrom('mailOut').select('template').where('ticketId', '=', major).execute()
        return rows.some((row) => row.template === template)
      },
      40_000,
    )
  await mailed('major-update-late')
  await complete(major, 'communicate', { updateLevel: 'investigating', updateFr: 'Nous cherchons.', updateEn: 'We are looking.' })
  await until('the first communication', async () => (await updates(major)).length === 1)
  // the cadence brings the next one
  await complete(major, 'communicate', { updateLevel: 'identified', updateFr: 'Cause trouvée.', updateEn: 'Cause found.' })
  await complete(major, 'restore', restored)
  await mailed('major-review-late')
}, 60_000)

test('downgraded: the bridge meets twice and stands down, the managers are told, the incident goes on alone', async () => {
  const major = await propose(await desk.start())
  await complete(major, 'examine', accept)
  for (const bridgeOutcome of ['continue', 'standDown'])
    await complete(major, 'bridge', { bridgeLink: 'https://meet.example.org/1', bridgeFindings: 'Un seul site', bridgeOutcome })
  await until('the bridge to stand down', async () => !(await desk.snapshot(major)).active.some(({ elementId }) => elementId === 'bridge'))
  const downgrade = { restoreOutcome: 'downgrade', downgradeReason: 'Un seul site', endFr: 'Incident limité.', endEn: 'Limited incident.' }
  await complete(major, 'restore', downgrade)
  await until('it to end', () => isClosed(desk, major))
  const told = await desk.db
    .selectFrom('mailOut')
    .select('template')
    .where('ticketId', '=', major)
    .where('template', '=', 'major-downgraded')
    .execute()
  expect(told.length).toBeGreaterThan(0)
})

test('refused: its proposer hears why, the incident goes on', async () => {
  const incident = await desk.start()
  const major = await propose(incident)
  await complete(major, 'examine', { majorDecision: 'refuse', decisionReason: 'One desk only' })
  await until('the candidate to end', () => isClosed(desk, major))
  expect((await ticketOf(desk, major)).status).toBe('canceled')
  const told = await desk.db
    .selectFrom('mailOut')
    .select(['recipient', 'text'])
    .where('ticketId', '=', major)
    .where('template', '=', 'major-refused')
    .execute()
  expect(told).toMatchObject([{ recipient: 'alex@example.org', text: expect.stringContaining('One desk only') }])
  expect((await ticketOf(desk, incident)).status).toBe('new')
})

test('only the managers examine a candidate', async () => {
  const major = await propose(await desk.start())
  const waitId = await openTask(desk, major, 'examine')
  for (const actor of [requester, { ...agent, groups: [] }])
    await expect(desk.update(major, 'completeTask', { waitId, variables: accept }, actor)).rejects.toThrow()
})
