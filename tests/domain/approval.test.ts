import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  chooseApprovers,
  chooseFromGroup,
  decisionProblem,
  decisionValues,
  interestedIn,
  isQuorumReachable,
  principalOf,
  replacementOf,
} from '#domain/approval'
import { delegationProblems, isAwayAlone, type KnownDelegation, longestChain, standingsOf } from '#domain/delegation'
import { openTasks } from '#engine/index'
import type { Delegation } from '#schema/delegation'
import { Play } from '../engine/play.ts'

const day = 86_400_000
const now = Date.UTC(2026, 0, 5)
const from = (personId: string, delegateId: string | null, first = 0, last = 10, cover: Partial<Delegation> = {}): KnownDelegation => ({
  id: `${personId}-${delegateId}-${first}`,
  personId,
  delegateId,
  scope: 'all',
  value: null,
  startsAt: now + first * day,
  endsAt: now + last * day,
  groups: [],
  ...cover,
})
const codes = (made: Delegation, standing: Delegation[] = []) =>
  delegationProblems(made, standing, now).map(({ code, path }) => `${path}: ${code}`)

describe('a delegation', () => {
  it.each<[string, Delegation, Delegation[], string[]]>([
    ['is taken', from('a', 'b'), [], []],
    ['that ends before it starts', from('a', 'b', 3, 2), [], ['endsAt: endsBeforeStart']],
    ['of the past', from('a', 'b', -9, -2), [], ['endsAt: alreadyOver']],
    ['for two years', from('a', 'b', 0, 800), [], ['endsAt: tooLong']],
    ['of a group that is not named', from('a', 'b', 0, 9, { scope: 'group' }), [], ['value: valueMissing']],
    ['of all with a group', from('a', 'b', 0, 9, { value: 'cab' }), [], ['value: valueNotNeeded']],
    ['to oneself', from('a', 'a'), [], ['delegateId: delegateIsSelf']],
    ['there and back', from('b', 'a'), [from('a', 'b')], ['delegateId: delegationCycle']],
    ['there and back at other times', from('b', 'a', 20, 30), [from('a', 'b')], []],
    ['that ends when the other begins', from('b', 'a', 10, 20), [from('a', 'b')], []],
    ['round three', from('c', 'a'), [from('a', 'b'), from('b', 'c')], ['delegateId: delegationCycle']],
    ['round three that are never away together', from('c', 'a', 0, 10), [from('a', 'b', 0, 3), from('b', 'c', 5, 9)], []],
    [
      'back for another subject',
      from('b', 'a', 0, 9, { scope: 'subject', value: 'cab' }),
      [from('a', 'b', 0, 9, { scope: 'subject', value: 'manager' })],
      [],
    ],
    ['to a second delegate at the same time', from('a', 'c'), [from('a', 'b')], []],
    ['twice to the same', from('a', 'b', 5, 8), [from('a', 'b')], ['delegateId: duplicateDelegation']],
    ['through four hands', from('d', 'e'), [from('a', 'b'), from('b', 'c'), from('c', 'd')], ['delegateId: chainTooLong']],
    [
      'that would make four hands of two chains',
      from('b', 'c'),
      [from('a', 'b'), from('c', 'd'), from('d', 'e')],
      ['delegateId: chainTooLong'],
    ],
    ['of one who is away without a delegate', from('b', 'a'), [from('a', null)], []],
  ])('%s', (_, made, standing, expected) => expect(codes(made, standing)).toEqual(expected))

  it('names the circle, person by person', () => {
    const [problem] = delegationProblems(from('c', 'a'), [from('a', 'b'), from('b', 'c')], now)
    expect(problem).toMatchObject({ through: ['c', 'a', 'b', 'c'] })
  })

  it('never lets a circle or a chain that is too long come about, whatever is asked for in whatever order', () => {
    const person = fc.constantFrom('a', 'b', 'c', 'd', 'e')
    const asked = fc.tuple(
      person,
      person,
      fc.integer({ min: 0, max: 6 }),
      fc.integer({ min: 1, max: 6 }),
      fc.constantFrom('all', 'cab', 'manager'),
    )
    fc.assert(
      fc.property(fc.array(asked, { maxLength: 14 }), fc.integer({ min: 0, max: 12 }), (list, at) => {
        const made: KnownDelegation[] = []
        for (const [who, delegate, first, days, subject] of list) {
          const cover = subject === 'all' ? {} : { scope: 'subject' as const, value: subject }
          const one = from(who, delegate, first, first + days, cover)
          if (delegationProblems(one, made, now).length === 0) made.push(one)
        }
        const moment = now + at * day + 1
        for (const id of 'abcde') {
          const standings = standingsOf(id, made, moment)
          expect(standings.map(({ personId }) => personId)).not.toContain(id)
        }
        const depth = (id: string, subject: string): number =>
          Math.max(
            0,
            ...made
              .filter(
                (one) =>
                  one.delegateId === id && one.startsAt <= moment && moment < one.endsAt && (one.scope === 'all' || one.value === subject),
              )
              .map((one) => 1 + depth(one.personId, subject)),
          )
        for (const id of 'abcde') for (const subject of ['cab', 'manager']) expect(depth(id, subject)).toBeLessThanOrEqual(longestChain)
      }),
      { numRuns: 300 },
    )
  })

  it('stands for the one who is away, and for those whose delegate he is, within what both cover', () => {
    const all = [from('a', 'b', 0, 9, { scope: 'subject', value: 'cab' }), from('b', 'c'), from('x', 'c', 5, 9)]
    expect(standingsOf('c', all, now + day).map(({ personId, scope, value }) => `${personId} ${scope} ${value}`)).toEqual([
      'b all null',
      'a subject cab',
    ])
    expect(standingsOf('c', all, now - 1)).toEqual([])
    expect(standingsOf('b', [from('a', 'b', 0, 1)], now + day)).toEqual([])
  })
  it('to nobody is an absence', () => {
    expect(isAwayAlone('a', [from('a', null)], now)).toBe(true)
    expect(isAwayAlone('a', [from('a', null), from('a', 'b')], now)).toBe(false)
    expect(isAwayAlone('a', [from('a', null, 2, 4)], now)).toBe(false)
  })
})

