/** The desk's memory of one ticket: plain JSON, small (no text fields), carried over continue-as-new beside the engine's state. */
import type { Input } from '#engine/contract'
import type { DeskFact } from '#schema/fact'
import type { Json, Variables } from '#schema/json'
import type { TicketField, TicketFields } from '#schema/ticket'
import type { Bundle } from '../bundle.ts'
import type { Clock } from '../clock.ts'

/** Long texts live in the engine's variables only. */
export type SmallField = Exclude<TicketField, 'description' | 'resolution'>
export const isLongField = (field: TicketField): field is 'description' | 'resolution' => field === 'description' || field === 'resolution'

export interface DeskClock {
  policyId: string
  /** Id of the clock in its policy. */
  id: string
  /** Counts the runs: a reset starts the next. */
  run: number
  /** Its start condition came true, but the target is not known yet. */
  armedAt: number | null
  clock: Clock | null
  /** Time before the start that will count. */
  before?: Clock | null
  /** A group's clock ended because the ticket was settled: it begins anew when the ticket comes back. */
  isSettled?: boolean
}

export interface DeskState {
  version: 1
  fields: Pick<TicketFields, SmallField>
  clocks: DeskClock[]
  /** Open user tasks whose assignee is the ticket's assignee. */
  tasks: { waitId: string; assignee: string | null }[]
  /** Activations of tasks that are marked `guichet:assignment="task"`: their assignee is their own. */
  aside: string[]
  /** How many tokens are in each element that a clock looks at. */
  inside: Record<string, number>
  /** Root variables that are no fields, and that some policy looks at. */
  watched?: Record<string, Json>
  isEnded: boolean
}

/** What a step of the desk yields. Facts are appended after those that caused them; inputs go to the engine in order. */
export interface DeskStep {
  desk: DeskState
  facts: DeskFact[]
  inputs: Input[]
  /** When `wakeDesk` must be called, UTC epoch ms; null: not before something else happens. */
  dueAt: number | null
}

/** A step being worked out; `desk` is a private copy. */
export interface Draft {
  bundle: Bundle
  desk: DeskState
  at: number
  facts: DeskFact[]
  /** Root variables to set, gathered into one input. */
  variables: Variables
  assignments: { waitId: string; assignee: string | null }[]
  escalations: { code: string; variables: Variables }[]
  /** A field changed, so targets must be looked up again. */
  isTargetStale: boolean
  isStarting: boolean
}

export function draftOf(bundle: Bundle, desk: DeskState, at: number): Draft {
  return {
    bundle,
    desk: structuredCopy(desk),
    at,
    facts: [],
    variables: {},
    assignments: [],
    escalations: [],
    isTargetStale: false,
    isStarting: false,
  }
}
const structuredCopy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

/** Variables first: an escalation's handler sees the ticket as it is now. */
export function inputsOf(draft: Draft): Input[] {
  const { at } = draft
  const inputs: Input[] = []
  if (Object.keys(draft.variables).length > 0) inputs.push({ type: 'setVariables', at, variables: draft.variables })
  for (const a of draft.assignments) inputs.push({ type: 'assignTask', at, ...a })
  for (const e of draft.escalations) inputs.push({ type: 'escalation', at, ...e })
  return inputs
}

export const sameJson = (a: Json | undefined, b: Json | undefined): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
