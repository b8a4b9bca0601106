import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileProcess } from '#engine/compile/index'
import type { EngineFact, Input } from '#engine/contract'
import { advance, type EngineState } from '#engine/index'
import type { Program } from '#engine/model'
import { EPOCH, flow, process } from './play.ts'

/** A block-structured process: its tasks, and how they are put together. */
type Block =
  | { kind: 'task' }
  | { kind: 'sequence' | 'and' | 'or' | 'sub'; parts: Block[] }
  | { kind: 'xor'; parts: Block[]; taken: number }
  | { kind: 'race'; task: Block }
  | { kind: 'many'; count: number }

const { block } = fc.letrec<{ block: Block }>((tie) => {
  const parts = fc.array(tie('block'), { minLength: 1, maxLength: 3 })
  return {
    block: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constant<Block>({ kind: 'task' }),
      fc.record({ kind: fc.constantFrom<'sequence' | 'and' | 'or' | 'sub'>('sequence', 'and', 'or', 'sub'), parts }),
      fc.record({ kind: fc.constant<'xor'>('xor'), parts, taken: fc.nat(2) }),
      fc.record({ kind: fc.constant<'race'>('race'), task: tie('block') }),
      fc.record({ kind: fc.constant<'many'>('many'), count: fc.integer({ min: 0, max: 4 }) }),
    ),
  }
})

/** Draws blocks as XML; each returns its entry and exit element. `expected`: how many task completions the block takes. */
class Drawing {
  private next = 0
  private id(prefix: string): string {
    return `${prefix}${++this.next}`
  }

  draw(shape: Block): { xml: string; first: string; last: string; expected: number } {
    if (shape.kind === 'task') {
      const id = this.id('t')
      return { xml: `<userTask id="${id}"/>`, first: id, last: id, expected: 1 }
    }
    if (shape.kind === 'many') {
      const id = this.id('m')
      return {
        xml: `<userTask id="${id}"><multiInstanceLoopCharacteristics><loopCardinality>${shape.count}</loopCardinality></multiInstanceLoopCharacteristics></userTask>`,
        first: id,
        last: id,
        expected: shape.count,
      }
    }
    if (shape.kind === 'race') {
      const inner = this.draw({ kind: 'sub', parts: [shape.task] })
      const timer = this.id('b')
      return {
        ...inner,
        xml: `${inner.xml}<boundaryEvent id="${timer}" attachedToRef="${inner.first}"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></boundaryEvent>`,
      }
    }
    const parts = shape.parts.map((part) => this.draw(part))
    const xml = parts.map((part) => part.xml).join('')
    const total = parts.reduce((sum, part) => sum + part.expected, 0)
    if (shape.kind === 'sequence') {
      const joints = parts
        .slice(1)
        .map((part, index) => flow(parts[index]!.last, part.first))
        .join('')
      return { xml: xml + joints, first: parts[0]!.first, last: parts.at(-1)!.last, expected: total }
    }
    if (shape.kind === 'sub') {
      const id = this.id('s')
      const begin = this.id('is')
      const joints = parts.map((part) => flow(begin, part.first)).join('')
      return { xml: `<subProcess id="${id}"><startEvent id="${begin}"/>${xml}${joints}</subProcess>`, first: id, last: id, expected: total }
    }
    return this.gateways(shape, parts, xml, total)
  }

  private gateways(
    shape: Exclude<Block, { kind: 'task' | 'many' | 'race' }>,
    parts: { first: string; last: string; expected: number }[],
    xml: string,
    total: number,
  ) {
    const type = { and: 'parallelGateway', or: 'inclusiveGateway', xor: 'exclusiveGateway' }[shape.kind as 'and' | 'or' | 'xor']
    const [split, join] = [this.id('g'), this.id('j')]
    const taken = shape.kind === 'xor' ? shape.taken % parts.length : -1
    const conditions = parts.map((_, index) =>
      shape.kind === 'and' ? undefined : shape.kind === 'or' ? 'true' : index === taken ? 'true' : 'false',
    )
    const joints = parts.map((part, index) => flow(split, part.first, conditions[index]) + flow(part.last, join)).join('')
    return {
      xml: `<${type} id="${split}"/><${type} id="${join}"/>${xml}${joints}`,
      first: split,
      last: join,
      expected: taken < 0 ? total : parts[taken]!.expected,
    }
  }
}

