/** Parallel multiple start events and parallel event-based gateways: one instance, begun by the first event, that waits for the others. */
import { describe, expect, test } from 'vitest'
import type { Input } from '#engine/contract'
import { file, flow, Play, process, refusals, user } from './play.ts'

const keyed = (name: string): string =>
  `<message id="${name}" name="${name}"><extensionElements><zeebe:subscription correlationKey="=order"/></extensionElements></message>`
const roots = `${keyed('m1')}${keyed('m2')}<message id="m3" name="m3"/><signal id="s1" name="s1"/>`
const message = (name: string): string => `<messageEventDefinition messageRef="${name}"/>`
const signal = '<signalEventDefinition signalRef="s1"/>'
const starting = (definitions: string, more = ''): string =>
  process(`<startEvent id="start" parallelMultiple="true">${definitions}</startEvent>${user('a')}${flow('start', 'a')}${more}`, roots)
const gateway = (attributes = 'eventGatewayType="Parallel"', before = ''): string =>
  process(
    `${before}<eventBasedGateway id="g" instantiate="true" ${attributes}/><intermediateCatchEvent id="c1">${message('m1')}</intermediateCatchEvent><intermediateCatchEvent id="c2">${message('m2')}</intermediateCatchEvent>${user('a')}${user('b')}${flow('g', 'c1')}${flow('g', 'c2')}${flow('c1', 'a')}${flow('c2', 'b')}`,
    roots,
  )
const begun = (
  startElementId: string,
  name: string,
  correlationKey: string | null = null,
  type: 'message' | 'signal' = 'message',
): Input => ({
  type: 'start',
  at: 0,
  variables: { from: name },
  startElementId,
  occurrence: { type, name, correlationKey },
})

describe('parallel multiple start event', () => {
  const xml = starting(message('m1') + message('m2') + signal)

  test('the process goes on when all of its triggers have come, whichever came first', async () => {
    for (const order of [
      ['m1', 's1', 'm2'],
      ['s1', 'm2', 'm1'],
    ]) {
      const play = await Play.compile(xml)
      const [first, ...others] = order as [string, ...string[]]
      const isSignal = first === 's1'
      play.send(begun('start', first, isSignal ? null : 'K', isSignal ? 'signal' : 'message'))
      // A signal brings no key: it is read from the instance's variables, and missed where they lack it.
      expect(play.stalls).toEqual(isSignal ? ['feel@start'] : [])
      if (isSignal) play.retry('start', { order: 'K' })
      for (const [index, name] of others.entries()) {
        expect(play.tasks).toEqual([])
        if (name === 's1') play.send({ type: 'signal', at: 0, name, variables: {} })
        else play.message(name, { [`brought${index}`]: true }, 'K')
      }
      expect(play.tasks).toEqual(['a'])
      expect(play.variables).toMatchObject({ from: first })
    }
  }, 20_000)

  test('the others are awaited under the key of the first; without one, under their own', async () => {
    const play = await Play.compile(xml)
    play.send(begun('start', 'm1', 'K7'))
    play.refused({ type: 'message', at: 0, name: 'm2', correlationKey: 'K8', variables: {} })
    play.refused({ type: 'message', at: 0, name: 'm1', correlationKey: 'K7', variables: {} })
    play.message('m2', {}, 'K7').send({ type: 'signal', at: 0, name: 's1', variables: {} })
    expect(play.tasks).toEqual(['a'])
    const unkeyed = await Play.compile(xml)
    unkeyed.send({ ...begun('start', 'm1'), variables: { order: 'K9' } } as Input)
    unkeyed.message('m2', {}, 'K9')
    expect(unkeyed.tasks).toEqual([])
  })

  test('started by hand it waits for nothing; started by what it does not name it is refused', async () => {
    const play = await Play.compile(xml)
    play.send({ type: 'start', at: 0, variables: {}, startElementId: 'start' })
    expect(play.tasks).toEqual(['a'])
    const other = await Play.compile(xml)
    expect(other.refused(begun('start', 'm9'))).toMatchObject({ code: 'invalidInput', elementId: 'start' })
  })

  test('each trigger is told apart, as one group', async () => {
    const play = await Play.compile(xml)
    expect(play.program.process.startTriggers.map(({ elementId, groupId, event }) => [elementId, groupId, event.type])).toEqual([
      ['start', 'start', 'message'],
      ['start', 'start', 'message'],
      ['start', 'start', 'signal'],
    ])
  })

  test.each([
    ['<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>', 'unsupportedMultiple'],
    [message('m1'), 'duplicateCatch'],
  ])('with %s beside a message it is refused', async (definition, code) => {
    expect(await refusals(starting(message('m1') + definition))).toEqual([`${code}@start`])
  })

  test('an event sub-process is started by all, once each round when it does not interrupt', async () => {
    const play = await Play.of(
      process(
        `<startEvent id="start"/>${user('a')}${flow('start', 'a')}<subProcess id="e" triggeredByEvent="true"><startEvent id="es" isInterrupting="false" parallelMultiple="true">${message('m3')}${signal}</startEvent>${user('h')}${flow('es', 'h')}</subProcess>`,
        roots,
      ),
    )
    play.message('m3')
    expect(play.tasks).toEqual(['a'])
    play.send({ type: 'signal', at: 0, name: 's1', variables: {} })
    expect(play.tasks).toEqual(['a', 'h'])
    play.send({ type: 'signal', at: 0, name: 's1', variables: {} }).message('m3')
    expect(play.tasks).toEqual(['a', 'h', 'h'])
  })

  test('an interrupting one ends its scope when the last has come', async () => {
    const play = await Play.of(
      process(
        `<startEvent id="start"/>${user('a')}${flow('start', 'a')}<subProcess id="e" triggeredByEvent="true"><startEvent id="es" parallelMultiple="true">${message('m3')}${signal}</startEvent>${user('h')}${flow('es', 'h')}</subProcess>`,
        roots,
      ),
    )
    play.message('m3')
    expect(play.tasks).toEqual(['a'])
    play.send({ type: 'signal', at: 0, name: 's1', variables: {} })
    expect(play.tasks).toEqual(['h'])
  })
})

