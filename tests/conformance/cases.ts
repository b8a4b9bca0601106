/** The cases' format, as /README of the conformance set describes it. */
import type { Variables } from '#engine/contract'

export interface Step {
  start?: string
  variables?: Variables
  message?: string
  element?: string
  startOnly?: boolean
  correlation?: Variables
  localCorrelation?: Variables
  businessKey?: string
  all?: boolean
  signal?: string
  trigger?: string
  complete?: string
  loopCounter?: number
  ofSame?: number
  timer?: string
  advance?: string
  setVariables?: Variables
  scopeOf?: string
  local?: boolean
  taskError?: string
  taskEscalation?: string
  code?: string
  completeService?: string
  serviceError?: string
  cancelInstance?: boolean
  evaluateConditionalStart?: boolean
  adhocActivate?: string
  adhocComplete?: string
  expectFailure?: boolean
  expectActive?: string[]
  expectJoinWaiting?: string[]
  expectEnded?: boolean
  [other: string]: unknown
}

export interface Case {
  id: string
  file: string
  files?: string[]
  mode: string
  elements: string[]
  steps: Step[]
  end?: string
  executed?: Record<string, number>
  canceled?: Record<string, number>
  scriptLabels?: Record<string, string | string[]>
  expressions?: Record<string, string | null>
}

/** `history`: the states are as expected, the counts of the peers' history tables are not. */
export type Outcome =
  | { verdict: 'passed'; history?: string }
  | { verdict: 'failed'; reason: string }
  | { verdict: 'skipped'; reason: string }

/** A step did not give what the case expects. */
export class Mismatch extends Error {}
/** The case asks for what the standard leaves open, or what cannot be expressed here. */
export class Skip extends Error {}
