import { afterAll, beforeAll, expect, test } from 'vitest'
import { decideInSession, saveMeeting } from '../../activities/store/change/cab.ts'
import { teamRecord } from '../../activities/store/change/outcomes.ts'
import { findTemplate, listTemplates, saveTemplate } from '../../activities/store/change/templates.ts'
import { deleteWindow, saveWindow } from '../../activities/store/change/windows.ts'
import { verifyLedger } from '../../activities/store/ledger.ts'
import { MeetingDraft, TemplateDraft, WindowDraft } from '#schema/change'
import {
  addChangePeople,
  assessment,
  at,
  change,
  complete,
  david,
  done,
  easy,
  failed,
  hard,
  helene,
  isClosed,
  lucie,
  mei,
  outcome,
  plan,
  raise,
  restored,
  sofia,
  vote,
} from './change-desk.ts'
import { agent, createDesk, type Desk, story, until } from './desk.ts'
import { refusalOf } from './steps.ts'

let desk: Desk
beforeAll(async () => {
  desk = await createDesk()
  await addChangePeople(desk)
  await desk.startWorker()
})
afterAll(() => desk.close())

const soon = 200
const day = 86_400_000
const wall = (ms: number): string => new Date(ms).toISOString().slice(0, 16)
const blackout = (parts: object = {}) =>
  WindowDraft.parse({
    kind: 'blackout',
    name: 'Gel de clôture',
    timeZone: 'UTC',
    startsAt: wall(Date.now() - 3_600_000),
    endsAt: wall(Date.now() + 5 * 3_600_000),
    scope: { type: 'services', services: ['erp'] },
    ...parts,
  })
const freeze = async (parts: object = {}, id: string | null = null): Promise<string> => {
  const saved = await saveWindow(desk.db, { id, version: null, draft: blackout(parts) }, helene.id)
  if (!saved.ok) throw new Error(`expected the window to be saved, found ${JSON.stringify(saved)}`)
  return saved.window.id
}
const template = async (name: string, parts: object = {}) => {
  const draft = TemplateDraft.parse({ name, steps: ['Vider', 'Redémarrer'], backoutPlan: 'Attendre.', groupId: 'applications', ...parts })
  const saved = await saveTemplate(desk.db, { id: null, version: null, draft }, helene.id)
  if (!saved.ok) throw new Error(`expected the template to be saved, found ${JSON.stringify(saved)}`)
  return saved.template
}
const typesOf = async (ticketId: string, type: string) => (await story(desk.db, ticketId)).filter((line) => line.includes(` ${type} `))

test('a standard change goes from its template to its closure without an approval', async () => {
  const ticketId = await raise(desk, { type: 'standard', template: await template('Redémarrer l’ERP'), ciIds: ['std'] })
  await complete(desk, ticketId, 'schedule', lucie, plan(soon))
  await complete(desk, ticketId, 'implement', lucie, done)
  await complete(desk, ticketId, 'review', lucie, outcome('successful'))
  await isClosed(desk, ticketId)
  expect(await change(desk, ticketId)).toMatchObject({ changeType: 'standard', outcome: 'successful', risk: 1 })
  expect(await typesOf(ticketId, 'approvalDecided')).toEqual([])
  expect((await listTemplates(desk.db)).find(({ template }) => template.name === 'Redémarrer l’ERP')).toMatchObject({
    closedChanges: 1,
    successfulChanges: 1,
    failures: 0,
  })
})

test('a template whose changes fail twice is withdrawn by itself; a revision puts it back', async () => {
  const used = await template('Purger les files', { maxFailures: 2 })
  for (const end of ['backedOut', 'failed']) {
    expect(await findTemplate(desk.db, used.id)).toMatchObject({ state: 'active' })
    const ticketId = await raise(desk, {
      type: 'standard',
      template: used,
      fields: { title: 'Purge', requesterId: 'alex', groupId: 'network' },
    })
    await complete(
      desk,
      ticketId,
      'schedule',
      mei,
      plan(soon, { implementerId: 'mei', conflictsAccepted: true, conflictsReason: 'Essai.' }),
    )
    await complete(desk, ticketId, 'implement', mei, failed)
    await complete(desk, ticketId, 'backOut', mei, restored)
    await complete(desk, ticketId, 'review', mei, outcome(end))
    await isClosed(desk, ticketId)
  }
  expect(await findTemplate(desk.db, used.id)).toMatchObject({ state: 'withdrawn', withdrawnReason: 'failures:2/180' })
  expect(await teamRecord(desk.db, 'network', Date.now())).toEqual({ teamSuccessRate: 0, teamChanges: 2 })
  const { id: _id, version: _version, state: _state, withdrawnReason: _reason, ...draft } = used
  await saveTemplate(desk.db, { id: used.id, version: null, draft }, helene.id)
  expect((await listTemplates(desk.db)).find(({ template }) => template.id === used.id)).toMatchObject({
    template: { state: 'active' },
    failures: 0,
  })
})

