import { describe, expect, test } from 'vitest'
import { end, EPOCH, ext, path, Play, process, start, user } from './play.ts'

const timer = (kind: string, value: string): string =>
  `<timerEventDefinition><time${kind}>${value.replace(/</g, '&lt;')}</time${kind}></timerEventDefinition>`
const boundary = (id: string, host: string, definition: string, isInterrupting = true): string =>
  `<boundaryEvent id="${id}" attachedToRef="${host}" cancelActivity="${isInterrupting}">${definition}</boundaryEvent>`
const catching = (id: string, definition: string): string => `<intermediateCatchEvent id="${id}">${definition}</intermediateCatchEvent>`
const throwing = (id: string, definition: string): string => `<intermediateThrowEvent id="${id}">${definition}</intermediateThrowEvent>`
const ending = (id: string, definition: string): string => `<endEvent id="${id}">${definition}</endEvent>`
const sub = (id: string, body: string): string => `<subProcess id="${id}">${body}</subProcess>`
const eventSub = (id: string, startId: string, definition: string, body: string, isInterrupting = true): string =>
  `<subProcess id="${id}" triggeredByEvent="true"><startEvent id="${startId}" isInterrupting="${isInterrupting}">${definition}</startEvent>${body}</subProcess>`
const message = '<messageEventDefinition messageRef="m"/>'
const signal = '<signalEventDefinition signalRef="s"/>'
const error = (ref = 'e1'): string => `<errorEventDefinition${ref ? ` errorRef="${ref}"` : ''}/>`
const escalation = (ref = 'x1'): string => `<escalationEventDefinition${ref ? ` escalationRef="${ref}"` : ''}/>`
const condition = (feel: string): string =>
  `<conditionalEventDefinition><condition>=${feel.replace(/</g, '&lt;').replace(/>/g, '&gt;')}</condition></conditionalEventDefinition>`
const roots =
  '<message id="m" name="reply"/><signal id="s" name="alarm"/><error id="e1" errorCode="E1"/><error id="e2" errorCode="E2"/><escalation id="x1" escalationCode="X1"/>'
const model = (body: string): string => process(body, roots)

describe('timers', () => {
  test.each([
    ['Date', '2026-01-05T10:00:00Z', 2 * 3_600_000],
    ['Duration', 'PT30M', 1_800_000],
    ['Duration', '=duration("PT" + string(minutes) + "M")', 45 * 60_000],
    ['Date', '=now() + duration("P1D")', 24 * 3_600_000],
  ])('%s %s is due in %i ms', async (kind, value, ms) => {
    const play = await Play.of(model(`${start}${catching('t', timer(kind, value))}${end}${path('start', 't', 'end')}`), { minutes: 45 })
    expect(play.effects).toEqual([{ type: 'startTimer', waitId: expect.any(String), elementId: 't', dueAt: EPOCH + ms }])
    expect(play.timer('t', ms / 60_000).isEnded).toBe(true)
  })

  test('calendar days follow the zone of the process over a change of clocks', async () => {
    const xml = model(`${start}${catching('t', timer('Duration', 'P1D'))}${end}${path('start', 't', 'end')}`).replace(
      'isExecutable="true"',
      'isExecutable="true" guichet:timeZone="Europe/Paris"',
    )
    const play = await Play.compile(xml)
    play.send({ type: 'start', at: Date.UTC(2026, 2, 28, 12), variables: {} })
    expect(play.effects).toMatchObject([{ dueAt: Date.UTC(2026, 2, 29, 11) }])
  })

  test('a late timer says how late', async () => {
    const play = await Play.of(model(`${start}${catching('t', timer('Duration', 'PT1M'))}${end}${path('start', 't', 'end')}`))
    expect(play.timer('t', 3).facts.find(({ type }) => type === 'timerFired')).toMatchObject({ lateMs: 120_000 })
  })

  test('a non-interrupting cycle fires as often as it says and no more', async () => {
    const play = await Play.of(
      model(
        `${start}${user('t')}${boundary('b', 't', timer('Cycle', 'R2/PT10M'), false)}${user('r')}${end}${path('start', 't', 'end')}${path('b', 'r')}`,
      ),
    )
    play.timer('b', 10).timer('b', 10)
    expect(play.tasks).toEqual(['r', 'r', 't'])
    expect(Object.values(play.state!.waits).some(({ kind }) => kind === 'timer')).toBe(false)
  })

  test('a cron cycle is read in the zone of the process', async () => {
    const xml = model(
      `${start}${user('t')}${boundary('b', 't', timer('Cycle', '0 0 9 * * MON-FRI'), false)}${end}${path('start', 't', 'end')}${path('b', 'end')}`,
    )
    const play = await Play.of(xml.replace('isExecutable="true"', 'isExecutable="true" guichet:timeZone="Europe/Paris"'))
    expect(play.effects).toMatchObject([{ dueAt: Date.UTC(2026, 0, 6, 8) }])
  })
})

