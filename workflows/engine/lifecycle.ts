/** The life of an element: activate, enter, execute, finish, leave; terminate; stall and resume. */
import type { Variables } from './contract.ts'
import { closeWaits, evaluateConditionals, openBoundary, openEventSubProcesses, settleStall } from './events.ts'
import { behaviourOf } from './elements/index.ts'
import { compensationStartOf } from './compensation.ts'
import { beginLoop, innerFinished, innerVariables } from './loops.ts'
import type { ModelElement, ScopeElement } from './model.ts'
import { type Run, StallError, STEP_LIMIT, type Token } from './run.ts'
import type { Activation } from './state.ts'

export const isScopeElement = (element: ModelElement): element is ScopeElement => 'starts' in element

/** A token reaches an element. */
export function enter(run: Run, token: Token): void {
  const scope = run.draft.find(token.scopeKey)
  if (!scope) return
  const element = run.elementById(scope.processId, token.elementId)
  if (++run.steps > STEP_LIMIT) {
    const stopped = activate(run, element, scope)
    stall(run, stopped.key, tooManySteps())
    return
  }
  if (element.startQuantity !== undefined && token.flowId !== null && !gather(run, token, element.id, element.startQuantity)) return
  const behaviour = behaviourOf(element)
  if (behaviour.arrive) behaviour.arrive(run, token, element)
  else begin(run, activate(run, element, scope).key)
}

/** Keeps tokens until there are enough to begin with; these become the one that enters. */
function gather(run: Run, { scopeKey, flowId }: Token, elementId: string, quantity: number): boolean {
  const scope = run.draft.own(scopeKey)
  const waiting = scope.joins?.[elementId] ?? {}
  waiting[flowId!] = (waiting[flowId!] ?? 0) + 1
  const count = Object.values(waiting).reduce((sum, tokens) => sum + tokens, 0)
  const { [elementId]: _, ...others } = scope.joins ?? {}
  scope.joins = count < quantity ? { ...others, [elementId]: waiting } : others
  if (Object.keys(scope.joins).length === 0) delete scope.joins
  if (count < quantity) return false
  scope.live = (scope.live ?? 0) - quantity + 1
  return true
}

/** The next instance of a loop takes its turn. */
export function beginDeferred(run: Run, key: string): void {
  if (!run.draft.find(key)) return
  if (++run.steps > STEP_LIMIT) stall(run, key, tooManySteps())
  else begin(run, key)
}

const tooManySteps = (): StallError =>
  new StallError('stepLimit', `more than ${STEP_LIMIT} elements were entered in one step: a loop without a wait?`)

/** A new activation of `element` inside `parent`, counted already by its token. */
export function activate(run: Run, element: ModelElement, parent: Activation | null, more?: Partial<Activation>): Activation {
  const key = run.draft.newKey()
  const activation = run.draft.add({
    key,
    elementId: element.id,
    processId: parent?.processId ?? element.id,
    parentKey: parent?.key ?? null,
    phase: 'entering',
    ...more,
  })
  run.facts.push({
    type: 'elementActivated',
    at: run.at,
    elementId: element.id,
    key,
    elementType: element.type,
    parentKey: activation.parentKey,
    ...(element.attributes ? { attributes: element.attributes } : {}),
  })
  return activation
}

/** As `activate`, for one that no token on a flow counted: a triggered event, a handler, an inner instance. */
export function spawn(run: Run, element: ModelElement, parentKey: string, more?: Partial<Activation>): Activation {
  const parent = run.draft.own(parentKey)
  parent.live = (parent.live ?? 0) + 1
  return activate(run, element, parent, more)
}

/** Maps inputs, subscribes boundary events and event sub-processes, then executes. */
export function begin(run: Run, key: string): void {
  const activation = run.draft.get(key)
  const element = run.element(activation)
  const entered = attempt(run, key, () => {
    const isBody = element.loop !== undefined && !activation.isInner
    if (!isBody) {
      const local = activation.isInner ? innerVariables(run, activation, element) : null
      if (local) for (const name in local) run.setVariable(key, name, local[name]!)
      if (element.inputs) {
        const write = (name: string, value: Variables[string]): void => run.setVariable(key, name, value)
        run.applyMappings(key, element.inputs, write, (name) => run.draft.get(key).variables?.[name])
      }
      if (isScopeElement(element)) openEventSubProcesses(run, key, element)
    }
    if (element.boundary && !activation.isInner) openBoundary(run, key, element.boundary)
  })
  if (!entered) return
  // A condition that is true already interrupts before the work begins.
  if (element.boundary && run.hasFreshCondition && !isScopeElement(element)) evaluateConditionals(run)
  if (!run.draft.find(key)) return
  run.draft.move(key, 'active')
  execute(run, key)
}

