import { expect, it } from 'vitest'
import { end, EPOCH, ext, path, Play, process, start, user } from './play.ts'

const boundary =
  '<boundaryEvent id="late" attachedToRef="s"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>'
const nested = process(
  `${start}${user('a')}<subProcess id="s">${ext('<zeebe:ioMapping><zeebe:input source="=total" target="local"/></zeebe:ioMapping>')}<startEvent id="i"/>${user('b')}${user('c')}${path('i', 'b', 'c')}</subProcess>${boundary}${end}${path('start', 'a', 's', 'end')}${path('late', 'end')}`,
)
const keyOf = (play: Play, elementId: string): string =>
  Object.values(play.state!.activations).find((each) => each.elementId === elementId)!.key

it('a token put into a sub-process opens it with its mappings and boundary events', async () => {
  const play = await Play.of(nested, { total: 7 })
  play.send({
    type: 'modify',
    at: EPOCH,
    cancel: [keyOf(play, 'a')],
    start: [{ elementId: 'c', variables: { local: 8, total: 9, fresh: true } }],
  })
  expect(play.tasks).toEqual(['c'])
  expect(play.variables).toEqual({ total: 9, fresh: true })
  expect(play.state!.activations[keyOf(play, 's')]!.variables).toEqual({ local: 8 })
  expect(play.timer('late', 60).isEnded).toBe(true)
})

it('a token started in the scope that is canceled starts in a new one', async () => {
  const play = (await Play.of(nested, { total: 7 })).complete('a')
  const before = keyOf(play, 's')
  play.send({ type: 'modify', at: EPOCH, cancel: [before], start: [{ elementId: 'c', variables: {} }] })
  expect(play.tasks).toEqual(['c'])
  expect(keyOf(play, 's')).not.toBe(before)
  expect(play.complete('c').isEnded).toBe(true)
})

it('a token cannot start in a repeated scope of which no instance runs', async () => {
  const repeated = nested.replace(
    '<startEvent id="i"/>',
    `<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics><startEvent id="i"/>`,
  )
  const play = await Play.of(repeated, { total: 7 })
  expect(play.refused({ type: 'modify', at: EPOCH, cancel: [], start: [{ elementId: 'c', variables: {} }] }).code).toBe('invalidInput')
})

const many = (isSequential: boolean): string =>
  process(
    `${start}<userTask id="m" name="m"><multiInstanceLoopCharacteristics isSequential="${isSequential}"><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></userTask>${user('next')}${path('start', 'm', 'next')}`,
  )
const ownerOfTask = (play: Play): string => Object.values(play.state!.waits)[0]!.ownerKey

it.each([true, false])('a canceled instance of a loop is left out, and the loop goes on (sequential: %s)', async (isSequential) => {
  const play = await Play.of(many(isSequential))
  play.send({ type: 'modify', at: EPOCH, cancel: [ownerOfTask(play)], start: [] })
  expect(play.tasks).toEqual(isSequential ? ['m'] : ['m', 'm'])
  play.complete('m').complete('m')
  expect(play.tasks).toEqual(['next'])
})

const undoing = (handler = ''): string =>
  process(
    `${start}${user('a')}<boundaryEvent id="cb" attachedToRef="a"><compensateEventDefinition/></boundaryEvent><userTask id="undo" name="undo" isForCompensation="true"/><association id="as" sourceRef="cb" targetRef="undo"/>${handler}<intermediateThrowEvent id="t"><compensateEventDefinition/></intermediateThrowEvent>${user('next')}${path('start', 'a', 't', 'next')}`,
  )

it('a canceled compensation handler is not waited for any more', async () => {
  const play = (await Play.of(undoing())).complete('a')
  expect(play.tasks).toEqual(['undo'])
  play.send({ type: 'modify', at: EPOCH, cancel: [keyOf(play, 'undo')], start: [] })
  expect(play.tasks).toEqual(['next'])
})

it('a compensation handler that its boundary event interrupts has ended for its thrower', async () => {
  const late = `<boundaryEvent id="late" attachedToRef="undo"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>${user('chase')}${path('late', 'chase')}`
  const play = (await Play.of(undoing(late))).complete('a')
  play.timer('late', 60)
  expect(play.tasks).toEqual(['chase', 'next'])
})
