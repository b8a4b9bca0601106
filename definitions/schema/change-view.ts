/** What the API answers about changes: the read side, shared by api/ and ui/. */
import { z } from 'zod'
import {
  CabDecision,
  ChangeOutcome,
  ChangeTemplate,
  ChangeType,
  ChangeWindow,
  ConflictView,
  MeetingState,
  RiskLevel,
  WindowKind,
} from './change.ts'
import { TicketStatus } from './ticket.ts'
import { PersonRef } from './view.ts'

const Instant = z.iso.datetime()
const GroupRef = z.object({ id: z.string(), name: z.string() })
export const CiRef = z.object({ id: z.string(), name: z.string() })

export const ChangeRowView = z.object({
  id: z.string(),
  number: z.string(),
  title: z.string(),
  type: ChangeType,
  status: TicketStatus,
  risk: RiskLevel.nullable(),
  service: z.string().nullable(),
  group: GroupRef.nullable(),
  requester: PersonRef,
  implementer: PersonRef.nullable(),
  plannedStart: Instant.nullable(),
  plannedEnd: Instant.nullable(),
  outcome: ChangeOutcome.nullable(),
  isUnauthorised: z.boolean(),
  /** Name of the step that it stands at, in the reader's language. */
  step: z.string().nullable(),
  openedAt: Instant,
})
export type ChangeRowView = z.infer<typeof ChangeRowView>

/** The part of a change's page that other tickets do not have. */
export const ChangeView = ChangeRowView.extend({
  cis: z.array(CiRef),
  dependsOn: z.array(z.object({ id: z.string(), number: z.string(), title: z.string(), status: TicketStatus })),
  templateName: z.string().nullable(),
  templateVersion: z.int().nullable(),
  durationMinutes: z.int().nullable(),
  justification: z.string().nullable(),
  implementationPlan: z.string().nullable(),
  testPlan: z.string().nullable(),
  backoutPlan: z.string().nullable(),
  riskCalculated: RiskLevel.nullable(),
  riskQuestionnaire: RiskLevel.nullable(),
  questionnaireScore: z.number().nullable(),
  /** Answers by question. */
  answers: z.record(z.string(), z.number()),
  team: z.object({ successRate: z.number().nullable(), changes: z.int(), recentFailures: z.int(), recentIncidents: z.int() }).nullable(),
  /** The latest round of votes, in order. */
  votes: z.array(z.object({ at: Instant, approver: PersonRef, decidedBy: PersonRef, decision: z.string(), comment: z.string() })),
  /** Asked and silent. */
  awaited: z.array(PersonRef),
  quorum: z.int().nullable(),
  session: z.object({ meetingId: z.string(), decision: CabDecision, minutes: z.string() }).nullable(),
  conflicts: z.array(ConflictView),
  freeze: z.object({ name: z.string(), until: Instant }).nullable(),
  /** May its plan still be moved, and is it being waited for? */
  mayEditPlan: z.boolean(),
  mayReschedule: z.boolean(),
  lessonsLearned: z.string().nullable(),
  /** Incidents that it caused. */
  causedIncidents: z.int(),
})
export type ChangeView = z.infer<typeof ChangeView>

export const SlotView = z.object({ from: Instant, to: Instant })
export const CheckView = z.object({ conflicts: z.array(ConflictView) })
export const NextSlotView = z.object({ slot: SlotView.nullable() })

export const OccurrenceView = z.object({
  windowId: z.string(),
  kind: WindowKind,
  name: z.string(),
  reason: z.string(),
  isEverything: z.boolean(),
  from: Instant,
  to: Instant,
})
export type OccurrenceView = z.infer<typeof OccurrenceView>
export const CalendarChangeView = ChangeRowView.extend({ hasConflict: z.boolean(), hasBlockingConflict: z.boolean() })
export type CalendarChangeView = z.infer<typeof CalendarChangeView>
export const CalendarView = z.object({ changes: z.array(CalendarChangeView), occurrences: z.array(OccurrenceView) })
export type CalendarView = z.infer<typeof CalendarView>

export const WindowView = ChangeWindow.extend({ version: z.int(), /** null: it is over. */ next: SlotView.nullable() })
export type WindowView = z.infer<typeof WindowView>

export const TemplateView = ChangeTemplate.extend({
  openChanges: z.int(),
  closedChanges: z.int(),
  successfulChanges: z.int(),
  /** Failures that count towards its withdrawal. */
  failures: z.int(),
})
export type TemplateView = z.infer<typeof TemplateView>

export const MeetingView = z.object({
  id: z.string(),
  version: z.int(),
  title: z.string(),
  startsAt: Instant,
  endsAt: Instant,
  location: z.string(),
  chair: PersonRef,
  members: z.array(PersonRef),
  quorum: z.int(),
  state: MeetingState,
  attendees: z.array(PersonRef),
  agendaOrder: z.array(z.string()),
  notes: z.string(),
})
export type MeetingView = z.infer<typeof MeetingView>
export const AgendaItemView = z.object({
  ticketId: z.string(),
  number: z.string(),
  title: z.string(),
  risk: RiskLevel.nullable(),
  plannedStart: Instant.nullable(),
  plannedEnd: Instant.nullable(),
  requester: PersonRef,
  implementer: PersonRef.nullable(),
  isWaiting: z.boolean(),
  decision: CabDecision.nullable(),
  minutes: z.string().nullable(),
  votes: z.array(z.object({ approver: PersonRef, decision: z.string() })),
})
export type AgendaItemView = z.infer<typeof AgendaItemView>
export const MeetingDetailView = MeetingView.extend({ agenda: z.array(AgendaItemView), mayDecide: z.boolean(), mayEdit: z.boolean() })
export type MeetingDetailView = z.infer<typeof MeetingDetailView>