test('a normal change of high risk is rejected by one veto of the board', async () => {
  const ticketId = await raise(desk, { type: 'normal', ciIds: ['veto'], implementerId: 'david' })
  await complete(desk, ticketId, 'assess', david, assessment(hard, 1))
  await vote(desk, ticketId, 'cabApproval', lucie, 'approved')
  await vote(desk, ticketId, 'cabApproval', mei, 'rejected')
  await complete(desk, ticketId, 'rework', david, { reworkOutcome: 'abandon', reworkNotes: 'On renonce.' })
  await isClosed(desk, ticketId, 'canceled')
  expect(await typesOf(ticketId, 'approvalDecided')).toHaveLength(2)
  expect(await change(desk, ticketId)).toMatchObject({ risk: 3, outcome: 'canceled' })
})

test('nobody decides about his own change; too few others to ask is a stall, not a smaller quorum', async () => {
  const raised = (groupId: string) =>
    raise(desk, { type: 'normal', implementerId: 'lucie', fields: { title: 'Sien', requesterId: 'mei', groupId } })
  const [fine, stuck] = [await raised('workplace'), await raised('network')]
  await complete(desk, fine, 'assess', agent, { ...assessment(hard, 1), groupId: 'workplace' })
  await at('cabApproval', desk, fine)
  const asked = await until('votes to be asked', async () => {
    const tasks = desk.db.selectFrom('task').select('assigneeId').where('ticketId', '=', fine).where('elementId', '=', 'cabApproval')
    const rows = await tasks.execute()
    return rows.length > 0 && rows.map(({ assigneeId }) => assigneeId).sort()
  })
  expect(asked).toEqual(['helene', 'sofia'])
  // the network team's record makes it a very high risk, which needs three voices
  await complete(desk, stuck, 'assess', mei, { ...assessment(hard, 1), groupId: 'network' })
  const stall = await until('the stall', async () => (await desk.snapshot(stuck)).stalls[0])
  expect(stall).toMatchObject({ elementId: 'findApprovers', message: expect.stringMatching(/quorum from 1 to 2 .*found 3/) })
  expect((await desk.snapshot(stuck)).variables).toMatchObject({ risk: 4, teamSuccessRate: 0 })
})

test('approved by quorum, sent back by a conflict, rescheduled, held by a freeze until it ends, implemented, reviewed', async () => {
  const rival = await raise(desk, {
    type: 'standard',
    template: await template('Sauvegarde'),
    ciIds: ['erp-app'],
    fields: { title: 'Sauver', requesterId: 'alex', service: null, groupId: 'network' },
  })
  await complete(desk, rival, 'schedule', mei, plan(2 * day, { implementerId: 'mei' }))
  await at('awaitStart', desk, rival)

  const ticketId = await raise(desk, { type: 'normal', ciIds: ['erp-app'], implementerId: 'lucie' })
  await complete(desk, ticketId, 'assess', david, assessment(hard, 1))
  await vote(desk, ticketId, 'cabApproval', mei, 'approved')
  await vote(desk, ticketId, 'cabApproval', sofia, 'approved')
  await complete(desk, ticketId, 'schedule', david, plan(2 * day + 60_000))
  await until(
    'the conflict to send it back',
    async () => (await typesOf(ticketId, 'taskOpened')).filter((line) => line.includes('schedule')).length === 2,
  )
  const found = await desk.db.selectFrom('instance').select('variables').where('ticketId', '=', ticketId).executeTakeFirstOrThrow()
  expect((found.variables as { conflicts: unknown }).conflicts).toMatchObject([
    { kind: 'sameCi', ciIds: ['erp-app'], change: { id: rival } },
  ])

  await complete(desk, ticketId, 'schedule', david, plan(5 * day))
  await at('awaitStart', desk, ticketId)
  await desk.update(ticketId, 'publishMessage', { name: 'changeRescheduled', variables: {} }, agent)
  const windowId = await freeze()
  // A freeze that is on is a conflict of its own: it cannot be accepted away. Planned after it, the freeze is then moved over the change.
  await complete(desk, ticketId, 'schedule', david, plan(60_000, { conflictsAccepted: true, conflictsReason: 'Urgent.' }))
  await until(
    'the freeze to send it back',
    async () => (await typesOf(ticketId, 'taskOpened')).filter((line) => line.includes('schedule')).length === 4,
  )
  await deleteWindow(desk.db, windowId, helene.id)
  await complete(desk, ticketId, 'schedule', david, plan(1500))
  await at('awaitStart', desk, ticketId)
  const late = await freeze({ name: 'Gel déclaré après la planification' })
  await at('awaitFreezeEnd', desk, ticketId)
  expect(await change(desk, ticketId)).toMatchObject({ status: 'pending' })
  expect(await typesOf(ticketId, 'taskOpened')).not.toContainEqual(expect.stringContaining('implement'))
  await deleteWindow(desk.db, late, helene.id)
  await complete(desk, ticketId, 'implement', lucie, done)
  await complete(desk, ticketId, 'review', helene, outcome('successfulWithIssues'))
  await isClosed(desk, ticketId)
  expect(await change(desk, ticketId)).toMatchObject({ outcome: 'successfulWithIssues', risk: 3 })
  await desk.update(rival, 'publishMessage', { name: 'requesterCanceled', variables: { cancelReason: 'Fini' } }, agent)
}, 60_000)