function execute(run: Run, key: string): void {
  const activation = run.draft.get(key)
  const element = run.element(activation)
  attempt(run, key, () => {
    if (element.loop && !activation.isInner) beginLoop(run, key, element)
    else behaviourOf(element).execute(run, activation, element)
  })
}

/** The work is done: outputs are mapped, subscriptions closed, and the token goes on. */
export function finish(run: Run, key: string, variables?: Variables): void {
  const activation = run.draft.move(key, 'completing')
  if (variables && Object.keys(variables).length > 0) activation.pending = { ...activation.pending, ...variables }
  complete(run, key)
}

function complete(run: Run, key: string): void {
  const activation = run.draft.own(key)
  const element = run.element(activation)
  const isMapped = attempt(run, key, () => {
    const isBody = element.loop !== undefined && !activation.isInner
    if (!isBody) mapOutputs(run, activation, element)
  })
  if (!isMapped) return
  delete activation.pending
  run.draft.move(key, 'leaving')
  leave(run, key)
}

function mapOutputs(run: Run, activation: Activation, element: ModelElement): void {
  const { key } = activation
  const behaviour = behaviourOf(element)
  if (element.outputs) {
    if (activation.pending) for (const name in activation.pending) run.setVariable(key, name, activation.pending[name]!)
    const outer = activation.parentKey ?? key
    const write = (name: string, value: Variables[string]): void => run.mergeVariables(outer, { [name]: value })
    run.applyMappings(key, element.outputs, write, (name) => run.visible(outer)[name])
  } else if (behaviour.mapOutputs) behaviour.mapOutputs(run, activation, element)
  else if (activation.pending) run.mergeVariables(key, activation.pending)
}

/** Chooses the outgoing flows, closes the activation, and sends the tokens on. */
export function leave(run: Run, key: string): void {
  const activation = run.draft.get(key)
  const element = run.element(activation)
  let flows: string[] = []
  const isChosen = attempt(run, key, () => {
    if (!activation.isInner) flows = chooseFlows(run, key, element)
  })
  if (!isChosen) return
  closeWaits(run, key)
  run.facts.push({ type: 'elementCompleted', at: run.at, elementId: element.id, key, elementType: element.type })
  if (activation.isInner) innerFinished(run, activation, element)
  else depart(run, activation, element, flows)
}

function depart(run: Run, activation: Activation, element: ModelElement, flows: string[]): void {
  const { key, parentKey } = activation
  if (activation.throwerKey !== undefined) delete activation.compensables
  if ((element.compensationHandler || compensationStartOf(run, activation.processId, element)) && parentKey !== null)
    remember(run, activation, parentKey)
  else if (activation.compensables?.length && parentKey !== null && element.type !== 'process') remember(run, activation, parentKey)
  if (key === run.draft.state.rootKey) {
    run.draft.move(key, 'completed')
    run.draft.state.isEnded = true
    run.facts.push({ type: 'instanceCompleted', at: run.at })
    return
  }
  run.draft.remove(key)
  for (let times = element.completionQuantity ?? 1; times > 0; times--) takeFlows(run, activation.processId, parentKey!, flows)
  childGone(run, parentKey!)
  if (activation.throwerKey !== undefined) handlerFinished(run, activation.throwerKey)
}

function remember(run: Run, activation: Activation, parentKey: string): void {
  const scope = run.draft.own(parentKey)
  scope.compensables ??= []
  if (activation.loop) {
    // Each instance of a multi-instance is compensated by itself.
    scope.compensables.push(...(activation.compensables ?? []))
    return
  }
  scope.compensables.push({
    elementId: activation.elementId,
    variables: activation.variables ?? null,
    inner: activation.compensables ?? [],
  })
}

/** A compensation handler ended: its thrower goes on after the last. */
export function handlerFinished(run: Run, throwerKey: string): void {
  if (!run.draft.find(throwerKey)) return
  const thrower = run.draft.own(throwerKey)
  thrower.awaiting = (thrower.awaiting ?? 1) - 1
  const element = run.element(thrower)
  attempt(run, throwerKey, () => behaviourOf(element).onTrigger?.(run, thrower, element, {}))
}

/** Tokens onto these flows of the scope. */
export function takeFlows(run: Run, processId: string, scopeKey: string, flows: string[]): void {
  for (const flowId of flows) {
    run.facts.push({ type: 'flowTaken', at: run.at, flowId })
    run.send(scopeKey, run.model(processId).flows[flowId]!.targetId, flowId)
  }
}

