/** The three change processes on a virtual clock; the world's answers (conflicts, freezes, approvers) are given. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { Bundle } from '#domain/bundle'
import { checkBundle } from '#domain/check-policy'
import { checkForm, checkProcess } from '#domain/checks'
import type { Job } from '#domain/rehearsal'
import type { Variables } from '#schema/json'
import { TicketOpening } from '#schema/ticket'
import { changeDefaults } from '#domain/change/opening'
import { at, hours } from '../calendars.ts'
import { DeskRun } from '../desk-run.ts'
import { shippedBundle } from '../shipped-bundle.ts'

const types = ['standard', 'normal', 'emergency'] as const
const bundles = new Map<string, Bundle>()
beforeAll(async () => {
  for (const type of types) bundles.set(type, await shippedBundle(`change-${type}`))
})

const monday = at('2026-11-23T09:00+01:00')
const saturday = at('2026-11-28T22:00+01:00')
const iso = (ms: number) => new Date(ms).toISOString()

/** What the world would find; a test changes it on the way. */
const newWorld = () => ({
  conflicts: { hasConflict: false, hasBlockingConflict: false } as Variables,
  frozenUntil: null as string | null,
  approvers: ['priya', 'mei', 'lucie'],
  teamSuccessRate: 0.95 as number | null,
  recentIncidents: 0,
})
const workIn =
  (world: ReturnType<typeof newWorld>) =>
  ({ jobType, input, headers }: Job): Variables => {
    if (jobType === 'checkConflicts') return { conflicts: [], conflictsAccepted: input.conflictsAccepted === true, ...world.conflicts }
    if (jobType === 'checkFreeze') return { isFrozen: world.frozenUntil !== null, frozenUntil: world.frozenUntil }
    if (jobType === 'changeFacts')
      return { teamSuccessRate: world.teamSuccessRate, ciCount: 1, recentFailures: 0, recentIncidents: world.recentIncidents }
    if (jobType !== 'findApprovers') return {}
    return { approvers: world.approvers, quorum: headers.quorum ? Number(headers.quorum) : (input.quorum ?? 1) }
  }

class ChangeRun extends DeskRun {
  world = newWorld()
  get told(): string[] {
    return this.jobs.filter(({ jobType }) => jobType === 'notify').map(({ headers }) => `${headers.template} to ${headers.to}`)
  }
  vote(approver: string, decision: string): string | null {
    const task = this.tasks.find((each) => each.assignee === approver && each.formId === 'approval')
    if (!task) throw new Error(`expected ${approver} to be asked, found ${this.activeElements.join(', ')}`)
    return this.put({ type: 'completeTask', waitId: task.waitId, variables: { decision, decisionComment: 'Vu.' } })?.code ?? null
  }
}

function open(type: (typeof types)[number], more: Variables = {}): ChangeRun {
  const opening = TicketOpening.parse({
    ticketId: '0b6f6b0e-6d0c-4b53-9f7c-1f5b6a3d2c11',
    number: 'CHG-000001',
    kind: 'change',
    channel: 'portal',
    interactionId: null,
    openedById: 'alex',
    fields: { title: 'Mettre à jour l’ERP', requesterId: 'alex', groupId: 'applications', service: 'erp' },
    extra: changeDefaults({ changeType: type, ciIds: ['erp-app'], ...more }),
  })
  const world = newWorld()
  return Object.assign(new ChangeRun(bundles.get(type) as Bundle, opening, monday, workIn(world)), { world })
}
const easy = { qReach: 0, qOutage: 0, qTested: 0, qBackout: 0, qExperience: 0 }
const hard = { qReach: 3, qOutage: 2, qTested: 3, qBackout: 1, qExperience: 0 }
const plan = { plannedStart: iso(saturday), plannedEnd: iso(saturday + hours(2)), implementerId: 'lucie', conflictsAccepted: false }
const done = { implementationOutcome: 'done', implementationNotes: 'Fait.' }
const reviewed = { resolutionCode: 'successful', resolution: 'Sans incident.' }
function assessed(answers: Variables, impact: number): ChangeRun {
  const run = open('normal')
  run.complete('assess', { justification: 'x', groupId: 'applications', impact, ...answers })
  return run
}

