/** What a repeated activity, and what is inside it, reads of its own progress. */
import { expect, test } from 'vitest'
import { end, ext, flow, path, Play, process, start, user } from './play.ts'

const repeated = (count: string, sequential = false, stop = ''): string =>
  `<multiInstanceLoopCharacteristics isSequential="${sequential}"><loopCardinality>${count}</loopCardinality>${stop}</multiInstanceLoopCharacteristics>`

const mapped = `<zeebe:ioMapping><zeebe:input source="=string(loopCounter) + &quot; of &quot; + string(numberOfInstances)" target="place"/><zeebe:output source="=numberOfCompletedInstances" target="before"/></zeebe:ioMapping>`

test('mappings of an instance read its place, and how many there are and have completed', async () => {
  const play = await Play.of(
    process(`${start}<userTask id="t" name="t">${ext(mapped)}${repeated('3', true)}</userTask>${end}${path('start', 't', 'end')}`),
  )
  const places: unknown[] = []
  for (let turn = 0; turn < 3; turn++) {
    places.push(Object.values(play.state!.activations).find(({ isInner }) => isInner)?.variables?.place)
    play.complete('t')
    expect(play.variables.before).toBe(turn)
  }
  expect(places).toEqual(['1 of 3', '2 of 3', '3 of 3'])
  expect(play.isEnded).toBe(true)
})

test('a gateway inside a repeated sub-process reads the counters; those of a nested one are its own; outside there are none', async () => {
  const inside = `<startEvent id="i"/><exclusiveGateway id="x" default="d"/>${user('some')}${user('last')}${flow('i', 'x')}${flow('x', 'last', 'numberOfActiveInstances = 1')}${flow('x', 'some', undefined, 'd')}`
  const nested = `<subProcess id="o"><startEvent id="oi"/><subProcess id="s">${inside}${repeated('1')}</subProcess>${path('oi', 's')}${repeated('2')}</subProcess>`
  const play = await Play.of(
    process(
      `${start}${nested}<scriptTask id="after">${ext('<zeebe:script expression="=if is defined(numberOfInstances) then 1 else 0" resultVariable="seen"/>')}</scriptTask>${path('start', 'o', 'after')}`,
    ),
  )
  expect(play.tasks).toEqual(['last', 'last'])
  play.complete('last').complete('last')
  expect(play.variables.seen).toBe(0)
})

test('a job is not given the counters', async () => {
  const xml = process(
    `${start}<subProcess id="s"><startEvent id="i"/><serviceTask id="j">${ext('<zeebe:taskDefinition type="j"/>')}</serviceTask>${path('i', 'j')}${repeated('2')}</subProcess>${path('start', 's')}`,
  )
  const play = await Play.of(xml, { a: 1 })
  expect(play.effects).toMatchObject([{ input: { a: 1, loopCounter: 1 } }, { input: { a: 1, loopCounter: 2 } }])
  expect(play.effects[0]).not.toHaveProperty('input.numberOfInstances')
})

test('a standard loop counts too, tests before when asked, and ends at its maximum', async () => {
  const loop = (attributes: string, condition: string): string =>
    process(
      `${start}<userTask id="t" name="t">${ext('<zeebe:ioMapping><zeebe:input source="=loopCounter" target="turn"/></zeebe:ioMapping>')}<standardLoopCharacteristics ${attributes}><loopCondition>=${condition}</loopCondition></standardLoopCharacteristics></userTask>${end}${path('start', 't', 'end')}`,
    )
  expect((await Play.of(loop('testBefore="true"', 'false'))).isEnded).toBe(true)
  const once = await Play.of(loop('testBefore="false"', 'false'))
  expect(once.complete('t').isEnded).toBe(true)
  const capped = await Play.of(loop('loopMaximum="2"', 'true'))
  const turn = (): unknown => Object.values(capped.state!.activations).find(({ isInner }) => isInner)?.variables?.turn
  expect(turn()).toBe(1)
  expect([capped.complete('t') && turn(), capped.complete('t').isEnded]).toEqual([2, true])
})
