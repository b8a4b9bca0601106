import { beforeAll, describe, expect, it } from 'vitest'
import type { Bundle } from '#domain/bundle'
import { businessDaysBetween, judgeReopening } from '#domain/reopening'
import { TicketOpening } from '#schema/ticket'
import { at, hours, minutes } from './calendars.ts'
import { DeskRun } from './desk-run.ts'
import { shippedBundle } from './shipped-bundle.ts'

let bundle: Bundle
beforeAll(async () => {
  bundle = await shippedBundle()
})

const monday = at('2026-11-23T09:00+01:00')
const opening = (fields = {}, extra = {}): TicketOpening =>
  TicketOpening.parse({
    ticketId: '0b6f6b0e-6d0c-4b53-9f7c-1f5b6a3d2c11',
    number: 'INC-000001',
    kind: 'incident',
    channel: 'portal',
    interactionId: null,
    openedById: 'camille',
    fields: {
      title: 'Le VPN se coupe',
      description: '',
      requesterId: 'camille',
      category: 'vpn',
      service: 'remote-access',
      impact: 2,
      urgency: 2,
      ...fields,
    },
    extra,
  })
const open = (fields = {}, extra = {}) => new DeskRun(bundle, opening(fields, extra), monday)
function inProgress(): DeskRun {
  const run = open()
  run.assign('triage', 'alex')
  run.complete('triage', { impact: 2, urgency: 2, category: 'vpn', triageOutcome: 'diagnose' })
  return run
}
const solution = { resolution: 'Passerelle redémarrée.', resolutionCode: 'fixed', resolvedWith: 'INC-000002' }

describe('a child', () => {
  it.each([
    ['waiting for triage', () => open()],
    ['being diagnosed', inProgress],
    [
      'waiting for its requester',
      () => {
        const run = inProgress()
        run.complete('resolve', { resolveOutcome: 'needInformation', question: 'Depuis quand ?', pendingReason: 'Heure' })
        return run
      },
    ],
    ['on hold', onHold],
  ] as const)('%s is resolved with its parent, tells its requester, and can still be reopened', (_, make) => {
    const run = make()
    expect(run.message('parentResolved', solution)).toBeNull()
    expect(run.desk.fields).toMatchObject({ status: 'resolved', resolutionCode: 'fixed', pendingReason: null })
    expect(run.variables.resolution).toBe('Passerelle redémarrée.')
    expect(run.sent.at(-1)).toBe('resolved to requester')
    expect(run.tasks).toEqual([])
    expect(run.message('requesterReopened')).toBeNull()
    expect(run.open('triage')).toBeDefined()
  })
  it('that is resolved already does not hear of it', () => {
    const run = inProgress()
    run.complete('resolve', { resolveOutcome: 'resolve', resolutionCode: 'fixed', resolution: 'Fait.' })
    expect(run.message('parentResolved', solution)).not.toBeNull()
  })
})

it('a parent asks for its children, with the agent’s choice', () => {
  const run = inProgress()
  run.complete('resolve', { resolveOutcome: 'resolve', resolutionCode: 'fixed', resolution: 'Fait.', resolveChildren: false })
  expect(run.jobs.find(({ jobType }) => jobType === 'resolve-children')?.input.resolveChildren).toBe(false)
})

it('a duplicate is closed at once, whatever its state, and its clocks stand', () => {
  const run = inProgress()
  expect(run.message('markedDuplicate', { duplicateOf: 'INC-000002', duplicateReason: '' })).toBeNull()
  expect(run.desk.fields).toMatchObject({ status: 'closed', resolutionCode: 'duplicate' })
  expect(run.state.isEnded).toBe(true)
  expect(run.sent.at(-1)).toBe('duplicate to requester')
})

function onHold(): DeskRun {
  const run = inProgress()
  run.goTo(monday + hours(1))
  const values = { resolveOutcome: 'hold', holdReason: 'supplier', pendingReason: 'Pièce commandée, réf. 4711', holdUntil: '2026-11-26' }
  run.complete('resolve', values)
  return run
}
describe('on hold', () => {
  it('the resolution time stands still, for the reason that is given', () => {
    const run = onHold()
    expect(run.desk.fields).toMatchObject({ status: 'pending', pendingReason: 'Pièce commandée, réf. 4711' })
    expect(run.of('clockPaused').map((fact) => fact.clockId)).toContain('incident.resolution')
    expect(run.open('onHold').assignee).toBe('alex')
  })
  it('the agent takes it up when what it waits for has come', () => {
    const run = onHold()
    run.complete('onHold', { holdOutcome: 'Pièce reçue' })
    expect(run.desk.fields).toMatchObject({ status: 'inProgress', pendingReason: null })
    expect(run.open('resolve').assignee).toBe('alex')
  })
  it('it comes back by itself in the morning of the follow-up date', () => {
    const run = onHold()
    run.goTo(at('2026-11-26T08:59+01:00'))
    expect(run.status).toBe('pending')
    run.goTo(at('2026-11-26T09:00+01:00'))
    expect(run.status).toBe('inProgress')
    expect(run.open('resolve')).toBeDefined()
  })
})

