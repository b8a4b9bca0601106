/** Multi-instance (BPMN 2.0 clause 13.3.7) and standard loop (13.3.6): a body that runs inner instances of one activity. */
import type { Json, Variables } from './contract.ts'
import { compensationStartOf } from './compensation.ts'
import { attempt, begin, finish, spawn, terminate } from './lifecycle.ts'
import type { Loop, ModelElement } from './model.ts'
import { countersOf, type Run, StallError } from './run.ts'
import type { Activation, LoopProgress } from './state.ts'

/** Inner instances of one body. */
export const INSTANCE_LIMIT = 10_000
type MultiInstance = Extract<Loop, { type: 'multiInstance' }>
type StandardLoop = Extract<Loop, { type: 'standard' }>

/** Evaluates the collection once, then starts the first instance or all of them. */
export function beginLoop(run: Run, key: string, element: ModelElement): void {
  const loop = element.loop!
  const body = run.draft.own(key)
  body.live = 0
  if (loop.type === 'standard') {
    body.loop = { total: loop.maximum ?? INSTANCE_LIMIT, started: 0, completed: 0, terminated: 0 }
    continueStandard(run, key, element, loop, loop.testBefore)
    return
  }
  const items = collectionOf(run, key, loop)
  const total = items ? items.length : cardinalityOf(run, key, loop)
  if (total > INSTANCE_LIMIT) throw new StallError('tooManyInstances', `expected at most ${INSTANCE_LIMIT} instances, found ${total}`)
  body.loop = {
    total,
    started: 0,
    completed: 0,
    terminated: 0,
    ...(items ? { items } : {}),
    ...(loop.outputCollection ? { outputs: new Array<Json>(total).fill(null) } : {}),
  }
  if (total === 0) {
    endMultiInstance(run, key, loop)
    return
  }
  const count = loop.isSequential ? 1 : total
  const started: string[] = []
  for (let index = 0; index < count; index++) started.push(startInner(run, key, element))
  for (const inner of started) if (run.draft.find(inner)) begin(run, inner)
}

function collectionOf(run: Run, key: string, loop: MultiInstance): Json[] | null {
  if (!loop.collection) return null
  const value = run.evaluate(key, loop.collection)
  if (!Array.isArray(value))
    throw new StallError('type', `expected the collection of the multi-instance to be a list, found ${JSON.stringify(value)}`)
  return value
}

function cardinalityOf(run: Run, key: string, loop: MultiInstance): number {
  const value = loop.cardinality ? run.evaluate(key, loop.cardinality) : null
  const count = typeof value === 'string' ? Number(value) : value
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 0)
    throw new StallError('type', `expected a number of instances, found ${JSON.stringify(value)}`)
  return count
}

function startInner(run: Run, bodyKey: string, element: ModelElement): string {
  const body = run.draft.own(bodyKey)
  const index = body.loop!.started
  body.loop = { ...body.loop!, started: index + 1 }
  return spawn(run, element, bodyKey, { isInner: true, index }).key
}

/** Variables that an inner instance sees: its item, the 1-based loopCounter. */
export function innerVariables(run: Run, inner: Activation, element: ModelElement): Variables {
  const { loop } = run.draft.get(inner.parentKey!)
  const index = inner.index ?? 0
  const variables: Variables = { loopCounter: index + 1 }
  if (element.loop?.type === 'multiInstance') {
    if (element.loop.inputElement) variables[element.loop.inputElement] = loop?.items?.[index] ?? null
    const { outputElement } = element.loop
    if (outputElement && 'feel' in outputElement && /^\w+$/.test(outputElement.feel) && outputElement.feel !== element.loop.inputElement)
      variables[outputElement.feel] = null
  }
  return variables
}

/**
 * What has come so far, under the name of the output collection, in place of what an earlier round may have left there. Without the gaps of
 * those that still run: in `votes[decision = "approved"]` a gap would take the name from the vote just given, and count it again.
 */
