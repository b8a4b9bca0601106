import { describe, expect, it } from 'vitest'
import { migrate, type MigrationRequest } from '#engine/migration/migrate'
import { type NodeMapping, proposeProgramMapping } from '#engine/migration/mapping'
import type { Variables } from '#engine/contract'
import { end, EPOCH, ext, flow, path, Play, process, start, user } from './play.ts'

const moreRequest = (mapping: NodeMapping): MigrationRequest => ({
  at: EPOCH,
  mapping,
  fromHash: 'old',
  toHash: 'new',
  fromVersion: 1,
  toVersion: 2,
})

/** The instance of `play`, going on in the process drawn by `xml`; each refusal as `code@element`. */
async function move(play: Play, xml: string, more: { mapping?: NodeMapping; retimes?: true } = {}): Promise<Play & { refusals: string[] }> {
  const next = await Play.compile(xml)
  const mapping = { ...proposeProgramMapping(play.program, next.program).mapping, ...more.mapping }
  const before = JSON.stringify(play.state)
  const moved = migrate(play.program, play.state!, next.program, {
    ...moreRequest(mapping),
    ...(more.retimes ? { retimesTimers: true } : {}),
  })
  expect(JSON.stringify(play.state)).toBe(before)
  next.at = play.at
  if (!moved.ok) return Object.assign(next, { refusals: moved.refusals.map(({ code, elementId }) => `${code}@${elementId}`) })
  // A state must survive its journey through JSON.
  next.state = JSON.parse(JSON.stringify(moved.state))
  next.effects = moved.effects
  next.facts.push(...moved.facts)
  return Object.assign(next, { refusals: [] })
}

const timer = (value: string, kind = 'timeDuration'): string => `<timerEventDefinition><${kind}>${value}</${kind}></timerEventDefinition>`
const catchTimer = (id: string, value: string): string => `<intermediateCatchEvent id="${id}">${timer(value)}</intermediateCatchEvent>`
const message = (id: string, name: string): string => `<message id="${id}" name="${name}"/>`
const boundary = (id: string, host: string, event: string, isInterrupting = true): string =>
  `<boundaryEvent id="${id}" attachedToRef="${host}" cancelActivity="${isInterrupting}">${event}</boundaryEvent>`
const run = async (xml: string, variables: Variables = {}): Promise<Play> => Play.of(xml, variables)
const waitAt = (play: Play, elementId: string) => Object.values(play.state!.waits).find((wait) => wait.elementId === elementId)

const one = process(start + user('a') + end + path('start', 'a', 'end'))

describe('a user task', () => {
  it('goes on in a version with a further step, keeping wait and assignee', async () => {
    const play = await run(one)
    const { waitId } = waitAt(play, 'a')!
    play.send({ type: 'assignTask', at: EPOCH, waitId, assignee: 'alex' })
    const next = await move(play, process(start + user('a') + user('b') + end + path('start', 'a', 'b', 'end')))
    expect(waitAt(next, 'a')).toMatchObject({ waitId, assignee: 'alex' })
    expect(next.complete('a').tasks).toEqual(['b'])
    expect(next.complete('b').isEnded).toBe(true)
  })
  it('follows its new id and name, and the fact says so', async () => {
    const renamed = process(`${start}<userTask id="z" name="Look closer"/>${end}${path('start', 'z', 'end')}`)
    const next = await move(await run(one), renamed)
    expect(next.tasks).toEqual(['z'])
    expect(next.facts[0]).toMatchObject({
      type: 'instanceMigrated',
      mapping: { a: 'z' },
      fromVersion: 1,
      toVersion: 2,
      tasks: [{ elementId: 'z', name: 'Look closer' }],
    })
    expect(next.complete('z').isEnded).toBe(true)
  })
  it.each<[string, string, NodeMapping, string]>([
    ['its element is gone', process(`${start}<manualTask id="m"/>${end}${path('start', 'm', 'end')}`), {}, 'notMapped@a'],
    ['its type changed', process(`${start}<manualTask id="m"/>${end}${path('start', 'm', 'end')}`), { a: 'm' }, 'typeChanged@a'],
    ['the mapping names nothing', one, { a: 'nowhere' }, 'unknownTarget@a'],
    [
      'it moved into a scope',
      process(
        `${start}<subProcess id="s"><startEvent id="i"/>${user('a')}${path('i', 'a')}</subProcess>${end}${path('start', 's', 'end')}`,
      ),
      {},
      'scopeChanged@a',
    ],
    [
      'it became repeated',
      process(
        `${start}<userTask id="a"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></userTask>${end}${path('start', 'a', 'end')}`,
      ),
      { a: 'a' },
      'loopChanged@a',
    ],
    [
      'the process is another',
      process(start + user('a') + end + path('start', 'a', 'end')).replace('id="p"', 'id="q"'),
      {},
      'otherProcess@p',
    ],
  ])('is refused when %s', async (_, xml, mapping, refusal) => {
    expect((await move(await run(one), xml, { mapping })).refusals).toEqual([refusal])
  })
  it('is refused after the end', async () => {
    expect((await move((await run(one)).complete('a'), one)).refusals).toEqual(['instanceEnded@p'])
  })
})

