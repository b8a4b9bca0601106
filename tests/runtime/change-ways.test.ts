/** The ways of a change that other scenarios do not go: late boards, refusals, overruns, freezes that end by themselves, backouts. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { MeetingDraft, TemplateDraft, WindowDraft } from '#schema/change'
import { decideInSession, saveMeeting } from '../../activities/store/change/cab.ts'
import { type NewChange, openChange } from '../../activities/store/change/open.ts'
import { saveTemplate } from '../../activities/store/change/templates.ts'
import { saveWindow } from '../../activities/store/change/windows.ts'
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
  vote,
} from './change-desk.ts'
import { agent, createDesk, type Desk, openTask, until } from './desk.ts'
import { startQuickly } from './quick.ts'
import { elementsDone } from './steps.ts'

let desk: Desk
beforeAll(async () => {
  desk = await createDesk()
  await addChangePeople(desk)
  await desk.startWorker()
})
afterAll(() => desk.close())

const slow = 60_000
const soon = 200
const day = 86_400_000
const raiseQuickly = (given: Partial<NewChange> & Pick<NewChange, 'type'>, dayTakesMs: number) =>
  startQuickly(desk, dayTakesMs, async () => {
    const fields = { title: 'Essai', requesterId: 'alex', groupId: 'applications', service: null }
    return (await openChange(desk.db, { openedById: 'alex', ...given, fields })).ticketId
  })
const wall = (ms: number): string => new Date(ms).toISOString().slice(0, 16)
const freeze = async (service: string): Promise<string> => {
  const draft = WindowDraft.parse({
    kind: 'blackout',
    name: `Gel ${service}`,
    timeZone: 'UTC',
    startsAt: wall(Date.now() - 3_600_000),
    endsAt: wall(Date.now() + 5 * 3_600_000),
    scope: { type: 'services', services: [service] },
  })
  const saved = await saveWindow(desk.db, { id: null, version: null, draft }, helene.id)
  if (!saved.ok) throw new Error(`expected the window to be saved, found ${JSON.stringify(saved)}`)
  return saved.window.id
}
const template = async (name: string) => {
  const draft = TemplateDraft.parse({ name, steps: ['Faire'], backoutPlan: 'Défaire.', groupId: 'applications' })
  const saved = await saveTemplate(desk.db, { id: null, version: null, draft }, helene.id)
  if (!saved.ok) throw new Error(`expected the template to be saved, found ${JSON.stringify(saved)}`)
  return saved.template
}
const fields = (service: string | null) => ({ title: 'Essai', requesterId: 'alex', groupId: 'applications', service })
const reached = (ticketId: string, ...elementIds: string[]) => elementsDone(desk, ticketId, elementIds, 30_000)
/** One at a time: every window wakes every held change. Holds a change at its freeze, lets the calendar change without an end of it, then lets it end by the clock alone. */
async function throughFreeze(ticketId: string, service: string): Promise<void> {
  const windowId = await freeze(service)
  await at('awaitFreezeEnd', desk, ticketId)
  await freeze(`${service}-autre`)
  await reached(ticketId, 'calendarChanged')
  await at('awaitFreezeEnd', desk, ticketId)
  // its end comes: nobody is told of it but the clock
  await desk.db.deleteFrom('changeWindow').where('id', '=', windowId).execute()
  await reached(ticketId, 'freezeEnded')
}
const withdraw = async (ticketId: string) => {
  await desk.update(ticketId, 'publishMessage', { name: 'requesterCanceled', variables: { cancelReason: 'Plus besoin' } }, agent)
  await isClosed(desk, ticketId, 'canceled')
}

// Before failures make the team's changes riskier.
test(
  'a standard change: its plan clashes, is made again, is moved; a freeze ends by itself; its window runs over',
  async () => {
    const used = await template('Purge de nuit')
    const rival = await raise(desk, { type: 'standard', template: used, ciIds: ['nuit'], fields: fields(null) })
    await complete(desk, rival, 'schedule', david, plan(2 * day, { implementerId: 'david' }))
    await at('awaitStart', desk, rival)
    const ticketId = await raiseQuickly({ type: 'standard', template: used, ciIds: ['nuit'] }, 60_000)
    await desk.update(ticketId, 'changeTicket', { fields: { service: 'courrier' } })
    await complete(desk, ticketId, 'schedule', lucie, plan(2 * day))
    await complete(desk, ticketId, 'schedule', lucie, plan(20 * day))
    await at('awaitStart', desk, ticketId)
    await desk.update(ticketId, 'publishMessage', { name: 'changeRescheduled', variables: {} }, agent)
    await complete(desk, ticketId, 'schedule', lucie, plan(soon, { conflictsAccepted: true, conflictsReason: 'Essai.' }))
    await at('implement', desk, ticketId)
    await throughFreeze(ticketId, 'courrier')
    await reached(ticketId, 'warnOverrun')
    await complete(desk, ticketId, 'implement', lucie, done)
    await complete(desk, ticketId, 'review', lucie, outcome('successful'))
    await isClosed(desk, ticketId)
    await withdraw(rival)
  },
  slow,
)

