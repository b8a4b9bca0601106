/** Quorums larger than the voters, wherever the drawing, its tables and the register tell before anything runs. */
import { beforeAll, describe, expect, it } from 'vitest'
import { checkItem } from '#domain/catalogue'
import { quorumDiagnostic, quorumProblems, type QuorumWorld } from '#domain/quorum'
import type { DecisionModel, Model } from '#engine/model'
import { CatalogueItem } from '#schema/catalogue-item'
import { compileDecision, compileProcess } from '../../workflows/engine/compile/index.ts'
import { end, ext, path, process, start } from '../engine/play.ts'
import { filesIn, sourceOf } from './shipped-bundle.ts'

const seeded = JSON.parse(sourceOf('seed/people.json')) as { id: string; groups: string[] }[]
const groups = (JSON.parse(sourceOf('seed/groups.json')) as { id: string }[]).map(({ id }) => id)
const members = new Map(groups.map((id) => [id, seeded.filter((one) => one.groups.includes(id)).map((one) => one.id)]))

let shipped: QuorumWorld
beforeAll(async () => {
  const processes = new Map<string, Model>()
  for (const file of filesIn('processes')) {
    const compiled = await compileProcess(sourceOf(`processes/${file}`))
    if (compiled.ok) processes.set(compiled.value.processId, compiled.value)
  }
  const decisions: Record<string, DecisionModel> = {}
  for (const file of filesIn('decisions')) {
    const compiled = await compileDecision(sourceOf(`decisions/${file}`))
    if (compiled.ok) for (const one of compiled.value) decisions[one.decisionId] = one
  }
  shipped = { processes, decisions, members }
})

const escaped = (feel: string) => feel.replaceAll('"', '&quot;').replaceAll('>', '&gt;')
const approval = (collection: string, condition: string, more = '') =>
  `<userTask id="t" guichet:approval="cab">${ext(`<zeebe:assignmentDefinition assignee="=approver"/>${more}`)}<multiInstanceLoopCharacteristics>${ext(`<zeebe:loopCharacteristics inputCollection="${escaped(collection)}" inputElement="approver" outputCollection="votes" outputElement="={decision: decision}"/>`)}<completionCondition>${escaped(condition)}</completionCondition></multiInstanceLoopCharacteristics></userTask>`
const job = (type: string, inputs: string, headers = '') =>
  `<serviceTask id="j">${ext(`<zeebe:taskDefinition type="${type}"/>${headers}${inputs && `<zeebe:ioMapping>${inputs}</zeebe:ioMapping>`}`)}</serviceTask>`
const input = (source: string, target: string) => `<zeebe:input source="${escaped(source)}" target="${target}"/>`
const script = (source: string, name: string, id = 's') =>
  `<scriptTask id="${id}">${ext(`<zeebe:script expression="${escaped(source)}" resultVariable="${name}"/>`)}</scriptTask>`
const drawn = (...steps: string[]) => {
  const ids = steps.map((step) => /id="(\w+)"/.exec(step)?.[1] as string)
  return process(`${start}${steps.join('')}${end}${path('start', ...ids, 'end')}`)
}
async function problems(xml: string, world: Partial<QuorumWorld> = {}) {
  const compiled = await compileProcess(xml)
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics))
  return quorumProblems(compiled.value, { processes: new Map(), decisions: {}, members: new Map(), ...world })
}
const said = async (xml: string, world: Partial<QuorumWorld> = {}) =>
  (await problems(xml, world)).map(
    ({ elementId, quorum, voters, groupId }) => `${elementId}: ${quorum} of ${voters} ${groupId ?? 'listed'}`,
  )
const quorum = (n: string) => `=count(votes[decision = "approved"]) >= ${n}`

describe('a drawn approval over a list', () => {
  it.each([
    ['a number beyond the list', ['=["a","b"]', quorum('3')], ['t: 3 of 2 listed']],
    ['"more than" counts one more', ['=["a","b"]', '=count(votes[decision = "approved"]) > 2'], ['t: 3 of 2 listed']],
    ['one person named twice is one voter', ['=["a","a"]', quorum('2')], ['t: 2 of 1 listed']],
    ['a quorum that is reached', ['=["a","b"]', quorum('2')], []],
    ['beside a veto', ['=["a"]', `${quorum('2')} or count(votes[decision = "rejected"]) > 0`], ['t: 2 of 1 listed']],
    ['votes that are rejected are no quorum', ['=["a"]', '=count(votes[decision = "rejected"]) >= 2'], []],
    ['a list that only a run knows', ['=asked', quorum('9')], []],
    ['a quorum that only a run knows', ['=["a"]', quorum('needed')], []],
  ] as [string, [string, string], string[]][])('%s', async (_, [collection, condition], expected) =>
    expect(await said(drawn(approval(collection, condition)))).toEqual(expected),
  )
  it('whose quorum and list a script has set', async () =>
    expect(await said(drawn(script('=["a","b"]', 'asked', 'q'), script('=3', 'needed'), approval('=asked', quorum('needed'))))).toEqual([
      't: 3 of 2 listed',
    ]))
  it('whose quorum its own input gives', async () =>
    expect(await said(drawn(approval('=["a"]', quorum('needed'), `<zeebe:ioMapping>${input('=2', 'needed')}</zeebe:ioMapping>`)))).toEqual([
      't: 2 of 1 listed',
    ]))
})