describe('who is asked', () => {
  const people = new Map(
    [
      ['ana', true, 'max'],
      ['ben', true, 'ana'],
      ['old', false, 'ben'],
      ['max', true, null],
      ['zoe', true, null],
    ].map(([id, isActive, managerId]) => [
      id as string,
      { id: id as string, isActive: isActive as boolean, managerId: managerId as string | null },
    ]),
  )
  const fallback = ['max', 'zoe']
  it.each<[string, string[], string[], string[], string[]]>([
    ['those who may', ['ana', 'ben'], [], ['ana', 'ben'], []],
    ['nobody twice', ['ana', 'ana'], [], ['ana'], []],
    ['the manager of one who asks for himself', ['ana'], ['ana'], ['max'], ['ana > max interested']],
    ['the manager of one who is gone', ['old'], [], ['ben'], ['old > ben inactive']],
    ['the fallback where the manager has an interest too', ['ben'], ['ben', 'ana'], ['max'], ['ben > max interested']],
    ['the fallback for one whom nobody knows', ['ghost'], [], ['max'], ['ghost > max inactive']],
    ['somebody new, so that the voters stay as many', ['ana', 'max'], ['ana'], ['zoe', 'max'], ['ana > zoe interested']],
    ['nobody, when nobody is left', ['max'], ['max', 'zoe'], [], ['max > null interested']],
  ])('%s', (_, asked, interested, approvers, replaced) => {
    const chosen = chooseApprovers(asked, interested, people, fallback)
    expect(chosen.approvers).toEqual(approvers)
    expect(chosen.replaced.map(({ personId, byId, reason }) => `${personId} > ${byId} ${reason}`)).toEqual(replaced)
  })
  it.each<[string, string[], string[], string[], string[]]>([
    ['its members, without the one who has an interest', ['ana', 'max'], ['ana'], ['max'], []],
    ['somebody else, when its only member asks for himself', ['ana'], ['ana'], ['max'], ['ana > max interested']],
    ['nobody, when it is empty', [], [], [], []],
  ])('of a group: %s', (_, members, interested, approvers, replaced) => {
    const chosen = chooseFromGroup(members, interested, people, fallback)
    expect(chosen.approvers).toEqual(approvers)
    expect(chosen.replaced.map(({ personId, byId, reason }) => `${personId} > ${byId} ${reason}`)).toEqual(replaced)
  })
  it('a delegate of two stands for the one without an interest', () => {
    const standing = (personId: string) => ({
      personId,
      groups: ['g'],
      scope: 'all' as const,
      value: null,
      delegationId: `for ${personId}`,
    })
    const actor = { id: 'zoe', name: 'Zoe', roles: [], groups: [], actsFor: [standing('ana'), standing('ben')] }
    const task = { assignee: null, candidateGroups: ['g'], candidateUsers: [], attributes: { approval: 'cab' } }
    expect(principalOf(actor, task, null, ['ana'])).toEqual({ approverId: 'ben', delegationId: 'for ben' })
    expect(principalOf(actor, task, null, ['ana', 'ben'])?.approverId).toBe('ana')
  })
  it('a replacement is never one who votes already', () => expect(replacementOf('ana', ['ana'], people, fallback, ['max'])).toBe('zoe'))
  it('the requester, who opened it and who gains by it have an interest; the desk has none', () =>
    expect(interestedIn('camille', { openedById: 'alex', beneficiaryId: 'julie', requestedForId: null })).toEqual([
      'camille',
      'alex',
      'julie',
    ]))
  it('the desk that opened it has no interest', () => expect(interestedIn('camille', { openedById: 'system' })).toEqual(['camille']))
})