async function programOf(shape: Block): Promise<{ program: Program; expected: number }> {
  const drawn = new Drawing().draw(shape)
  const compiled = await compileProcess(
    process(`<startEvent id="start"/><endEvent id="end"/>${drawn.xml}${flow('start', drawn.first)}${flow(drawn.last, 'end')}`),
  )
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics))
  return { program: { process: compiled.value, called: {}, decisions: {} }, expected: drawn.expected }
}

/** Completes a task picked by `picks` until nothing waits. `pass` sees each state before it is used again. */
function play(
  program: Program,
  picks: number[],
  pass: (state: EngineState) => EngineState,
): { facts: EngineFact[]; isEnded: boolean; completions: number } {
  const facts: EngineFact[] = []
  let state: EngineState | null = null
  let input: Input = { type: 'start', at: EPOCH, variables: {} }
  for (let turn = 0; turn < 2_000; turn++) {
    const result = advance(program, state, input)
    if (!result.ok) throw new Error(JSON.stringify(result.refusal))
    facts.push(...result.facts)
    state = pass(result.state)
    const tasks = Object.values(state.waits).filter(({ kind }) => kind === 'task')
    if (state.isEnded || tasks.length === 0) break
    input = {
      type: 'completeTask',
      at: EPOCH + turn,
      waitId: tasks[(picks[turn % picks.length] ?? 0) % tasks.length]!.waitId,
      variables: {},
    }
  }
  return { facts, isEnded: state!.isEnded, completions: facts.filter(({ type }) => type === 'taskCompleted').length }
}

const picks = fc.array(fc.nat(50), { minLength: 1, maxLength: 20 })

test('every block-structured process ends, each task done exactly as often as drawn', async () => {
  await fc.assert(
    fc.asyncProperty(block, picks, async (shape, order) => {
      const { program, expected } = await programOf(shape)
      const { isEnded, completions, facts } = play(program, order, (state) => state)
      expect(isEnded).toBe(true)
      expect(completions).toBe(expected)
      const opened = facts.flatMap((fact) => (fact.type === 'elementActivated' ? [fact.key] : []))
      const closed = facts.flatMap((fact) => (fact.type === 'elementCompleted' || fact.type === 'elementTerminated' ? [fact.key] : []))
      expect([...closed].sort()).toEqual([...opened].sort())
      expect(facts.filter(({ type }) => type === 'timerScheduled')).toHaveLength(
        facts.filter(({ type }) => type === 'timerCanceled').length,
      )
    }),
    { numRuns: 60 },
  )
})

test('a state that goes through JSON at every step gives the same facts', async () => {
  await fc.assert(
    fc.asyncProperty(block, picks, async (shape, order) => {
      const { program } = await programOf(shape)
      const direct = play(program, order, (state) => state)
      const stored = play(
        JSON.parse(JSON.stringify(program)) as Program,
        order,
        (state) => JSON.parse(JSON.stringify(state)) as EngineState,
      )
      expect(stored).toEqual(direct)
    }),
    { numRuns: 60 },
  )
})

test('an interrupted process leaves nothing behind: cancel ends every activation, timer and task', async () => {
  await fc.assert(
    fc.asyncProperty(block, async (shape) => {
      const { program } = await programOf(shape)
      const begun = advance(program, null, { type: 'start', at: EPOCH, variables: {} })
      if (!begun.ok || begun.state.isEnded) return
      const canceled = advance(program, begun.state, { type: 'cancel', at: EPOCH, reason: 'test' })
      if (!canceled.ok) throw new Error(canceled.refusal.message)
      expect(canceled.state.waits).toEqual({})
      expect(Object.keys(canceled.state.activations)).toEqual([canceled.state.rootKey])
    }),
    { numRuns: 60 },
  )
})
