/** What must hold before anything moves: every active element stands for one of the same kind, in the same scope. */
import type { ModelElement } from '../model.ts'
import type { Activation, Compensable, EngineState } from '../state.ts'
import { eventTypeOf, loopKindOf } from './mapping.ts'
import type { Plan } from './plan.ts'

export function checkInstance(plan: Plan, state: EngineState): void {
  if (plan.from.process.processId !== plan.to.process.processId) {
    const { processId } = plan.from.process
    plan.refuse('otherProcess', processId, `expected a version of ${processId}, found ${plan.to.process.processId}`)
    return
  }
  for (const activation of Object.values(state.activations)) {
    checkActivation(plan, activation)
    checkJoins(plan, activation)
    for (const entry of activation.compensables ?? []) checkCompensable(plan, activation.processId, entry)
  }
}

function checkActivation(plan: Plan, activation: Activation): void {
  const { processId, elementId } = activation
  if (!plan.newModel(processId)) {
    plan.refuse('calledProcessMissing', elementId, `the new version no longer calls ${processId}, which runs here`)
    return
  }
  const old = plan.oldElement(processId, elementId)
  const target = checkTarget(plan, processId, old)
  if (!target) return
  checkKind(plan, old, target)
  checkScope(plan, activation, old, target)
  if (activation.interruptedBy !== undefined) checkTarget(plan, processId, plan.oldElement(processId, activation.interruptedBy))
}

function checkTarget(plan: Plan, processId: string, old: ModelElement): ModelElement | undefined {
  const targetId = plan.targetId(processId, old.id)
  if (targetId === undefined) {
    plan.refuse('notMapped', old.id, `${old.name || old.id} is active, and no element of the new version stands for it`)
    return undefined
  }
  const target = plan.target(processId, old.id)
  if (!target) plan.refuse('unknownTarget', old.id, `${targetId}, which is to stand for ${old.id}, is not in the new version`)
  return target
}

function checkKind(plan: Plan, old: ModelElement, target: ModelElement): void {
  if (old.type !== target.type) {
    plan.refuse('typeChanged', old.id, `${old.id} is a ${old.type}, ${target.id} is a ${target.type}`)
    return
  }
  if (eventTypeOf(old) !== eventTypeOf(target))
    plan.refuse('eventTypeChanged', old.id, `${old.id} waits for a ${eventTypeOf(old)}, ${target.id} for a ${eventTypeOf(target)}`)
  if (loopKindOf(old) !== loopKindOf(target))
    plan.refuse('loopChanged', old.id, `${old.id} repeats ${loopKindOf(old) ?? 'not'}, ${target.id} ${loopKindOf(target) ?? 'not'}`)
  const isInterrupting = (element: ModelElement): boolean | null => ('isInterrupting' in element ? element.isInterrupting : null)
  if (isInterrupting(old) !== isInterrupting(target))
    plan.refuse('interruptingChanged', old.id, `${old.id} and ${target.id} differ in whether they interrupt`)
}

/** An inlined process has no scope of its own; everything else stays in the scope that stands for its old one. */
function checkScope(plan: Plan, { processId }: Activation, old: ModelElement, target: ModelElement): void {
  if (old.scopeId === null) return
  const scopeId = plan.targetId(processId, old.scopeId)
  if (scopeId !== undefined && target.scopeId !== scopeId)
    plan.refuse('scopeChanged', old.id, `${old.id} is in ${old.scopeId}; ${target.id} is in ${target.scopeId}, not in ${scopeId}`)
}

/** The flow that stands for an old one: of the same id, else the only one between what stands for its ends. */
export function targetFlow(plan: Plan, processId: string, flowId: string): string | undefined {
  const model = plan.newModel(processId)
  const old = plan.oldModel(processId).flows[flowId]
  if (!model || !old) return undefined
  const gatewayId = plan.targetId(processId, old.targetId)
  if (model.flows[flowId]?.targetId === gatewayId) return flowId
  const sourceId = plan.targetId(processId, old.sourceId)
  const between = Object.values(model.flows).filter((flow) => flow.sourceId === sourceId && flow.targetId === gatewayId)
  return between.length === 1 ? between[0]!.id : undefined
}

/** Tokens parked at a join go on standing on a flow into what stands for it. */
function checkJoins(plan: Plan, { processId, joins }: Activation): void {
  if (!plan.newModel(processId)) return
  for (const gatewayId in joins) {
    const old = plan.oldElement(processId, gatewayId)
    const target = checkTarget(plan, processId, old)
    if (!target) continue
    checkKind(plan, old, target)
    for (const flowId in joins[gatewayId])
      if (targetFlow(plan, processId, flowId) === undefined)
        plan.refuse('flowMissing', gatewayId, `a token waits on flow ${flowId}, for which the new version has none into ${target.id}`)
  }
}

/** What may still be compensated needs what stands for it to have a handler as well. */
function checkCompensable(plan: Plan, processId: string, entry: Compensable): void {
  const old = plan.oldElement(processId, entry.elementId)
  const target = plan.target(processId, entry.elementId)
  if (!target || target.type !== old.type || Boolean(target.compensationHandler) !== Boolean(old.compensationHandler))
    plan.refuse('compensationLost', old.id, `${old.id} can be compensated; nothing in the new version can in its stead`)
  for (const inner of entry.inner) checkCompensable(plan, processId, inner)
}
