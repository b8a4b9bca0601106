import { beforeAll, describe, expect, it } from 'vitest'
import type { Bundle } from '#domain/bundle'
import { checkBundle, checkPolicy } from '#domain/check-policy'
import { checkCalendar, checkForm, checkProcess } from '#domain/checks'
import { Fact } from '#schema/fact'
import { TicketOpening } from '#schema/ticket'
import { at, hours, minutes } from './calendars.ts'
import { DeskRun } from './desk-run.ts'
import { shippedBundle } from './shipped-bundle.ts'

let bundle: Bundle
beforeAll(async () => {
  bundle = await shippedBundle()
})

const monday = at('2026-11-23T09:00+01:00')
const opening = (fields = {}): TicketOpening =>
  TicketOpening.parse({
    ticketId: '0b6f6b0e-6d0c-4b53-9f7c-1f5b6a3d2c11',
    number: 'INC-000001',
    kind: 'incident',
    channel: 'portal',
    interactionId: null,
    openedById: 'camille',
    fields: {
      title: 'Le VPN se coupe',
      description: 'Toutes les dix minutes.',
      requesterId: 'camille',
      category: 'vpn',
      service: 'remote-access',
      impact: 2,
      urgency: 2,
      ...fields,
    },
  })
/** With what is promised to users alone; the groups' and the supplier's clocks have tests of their own. */
const promised = (): Bundle => ({ ...bundle, policies: bundle.policies.filter(({ id }) => id === 'incident') })
const open = (fields = {}, when = monday, by = promised()) => new DeskRun(by, opening(fields), when)
const qualified = { impact: 2, urgency: 2, category: 'vpn', triageOutcome: 'diagnose' }
const solved = { resolveOutcome: 'resolve', resolutionCode: 'fixed', resolution: 'Certificat renouvelé.' }
/** Taken by alex and qualified at 09:20. */
function inProgress(fields = {}): DeskRun {
  const run = open(fields)
  run.goTo(monday + minutes(10))
  run.assign('triage', 'alex')
  run.goTo(monday + minutes(20))
  run.complete('triage', { ...qualified, ...fields })
  return run
}
function resolved(): DeskRun {
  const run = inProgress()
  run.goTo(monday + hours(2))
  run.complete('resolve', solved)
  return run
}

describe('the shipped definitions', () => {
  it('have nothing for the checks to say', () => {
    const found = [
      ...checkBundle(bundle),
      ...checkProcess(bundle.process),
      ...bundle.policies.flatMap(checkPolicy),
      ...Object.values(bundle.calendars).flatMap(checkCalendar),
      ...Object.values(bundle.forms).flatMap(checkForm),
    ]
    expect(found).toEqual([])
  })
  it('have every decision, form and calendar that the diagram names', () => {
    expect(bundle.process.references.decisions.filter((id) => !bundle.decisions[id])).toEqual([])
    expect(bundle.process.references.forms.filter((id) => !bundle.forms[id])).toEqual([])
  })
})

