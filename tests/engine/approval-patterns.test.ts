/** The ways of approving, each drawn as a multi-instance user task: what the engine makes of their conditions. */
import { describe, expect, test } from 'vitest'
import { openTasks } from '#engine/index'
import { end, ext, path, Play, process, start } from './play.ts'

const locals =
  '<zeebe:ioMapping><zeebe:input source="=null" target="decision"/><zeebe:input source="=null" target="decisionComment"/></zeebe:ioMapping>'
const condition = (feel: string): string =>
  `<completionCondition>=${feel.replaceAll('"', '&quot;').replaceAll('>', '&gt;')}</completionCondition>`
const votes = `outputCollection="votes" outputElement="={approver: approver, decision: decision, comment: decisionComment}"`
const drawn = (isSequential: boolean, feel: string | null, subject = 'cab', mapped = true): string =>
  process(
    `${start}<userTask id="t" guichet:approval="${subject}">${ext(`${mapped ? locals : ''}<zeebe:assignmentDefinition assignee="=approver"/><zeebe:formDefinition formId="approval"/>`)}<multiInstanceLoopCharacteristics isSequential="${isSequential}">${ext(`<zeebe:loopCharacteristics inputCollection="=approvers" inputElement="approver" ${votes.replaceAll('"approver"', '"approver"')}/>`)}${feel === null ? '' : condition(feel)}</multiInstanceLoopCharacteristics></userTask>${end}${path('start', 't', 'end')}`,
  )
const quorum = 'count(votes[decision = "approved"]) >= quorum'
const veto = 'count(votes[decision = "rejected"]) > 0'
const asked = (play: Play) => openTasks(play.state!).map(({ assignee }) => assignee)
const vote = (play: Play, approver: string, decision: string, decisionComment = ''): Play => {
  const task = openTasks(play.state!).find(({ assignee }) => assignee === approver)
  return play.send({ type: 'completeTask', at: play.at, waitId: task!.waitId, variables: { decision, decisionComment } })
}
const decisions = (play: Play) => (play.variables.votes as ({ decision: string } | null)[]).map((one) => one?.decision ?? null)

describe('parallel with a quorum', () => {
  test('ends when so many have approved, and asks the others no more', async () => {
    const play = await Play.of(drawn(false, quorum), { approvers: ['a', 'b', 'c'], quorum: 2 })
    expect(asked(play)).toEqual(['a', 'b', 'c'])
    vote(play, 'c', 'approved')
    expect(play.isEnded).toBe(false)
    expect(vote(play, 'a', 'approved').isEnded).toBe(true)
    expect(decisions(play)).toEqual(['approved', null, 'approved'])
    expect(play.has('taskCanceled')).toBe(true)
  })
  test('goes on past the first vote, whatever it says', async () => {
    const play = await Play.of(drawn(false, quorum), { approvers: ['a', 'b', 'c'], quorum: 2 })
    vote(play, 'a', 'rejected', 'too early')
    vote(play, 'b', 'approved')
    expect(play.isEnded).toBe(false)
    expect(vote(play, 'c', 'approved').isEnded).toBe(true)
  })
  test('does not take votes of an earlier round for its own', async () => {
    const play = await Play.of(drawn(false, quorum), {
      approvers: ['a', 'b'],
      quorum: 2,
      votes: [{ decision: 'approved' }, { decision: 'approved' }],
    })
    expect(vote(play, 'a', 'rejected', 'no').isEnded).toBe(false)
    vote(play, 'b', 'approved')
    expect(decisions(play)).toEqual(['rejected', 'approved'])
  })
})

describe('sequential with a veto', () => {
  test('one after the other; the first rejection ends it', async () => {
    const play = await Play.of(drawn(true, veto), { approvers: ['a', 'b', 'c'] })
    expect(asked(play)).toEqual(['a'])
    expect(asked(vote(play, 'a', 'approved'))).toEqual(['b'])
    expect(vote(play, 'b', 'rejected', 'no budget').isEnded).toBe(true)
    expect(decisions(play)).toEqual(['approved', 'rejected', null])
  })
  test('all approve: all were asked', async () => {
    const play = await Play.of(drawn(true, veto), { approvers: ['a', 'b'] })
    vote(play, 'a', 'approved')
    expect(vote(play, 'b', 'abstained').isEnded).toBe(true)
    expect(decisions(play)).toEqual(['approved', 'abstained'])
  })
})

test('either enough approve or one rejects: both in one condition', async () => {
  const play = await Play.of(drawn(false, `${quorum} or ${veto}`), { approvers: ['a', 'b', 'c'], quorum: 3 })
  vote(play, 'a', 'approved')
  expect(vote(play, 'c', 'rejected', 'no').isEnded).toBe(true)
})

test('a vote keeps to itself: comment and decision of one are not seen by the next, nor left on the process', async () => {
  const play = await Play.of(drawn(true, null), { approvers: ['a', 'b'] })
  vote(play, 'a', 'rejected', 'no budget')
  vote(play, 'b', 'approved')
  expect(play.variables.votes).toEqual([
    { approver: 'a', decision: 'rejected', comment: 'no budget' },
    { approver: 'b', decision: 'approved', comment: '' },
  ])
  expect(Object.keys(play.variables)).not.toContain('decision')
})

test('the subject of an approval may be an expression; the task carries what it says', async () => {
  const play = await Play.of(drawn(false, null, '=approvalSubject'), { approvers: ['a'], approvalSubject: 'manager' })
  expect(openTasks(play.state!)[0]?.attributes).toEqual({ approval: 'manager' })
})

test.each([
  ['votes[decision = "approved"]', true],
  ['votes[item.decision = "approved"]', true],
  ['votes[decision = "rejected"]', false],
])('a gateway after an early end reads %s past the votes that were not given', async (feel, isYes) => {
  const xml = drawn(false, quorum).replace(
    end,
    `<exclusiveGateway id="g" default="no"/><userTask id="yes"/><userTask id="nay"/><sequenceFlow id="y" sourceRef="g" targetRef="yes"><conditionExpression>=count(${feel.replaceAll('"', '&quot;')}) > 1</conditionExpression></sequenceFlow><sequenceFlow id="no" sourceRef="g" targetRef="nay"/>`,
  )
  const play = await Play.of(xml.replace('targetRef="end"', 'targetRef="g"'), { approvers: ['a', 'b', 'c', 'd'], quorum: 2 })
  vote(play, 'a', 'approved')
  vote(play, 'd', 'approved')
  expect([play.tasks, play.stalls]).toEqual([[isYes ? 'yes' : 'nay'], []])
})
