import { z } from 'zod'
import { ApprovalRule } from '#schema/catalogue-item'
import type { Variables } from '#schema/json'
import { noteOnce } from '../store/approval/approvals.ts'
import { approvalRounds } from '../store/approval/approvers.ts'
import { deadlineCalendar } from '../store/approval/name-approvers.ts'
import { workingDaysAfter } from '../store/request/catalogue.ts'
import { mailTo } from './mail-to.ts'
import { type Step, stepsHandler } from './step.ts'
import { hopeless } from './task.ts'

const Asked = z.object({
  requesterId: z.string(),
  openedById: z.string(),
  beneficiaryId: z.string().optional(),
  item: z.object({ ownerId: z.string(), entitlementId: z.string().nullable(), deliveryDays: z.int().min(0) }),
  approvalRules: z.array(ApprovalRule),
})

/** Makes the item's rules into rounds with people and deadlines. */
const plan: Step = async ({ input, elementId }, { db }) => {
  const { requesterId, openedById, beneficiaryId, item, approvalRules } = Asked.parse(input)
  const interested = [requesterId, openedById, ...(beneficiaryId === undefined ? [] : [beneficiaryId])]
  const calendarId = (await deadlineCalendar(db, input))?.id
  const asked = { requesterId, ownerId: item.ownerId, entitlementId: item.entitlementId, interested, calendarId }
  const rounds = await approvalRounds(db, approvalRules, asked, Date.now())
  const empty = rounds.find(({ approvers }) => approvers.length === 0)
  if (empty)
    throw hopeless(
      'noApprover',
      `expected somebody to ask about '${empty.subject}' at ${elementId}, found nobody: fill the group managers, then retry`,
    )
  return { approvalRounds: rounds as unknown as Variables[], stage: rounds.length > 0 ? 'awaitingApproval' : 'received' }
}

/** From now on it is being delivered; the item's working days count from here. */
const promise: Step = async ({ input }, { db }) => {
  const { item } = Asked.pick({ item: true }).parse(input)
  return { promisedAt: new Date(await workingDaysAfter(db, Date.now(), item.deliveryDays)).toISOString(), stage: 'beingDelivered' }
}

const Round = z.object({ round: z.object({ approvers: z.array(z.string()) }) })

/** Those of the round who have not answered yet: their tasks are open. Whoever was reminded of the question by the desk itself is not reminded again. */
const remindApprovers: Step = async ({ input, ticketId, idempotencyKey }, { db, publicUrl }) => {
  const { approvers } = Round.parse(input).round
  const open = await db
    .selectFrom('task')
    .select(['waitId', 'assigneeId'])
    .where('ticketId', '=', ticketId)
    .where('state', '=', 'open')
    .where('assigneeId', 'in', approvers.length > 0 ? approvers : [''])
    .execute()
  const ticket = await db
    .selectFrom('ticket')
    .leftJoin('person', 'person.id', 'ticket.requesterId')
    .select(['ticket.number', 'ticket.requesterId', 'person.name'])
    .where('ticket.id', '=', ticketId)
    .executeTakeFirstOrThrow()
  const values = () => ({ ticketUrl: `${publicUrl}/tickets/${ticket.number}`, requesterName: ticket.name ?? ticket.requesterId })
  await db.transaction().execute(async (trx) => {
    const people: string[] = []
    for (const { waitId, assigneeId } of open)
      if (assigneeId !== null && (await noteOnce(trx, { ticketId, waitId }, 'reminded', assigneeId, Date.now()))) people.push(assigneeId)
    await mailTo(trx, [...new Set(people)], { key: idempotencyKey, template: 'approval-reminder', ticketId, values })
  })
  return {}
}

/** Task type `request`: what a request of the catalogue does by itself. */
export const request = stepsHandler({ plan, promise, remindApprovers })
