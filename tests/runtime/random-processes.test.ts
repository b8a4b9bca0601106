/** The random processes of tests/engine on a real Temporal server: a worker is replaced in mid-life, and the facts are those of the pure run. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EngineFact } from '#engine/contract'
import { startIntake } from '../../activities/intake-starter.ts'
import { composeBundle, deployDefinition } from '../../activities/store/definition/definitions.ts'
import { startProcess } from '../../activities/store/ticket/instances.ts'
import type { InstanceInput } from '../../workflows/protocol.ts'
import { Driver, type Played, playRandom } from '../engine/random-driver.ts'
import { type Block, block, Drawing, type Trigger } from '../engine/random-process.ts'
import { createDesk, type Desk, until } from './desk.ts'
import { sendInput } from './drive.ts'

const SEED = Number(process.env.GUICHET_RANDOM_SEED ?? 4711)
const COUNT = Number(process.env.GUICHET_RANDOM_COUNT ?? 6)

let desk: Desk

beforeAll(async () => {
  desk = await createDesk()
}, 120_000)
afterAll(() => desk.close())

interface Planned {
  id: string
  shape: Block
  variables: Drawing['variables']
  played: Played
}

/** A timer that competes with other events is never due here; where nothing but timers competes, messages do. */
const decidable = (shape: Block): Block =>
  JSON.parse(JSON.stringify(shape), (_name, value) =>
    value?.kind === 'choice' ? { ...value, by: value.by.map((by: Trigger) => (by === 'timer' ? 'message' : by)) } : value,
  ) as Block

/** Shapes that take a while, with a timer and a job, from one seed. */
function shapes(): { shape: Block; picks: number[] }[] {
  const sampled = fc.sample(fc.tuple(block, fc.array(fc.nat(50), { minLength: 10, maxLength: 30 })), { seed: SEED, numRuns: 2_000 })
  return sampled
    .map(([shape, picks]) => ({ shape: decidable(shape), picks }))
    .filter(({ shape }) => {
      const drawn = JSON.stringify(shape)
      const size = drawn.split('"kind"').length
      return size > 10 && size < 40 && drawn.includes('"kind":"service"') && /"kind":"wait","by":"timer"/.test(drawn)
    })
    .slice(0, COUNT)
}

async function plan({ shape, picks }: { shape: Block; picks: number[] }, index: number): Promise<Planned> {
  const id = `random${index}`
  const drawing = new Drawing(id, 'PT0.2S')
  const source = drawing.process(shape)
  for (const [called, xml] of [...Object.entries(drawing.called), [id, source] as const]) {
    const done = await deployDefinition(desk.db, { kind: 'process', id: called, source: xml, baseVersion: null, actorId: 'priya' })
    if (!done.ok) throw new Error(`expected ${called} to deploy, found ${JSON.stringify(done)}`)
  }
  const { bundle } = await composeBundle(desk.db, id)
  return {
    id,
    shape,
    variables: drawing.variables,
    played: playRandom(bundle, drawing.variables, picks, new Driver(['timer'], true), (state) => state),
  }
}

/** Every second one hands over to a new run every few events as well. */
async function begin({ id, variables }: Planned, index: number): Promise<string> {
  const { instanceId } = await startProcess(desk.db, { processId: id, startElementId: null, variables, startedById: 'priya' })
  const { input } = await desk.db.selectFrom('intake').select('input').where('ticketId', '=', instanceId).executeTakeFirstOrThrow()
  await startIntake(desk.db, desk.client, instanceId, {
    ...(input as unknown as InstanceInput),
    ...(index % 2 === 0 ? {} : { continueAfterEvents: 15 }),
  })
  return instanceId
}

const withoutTime = (fact: object): unknown =>
  Object.fromEntries(Object.entries(fact).filter(([name]) => !['at', 'dueAt', 'lateMs', 'messageId'].includes(name)))

async function told(instanceId: string): Promise<unknown[]> {
  const rows = await desk.db.selectFrom('fact').select('body').where('streamId', '=', instanceId).orderBy('sequence').execute()
  return rows.map(({ body }) => withoutTime(body as unknown as EngineFact))
}

/** Some inputs, in order. A timer fires by itself: it is waited for. */
async function drive({ id, played }: Planned, instanceId: string, from: number, to = played.inputs.length): Promise<void> {
  for (let at = from; at < to; at++) {
    const input = played.inputs[at]!
    if (input.type !== 'timerFired') await sendInput(desk, instanceId, input)
    await until(`${id} to be told of ${input.type} (${at})`, async () => (await told(instanceId)).length >= played.told[at]!)
  }
}

test('with real timers and jobs, a worker that is replaced in mid-life, and runs that hand over, the facts are those of the pure run', async () => {
  const plans = await Promise.all(shapes().map(plan))
  expect(plans.length).toBe(COUNT)
  const triggers = new Set(plans.flatMap(({ played }) => played.inputs.map(({ type }) => type)))
  for (const type of ['completeTask', 'timerFired', 'jobCompleted', 'message', 'signal', 'setVariables'])
    expect([...triggers]).toContain(type)
  const first = await desk.startWorker()
  const ids = await Promise.all(plans.map(begin))
  const half = ({ played }: Planned): number => Math.ceil(played.inputs.length / 2)
  await Promise.all(plans.map((each, index) => drive(each, ids[index]!, 1, half(each))))
  await first.stop()
  await desk.startWorker()
  await Promise.all(plans.map((each, index) => drive(each, ids[index]!, Math.max(1, half(each)))))
  for (const [index, { played }] of plans.entries()) {
    expect(played.state.isEnded).toBe(true)
    expect(await told(ids[index]!)).toEqual(played.facts.map(withoutTime))
  }
}, 120_000)
