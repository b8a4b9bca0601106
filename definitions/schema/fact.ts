import { z } from 'zod'
import { ApprovalDecision, ApprovalVia } from './approval.ts'
import { Json, Variables } from './json.ts'
import { TicketOpening } from './ticket.ts'
import { linkFactShape, watcherFactShape } from './ticket-link.ts'

/**
 * A fact: one thing that happened, append-only. Projections, history, metrics and exports are made of facts and
 * nothing else. `at` is UTC epoch milliseconds. A stream (a ticket, `definition/<kind>/<id>`, `person/<id>`, `desk`) numbers
 * its facts 1, 2, 3, ... without a gap; the store chains them by hash.
 */
const base = { at: z.number() }
const el = { elementId: z.string() }
/** `key` names one activation of an element (`e12`); `waitId` is the key of the activation that waits. */
const keyed = { ...el, key: z.string() }
const wait = { ...el, waitId: z.string() }
const f = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) => z.object({ type: z.literal(type), ...base, ...shape })

/** Engine facts: what the token game did. */
export const EngineFact = z.discriminatedUnion('type', [
  f('instanceStarted', { processId: z.string(), startElementId: z.string().nullable() }),
  f('elementActivated', {
    ...keyed,
    elementType: z.string(),
    parentKey: z.string().nullable(),
    /** guichet: attributes of the element */ attributes: z.record(z.string(), z.string()).optional(),
  }),
  f('elementCompleted', { ...keyed, elementType: z.string() }),
  f('elementTerminated', { ...keyed, elementType: z.string() }),
  f('flowTaken', { flowId: z.string() }),
  f('variableChanged', { scopeKey: z.string(), isRoot: z.boolean(), name: z.string(), from: Json, to: Json }),
  f('taskOpened', {
    ...wait,
    name: z.string(),
    formId: z.string().nullable(),
    assignee: z.string().nullable(),
    candidateGroups: z.array(z.string()),
    candidateUsers: z.array(z.string()),
    dueAt: z.number().nullable(),
    /** guichet: attributes of the element, those that are expressions evaluated */ attributes: z.record(z.string(), z.string()).optional(),
  }),
  f('taskAssigned', { ...wait, from: z.string().nullable(), to: z.string().nullable() }),
  f('taskCompleted', { ...wait, values: Variables }),
  f('taskCanceled', { ...wait }),
  f('timerScheduled', { ...wait, dueAt: z.number() }),
  f('timerFired', { ...wait, dueAt: z.number(), /** how late, ms */ lateMs: z.number() }),
  f('timerCanceled', { ...wait }),
  f('subscriptionOpened', {
    ...wait,
    kind: z.enum(['message', 'signal', 'conditional']),
    name: z.string(),
    correlationKey: z.string().nullable(),
  }),
  f('subscriptionClosed', { ...wait }),
  f('messageCorrelated', { ...wait, name: z.string(), messageId: z.string().nullable() }),
  f('messageThrown', { ...el, name: z.string(), correlationKey: z.string().nullable() }),
  f('signalThrown', { elementId: z.string().nullable(), name: z.string() }),
  f('errorThrown', { ...el, code: z.string(), caughtBy: z.string().nullable(), message: z.string().optional() }),
  f('escalationThrown', { elementId: z.string().nullable(), code: z.string(), caughtBy: z.string().nullable() }),
  f('jobRequested', { ...wait, jobType: z.string() }),
  f('jobCompleted', { ...wait, jobType: z.string() }),
  f('jobFailed', { ...wait, jobType: z.string(), code: z.string().nullable(), message: z.string() }),
  f('decisionEvaluated', {
    ...el,
    decisionId: z.string(),
    inputs: Json,
    /** 1-based rows that fired */ rows: z.array(z.int()),
    ruleIds: z.array(z.string()),
    outputs: Json,
  }),
  f('compensationTriggered', { ...el, targets: z.array(z.string()) }),
  f('stalled', { ...keyed, code: z.string(), message: z.string() }),
  f('stallResolved', { ...keyed, code: z.string() }),
  f('instanceModified', { canceled: z.array(z.string()), started: z.array(z.string()) }),
  f('instanceMigrated', {
    fromHash: z.string(),
    toHash: z.string(),
    /** Old element id to new element id. */
    mapping: z.record(z.string(), z.string()),
    fromVersion: z.int().optional(),
    toVersion: z.int().optional(),
    /** What holds a token now, under its new element. */
    elements: z.array(z.object(keyed)).optional(),
    /** The open tasks as they now are; they keep their wait id, assignee and due date. */
    tasks: z
      .array(
        z.object({
          ...wait,
          name: z.string(),
          formId: z.string().nullable(),
          candidateGroups: z.array(z.string()),
          candidateUsers: z.array(z.string()),
          attributes: z.record(z.string(), z.string()).optional(),
        }),
      )
      .optional(),
  }),
  f('instanceCompleted', {}),
  f('instanceCanceled', { reason: z.string() }),
])
export type EngineFact = z.infer<typeof EngineFact>

/** What a clock says, whole. */
export const ClockOutcome = z.object({
  state: z.enum(['running', 'paused', 'met', 'breached', 'canceled']),
  policyId: z.string(),
  policyVersion: z.int(),
  calendarId: z.string(),
  calendarVersion: z.int(),
  targetMs: z.number(),
  startedAt: z.number(),
  dueAt: z.number().nullable(),
  elapsedBusinessMs: z.number(),
  stoppedAt: z.number().nullable(),
  breachedAt: z.number().nullable(),
  ownedMs: z.record(z.string(), z.number()),
  kind: z.enum(['sla', 'ola', 'uc']),
  groupId: z.string().nullable(),
  name: z.object({ fr: z.string(), en: z.string() }).nullable(),
})
export type ClockOutcome = z.infer<typeof ClockOutcome>

