/**
 * How much an instance may hold. Its state travels whole: through every continue-as-new, within what the server takes as one payload. An input
 * that brings too much is refused; an inner step that makes too much stalls where it is, and what it was about to write is kept for its retry.
 */
import type { Input, Json, Refusal, Variables } from './contract.ts'
import type { EngineState } from './state.ts'

/** JSON characters of the variables of one input. */
export const VARIABLES_LIMIT = 1_000_000
/** JSON characters of all variables of an instance: of every scope, called processes and repeated instances included. */
export const INSTANCE_LIMIT = 2_000_000
/** What an operator or the desk sets is taken up to this size whatever is there already, so that a full instance can be put right. */
const SMALL = 20_000

/** Characters that a value takes as JSON; of texts, without what is escaped. */
export function sizeOf(value: Json | undefined): number {
  if (value === undefined) return 0
  if (typeof value === 'string') return value.length + 2
  return value !== null && typeof value === 'object' ? JSON.stringify(value).length : String(value).length
}

export function sizeOfAll(variables: Variables | undefined): number {
  let size = 0
  for (const name in variables) size += name.length + sizeOf(variables[name])
  return size
}

export function sizeOfState({ activations }: EngineState): number {
  let size = 0
  for (const key in activations) size += sizeOfAll(activations[key]!.variables)
  return size
}

const REMEDY = 'keep documents as attachments, and set what is not needed any more to null'

/** Names what is too much: the largest of these variables. */
export function tooLarge(variables: Variables, limit: number, found: number): string {
  const names = Object.keys(variables).sort((a, b) => sizeOf(variables[b]) - sizeOf(variables[a]))
  const [largest] = names
  const blame = largest === undefined ? '' : `; ${largest} has ${sizeOf(variables[largest])} of them`
  return `expected at most ${limit} characters of variables, found ${found}${blame}: ${REMEDY}`
}

/** Inputs of people, who hear a refusal. What comes by itself (a message, a job's outcome) is taken, and stalls where it does not fit. */
const REFUSED: ReadonlySet<Input['type']> = new Set(['completeTask', 'setVariables', 'retry', 'taskError', 'taskEscalation'])

/** Variables of an input, checked before anything is done. */
export function checkVariables(input: Input, state: EngineState | null): Refusal | null {
  if (!('variables' in input)) return null
  const { variables } = input
  if (variables === null || typeof variables !== 'object' || Array.isArray(variables))
    return { code: 'invalidInput', message: 'expected variables to be an object' }
  const size = JSON.stringify(variables).length
  if (size > VARIABLES_LIMIT) return { code: 'variablesTooLarge', message: tooLarge(variables, VARIABLES_LIMIT, size) }
  if (state === null || !REFUSED.has(input.type)) return null
  const isSmall = (input.type === 'setVariables' || input.type === 'retry') && size <= SMALL
  const scopeKey = input.type === 'setVariables' ? (input.scopeKey ?? state.rootKey) : state.rootKey
  const growth = growthOf(variables, state.activations[scopeKey]?.variables)
  const total = (state.variablesSize ?? sizeOfState(state)) + growth
  if (isSmall || growth <= 0 || total <= INSTANCE_LIMIT) return null
  return { code: 'variablesTooLarge', message: `of the instance, ${tooLarge(variables, INSTANCE_LIMIT, total)}` }
}

function growthOf(variables: Variables, before: Variables | undefined): number {
  let growth = 0
  for (const name in variables) {
    const old = before && Object.hasOwn(before, name) ? name.length + sizeOf(before[name]) : 0
    growth += name.length + sizeOf(variables[name]) - old
  }
  return growth
}
