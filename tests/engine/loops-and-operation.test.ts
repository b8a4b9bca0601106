import { describe, expect, test } from 'vitest'
import { end, EPOCH, ext, flow, path, Play, process, start, user } from './play.ts'

const multi = (inner: string, isSequential = false, more = ''): string =>
  `<multiInstanceLoopCharacteristics isSequential="${isSequential}">${ext(`<zeebe:loopCharacteristics inputCollection="=people" inputElement="person" ${inner}/>`)}${more}</multiInstanceLoopCharacteristics>`
const approve = (isSequential: boolean, more = ''): string =>
  process(
    `${start}<userTask id="t">${ext('<zeebe:assignmentDefinition assignee="=person"/>')}${multi('outputCollection="votes" outputElement="=vote"', isSequential, more)}</userTask>${end}${path('start', 't', 'end')}`,
  )
const owners = (play: Play): (string | null)[] =>
  Object.values(play.state!.waits).flatMap((wait) => (wait.kind === 'task' ? [wait.assignee] : []))
const byOwner = (play: Play, owner: string, vote: string): Play => {
  const wait = Object.values(play.state!.waits).find((candidate) => candidate.kind === 'task' && candidate.assignee === owner)
  return play.send({ type: 'completeTask', at: play.at, waitId: wait!.waitId, variables: { vote } })
}

describe('multi-instance', () => {
  test('parallel: one instance for each item; outputs keep the order of the input', async () => {
    const play = await Play.of(approve(false), { people: ['a', 'b', 'c'] })
    expect(owners(play)).toEqual(['a', 'b', 'c'])
    byOwner(play, 'c', 'yes')
    byOwner(play, 'a', 'no')
    byOwner(play, 'b', 'yes')
    expect(play.isEnded).toBe(true)
    expect(play.variables.votes).toEqual(['no', 'yes', 'yes'])
  })
  test('sequential: the next only after the one before', async () => {
    const play = await Play.of(approve(true), { people: ['a', 'b'] })
    expect(owners(play)).toEqual(['a'])
    expect(owners(byOwner(play, 'a', 'yes'))).toEqual(['b'])
    expect(byOwner(play, 'b', 'no').variables.votes).toEqual(['yes', 'no'])
  })
  test('the completion condition ends the rest', async () => {
    const play = await Play.of(approve(false, '<completionCondition>=numberOfCompletedInstances = 2</completionCondition>'), {
      people: ['a', 'b', 'c'],
    })
    byOwner(play, 'a', 'yes')
    expect(byOwner(play, 'b', 'yes').isEnded).toBe(true)
    expect(play.variables.votes).toEqual(['yes', 'yes', null])
    expect(play.has('taskCanceled')).toBe(true)
  })
  test('an empty collection completes at once; what is no list stalls', async () => {
    expect((await Play.of(approve(false), { people: [] })).isEnded).toBe(true)
    expect((await Play.of(approve(false), { people: 'a' })).stalls).toEqual(['type@t'])
  })
  test('a boundary event belongs to the whole, once', async () => {
    const xml = process(
      `${start}<userTask id="t">${multi('')}</userTask><boundaryEvent id="b" attachedToRef="t"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>${user('late')}${end}${path('start', 't', 'end')}${path('b', 'late')}`,
    )
    const play = await Play.of(xml, { people: [1, 2, 3] })
    expect(play.effects.filter(({ type }) => type === 'startTimer')).toHaveLength(1)
    expect(play.timer('b', 60).tasks).toEqual(['late'])
  })
})

test('standard loop: repeats while its condition holds', async () => {
  const loop = '<standardLoopCharacteristics testBefore="false"><loopCondition>=again</loopCondition></standardLoopCharacteristics>'
  const play = await Play.of(process(`${start}<userTask id="t">${loop}</userTask>${end}${path('start', 't', 'end')}`))
  play.complete('t', { again: true })
  expect(play.tasks).toEqual(['t'])
  expect(play.complete('t', { again: false }).isEnded).toBe(true)
})

test('a loop without a wait is cut by the limit, and the token can be moved on', async () => {
  const play = await Play.of(
    process(
      `${start}<exclusiveGateway id="g"/><task id="t"/>${user('z')}${flow('start', 'g')}${path('g', 't')}${path('t', 'g')}`.replace(
        user('z'),
        '',
      ),
    ),
  )
  expect(play.stalls[0]).toMatch(/^stepLimit@/)
  expect(play.isEnded).toBe(false)
})

const doubled = `<scriptTask id="s"><extensionElements><zeebe:script expression="=text + text" resultVariable="twice"/></extensionElements></scriptTask>`

test('an inner step that makes too much stalls, loses nothing, and goes on when there is room', async () => {
  const play = await Play.of(process(`${start}${doubled}${user('t')}${end}${path('start', 's', 't', 'end')}`), {
    text: 'x'.repeat(900_000),
  })
  expect(play.stalls).toEqual(['variablesTooLarge@s'])
  play.retry('s', { text: 'ab' })
  // The value was made already: it waited for room, and is not made again.
  expect(play.tasks).toEqual(['t'])
  expect((play.variables.twice as string).length).toBe(1_800_000)
})