/** Desk facts: what the service desk's rules made of it. */
const clock = { clockId: z.string(), metric: z.string() }
export const DeskFact = z.discriminatedUnion('type', [
  f('ticketOpened', { opening: TicketOpening }),
  f('ticketChanged', { field: z.string(), from: Json, to: Json }),
  f('messageAdded', {
    messageId: z.string(),
    visibility: z.enum(['public', 'internal']),
    direction: z.enum(['in', 'out']),
    authorId: z.string().nullable(),
    channel: z.string(),
    sha256: z.string(),
  }),
  f('clockStarted', {
    ...clock,
    policyId: z.string(),
    policyVersion: z.int(),
    calendarId: z.string(),
    calendarVersion: z.int(),
    targetMs: z.number(),
    dueAt: z.number(),
    isPaused: z.boolean(),
    kind: z.enum(['sla', 'ola', 'uc']).optional(),
    name: z.object({ fr: z.string(), en: z.string() }).optional(),
    /** Whose clock it is, or who had the ticket. */
    groupId: z.string().nullable().optional(),
    supplierId: z.string().optional(),
    /** It runs on the policy's calendar because its group, or its contract, has none of its own. */
    isCalendarFallback: z.boolean().optional(),
    /** It counts from before its start: since when, and the business ms until then. */
    countedFrom: z.number().optional(),
    elapsedBusinessMs: z.number().optional(),
  }),
  f('clockPaused', {
    ...clock,
    reason: z.string(),
    remainingBusinessMs: z.number(),
    owner: z.string().optional(),
    /** When the clock runs on though the reason lasts. */
    capAt: z.number().nullable().optional(),
  }),
  f('clockResumed', { ...clock, dueAt: z.number() }),
  f('clockRetargeted', { ...clock, fromTargetMs: z.number(), targetMs: z.number(), dueAt: z.number() }),
  f('clockThresholdReached', { ...clock, percent: z.number(), lateMs: z.number() }),
  f('clockBreached', {
    ...clock,
    lateMs: z.number(),
    /** business ms owned per group until now */ ownedMs: z.record(z.string(), z.number()),
  }),
  f('clockStopped', { ...clock, isMet: z.boolean(), elapsedBusinessMs: z.number() }),
  f('clockCanceled', { ...clock }),
  f('notificationRequested', { key: z.string(), template: z.string(), to: z.string(), locale: z.string() }),
  f('surveyAnswered', { score: z.int().min(1).max(5), comment: z.string() }),
  f('definitionDeployed', { kind: z.string(), id: z.string(), version: z.int(), hash: z.string() }),
  f('recordChanged', { noun: z.string(), id: z.string(), field: z.string(), from: Json, to: Json }),
  f('approvalDecided', {
    ...wait,
    /** What is approved: the task's `guichet:approval`. */
    subject: z.string(),
    /** Who was asked. */
    approverId: z.string(),
    /** Who decided: the approver, or one who may decide for him. */
    decidedById: z.string(),
    /** By which delegation; null: the approver himself. */
    delegationId: z.string().nullable(),
    decision: ApprovalDecision,
    comment: z.string(),
    via: ApprovalVia,
  }),
  f('knownErrorApplied', { knownErrorId: z.uuid(), number: z.string(), version: z.int(), title: z.string() }),
  f('approvalReassigned', { ...wait, subject: z.string(), from: z.string().nullable(), to: z.string().nullable(), reason: z.string() }),
  f('imported', { source: z.string(), reference: z.string(), line: z.int() }),
  f('ticketLinked', linkFactShape),
  f('ticketUnlinked', linkFactShape),
  f('watcherAdded', watcherFactShape),
  f('watcherRemoved', watcherFactShape),
  /** A pause lasted as long as it may: the clock runs on since `resumedAt`. */
  f('clockPauseCapped', {
    ...clock,
    reason: z.string(),
    owner: z.string().optional(),
    resumedAt: z.number(),
    dueAt: z.number(),
    lateMs: z.number(),
  }),
  /** An operator put open clocks on other versions of their policies and calendars. */
  f('policiesChanged', {
    fromHash: z.string(),
    toHash: z.string(),
    operationId: z.string(),
    reason: z.string(),
    versions: z.array(z.object({ kind: z.enum(['sla', 'calendar']), id: z.string(), from: z.int().nullable(), to: z.int().nullable() })),
  }),
  /** A clock as it is under the versions it was put on; null: it had not been, or is no more. */
  f('clockRecomputed', { ...clock, from: ClockOutcome.nullable(), to: ClockOutcome.nullable() }),
])
export type DeskFact = z.infer<typeof DeskFact>

export const Fact = z.union([EngineFact, DeskFact])
export type Fact = EngineFact | DeskFact
export type FactType = Fact['type']
export type FactOf<T extends FactType> = Extract<Fact, { type: T }>

/** A fact as stored and served: numbered, attributed, chained. `hash` = sha256(prevHash + canonical JSON of the rest), hex. */
export interface RecordedFact {
  streamId: string
  sequence: number
  fact: Fact
  actorId: string
  recordedAt: number
  prevHash: string
  hash: string
}