test.concurrent(
  'the board is late: its managers are reminded; it defers, then rejects, and the change is resubmitted and withdrawn',
  async () => {
    const ticketId = await raiseQuickly({ type: 'normal', implementerId: 'lucie' }, 1_500)
    await complete(desk, ticketId, 'assess', david, assessment(hard, 1))
    await reached(ticketId, 'remindManagers')
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
    for (const decision of ['deferred', 'rejected'] as const) {
      await at('cabApproval', desk, ticketId)
      const said = { meetingId: saved.meeting.id, ticketId, minutes: decision, decision, attendeeIds: ['helene', 'mei'] }
      await until(`the board to have ${decision}`, async () => (await decideInSession(desk.db, said, helene.id)).ok)
    }
    await complete(desk, ticketId, 'rework', david, { reworkOutcome: 'resubmit', reworkNotes: 'Plan revu.' })
    await openTask(desk, ticketId, 'assess')
    await withdraw(ticketId)
    expect((await change(desk, ticketId)).outcome).toBe('canceled')
  },
  slow,
)

test.concurrent(
  'of moderate risk: the manager approves, the window runs over, it fails and is backed out',
  async () => {
    const ticketId = await raise(desk, { type: 'normal', ciIds: ['mod'], implementerId: 'lucie', fields: fields(null) })
    await complete(desk, ticketId, 'assess', david, assessment({ ...easy, qReach: 2 }, 2))
    await at('managerApproval', desk, ticketId)
    await vote(desk, ticketId, 'managerApproval', helene, 'approved')
    const from = Date.now() + 300
    const short = { plannedStart: new Date(from).toISOString(), plannedEnd: new Date(from + 1_500).toISOString() }
    await complete(desk, ticketId, 'schedule', david, { ...plan(soon), ...short, conflictsAccepted: true, conflictsReason: 'Essai.' })
    await at('implement', desk, ticketId)
    await reached(ticketId, 'warnOverrun')
    await complete(desk, ticketId, 'implement', lucie, failed)
    await complete(desk, ticketId, 'backOut', lucie, restored)
    await complete(desk, ticketId, 'review', helene, outcome('backedOut'))
    await isClosed(desk, ticketId)
    expect((await change(desk, ticketId)).outcome).toBe('backedOut')
  },
  slow,
)

test.concurrent(
  'an emergency that the ECAB is late with, then refuses',
  async () => {
    const ticketId = await raiseQuickly({ type: 'emergency', implementerId: 'lucie' }, 60_000)
    await reached(ticketId, 'callManagers')
    await vote(desk, ticketId, 'ecabApproval', mei, 'rejected')
    await isClosed(desk, ticketId, 'canceled')
  },
  slow,
)

test.concurrent(
  'an emergency that fails is backed out; another is withdrawn; what was found and is right is kept',
  async () => {
    const raised = (ci: string, more: Partial<NewChange> = {}) =>
      raise(desk, { type: 'emergency', ciIds: [ci], implementerId: 'lucie', fields: fields(null), ...more })
    const times = { plannedStart: new Date(0).toISOString(), plannedEnd: new Date(1).toISOString() }
    const [broken, dropped, found] = [await raised('u1'), await raised('u2'), await raised('u3', { isUnauthorised: true })]
    await vote(desk, broken, 'ecabApproval', mei, 'approved')
    await complete(desk, broken, 'implement', lucie, failed)
    await complete(desk, broken, 'backOut', lucie, restored)
    await complete(desk, broken, 'completeRecord', lucie, { ...assessment(easy, 2), ...times })
    await complete(desk, broken, 'review', helene, outcome('backedOut'))
    await isClosed(desk, broken)
    await at('ecabApproval', desk, dropped)
    await withdraw(dropped)
    await complete(desk, found, 'investigate', lucie, { investigationNotes: 'Correctif de sécurité.', investigationOutcome: 'keep' })
    await complete(desk, found, 'completeRecord', lucie, { ...assessment(easy, 3), ...times })
    await complete(desk, found, 'review', helene, outcome('successful'))
    await isClosed(desk, found)
  },
  slow,
)