describe('boundary events', () => {
  test('interrupting: the task is cancelled, its other boundary events are closed', async () => {
    const play = await Play.of(
      model(
        `${start}${user('t')}${boundary('b', 't', timer('Duration', 'PT1H'))}${boundary('c', 't', message)}${user('r')}${end}${path('start', 't', 'end')}${path('b', 'r')}${path('c', 'end')}`,
      ),
    )
    play.timer('b', 60)
    expect(play.tasks).toEqual(['r'])
    expect(play.has('taskCanceled')).toBe(true)
    expect(Object.keys(play.state!.waits)).toHaveLength(1)
  })

  test('completing the host cancels its timer', async () => {
    const play = await Play.of(
      model(`${start}${user('t')}${boundary('b', 't', timer('Duration', 'PT1H'))}${end}${path('start', 't', 'end')}${path('b', 'end')}`),
    )
    expect(play.complete('t').effects).toEqual([{ type: 'cancelTimer', waitId: expect.any(String) }])
  })

  test('interrupting a sub-process cancels its whole inside', async () => {
    const inner = `<startEvent id="is"/><parallelGateway id="fork"/>${user('a')}${user('b')}${path('is', 'fork', 'a')}${path('fork', 'b')}`
    const play = await Play.of(
      model(`${start}${sub('sp', inner)}${boundary('b1', 'sp', message)}${user('r')}${end}${path('start', 'sp', 'end')}${path('b1', 'r')}`),
    )
    expect(play.message('reply', { why: 'late' }).tasks).toEqual(['r'])
    expect(play.variables.why).toBe('late')
    expect(play.complete('r').isEnded).toBe(true)
  })

  test('message, non-interrupting: may come many times', async () => {
    const play = await Play.of(
      model(`${start}${user('t')}${boundary('b', 't', message, false)}${user('r')}${end}${path('start', 't', 'end')}${path('b', 'r')}`),
    )
    expect(play.message('reply').message('reply').tasks).toEqual(['r', 'r', 't'])
  })

  test('a condition that becomes true interrupts', async () => {
    const play = await Play.of(
      model(
        `${start}${user('t')}${boundary('b', 't', condition('priority = "P1"'))}${user('r')}${end}${path('start', 't', 'end')}${path('b', 'r')}`,
      ),
    )
    play.send({ type: 'setVariables', at: play.at, variables: { priority: 'P2' } })
    expect(play.tasks).toEqual(['t'])
    expect(play.send({ type: 'setVariables', at: play.at, variables: { priority: 'P1' } }).tasks).toEqual(['r'])
  })
})

describe('errors', () => {
  const thrower = `<startEvent id="is"/>${ending('fail', error())}${path('is', 'fail')}`
  test('an error end event is caught by the precise code before the catch-all', async () => {
    const play = await Play.of(
      model(
        `${start}${sub('sp', thrower)}${boundary('any', 'sp', error(''))}${boundary('e1b', 'sp', error('e1'))}${user('a')}${user('b')}${end}${path('start', 'sp', 'end')}${path('any', 'a')}${path('e1b', 'b')}`,
      ),
    )
    expect(play.tasks).toEqual(['b'])
  })
  test('an error walks outward past scopes that do not catch it', async () => {
    const play = await Play.of(
      model(
        `${start}${sub('outer', `<startEvent id="os"/>${sub('inner', thrower)}${boundary('no', 'inner', error('e2'))}<endEvent id="oe"/>${path('os', 'inner', 'oe')}${path('no', 'oe')}`)}${boundary('yes', 'outer', error('e1'))}${user('a')}${end}${path('start', 'outer', 'end')}${path('yes', 'a')}`,
      ),
    )
    expect(play.tasks).toEqual(['a'])
    expect(play.facts.find(({ type }) => type === 'errorThrown')).toMatchObject({ code: 'E1', caughtBy: 'yes' })
  })
  test('an event sub-process catches before the boundary event of its scope', async () => {
    const handler = eventSub('esp', 'ess', error(), `${user('h')}${path('ess', 'h')}`)
    const play = await Play.of(
      model(
        `${start}${sub('sp', thrower + handler)}${boundary('b', 'sp', error())}${user('a')}${end}${path('start', 'sp', 'end')}${path('b', 'a')}`,
      ),
    )
    expect(play.tasks).toEqual(['h'])
    expect(play.complete('h').isEnded).toBe(true)
  })
  test('a handler does not catch what is thrown inside itself', async () => {
    const handler = eventSub('esp', 'ess', error(), `${ending('again', error())}${path('ess', 'again')}`)
    const play = await Play.of(
      model(
        `${start}${sub('sp', thrower + handler)}${boundary('b', 'sp', error())}${user('a')}${end}${path('start', 'sp', 'end')}${path('b', 'a')}`,
      ),
    )
    expect(play.tasks).toEqual(['a'])
  })
  test('uncaught: a stall at the thrower, and the instance lives on', async () => {
    const play = await Play.of(model(`${start}${ending('fail', error())}${path('start', 'fail')}`))
    expect(play.stalls).toEqual(['uncaughtError@fail'])
    expect(play.isEnded).toBe(false)
  })
  test('a job that fails with a code is an error of its task', async () => {
    const task = `<serviceTask id="j">${ext('<zeebe:taskDefinition type="j"/>')}</serviceTask>`
    const play = await Play.of(
      model(`${start}${task}${boundary('b', 'j', error())}${user('a')}${end}${path('start', 'j', 'end')}${path('b', 'a')}`),
    )
    expect(play.failJob('j', 'E1').tasks).toEqual(['a'])
  })
})

