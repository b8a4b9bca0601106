/** Continue-as-new at every step: the instance is taken apart and put together again, and tells the same story. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Bundle } from '#domain/bundle'
import { compileProcess } from '#engine/compile/index'
import type { Input } from '#engine/contract'
import type { Model } from '#engine/model'
import { type CarriedInstance, Instance } from '../../workflows/runtime/instance.ts'
import { Driver } from './random-driver.ts'
import { type Block, block, Drawing } from './random-process.ts'

const AT = Date.UTC(2026, 0, 5, 8)
const head = { ticketId: 'i', sequence: 0, bundleHash: 'h', processVersion: 1 }

async function bundleOf(shape: Block): Promise<{ bundle: Bundle; variables: Drawing['variables'] }> {
  const drawing = new Drawing('p')
  const model = async (xml: string): Promise<Model> => {
    const compiled = await compileProcess(xml)
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics))
    return compiled.value
  }
  const process = await model(drawing.process(shape))
  const called = Object.fromEntries(await Promise.all(Object.entries(drawing.called).map(async ([id, xml]) => [id, await model(xml)])))
  return { bundle: { process, called, decisions: {}, forms: {}, policies: [], calendars: {} }, variables: drawing.variables }
}

/** Plays to the end; `renew` stands between any two steps. */
function live(bundle: Bundle, variables: Drawing['variables'], picks: number[], renew: (instance: Instance) => Instance): unknown[] {
  const driver = new Driver(['timer'])
  const told: unknown[] = []
  let instance = new Instance(bundle, head)
  instance.open({ opening: null, openedAt: AT, start: { variables, elementId: null, startedById: 'x' } }, AT)
  for (let turn = 0; turn < 2_000; turn++) {
    told.push(...(instance.take()?.flush.facts ?? []))
    if (instance.isEnded) break
    instance = renew(instance)
    const input: Input | null = driver.next(instance.engine, picks[turn % picks.length] ?? 0, AT + turn)
    if (input) expect(instance.apply(input, 'x')).toBeNull()
    else if (instance.nextDueAt === null) break
    else instance.wake(instance.nextDueAt)
  }
  expect(instance.isEnded).toBe(true)
  return told
}

const renewed =
  (bundle: Bundle) =>
  (instance: Instance): Instance => {
    const carried = JSON.parse(JSON.stringify(instance.carry())) as CarriedInstance
    return new Instance(JSON.parse(JSON.stringify(bundle)) as Bundle, { ...head, sequence: instance.sequence }, carried)
  }

test('random processes that continue as new at every step give the same facts, in the same order, timers at the same instants', async () => {
  await fc.assert(
    fc.asyncProperty(block, fc.array(fc.nat(50), { minLength: 1, maxLength: 30 }), async (shape, picks) => {
      const { bundle, variables } = await bundleOf(shape)
      const whole = live(bundle, variables, picks, (instance) => instance)
      expect(live(bundle, variables, picks, renewed(bundle))).toEqual(whole)
    }),
    { numRuns: 100 },
  )
}, 120_000)
