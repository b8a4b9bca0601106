import { describe, expect, test } from 'vitest'
import { end, EPOCH, ext, file, flow, job, path, Play, process, start, user } from './play.ts'

describe('tasks', () => {
  test('undefined and manual tasks pass, a user task waits with all that a person needs', async () => {
    const form = ext(
      `<zeebe:userTask/><zeebe:assignmentDefinition assignee="=owner" candidateGroups='=["n1", "n2"]' candidateUsers="a, b"/><zeebe:formDefinition formId="f1"/><zeebe:taskSchedule dueDate="=now() + duration(&quot;PT4H&quot;)"/>`,
    )
    const play = await Play.of(
      process(`${start}<task id="a"/><manualTask id="b"/>${user('c', form)}${end}${path('start', 'a', 'b', 'c', 'end')}`),
      { owner: 'alex' },
    )
    expect(play.facts.find(({ type }) => type === 'taskOpened')).toMatchObject({
      elementId: 'c',
      name: 'c',
      formId: 'f1',
      assignee: 'alex',
      candidateGroups: ['n1', 'n2'],
      candidateUsers: ['a', 'b'],
      dueAt: EPOCH + 4 * 3_600_000,
    })
    play.complete('c', { answer: 42 })
    expect(play.isEnded).toBe(true)
    expect(play.variables).toEqual({ owner: 'alex', answer: 42 })
    expect(play.completed).toEqual(['start', 'a', 'b', 'c', 'end', 'p'])
  })

  test('a task is assigned and released, and its fact says from whom to whom', async () => {
    const play = await Play.of(process(`${start}${user('t')}${end}${path('start', 't', 'end')}`))
    const waitId = Object.keys(play.state!.waits)[0]!
    play
      .send({ type: 'assignTask', at: play.at, waitId, assignee: 'alex' })
      .send({ type: 'assignTask', at: play.at, waitId, assignee: null })
    expect(play.facts.filter(({ type }) => type === 'taskAssigned')).toMatchObject([
      { from: null, to: 'alex' },
      { from: 'alex', to: null },
    ])
  })

  test('a service task asks for its job with mapped input and merges mapped output', async () => {
    const mapping =
      '<zeebe:ioMapping><zeebe:input source="=customer.name" target="to"/><zeebe:output source="=sent" target="mail.sent"/></zeebe:ioMapping><zeebe:taskHeaders><zeebe:header key="template" value="ack"/></zeebe:taskHeaders>'
    const play = await Play.of(process(`${start}${job('t', 'notify', mapping)}${end}${path('start', 't', 'end')}`), {
      customer: { name: 'Camille' },
    })
    expect(play.effects).toMatchObject([
      { type: 'runJob', jobType: 'notify', headers: { template: 'ack' }, input: { to: 'Camille' }, retries: 3, attempt: 1 },
    ])
    play.finishJob('t', { sent: true, noise: 1 })
    expect(play.variables).toEqual({ customer: { name: 'Camille' }, mail: { sent: true } })
  })

  test('without input mappings a job sees all variables; without output mappings its result is merged', async () => {
    const play = await Play.of(process(`${start}${job('t')}${end}${path('start', 't', 'end')}`), { x: 1 })
    expect(play.effects).toMatchObject([{ input: { x: 1 } }])
    expect(play.finishJob('t', { x: 2, y: 3 }).variables).toEqual({ x: 2, y: 3 })
  })

  test('a failed job stalls; retried, it runs again with the next attempt number', async () => {
    const play = await Play.of(process(`${start}${job('t')}${end}${path('start', 't', 'end')}`))
    expect(play.failJob('t').stalls).toEqual(['jobFailed@t'])
    play.retry('t', { mended: true })
    expect(play.effects).toMatchObject([{ type: 'runJob', attempt: 2, input: { mended: true } }])
    expect(play.finishJob('t').isEnded).toBe(true)
  })

  test('a script task writes the value of its FEEL', async () => {
    const script = `<scriptTask id="s">${ext('<zeebe:script expression="=sum(prices) * 2" resultVariable="total"/>')}</scriptTask>`
    expect((await Play.of(process(`${start}${script}${end}${path('start', 's', 'end')}`), { prices: [1, 2, 3] })).variables.total).toBe(12)
  })

  test('an unknown variable is a stall, never a silent null; mended, the token goes on', async () => {
    const script = `<scriptTask id="s">${ext('<zeebe:script expression="=missing + 1" resultVariable="total"/>')}</scriptTask>`
    const play = await Play.of(process(`${start}${script}${end}${path('start', 's', 'end')}`))
    expect(play.stalls).toEqual(['feel@s'])
    expect(play.retry('s', { missing: 1 }).variables.total).toBe(2)
    expect(play.has('stallResolved')).toBe(true)
  })

  test('a receive task takes its message by name and key, once', async () => {
    const roots = `<message id="m" name="reply">${ext('<zeebe:subscription correlationKey="=number"/>')}</message>`
    const play = await Play.of(process(`${start}<receiveTask id="r" messageRef="m"/>${end}${path('start', 'r', 'end')}`, roots), {
      number: 'INC-1',
    })
    expect(play.refused({ type: 'message', at: play.at, name: 'reply', correlationKey: 'INC-2', variables: {} }).code).toBe('notCorrelated')
    expect(play.refused({ type: 'message', at: play.at, name: 'reply', variables: {} }).code).toBe('notCorrelated')
    expect(play.message('reply', { text: 'hi' }, 'INC-1').variables.text).toBe('hi')
    expect(play.isEnded).toBe(true)
  })
})

