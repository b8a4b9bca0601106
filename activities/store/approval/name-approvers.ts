/** Who is asked to decide, and until when: one rule for every process. */
import { chooseApprovers, chooseFromGroup, isQuorumReachable, type Replacement } from '#domain/approval'
import { businessDeadline } from '#domain/calendar'
import type { Variables } from '#schema/json'
import type { Db } from '../database.ts'
import { latestCalendar, usualCalendarId } from '../record/on-call.ts'
import { membersOf, peopleById } from './approvals.ts'

/** Who is asked at first. */
export type Asked = { by: 'people'; ids: string[] } | { by: 'group'; groupId: string } | { by: 'managerOf'; personId: string }

export interface Naming {
  asked: Asked
  /** None of them decides. */
  interested: readonly string[]
  quorum: unknown
  /** Group that decides when nobody else may. */
  fallback: string
}
export type Named =
  | { ok: true; approvers: string[]; quorum: number; replaced: Replacement[] }
  | { ok: false; problem: 'noApprover' }
  | { ok: false; problem: 'quorumUnreachable'; voters: number }

export async function nameApprovers(db: Db, { asked, interested, quorum, fallback }: Naming): Promise<Named> {
  const people = await peopleById(db)
  const others = membersOf(fallback, people)
  const ids = asked.by === 'people' ? asked.ids : asked.by === 'managerOf' ? [people.get(asked.personId)?.managerId ?? ''] : []
  const { approvers, replaced } =
    asked.by === 'group'
      ? chooseFromGroup(membersOf(asked.groupId, people), interested, people, others)
      : chooseApprovers(ids, interested, people, others)
  if (approvers.length === 0) return { ok: false, problem: 'noApprover' }
  if (typeof quorum !== 'number' || !isQuorumReachable(quorum, approvers.length))
    return { ok: false, problem: 'quorumUnreachable', voters: approvers.length }
  return { ok: true, approvers, quorum, replaced }
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** The calendar that a ticket's deadlines are counted in: the one named, the requester's site's, the service's, else the desk's. */
export async function deadlineCalendar(db: Db, variables: Variables) {
  const { approvalCalendar, siteCalendarId, serviceCalendarId } = variables
  for (const id of [approvalCalendar, siteCalendarId, serviceCalendarId, usualCalendarId].map(textOf)) {
    const calendar = id === null ? null : await latestCalendar(db, id)
    if (calendar) return calendar
  }
  return null
}

/** When so much working time has passed (`P3D`, `PT4H`); null: it is no such duration. Wall time where the desk has no calendar. */
export async function deadlineAfter(
  db: Db,
  variables: Variables,
  at: number,
  duration: string,
): Promise<{ dueAt: number; calendarId: string } | null> {
  const calendar = await deadlineCalendar(db, variables)
  const dueAt = businessDeadline(calendar, at, duration)
  return dueAt === null ? null : { dueAt, calendarId: calendar?.id ?? usualCalendarId }
}