const collected = (loop: MultiInstance, progress: LoopProgress): Variables =>
  loop.outputCollection ? { [loop.outputCollection]: (progress.outputs ?? []).filter((output) => output !== null) } : {}

/** An inner instance completed (its fact is written): collects its output, tests the completion condition, starts the next. */
export function innerFinished(run: Run, inner: Activation, element: ModelElement): void {
  const bodyKey = inner.parentKey!
  const loop = element.loop!
  const extra = run.visible(inner.key)
  const body = run.draft.own(bodyKey)
  const progress: LoopProgress = { ...body.loop!, completed: body.loop!.completed + 1 }
  body.loop = progress
  body.live = (body.live ?? 1) - 1
  let isDone = false
  if (loop.type === 'multiInstance') {
    if (loop.outputElement && progress.outputs) {
      progress.outputs = [...progress.outputs]
      progress.outputs[inner.index ?? 0] = run.evaluate(inner.key, loop.outputElement)
    }
    isDone =
      loop.completionCondition !== undefined &&
      run.evaluateCondition(bodyKey, loop.completionCondition, { ...extra, ...collected(loop, progress), ...countersOf(progress) })
  }
  if (inner.compensables?.length || element.compensationHandler || compensationStartOf(run, inner.processId, element)) {
    body.compensables = [
      ...(body.compensables ?? []),
      { elementId: element.id, variables: inner.variables ?? null, inner: inner.compensables ?? [] },
    ]
  }
  run.draft.remove(inner.key)
  if (loop.type === 'standard') {
    continueStandard(run, bodyKey, element, loop, true)
    return
  }
  if (isDone) endEarly(run, bodyKey)
  else if (loop.isSequential && progress.started < progress.total) {
    run.deferred.push(startInner(run, bodyKey, element))
    return
  }
  if ((run.draft.find(bodyKey)?.live ?? -1) === 0) endMultiInstance(run, bodyKey, loop)
}

/** An inner instance was canceled by hand: it counts as terminated, and the loop goes on with those that are left. */
export function innerCanceled(run: Run, bodyKey: string): void {
  const body = run.draft.own(bodyKey)
  const element = run.element(body)
  const loop = element.loop!
  const progress: LoopProgress = { ...body.loop!, terminated: body.loop!.terminated + 1 }
  body.loop = progress
  body.live = (body.live ?? 1) - 1
  attempt(run, bodyKey, () => {
    if (loop.type === 'standard') continueStandard(run, bodyKey, element, loop, true)
    else if (loop.isSequential && progress.started < progress.total) run.deferred.push(startInner(run, bodyKey, element))
    else if (body.live === 0) endMultiInstance(run, bodyKey, loop)
  })
}

function endEarly(run: Run, bodyKey: string): void {
  for (const child of run.draft.children(bodyKey)) {
    if (!run.draft.find(child)) continue
    terminate(run, child)
    const body = run.draft.own(bodyKey)
    body.loop = { ...body.loop!, terminated: body.loop!.terminated + 1 }
  }
  run.draft.own(bodyKey).live = 0
}

function endMultiInstance(run: Run, bodyKey: string, loop: MultiInstance): void {
  const { loop: progress, parentKey } = run.draft.get(bodyKey)
  if (loop.outputCollection) run.mergeVariables(parentKey!, { [loop.outputCollection]: progress?.outputs ?? [] })
  finish(run, bodyKey)
}

function continueStandard(run: Run, bodyKey: string, element: ModelElement, loop: StandardLoop, tests: boolean): void {
  const { started, total } = run.draft.get(bodyKey).loop!
  const isOver =
    started >= total ||
    (tests && loop.condition !== undefined && !run.evaluateCondition(bodyKey, loop.condition, { loopCounter: started + 1 }))
  if (isOver) finish(run, bodyKey)
  else run.deferred.push(startInner(run, bodyKey, element))
}