/** One child or token of a scope is gone. */
export function childGone(run: Run, scopeKey: string): void {
  const scope = run.draft.own(scopeKey)
  scope.live = (scope.live ?? 1) - 1
  if (scope.phase !== 'active' || scope.stall) return
  const element = run.element(scope)
  const { onChild } = behaviourOf(element)
  if (onChild && !attempt(run, scopeKey, () => onChild(run, scope, element))) return
  const current = run.draft.find(scopeKey)
  if (current?.live === 0 && current.phase === 'active') scopeEmpty(run, scopeKey)
}

/** Nothing is left to run in a scope. */
export function scopeEmpty(run: Run, scopeKey: string): void {
  const scope = run.draft.get(scopeKey)
  const element = run.element(scope)
  const behaviour = behaviourOf(element)
  if (behaviour.onEmpty) attempt(run, scopeKey, () => behaviour.onEmpty?.(run, scope, element))
  else finish(run, scopeKey)
}

/**
 * The outgoing flows to take. Unconditional flows always; conditional ones when true; the default when no conditional one is.
 * An exclusive gateway takes the first. @throws StallError `noBranch` when there are flows and none may be taken
 */
export function chooseFlows(run: Run, key: string, element: ModelElement): string[] {
  const { outgoing } = element
  const { flows } = run.model(run.draft.get(key).processId)
  const isExclusive = element.type === 'exclusiveGateway'
  if (element.type === 'eventBasedGateway') return element.isParallel ? outgoing : []
  if (!isExclusive && !element.defaultFlow && !outgoing.some((id) => flows[id]!.condition)) return outgoing
  if (element.type === 'parallelGateway') return outgoing
  const chosen: string[] = []
  for (const id of outgoing) {
    if (id === element.defaultFlow) continue
    const { condition } = flows[id]!
    if (condition && !run.evaluateCondition(key, condition)) continue
    chosen.push(id)
    if (isExclusive) return chosen
  }
  if (chosen.length > 0 || outgoing.length === 0) return chosen
  if (element.defaultFlow) return [element.defaultFlow]
  throw new StallError('noBranch', `no condition of ${element.name || element.id} is true and it has no default flow`)
}

/** Ends an activation and all that is inside it; its scope is told by the caller. */
export function terminate(run: Run, key: string): void {
  terminateChildren(run, key)
  const activation = run.draft.own(key)
  const element = run.element(activation)
  closeWaits(run, key)
  settleStall(run, activation)
  run.facts.push({ type: 'elementTerminated', at: run.at, elementId: element.id, key, elementType: element.type })
  if (key === run.draft.state.rootKey) run.draft.move(key, 'terminated')
  else run.draft.remove(key)
}

/** Ends everything inside a scope, tokens on flows and at joins included. */
export function terminateChildren(run: Run, key: string): void {
  for (const child of run.draft.children(key)) if (run.draft.find(child)) terminate(run, child)
  for (let index = run.queue.length - 1; index >= 0; index--) if (run.queue[index]!.scopeKey === key) run.queue.splice(index, 1)
  const scope = run.draft.own(key)
  if (scope.live !== undefined) scope.live = 0
  delete scope.joins
}

/** Runs `work`; an error that the process owner or operator can mend becomes a stall. False: stalled. */
export function attempt(run: Run, key: string, work: () => void): boolean {
  const wasGuarded = run.isGuarded
  run.isGuarded = true
  try {
    work()
    return true
  } catch (error) {
    if (!(error instanceof StallError)) throw error
    stall(run, key, error)
    return false
  } finally {
    run.isGuarded = wasGuarded
  }
}

export function stall(run: Run, key: string, error: StallError): void {
  const activation = run.draft.own(key)
  activation.stall = { code: error.code, message: error.message, at: run.at }
  run.facts.push({ type: 'stalled', at: run.at, elementId: activation.elementId, key, code: error.code, message: error.message })
}

/** Takes up a stalled activation where it stopped. */
export function resume(run: Run, key: string): void {
  const activation = run.draft.own(key)
  const { stall: stopped, phase } = activation
  delete activation.stall
  run.facts.push({ type: 'stallResolved', at: run.at, elementId: activation.elementId, key, code: stopped?.code ?? '' })
  if (phase === 'entering') {
    closeWaits(run, key)
    begin(run, key)
  } else if (phase === 'active') {
    closeWaits(run, key, 'self')
    if (activation.live === 0) scopeEmpty(run, key)
    else execute(run, key)
  } else if (phase === 'completing') complete(run, key)
  else leave(run, key)
}