describe('an incident', () => {
  it('is prioritised and routed by tables, and the rows are kept', () => {
    const run = open()
    expect(run.desk.fields).toMatchObject({ status: 'new', priority: 3, groupId: 'service-desk' })
    expect(run.of('decisionEvaluated').map((f) => `${f.decisionId} ${f.ruleIds.join()}`)).toEqual([
      'incident-priority moderate-group',
      'incident-routing first-level',
      'major-candidate none',
    ])
    expect(run.open('triage')).toMatchObject({ candidateGroups: ['service-desk'], assignee: null, formId: 'incident-triage' })
    expect(run.sent).toEqual(['ticket-received to requester'])
  })
  it.each([
    [{ category: 'network', impact: 1, urgency: 1 }, 'network', 1],
    [{ category: 'application', service: 'erp', impact: 1, urgency: 2 }, 'applications', 2],
    [{ category: 'hardware', impact: 3, urgency: 3 }, 'workplace', 5],
    [{ category: null, service: null, impact: null, urgency: null }, 'service-desk', 4],
  ])('%j goes to %s at priority %i', (fields, groupId, priority) => expect(open(fields).desk.fields).toMatchObject({ groupId, priority }))

  it('starts both clocks at its opening, on the targets of its priority', () => {
    const started = open().of('clockStarted')
    expect(started.map((f) => [f.clockId, f.targetMs, f.dueAt])).toEqual([
      ['incident.firstResponse', minutes(60), monday + hours(1)],
      ['incident.resolution', minutes(960), at('2026-11-24T17:30+01:00')],
    ])
  })
  it('lives from report to closure', () => {
    const run = resolved()
    expect(run.status).toBe('resolved')
    run.goTo(monday + hours(3))
    expect(run.message('requesterConfirmed')).toBeNull()
    expect(run.state.isEnded).toBe(true)
    expect(run.history('status')).toBe('new > assigned > inProgress > resolved > closed')
    expect(run.history('assigneeId')).toBe('null > alex')
    expect(run.history('resolution')).toBe('null > Certificat renouvelé.')
    expect(run.of('clockStopped').map((f) => [f.clockId, f.isMet, f.elapsedBusinessMs])).toEqual([
      ['incident.firstResponse', true, minutes(20)],
      ['incident.resolution', true, hours(2)],
    ])
    expect(run.sent).toEqual(['ticket-received to requester', 'resolved to requester', 'closed to requester', 'survey to requester'])
  })
  it('writes facts of the schema only', () => {
    const run = resolved()
    run.message('requesterConfirmed')
    for (const fact of run.facts) expect(Fact.safeParse(fact).error?.issues ?? [], JSON.stringify(fact)).toEqual([])
  })
  it('says nothing twice: the opening is no change', () => {
    const run = open()
    expect(run.of('ticketChanged').map((f) => f.field)).toEqual(['priority', 'groupId'])
  })
  it('stays with whom it was given to, task after task', () => expect(inProgress().open('resolve').assignee).toBe('alex'))
  it('resolved at once leaves the second task out', () => {
    const run = open()
    run.complete('triage', { ...qualified, triageOutcome: 'resolve', resolutionCode: 'explained', resolution: 'Expliqué.' })
    expect(run.status).toBe('resolved')
    expect(run.of('taskOpened').map((f) => f.elementId)).toEqual(['triage'])
  })
  it('handed over goes to the other group, to nobody in particular', () => {
    const run = inProgress()
    run.complete('resolve', { resolveOutcome: 'reassign', groupId: 'network' })
    expect(run.desk.fields).toMatchObject({ groupId: 'network', assigneeId: null, status: 'assigned' })
    expect(run.open('triage')).toMatchObject({ candidateGroups: ['network'], assignee: null })
    expect(run.sent.at(-1)).toBe('assigned to group')
  })
  it('an edit of the assignee reaches the open task, and a release the ticket', () => {
    const run = inProgress()
    run.put({ type: 'setVariables', variables: { assigneeId: 'ines' } })
    expect(run.open('resolve').assignee).toBe('ines')
    run.assign('resolve', null)
    expect(run.desk.fields.assigneeId).toBeNull()
    expect(run.variables.assigneeId).toBeNull()
  })
  it('does not keep a value that a field cannot hold', () => {
    const run = inProgress()
    run.put({ type: 'setVariables', variables: { priority: 'very' } })
    expect(run.variables.priority).toBe(3)
    expect(run.desk.fields.priority).toBe(3)
  })
  it('a higher priority shortens the time, keeping what has passed', () => {
    const run = open()
    run.goTo(monday + minutes(30))
    run.complete('triage', { ...qualified, impact: 1, urgency: 1 })
    expect(run.of('clockRetargeted')).toMatchObject([
      { clockId: 'incident.resolution', fromTargetMs: minutes(960), targetMs: minutes(240), dueAt: at('2026-11-23T14:00+01:00') },
    ])
  })
})

describe('waiting for the requester', () => {
  function waiting(): DeskRun {
    const run = inProgress()
    run.goTo(at('2026-11-23T17:50+01:00'))
    run.complete('resolve', { resolveOutcome: 'needInformation', question: 'Quelle version ?', pendingReason: 'Version du client' })
    return run
  }
  it('pauses the resolution, and the answer moves it on by the business time of the wait', () => {
    const run = waiting()
    expect(run.status).toBe('pending')
    expect(run.of('clockPaused')).toMatchObject([{ clockId: 'incident.resolution', reason: 'Version du client' }])
    run.goTo(at('2026-11-24T08:40+01:00'))
    expect(run.message('requesterReplied')).toBeNull()
    expect(run.of('clockResumed')).toMatchObject([{ clockId: 'incident.resolution', dueAt: at('2026-11-24T17:50+01:00') }])
    expect(run.desk.fields).toMatchObject({ status: 'inProgress', pendingReason: null })
    expect(run.open('resolve').assignee).toBe('alex')
  })
  it('reminds after two working days, three times, then hands back to the agent', () => {
    const run = waiting()
    run.goTo(at('2026-12-04T12:00+01:00'))
    expect(run.sent.filter((s) => s.startsWith('requester-reminder'))).toHaveLength(3)
    expect(run.status).toBe('inProgress')
    expect(run.open('resolve')).toBeDefined()
  })
  it('no threshold is raised meanwhile, and none is lost', () => {
    const run = waiting()
    run.goTo(at('2026-11-26T09:00+01:00'))
    expect(run.of('clockThresholdReached', 'clockBreached')).toEqual([])
    run.message('requesterReplied')
    run.goTo(at('2026-12-01T09:00+01:00'))
    expect(run.of('clockThresholdReached', 'clockBreached').map((f) => f.type)).toEqual(['clockThresholdReached', 'clockBreached'])
  })
})