describe('a service task that names the approvers', () => {
  const world = {
    members: new Map([
      ['cab', ['a', 'b']],
      ['nobody', []],
    ]),
  }
  it.each([
    ['a list', job('approvers', input('=["a","b"]', 'ask') + input('=3', 'quorum')), ['j: 3 of 2 listed']],
    ['one person', job('approvers', input('marc', 'ask') + input('=2', 'quorum')), ['j: 2 of 1 listed']],
    ['a group', job('approvers', input('cab', 'askGroup') + input('=3', 'quorum')), ['j: 3 of 2 cab']],
    ['a group that is large enough', job('approvers', input('cab', 'askGroup') + input('=2', 'quorum')), []],
    ['a group without members, of whom one is needed', job('approvers', input('nobody', 'askGroup')), ['j: 1 of 0 nobody']],
    ['a group that the register does not have', job('approvers', input('board', 'askGroup') + input('=9', 'quorum')), []],
    [
      'headers',
      job(
        'findApprovers',
        '',
        '<zeebe:taskHeaders><zeebe:header key="group" value="cab"/><zeebe:header key="quorum" value="3"/></zeebe:taskHeaders>',
      ),
      ['j: 3 of 2 cab'],
    ],
  ])('by %s', async (_, step, expected) => expect(await said(drawn(step), world)).toEqual(expected))
})

describe('what is shipped', () => {
  it('can be approved by the people of the demonstration', () =>
    expect([...shipped.processes.values()].flatMap((model) => quorumProblems(model, shipped))).toEqual([]))
  it('cannot once the board has two members: the row of the table is named, with its decision', () => {
    const world = { ...shipped, members: new Map([...members, ['cab', ['mei', 'lucie']]]) }
    const found = quorumProblems(shipped.processes.get('change-normal')!, world)
    expect(found).toEqual([
      {
        elementId: 'findApprovers',
        processId: 'change-normal',
        quorum: 3,
        voters: 2,
        groupId: 'cab',
        row: { taskId: 'chooseApproval', decisionId: 'change-approval', ruleId: 'change-approval-very-high', number: 4 },
      },
    ])
    expect(quorumDiagnostic(found[0]!)).toMatchObject({
      severity: 'error',
      code: 'quorumBeyondGroup',
      message: expect.stringMatching(/3 approvals.*'cab' has 2.*'change-approval', row 4.*2 or fewer, or add members/),
      params: { quorum: '3', voters: '2', group: 'cab' },
    })
  })
  it('tells it at the call where a sub-process is given too small a group', () => {
    const world = { ...shipped, members: new Map([...members, ['managers', []]]) }
    expect(quorumProblems(shipped.processes.get('problem')!, world).map(({ elementId, groupId }) => `${elementId} ${groupId}`)).toContain(
      'acceptRisk managers',
    )
  })
})

describe('a catalogue item that asks a group', () => {
  const item = (more: number) =>
    CatalogueItem.parse({
      id: 'x',
      version: 1,
      name: { fr: 'X', en: 'X' },
      summary: { fr: 'X', en: 'X' },
      category: 'c',
      ownerId: 'a',
      deliveryDays: 1,
      fulfilment: { processId: 'p', groupId: 'g' },
      approvals: [{ subject: 'board', approvers: [{ group: 'cab' }, { person: 'a' }], quorum: more }],
    })
  const known = new Map([['cab', ['a', 'b']]])
  it('is refused when more voices are needed than there are people, each counted once', () =>
    expect(checkItem(item(3), known)).toMatchObject([{ elementId: 'approvals.0.quorum', code: 'quorumTooLarge', params: { known: '2' } }]))
  it('is taken when they are enough, or when the group is not known', () =>
    expect([checkItem(item(2), known), checkItem(item(3))]).toEqual([[], []]))
})
