/** Who decides about a request: the rule's words made into people. */
import { quorumOf } from '#domain/catalogue'
import type { ApprovalRule, Approver } from '#schema/catalogue-item'
import type { ApprovalRound } from '#schema/request'
import { workingDaysAfter } from '../request/catalogue.ts'
import type { Db } from '../database.ts'
import { fallbackGroup } from './approvals.ts'

/** Where an approval goes when nobody else may give it. */
export const managersGroup = fallbackGroup

export interface AskedFor {
  requesterId: string
  ownerId: string
  entitlementId: string | null
  /** Whoever asked, or gains by it, is never asked to approve. */
  interested: readonly string[]
  /** Whose working days the deadlines are counted in; absent: the desk's. */
  calendarId?: string | undefined
}

const active = (db: Db) => db.selectFrom('person').select('person.id').where('person.isActive', '=', true).orderBy('person.id')
export const membersOf = async (db: Db, groupId: string): Promise<string[]> =>
  (await active(db).innerJoin('groupMember', 'groupMember.personId', 'person.id').where('groupMember.groupId', '=', groupId).execute()).map(
    ({ id }) => id,
  )

async function peopleOf(db: Db, approver: Approver, asked: AskedFor): Promise<string[]> {
  if (typeof approver === 'object') return 'group' in approver ? membersOf(db, approver.group) : [approver.person]
  if (approver === 'itemOwner') return [asked.ownerId]
  if (approver === 'entitlementOwner') {
    const row = await db
      .selectFrom('entitlement')
      .select('ownerId')
      .where('id', '=', asked.entitlementId ?? '')
      .executeTakeFirst()
    return row ? [row.ownerId] : []
  }
  const row = await db.selectFrom('person').select('managerId').where('id', '=', asked.requesterId).executeTakeFirst()
  return row?.managerId ? [row.managerId] : []
}

/** The people of a round, without whoever may not decide; the managers of the desk, any one of them, where nobody is left. */
async function roundPeople(db: Db, rule: ApprovalRule, asked: AskedFor): Promise<{ approvers: string[]; isReplaced: boolean }> {
  const named = (await Promise.all(rule.approvers.map((approver) => peopleOf(db, approver, asked)))).flat()
  const known = new Set(
    (
      await active(db)
        .where('person.id', 'in', named.length > 0 ? named : [''])
        .execute()
    ).map(({ id }) => id),
  )
  const may = (ids: readonly string[]) => [...new Set(ids)].filter((id) => !asked.interested.includes(id))
  const approvers = may(named).filter((id) => known.has(id))
  return approvers.length > 0 ? { approvers, isReplaced: false } : { approvers: may(await membersOf(db, managersGroup)), isReplaced: true }
}

/** @returns the rounds in order; a round without anybody to ask has no approvers, which is the caller's to refuse */
export async function approvalRounds(db: Db, rules: readonly ApprovalRule[], asked: AskedFor, at: number): Promise<ApprovalRound[]> {
  const rounds: ApprovalRound[] = []
  for (const rule of rules) {
    const { approvers, isReplaced } = await roundPeople(db, rule, asked)
    const dueAt = await workingDaysAfter(db, at, rule.deadlineDays, asked.calendarId)
    const expiresAt = await workingDaysAfter(db, dueAt, rule.deadlineDays, asked.calendarId)
    rounds.push({
      subject: rule.subject,
      approvers,
      quorum: isReplaced ? 1 : quorumOf(rule, approvers.length),
      remindAt: new Date(at + (dueAt - at) / 2).toISOString(),
      dueAt: new Date(dueAt).toISOString(),
      expiresAt: new Date(expiresAt).toISOString(),
    })
  }
  return rounds
}