describe.each(types)('the shipped %s change', (type) => {
  it('has nothing for the checks to say, and all that it names', () => {
    const bundle = bundles.get(type) as Bundle
    expect([...checkBundle(bundle), ...checkProcess(bundle.process), ...Object.values(bundle.forms).flatMap(checkForm)]).toEqual([])
    expect(bundle.process.references.decisions.filter((id) => !bundle.decisions[id])).toEqual([])
    expect(bundle.process.references.forms.filter((id) => !bundle.forms[id])).toEqual([])
  })
})

describe('a standard change', () => {
  it('lives from its template to its closure without an approval', () => {
    const run = open('standard', { templateId: 'reboot', risk: 1 })
    run.complete('schedule', plan)
    expect(run.activeElements).toContain('awaitStart')
    run.goTo(saturday)
    expect(run.open('implement').assignee).toBe('lucie')
    run.complete('implement', done)
    run.complete('review', reviewed)
    expect(run.status).toBe('closed')
    expect(run.isEnded).toBe(true)
    expect(run.desk.fields.resolutionCode).toBe('successful')
    expect(run.of('taskOpened').map((f) => f.elementId)).toEqual(['schedule', 'implement', 'review'])
    expect(run.jobs.map((job) => job.jobType)).toContain('recordChangeOutcome')
  })
  it('clashing goes back to its planner until it clashes no more', () => {
    const run = open('standard')
    run.world.conflicts = { hasConflict: true, hasBlockingConflict: false }
    run.complete('schedule', plan)
    run.complete('schedule', { ...plan, conflictsAccepted: true, conflictsReason: 'Équipes prévenues.' })
    expect(run.activeElements).toContain('awaitStart')
  })
  it('cannot accept a freeze away', () => {
    const run = open('standard')
    run.world.conflicts = { hasConflict: true, hasBlockingConflict: true }
    run.complete('schedule', { ...plan, conflictsAccepted: true, conflictsReason: 'Tant pis.' })
    expect(run.task('schedule')).toBeDefined()
  })
  it('is planned again while it waits', () => {
    const run = open('standard')
    run.complete('schedule', plan)
    expect(run.message('changeRescheduled')).toBeNull()
    run.complete('schedule', { ...plan, plannedStart: iso(saturday + hours(3)), plannedEnd: iso(saturday + hours(4)) })
    run.goTo(saturday + hours(2))
    expect(run.task('implement')).toBeUndefined()
    run.goTo(saturday + hours(3))
    expect(run.task('implement')).toBeDefined()
  })
  it('held by a freeze is implemented at its end, not before', () => {
    const run = open('standard')
    run.complete('schedule', plan)
    run.world.frozenUntil = iso(saturday + hours(30))
    run.goTo(saturday + hours(29))
    expect(run.status).toBe('pending')
    expect(run.task('implement')).toBeUndefined()
    run.world.frozenUntil = null
    run.goTo(saturday + hours(30))
    expect(run.task('implement')).toBeDefined()
    expect(run.status).toBe('inProgress')
  })
  it('held by a freeze that is extended waits on; let go early, it goes on at once', () => {
    const run = open('standard')
    run.complete('schedule', plan)
    run.world.frozenUntil = iso(saturday + hours(5))
    run.goTo(saturday)
    run.world.frozenUntil = iso(saturday + hours(50))
    run.goTo(saturday + hours(6))
    expect(run.task('implement')).toBeUndefined()
    run.world.frozenUntil = null
    run.put({ type: 'message', name: 'changeCalendarChanged', variables: {}, correlationKey: run.variables.ticketId as string })
    expect(run.task('implement')).toBeDefined()
  })
  it('whose implementation is open when a freeze is declared loses the step until its end', () => {
    const run = open('standard')
    run.complete('schedule', plan)
    run.goTo(saturday)
    run.world.frozenUntil = iso(saturday + hours(9))
    run.put({ type: 'message', name: 'changeCalendarChanged', variables: {}, correlationKey: run.variables.ticketId as string })
    expect(run.tasks).toEqual([])
    run.world.frozenUntil = null
    run.goTo(saturday + hours(9))
    expect(run.open('implement').assignee).toBe('lucie')
  })
  it('that overruns its window tells its group, and goes on', () => {
    const run = open('standard')
    run.complete('schedule', plan)
    run.goTo(saturday + hours(2))
    expect(run.told).toEqual(['sla-warning to group', 'change-overrun to group', 'sla-breach to manager'])
    expect(run.task('implement')).toBeDefined()
  })
  it('that fails is backed out, then reviewed', () => {
    const run = open('standard')
    run.complete('schedule', plan)
    run.goTo(saturday)
    run.complete('implement', { ...done, implementationOutcome: 'failed' })
    run.complete('backOut', { backoutOutcome: 'restored', backoutNotes: 'Instantané remis.' })
    run.complete('review', { resolutionCode: 'backedOut', resolution: 'Disque plein.', lessonsLearned: 'Vérifier l’espace.' })
    expect(run.desk.fields).toMatchObject({ status: 'closed', resolutionCode: 'backedOut' })
  })
  it('is withdrawn by its requester', () => {
    const run = open('standard')
    expect(run.message('requesterCanceled', { cancelReason: 'Inutile' })).toBeNull()
    expect(run.desk.fields).toMatchObject({ status: 'canceled', resolutionCode: 'canceled' })
    expect(run.isEnded).toBe(true)
  })
})

