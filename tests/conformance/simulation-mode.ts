/** Cases of mode `simulation`: the drawing is completed by neutral values; tasks pass unless the case makes them wait. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { compileProcesses, readCollaboration } from '#engine/compile/index'
import type { Model } from '#engine/model'
import { type Case, Mismatch, type Outcome, Skip, type Step } from './cases.ts'
import { Simulation } from './simulation.ts'

export async function runSimulationCase(file: string, test: Case): Promise<Outcome> {
  try {
    const xml = readFileSync(join(dirname(file), test.file), 'utf8')
    const compiled = await compileProcesses(xml, { isSketch: true })
    if (!compiled.ok)
      throw new Mismatch(`refused: ${compiled.diagnostics.map(({ elementId, code }) => `${elementId}: ${code}`).join('; ')}`)
    const models: Record<string, Model> = Object.fromEntries(compiled.value.map((model) => [model.processId, model]))
    const simulation = new Simulation(models, await readCollaboration(xml))
    for (const step of test.steps) runStep(simulation, step)
    return { verdict: 'passed' }
  } catch (error) {
    if (error instanceof Skip) return { verdict: 'skipped', reason: error.message }
    return { verdict: 'failed', reason: error instanceof Mismatch ? error.message : `error: ${(error as Error).message}` }
  }
}

function runStep(simulation: Simulation, step: Step): void {
  const { gatewayChoice, activeOutgoing, waitAt, trigger, startProcess } = step
  if (typeof gatewayChoice === 'string') {
    const flows = Array.isArray(activeOutgoing) ? activeOutgoing : [activeOutgoing ?? step.flow ?? step.sequenceFlow]
    simulation.choose(gatewayChoice, flows.map(String))
  } else if (waitAt !== undefined) for (const id of [waitAt].flat()) simulation.waitAt(String(id))
  else if (trigger !== undefined) {
    if (!simulation.trigger(trigger)) throw new Mismatch(`${trigger} cannot be triggered; live ${JSON.stringify(simulation.liveScopes())}`)
  } else if (typeof startProcess === 'string') simulation.deliver(startProcess)
  else if (step.expectExited !== undefined || step.expectLiveScopes !== undefined) expect(simulation, step)
  else throw new Skip(`the step ${Object.keys(step).join(', ')} is not supported`)
}

function expect(simulation: Simulation, step: Step): void {
  const exited = simulation.takeExited()
  if (Array.isArray(step.expectExited)) {
    // Instances run side by side: the standard orders what happens within one, not between them.
    compare('exited', simulation.byProcess(step.expectExited as string[]), simulation.byProcess(exited))
  }
  if (Array.isArray(step.expectLiveScopes)) compare('live scopes', [...step.expectLiveScopes].sort(), simulation.liveScopes())
}

function compare(what: string, expected: unknown, found: unknown): void {
  if (JSON.stringify(expected) !== JSON.stringify(found))
    throw new Mismatch(`${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`)
}
