import { expect, test } from 'vitest'
import { compileProcess } from '#engine/compile/index'
import { flow, Play, process, refusals, user } from './play.ts'

const message = (name: string): string => `<messageEventDefinition messageRef="${name}"/>`
const signal = (name: string): string => `<signalEventDefinition signalRef="${name}"/>`
const declared = '<message id="m1" name="m1"/><message id="m2" name="m2"/><signal id="s1" name="s1"/>'
const file = (inner: string): string => process(inner).replace('<process', `${declared}<process`)
const caught = (attributes = ''): string =>
  file(
    `<startEvent id="start"/><intermediateCatchEvent id="c" ${attributes}>${message('m1')}${signal('s1')}</intermediateCatchEvent><endEvent id="end"/>${flow('start', 'c')}${flow('c', 'end')}`,
  )

test('a multiple catch event goes on with the first of its triggers and drops the others', async () => {
  const play = await Play.of(caught())
  expect(Object.keys(play.state!.waits)).toHaveLength(2)
  play.message('m1', { a: 1 })
  expect(play.isEnded).toBe(true)
  expect(play.variables).toMatchObject({ a: 1 })
  expect(play.state!.waits).toEqual({})
})

test('a parallel multiple catch event waits for all, in any order, and keeps what each brought', async () => {
  const play = await Play.of(caught('parallelMultiple="true"'))
  play.send({ type: 'signal', at: play.at, name: 's1', variables: { b: 2 } })
  expect(play.isEnded).toBe(false)
  play.message('m1', { a: 1 })
  expect(play.isEnded).toBe(true)
  expect(play.variables).toMatchObject({ a: 1, b: 2 })
})

const guarded = (attributes: string): string =>
  file(
    `<startEvent id="start"/>${user('a')}<endEvent id="end"/><boundaryEvent id="b" attachedToRef="a" ${attributes}>${message('m1')}${message('m2')}</boundaryEvent>${user('late')}${flow('start', 'a')}${flow('a', 'end')}${flow('b', 'late')}`,
  )

test('an interrupting multiple boundary event interrupts once', async () => {
  const play = (await Play.of(guarded(''))).message('m2')
  expect(play.tasks).toEqual(['late'])
  play.refused({ type: 'message', at: play.at, name: 'm1', variables: {} })
})

test('a parallel multiple boundary event that does not interrupt waits for all anew', async () => {
  const play = (await Play.of(guarded('parallelMultiple="true" cancelActivity="false"'))).message('m1')
  expect(play.tasks).toEqual(['a'])
  play.message('m2').message('m2')
  expect(play.tasks).toEqual(['a', 'late'])
  play.message('m1')
  expect(play.tasks).toEqual(['a', 'late', 'late'])
})

test('a multiple throw event throws each result, in order', async () => {
  const play = await Play.of(
    file(`<startEvent id="start"/><endEvent id="end">${message('m1')}${signal('s1')}</endEvent>${flow('start', 'end')}`),
  )
  expect(play.effects.map(({ type }) => type)).toEqual(['publishMessage', 'publishSignal'])
  expect(play.isEnded).toBe(true)
})

test('a multiple start event starts by any of its triggers', async () => {
  const starting = (attributes: string): string => file(`<startEvent id="start" ${attributes}>${message('m1')}${signal('s1')}</startEvent>`)
  const compiled = await compileProcess(starting(''))
  expect(compiled.ok && compiled.value.startTriggers.map(({ event }) => event.type)).toEqual(['message', 'signal'])
})

test('an instantiating event-based gateway starts at the event that came', async () => {
  const play = await Play.compile(
    file(
      `<eventBasedGateway id="g" instantiate="true"/><intermediateCatchEvent id="c1">${message('m1')}</intermediateCatchEvent><intermediateCatchEvent id="c2">${message('m2')}</intermediateCatchEvent>${user('one')}${user('two')}${flow('g', 'c1')}${flow('g', 'c2')}${flow('c1', 'one')}${flow('c2', 'two')}`,
    ),
  )
  expect(play.program.process.startTriggers.map(({ elementId }) => elementId)).toEqual(['c1', 'c2'])
  play.send({ type: 'start', at: play.at, variables: { x: 1 }, startElementId: 'c2' })
  expect(play.tasks).toEqual(['two'])
  expect(play.variables).toMatchObject({ x: 1 })
})

test('an instantiating receive task is done by the message that started the instance', async () => {
  const play = await Play.compile(file(`<receiveTask id="r" messageRef="m1" instantiate="true"/>${user('a')}${flow('r', 'a')}`))
  play.send({ type: 'start', at: play.at, variables: {}, startElementId: 'r' })
  expect(play.tasks).toEqual(['a'])
  expect(play.completed).toEqual(['r'])
})

const undo = `<subProcess id="e" triggeredByEvent="true"><startEvent id="es"><compensateEventDefinition/></startEvent>${user('undo')}${flow('es', 'undo')}</subProcess>`

test('a compensation event sub-process undoes its completed sub-process, whose thrower waits for it', async () => {
  const play = await Play.of(
    file(
      `<startEvent id="start"/><subProcess id="s"><startEvent id="ss"/>${user('a')}${flow('ss', 'a')}${undo}</subProcess><intermediateThrowEvent id="t"><compensateEventDefinition activityRef="s"/></intermediateThrowEvent><endEvent id="end"/>${flow('start', 's')}${flow('s', 't')}${flow('t', 'end')}`,
    ),
  )
  expect(play.tasks).toEqual(['a'])
  play.complete('a')
  expect(play.tasks).toEqual(['undo'])
  expect(play.completed).not.toContain('t')
  play.complete('undo')
  expect(play.isEnded).toBe(true)
  expect(play.completed.slice(-3)).toEqual(['t', 'end', 'p'])
})

test('a compensation event sub-process of the process itself is refused', async () => {
  expect(await refusals(file(`<startEvent id="start"/>${user('a')}${flow('start', 'a')}${undo}`))).toEqual(['compensationStart@es'])
})

const adHoc = (attributes: string, condition = ''): string =>
  file(
    `<startEvent id="start"/><adHocSubProcess id="h" ${attributes}>${user('a')}${user('b')}${condition ? `<completionCondition>=${condition}</completionCondition>` : ''}</adHocSubProcess><endEvent id="end"/>${flow('start', 'h')}${flow('h', 'end')}`,
  )

test('a sequential ad-hoc sub-process runs one element after the other', async () => {
  const play = await Play.of(adHoc('ordering="Sequential"'))
  expect(play.tasks).toEqual(['a'])
  expect(play.complete('a').tasks).toEqual(['b'])
  expect(play.complete('b').isEnded).toBe(true)
})

test('the completion condition of an ad-hoc sub-process cancels what remains', async () => {
  const play = await Play.of(adHoc('', 'done'), { done: false })
  expect(play.tasks).toEqual(['a', 'b'])
  expect(play.complete('a', { done: true }).isEnded).toBe(true)
})

test('without cancelRemainingInstances the rest may complete', async () => {
  const play = await Play.of(adHoc('cancelRemainingInstances="false"', 'done'), { done: false })
  expect(play.complete('a', { done: true }).tasks).toEqual(['b'])
  expect(play.complete('b').isEnded).toBe(true)
})
