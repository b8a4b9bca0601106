import { evaluateFeel } from '#engine/expression'
import type { Model } from '#engine/model'
import type { Variables } from '#schema/json'
import type { Db } from '../database.ts'
import { composeBundle } from '../definition/definitions.ts'
import { isKnownInstance, type StartedInstance, startProcess } from '../ticket/instances.ts'

export interface ConditionAsked {
  processId: string
  /** What the conditions look at, and the new instance's variables. */
  variables: Variables
  startedById: string
  at: number
  /** Id of the instance that this start event begins: the same for a repetition. */
  instanceIdOf(elementId: string): string
}

export interface ConditionFound {
  elementId: string
  isMet: boolean
  /** Why it could not be evaluated. */
  problem: string | null
  started: StartedInstance | null
}

type Condition = { elementId: string; feel: string }

/** Conditional start events of the process itself (BPMN 2.0 clause 10.5.2). One that is a part of a parallel start does not begin alone. */
const conditionsOf = (model: Model): Condition[] =>
  model.startTriggers.flatMap(({ elementId, event, groupId }) =>
    event.type === 'conditional' && groupId === undefined && 'feel' in event.condition ? [{ elementId, feel: event.condition.feel }] : [],
  )

/**
 * Evaluates the conditional start events of the newest version; each that is met begins one instance. No instance exists whose variables could
 * change, so somebody has to ask.
 * @throws UnknownDefinition
 */
export async function evaluateStartConditions(db: Db, asked: ConditionAsked): Promise<ConditionFound[]> {
  const { processId, variables, startedById, at } = asked
  const { bundle } = await composeBundle(db, processId)
  const found: ConditionFound[] = []
  for (const { elementId, feel } of conditionsOf(bundle.process)) {
    const outcome = outcomeOf(feel, variables, at, bundle.process.timeZone)
    const instanceId = asked.instanceIdOf(elementId)
    const started = outcome.isMet
      ? (await isKnownInstance(db, instanceId))
        ? { instanceId, number: null }
        : await startProcess(db, { processId, instanceId, startElementId: elementId, variables, startedById, at })
      : null
    found.push({ elementId, ...outcome, started })
  }
  return found
}

function outcomeOf(feel: string, variables: Variables, at: number, timeZone: string): Pick<ConditionFound, 'isMet' | 'problem'> {
  try {
    const value = evaluateFeel(feel, variables, { at, timeZone })
    if (typeof value === 'boolean') return { isMet: value, problem: null }
    return { isMet: false, problem: `expected true or false, found ${JSON.stringify(value)}` }
  } catch (error) {
    return { isMet: false, problem: error instanceof Error ? error.message : String(error) }
  }
}
