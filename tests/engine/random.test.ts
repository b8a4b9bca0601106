import fc from 'fast-check'
import { expect, test } from 'vitest'
import { advance, type EngineState } from '#engine/index'
import { migrate } from '#engine/migration/migrate'
import type { Program } from '#engine/model'
import { checkBalance, checkTokens, programOf } from './random-checks.ts'
import { Driver, playRandom } from './random-driver.ts'
import { beginning, block } from './random-process.ts'

const picks = fc.array(fc.nat(50), { minLength: 1, maxLength: 30 })
const RUNS = Number(process.env.GUICHET_RANDOM_RUNS ?? 200)

/** Looks at each state. */
const watched = (state: EngineState): EngineState => {
  checkTokens(state)
  return state
}

test('random processes with every construct end, and lose or double no token, whatever is triggered in whichever order', async () => {
  await fc.assert(
    fc.asyncProperty(block, beginning, picks, async (shape, begins, order) => {
      const { program, variables, start } = await programOf(shape, undefined, begins)
      const played = playRandom(program, variables, order, new Driver(), watched, undefined, null, start)
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
    fc.asyncProperty(block, beginning, picks, async (shape, begins, order) => {
      const { program, variables, start } = await programOf(shape, undefined, begins)
      const direct = playRandom(program, variables, order, new Driver(), (state) => state, undefined, null, start)
      const copy = JSON.parse(JSON.stringify(program)) as Program
      const stored = playRandom(
        copy,
        variables,
        order,
        new Driver(),
        (state) => JSON.parse(JSON.stringify(state)) as EngineState,
        undefined,
        null,
        start,
      )
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

/** Every element, those of called processes by their process's id too. */
function mappingOf({ process, called }: Program, rename: (id: string) => string): Record<string, string> {
  const own = Object.keys(process.elements).map((id) => [id, rename(id)])
  const theirs = Object.values(called).flatMap((model) => Object.keys(model.elements).map((id) => [`${model.processId}/${id}`, rename(id)]))
  return Object.fromEntries([...own, ...theirs])
}

const version = { fromHash: 'old', toHash: 'new', fromVersion: 1, toVersion: 2 }

test('a move to the same drawing at any moment changes nothing of what follows', async () => {
  await fc.assert(
    fc.asyncProperty(block, picks, fc.nat(12), async (shape, order, moment) => {
      const { program, variables } = await programOf(shape)
      const whole = playRandom(program, variables, order, new Driver(), (state) => state)
      let turn = 0
      const moved = playRandom(program, variables, order, new Driver(), (state) => {
        if (turn++ !== moment || state.isEnded) return state
        const result = migrate(program, state, JSON.parse(JSON.stringify(program)) as Program, {
          ...version,
          at: 0,
          mapping: mappingOf(program, (id) => id),
        })
        if (!result.ok) throw new Error(JSON.stringify(result.refusals))
        expect(result.effects).toEqual([])
        return result.state
      })
      expect(moved.facts).toEqual(whole.facts)
    }),
    { numRuns: RUNS },
  )
}, 120_000)

test('an instance goes on under new ids at any moment, and ends', async () => {
  const renamed = (xml: string): string => xml.replace(/\bp([tn]\d+)\b/g, 'r$1')
  await fc.assert(
    fc.asyncProperty(block, picks, fc.nat(12), async (shape, order, moment) => {
      const [{ program, variables }, next] = await Promise.all([programOf(shape), programOf(shape, renamed)])
      const mapping = mappingOf(program, renamed)
      const before = playRandom(program, variables, order, new Driver(), (state) => state, moment)
      if (before.state.isEnded) return
      const moved = migrate(program, before.state, next.program, { ...version, at: 0, mapping })
      if (!moved.ok) throw new Error(JSON.stringify(moved.refusals))
      checkTokens(moved.state)
      const after = playRandom(next.program, variables, order, new Driver(), watched, 3_000, moved.state)
      expect(after.state.isEnded).toBe(true)
      expect(after.state.waits).toEqual({})
      expect(after.facts.filter(({ type }) => type === 'stalled')).toEqual([])
    }),
    { numRuns: RUNS },
  )
}, 120_000)

test('a token that is moved by hand leaves the others countable: nothing is left that neither waits nor stands at a join', async () => {
  await fc.assert(
    fc.asyncProperty(block, picks, fc.nat(12), fc.nat(40), fc.nat(40), async (shape, order, moment, from, to) => {
      const { program, variables } = await programOf(shape)
      const before = playRandom(program, variables, order, new Driver(), (state) => state, moment)
      const live = Object.keys(before.state.activations).filter((key) => key !== before.state.rootKey)
      if (before.state.isEnded || live.length === 0) return
      const tasks = Object.values(program.process.elements).filter(
        ({ type, isForCompensation }) => type === 'userTask' && !isForCompensation,
      )
      const start = tasks.length === 0 ? [] : [{ elementId: tasks[to % tasks.length]!.id, variables: {} }]
      const result = advance(program, before.state, { type: 'modify', at: 0, cancel: [live[from % live.length]!], start })
      if (!result.ok) return
      checkTokens(result.state)
      if (result.state.isEnded) return
      const after = playRandom(program, variables, order, new Driver(), watched, 3_000, result.state)
      if (after.state.isEnded) expect(after.state.waits).toEqual({})
      else expect(Object.values(after.state.activations).some(({ joins }) => joins !== undefined)).toBe(true)
    }),
    { numRuns: RUNS },
  )
}, 120_000)
