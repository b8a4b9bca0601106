import { beforeAll, describe, expect, it } from 'vitest'
import type { Bundle } from '#domain/bundle'
import { checkBundle, checkCaught, checkPolicy, checkSteps } from '#domain/check-policy'
import { checkCalendar, checkForm, checkProcess } from '#domain/checks'
import { splitTemplate } from '#domain/template'
import type { Calendar } from '#schema/calendar'
import { Form } from '#schema/form'
import { SlaPolicy } from '#schema/sla'
import { calendarOf } from './calendars.ts'
import { filesIn, shippedBundle, sourceOf } from './shipped-bundle.ts'

let bundle: Bundle
beforeAll(async () => {
  bundle = await shippedBundle()
})
const span = { from: '08:30', to: '18:00' }
const codes = (found: { elementId: string; code: string }[]) => found.map((d) => `${d.elementId}: ${d.code}`)
const policyOf = (clock: object): SlaPolicy =>
  SlaPolicy.parse({
    id: 'p',
    version: 1,
    name: { fr: '', en: '' },
    clocks: [
      {
        id: 'c',
        metric: 'resolution',
        calendarId: 'always',
        start: { statuses: ['new'] },
        stop: { statuses: ['resolved'] },
        target: { decisionId: 'd', output: 'o' },
        thresholds: [
          { percent: 75, escalationCode: 'w' },
          { percent: 100, escalationCode: 'b' },
        ],
        ...clock,
      },
    ],
  })

describe('a calendar', () => {
  it.each<[string, Partial<Calendar>, string[]]>([
    ['that is sound passes', { week: { '1': [span] } }, []],
    ['without working time is refused', { week: { '1': [] } }, ['week: noWorkingTime']],
    [
      'that lives on exceptions is refused',
      { exceptions: [{ date: '2026-01-02', spans: [span], note: '' }] },
      ['week: noWeeklyWorkingTime'],
    ],
    ['in no known zone is refused', { week: { '1': [span] }, timeZone: 'Europe/Lutetia' }, ['timeZone: unknownTimeZone']],
    ['with overlapping spans is refused', { week: { '1': [span, { from: '17:00', to: '19:00' }] } }, ['week.1: overlappingSpans']],
    [
      'with two exceptions for a day is refused',
      {
        week: { '1': [span] },
        exceptions: [
          { date: '2026-01-02', spans: [], note: '' },
          { date: '2026-01-02', spans: [span], note: '' },
        ],
      },
      ['exceptions: duplicateException'],
    ],
  ])('%s', (_, parts, expected) => expect(codes(checkCalendar(calendarOf(parts)))).toEqual(expected))
})

describe('a policy', () => {
  it.each<[string, object, string[]]>([
    ['that is sound passes', {}, []],
    [
      'with thresholds out of order is refused',
      {
        thresholds: [
          { percent: 100, escalationCode: 'b' },
          { percent: 75, escalationCode: 'w' },
        ],
      },
      ['c.thresholds: thresholdsNotAscending'],
    ],
    [
      'with the same threshold twice is refused',
      {
        thresholds: [
          { percent: 75, escalationCode: 'b' },
          { percent: 75, escalationCode: 'w' },
        ],
      },
      ['c.thresholds: duplicateThreshold'],
    ],
    ['that never stops is refused', { stop: {} }, ['c.stop: emptyCondition']],
    ['that pauses at a moment is refused', { pause: { messageFrom: 'agent' } }, ['c.pause: pauseIsAState']],
    ['whose span names no steps is refused', { metric: 'span' }, ['c.metric: spanNeedsSteps']],
    ['whose span lies between two steps passes', { metric: 'span', start: { elementEntered: 'a' }, stop: { elementLeft: 'b' } }, []],
    ['of a group needs no start', { per: 'group', start: {} }, []],
    ['of chosen groups that is no group’s is refused', { groups: ['network'] }, ['c.groups: groupsWithoutPer']],
    [
      'with a reason to pause that never holds is refused',
      { pauses: [{ id: 'supplier', owner: 'supplier', when: {} }] },
      ['c.pauses.0: emptyCondition'],
    ],
    [
      'with a reason to pause that is a moment is refused',
      { pauses: [{ id: 'supplier', owner: 'supplier', when: { messageFrom: 'agent' } }] },
      ['c.pauses.0: pauseIsAState'],
    ],
    [
      'with two reasons of one id, or one that lasts longer than all together, is refused',
      {
        pauses: [
          { id: 'x', owner: 'supplier', when: { statuses: ['pending'] }, maxMinutes: 60, maxTotalMinutes: 30 },
          { id: 'x', owner: 'requester', when: { statuses: ['new'] } },
        ],
      },
      ['c.pauses.0: pauseCapOrder', 'c.pauses.1: duplicatePause'],
    ],
    ['that looks at a field without a name is refused', { cancel: { field: { name: '' } } }, ['c.cancel: fieldWithoutName']],
    ['without an escalation code is refused', { thresholds: [{ percent: 75, escalationCode: ' ' }] }, ['c.thresholds: noEscalationCode']],
  ])('%s', (_, clock, expected) => expect(codes(checkPolicy(policyOf(clock)))).toEqual(expected))
})