describe('escalation', () => {
  it('warns the group at 75 % and passes a late response to the second level', () => {
    const run = open()
    run.goTo(monday + minutes(45))
    expect(run.sent.at(-1)).toBe('sla-warning to group')
    run.goTo(monday + minutes(60))
    expect(run.of('clockBreached')).toMatchObject([
      { clockId: 'incident.firstResponse', at: monday + minutes(60), lateMs: 0, ownedMs: { 'service-desk': minutes(60) } },
    ])
    expect(run.desk.fields.groupId).toBe('network')
    expect(run.sent.at(-1)).toBe('sla-breach to group')
    expect(run.activeElements).toContain('triage')
    run.goTo(monday + minutes(90))
    run.complete('triage', { ...qualified })
    expect(run.of('clockStopped')).toMatchObject([{ clockId: 'incident.firstResponse', isMet: false, elapsedBusinessMs: minutes(90) }])
  })
  it('tells the manager when the resolution is late', () => {
    const run = inProgress()
    run.goTo(at('2026-11-24T17:29+01:00'))
    expect(run.sent.at(-1)).toBe('sla-warning to assignee')
    run.goTo(at('2026-11-24T17:30+01:00'))
    expect(run.sent.at(-1)).toBe('sla-breach to manager')
    expect(run.desk.fields).toMatchObject({ groupId: 'service-desk', assigneeId: 'alex' })
    expect(run.activeElements).toEqual(['resolve'])
  })
  it('hands its particulars to the notification', () => {
    const run = open()
    run.goTo(monday + minutes(45))
    expect(run.jobs.at(-1)?.input.sla).toEqual({
      clockId: 'incident.firstResponse',
      metric: 'firstResponse',
      percent: 75,
      dueAt: '2026-11-23T09:00:00.000Z',
      policyId: 'incident',
      kind: 'sla',
      groupId: 'service-desk',
    })
  })
  it("an agent's public answer is a first response; the requester's is not", () => {
    const run = open()
    const message = {
      type: 'messageAdded',
      at: run.at,
      messageId: 'm1',
      authorId: 'camille',
      channel: 'portal',
      sha256: '0',
      visibility: 'public',
      direction: 'in',
    } as const
    run.note(message, 'camille')
    run.note({ ...message, messageId: 'm2', visibility: 'internal', direction: 'out' }, 'alex')
    expect(run.of('clockStopped')).toEqual([])
    run.note({ ...message, messageId: 'm3', direction: 'out' }, 'alex')
    expect(run.of('clockStopped')).toMatchObject([{ clockId: 'incident.firstResponse', isMet: true }])
  })
})

describe('the end', () => {
  it('reopened starts the resolution anew and asks the agent again', () => {
    const run = resolved()
    run.goTo(monday + hours(24))
    expect(run.message('requesterReopened', { reason: 'Encore coupé' })).toBeNull()
    expect(run.status).toBe('inProgress')
    expect(run.of('clockStarted').at(-1)).toMatchObject({
      clockId: 'incident.resolution.2',
      at: monday + hours(24),
      targetMs: minutes(960),
    })
    expect(run.desk.fields.resolutionCode).toBeNull()
    expect(run.open('triage').assignee).toBe('alex')
    expect(run.sent.at(-1)).toBe('reopened to assignee')
  })
  it('closes by itself after five working days', () => {
    const run = resolved()
    expect(run.variables.autoCloseAt).toBe('2026-11-30T10:00:00.000Z')
    run.goTo(at('2026-11-30T10:59+01:00'))
    expect(run.status).toBe('resolved')
    run.goTo(at('2026-11-30T11:00+01:00'))
    expect(run.status).toBe('closed')
    expect(run.state.isEnded).toBe(true)
  })
  it('canceled by the requester takes the task away and cancels the clocks', () => {
    const run = inProgress()
    expect(run.message('requesterCanceled', { reason: 'Réglé' })).toBeNull()
    expect(run.status).toBe('canceled')
    expect(run.state.isEnded).toBe(true)
    expect(run.tasks).toEqual([])
    expect(run.of('clockCanceled').map((f) => f.clockId)).toEqual(['incident.resolution'])
    expect(run.sent.at(-1)).toBe('canceled to assignee')
  })
  it('stopped by an administrator is canceled too', () => {
    const run = inProgress()
    run.put({ type: 'cancel', reason: 'Essai' })
    expect(run.status).toBe('canceled')
    expect(run.of('clockCanceled')).toHaveLength(1)
  })
  it('the desk keeps little', () => expect(JSON.stringify(resolved().desk).length).toBeLessThan(3000))
})

