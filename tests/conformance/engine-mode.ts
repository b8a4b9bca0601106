/** Cases of mode `engine`: each step on the virtual world, each expectation compared. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { compileDecision, compileProcesses } from '#engine/compile/index'
import type { Variables } from '#engine/contract'
import type { DecisionModel, Model } from '#engine/model'
import { type Case, Mismatch, type Outcome, Skip, type Step } from './cases.ts'
import { historyDifference } from './history.ts'
import { type Instance, World } from './world.ts'

export async function runEngineCase(folder: string, test: Case): Promise<Outcome> {
  try {
    const models = await loadModels(folder, test)
    const held = new Set(test.steps.flatMap((step) => [step.completeService, step.serviceError].filter((id) => typeof id === 'string')))
    const world = new World(models, held, await loadDecisions(folder, test))
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
    if (file.endsWith('.dmn')) continue
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

async function loadDecisions(folder: string, test: Case): Promise<Record<string, DecisionModel>> {
  const decisions: Record<string, DecisionModel> = {}
  for (const file of (test.files ?? []).filter((name) => name.endsWith('.dmn'))) {
    const compiled = await compileDecision(readFileSync(join(dirname(folder), file), 'utf8'))
    if (!compiled.ok)
      throw new Mismatch(`refused: ${compiled.diagnostics.map(({ elementId, message }) => `${elementId}: ${message}`).join('; ')}`)
    for (const decision of compiled.value) decisions[decision.decisionId] = decision
  }
  return decisions
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
  start: (world, step) => world.start(step.start!, step.variables ?? {}, undefined, step.businessKey),
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
  message: (world, step) => correlate(world, step),
  signal(world, step) {
    if (step.element === undefined) return world.signal(step.signal!, step.variables ?? {})
    const found = waitOf(world, step.element, ['signal'])
    const variables = step.variables ?? {}
    return found !== null && world.send(found.instance, { type: 'signal', at: world.at, name: found.name, variables })
  },
  evaluateConditionalStart(world, step) {
    world.conditionalStarts(step.variables ?? {})
    return true
  },
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
  /** One more activity of an open ad-hoc sub-process begins; a sequential one takes one at a time. */
  adhocActivate(world, step) {
    const elementId = step.adhocActivate!
    const found = adHocOf(world, (scope) => world.elementOf(elementId)?.element.scopeId === scope)
    if (!found || (found.isSequential && found.isBusy)) return false
    const start = [{ elementId, variables: step.variables ?? {} }]
    return world.send(found.instance, { type: 'modify', at: world.at, cancel: [], start })
  },
  /** The token goes on; refused while something runs inside. */
  adhocComplete(world, step) {
    const found = adHocOf(world, (scope) => typeof step.adhocComplete !== 'string' || step.adhocComplete === scope)
    if (!found || found.isBusy) return false
    const start = found.next.map((elementId) => ({ elementId, variables: {} }))
    return world.send(found.instance, { type: 'modify', at: world.at, cancel: [found.key], start })
  },
  cancelInstance(world) {
    return world.live().every((instance) => world.send(instance, { type: 'cancel', at: world.at, reason: 'case' }))
  },
}

/** Applies a step. False: refused. */
export function act(world: World, step: Step, models: Record<string, Model>): boolean {
  const name = Object.keys(ACTS).find((candidate) => step[candidate] !== undefined)
  if (!name) throw new Skip(`the step ${Object.keys(step).join(', ')} is not supported`)
  return ACTS[name]!(world, step, models)
}

/** One subscription, unless `all`: several that match are refused, none starts an instance. */
function correlate(world: World, step: Step): boolean {
  const [name, variables] = [step.message!, step.variables ?? {}]
  if (step.startOnly) return world.messageStart(name, variables, step.businessKey)
  const found = world.live().flatMap((instance) =>
    Object.values(instance.state.waits)
      .filter((wait) => wait.kind === 'message' && wait.name === name)
      .filter((wait) => step.element === undefined || wait.elementId === step.element)
      .filter((wait) => isMatch(instance, wait.ownerKey, step))
      .map((wait) => ({ instance, waitId: wait.waitId })),
  )
  if (found.length > 1 && !step.all && step.element === undefined) return false
  const chosen = step.all ? found : found.slice(0, 1)
  let reached = false
  for (const { instance, waitId } of chosen)
    if (world.send(instance, { type: 'message', at: world.at, name, waitId, variables })) reached = true
  return reached || (step.element === undefined && world.messageStart(name, variables, step.businessKey))
}

/** Business key, variables of the instance and variables of the scope that waits, as far as the step names them. */
function isMatch(instance: Instance, ownerKey: string, step: Step): boolean {
  if (step.businessKey !== undefined && instance.businessKey !== step.businessKey) return false
  const { activations, rootKey } = instance.state
  const matches = (wanted: Variables | undefined, read: (name: string) => unknown): boolean =>
    Object.entries(wanted ?? {}).every(([variable, value]) => JSON.stringify(read(variable)) === JSON.stringify(value))
  return (
    matches(step.correlation, (variable) => activations[rootKey]?.variables?.[variable]) &&
    matches(step.localCorrelation, (variable) => {
      for (let at = activations[ownerKey]; at && at.key !== rootKey; at = at.parentKey === null ? undefined : activations[at.parentKey])
        if (at.variables && variable in at.variables) return at.variables[variable]
      return undefined
    })
  )
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

interface OpenAdHoc {
  instance: Instance
  key: string
  isSequential: boolean
  isBusy: boolean
  next: string[]
}

function adHocOf(world: World, isMeant: (elementId: string) => boolean): OpenAdHoc | undefined {
  for (const instance of world.live()) {
    for (const { key, elementId, live } of Object.values(instance.state.activations)) {
      const { element, model } = world.elementOf(elementId) ?? {}
      if (element?.type !== 'adHocSubProcess' || !model || !isMeant(elementId)) continue
      const next = element.outgoing.map((id) => model.flows[id]!.targetId)
      return { instance, key, isSequential: element.isSequential, isBusy: (live ?? 0) > 0, next }
    }
  }
  return undefined
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
