import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileProcess } from '#engine/compile/index'
import type { EngineFact, Variables } from '#engine/contract'
import { advance, type EngineState } from '#engine/index'
import type { Model, Program } from '#engine/model'
import { type Block, block, Drawing, Driver, playRandom } from './random-process.ts'

async function modelOf(xml: string): Promise<Model> {
  const compiled = await compileProcess(xml)
  if (!compiled.ok) throw new Error(`${JSON.stringify(compiled.diagnostics)} in ${xml}`)
  return compiled.value
}

async function programOf(shape: Block): Promise<{ program: Program; variables: Variables }> {
  const drawing = new Drawing('p')
  const process = await modelOf(drawing.process(shape))
  const called = await Promise.all(Object.values(drawing.called).map(modelOf))
  return {
    program: { process, called: Object.fromEntries(called.map((model) => [model.processId, model])), decisions: {} },
    variables: drawing.variables,
  }
}

/** Every scope counts exactly the children that live in it and the tokens parked at its joins. */
function checkTokens(state: EngineState): void {
  for (const scope of Object.values(state.activations)) {
    if (scope.live === undefined) continue
    const children = Object.values(state.activations).filter(({ parentKey }) => parentKey === scope.key).length
    const parked = Object.values(scope.joins ?? {}).reduce(
      (sum, flows) => sum + Object.values(flows).reduce((all, count) => all + count, 0),
      0,
    )
    if (!state.isEnded || scope.key !== state.rootKey)
      expect({ scope: scope.elementId, live: scope.live }).toEqual({ scope: scope.elementId, live: children + parked })
  }
  for (const wait of Object.values(state.waits)) {
    expect(state.activations[wait.ownerKey]?.waits).toContain(wait.waitId)
  }
}

const keysOf = (facts: EngineFact[], types: EngineFact['type'][], name: 'key' | 'waitId'): string[] =>
  facts
    .flatMap((fact) => (types.includes(fact.type) && name in fact ? [String((fact as unknown as Record<string, unknown>)[name])] : []))
    .sort()

/** What was begun has ended, once each. */
function checkBalance(facts: EngineFact[]): void {
  expect(keysOf(facts, ['elementCompleted', 'elementTerminated'], 'key')).toEqual(keysOf(facts, ['elementActivated'], 'key'))
  expect(keysOf(facts, ['taskCompleted', 'taskCanceled'], 'waitId')).toEqual(keysOf(facts, ['taskOpened'], 'waitId'))
  expect(keysOf(facts, ['timerFired', 'timerCanceled'], 'waitId')).toEqual(keysOf(facts, ['timerScheduled'], 'waitId'))
  expect(keysOf(facts, ['subscriptionClosed'], 'waitId')).toEqual(keysOf(facts, ['subscriptionOpened'], 'waitId'))
  expect(facts.filter(({ type }) => type === 'stalled')).toEqual([])
}

const picks = fc.array(fc.nat(50), { minLength: 1, maxLength: 30 })
const RUNS = Number(process.env.GUICHET_RANDOM_RUNS ?? 200)

test('random processes with every construct end, and lose or double no token, whatever is triggered in whichever order', async () => {
  await fc.assert(
    fc.asyncProperty(block, picks, async (shape, order) => {
      const { program, variables } = await programOf(shape)
      const played = playRandom(program, variables, order, new Driver(), (state) => {
        checkTokens(state)
        return state
      })
      expect(played.state.isEnded).toBe(true)
      expect(played.state.waits).toEqual({})
      expect(Object.keys(played.state.activations)).toEqual([played.state.rootKey])
      checkBalance(played.facts)
    }),
    { numRuns: RUNS },
  )
}, 120_000)

test('their state survives JSON at every step, and the same inputs give the same facts', async () => {
  await fc.assert(
    fc.asyncProperty(block, picks, async (shape, order) => {
      const { program, variables } = await programOf(shape)
      const direct = playRandom(program, variables, order, new Driver(), (state) => state)
      const copy = JSON.parse(JSON.stringify(program)) as Program
      const stored = playRandom(copy, variables, order, new Driver(), (state) => JSON.parse(JSON.stringify(state)) as EngineState)
      expect(stored).toEqual(direct)
    }),
    { numRuns: RUNS },
  )
}, 120_000)

test('a cancel at any moment leaves nothing behind', async () => {
  await fc.assert(
    fc.asyncProperty(block, picks, fc.nat(20), async (shape, order, moment) => {
      const { program, variables } = await programOf(shape)
      let turn = 0
      let at: EngineState | null = null
      playRandom(program, variables, order, new Driver(), (state) => {
        if (turn++ === moment) at = state
        return state
      })
      const state = at as EngineState | null
      if (state === null || state.isEnded) return
      const canceled = advance(program, state, { type: 'cancel', at: 0, reason: 'test' })
      if (!canceled.ok) throw new Error(canceled.refusal.message)
      expect(canceled.state.waits).toEqual({})
      expect(Object.keys(canceled.state.activations)).toEqual([canceled.state.rootKey])
    }),
    { numRuns: RUNS },
  )
}, 120_000)