describe('parallel event-based gateway', () => {
  test('the first event creates the instance, which ends only after the others', async () => {
    const play = await Play.compile(gateway())
    play.send(begun('c2', 'm2', 'K'))
    expect(play.tasks).toEqual(['b'])
    expect(play.waiting).toEqual(['b', 'c1'])
    play.complete('b')
    expect(play.isEnded).toBe(false)
    play.refused({ type: 'message', at: 0, name: 'm1', correlationKey: 'other', variables: {} })
    play.message('m1', {}, 'K').complete('a')
    expect(play.isEnded).toBe(true)
    expect(play.completed).toContain('g')
  })

  test('an exclusive one waits for no other', async () => {
    const play = await Play.compile(gateway(''))
    play.send(begun('c2', 'm2', 'K')).complete('b')
    expect(play.isEnded).toBe(true)
    expect(play.completed.slice(0, 2)).toEqual(['g', 'c2'])
  })

  test('after a none start event it waits for all of its events', async () => {
    const play = await Play.of(gateway('eventGatewayType="Parallel"', `<startEvent id="s"/>${flow('s', 'g')}`), { order: 'K' })
    expect(play.waiting).toEqual(['c1', 'c2'])
    play.message('m2', {}, 'K').message('m1', {}, 'K')
    expect(play.tasks).toEqual(['a', 'b'])
  })

  test('it begins an instance, or it is refused; nothing but a none start event may come before', async () => {
    expect(await refusals(gateway().replace('instantiate="true"', 'instantiate="false"'))).toContain('parallelEventGateway@g')
    expect(await refusals(gateway('', `${user('s')}${flow('s', 'g')}`))).toContain('incomingNotAllowed@g')
  })
})

test('a multiple event may follow an event-based gateway', async () => {
  const play = await Play.of(
    file(
      `${roots}<process id="p" isExecutable="true"><startEvent id="start"/><eventBasedGateway id="g"/><intermediateCatchEvent id="c1">${message('m3')}${signal}</intermediateCatchEvent><intermediateCatchEvent id="c2"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent>${user('a')}${user('b')}${flow('start', 'g')}${flow('g', 'c1')}${flow('g', 'c2')}${flow('c1', 'a')}${flow('c2', 'b')}</process>`,
    ),
  )
  play.send({ type: 'signal', at: 0, name: 's1', variables: {} })
  expect(play.tasks).toEqual(['a'])
  expect(Object.values(play.state!.waits)).toHaveLength(1)
})