describe('a timer', () => {
  const drawn = (value: string): string => process(start + catchTimer('t', value) + end + path('start', 't', 'end'))
  it('keeps its instant though the drawing says another', async () => {
    const next = await move(await run(drawn('PT1H')), drawn('PT5H'))
    expect(waitAt(next, 't')).toMatchObject({ dueAt: EPOCH + 3_600_000 })
    expect(next.effects).toEqual([])
  })
  it('starts anew when asked, and only where the expression changed', async () => {
    const again = await move(await run(drawn('PT1H')), drawn('PT5H'), { retimes: true })
    expect(waitAt(again, 't')).toMatchObject({ dueAt: EPOCH + 5 * 3_600_000 })
    expect(again.effects.map(({ type }) => type)).toEqual(['cancelTimer', 'startTimer'])
    expect((await move(await run(drawn('PT1H')), drawn('PT1H'), { retimes: true })).effects).toEqual([])
  })
})

describe('a subscription', () => {
  const catches = (name: string): string =>
    process(
      `${start}<intermediateCatchEvent id="m"><messageEventDefinition messageRef="msg"/></intermediateCatchEvent>${end}${path('start', 'm', 'end')}`,
      message('msg', name),
    )
  it('is kept when its name is', async () => {
    const play = await run(catches('paid'))
    const next = await move(play, catches('paid'))
    expect(waitAt(next, 'm')).toEqual(waitAt(play, 'm'))
    expect(next.message('paid').isEnded).toBe(true)
  })
  it('is opened anew when its name changed', async () => {
    const next = await move(await run(catches('paid')), catches('settled'))
    expect(next.refused({ type: 'message', at: EPOCH, name: 'paid', variables: {} }).code).toBe('notCorrelated')
    expect(next.facts.map(({ type }) => type)).toEqual(['instanceMigrated', 'subscriptionClosed', 'subscriptionOpened'])
    expect(next.message('settled').isEnded).toBe(true)
  })
  it('to a condition is tested again when the condition changed', async () => {
    const until = (condition: string): string =>
      process(
        `${start}<intermediateCatchEvent id="c"><conditionalEventDefinition><condition>=${condition}</condition></conditionalEventDefinition></intermediateCatchEvent>${end}${path('start', 'c', 'end')}`,
      )
    const play = await run(until('n = 2'), { n: 1 })
    expect((await move(play, until('n = 2'))).isEnded).toBe(false)
    expect((await move(play, until('n = 1'))).isEnded).toBe(true)
  })
  it('of an event-based gateway follows the events that are drawn now', async () => {
    const races = (events: string, ids: string[]): string =>
      process(`${start}<eventBasedGateway id="g"/>${events}${end}${path('start', 'g')}${ids.map((id) => path('g', id, 'end')).join('')}`)
    const play = await run(races(catchTimer('t1', 'PT1H') + catchTimer('t2', 'PT2H'), ['t1', 't2']))
    const next = await move(play, races(catchTimer('t2', 'PT2H') + catchTimer('t3', 'PT3H'), ['t2', 't3']), { mapping: { t1: 'none' } })
    expect(Object.values(next.state!.waits).map(({ elementId }) => elementId)).toEqual(['t2', 't3'])
    expect(next.timer('t3', 180).isEnded).toBe(true)
  })
})

describe('a boundary event', () => {
  const guarded = (boundaries: string, ids: string[], host = user('a')): string =>
    process(start + host + boundaries + end + path('start', 'a', 'end') + ids.map((id) => path(id, 'end')).join(''))
  it('is attached again, added, or taken away', async () => {
    const play = await run(guarded(boundary('b', 'a', timer('PT1H')), ['b']))
    expect(waitAt(await move(play, guarded(boundary('b', 'a', timer('PT1H')), ['b'])), 'b')).toMatchObject({ dueAt: EPOCH + 3_600_000 })
    expect(Object.keys((await move(play, one)).state!.waits)).toHaveLength(1)
    const added = await move(await run(one), guarded(boundary('b', 'a', timer('PT2H')), ['b']))
    expect(added.timer('b', 120).isEnded).toBe(true)
  })
  it('that has fired is not armed a second time', async () => {
    const once = guarded(boundary('b', 'a', timer('PT1H'), false), ['b'])
    const play = (await run(once)).timer('b', 60)
    expect(waitAt(await move(play, once), 'b')).toBeUndefined()
  })
  it('stays with the body of a multi-instance, once', async () => {
    const many = (extra = ''): string =>
      guarded(
        boundary('b', 'a', timer('PT1H')) + extra,
        ['b'],
        `<userTask id="a"><multiInstanceLoopCharacteristics>${ext('<zeebe:loopCharacteristics inputCollection="=items" inputElement="item"/>')}</multiInstanceLoopCharacteristics></userTask>`,
      )
    const play = (await run(many(), { items: [1, 2, 3] })).complete('a')
    const next = await move(play, many(`<manualTask id="later"/>${path('b', 'later')}`))
    expect(next.tasks).toEqual(['a', 'a'])
    expect(Object.values(next.state!.waits).filter(({ elementId }) => elementId === 'b')).toHaveLength(1)
    expect((await move(play, many())).complete('a').complete('a').isEnded).toBe(true)
    expect(next.timer('b', 60).isEnded).toBe(true)
  })
})

