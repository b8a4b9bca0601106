/** What must hold of every state, and of every whole story, of a random process. */
import { expect } from 'vitest'
import { compileProcess } from '#engine/compile/index'
import type { EngineFact, Variables } from '#engine/contract'
import type { EngineState } from '#engine/index'
import type { Model, Program } from '#engine/model'
import { type Beginning, type Block, Drawing } from './random-process.ts'

async function modelOf(xml: string): Promise<Model> {
  const compiled = await compileProcess(xml)
  if (!compiled.ok) throw new Error(`${JSON.stringify(compiled.diagnostics)} in ${xml}`)
  return compiled.value
}

/** `redraw` changes the XML of each process before it is compiled. */
export async function programOf(
  shape: Block,
  redraw = (xml: string): string => xml,
  begins: Beginning = 'none',
): Promise<{ program: Program; variables: Variables; start: Drawing['start'] }> {
  const drawing = new Drawing('p')
  const process = await modelOf(redraw(drawing.process(shape, begins)))
  const called = await Promise.all(Object.values(drawing.called).map((xml) => modelOf(redraw(xml))))
  return {
    program: { process, called: Object.fromEntries(called.map((model) => [model.processId, model])), decisions: {} },
    variables: drawing.variables,
    start: drawing.start,
  }
}

/** Every scope counts exactly the children that live in it and the tokens parked at its joins. */
export function checkTokens(state: EngineState): void {
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
export function checkBalance(facts: EngineFact[]): void {
  expect(keysOf(facts, ['elementCompleted', 'elementTerminated'], 'key')).toEqual(keysOf(facts, ['elementActivated'], 'key'))
  expect(keysOf(facts, ['taskCompleted', 'taskCanceled'], 'waitId')).toEqual(keysOf(facts, ['taskOpened'], 'waitId'))
  expect(keysOf(facts, ['timerFired', 'timerCanceled'], 'waitId')).toEqual(keysOf(facts, ['timerScheduled'], 'waitId'))
  expect(keysOf(facts, ['subscriptionClosed'], 'waitId')).toEqual(keysOf(facts, ['subscriptionOpened'], 'waitId'))
  expect(facts.filter(({ type }) => type === 'stalled')).toEqual([])
}
