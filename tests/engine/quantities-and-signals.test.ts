import { expect, test } from 'vitest'
import { end, flow, path, Play, process, refusals, start, user } from './play.ts'

const three = `${start}<parallelGateway id="g"/>${user('a')}${user('b')}${user('c')}${path('start', 'g')}${path('g', 'a')}${path('g', 'b')}${path('g', 'c')}`

test('an activity with a start quantity waits for so many tokens, and takes no more', async () => {
  const play = await Play.of(
    process(`${three}<userTask id="d" name="d" startQuantity="2"/>${path('a', 'd')}${path('b', 'd')}${path('c', 'd')}`),
  )
  play.complete('a')
  expect(play.tasks).toEqual(['b', 'c'])
  play.complete('b')
  expect(play.tasks).toEqual(['c', 'd'])
  play.complete('c').complete('d')
  // The third token is kept: the instance waits for a fourth.
  expect(play.isEnded).toBe(false)
  expect(play.tasks).toEqual([])
})

test('an activity with a completion quantity sends on so many tokens', async () => {
  const play = await Play.of(
    process(`${start}<userTask id="a" name="a" completionQuantity="3"/>${user('b')}${end}${path('start', 'a', 'b', 'end')}`),
  )
  play.complete('a')
  expect(play.tasks).toEqual(['b', 'b', 'b'])
  play.complete('b').complete('b').complete('b')
  expect(play.isEnded).toBe(true)
})

test('a quantity of nothing is refused', async () => {
  expect(await refusals(process(`${start}<userTask id="a" startQuantity="0"/>${path('start', 'a')}`))).toEqual(['quantity@a'])
})

const signal = '<signalEventDefinition signalRef="sig"/>'
const declared = '<signal id="sig" name="ping"/>'

test('who throws a signal in passing goes on before those who catch it', async () => {
  const play = await Play.of(
    process(
      `${start}<parallelGateway id="g"/><intermediateCatchEvent id="c">${signal}</intermediateCatchEvent><task id="x"/><intermediateThrowEvent id="t">${signal}</intermediateThrowEvent><endEvent id="e1"/><endEvent id="e2"/>${path('start', 'g')}${path('g', 'c', 'e1')}${path('g', 'x', 't', 'e2')}`,
      declared,
    ),
  )
  expect(play.completed.filter((id) => /^[cte]/.test(id))).toEqual(['t', 'c', 'e2', 'e1'])
})

test('a thrower whose own scope the signal interrupts does not go on', async () => {
  const play = await Play.of(
    process(
      `${start}<subProcess id="s"><startEvent id="ss"/><intermediateThrowEvent id="t">${signal}</intermediateThrowEvent>${user('lost')}${path('ss', 't', 'lost')}</subProcess><boundaryEvent id="b" attachedToRef="s">${signal}</boundaryEvent>${user('next')}${path('start', 's')}${path('b', 'next')}`,
      declared,
    ),
  )
  expect(play.tasks).toEqual(['next'])
  expect(play.completed).not.toContain('t')
})

test('the last token of a scope may throw what its scope catches without interruption', async () => {
  const play = await Play.of(
    process(
      `${start}<subProcess id="s"><startEvent id="ss"/><endEvent id="t">${signal}</endEvent>${path('ss', 't')}<subProcess id="e" triggeredByEvent="true"><startEvent id="es" isInterrupting="false">${signal}</startEvent>${user('seen')}${flow('es', 'seen')}</subProcess></subProcess>${user('next')}${path('start', 's', 'next')}`,
      declared,
    ),
  )
  expect(play.tasks).toEqual(['seen'])
  expect(play.complete('seen').tasks).toEqual(['next'])
})