describe('a scope', () => {
  const nested = (inner: string, name = 'a'): string =>
    process(
      `${start}<subProcess id="s"><startEvent id="i"/>${user(name)}<endEvent id="e"/>${path('i', name, 'e')}${inner}</subProcess>${end}${path('start', 's', 'end')}`,
    )
  const handler = (name: string): string =>
    `<subProcess id="h" triggeredByEvent="true"><startEvent id="hs" isInterrupting="true"><messageEventDefinition messageRef="msg"/></startEvent><endEvent id="he"/>${path('hs', 'he')}</subProcess>`.replace(
      'msg',
      name,
    )
  it('goes on with what is inside it', async () => {
    const next = await move(await run(nested('')), nested('', 'renamed'))
    expect(next.complete('renamed').isEnded).toBe(true)
  })
  it('gains the event sub-process that was drawn', async () => {
    const next = await move(await run(nested('')), nested(handler('msg')).replace('<process', `${message('msg', 'stop')}<process`))
    expect(next.message('stop').isEnded).toBe(true)
  })
  it('keeps the counts of its joins', async () => {
    const forked = (extra = ''): string =>
      process(
        `${start}<parallelGateway id="f"/><parallelGateway id="j"/>${user('a')}${user('b')}${extra}${end}${path('start', 'f', 'a')}${path('f', 'b')}${flow('a', 'j', undefined, 'aj')}${flow('b', 'j', undefined, 'bj')}${path('j', 'end')}`,
      )
    const play = (await run(forked())).complete('a')
    expect((await move(play, forked())).complete('b').isEnded).toBe(true)
    const lost = forked().replace(
      '<sequenceFlow id="aj" sourceRef="a" targetRef="j">',
      '<sequenceFlow id="aj" sourceRef="a" targetRef="end">',
    )
    expect((await move(play, lost)).refusals).toEqual(['flowMissing@j'])
  })
  it('fires a join that has all it needs now', async () => {
    const three = process(
      `${start}<parallelGateway id="f"/><parallelGateway id="j"/>${user('a')}${user('b')}${end}${path('start', 'f', 'a')}${path('f', 'b')}${flow('a', 'j', undefined, 'aj')}${flow('b', 'j', undefined, 'bj')}${path('j', 'end')}`,
    )
    const freed = three.replace(
      '<sequenceFlow id="bj" sourceRef="b" targetRef="j">',
      '<sequenceFlow id="bj" sourceRef="b" targetRef="end">',
    )
    const next = await move((await run(three)).complete('a'), freed)
    expect(next.completed).toContain('j')
    expect(next.complete('b').isEnded).toBe(true)
  })
  it('keeps what can be compensated, or is refused', async () => {
    const undoable = (hasHandler: boolean): string =>
      process(
        `${start}${user('book')}${hasHandler ? `${boundary('cb', 'book', '<compensateEventDefinition/>')}<userTask id="undo" isForCompensation="true"/><association id="as" associationDirection="One" sourceRef="cb" targetRef="undo"/>` : ''}${user('wait')}<endEvent id="end"><compensateEventDefinition/></endEvent>${path('start', 'book', 'wait', 'end')}`,
      )
    const play = (await run(undoable(true))).complete('book')
    const next = await move(play, undoable(true))
    expect(next.complete('wait').tasks).toEqual(['undo'])
    expect((await move(play, undoable(false))).refusals).toEqual(['compensationLost@book'])
  })
})

it('a stalled instance goes on after the drawing was mended', async () => {
  const decides = (fallback: string): string =>
    process(
      `${start}<exclusiveGateway id="x"${fallback}/>${end}${user('b')}${path('start', 'x')}${flow('x', 'end', 'n = 1', 'yes')}${flow('x', 'b', 'n = 2', 'no')}${path('b', 'end')}`,
    )
  const play = await run(decides(''), { n: 3 })
  expect(play.stalls).toEqual(['noBranch@x'])
  const mended = decides(' default="no"').replace('<conditionExpression>=n = 2</conditionExpression>', '')
  expect((await move(play, mended)).retry('x').tasks).toEqual(['b'])
})
