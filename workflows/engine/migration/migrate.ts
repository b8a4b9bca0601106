/**
 * Moves a running instance to another version of its program. Pure. What waits goes on waiting: keys, variables, counts, join tokens
 * and timers' instants stay; subscriptions follow the new drawing. Semantics: Camunda 8's process instance migration, widened to joins,
 * multi-instance, event sub-processes and compensation. Refused as a whole, with every reason, when anything active has no place.
 */
import { settle } from '../advance.ts'
import type { Effect, EngineFact } from '../contract.ts'
import { fire } from '../elements/gateways.ts'
import type { Program } from '../model.ts'
import { Run } from '../run.ts'
import type { Activation, Compensable, EngineState } from '../state.ts'
import { checkInstance, targetFlow } from './check.ts'
import { type MigrationRefusal, type MigrationRequest, Plan } from './plan.ts'
import { moveWaits } from './waits.ts'

export type { MigrationRefusal, MigrationRefusalCode, MigrationRequest } from './plan.ts'

export type Migration =
  | { ok: true; state: EngineState; effects: Effect[]; facts: EngineFact[] }
  | { ok: false; refusals: MigrationRefusal[] }

/** @throws on a bug (a state that does not belong to `program`) */
export function migrate(program: Program, state: EngineState, toProgram: Program, request: MigrationRequest): Migration {
  const plan = new Plan(program, toProgram, request.mapping)
  if (state.isEnded) plan.refuse('instanceEnded', program.process.processId, 'the instance has ended')
  else checkInstance(plan, state)
  if (plan.refusals.length > 0) return { ok: false, refusals: plan.refusals }

  const run = new Run(toProgram, state, request.at)
  for (const key in state.activations) moveActivation(plan, run, key)
  const tasks = moveWaits(plan, run, state, request.retimesTimers === true)
  if (plan.refusals.length > 0) return { ok: false, refusals: plan.refusals }
  const { fromHash, toHash, fromVersion, toVersion, mapping } = request
  run.facts.unshift({
    type: 'instanceMigrated',
    at: request.at,
    fromHash,
    toHash,
    mapping,
    ...(fromVersion === undefined ? {} : { fromVersion }),
    ...(toVersion === undefined ? {} : { toVersion }),
    elements: Object.values(run.draft.state.activations).map(({ key, elementId }) => ({ key, elementId })),
    tasks,
  })
  fireFilledJoins(run)
  settle(run)
  return { ok: true, state: run.draft.state, effects: run.effects, facts: run.facts }
}

function moveActivation(plan: Plan, run: Run, key: string): void {
  const activation = run.draft.own(key)
  const { processId } = activation
  const to = (id: string): string => plan.targetId(processId, id)!
  const oldJoins = activation.joins
  activation.elementId = to(activation.elementId)
  if (activation.interruptedBy !== undefined) activation.interruptedBy = to(activation.interruptedBy)
  if (activation.compensables) activation.compensables = activation.compensables.map((entry) => moveCompensable(to, entry))
  if (oldJoins) activation.joins = moveJoins(plan, processId, oldJoins)
}

/** Two joins, or two flows, that became one hold their tokens together. */
function moveJoins(plan: Plan, processId: string, old: NonNullable<Activation['joins']>): NonNullable<Activation['joins']> {
  const joins: NonNullable<Activation['joins']> = {}
  for (const gatewayId in old) {
    const id = plan.targetId(processId, gatewayId)!
    const flows = joins[id] ?? {}
    joins[id] = flows
    for (const flowId in old[gatewayId]) {
      const moved = targetFlow(plan, processId, flowId)!
      flows[moved] = (flows[moved] ?? 0) + old[gatewayId]![flowId]!
    }
  }
  return joins
}

const moveCompensable = (to: (id: string) => string, entry: Compensable): Compensable => ({
  ...entry,
  elementId: to(entry.elementId),
  inner: entry.inner.map((inner) => moveCompensable(to, inner)),
})

/** A parallel join with fewer ways in than before may hold all the tokens it needs. Inclusive joins are looked at by `settle`. */
function fireFilledJoins(run: Run): void {
  for (const key in run.draft.state.activations) {
    const { processId, joins = {} } = run.draft.get(key)
    for (const gatewayId of Object.keys(joins)) {
      const gateway = run.elementById(processId, gatewayId)
      if (gateway.type !== 'parallelGateway') continue
      const isFilled = (): boolean =>
        gateway.incoming.length > 0 && gateway.incoming.every((id) => (run.draft.get(key).joins?.[gatewayId]?.[id] ?? 0) > 0)
      while (run.draft.find(key) && isFilled()) fire(run, key, gateway)
    }
  }
}
