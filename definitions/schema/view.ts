/** What the API answers with: the read side, shared by api/ and ui/. Instants are ISO 8601 UTC strings; `...Ms` are milliseconds. */
import { z } from 'zod'
import { Json, Variables } from './json.ts'
import { Form } from './form.ts'
import { Role } from './role.ts'
import { PolicyKind } from './sla.ts'
import { ChannelId, TicketFields, TicketKind, TicketStatus } from './ticket.ts'

const Instant = z.iso.datetime()
export const Page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable(), total: z.int().optional() })

export const PersonRef = z.object({ id: z.string(), name: z.string() })
export const PersonView = PersonRef.extend({
  email: z.string(),
  locale: z.enum(['fr', 'en']),
  roles: z.array(Role),
  groups: z.array(z.string()),
  isVip: z.boolean(),
})
export type PersonView = z.infer<typeof PersonView>
export const GroupView = z.object({ id: z.string(), name: z.string(), members: z.array(PersonRef) })
export type GroupView = z.infer<typeof GroupView>

export const ClockView = z.object({
  clockId: z.string(),
  metric: z.string(),
  state: z.enum(['running', 'paused', 'met', 'breached', 'canceled']),
  /** A running clock past its due instant is `breached` even before it stops. */
  startedAt: Instant,
  dueAt: Instant.nullable(),
  stoppedAt: Instant.nullable(),
  targetMs: z.number(),
  remainingBusinessMs: z.number().nullable(),
  elapsedBusinessMs: z.number().nullable(),
  percent: z.number(),
  kind: PolicyKind,
  /** Where the metric does not say what it measures. */
  name: z.object({ fr: z.string(), en: z.string() }).nullable(),
  /** ola: whose clock it is. */
  group: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** Why it stands still, through whom, and until when at most. */
  pause: z.object({ reason: z.string(), owner: z.string().nullable(), capAt: Instant.nullable() }).nullable(),
  /** The hours that count for it; null: not deployed any more. */
  calendar: z
    .object({
      name: z.object({ fr: z.string(), en: z.string() }),
      /** The policy's, because its group or its contract has none. */
      isFallback: z.boolean(),
      /** Out of hours now: when it counts again. */
      opensAt: Instant.nullable(),
    })
    .nullable(),
  breachedAt: Instant.nullable(),
  /** By how much business time the breach was noticed late. */
  lateMs: z.number().nullable(),
  /** Business ms until the breach, by the group that had the ticket. */
  owned: z.array(z.object({ id: z.string(), name: z.string(), ms: z.number() })),
})
export type ClockView = z.infer<typeof ClockView>

export const TicketRow = TicketFields.pick({
  title: true,
  status: true,
  impact: true,
  urgency: true,
  priority: true,
  category: true,
  service: true,
}).extend({
  id: z.string(),
  number: z.string(),
  kind: TicketKind,
  channel: ChannelId,
  /** Configuration item that it is about. */
  ci: z.object({ id: z.string(), code: z.string(), name: z.string() }).nullable(),
  /** Null before any desk is set up. */
  desk: z.object({ id: z.string(), name: z.object({ fr: z.string(), en: z.string() }) }).nullable(),
  requester: PersonRef,
  /** The requester is a VIP. */
  isVip: z.boolean(),
  /** A major incident, or a candidate. */
  isMajor: z.boolean(),
  assignee: PersonRef.nullable(),
  group: z.object({ id: z.string(), name: z.string() }).nullable(),
  openedAt: Instant,
  updatedAt: Instant,
  resolvedAt: Instant.nullable(),
  closedAt: Instant.nullable(),
  reopenCount: z.int(),
  isStalled: z.boolean(),
  isImported: z.boolean(),
  /** The clock that comes due first, for the countdown. */
  nextClock: ClockView.nullable(),
  openTaskCount: z.int(),
})
export type TicketRow = z.infer<typeof TicketRow>