describe('a bundle', () => {
  const withTargets = (cell: string): Bundle => {
    const copy = structuredClone(bundle)
    const logic = copy.decisions['incident-targets']?.nodes['incident-targets']?.logic
    const outputs = logic?.type === 'table' ? logic.table.rules[0]?.outputs : undefined
    if (!outputs) throw new Error('expected the table of incident-targets')
    outputs[1] = cell
    return copy
  }
  it('with a target of zero is refused at its rule', () =>
    expect(codes(checkBundle(withTargets('0')))).toEqual(['targets-1: targetNotPositive']))
  it('with a target that is null passes: no clock', () => expect(checkBundle(withTargets('null'))).toEqual([]))
  it('whose clock names a calendar that is not there is refused, at the clock and at each element', () =>
    expect(codes(checkBundle({ ...bundle, calendars: {} }))).toEqual(
      expect.arrayContaining(['incident.firstResponse: unknownCalendar', 'incident.resolution: unknownCalendar']),
    ))
  it('whose clock may take a calendar that is not there is refused', () => {
    const policies = bundle.policies.map((policy) => ({
      ...policy,
      clocks: policy.clocks.map((clock) => ({ ...clock, calendar: { by: 'group' as const, calendars: { network: 'moon' } } })),
    }))
    expect(codes(checkBundle({ ...bundle, policies }))).toContain('incident.resolution: unknownCalendar')
  })
  it('with a threshold that no diagram catches is told so, and may be deployed', () => {
    const found = checkCaught(
      policyOf({
        thresholds: [
          { percent: 75, escalationCode: 'sla.resolution.warning' },
          { percent: 150, escalationCode: 'nobody' },
        ],
      }),
      [bundle.process],
    )
    expect(found.map(({ code, severity, params }) => [code, severity, params?.code])).toEqual([
      ['escalationNotCaught', 'warning', 'nobody'],
    ])
  })
  it('whose policy looks at a step that no process has is refused', () => {
    const policy = policyOf({ start: { elementEntered: 'order' }, stop: { elementLeft: 'triage' } })
    expect(codes(checkSteps(policy, [bundle.process]))).toEqual(['p.c.start: unknownStep'])
  })
  it('whose clock names a decision that is not there is refused', () =>
    expect(codes(checkBundle({ ...bundle, decisions: {} }))).toContain('incident.resolution: unknownDecision'))
})

describe('a process', () => {
  const withAttributes = (id: string, attributes: Record<string, string>) => {
    const process = structuredClone(bundle.process)
    const element = process.elements[id]
    if (!element) throw new Error(`expected element ${id}`)
    element.attributes = attributes
    return codes(checkProcess(process))
  }
  it('with an unknown status is refused', () => expect(withAttributes('triage', { status: 'waiting' })).toEqual(['triage: unknownStatus']))
  it('with half a due instant is refused', () =>
    expect(withAttributes('notifyResolved', { dueVariable: 'x', calendar: 'always' })).toEqual(['notifyResolved: incompleteDue']))
  it('with a due instant where nothing waits is refused', () =>
    expect(withAttributes('prioritize', { dueVariable: 'x', dueBusinessDays: '2', calendar: 'always' })).toEqual([
      'prioritize: dueNeedsWait',
    ]))
  it('with a number of days that is none is refused', () =>
    expect(withAttributes('notifyResolved', { dueVariable: 'x', dueBusinessDays: 'two', calendar: 'always' })).toEqual([
      'notifyResolved: badBusinessDays',
    ]))
})

describe('a form', () => {
  const form = (...components: object[]) => Form.parse({ id: 'f', type: 'default', components })
  it('with a key twice is refused', () =>
    expect(codes(checkForm(form({ id: 'a', type: 'textfield', key: 'k' }, { id: 'b', type: 'number', key: 'k' })))).toEqual([
      'b: duplicateKey',
    ]))
  it('with an empty list is refused', () => expect(codes(checkForm(form({ id: 'a', type: 'select', key: 'k' })))).toEqual(['a: noOptions']))
  it('with a pattern that is none is refused', () =>
    expect(codes(checkForm(form({ id: 'a', type: 'textfield', key: 'k', validate: { pattern: '(' } })))).toEqual(['a: badPattern']))
})

/** Rights, their reviews, and mails grouped into one have no number. */
const aboutNoTicket = ['access-expiring', 'contract-', 'licence-ended', 'review-', 'digest']

describe('the mail templates', () => {
  it('are the same in both languages', () => expect(filesIn('templates/fr')).toEqual(filesIn('templates/en')))
  it('have a subject with the number, a text and an HTML part', () => {
    for (const locale of ['fr', 'en']) {
      for (const file of filesIn(`templates/${locale}`)) {
        const { subject, text, html } = splitTemplate(sourceOf(`templates/${locale}/${file}`))
        const isAboutTicket = !aboutNoTicket.some((name) => file.startsWith(name))
        if (isAboutTicket) expect(subject, file).toContain('[{{number}}]')
        expect(text.length, file).toBeGreaterThan(20)
        if (isAboutTicket) expect(html, file).toContain('{{number}}')
      }
    }
  })
  it('are those that the diagram names', () => {
    const named = [...sourceOf('processes/incident.bpmn').matchAll(/key="template" value="([^"]+)"/g)].map((m) => `${m[1]}.hbs`)
    expect(named.filter((file) => !filesIn('templates/fr').includes(file))).toEqual([])
    expect(named.length).toBeGreaterThan(10)
  })
  it('without a subject is refused', () => expect(() => splitTemplate('Hello\n--- text\nx')).toThrow(/expected "subject: \.\.\."/))
})
