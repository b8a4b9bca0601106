/**
 * What happens about a pending approval beside its ticket: whoever may answer is told by mail, with a link of his own; he is reminded before the
 * deadline; one who may not decide, or is no longer there, is replaced. Looks at the projection, acts once for each person: several workers do no harm.
 */
import { isAwayAlone, type KnownDelegation } from '#domain/delegation'
import { codeWordsOf, deadlineWords } from './approval-words.ts'
import { pause } from './intake-starter.ts'
import {
  answerersOf,
  groupReplacement,
  noteOnce,
  orderReassignment,
  type PendingApproval,
  type PersonAsked,
  peopleById,
  pendingApprovals,
  replacementFor,
  theGroup,
} from './store/approval/approvals.ts'
import type { Db, Trx } from './store/database.ts'
import { standingDelegations } from './store/approval/delegations.ts'
import { queueMail } from './store/message/mail.ts'
import { approvalLinkMs, approvalToken } from './tasks/approval-link.ts'
import { render } from './tasks/render.ts'

const everyMs = 2_000
const dayMs = 86_400_000
/** Reminded a day before the deadline, or halfway where there is less time; without a deadline after two days. */
const reminderMs = dayMs
const reminderWithoutDeadlineMs = 2 * dayMs
/** The part of a description that goes into a mail. */
const excerptLength = 1_200

export interface ApprovalDesk {
  db: Db
  publicUrl: string
  secret: string
}
export interface ApprovalRound {
  mails: number
  moved: number
}

/** One round over all that is pending. */
export async function attendApprovals(desk: ApprovalDesk, now = Date.now()): Promise<ApprovalRound> {
  const round: ApprovalRound = { mails: 0, moved: 0 }
  const pending = await pendingApprovals(desk.db)
  if (pending.length === 0) return round
  const [people, delegations] = await Promise.all([peopleById(desk.db), standingDelegations(desk.db, now)])
  for (const approval of pending) {
    if (await moveOn(desk.db, approval, people, delegations, now)) round.moved++
    else round.mails += await tell(desk, approval, people, delegations, now)
  }
  return round
}

/** True: the question goes to somebody else, or waits for an operator because nobody is left who may decide. */
async function moveOn(
  db: Db,
  approval: PendingApproval,
  people: ReadonlyMap<string, PersonAsked>,
  delegations: readonly KnownDelegation[],
  now: number,
): Promise<boolean> {
  const { approverId } = approval
  if (approverId === null) return moveFromGroup(db, approval, people, now)
  const isAway = approval.dueAt === null && isAwayAlone(approverId, delegations, now)
  // who is away for ever, as far as this question goes: without a deadline nothing else would move it
  const known = isAway ? new Map(people).set(approverId, { ...(people.get(approverId) as PersonAsked), isActive: false }) : people
  const replacement = await replacementFor(db, approval, known)
  if (replacement === null) return false
  const reason = isAway ? 'away' : replacement.reason
  return db.transaction().execute(async (trx) => {
    if (replacement.byId === null) {
      await noteOnce(trx, approval, 'stuck', approverId, now)
      return false
    }
    if (await noteOnce(trx, approval, 'moved', approverId, now)) await orderReassignment(trx, approval, replacement.byId, reason, now)
    return true
  })
}

/** As `moveOn`, for a question put to a group of which nobody may decide. */
async function moveFromGroup(db: Db, approval: PendingApproval, people: ReadonlyMap<string, PersonAsked>, now: number): Promise<boolean> {
  const replacement = await groupReplacement(db, approval, people)
  if (replacement === null) return false
  const { byId, reason } = replacement
  return db.transaction().execute(async (trx) => {
    if (byId === null) {
      await noteOnce(trx, approval, 'stuck', theGroup, now)
      return false
    }
    if (await noteOnce(trx, approval, 'moved', theGroup, now)) await orderReassignment(trx, approval, byId, reason, now)
    return true
  })
}

/** When the reminder is due. */
function remindAt({ openedAt, dueAt }: PendingApproval): number {
  if (dueAt === null) return openedAt.getTime() + reminderWithoutDeadlineMs
  return dueAt.getTime() - Math.min(reminderMs, (dueAt.getTime() - openedAt.getTime()) / 2)
}

async function tell(
  desk: ApprovalDesk,
  approval: PendingApproval,
  people: ReadonlyMap<string, PersonAsked>,
  delegations: readonly KnownDelegation[],
  now: number,
): Promise<number> {
  let mails = 0
  const isReminded = now >= remindAt(approval)
  for (const { person, forId } of answerersOf(approval, people, delegations, now)) {
    const forPerson = forId === person.id ? null : (people.get(forId)?.name ?? forId)
    mails += await desk.db.transaction().execute(async (trx) => {
      const isNew = await noteOnce(trx, approval, 'asked', person.id, now)
      if (isNew) await mail(desk, trx, 'approval-asked', approval, person, forPerson, now)
      if (!isReminded) return isNew ? 1 : 0
      // asked this late, he needs no reminder beside the question
      const isDue = await noteOnce(trx, approval, 'reminded', person.id, now)
      if (isDue && !isNew) await mail(desk, trx, 'approval-due', approval, person, forPerson, now)
      return isNew || isDue ? 1 : 0
    })
  }
  return mails
}

async function mail(
  { db, publicUrl, secret }: ApprovalDesk,
  trx: Trx,
  template: 'approval-asked' | 'approval-due',
  approval: PendingApproval,
  person: PersonAsked,
  forPerson: string | null,
  now: number,
): Promise<void> {
  const { ticketId, waitId, number, title, description, dueAt, requesterName, requesterId, priority, variables, subject, kind } = approval
  const { locale, name, email, id: personId } = person
  const expiresAt = dueAt?.getTime() ?? now + approvalLinkMs
  const token = approvalToken(secret, { ticketId, waitId, personId, expiresAt: Math.max(expiresAt, now + dayMs) })
  const words = codeWordsOf(subject, kind, locale)
  const values = {
    ...words,
    number,
    title,
    description: description.length > excerptLength ? `${description.slice(0, excerptLength)} …` : description,
    requesterName: requesterName ?? requesterId,
    priority,
    variables: variables ?? {},
    recipientName: name,
    forName: forPerson,
    dueWords: dueAt && deadlineWords(dueAt, locale),
    approveUrl: `${publicUrl}/approve/${token}`,
    listUrl: `${publicUrl}/approvals`,
  }
  const { subject: line, text, html } = await render(db, template, locale, values)
  await queueMail(trx, {
    idempotencyKey: `${template}/${ticketId}/${waitId}/${personId}`,
    ticketId,
    template,
    locale,
    recipient: email,
    subject: line,
    text,
    html,
  })
}

/** Until stopped. */
export async function runApprovalLoop(desk: ApprovalDesk, signal: AbortSignal, onError: (error: unknown) => void): Promise<void> {
  while (!signal.aborted) {
    await attendApprovals(desk).catch(onError)
    await pause(everyMs, signal)
  }
}