describe('a normal change', () => {
  it.each([
    ['no risk at all', easy, 3, 0.95, 1, 'peer'],
    ['a team’s impact', easy, 2, 0.95, 2, 'manager'],
    ['a hard questionnaire, which weighs more than a low calculation', hard, 3, 0.95, 3, 'cab'],
    ['a team with a poor record', easy, 3, 0.5, 3, 'cab'],
    ['everybody, and a poor record', easy, 1, 0.5, 4, 'cab'],
    ['a team without a record', easy, 3, null, 1, 'peer'],
  ])('with %s has its risk and its approver', (_, answers, impact, rate, risk, approval) => {
    const run = open('normal')
    run.world.teamSuccessRate = rate
    run.complete('assess', { justification: 'x', groupId: 'applications', impact, ...answers })
    expect(run.variables).toMatchObject({ risk, approval })
    expect(run.activeElements).toContain(`${approval}Approval`)
    expect(run.of('decisionEvaluated').map((f) => f.decisionId)).toEqual(['change-risk', 'change-questionnaire', 'change-approval'])
  })
  it('of items whose changes caused incidents lately is riskier', () => {
    const run = open('normal')
    run.world.recentIncidents = 3
    run.complete('assess', { justification: 'x', groupId: 'applications', impact: 3, ...easy })
    expect(run.variables).toMatchObject({ riskCalculated: 3, risk: 3, approval: 'cab' })
  })
  it('of high risk needs the quorum of the board', () => {
    const run = assessed(hard, 1)
    run.vote('priya', 'approved')
    expect(run.task('schedule')).toBeUndefined()
    run.vote('mei', 'approved')
    expect(run.task('schedule')).toBeDefined()
    expect(run.tasks).toHaveLength(1)
  })
  it('is stopped by one veto, whatever came before, and may come back', () => {
    const run = assessed(hard, 1)
    run.vote('priya', 'approved')
    run.vote('mei', 'rejected')
    expect(run.told.at(-1)).toBe('change-refused to requester')
    run.complete('rework', { reworkOutcome: 'resubmit', reworkNotes: 'Retour arrière ajouté.' })
    run.complete('assess', { impact: 3, ...easy })
    run.vote('lucie', 'approved')
    expect(run.task('schedule')).toBeDefined()
  })
  it('without enough voices is not approved', () => {
    const run = assessed(hard, 1)
    for (const [who, what] of [
      ['priya', 'approved'],
      ['mei', 'abstained'],
      ['lucie', 'abstained'],
    ] as const)
      run.vote(who, what)
    expect(run.task('rework')).toBeDefined()
    run.complete('rework', { reworkOutcome: 'abandon', reworkNotes: 'Trop tôt.' })
    expect(run.desk.fields).toMatchObject({ status: 'canceled', resolutionCode: 'canceled' })
  })
  it.each([
    ['approved', 'schedule'],
    ['rejected', 'rework'],
    ['deferred', 'cabApproval'],
  ])('%s in session goes to %s', (cabDecision, elementId) => {
    const run = assessed(hard, 1)
    const correlationKey = run.variables.ticketId as string
    expect(run.put({ type: 'message', name: 'cabDecided', variables: { cabDecision, cabMinutes: 'x' }, correlationKey })).toBeNull()
    expect(run.task(elementId)).toBeDefined()
    expect(run.tasks).toHaveLength(elementId === 'cabApproval' ? 3 : 1)
  })
  it('whose board is silent reminds the managers after three working days, and still waits', () => {
    const run = assessed(hard, 1)
    run.goTo(at('2026-11-26T09:00+01:00'))
    expect(run.told).toEqual(['change-approval-late to manager'])
    expect(run.task('cabApproval')).toBeDefined()
  })
  it('is reviewed by those who steer changes, not by who made it', () => {
    const run = assessed(easy, 3)
    run.vote('priya', 'approved')
    run.complete('schedule', plan)
    run.goTo(saturday)
    run.complete('implement', done)
    expect(run.open('review')).toMatchObject({ assignee: null, candidateGroups: ['change-managers'] })
    run.complete('review', reviewed)
    expect(run.status).toBe('closed')
  })
})

