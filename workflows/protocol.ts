/**
 * Names and payloads of what a ticket's workflow answers to. The workflow id is the ticket's id.
 * Updates are validated before they are accepted: a refusal leaves no trace in the history.
 */
import type { ApprovalVia } from '#schema/approval'
import type { Occurrence } from '#engine/contract'
import type { Variables } from '#schema/json'
import type { Actor } from '#schema/role'
import type { TicketOpening } from '#schema/ticket'
import type { LinkNote, WatcherNote } from '#schema/ticket-link'
import type { PolicyChange } from '#domain/recompute'
import type { Effect, OpenTask } from '#engine/contract'
import type { EngineState } from '#engine/state'

export const workflowType = 'processInstance'
export const taskQueue = 'guichet'

/** First and only argument of the workflow; the same shape carries the state over continue-as-new. */
export interface InstanceInput {
  /** Ticket id = stream id = workflow id. */
  ticketId: string
  processId: string
  processVersion: number
  /** The bundle (model, decisions, policies, calendars, forms), content-addressed. */
  bundleHash: string
  /** Null: the process is no ticket's; `start` says what it begins with. */
  opening: TicketOpening | null
  /** Absent: from the none start event, with the ticket's fields. */
  start?: InstanceStart
  openedAt: number
  /** Facts already in the stream (the opening); the instance's first fact gets the next number. */
  sequence: number
  /** Compressed time, for demonstrations: instance time = start + (real time - origin) * rate. Absent: real time. */
  clock?: { originReal: number; startAt: number; rate: number }
  /** Continue as new after this many history events, besides when the server suggests it. Absent: only then. */
  continueAfterEvents?: number
  /** Set by continue-as-new only. Opaque to callers. */
  carried?: unknown
}

export interface InstanceStart {
  variables: Variables
  /** The start event that was triggered; null: the none start event. */
  elementId: string | null
  startedById: string
  /** The message or signal that triggered it. */
  occurrence?: Occurrence
}

/** Every update's argument. `key`: the caller's idempotency key; a repeated key returns the first result. */
export interface Command<P> {
  actor: Actor
  key: string
  payload: P
}

export interface UpdateResult {
  /** Number of the last fact flushed by this update. */
  sequence: number
  openTasks: OpenTask[]
  isEnded: boolean
}

/** From which version of its process to which an instance moves. */
export interface InstanceMove {
  /** Refused when the instance runs another one (by now). */
  fromVersion: number
  toVersion: number
  /** Content hash of the new bundle. */
  toHash: string
  /** Old element id to new element id; see engine/migration/mapping.ts. */
  mapping: Record<string, string>
  /** Timers whose expression changed start anew; else every timer keeps its instant. */
  retimesTimers: boolean
}

export interface Updates {
  /** `via`: where an approval was decided. */
  completeTask: { waitId: string; variables: Variables; via?: ApprovalVia }
  /** null: release. An agent may take for himself; a group member may hand to a member. */
  assignTask: { waitId: string; assigneeId: string | null; reason?: string }
  /** Edit ticket fields outside a task. */
  changeTicket: { fields: Variables }
  /**
   * A conversation message already stored under `messageId`. From the requester it also publishes the BPMN message `requesterReplied`,
   * from an agent (public) `agentReplied`; one that nobody waits for is only recorded.
   */
  addMessage: { messageId: string; visibility: 'public' | 'internal'; direction: 'in' | 'out'; channel: string; sha256: string }
  /** Correlate a BPMN message to this instance (confirm, reopen, cancel by the requester, survey answer). Refused when nothing waits for it. */
  publishMessage: { name: string; variables: Variables; messageId?: string }
  answerSurvey: { score: number; comment: string }
  retryStall: { key: string; variables: Variables }
  setVariables: { variables: Variables; scopeKey?: string }
  cancelInstance: { reason: string }
  /** From the outbox: a message for one subscription, or a broadcast. Refused when nothing waits for it (any more). */
  correlate: Delivery
  /** Cancel these activations, start tokens at these elements. Refused as a whole. */
  modifyInstance: { cancel: string[]; start: { elementId: string; variables: Variables }[] }
  /** Go on in another version of the process. Its bundle comes as the update's second argument, by claim check. Refused as a whole. */
  migrateInstance: InstanceMove
  /** Go on under other versions of the service level policies and calendars, with the clocks as recomputed. Bundle as for `migrateInstance`. */
  changePolicies: PolicyChange
  /** One side of a link, decided already (activities/store/ticket/ticket-links.ts). A duplicate also hears `markedDuplicate`. */
  linkTicket: LinkNote
  unlinkTicket: LinkNote
  /** A known error helps: its workaround becomes the incident's. */
  applyKnownError: { knownErrorId: string; number: string; version: number; title: string; workaround: string }
  watchTicket: WatcherNote
  unwatchTicket: WatcherNote
  /** A worker of the customer's has done a job that was offered to it. */
  completeJob: { waitId: string; variables: Variables }
  /** It could not, and will not try again: with `errorCode` a BPMN error, else a stall. */
  failJob: { waitId: string; message: string; errorCode?: string; variables?: Variables }
}
export type UpdateName = keyof Updates
export const updateNames = [
  'completeTask',
  'assignTask',
  'changeTicket',
  'addMessage',
  'publishMessage',
  'answerSurvey',
  'retryStall',
  'setVariables',
  'cancelInstance',
  'correlate',
  'modifyInstance',
  'migrateInstance',
  'changePolicies',
  'linkTicket',
  'unlinkTicket',
  'applyKnownError',
  'watchTicket',
  'unwatchTicket',
  'completeJob',
  'failJob',
] as const satisfies readonly UpdateName[]

