/**
 * The engine's contract: what goes into and out of `advance`. Pure types; semantics in DESIGN §3 and ENGINE.md §2.
 * Everything here is plain JSON.
 */
import type { EngineFact } from '#schema/fact'
import type { Json, Variables } from '#schema/json'

export type { EngineFact, Json, Variables }

/** A message or signal that began an instance. What else belongs to a parallel start is awaited under its key. */
export interface Occurrence {
  type: 'message' | 'signal'
  name: string
  correlationKey: string | null
}

/** What the engine is asked to do. `at`: UTC epoch ms, the only clock. `actorId` is recorded by the caller beside the facts. */
export type Input =
  /** `occurrence`: what triggered `startElementId`. Without it nothing else of a parallel start is awaited: somebody started it by hand. */
  | { type: 'start'; at: number; variables: Variables; startElementId?: string; occurrence?: Occurrence }
  | { type: 'completeTask'; at: number; waitId: string; variables: Variables }
  | { type: 'assignTask'; at: number; waitId: string; assignee: string | null }
  | { type: 'timerFired'; at: number; waitId: string }
  | { type: 'message'; at: number; name: string; variables: Variables; correlationKey?: string; messageId?: string; waitId?: string }
  | { type: 'signal'; at: number; name: string; variables: Variables }
  /** Raised from outside (an SLA threshold) as if thrown in the root scope, or in the scope of activation `key`. */
  | { type: 'escalation'; at: number; code: string; variables: Variables; key?: string }
  | { type: 'jobCompleted'; at: number; waitId: string; variables: Variables }
  /** With `errorCode`: a BPMN error with `variables`, caught by boundary or event sub-process. Without: a stall at the task. */
  | { type: 'jobFailed'; at: number; waitId: string; message: string; errorCode?: string; variables?: Variables }
  | { type: 'taskError'; at: number; waitId: string; errorCode: string; variables: Variables }
  | { type: 'taskEscalation'; at: number; waitId: string; escalationCode: string; variables: Variables }
  /** `scopeKey` absent: root scope. Conditional events are re-evaluated. */
  | { type: 'setVariables'; at: number; variables: Variables; scopeKey?: string }
  /** Try a stalled activation again, after setting variables. */
  | { type: 'retry'; at: number; key: string; variables: Variables }
  /** Cancel these activations, start tokens at these elements. */
  | { type: 'modify'; at: number; cancel: string[]; start: { elementId: string; variables: Variables }[] }
  | { type: 'cancel'; at: number; reason: string }

/** What the world is asked to do. User tasks are state, not effects: their facts open and close them. */
export type Effect =
  | { type: 'startTimer'; waitId: string; elementId: string; dueAt: number }
  | { type: 'cancelTimer'; waitId: string }
  /** Service, send and (external) business rule tasks: run handler `jobType`. `input` = the task's input mappings or, without any, all visible variables. */
  | {
      type: 'runJob'
      waitId: string
      elementId: string
      jobType: string
      headers: Record<string, string>
      input: Variables
      retries: number /** attempt number of this wait id, 1-based */
      attempt: number
    }
  | { type: 'cancelJob'; waitId: string }
  | {
      type: 'publishMessage'
      elementId: string
      name: string
      correlationKey: string | null
      messageId: string
      variables: Variables
      timeToLiveMs: number
    }
  | { type: 'publishSignal'; name: string; variables: Variables }

/** Refusals are values: the input does not apply, the state is as before, nothing is recorded. */
export interface Refusal {
  code: 'unknownWait' | 'wrongWaitKind' | 'instanceEnded' | 'notCorrelated' | 'unknownElement' | 'variablesTooLarge' | 'invalidInput'
  message: string
  elementId?: string
}

export type Advance<State> = { ok: true; state: State; effects: Effect[]; facts: EngineFact[] } | { ok: false; refusal: Refusal }

/** One mistake in a definition, at its element. */
export interface Diagnostic {
  elementId: string
  severity: 'error' | 'warning'
  code: string
  /** English; says what is wrong and how to mend it. The UI translates by `code` + `params`. */
  message: string
  params?: Record<string, string>
}
export type Compiled<T> = { ok: true; value: T; warnings: Diagnostic[] } | { ok: false; diagnostics: Diagnostic[] }

/** Open waits as others see them. */
export interface OpenTask {
  waitId: string
  elementId: string
  name: string
  formId: string | null
  assignee: string | null
  candidateGroups: string[]
  candidateUsers: string[]
  dueAt: number | null
  /** guichet: attributes of the element, those that are expressions evaluated. */
  attributes?: Record<string, string>
}
