import { describe, expect, it } from 'vitest'
import { checkMeeting, checkPlan, checkTemplate, checkWindow, dependencyCycle } from '#domain/change/check'
import { failuresWithin, highestRisk, successRate, verdictOf } from '#domain/change/outcome'
import { MeetingDraft, TemplateDraft, WindowDraft } from '#schema/change'
import { at } from '../calendars.ts'

const now = at('2026-11-25T10:00Z')
const window = (parts: object = {}) =>
  WindowDraft.parse({
    kind: 'blackout',
    name: 'Gel',
    startsAt: '2026-12-20T00:00',
    endsAt: '2027-01-04T00:00',
    scope: { type: 'everything' },
    ...parts,
  })
const template = (parts: object = {}) =>
  TemplateDraft.parse({ name: 'Redémarrer le serveur', steps: ['Redémarrer'], backoutPlan: 'Revenir', ...parts })
const meeting = (parts: object = {}) =>
  MeetingDraft.parse({
    title: 'CAB',
    startsAt: '2026-11-26T13:00:00Z',
    endsAt: '2026-11-26T14:00:00Z',
    chairId: 'priya',
    memberIds: ['priya', 'mei', 'lucie'],
    quorum: 2,
    ...parts,
  })
const codes = (found: { path: string; code: string }[]) => found.map(({ path, code }) => `${path} ${code}`)

describe('what is refused, at its field', () => {
  it.each([
    [{}, []],
    [{ endsAt: '2026-12-20T00:00' }, ['endsAt endsBeforeStart']],
    [{ endsAt: '2026-12-19T00:00' }, ['endsAt endsBeforeStart']],
    [{ startsAt: '2026-02-30T00:00' }, ['startsAt noSuchDay']],
    [{ timeZone: 'Europe/Paname' }, ['timeZone unknownTimeZone']],
    [{ rule: 'FREQ=SOMETIMES' }, ['rule unreadableRule']],
    [{ startsAt: '2026-01-01T00:00', endsAt: '2026-01-02T00:00' }, ['endsAt windowIsOver']],
    [{ startsAt: '2026-11-01T00:00', endsAt: '2027-11-02T00:00' }, ['endsAt noFreeMoment']],
    [{ startsAt: '2026-11-01T00:00', endsAt: '2027-11-02T00:00', kind: 'maintenance' }, []],
  ])('window %j: %j', (parts, expected) => expect(codes(checkWindow(window(parts), 'w', [], now))).toEqual(expected))
  it.each([
    [{}, []],
    [{ steps: [] }, ['steps noSteps']],
    [{ backoutPlan: ' ' }, ['backoutPlan noBackoutPlan']],
    [{ risk: 3 }, ['risk tooRiskyForTemplate']],
  ])('template %j: %j', (parts, expected) => expect(codes(checkTemplate(template(parts)))).toEqual(expected))
  it.each([
    [{}, []],
    [{ quorum: 4 }, ['quorum quorumTooLarge']],
    [{ quorum: 3, memberIds: ['priya', 'priya', 'mei'] }, ['quorum quorumTooLarge']],
    [{ chairId: 'alex' }, ['chairId chairNotMember']],
    [{ endsAt: '2026-11-26T13:00:00Z' }, ['endsAt endsBeforeStart']],
    [{ startsAt: '2026-11-24T13:00:00Z', endsAt: '2026-11-24T14:00:00Z' }, ['startsAt inThePast']],
  ])('meeting %j: %j', (parts, expected) => expect(codes(checkMeeting(meeting(parts), now))).toEqual(expected))
  it.each([
    [null, null, false, []],
    ['2026-11-28T21:00:00Z', null, false, ['plannedEnd planIncomplete']],
    [null, '2026-11-28T21:00:00Z', false, ['plannedStart planIncomplete']],
    ['2026-11-28T21:00:00Z', '2026-11-28T21:00:00Z', false, ['plannedEnd endsBeforeStart']],
    ['2026-11-24T21:00:00Z', '2026-11-24T22:00:00Z', false, ['plannedStart inThePast']],
    ['2026-11-24T21:00:00Z', '2026-11-24T22:00:00Z', true, []],
    ['2029-11-24T21:00:00Z', '2029-11-24T22:00:00Z', false, ['plannedStart tooFarAhead']],
  ])('plan %s to %s (emergency: %s): %j', (plannedStart, plannedEnd, isEmergency, expected) =>
    expect(codes(checkPlan({ plannedStart, plannedEnd }, isEmergency, now))).toEqual(expected),
  )
})

describe('outcomes', () => {
  it('give a success rate over the changes that were made', () => {
    expect(successRate([])).toBeNull()
    expect(successRate(['canceled'])).toBeNull()
    expect(successRate(['successful', 'successfulWithIssues', 'failed', 'backedOut', 'canceled'])).toBe(0.5)
  })
  it('count as failures of a template within its days and since its revision', () => {
    const day = 86_400_000
    const ended = [
      { outcome: 'failed' as const, at: now - day },
      { outcome: 'backedOut' as const, at: now - 20 * day },
      { outcome: 'successful' as const, at: now - day },
      { outcome: 'failed' as const, at: now - 200 * day },
    ]
    expect(failuresWithin(ended, 180, 0, now)).toBe(2)
    expect(failuresWithin(ended, 10, 0, now)).toBe(1)
    expect(failuresWithin(ended, 180, now - 2 * day, now)).toBe(1)
  })
  it('the higher risk wins', () => {
    expect(highestRisk(2, 4)).toBe(4)
    expect(highestRisk(null, 1)).toBe(1)
    expect(highestRisk(null, null)).toBeNull()
  })
})

describe('a board', () => {
  const votes = (...decisions: (string | null)[]) => decisions.map((decision) => ({ decision }))
  it.each([
    [votes('approved', null, null), 2, 'open'],
    [votes('approved', 'approved', null), 2, 'approved'],
    [votes('approved', 'approved', 'rejected'), 2, 'rejected'],
    [votes('approved', 'abstained', 'abstained'), 2, 'rejected'],
    [votes('rejected', null, null), 2, 'rejected'],
  ])('%j with quorum %i: %s', (given, quorum, expected) => expect(verdictOf(given, quorum)).toBe(expected))
})

describe('what a change waits for', () => {
  const waits = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', []],
    ['d', ['e', 'b']],
  ])
  it.each<[string, string[], string[] | null]>([
    ['a', ['a'], ['a']],
    ['a', ['c', 'd'], null],
    ['c', ['a'], ['a', 'b', 'c']],
    ['e', ['b'], ['b', 'd', 'e']],
    ['new', ['a', 'b'], null],
  ])('%s on %j', (changeId, dependsOn, way) => expect(dependencyCycle(changeId, dependsOn, waits)).toEqual(way))
})
