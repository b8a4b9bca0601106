import { z } from 'zod'

/** Change enablement (ITIL 4): what a change, a template, a window and a board meeting are. A change itself is a ticket; its plan lives in the process's root variables. */

export const ChangeType = z.enum(['standard', 'normal', 'emergency'])
export type ChangeType = z.infer<typeof ChangeType>
/** The diagram that each type lives on. */
export const changeProcess: Record<ChangeType, string> = {
  standard: 'change-standard',
  normal: 'change-normal',
  emergency: 'change-emergency',
}

/** 1 low, 2 moderate, 3 high, 4 very high. */
export const RiskLevel = z.int().min(1).max(4)

/** How a change ended: the ticket's resolution code. */
export const ChangeOutcome = z.enum(['successful', 'successfulWithIssues', 'failed', 'backedOut', 'canceled'])
export type ChangeOutcome = z.infer<typeof ChangeOutcome>
/** Outcomes that count as success, and those that count at all: a change that was never made is neither. */
export const goodOutcomes: readonly ChangeOutcome[] = ['successful', 'successfulWithIssues']
export const countedOutcomes: readonly ChangeOutcome[] = ['successful', 'successfulWithIssues', 'failed', 'backedOut']

const Ids = z.array(z.string().min(1).max(100)).max(200)
const Instant = z.iso.datetime({ offset: true })
/** Wall time without a zone: 2026-12-24T18:00. */
export const WallTime = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/)

/** The root variables of a change's process, beside the ticket's fields. */
export const ChangeVariables = z.object({
  changeType: ChangeType,
  templateId: z.string().nullable(),
  justification: z.string().max(10_000).nullable(),
  ciIds: Ids,
  /** Changes (ticket ids) that must be finished before this one begins. */
  dependsOn: Ids,
  plannedStart: Instant.nullable(),
  plannedEnd: Instant.nullable(),
  implementerId: z.string().nullable(),
  implementationPlan: z.string().max(20_000).nullable(),
  backoutPlan: z.string().max(20_000).nullable(),
  risk: RiskLevel.nullable(),
  riskCalculated: RiskLevel.nullable(),
  riskQuestionnaire: RiskLevel.nullable(),
})
export type ChangeVariables = z.infer<typeof ChangeVariables>

/** What a window is about: everything, some services, or some configuration items (with what they contain). */
export const ChangeScope = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('everything') }),
  z.strictObject({ type: z.literal('services'), services: Ids.min(1) }),
  z.strictObject({ type: z.literal('cis'), ciIds: Ids.min(1) }),
])
export type ChangeScope = z.infer<typeof ChangeScope>

export const WindowKind = z.enum(['maintenance', 'blackout'])
export type WindowKind = z.infer<typeof WindowKind>

/**
 * A maintenance window (changes belong inside) or a blackout (no change may be implemented). `startsAt` and `endsAt` are the first
 * occurrence on the wall of `timeZone`; `rule` repeats it: an RRULE (RFC 5545) of DAILY, WEEKLY, MONTHLY or YEARLY, null for once.
 */
export const WindowDraft = z.strictObject({
  kind: WindowKind,
  name: z.string().trim().min(1).max(200),
  reason: z.string().trim().max(2000).default(''),
  timeZone: z.string().max(100).default('Europe/Paris'),
  startsAt: WallTime,
  endsAt: WallTime,
  rule: z.string().max(300).nullable().default(null),
  scope: ChangeScope,
})
export type WindowDraft = z.infer<typeof WindowDraft>
export const ChangeWindow = WindowDraft.extend({ id: z.string() })
export type ChangeWindow = z.infer<typeof ChangeWindow>

/** A pre-approved way of doing a routine change. Withdrawn by itself after `maxFailures` failures within `failureDays`. */
export const TemplateDraft = z.strictObject({
  name: z.string().trim().min(3).max(200),
  nameEn: z.string().trim().max(200).default(''),
  description: z.string().trim().max(10_000).default(''),
  category: z.string().max(100).nullable().default(null),
  service: z.string().max(100).nullable().default(null),
  groupId: z.string().max(100).nullable().default(null),
  ciIds: Ids.default([]),
  risk: RiskLevel.default(1),
  durationMinutes: z
    .int()
    .min(5)
    .max(7 * 1440)
    .default(60),
  steps: z.array(z.string().trim().min(1).max(1000)).max(50),
  backoutPlan: z.string().trim().max(10_000).default(''),
  maxFailures: z.int().min(1).max(20).default(2),
  failureDays: z.int().min(1).max(730).default(180),
})
export type TemplateDraft = z.infer<typeof TemplateDraft>
export const TemplateState = z.enum(['active', 'withdrawn'])
export const ChangeTemplate = TemplateDraft.extend({
  id: z.string(),
  version: z.int(),
  state: TemplateState,
  withdrawnReason: z.string().nullable(),
})
export type ChangeTemplate = z.infer<typeof ChangeTemplate>

export const CabDecision = z.enum(['approved', 'rejected', 'deferred'])
export type CabDecision = z.infer<typeof CabDecision>
/** A meeting of the change advisory board. `quorum`: how many members must be there for its decisions to stand. */
export const MeetingDraft = z.strictObject({
  title: z.string().trim().min(1).max(200),
  startsAt: Instant,
  endsAt: Instant,
  location: z.string().trim().max(300).default(''),
  chairId: z.string().min(1).max(100),
  memberIds: Ids.min(1),
  quorum: z.int().min(1).max(200),
  /** Changes (id) in the order in which the board takes them; absent: as it was. */
  agendaOrder: Ids.optional(),
  /** General minutes, as far as they are written; absent: as they were. */
  notes: z.string().trim().max(20_000).optional(),
})
export type MeetingDraft = z.infer<typeof MeetingDraft>
export const MeetingState = z.enum(['planned', 'held', 'canceled'])

/** Why a time does not suit a change. `blocking` ones cannot be accepted away. */
export const ConflictKind = z.enum([
  'sameCi',
  'relatedCi',
  'sameWindow',
  'outsideMaintenance',
  'insideBlackout',
  'implementerBusy',
  'dependencyOverlap',
  'dependencyUnfinished',
])
export type ConflictKind = z.infer<typeof ConflictKind>
export const blockingConflicts: readonly ConflictKind[] = ['insideBlackout', 'dependencyOverlap', 'dependencyUnfinished']
export const ConflictView = z.object({
  kind: ConflictKind,
  isBlocking: z.boolean(),
  /** The other change, by id and number. */
  change: z.object({ id: z.string(), number: z.string() }).nullable(),
  window: z.object({ id: z.string(), name: z.string() }).nullable(),
  ciIds: z.array(z.string()),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
})
export type ConflictView = z.infer<typeof ConflictView>
