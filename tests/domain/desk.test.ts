/** Rules of the desk that the shipped incident does not show. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { Bundle } from '#domain/bundle'
import { type DeskStep, openDesk, stepDesk, wakeDesk } from '#domain/desk/index'
import type { Fact } from '#schema/fact'
import { SlaPolicy } from '#schema/sla'
import { TicketOpening } from '#schema/ticket'
import { always, at, hours, minutes } from './calendars.ts'
import { shippedBundle } from './shipped-bundle.ts'

let shipped: Bundle
beforeAll(async () => {
  shipped = await shippedBundle()
})
const start = at('2026-11-24T09:00+01:00')
const opening = (fields = {}) =>
  TicketOpening.parse({
    ticketId: '0b6f6b0e-6d0c-4b53-9f7c-1f5b6a3d2c11',
    number: 'INC-1',
    kind: 'incident',
    channel: 'portal',
    interactionId: null,
    openedById: 'camille',
    fields: { title: 'T', requesterId: 'camille', priority: 1, ...fields },
  })
const bundleOf = (clock: object): Bundle => ({
  ...shipped,
  calendars: { always },
  policies: [
    SlaPolicy.parse({
      id: 'p',
      version: 3,
      name: { fr: '', en: '' },
      clocks: [
        {
          id: 'c',
          metric: 'resolution',
          calendarId: 'always',
          start: { statuses: ['new'] },
          stop: { statuses: ['resolved'] },
          target: { decisionId: 'incident-targets', output: 'resolutionMinutes' },
          thresholds: [
            { percent: 50, escalationCode: 'half' },
            { percent: 100, escalationCode: 'late' },
          ],
          ...clock,
        },
      ],
    }),
  ],
})
const activated = (elementId: string, attributes?: Record<string, string>): Fact => ({
  type: 'elementActivated',
  at: start,
  elementId,
  key: `key-${elementId}`,
  elementType: 'userTask',
  parentKey: 'e1',
  ...(attributes ? { attributes } : {}),
})
const left = (elementId: string): Fact => ({
  type: 'elementCompleted',
  at: start,
  elementId,
  key: `key-${elementId}`,
  elementType: 'userTask',
})
const variable = (name: string, to: string | number | null, from: string | number | null = null): Fact => ({
  type: 'variableChanged',
  at: start,
  scopeKey: 'e1',
  isRoot: true,
  name,
  from,
  to,
})
const types = (step: DeskStep) => step.facts.map((fact) => fact.type)

describe('a clock of the desk', () => {
  it('whose target is not known yet starts when it is, from the instant of its condition', () => {
    const bundle = bundleOf({})
    const opened = openDesk(bundle, opening({ priority: null }), start)
    expect(opened.facts).toEqual([])
    const step = stepDesk(bundle, opened.desk, [variable('priority', 1)], start + minutes(5))
    expect(step.facts.at(-1)).toMatchObject({ type: 'clockStarted', countedFrom: start, dueAt: start + hours(4), policyVersion: 3 })
  })
  it('raises each threshold once, as an escalation of the process', () => {
    const bundle = bundleOf({})
    const opened = openDesk(bundle, opening(), start)
    expect(opened.dueAt).toBe(start + hours(2))
    const half = wakeDesk(bundle, opened.desk, start + hours(2))
    expect(half.inputs).toMatchObject([{ type: 'escalation', code: 'half', variables: { sla: { percent: 50 } } }])
    expect(wakeDesk(bundle, half.desk, start + hours(2)).inputs).toEqual([])
    expect(half.dueAt).toBe(start + hours(4))
  })
  it('that was missed entirely raises all, in order', () =>
    expect(
      wakeDesk(bundleOf({}), openDesk(bundleOf({}), opening(), start).desk, start + hours(9)).inputs.map((i) => 'code' in i && i.code),
    ).toEqual(['half', 'late']))
  it('pauses while a token is in an element, and for each of several tokens', () => {
    const bundle = bundleOf({ pause: { elementEntered: 'supplier' } })
    let step: DeskStep = openDesk(bundle, opening(), start)
    step = stepDesk(bundle, step.desk, [activated('supplier'), activated('supplier')], start + minutes(10))
    expect(types(step)).toEqual(['clockPaused'])
    expect(step.dueAt).toBeNull()
    step = stepDesk(bundle, step.desk, [left('supplier')], start + minutes(20))
    expect(types(step)).toEqual([])
    step = stepDesk(bundle, step.desk, [left('supplier')], start + minutes(40))
    expect(step.facts).toMatchObject([{ type: 'clockResumed', dueAt: start + hours(4) + minutes(30) }])
  })
  it('spans two elements of the diagram', () => {
    const bundle = bundleOf({ start: { elementEntered: 'order' }, stop: { elementLeft: 'deliver' } })
    const opened = openDesk(bundle, opening(), start)
    expect(opened.dueAt).toBeNull()
    const running = stepDesk(bundle, opened.desk, [activated('order')], start + hours(1))
    expect(types(running)).toEqual(['clockStarted'])
    expect(stepDesk(bundle, running.desk, [left('deliver')], start + hours(2)).facts).toMatchObject([
      { type: 'clockStopped', isMet: true, elapsedBusinessMs: hours(1) },
    ])
  })
  it('starts by a fact, and is cancelled when its target goes', () => {
    const bundle = bundleOf({ start: { facts: ['ticketOpened'] } })
    const opened = openDesk(bundle, opening(), start)
    expect(types(opened)).toEqual(['clockStarted'])
    expect(types(stepDesk(bundle, opened.desk, [variable('priority', null, 1)], start + 1))).toEqual(['ticketChanged', 'clockCanceled'])
  })
  it('knows who owned its time when it is breached', () => {
    const bundle = bundleOf({})
    const opened = openDesk(bundle, opening(), start)
    const first = stepDesk(bundle, opened.desk, [variable('groupId', 'service-desk')], start + hours(1))
    const second = stepDesk(bundle, first.desk, [variable('groupId', 'network', 'service-desk')], start + hours(2))
    expect(wakeDesk(bundle, second.desk, start + hours(5)).facts.at(-1)).toMatchObject({
      type: 'clockBreached',
      lateMs: hours(1),
      ownedMs: { unassigned: hours(1), 'service-desk': hours(1), network: hours(3) },
    })
  })
})

describe('the ticket', () => {
  const bundle = () => bundleOf({})
  it('takes its status from the element that is entered, once', () => {
    const opened = openDesk(bundle(), opening(), start)
    const step = stepDesk(
      bundle(),
      opened.desk,
      [activated('a', { status: 'inProgress' }), activated('b', { status: 'inProgress' })],
      start,
    )
    expect(step.facts).toEqual([{ type: 'ticketChanged', at: start, field: 'status', from: 'new', to: 'inProgress' }])
    expect(step.inputs).toEqual([{ type: 'setVariables', at: start, variables: { status: 'inProgress' } }])
  })
  it('keeps its own assignee when a task says that its assignee is its own', () => {
    const opened = openDesk(bundle(), opening({ assigneeId: 'alex' }), start)
    const task = { type: 'taskAssigned', at: start, elementId: 'approve', waitId: 'key-approve', from: null, to: 'marc' } as const
    const step = stepDesk(bundle(), opened.desk, [activated('approve', { assignment: 'task' }), task], start)
    expect(step.facts).toEqual([])
    expect(step.inputs).toEqual([])
  })
  it.each([
    [{ dueVariable: 'dueAt', dueBusinessDays: '2', calendar: 'always' }, { dueAt: '2026-11-26T08:00:00.000Z' }],
    [{ dueVariable: 'dueAt', dueBusinessDays: '2', calendar: 'nowhere' }, undefined],
    [{ dueVariable: 'dueAt', dueBusinessDays: 'two', calendar: 'always' }, undefined],
  ])('an element with %j sets %j', (attributes, expected) => {
    const opened = openDesk(bundle(), opening(), start)
    const [input] = stepDesk(bundle(), opened.desk, [activated('notify', attributes)], start).inputs
    expect(input && 'variables' in input ? input.variables : undefined).toEqual(expected)
  })
  it('does not listen to variables of inner scopes', () => {
    const opened = openDesk(bundle(), opening(), start)
    expect(
      stepDesk(
        bundle(),
        opened.desk,
        [{ ...(variable('priority', 4) as Extract<Fact, { type: 'variableChanged' }>), isRoot: false }],
        start,
      ).facts,
    ).toEqual([])
  })
  it('records a change of its long texts without keeping them', () => {
    const opened = openDesk(bundle(), opening(), start)
    const step = stepDesk(bundle(), opened.desk, [variable('resolution', 'x'.repeat(5000))], start)
    expect(step.facts).toMatchObject([{ type: 'ticketChanged', field: 'resolution', from: null }])
    expect(JSON.stringify(step.desk).length).toBeLessThan(1500)
  })
  it('says nothing more once its process has ended', () => {
    const opened = openDesk(bundle(), opening(), start)
    const ended = stepDesk(bundle(), opened.desk, [{ type: 'instanceCompleted', at: start }], start + 1)
    expect(types(ended)).toEqual(['clockCanceled'])
    expect(ended.dueAt).toBeNull()
    expect(ended.inputs).toEqual([])
  })
  it('the desk as it was is left alone: a step is a function', () => {
    const opened = openDesk(bundle(), opening(), start)
    const before = JSON.stringify(opened.desk)
    stepDesk(bundle(), opened.desk, [variable('groupId', 'network'), activated('a', { status: 'pending' })], start + 1)
    expect(JSON.stringify(opened.desk)).toBe(before)
  })
})