test('a freeze declared during the work takes the step away until it ends', async () => {
  const ticketId = await raise(desk, { type: 'standard', template: await template('Bascule'), ciIds: ['other'] })
  await complete(desk, ticketId, 'schedule', lucie, plan(soon))
  await at('implement', desk, ticketId)
  const windowId = await freeze()
  await at('awaitFreezeEnd', desk, ticketId)
  const gone = await desk.update(ticketId, 'completeTask', { waitId: 'e1', variables: done }, lucie).catch((error: unknown) => error)
  expect(refusalOf(gone)).toMatchObject({ code: 'unknownTask' })
  await freeze({ scope: { type: 'services', services: ['payroll'] } }, windowId)
  await complete(desk, ticketId, 'implement', lucie, done)
  await complete(desk, ticketId, 'review', lucie, outcome('successful'))
  await isClosed(desk, ticketId)
  await deleteWindow(desk.db, windowId, helene.id)
})

test('the board decides in session, minuted by its chair, with enough members there', async () => {
  const ticketId = await raise(desk, { type: 'normal', ciIds: ['session'], implementerId: 'lucie' })
  await complete(desk, ticketId, 'assess', david, assessment(hard, 1))
  await at('cabApproval', desk, ticketId)
  const draft = MeetingDraft.parse({
    title: 'CAB',
    startsAt: new Date(Date.now() + day).toISOString(),
    endsAt: new Date(Date.now() + day + 3_600_000).toISOString(),
    chairId: 'helene',
    memberIds: ['helene', 'mei', 'lucie', 'sofia'],
    quorum: 2,
  })
  const saved = await saveMeeting(desk.db, { id: null, version: null, draft }, helene.id)
  if (!saved.ok) throw new Error('expected the meeting to be saved')
  const said = { meetingId: saved.meeting.id, ticketId, minutes: 'Accordé, de nuit.' }
  // the implementer's presence does not count for his own change
  const few = { ...said, decision: 'approved' as const, attendeeIds: ['helene', 'lucie'] }
  expect(await decideInSession(desk.db, few, helene.id)).toMatchObject({
    ok: false,
    refusals: [{ path: 'attendeeIds', code: 'quorumNotReached' }],
  })
  expect(await decideInSession(desk.db, { ...few, attendeeIds: ['helene', 'mei'] }, mei.id)).toEqual({ ok: false, reason: 'notChair' })
  expect(await decideInSession(desk.db, { ...few, attendeeIds: ['helene', 'mei'] }, helene.id)).toEqual({ ok: true })
  await at('schedule', desk, ticketId)
  expect(await decideInSession(desk.db, { ...few, attendeeIds: ['helene', 'mei'] }, helene.id)).toEqual({ ok: false, reason: 'notWaiting' })
  expect((await desk.snapshot(ticketId)).variables).toMatchObject({ cabMinutes: 'Accordé, de nuit.', cabDecidedById: 'helene' })
})

test('an emergency is approved by the ECAB, made during a freeze, recorded and reviewed afterwards', async () => {
  const windowId = await freeze({ scope: { type: 'everything' } })
  const ticketId = await raise(desk, { type: 'emergency', ciIds: ['erp-app'], implementerId: 'lucie' })
  await vote(desk, ticketId, 'ecabApproval', mei, 'approved')
  await complete(desk, ticketId, 'implement', lucie, done)
  const times = { plannedStart: new Date(Date.now() - 3_600_000).toISOString(), plannedEnd: new Date().toISOString() }
  await complete(desk, ticketId, 'completeRecord', lucie, { ...assessment(easy, 2), ...times })
  await complete(desk, ticketId, 'review', helene, outcome('successful'))
  await isClosed(desk, ticketId)
  expect(await change(desk, ticketId)).toMatchObject({ outcome: 'successful', changeType: 'emergency' })
  await deleteWindow(desk.db, windowId, helene.id)
})

test('what nobody authorised gets its record afterwards, and is taken back', async () => {
  const ticketId = await raise(desk, { type: 'emergency', ciIds: ['fw-1'], isUnauthorised: true, openedById: 'alex' })
  await complete(desk, ticketId, 'investigate', lucie, { investigationNotes: 'Règle ouverte à la main.', investigationOutcome: 'revert' })
  await complete(desk, ticketId, 'backOut', lucie, restored)
  await complete(desk, ticketId, 'completeRecord', lucie, {
    ...assessment(easy, 3),
    plannedStart: new Date(0).toISOString(),
    plannedEnd: new Date(1).toISOString(),
  })
  await complete(desk, ticketId, 'review', helene, outcome('backedOut'))
  await isClosed(desk, ticketId)
  expect(await change(desk, ticketId)).toMatchObject({ isUnauthorised: true, outcome: 'backedOut' })
})

test('the ledger tells all of it without a gap', async () => expect((await verifyLedger(desk.db)).isIntact).toBe(true))