describe('an important incident', () => {
  const critical = { impact: 1, urgency: 1 }
  const clocksOf = (run: DeskRun) => Object.fromEntries(run.of('clockStarted').map((f) => [f.clockId, f.targetMs / 60_000]))
  it('is promised news every hour and a workaround, besides a response and a resolution', () =>
    expect(clocksOf(open(critical))).toEqual({
      'incident.firstResponse': 15,
      'incident.update': 60,
      'incident.workaround': 120,
      'incident.resolution': 240,
    }))
  it('reminds the person of the news, then the group, and takes a message for news', () => {
    const run = inProgress(critical)
    run.goTo(monday + minutes(45))
    expect(run.sent).toContain('sla-warning to assignee')
    run.goTo(monday + minutes(60))
    expect(run.of('escalationThrown').map(({ code, caughtBy }) => [code, caughtBy !== null])).toContainEqual(['sla.update.breach', true])
    const sent = run.sent.length
    run.note(
      {
        type: 'messageAdded',
        at: run.at,
        messageId: 'm',
        visibility: 'public',
        direction: 'out',
        authorId: 'alex',
        channel: 'portal',
        sha256: '',
      },
      'alex',
    )
    expect(run.of('clockStarted').at(-1)).toMatchObject({ clockId: 'incident.update.2', dueAt: monday + minutes(120) })
    expect(run.sent.length).toBe(sent)
  })
  it('keeps its promise of a workaround when one is given', () => {
    const run = inProgress(critical)
    run.goTo(monday + minutes(90))
    run.put({ type: 'setVariables', variables: { workaround: 'Passer par le portail web.' } }, 'alex')
    expect(run.of('clockStopped').at(-1)).toMatchObject({ clockId: 'incident.workaround', isMet: true, elapsedBusinessMs: minutes(90) })
  })
  it('without a workaround in time goes to the manager', () => {
    const run = inProgress(critical)
    run.goTo(monday + minutes(120))
    expect(run.of('escalationThrown').map(({ code, caughtBy }) => [code, caughtBy !== null])).toContainEqual([
      'sla.workaround.breach',
      true,
    ])
  })
})

describe('between groups', () => {
  it('each has its own time, from when it got the ticket', () => {
    const run = open({ impact: 2, urgency: 2 }, monday, bundle)
    run.goTo(monday + hours(1))
    run.assign('triage', 'alex')
    run.complete('triage', { ...qualified, triageOutcome: 'reassign', groupId: 'network' })
    const own = run.of('clockStarted').filter(({ kind }) => kind === 'ola')
    expect(own.map(({ groupId, at: startedAt }) => [groupId, startedAt])).toEqual([
      ['service-desk', monday],
      ['network', monday + hours(1)],
    ])
    expect(run.of('clockStopped').find(({ clockId }) => clockId === 'incident-ola.handling')).toMatchObject({
      isMet: true,
      elapsedBusinessMs: hours(1),
    })
  })
})

describe('a supplier', () => {
  it('has the time of its contract while the ticket is handed to it, and the promise to the user waits no longer than its cap', () => {
    const run = new DeskRun(bundle, opening({ impact: 2, urgency: 2 }), monday)
    run.goTo(monday + minutes(10))
    run.assign('triage', 'alex')
    run.complete('triage', qualified)
    run.goTo(monday + hours(1))
    run.complete('resolve', {
      resolveOutcome: 'hold',
      holdReason: 'supplier',
      holdUntil: '2026-12-04',
      pendingReason: 'Pièce commandée',
    })
    expect(run.of('clockStarted').at(-1)).toMatchObject({ clockId: 'incident-supplier.return', kind: 'uc', at: monday + hours(1) })
    expect(run.of('clockPaused').filter(({ clockId }) => clockId === 'incident.resolution')).toMatchObject([
      { reason: 'Pièce commandée', owner: 'supplier', capAt: at('2026-11-26T10:00+01:00') },
    ])
    run.goTo(at('2026-11-26T10:00+01:00'))
    expect(run.of('escalationThrown').map(({ code, caughtBy }) => [code, caughtBy !== null])).toContainEqual(['uc.return.breach', true])
    expect(run.of('clockPauseCapped')).toMatchObject([{ clockId: 'incident.resolution', owner: 'supplier', resumedAt: run.at }])
    run.complete('onHold', { holdOutcome: 'resume' })
    expect(run.of('clockStopped').find(({ clockId }) => clockId === 'incident-supplier.return')).toMatchObject({ isMet: false })
  })
})