export const TaskView = z.object({
  waitId: z.string(),
  ticketId: z.string(),
  elementId: z.string(),
  name: z.string(),
  /** What is to be approved; null: an ordinary task. */
  approval: z.string().nullable(),
  form: Form.nullable(),
  /** Current values of the form's keys, to fill it in. */
  values: Variables,
  assignee: PersonRef.nullable(),
  candidateGroups: z.array(z.object({ id: z.string(), name: z.string() })),
  openedAt: Instant,
  dueAt: Instant.nullable(),
  /** May the caller act on it? With the reason when not. */
  mayClaim: z.boolean(),
  mayComplete: z.boolean(),
  whyNot: z.string().nullable(),
})
export type TaskView = z.infer<typeof TaskView>

export const AttachmentView = z.object({ id: z.string(), name: z.string(), mediaType: z.string(), bytes: z.int() })
export const MessageView = z.object({
  id: z.string(),
  at: Instant,
  author: PersonRef.nullable(),
  authorAddress: z.string().nullable(),
  direction: z.enum(['in', 'out']),
  visibility: z.enum(['public', 'internal']),
  channel: ChannelId,
  text: z.string(),
  html: z.string().nullable(),
  attachments: z.array(AttachmentView),
})
export type MessageView = z.infer<typeof MessageView>

export const FactView = z.object({
  sequence: z.int(),
  at: Instant,
  recordedAt: Instant,
  type: z.string(),
  actor: PersonRef,
  elementId: z.string().nullable(),
  elementName: z.string().nullable(),
  fact: Json,
  hash: z.string(),
})
export type FactView = z.infer<typeof FactView>

export const TicketView = TicketRow.extend({
  description: z.string(),
  resolution: z.string().nullable(),
  resolutionCode: z.string().nullable(),
  pendingReason: z.string().nullable(),
  processId: z.string().nullable(),
  processVersion: z.int().nullable(),
  clocks: z.array(ClockView),
  tasks: z.array(TaskView),
  stalls: z.array(z.object({ key: z.string(), elementId: z.string(), code: z.string(), message: z.string() })),
  variables: Variables,
  /** Why it was routed and prioritised so: decision rows that fired, newest last. */
  decisions: z.array(z.object({ at: Instant, decisionId: z.string(), rows: z.array(z.int()), inputs: Json, outputs: Json })),
  /** What the caller may do now: reply, note, edit, confirm, reopen, cancel, answerSurvey, retry. */
  actions: z.array(z.string()),
  survey: z.object({ score: z.int(), comment: z.string() }).nullable(),
})
export type TicketView = z.infer<typeof TicketView>

export const DiagramView = z.object({
  processId: z.string(),
  version: z.int(),
  xml: z.string(),
  /** Per element: tokens now, times passed, total and current wall time spent. */
  elements: z.array(
    z.object({
      elementId: z.string(),
      tokens: z.int(),
      passed: z.int(),
      spentMs: z.number(),
      state: z.enum(['active', 'passed', 'terminated', 'stalled']),
    }),
  ),
  flows: z.array(z.object({ flowId: z.string(), taken: z.int() })),
})
export type DiagramView = z.infer<typeof DiagramView>

export const DefinitionRow = z.object({
  kind: z.enum(['process', 'decision', 'form', 'sla', 'calendar', 'template', 'catalogue']),
  id: z.string(),
  name: z.string(),
  version: z.int(),
  hash: z.string(),
  deployedAt: Instant,
  deployedBy: PersonRef,
  note: z.string(),
  openInstances: z.int(),
})
export type DefinitionRow = z.infer<typeof DefinitionRow>
export const DefinitionView = DefinitionRow.extend({
  source: z.string(),
  versions: z.array(z.object({ version: z.int(), deployedAt: Instant, deployedBy: PersonRef, note: z.string(), openInstances: z.int() })),
})
export type DefinitionView = z.infer<typeof DefinitionView>
export const DiagnosticView = z.object({
  elementId: z.string(),
  severity: z.enum(['error', 'warning']),
  code: z.string(),
  message: z.string(),
  /** What the message is about (a name, an expression), for those who write it in another language. */
  params: z.record(z.string(), z.string()).optional(),
})
export type DiagnosticView = z.infer<typeof DiagnosticView>

