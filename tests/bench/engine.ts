/**
 * `node tests/bench/engine.ts`: token moves (elements entered) per second of the pure engine and of the npm package bpmn-engine, on the
 * same models in one run, taking turns; and what a step costs early and late in one long instance. One JSON line per figure.
 */
import { EventEmitter } from 'node:events'
import { Engine } from 'bpmn-engine'
import { compileProcess } from '#engine/compile/index'
import { advance, type EngineState } from '#engine/index'
import type { Program } from '#engine/model'

const BRANCHES = 10
const ROUNDS = 5
const OPEN =
  '<?xml version="1.0"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="bench"><process id="p" isExecutable="true">'
const CLOSE = '</process></definitions>'
const link = (from: string, to: string): string => `<sequenceFlow id="${from}_${to}" sourceRef="${from}" targetRef="${to}"/>`
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

/** Models without expressions, so that both engines do the same work. */
const MODELS: Record<string, string> = {
  sequence: `${OPEN}<startEvent id="s"/>${range(100)
    .map((n) => `<task id="t${n}"/>${link(n === 0 ? 's' : `t${n - 1}`, `t${n}`)}`)
    .join('')}<endEvent id="e"/>${link('t99', 'e')}${CLOSE}`,
  parallel: `${OPEN}<startEvent id="s"/><parallelGateway id="f"/><parallelGateway id="j"/><endEvent id="e"/>${link('s', 'f')}${link('j', 'e')}${range(
    BRANCHES,
  )
    .map((n) => `<task id="t${n}"/>${link('f', `t${n}`)}${link(`t${n}`, 'j')}`)
    .join('')}${CLOSE}`,
}

async function programOf(source: string): Promise<Program> {
  const compiled = await compileProcess(source)
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics))
  return { process: compiled.value, called: {}, decisions: {} }
}

/** Elements entered by one instance. */
function runOurs(program: Program): number {
  const result = advance(program, null, { type: 'start', at: 0, variables: {} })
  if (!result.ok || !result.state.isEnded) throw new Error('expected the instance to end')
  return result.facts.filter(({ type }) => type === 'elementActivated').length
}

async function runTheirs(source: string): Promise<void> {
  const engine = new Engine({ name: 'bench', source })
  const execution = await engine.execute({ listener: new EventEmitter() })
  if (execution.state !== 'idle') await execution.waitFor('end')
}

/** Milliseconds of `count` runs. */
async function time(count: number, work: () => unknown): Promise<number> {
  const from = performance.now()
  for (let index = 0; index < count; index++) await work()
  return performance.now() - from
}

async function compare(name: string, source: string): Promise<void> {
  const program = await programOf(source)
  const moves = runOurs(program)
  await time(200, () => runOurs(program))
  await time(5, () => runTheirs(source))
  let [ours, theirs, reading] = [0, 0, 0]
  for (let round = 0; round < ROUNDS; round++) {
    ours += await time(200, () => runOurs(program))
    theirs += await time(10, () => runTheirs(source))
    reading += await time(10, () => new Engine({ name: 'bench', source }).getDefinitions())
  }
  const oursPerSecond = Math.round((moves * 200 * ROUNDS * 1000) / ours)
  // The package takes a source and has no compiled form: what reading it alone costs is measured and taken off.
  const theirsPerSecond = Math.round((moves * 10 * ROUNDS * 1000) / (theirs - reading))
  print({
    bench: 'engine.tokenMovesPerSecond',
    model: name,
    ours: oursPerSecond,
    bpmnEngine: theirsPerSecond,
    bpmnEngineReadingMs: Math.round(reading),
    bpmnEngineAllMs: Math.round(theirs),
    ratio: oursPerSecond / theirsPerSecond,
  })
}

const LOOP = `${OPEN}<startEvent id="s"/><exclusiveGateway id="g"/><userTask id="u"/>${link('s', 'g')}${link('g', 'u')}${link('u', 'g')}${CLOSE}`

/** Microseconds of a step around the 10th and around the 10,000th of one instance. */
async function longLife(): Promise<void> {
  const program = await programOf(LOOP)
  life(program, 2_000)
  const costs = life(program, 10_000)
  const median = (from: number, to: number): number => costs.slice(from, to).sort((a, b) => a - b)[Math.floor((to - from) / 2)]!
  const [early, late] = [median(10, 510), median(9_500, 10_000)]
  print({ bench: 'engine.stepMicroseconds', early, late, ratio: late / early })
}

function life(program: Program, steps: number): number[] {
  let state: EngineState | null = null
  const costs: number[] = []
  for (let step = 0; step < steps; step++) {
    const waitId: string | undefined = state === null ? undefined : Object.keys(state.waits)[0]
    const from = performance.now()
    const result = advance(
      program,
      state,
      waitId === undefined ? { type: 'start', at: 0, variables: {} } : { type: 'completeTask', at: step, waitId, variables: {} },
    )
    costs.push((performance.now() - from) * 1000)
    if (!result.ok) throw new Error(result.refusal.message)
    state = result.state
  }
  return costs
}

const print = (figure: object): void => void process.stdout.write(`${JSON.stringify(figure)}\n`)

for (const [name, source] of Object.entries(MODELS)) await compare(name, source)
await longLife()
