/** Cases of mode `engine`: each step on the virtual world, each expectation compared. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { compileProcesses } from '#engine/compile/index'
import type { Variables } from '#engine/contract'
import type { Model } from '#engine/model'
import { type Case, Mismatch, type Outcome, Skip, type Step } from './cases.ts'
import { historyDifference } from './history.ts'
import { type Instance, World } from './world.ts'

export async function runEngineCase(folder: string, test: Case): Promise<Outcome> {
  try {
    const models = await loadModels(folder, test)
    const held = new Set(test.steps.flatMap((step) => [step.completeService, step.serviceError].filter((id) => typeof id === 'string')))
    const world = new World(models, held)
    test.steps.forEach((step, index) => {
      try {
        runStep(world, step, models)
      } catch (error) {
        if (error instanceof Mismatch) throw new Mismatch(`step ${index + 1} ${JSON.stringify(step)}: ${error.message}`)
        throw error
      }
    })
    const history = historyDifference(world, test)
    return history === null ? { verdict: 'passed' } : { verdict: 'passed', history }
  } catch (error) {
    if (error instanceof Skip) return { verdict: 'skipped', reason: error.message }
    return { verdict: 'failed', reason: error instanceof Mismatch ? error.message : `error: ${(error as Error).message}` }
  }
}

async function loadModels(folder: string, test: Case): Promise<Record<string, Model>> {
  const untranslated = Object.entries(test.expressions ?? {}).filter(([, feel]) => feel === null)
  const models: Record<string, Model> = {}
  for (const file of test.files ?? [test.file]) {
    const xml = readFileSync(join(dirname(folder), file), 'utf8')
    const compiled = await compileProcesses(xml, { dialect: { expressions: test.expressions ?? {} } })
    if (!compiled.ok) {
      const reason = compiled.diagnostics
        .filter(({ severity }) => severity === 'error')
        .map(({ elementId, code, message }) => `${elementId}: ${code} ${message}`)
        .join('; ')
      if (untranslated.length > 0) throw new Skip(`an expression has no FEEL translation: ${untranslated.map(([juel]) => juel).join(', ')}`)
      throw new Mismatch(`refused: ${reason}`)
    }
    for (const model of compiled.value) models[model.processId] = model
  }
  return models
}

function runStep(world: World, step: Step, models: Record<string, Model>): void {
  if (step.expectActive !== undefined || step.expectEnded !== undefined || step.expectJoinWaiting !== undefined) {
    expect(world, step)
    return
  }
  const saved = world.save()
  const isDone = act(world, step, models)
  const stalled = world.stalls()
  if (step.expectFailure) {
    if (isDone && stalled.length === 0) throw new Mismatch('expected a failure, found none')
    world.restore(saved)
  } else if (!isDone)
    throw new Mismatch(
      `expected it to apply, found it refused; active ${JSON.stringify(world.active())}${stalled.length > 0 ? `, stalled ${JSON.stringify(stalled[0])}` : ''}`,
    )
}

function expect(world: World, step: Step): void {
  const stalled = world.stalls().map(({ elementId, code, message }) => `${elementId} ${code} ${message}`)
  const note = stalled.length > 0 ? `; stalled: ${stalled.join(', ')}` : ''
  if (step.expectActive) compare('active', [...step.expectActive].sort(), world.active(), note)
  if (step.expectJoinWaiting) compare('waiting at joins', [...step.expectJoinWaiting].sort(), world.joinsWaiting(), note)
  if (step.expectEnded !== undefined && step.expectEnded !== (world.live().length === 0))
    throw new Mismatch(`expected ended ${step.expectEnded}, found ${!step.expectEnded}${note}`)
}

function compare(what: string, expected: string[], found: string[], note: string): void {
  if (JSON.stringify(expected) !== JSON.stringify(found))
    throw new Mismatch(`${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}${note}`)
}

type Act = (world: World, step: Step, models: Record<string, Model>) => boolean

const ACTS: Record<string, Act> = {
  start: (world, step) => world.start(step.start!, step.variables ?? {}),
  complete(world, step) {
    const found = waitOf(world, step.complete!, ['task', 'job', 'message'], step.loopCounter)
    return (
      found !== null &&
      world.send(found.instance, { type: 'completeTask', at: world.at, waitId: found.waitId, variables: step.variables ?? {} })
    )
  },
  trigger(world, step) {
    const found = waitOf(world, step.trigger!, ['message', 'signal', 'job', 'conditional'])
    if (!found) return false
    const { name } = found
    return world.send(found.instance, { type: 'message', at: world.at, name, waitId: found.waitId, variables: step.variables ?? {} })
  },
  message(world, step) {
    if (step.element === undefined || step.startOnly) return world.message(step.message!, step.variables ?? {})
    const found = waitOf(world, step.element, ['message'])
    if (!found) return world.message(step.message!, step.variables ?? {})
    return world.send(found.instance, {
      type: 'message',
      at: world.at,
      name: found.name,
      waitId: found.waitId,
      variables: step.variables ?? {},
    })
  },
  signal: (world, step) => world.signal(step.signal!, step.variables ?? {}),
  timer: (world, step) => world.fireTimer(step.timer!, step.advance ?? 'PT0S'),
  setVariables: (world, step) => setVariables(world, step.setVariables!, step.scopeOf, step.local === true),
  taskError(world, step) {
    const found = waitOf(world, step.taskError!, ['task'])
    return (
      found !== null &&
      world.send(found.instance, {
        type: 'taskError',
        at: world.at,
        waitId: found.waitId,
        errorCode: step.code ?? '',
        variables: step.variables ?? {},
      })
    )
  },
  taskEscalation(world, step) {
    const found = waitOf(world, step.taskEscalation!, ['task'])
    return (
      found !== null &&
      world.send(found.instance, {
        type: 'taskEscalation',
        at: world.at,
        waitId: found.waitId,
        escalationCode: step.code ?? '',
        variables: step.variables ?? {},
      })
    )
  },
  completeService(world, step) {
    const found = waitOf(world, step.completeService!, ['job'])
    return (
      found !== null &&
      world.send(found.instance, { type: 'jobCompleted', at: world.at, waitId: found.waitId, variables: step.variables ?? {} })
    )
  },
  serviceError(world, step) {
    const found = waitOf(world, step.serviceError!, ['job'])
    return (
      found !== null &&
      world.send(found.instance, { type: 'jobFailed', at: world.at, waitId: found.waitId, message: '', errorCode: step.code ?? '' })
    )
  },
  cancelInstance(world) {
    return world.live().every((instance) => world.send(instance, { type: 'cancel', at: world.at, reason: 'case' }))
  },
}

function act(world: World, step: Step, models: Record<string, Model>): boolean {
  const name = Object.keys(ACTS).find((candidate) => step[candidate] !== undefined)
  if (!name) throw new Skip(`the step ${Object.keys(step).join(', ')} is not supported`)
  return ACTS[name]!(world, step, models)
}

/** The wait of an element; `loopCounter` (0-based) picks one of a multi-instance. */
function waitOf(
  world: World,
  elementId: string,
  kinds: string[],
  loopCounter?: number,
): { instance: Instance; waitId: string; name: string } | null {
  for (const instance of world.live()) {
    for (const wait of Object.values(instance.state.waits)) {
      if (wait.elementId !== elementId || !kinds.includes(wait.kind)) continue
      if (loopCounter !== undefined && indexOf(instance, wait.ownerKey) !== loopCounter) continue
      return { instance, waitId: wait.waitId, name: 'name' in wait ? wait.name : '' }
    }
  }
  return loopCounter === undefined ? null : waitOf(world, elementId, kinds)
}

