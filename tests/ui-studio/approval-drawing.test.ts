/** What the studio's guided fields write: read back as it was set, compiled by the engine, and decided as it says. */
import { BpmnModdle } from 'bpmn-moddle'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json' with { type: 'json' }
import { openTasks } from '#engine/index'
import { end, path, Play, process, start } from '../engine/play.ts'
import {
  approvalChecks,
  type ApprovalSettings,
  approvalWays,
  conditionOf,
  isBeyondList,
  listedApprovers,
  newApproval,
  readCondition,
} from '../../ui/editor/approval-drawing.ts'
import { readApproval, writeApproval } from '../../ui/editor/approval-writer.ts'
import guichet from '../../ui/editor/guichet-moddle.json' with { type: 'json' }

const settings = (part: Partial<ApprovalSettings> = {}): ApprovalSettings => ({ ...newApproval, ...part })

describe('the settings of an approval', () => {
  it('are read back from the condition that they become', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...approvalWays),
        fc.constantFrom('1', '2', 'quorum', 'round.quorum'),
        fc.boolean(),
        (way, quorum, hasVeto) => {
          const read = readCondition(conditionOf({ way, quorum, hasVeto }), way === 'inOrder')
          expect(read).toEqual({ way, hasVeto, quorum: way === 'quorum' ? quorum : newApproval.quorum })
        },
      ),
    ))
  it.each([
    [
      'the changes’ own drawing',
      '=count(votes[decision = "approved"]) >= quorum or count(votes[decision = "rejected"]) > 0',
      'quorum',
      true,
    ],
    ['a bare quorum', '=count(votes[item.decision = "approved"]) >= 2', '2', false],
  ])('are read from %s', (_, condition, quorum, hasVeto) =>
    expect(readCondition(condition, false)).toEqual({ way: 'quorum', quorum, hasVeto }),
  )
  it.each(['=count(votes) > 3', '=all(votes)', '=count(votes[decision = "approved"]) >= quorum and isUrgent'])(
    'are not made up where the author drew his own way: %s',
    (condition) => expect(readCondition(condition, false)).toBeNull(),
  )
  it.each([
    ['subject', ['cab', 'itemOwner', '=subject'], ['two words', '1st', '=', '']],
    ['quorum', ['1', '12', 'quorum', 'round.quorum'], ['0', '-1', '1.5', 'two votes', '=2']],
    ['approvers', ['=approvers', '=["a"]'], ['approvers', '=', '']],
  ] as const)('are checked at the field: %s', (name, good, bad) => {
    expect(good.filter((value) => !approvalChecks[name](value))).toEqual([])
    expect(bad.filter((value) => approvalChecks[name](value))).toEqual([])
  })
  it('tell a quorum beyond a list that is written out', () => {
    expect([listedApprovers('=["a", "b","a"]'), listedApprovers('=approvers')]).toEqual([2, null])
    expect([isBeyondList({ quorum: '3', approvers: '=["a","b"]' }), isBeyondList({ quorum: '2', approvers: '=["a","b"]' })]).toEqual([
      true,
      false,
    ])
    expect(isBeyondList({ quorum: '9', approvers: '=approvers' })).toBe(false)
  })
})

describe('the drawing', () => {
  const moddle = new BpmnModdle({ zeebe, guichet })
  const bare = process(`${start}<userTask id="t" name="Approve"/>${end}${path('start', 't', 'end')}`)
  /** Applies what the editor's command stack would. */
  const services = {
    bpmnFactory: { create: (type: string, properties: Record<string, unknown> = {}) => moddle.create(type as never, properties) },
    commandStack: {
      execute: (_: string, commands: { context: { moddleElement: ModdleElement; properties: Record<string, unknown> } }[]) => {
        for (const { context } of commands)
          for (const [name, value] of Object.entries(context.properties)) context.moddleElement.set(name, value)
      },
    },
  } as never
  async function draw(...steps: (ApprovalSettings | null)[]) {
    const { rootElement } = await moddle.fromXML(bare, 'bpmn:Definitions')
    const elements = (rootElement as never as { rootElements: { flowElements: ModdleElement[] }[] }).rootElements[0]!.flowElements
    const businessObject = elements.find(({ id }) => id === 't')!
    for (const one of steps) writeApproval(services, { businessObject } as never, one)
    return { xml: (await moddle.toXML(rootElement)).xml, read: readApproval(businessObject) }
  }
  const vote = (run: Play, approver: string, decision: string) =>
    run.send({
      type: 'completeTask',
      at: run.at,
      waitId: openTasks(run.state!).find(({ assignee }) => assignee === approver)!.waitId,
      variables: { decision, decisionComment: '' },
    })

  it.each(approvalWays.flatMap((way) => [false, true].map((hasVeto) => settings({ way, hasVeto, subject: 'cab', quorum: '2' }))))(
    'is what was set, and compiles: $way, veto $hasVeto',
    async (wanted) => {
      const { xml, read } = await draw(wanted)
      expect(read).toEqual({ ...wanted, quorum: wanted.way === 'quorum' ? '2' : newApproval.quorum, isOwn: false })
      const run = await Play.of(xml, { approvers: ['a', 'b', 'c'] })
      const [task] = openTasks(run.state!)
      expect([task?.attributes?.approval, task?.formId, openTasks(run.state!).length]).toEqual([
        'cab',
        'approval',
        wanted.way === 'inOrder' ? 1 : 3,
      ])
      vote(run, 'a', 'rejected')
      expect(run.isEnded).toBe(wanted.hasVeto)
      if (wanted.hasVeto) return
      vote(run, 'b', 'approved')
      expect(vote(run, 'c', 'approved').isEnded).toBe(true)
    },
  )
  it('of a second setting replaces the first, once', async () => {
    const { xml, read } = await draw(settings(), settings({ way: 'quorum', quorum: 'needed' }))
    expect(read).toMatchObject({ way: 'quorum', quorum: 'needed' })
    for (const once of ['zeebe:formDefinition', '<zeebe:ioMapping>', 'zeebe:assignmentDefinition', 'target="decision"'])
      expect(xml.split(once)).toHaveLength(2)
  })
  it('is gone when the task is an ordinary one again', async () => {
    const { xml, read } = await draw(settings(), null)
    expect([read, xml.includes('multiInstance'), xml.includes('guichet:approval')]).toEqual([null, false, false])
  })
})