describe('an emergency change', () => {
  const record = { justification: 'x', groupId: 'applications', impact: 2, plannedStart: iso(monday), plannedEnd: iso(monday + hours(1)) }
  it('is approved by one of the ECAB, made at once, recorded and reviewed after', () => {
    const run = open('emergency')
    run.world.frozenUntil = iso(saturday)
    run.vote('mei', 'approved')
    run.complete('implement', done)
    run.complete('completeRecord', { ...record, ...easy })
    expect(run.variables.risk).toBe(2)
    run.complete('review', reviewed)
    expect(run.status).toBe('closed')
    expect(run.of('taskCompleted').map((f) => f.elementId)).toEqual(['ecabApproval', 'implement', 'completeRecord', 'review'])
  })
  it('calls the managers when the ECAB is silent for half an hour', () => {
    const run = open('emergency')
    run.goTo(monday + hours(0.5))
    expect(run.told).toEqual(['change-approval-late to manager'])
    expect(run.task('ecabApproval')).toBeDefined()
  })
  it('refused ends', () => {
    const run = open('emergency')
    run.vote('priya', 'rejected')
    expect(run.desk.fields).toMatchObject({ status: 'canceled', resolutionCode: 'canceled' })
  })
  it.each([
    ['keep', ['investigate', 'completeRecord', 'review']],
    ['revert', ['investigate', 'backOut', 'completeRecord', 'review']],
  ])('found without authorisation: %s', (investigationOutcome, steps) => {
    const run = open('emergency', { isUnauthorised: true })
    run.complete('investigate', { investigationNotes: 'Règle ouverte à la main.', investigationOutcome })
    if (investigationOutcome === 'revert') run.complete('backOut', { backoutOutcome: 'restored', backoutNotes: 'Refermée.' })
    run.complete('completeRecord', { ...record, ...easy })
    run.complete('review', { resolutionCode: 'successfulWithIssues', resolution: 'x', lessonsLearned: 'y' })
    expect(run.of('taskCompleted').map((f) => f.elementId)).toEqual(steps)
    expect(run.status).toBe('closed')
  })
})