describe('gateways', () => {
  const choice = `${start}<exclusiveGateway id="g" default="d"/>${user('a')}${user('b')}${user('c')}${flow('start', 'g')}${flow('g', 'a', 'x > 10')}${flow('g', 'b', 'x > 5')}<sequenceFlow id="d" sourceRef="g" targetRef="c"/>`
  test.each([
    [20, 'a'],
    [7, 'b'],
    [1, 'c'],
  ])('exclusive: x = %i goes to %s', async (x, task) => {
    expect((await Play.of(process(choice), { x })).tasks).toEqual([task])
  })

  test('exclusive: no branch true and no default is a stall at the gateway, resumed by retry', async () => {
    const play = await Play.of(
      process(
        `${start}<exclusiveGateway id="g"/>${user('a')}${user('b')}${flow('start', 'g')}${flow('g', 'a', 'x = 1')}${flow('g', 'b', 'x = 2')}`,
      ),
      { x: 3 },
    )
    expect(play.stalls).toEqual(['noBranch@g'])
    expect(play.retry('g', { x: 2 }).tasks).toEqual(['b'])
  })

  test('exclusive: a missing variable stalls instead of taking the default', async () => {
    expect((await Play.of(process(choice))).stalls).toEqual(['feel@g'])
  })

  test('parallel: the join consumes one token of each flow; surplus tokens stay', async () => {
    const body = `${start}<parallelGateway id="fork"/>${user('a')}${user('b')}${user('a2')}<exclusiveGateway id="merge"/><parallelGateway id="join"/>${user('z')}`
    const play = await Play.of(
      process(`${body}${path('start', 'fork', 'a', 'merge', 'join', 'z')}${path('fork', 'a2', 'merge')}${path('fork', 'b', 'join')}`),
    )
    play.complete('a').complete('a2')
    expect(play.tasks).toEqual(['b'])
    expect(play.complete('b').tasks).toEqual(['z'])
    expect(Object.values(play.state!.activations).find(({ joins }) => joins)?.joins).toEqual({ join: expect.anything() })
  })

  test('several incoming flows without a gateway pass one token each', async () => {
    const play = await Play.of(process(`${start}<task id="t"/>${end}${path('start', 't', 'end')}${path('start', 't')}`))
    expect(play.completed.filter((id) => id === 't')).toHaveLength(2)
    expect(play.isEnded).toBe(true)
  })

  const inclusive = `${start}<inclusiveGateway id="split" default="d"/>${user('a')}${user('b')}${user('c')}<inclusiveGateway id="join"/>${user('z')}
    ${flow('start', 'split')}${flow('split', 'a', 'x > 1')}${flow('split', 'b', 'x > 2')}<sequenceFlow id="d" sourceRef="split" targetRef="c"/>
    ${path('a', 'join', 'z')}${path('b', 'join')}${path('c', 'join')}`
  test('inclusive: every true branch; the join waits for those only', async () => {
    const play = await Play.of(process(inclusive), { x: 3 })
    expect(play.tasks).toEqual(['a', 'b'])
    expect(play.complete('a').tasks).toEqual(['b'])
    expect(play.complete('b').tasks).toEqual(['z'])
  })
  test('inclusive: the default alone, and its join fires at once', async () => {
    const play = await Play.of(process(inclusive), { x: 0 })
    expect(play.tasks).toEqual(['c'])
    expect(play.complete('c').tasks).toEqual(['z'])
  })
  test('inclusive: the join is looked at again when a token dies elsewhere', async () => {
    const body = `${start}<parallelGateway id="fork"/>${user('a')}${user('b')}<exclusiveGateway id="x" default="dead"/><inclusiveGateway id="join"/>${user('z')}${end}`
    const play = await Play.of(
      process(
        `${body}${path('start', 'fork', 'a', 'join', 'z')}${path('fork', 'b', 'x')}${flow('x', 'join', 'go')}<sequenceFlow id="dead" sourceRef="x" targetRef="end"/>`,
      ),
      { go: false },
    )
    expect(play.complete('a').tasks).toEqual(['b'])
    expect(play.complete('b').tasks).toEqual(['z'])
  })

  test('event-based: the first event wins, the others are closed', async () => {
    const body = `${start}<eventBasedGateway id="g"/><intermediateCatchEvent id="m"><messageEventDefinition messageRef="msg"/></intermediateCatchEvent><intermediateCatchEvent id="t"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent>${user('a')}${user('b')}`
    const xml = process(`${body}${path('start', 'g', 'm', 'a')}${path('g', 't', 'b')}`, '<message id="msg" name="reply"/>')
    const byMessage = (await Play.of(xml)).message('reply')
    expect(byMessage.tasks).toEqual(['a'])
    expect(byMessage.has('timerCanceled')).toBe(true)
    expect(byMessage.effects).toContainEqual(expect.objectContaining({ type: 'cancelTimer' }))
    const byTimer = (await Play.of(xml)).timer('t', 60)
    expect(byTimer.tasks).toEqual(['b'])
    expect(byTimer.refused({ type: 'message', at: byTimer.at, name: 'reply', variables: {} }).code).toBe('notCorrelated')
  })
})

