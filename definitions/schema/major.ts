/** Major incidents as their board and the status page show them. */
import { z } from 'zod'
import { Priority } from './ticket.ts'

const Instant = z.iso.datetime()
/** candidate → running → review → closed; or refused, or downgraded. */
export const MajorState = z.enum(['candidate', 'running', 'review', 'closed', 'refused', 'downgraded'])
export type MajorState = z.infer<typeof MajorState>

/** What a communication says of where the matter stands. */
export const UpdateLevel = z.enum(['investigating', 'identified', 'monitoring', 'restored', 'downgrade'])
export type UpdateLevel = z.infer<typeof UpdateLevel>
export const Severity = z.enum(['outage', 'degraded'])
export type Severity = z.infer<typeof Severity>

const Bilingual = z.object({ fr: z.string(), en: z.string() })
export const StatusUpdate = z.object({ at: Instant, level: UpdateLevel, text: Bilingual })
export type StatusUpdate = z.infer<typeof StatusUpdate>

const Person = z.object({ id: z.string(), name: z.string() })
export const MajorView = z.object({
  id: z.string(),
  number: z.string(),
  title: z.string(),
  state: MajorState,
  service: z.string().nullable(),
  priority: Priority.nullable(),
  openedAt: Instant,
  endedAt: Instant.nullable(),
  commander: Person.nullable(),
  communicationLead: Person.nullable(),
  /** Incidents attached to it: in all, and still open. */
  childCount: z.int(),
  openChildCount: z.int(),
  updateCount: z.int(),
  lastUpdateAt: Instant.nullable(),
  /** When the next communication is due; in the past: it is due now. Null: none is. */
  nextUpdateAt: Instant.nullable(),
  reviewDueAt: Instant.nullable(),
})
export type MajorView = z.infer<typeof MajorView>

export const PublicMajor = z.object({
  number: z.string(),
  title: Bilingual,
  service: z.string().nullable(),
  severity: Severity,
  /** Of the last communication; investigating before the first. */
  level: UpdateLevel,
  startedAt: Instant,
  endedAt: Instant.nullable(),
  /** Newest first. */
  updates: z.array(StatusUpdate),
  /** The caller's own incident that is attached to it. */
  ownNumber: z.string().nullable(),
})
export type PublicMajor = z.infer<typeof PublicMajor>
export const StatusPage = z.object({ at: Instant, current: z.array(PublicMajor), history: z.array(PublicMajor) })
export type StatusPage = z.infer<typeof StatusPage>