/** The nearest multi-instance index around an activation. */
function indexOf(instance: Instance, key: string): number | undefined {
  for (let at = instance.state.activations[key]; at; at = at.parentKey === null ? undefined : instance.state.activations[at.parentKey])
    if (at.index !== undefined) return at.index
  return undefined
}

function setVariables(world: World, variables: Variables, scopeOf: string | undefined, isLocal: boolean): boolean {
  for (const instance of world.live()) {
    if (scopeOf === undefined) return world.send(instance, { type: 'setVariables', at: world.at, variables })
    const owner = Object.values(instance.state.activations).find(({ elementId }) => elementId === scopeOf)
    if (!owner) continue
    const scopeKey = isLocal ? owner.key : (owner.parentKey ?? owner.key)
    return world.send(instance, {
      type: 'setVariables',
      at: world.at,
      variables,
      ...(isLocal ? { scopeKey } : scopeKey === instance.state.rootKey ? {} : { scopeKey: nearest(instance, scopeKey, variables) }),
    })
  }
  return false
}

/** Where a variable set from this scope lives: the nearest scope that has it, else the instance's own. */
function nearest(instance: Instance, from: string, variables: Variables): string {
  const [name] = Object.keys(variables)
  for (let at = instance.state.activations[from]; at; at = at.parentKey === null ? undefined : instance.state.activations[at.parentKey]) {
    if (name !== undefined && at.variables && Object.hasOwn(at.variables, name)) return at.key
  }
  return instance.state.rootKey
}