test('what a message brings is kept when there is no room for it', async () => {
  const wait = '<intermediateCatchEvent id="c"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>'
  const play = await Play.of(process(`${start}${wait}${user('t')}${path('start', 'c', 't')}`, '<message id="m" name="m"/>'), {
    first: 'x'.repeat(900_000),
  })
  play.send({ type: 'setVariables', at: EPOCH, variables: { second: 'x'.repeat(900_000) } })
  play.message('m', { third: 'x'.repeat(500_000) })
  expect(play.stalls).toEqual(['variablesTooLarge@c'])
  play.retry('c', { second: null })
  expect(play.tasks).toEqual(['t'])
  expect((play.variables.third as string).length).toBe(500_000)
})

describe('refusals leave the state as it was', () => {
  const one = process(`${start}${user('t')}${end}${path('start', 't', 'end')}`)
  test('a stale task completion', async () => {
    const play = await Play.of(one)
    const [waitId] = Object.keys(play.state!.waits)
    play.send({ type: 'setVariables', at: EPOCH, variables: { x: 1 } })
    expect(play.refused({ type: 'completeTask', at: EPOCH, waitId: 'e99', variables: {} }).code).toBe('unknownWait')
    expect(play.refused({ type: 'timerFired', at: EPOCH, waitId: waitId! }).code).toBe('wrongWaitKind')
    play.complete('t')
    expect(play.refused({ type: 'completeTask', at: EPOCH, waitId: waitId!, variables: {} }).code).toBe('instanceEnded')
  })
  test('too many variables at once: the largest is named', async () => {
    const play = await Play.of(one)
    const refusal = play.refused({ type: 'setVariables', at: EPOCH, variables: { small: 1, big: 'x'.repeat(1_000_001) } })
    expect(refusal).toMatchObject({ code: 'variablesTooLarge', message: expect.stringContaining('big has 1000003') })
  })
  test('too many variables by and by: what a person brings is refused, what is small can always be set', async () => {
    const play = await Play.of(one, { first: 'x'.repeat(900_000) })
    play.send({ type: 'setVariables', at: EPOCH, variables: { second: 'x'.repeat(900_000) } })
    const variables = { third: 'x'.repeat(300_000) }
    expect(play.refused({ type: 'setVariables', at: EPOCH, variables })).toMatchObject({ code: 'variablesTooLarge' })
    const [waitId] = Object.keys(play.state!.waits)
    const refusal = play.refused({ type: 'completeTask', at: EPOCH, waitId: waitId!, variables })
    expect(refusal.message).toMatch(/third has 300002.*attachments/)
    play.send({ type: 'setVariables', at: EPOCH, variables: { note: 'x'.repeat(10_000) } })
    play.send({ type: 'setVariables', at: EPOCH, variables: { second: null } })
    expect(play.complete('t', variables).isEnded).toBe(true)
    expect(play.state!.variablesSize).toBe(JSON.stringify(play.variables).length - 2 - 4 * Object.keys(play.variables).length + 1)
  })
  test('a state that was passed in is never written', async () => {
    const play = await Play.of(one)
    const before = play.state
    const copy = JSON.stringify(before)
    play.complete('t', { x: 1 })
    expect(JSON.stringify(before)).toBe(copy)
  })
})

describe('modification', () => {
  test('cancel here, start there, with variables', async () => {
    const play = await Play.of(process(`${start}${user('a')}${user('b')}${end}${path('start', 'a', 'b', 'end')}`))
    const { key } = Object.values(play.state!.activations).find(({ elementId }) => elementId === 'a')!
    play.send({ type: 'modify', at: EPOCH, cancel: [key], start: [{ elementId: 'b', variables: { moved: true } }] })
    expect(play.tasks).toEqual(['b'])
    expect(play.complete('b').variables).toEqual({ moved: true })
    expect(play.isEnded).toBe(true)
  })
  test('starting inside a sub-process opens it', async () => {
    const play = await Play.of(
      process(
        `${start}${user('a')}<subProcess id="s"><startEvent id="i"/>${user('b')}${path('i', 'b')}</subProcess>${user('z')}${path('start', 'a', 's', 'z')}`,
      ),
    )
    const { key } = Object.values(play.state!.activations).find(({ elementId }) => elementId === 'a')!
    play.send({ type: 'modify', at: EPOCH, cancel: [key], start: [{ elementId: 'b', variables: {} }] })
    expect(play.tasks).toEqual(['b'])
    expect(play.complete('b').tasks).toEqual(['z'])
  })
})

test('a sequential multi-instance of thousands of automatic steps runs in one go, without a deep stack', async () => {
  const xml = process(
    `${start}<scriptTask id="s">${ext('<zeebe:script expression="=n + 1" resultVariable="n"/>')}<multiInstanceLoopCharacteristics isSequential="true"><loopCardinality>8000</loopCardinality></multiInstanceLoopCharacteristics></scriptTask>${end}${path('start', 's', 'end')}`,
  )
  const play = await Play.of(xml, { n: 0 })
  expect(play.isEnded).toBe(true)
})

test('a called process that completes cancels the timers of its event sub-processes', async () => {
  const child = `<process id="child" isExecutable="true"><startEvent id="cs"/>${user('ct')}${path('cs', 'ct')}<subProcess id="esp" triggeredByEvent="true"><startEvent id="et"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></startEvent></subProcess></process>`
  const play = await Play.of(
    process(
      `${start}<callActivity id="call">${ext('<zeebe:calledElement processId="child"/>')}</callActivity>${end}${path('start', 'call', 'end')}`,
    ).replace('</definitions>', `${child}</definitions>`),
  )
  expect(play.complete('ct').isEnded).toBe(true)
  expect(play.effects).toContainEqual(expect.objectContaining({ type: 'cancelTimer' }))
})