describe('a decision', () => {
  it.each([
    [{ decision: 'approved' }, null],
    [{ decision: 'rejected', decisionComment: 'Trop cher.' }, null],
    [{ decision: 'rejected', decisionComment: '  ' }, 'commentRequired'],
    [{ decision: 'maybe' }, 'invalidDecision'],
    [{}, 'invalidDecision'],
  ])('%j: %s', (values, expected) => expect(decisionProblem(values)).toBe(expected))
  it('without a comment has an empty one, not that of the vote before', () =>
    expect(decisionValues({ decision: 'approved' })).toEqual({ decision: 'approved', decisionComment: '' }))
  it.each([
    [2, 3, true],
    [3, 3, true],
    [4, 3, false],
    [0, 3, false],
    [1.5, 3, false],
  ])('a quorum of %d among %d voters can be reached: %s', (quorum, voters, expected) =>
    expect(isQuorumReachable(quorum, voters)).toBe(expected),
  )
})

describe('the sub-process "approval"', () => {
  const xml = readFileSync(new URL('../../definitions/processes/approval.bpmn', import.meta.url), 'utf8')
  const given = { approvalSubject: 'manager', approvalDeadline: 'P3D', escalationDeadline: 'P1D', escalationGroup: 'managers' }
  const due = (run: Play, days: number) => ({ approvalDueAt: new Date(run.at + days * day).toISOString(), approvalCalendar: 'always' })
  const play = async (approvers: string[], quorum: number) => {
    const run = await Play.of(xml, { ...given, quorum })
    return run.finishJob('chooseApprovers', { approvers, quorum, ...due(run, 3) })
  }
  const vote = (run: Play, approver: string, decision: string, decisionComment = '') =>
    run.send({
      type: 'completeTask',
      at: run.at,
      waitId: openTasks(run.state!).find(({ assignee }) => assignee === approver)!.waitId,
      variables: { decision, decisionComment },
    })

  it('asks each with the subject and the deadline', async () => {
    const run = await play(['a', 'b'], 1)
    expect(openTasks(run.state!).map(({ assignee, attributes, dueAt }) => [assignee, attributes?.approval, dueAt])).toEqual([
      ['a', 'manager', run.at + 3 * day],
      ['b', 'manager', run.at + 3 * day],
    ])
  })
  it('approves with the quorum, whatever the first vote said', async () => {
    const run = await play(['a', 'b', 'c'], 2)
    vote(run, 'a', 'rejected', 'no')
    vote(run, 'b', 'approved')
    expect(vote(run, 'c', 'approved').variables.verdict).toBe('approved')
    expect(run.isEnded).toBe(true)
  })
  it('rejects as soon as the quorum is out of reach', async () => {
    const run = await play(['a', 'b', 'c'], 2)
    vote(run, 'a', 'rejected', 'no')
    expect(vote(run, 'c', 'abstained').variables.verdict).toBe('rejected')
  })
  it('passes the question on at the deadline; the fallback group decides', async () => {
    const run = (await play(['a'], 1)).timer('deadlinePassed', 3 * 24 * 60)
    run.finishJob('chooseEscalation', { approvers: ['m', 'n'], quorum: 1, ...due(run, 1) })
    expect(openTasks(run.state!).map(({ assignee, attributes }) => [assignee, attributes?.approval])).toEqual([
      ['m', 'escalation'],
      ['n', 'escalation'],
    ])
    expect(vote(run, 'n', 'approved').variables.verdict).toBe('approved')
    expect(run.isEnded).toBe(true)
  })
  it('ends without a decision when nobody answers at all: nothing waits for ever', async () => {
    const run = (await play(['a'], 1)).timer('deadlinePassed', 3 * 24 * 60)
    run.finishJob('chooseEscalation', { approvers: ['m'], quorum: 1, ...due(run, 1) }).timer('secondDeadlinePassed', 24 * 60)
    expect([run.isEnded, run.variables.verdict]).toEqual([true, 'expired'])
  })
})