/** Query `snapshot`: the live token view. */
export interface InstanceSnapshot {
  sequence: number
  isEnded: boolean
  openTasks: OpenTask[]
  /** Activations that hold a token now, by element. */
  active: { key: string; elementId: string; since: number }[]
  stalls: { key: string; elementId: string; code: string; message: string }[]
  variables: Variables
}
export const snapshotQuery = 'snapshot'

/** Query `engineState`: all that a dry run of a migration needs. */
export interface InstanceState {
  engine: EngineState
  bundleHash: string
  processVersion: number
}
export const stateQuery = 'engineState'

/** Refusals travel as an ApplicationFailure of this type, non-retryable, details [{ code, message, elementId? }]. */
export const refusalType = 'GuichetRefusal'

/** The one local activity of an interaction. Idempotent on (streamId, sequence). */
export interface FlushInput {
  streamId: string
  /** Number of the first fact of `facts`. */
  fromSequence: number
  actorId: string
  facts: { actorId: string; fact: unknown }[]
  /** New live snapshot for the `instance` projection (active elements, stalls, status). */
  snapshot: { active: InstanceSnapshot['active']; stalls: InstanceSnapshot['stalls']; isEnded: boolean }
  /** What led to the facts, in order: kept beside them, for a workflow task that is lost after its flush. */
  stimuli?: unknown[]
}

/** Under these numbers the stream holds other facts, of a workflow task that was lost: what led to those, in order. Absent: all is stored. */
export interface FlushConflict {
  recorded: unknown[]
}

/** Local activity that answers with a bundle, by claim check: the history holds its hash. */
export const loadBundleActivity = 'loadBundle'

/**
 * Workflow signal: the ledger holds facts of this stream up to `sequence`. An instance that knows of fewer lost a workflow task after its
 * flush, and nobody is left to repeat what led to it: it asks the ledger, and catches up.
 */
export const catchUpSignal = 'catchUp'
export interface CatchUp {
  sequence: number
}

/** Argument of the activity `runTask`: a service, send or external business rule task. */
export interface TaskCall {
  ticketId: string
  waitId: string
  elementId: string
  jobType: string
  headers: Record<string, string>
  input: Variables
  /** The same for every attempt at this wait: what was done under it once is not done again. */
  idempotencyKey: string
  /** Number of this attempt of the engine's at the wait (a stall that is retried counts), and how often a worker may try. */
  attempt?: number
  retries?: number
}

/** What `runTask` answers when the desk has no handler: the job is offered to the customer's workers, and an update will end it. */
export const offeredToWorkers = { 'guichet:offeredToWorkers': true } as const

/** A task handler's failure of this type (details [errorCode]) is a BPMN error, for the diagram to catch; any other is retried, then a stall. */
export const bpmnErrorType = 'BpmnError'

/** Argument of the activity `publish`: a thrown message or signal, for the other instances. */
export interface PublishInput {
  fromTicketId: string
  effect: Extract<Effect, { type: 'publishMessage' | 'publishSignal' }>
}

/** Workflow signal that brings a message or broadcast from another instance; one that nobody waits for is dropped. */
export const deliverSignal = 'deliver'
export type Delivery =
  | { type: 'message'; name: string; variables: Variables; correlationKey: string | null; messageId: string; waitId?: string }
  | { type: 'signal'; name: string; variables: Variables }
