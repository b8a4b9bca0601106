/** What is promised about problems, changes and customers' requests: the shipped policies on their own diagrams. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { Bundle } from '#domain/bundle'
import { checkBundle, checkCaught, checkPolicy, checkSteps } from '#domain/check-policy'
import type { Variables } from '#schema/json'
import { TicketOpening, type TicketKind } from '#schema/ticket'
import { at, hours, minutes } from './calendars.ts'
import { DeskRun } from './desk-run.ts'
import { shippedBundle } from './shipped-bundle.ts'

const processes = ['problem', 'change-normal', 'change-standard', 'change-emergency', 'customer-case'] as const
const bundles = new Map<string, Bundle>()
beforeAll(async () => {
  for (const id of processes) bundles.set(id, await shippedBundle(id))
})

const monday = at('2026-11-23T09:00+01:00')
const day = hours(24)

function open(processId: (typeof processes)[number], kind: TicketKind, fields: Variables = {}, extra: Variables = {}): DeskRun {
  const opening = TicketOpening.parse({
    ticketId: '0b6f6b0e-6d0c-4b53-9f7c-1f5b6a3d2c11',
    number: 'X-000001',
    kind,
    channel: 'portal',
    interactionId: null,
    openedById: 'alex',
    fields: { title: 'Essai', requesterId: 'alex', groupId: 'applications', ...fields },
    extra,
  })
  const approvers = ({ jobType }: { jobType: string }): Variables =>
    jobType === 'findApprovers' ? { approvers: ['priya'], quorum: 1 } : jobType === 'publishKnownError' ? { knownErrorNumber: 'KE-1' } : {}
  return new DeskRun(bundles.get(processId) as Bundle, opening, monday, approvers)
}
const started = (run: DeskRun) =>
  run.of('clockStarted').map(({ clockId, targetMs, calendarId }) => [clockId, targetMs / minutes(1), calendarId])
const stopped = (run: DeskRun) => run.of('clockStopped').map(({ clockId, isMet }) => `${clockId} ${isMet ? 'met' : 'missed'}`)

describe('the shipped policies', () => {
  it('have nothing for the checks to say: their steps are drawn, their escalations caught', () => {
    const models = processes.map((id) => (bundles.get(id) as Bundle).process)
    for (const bundle of bundles.values()) {
      const found = bundle.policies.flatMap((policy) => [
        ...checkPolicy(policy),
        ...checkSteps(policy, models),
        ...checkCaught(policy, [bundle.process]),
      ])
      expect([...checkBundle(bundle), ...found]).toEqual([])
      expect(bundle.policies.length).toBeGreaterThan(0)
    }
  })
})

describe('a problem', () => {
  const categorized = { impact: 1, urgency: 1, category: 'network', service: null, groupId: 'network', categorizeOutcome: 'problem' }
  it('is taken up, then its workaround and its cause are promised from the search on', () => {
    const run = open('problem', 'problem', { impact: 2, urgency: 2 })
    expect(started(run).map(([id]) => id)).toEqual(['problem.takeUp', 'problem.resolution'])
    run.goTo(monday + hours(1))
    run.complete('categorize', categorized)
    expect(run.desk.fields.priority).toBe(1)
    expect(started(run).slice(2)).toEqual([
      ['problem.workaround', 510, 'fr-business'],
      ['problem.rootCause', 2550, 'fr-business'],
    ])
    // A day and a half later the workaround is missed: the managers hear of it, as the group did before.
    run.goTo(monday + day + hours(4))
    expect(run.of('clockBreached').map(({ clockId }) => clockId)).toEqual(['problem.workaround'])
    expect(run.sent).toEqual(expect.arrayContaining(['sla-warning to group', 'sla-breach to manager']))
    run.complete('investigate', {
      symptoms: 'Coupures',
      rootCause: 'Commutateur',
      workaround: 'Redémarrer',
      investigateOutcome: 'knownError',
    })
    expect(stopped(run)).toEqual(['problem.takeUp met', 'problem.rootCause met', 'problem.workaround missed'])
  })
})

describe('a normal change', () => {
  it('is assessed and approved in the time that its risk allows', () => {
    const run = open('change-normal', 'change', {}, { changeType: 'normal', ciIds: [], dependsOn: [], implementerId: null })
    expect(started(run)).toEqual([['change.assessment', 1020, 'fr-business']])
    run.goTo(monday + 3 * day)
    expect(run.of('clockBreached').map(({ clockId }) => clockId)).toEqual(['change.assessment'])
  })
})

describe('an emergency change', () => {
  it('is decided about within half an hour, at any hour', () => {
    const run = open('change-emergency', 'change', { priority: 1 }, { changeType: 'emergency', isUnauthorised: false, ciIds: [] })
    expect(started(run)).toEqual([['change-emergency.approval', 30, 'always']])
    run.goTo(monday + minutes(31))
    expect(run.sent).toContain('sla-breach to manager')
  })
})

describe('a customer’s request', () => {
  it.each<[string | null, unknown[][]]>([
    [
      'premium',
      [
        ['customer-case.firstResponse', 60, 'always'],
        ['customer-case.resolution', 480, 'always'],
      ],
    ],
    [
      'extended',
      [
        ['customer-case.firstResponse', 240, 'fr-business'],
        ['customer-case.resolution', 1020, 'fr-business'],
      ],
    ],
    [
      'standard',
      [
        ['customer-case.firstResponse', 510, 'fr-business'],
        ['customer-case.resolution', 2550, 'fr-business'],
      ],
    ],
    ['none', [['customer-case.firstResponse', 1020, 'fr-business']]],
    [null, [['customer-case.firstResponse', 1020, 'fr-business']]],
  ])('of a customer with support %s is promised what the contract says', (supportLevel, expected) =>
    expect(started(open('customer-case', 'request', {}, supportLevel === null ? {} : { supportLevel }))).toEqual(expected),
  )
  it('does not count while the customer is asked', () => {
    const run = open('customer-case', 'request', {}, { supportLevel: 'standard' })
    run.goTo(monday + hours(1))
    run.complete('answer', { caseOutcome: 'needInformation', question: 'Quel modèle ?', pendingReason: 'Modèle inconnu' })
    expect(run.of('clockPaused').map(({ clockId, owner }) => `${clockId} ${owner}`)).toEqual(['customer-case.resolution requester'])
  })
})