export const LedgerReport = z.object({
  isIntact: z.boolean(),
  streams: z.int(),
  facts: z.int(),
  seals: z.int(),
  checkedAt: Instant,
  /** Rows altered, missing or inserted: named. */
  breaks: z.array(
    z.object({
      streamId: z.string(),
      ticketNumber: z.string().nullable(),
      sequence: z.int(),
      kind: z.enum(['altered', 'missing', 'inserted', 'sealBroken']),
      detail: z.string(),
    }),
  ),
})
export type LedgerReport = z.infer<typeof LedgerReport>

export const FiguresView = z.object({
  total: z.int(),
  byStatus: z.array(z.object({ status: TicketStatus, count: z.int() })),
  byPriority: z.array(z.object({ priority: z.int().nullable(), count: z.int() })),
  mttr: z.object({ count: z.int(), medianMs: z.number().nullable(), p90Ms: z.number().nullable(), meanMs: z.number().nullable() }),
  reopenRate: z.object({ resolved: z.int(), reopened: z.int(), rate: z.number().nullable() }),
  firstContact: z.object({ solved: z.int(), solvable: z.int(), all: z.int(), net: z.number().nullable(), gross: z.number().nullable() }),
  slaAttainment: z.array(z.object({ metric: z.string(), met: z.int(), breached: z.int(), rate: z.number().nullable() })),
  slaByPolicy: z.array(
    z.object({
      kind: PolicyKind,
      policyId: z.string(),
      policyVersion: z.int(),
      metric: z.string(),
      met: z.int(),
      breached: z.int(),
      rate: z.number().nullable(),
    }),
  ),
  groupTime: z.array(
    z.object({
      groupId: z.string(),
      name: z.string(),
      tickets: z.int(),
      met: z.int(),
      breached: z.int(),
      rate: z.number().nullable(),
      medianMs: z.number().nullable(),
      p90Ms: z.number().nullable(),
    }),
  ),
  breachTime: z.array(z.object({ groupId: z.string(), name: z.string(), tickets: z.int(), ownedMs: z.number() })),
  perDay: z.array(z.object({ day: z.iso.date(), opened: z.int(), resolved: z.int() })),
  /** Requests of the catalogue, by item. Delivery counts from approval, in wall time. */
  requestDelivery: z.array(
    z.object({
      itemId: z.string(),
      name: z.object({ fr: z.string(), en: z.string() }),
      asked: z.int(),
      delivered: z.int(),
      onTime: z.int(),
      onTimeRate: z.number().nullable(),
      rejected: z.int(),
      medianDeliveryMs: z.number().nullable(),
      p90DeliveryMs: z.number().nullable(),
      medianApprovalMs: z.number().nullable(),
    }),
  ),
  changeSuccess: z.array(
    z.object({ groupId: z.string(), name: z.string().nullable(), closed: z.int(), successful: z.int(), rate: z.number().nullable() }),
  ),
  changeEmergency: z.object({ changes: z.int(), emergencies: z.int(), share: z.number().nullable() }),
  /** Incidents linked to a change as caused by it. */
  changeIncidents: z.int(),
})
export type FiguresView = z.infer<typeof FiguresView>
/** The figures with what each is called and how it is computed, in the reader's language: one text for the number and its explanation. */
export const FiguresAnswer = FiguresView.extend({
  definitions: z.array(z.object({ id: z.string(), version: z.int(), title: z.string(), formula: z.string() })),
})
export type FiguresAnswer = z.infer<typeof FiguresAnswer>

export const MailView = z.object({
  id: z.string(),
  to: z.string(),
  subject: z.string(),
  template: z.string(),
  state: z.enum(['pending', 'collected', 'sent', 'failed', 'suppressed']),
  reason: z.string().nullable(),
  /** Why it did not go out (on its own): see SuppressionReason; `smtp`, `bounced` for what other servers said. */
  reasonCode: z.string().nullable(),
  attempts: z.int(),
  /** What the recipient's server said afterwards. */
  delivery: z.enum(['delivered', 'delayed', 'bounced']).nullable(),
  deliveryDetail: z.string().nullable(),
  digestDueAt: Instant.nullable(),
  number: z.string().nullable(),
  at: Instant,
  text: z.string(),
  html: z.string().nullable(),
  ticketId: z.string().nullable(),
})
export type MailView = z.infer<typeof MailView>