describe('escalation by hand', () => {
  it('functional: the group changes, nobody has it, the group is told why', () => {
    const run = inProgress()
    expect(run.message('escalatedToGroup', { escalationReason: 'Cœur de réseau', escalationGroupId: 'network' })).toBeNull()
    expect(run.desk.fields).toMatchObject({ groupId: 'network', assigneeId: null, status: 'inProgress' })
    expect(run.open('resolve').assignee).toBeNull()
    expect(run.sent.at(-1)).toBe('escalated to group')
  })
  it('hierarchical: the managers are told, the work goes on; as often as needed', () => {
    const run = inProgress()
    expect(run.message('escalatedToManager', { escalationReason: 'Client mécontent' })).toBeNull()
    expect(run.message('escalatedToManager', { escalationReason: 'Toujours' })).toBeNull()
    expect(run.sent.filter((sent) => sent === 'escalated to manager')).toHaveLength(2)
    expect(run.desk.fields).toMatchObject({ assigneeId: 'alex', status: 'inProgress' })
  })
})

describe('a VIP', () => {
  it.each([
    [{ impact: 2, urgency: 2 }, 3, 2],
    [{ impact: 3, urgency: 3 }, 5, 4],
    [{ impact: 3, urgency: 1 }, 3, 3],
    [{ impact: null, urgency: null }, 4, 3],
  ])('%j: priority %i becomes %i, by the table', (fields, ordinary, vip) => {
    expect(open(fields).desk.fields.priority).toBe(ordinary)
    expect(open(fields, { requesterIsVip: true }).desk.fields.priority).toBe(vip)
  })
})

describe('the watch for major incidents', () => {
  const proposed = (run: DeskRun) => run.jobs.filter(({ jobType }) => jobType === 'propose-major').length
  it('proposes a critical one when it is reported, and one that triage finds critical', () => {
    expect(proposed(open({ impact: 1, urgency: 1 }))).toBe(1)
    const run = open()
    expect(proposed(run)).toBe(0)
    run.complete('triage', { impact: 1, urgency: 1, category: 'vpn', triageOutcome: 'diagnose' })
    expect(proposed(run)).toBe(1)
  })
  it('proposes when many report the same', () => {
    const run = open({}, { similarCount: 5 })
    expect(proposed(run)).toBe(1)
    expect(run.jobs.find(({ jobType }) => jobType === 'propose-major')?.input.reason).toBe('manySimilar')
  })
})

describe('the reopening policy', () => {
  const policy = () => bundle.decisions['reopen-policy'] as NonNullable<Bundle['decisions'][string]>
  const judge = (ticket: { status: 'resolved' | 'closed'; businessDays: number; reopenCount?: number; desk?: string }) =>
    judgeReopening(policy(), { kind: 'incident', reopenCount: 0, desk: 'it', ...ticket }, { at: monday, timeZone: 'Europe/Paris' })
  it.each([
    [{ status: 'resolved', businessDays: 0 }, 'reopen'],
    [{ status: 'resolved', businessDays: 5 }, 'reopen'],
    [{ status: 'resolved', businessDays: 6 }, 'newTicket'],
    [{ status: 'resolved', businessDays: 1, reopenCount: 3 }, 'newTicket'],
    [{ status: 'closed', businessDays: 0 }, 'newTicket'],
    // Each desk has its rule.
    [{ status: 'resolved', businessDays: 4, reopenCount: 3, desk: 'customers' }, 'reopen'],
    [{ status: 'closed', businessDays: 0, desk: 'customers' }, 'newTicket'],
    [{ status: 'resolved', businessDays: 2, desk: 'calls' }, 'reopen'],
    [{ status: 'resolved', businessDays: 3, desk: 'calls' }, 'newTicket'],
    [{ status: 'resolved', businessDays: 5, desk: 'another' }, 'reopen'],
  ] as const)('%j: %s', (ticket, expected) => expect(judge(ticket)).toBe(expected))
  it('counts working days, not nights and weekends', () => {
    const calendar = bundle.calendars['fr-business'] as NonNullable<Bundle['calendars'][string]>
    const friday = at('2026-11-27T16:00+01:00')
    expect(businessDaysBetween(calendar, friday, friday + minutes(1))).toBe(0)
    expect(businessDaysBetween(calendar, friday, at('2026-11-30T15:59+01:00'))).toBe(0)
    expect(businessDaysBetween(calendar, friday, at('2026-11-30T16:00+01:00'))).toBe(1)
  })
})
