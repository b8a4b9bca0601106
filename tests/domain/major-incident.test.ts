import { beforeAll, describe, expect, it } from 'vitest'
import type { Bundle } from '#domain/bundle'
import { checkBundle } from '#domain/check-policy'
import { checkProcess } from '#domain/checks'
import { TicketOpening } from '#schema/ticket'
import { compileProcess } from '../../workflows/engine/compile/index.ts'
import { at, minutes } from './calendars.ts'
import { DeskRun } from './desk-run.ts'
import { shippedBundle, sourceOf } from './shipped-bundle.ts'

let bundle: Bundle
beforeAll(async () => {
  const compiled = await compileProcess(sourceOf('processes/major-incident.bpmn'))
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics))
  bundle = { ...(await shippedBundle()), process: compiled.value, policies: [] }
})

const monday = at('2026-11-23T09:00+01:00')
function candidate(fields = {}): DeskRun {
  const opening = TicketOpening.parse({
    ticketId: '0b6f6b0e-6d0c-4b53-9f7c-1f5b6a3d2c12',
    number: 'MAJ-000001',
    kind: 'incident',
    channel: 'api',
    interactionId: null,
    openedById: 'alex',
    fields: {
      title: "L'ERP ne répond plus",
      description: '',
      requesterId: 'alex',
      service: 'erp',
      impact: 1,
      urgency: 1,
      priority: 1,
      ...fields,
    },
    extra: { incidentNumber: 'INC-000001', candidateReason: 'critical', technicalGroupId: 'applications' },
  })
  return new DeskRun(bundle, opening, monday)
}
const accept = {
  majorDecision: 'accept',
  decisionReason: 'Tous les sites',
  commanderId: 'helene',
  communicationLeadId: 'priya',
  publicTitleFr: 'ERP indisponible',
  publicTitleEn: 'ERP down',
  publicSeverity: 'outage',
}
function accepted(fields = {}): DeskRun {
  const run = candidate(fields)
  run.complete('examine', accept)
  return run
}
const update = { updateLevel: 'investigating', updateFr: 'Nous cherchons.', updateEn: 'We are looking.' }
const restored = {
  restoreOutcome: 'restored',
  resolutionCode: 'fixed',
  resolution: 'Base redémarrée.',
  endFr: 'Le service est rétabli.',
  endEn: 'The service is restored.',
}
const jobsOf = (run: DeskRun, type: string) => run.jobs.filter(({ jobType }) => jobType === type).length

it('the diagram has nothing for the checks to say', () => {
  expect(checkProcess(bundle.process)).toEqual([])
  expect(checkBundle(bundle)).toEqual([])
})

describe('a candidate', () => {
  it('is for the managers to examine, within a quarter of an hour', () => {
    const run = candidate()
    expect(run.status).toBe('new')
    expect(run.open('examine')).toMatchObject({ candidateGroups: ['managers'], dueAt: monday + minutes(15) })
    expect(run.sent).toEqual(['major-candidate to manager'])
  })
  it('that is refused tells its proposer, and ends', () => {
    const run = candidate()
    run.complete('examine', { majorDecision: 'refuse', decisionReason: 'Un seul poste' })
    expect(run.status).toBe('canceled')
    expect(run.sent.at(-1)).toBe('major-refused to requester')
    expect(run.isEnded).toBe(true)
  })
})

describe('a major incident', () => {
  it('that is accepted opens the restoration, the first communication and the bridge, each for its own', () => {
    const run = accepted()
    expect(run.status).toBe('inProgress')
    expect(run.open('restore').assignee).toBe('helene')
    expect(run.open('communicate').assignee).toBe('priya')
    expect(run.open('bridge').candidateGroups).toEqual(['managers', 'applications'])
  })
  it.each([
    [1, 30],
    [2, 60],
    [3, 120],
  ])('of priority %i communicates every %i minutes; one that is sent starts the wait anew', (priority, cadence) => {
    const run = accepted({ priority })
    run.goTo(monday + minutes(10))
    run.complete('communicate', update)
    expect(jobsOf(run, 'publish-update')).toBe(1)
    run.goTo(monday + minutes(10 + cadence - 1))
    expect(run.task('communicate')).toBeUndefined()
    run.goTo(monday + minutes(10 + cadence))
    expect(run.open('communicate').assignee).toBe('priya')
  })
  it('the lead may choose another cadence, or communicate at once', () => {
    const run = accepted()
    run.complete('communicate', { ...update, communicationMinutes: 90 })
    run.goTo(monday + minutes(60))
    expect(run.task('communicate')).toBeUndefined()
    expect(run.message('communicateNow')).toBeNull()
    expect(run.open('communicate')).toBeDefined()
  })
  it('a communication that is late is told to the managers, and still due', () => {
    const run = accepted()
    run.goTo(monday + minutes(15))
    expect(run.sent.at(-1)).toBe('major-update-late to manager')
    expect(run.open('communicate')).toBeDefined()
  })
  it('the bridge meets until it is stood down', () => {
    const run = accepted()
    run.complete('bridge', { bridgeOutcome: 'continue', bridgeFindings: 'Verrous sur la base' })
    run.complete('bridge', { bridgeOutcome: 'standDown', bridgeFindings: 'Fini' })
    expect(run.task('bridge')).toBeUndefined()
    expect(run.open('restore')).toBeDefined()
  })
  it('that is restored announces it, resolves its children, and closes with its review only', () => {
    const run = accepted()
    run.complete('communicate', update)
    run.goTo(monday + minutes(20))
    run.complete('restore', restored)
    expect(run.status).toBe('resolved')
    expect([jobsOf(run, 'publish-update'), jobsOf(run, 'resolve-children')]).toEqual([2, 1])
    expect(run.tasks.map(({ elementId }) => elementId)).toEqual(['review'])
    expect(run.open('review')).toMatchObject({ assignee: 'helene', dueAt: at('2026-11-30T09:20+01:00') })
    run.goTo(at('2026-12-10T09:00+01:00'))
    expect(run.status).toBe('resolved')
    expect(run.sent.at(-1)).toBe('major-review-late to manager')
    run.complete('review', { reviewTimeline: 'Chronologie', reviewCause: 'Verrous', reviewActions: 'Limiter', reviewParticipants: 'Tous' })
    expect(run.status).toBe('closed')
    expect(run.isEnded).toBe(true)
  })
  it('that is downgraded says so, leaves its children open, and needs no review', () => {
    const run = accepted()
    run.complete('restore', { ...restored, restoreOutcome: 'downgrade', downgradeReason: 'Un seul service' })
    expect(run.desk.fields).toMatchObject({ status: 'closed', resolutionCode: 'downgraded' })
    expect([jobsOf(run, 'publish-update'), jobsOf(run, 'resolve-children')]).toEqual([1, 0])
    expect(run.sent.at(-1)).toBe('major-downgraded to manager')
    expect(run.isEnded).toBe(true)
  })
})