describe('escalations', () => {
  const thrower = `<startEvent id="is"/>${throwing('up', escalation())}${user('after')}${path('is', 'up', 'after')}`
  test('non-interrupting: the thrower goes on', async () => {
    const play = await Play.of(
      model(
        `${start}${sub('sp', thrower)}${boundary('b', 'sp', escalation(), false)}${user('a')}${end}${path('start', 'sp', 'end')}${path('b', 'a')}`,
      ),
    )
    expect(play.tasks).toEqual(['a', 'after'])
  })
  test('interrupting: the thrower is cancelled', async () => {
    const play = await Play.of(
      model(
        `${start}${sub('sp', thrower)}${boundary('b', 'sp', escalation())}${user('a')}${end}${path('start', 'sp', 'end')}${path('b', 'a')}`,
      ),
    )
    expect(play.tasks).toEqual(['a'])
  })
  test('uncaught: ignored', async () => {
    const play = await Play.of(model(`${start}${sub('sp', thrower)}${end}${path('start', 'sp', 'end')}`))
    expect(play.tasks).toEqual(['after'])
    expect(play.facts.find(({ type }) => type === 'escalationThrown')).toMatchObject({ caughtBy: null })
  })
  test('from outside (an SLA threshold) it is caught by the event sub-process of the process, each time', async () => {
    const handler = eventSub('esp', 'ess', escalation(), `${user('h')}${path('ess', 'h')}`, false)
    const play = await Play.of(model(`${start}${user('t')}${end}${path('start', 't', 'end')}${handler}`))
    const input = { type: 'escalation', at: play.at, code: 'X1', variables: { metric: 'resolution' } } as const
    expect(play.send(input).send(input).tasks).toEqual(['h', 'h', 't'])
    expect(play.complete('t').isEnded).toBe(false)
    expect(play.complete('h').complete('h').isEnded).toBe(true)
  })
})

describe('event sub-processes', () => {
  test('interrupting: everything else in the scope ends, the other starts close', async () => {
    const handlers =
      eventSub('e1p', 'e1s', message, `${user('h')}${path('e1s', 'h')}`) + eventSub('e2p', 'e2s', signal, `${user('g')}${path('e2s', 'g')}`)
    const play = await Play.of(
      model(`${start}<parallelGateway id="fork"/>${user('a')}${user('b')}${path('start', 'fork', 'a')}${path('fork', 'b')}${handlers}`),
    )
    expect(play.message('reply', { n: 1 }).tasks).toEqual(['h'])
    expect(play.refused({ type: 'signal', at: play.at, name: 'alarm', variables: {} }).code).toBe('notCorrelated')
    expect(play.complete('h').isEnded).toBe(true)
    expect(play.variables.n).toBe(1)
  })
  test('an interrupting start wins over the boundary event of its scope, which takes the next signal', async () => {
    const inner = `<startEvent id="is"/>${user('a')}${path('is', 'a')}${eventSub('esp', 'ess', signal, `${user('h')}${path('ess', 'h')}`)}`
    const play = await Play.of(
      model(`${start}${sub('sp', inner)}${boundary('b', 'sp', signal)}${user('z')}${end}${path('start', 'sp', 'end')}${path('b', 'z')}`),
    )
    const input = { type: 'signal', at: play.at, name: 'alarm', variables: {} } as const
    expect(play.send(input).tasks).toEqual(['h'])
    expect(play.send(input).tasks).toEqual(['z'])
  })
  test('its subscription ends with its scope', async () => {
    const inner = `<startEvent id="is"/>${user('a')}${path('is', 'a')}${eventSub('esp', 'ess', message, `${user('h')}${path('ess', 'h')}`, false)}`
    const play = await Play.of(model(`${start}${sub('sp', inner)}${user('z')}${path('start', 'sp', 'z')}`))
    expect(play.complete('a').tasks).toEqual(['z'])
    expect(play.refused({ type: 'message', at: play.at, name: 'reply', variables: {} }).code).toBe('notCorrelated')
  })
})