describe('call activity', () => {
  const called = `<process id="child" isExecutable="true"><startEvent id="cs"/>${user('ct')}<endEvent id="ce"/>${path('cs', 'ct', 'ce')}</process>`
  const caller = (attributes: string, mapping = ''): string =>
    file(
      `<process id="p" isExecutable="true">${start}<callActivity id="call">${ext(`<zeebe:calledElement processId="child" ${attributes}/>${mapping}`)}</callActivity>${end}${path('start', 'call', 'end')}</process>${called}`,
    )

  test('the called process has variables of its own; all come back by default', async () => {
    const play = (await Play.of(caller(''), { x: 1 })).complete('ct', { y: 2 })
    expect(play.isEnded).toBe(true)
    expect(play.variables).toEqual({ x: 1, y: 2 })
  })
  test('mapped in and out, nothing else passes', async () => {
    const mapping =
      '<zeebe:ioMapping><zeebe:input source="=x + 1" target="inner"/><zeebe:output source="=inner * 10" target="result"/></zeebe:ioMapping>'
    const play = await Play.of(caller('propagateAllChildVariables="false" propagateAllParentVariables="false"', mapping), { x: 1 })
    play.complete('ct', { inner: 5, secret: true })
    expect(play.variables).toEqual({ x: 1, result: 50 })
  })
  test('cancelling the caller ends the called process', async () => {
    const play = (await Play.of(caller(''))).send({ type: 'cancel', at: EPOCH, reason: 'no longer needed' })
    expect(play.isEnded).toBe(true)
    expect(play.tasks).toEqual([])
    expect(play.facts.flatMap((fact) => (fact.type === 'elementTerminated' ? [fact.elementId] : []))).toEqual(['ct', 'child', 'call', 'p'])
  })
  test('a process that is not deployed is a stall', async () => {
    const play = await Play.of(
      process(
        `${start}<callActivity id="call">${ext('<zeebe:calledElement processId="nowhere"/>')}</callActivity>${end}${path('start', 'call', 'end')}`,
      ),
    )
    expect(play.stalls).toEqual(['unknownProcess@call'])
  })
})
