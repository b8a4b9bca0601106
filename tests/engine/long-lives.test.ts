import { expect, test } from 'vitest'
import type { Input } from '#engine/contract'
import { advance, type EngineState } from '#engine/index'
import { flow, Play, process, user } from './play.ts'

const loop = (inner: string): string =>
  process(`<startEvent id="start"/><exclusiveGateway id="g"/>${inner}${flow('start', 'g')}${flow('g', 'a')}${flow('a', 'g')}`)

test('10,000 steps in one instance leave a state as small as after the tenth', async () => {
  const { program } = await Play.compile(loop(user('a')))
  let state: EngineState | null = null
  let size = 0
  for (let step = 0; step <= 10_000; step++) {
    const input: Input =
      state === null
        ? { type: 'start', at: 0, variables: {} }
        : { type: 'completeTask', at: step, waitId: Object.keys(state.waits)[0]!, variables: {} }
    const result = advance(program, state, input)
    if (!result.ok) throw new Error(result.refusal.message)
    state = result.state
    if (step === 10) size = JSON.stringify(state).length
  }
  expect(Object.keys(state!.activations)).toHaveLength(2)
  expect(JSON.stringify(state).length).toBeLessThan(size + 40)
})

test('a loop without a wait is cut by a stall that says so', async () => {
  const play = await Play.of(loop('<task id="a"/>'))
  expect(play.stalls).toHaveLength(1)
  expect(play.stalls[0]).toMatch(/^stepLimit@/)
})