describe('ends, links, signals, messages', () => {
  test('terminate ends its own scope only', async () => {
    const inner = `<startEvent id="is"/><parallelGateway id="fork"/>${user('a')}${ending('stop', '<terminateEventDefinition/>')}${path('is', 'fork', 'a')}${path('fork', 'stop')}`
    const play = await Play.of(model(`${start}${sub('sp', inner)}${user('z')}${path('start', 'sp', 'z')}`))
    expect(play.tasks).toEqual(['z'])
  })
  test('a link goes on at its catching event', async () => {
    const link = '<linkEventDefinition name="L"/>'
    const play = await Play.of(
      model(`${start}${throwing('out', link)}${catching('in', link)}${user('z')}${path('start', 'out')}${path('in', 'z')}`),
    )
    expect(play.tasks).toEqual(['z'])
  })
  test('a signal reaches every catcher of its own instance, and the world', async () => {
    const play = await Play.of(
      model(
        `${start}<parallelGateway id="fork"/>${catching('c1', signal)}${catching('c2', signal)}${user('t')}${throwing('out', signal)}${user('a')}${user('b')}${path('start', 'fork', 'c1', 'a')}${path('fork', 'c2', 'b')}${path('fork', 't', 'out')}`,
      ),
    )
    play.complete('t')
    expect(play.tasks).toEqual(['a', 'b'])
    expect(play.effects).toContainEqual({ type: 'publishSignal', name: 'alarm', variables: {} })
  })
  test('a thrown message is published with its key', async () => {
    const keyed = `<message id="mk" name="update">${ext('<zeebe:subscription correlationKey="=number"/>')}</message>`
    const play = await Play.of(
      process(`${start}${throwing('out', '<messageEventDefinition messageRef="mk"/>')}${end}${path('start', 'out', 'end')}`, keyed),
      { number: 'INC-1' },
    )
    expect(play.effects).toMatchObject([{ type: 'publishMessage', name: 'update', correlationKey: 'INC-1', timeToLiveMs: 3_600_000 }])
  })
  test('a message start event begins at itself, with the variables of the message', async () => {
    const play = await Play.compile(
      model(`${start}${user('a')}${path('start', 'a')}<startEvent id="byMail">${message}</startEvent>${user('b')}${path('byMail', 'b')}`),
    )
    expect(play.program.process.startTriggers).toMatchObject([{ elementId: 'byMail', event: { type: 'message' } }])
    play.send({ type: 'start', at: EPOCH, variables: { from: 'camille' }, startElementId: 'byMail' })
    expect(play.tasks).toEqual(['b'])
  })
})

describe('compensation', () => {
  const handler = (id: string): string =>
    `<boundaryEvent id="c_${id}" attachedToRef="${id}"><compensateEventDefinition/></boundaryEvent><userTask id="undo_${id}" isForCompensation="true"/><association id="as_${id}" sourceRef="c_${id}" targetRef="undo_${id}"/>`
  test('handlers run in reverse order of completion, each once, and the thrower waits for all', async () => {
    const play = await Play.of(
      model(
        `${start}${user('a')}${user('b')}${user('open')}${handler('a')}${handler('b')}${throwing('undo', '<compensateEventDefinition/>')}${user('z')}${path('start', 'a', 'b', 'undo', 'z')}`.replace(
          user('open'),
          '',
        ),
      ),
    )
    play.complete('a').complete('b')
    expect(play.tasks).toEqual(['undo_b'])
    expect(play.complete('undo_b').tasks).toEqual(['undo_a'])
    expect(play.complete('undo_a').tasks).toEqual(['z'])
  })
  test('a cancel end event compensates its transaction and leaves by the cancel boundary event', async () => {
    const inner = `<startEvent id="is"/>${user('a')}${handler('a')}${ending('no', '<cancelEventDefinition/>')}${path('is', 'a', 'no')}`
    const play = await Play.of(
      model(
        `${start}<transaction id="tx">${inner}</transaction>${boundary('cb', 'tx', '<cancelEventDefinition/>')}${user('z')}${end}${path('start', 'tx', 'end')}${path('cb', 'z')}`,
      ),
    )
    expect(play.complete('a').tasks).toEqual(['undo_a'])
    expect(play.complete('undo_a').tasks).toEqual(['z'])
  })
})
