import { managersGroup, membersOf } from '../store/approval/approvers.ts'
import { closeCampaign, markOverdue, openReviews } from '../store/access/campaigns.ts'
import type { Db } from '../store/database.ts'
import { dateWords, mailTo } from './mail-to.ts'
import { type Step, stepsHandler, textInput } from './step.ts'

const campaignOf = (db: Db, id: string) => db.selectFrom('reviewCampaign').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

async function mailReviewers(
  [call, { db, publicUrl }]: Parameters<Step>,
  template: string,
  people: readonly string[],
  countOf: (personId: string) => number,
  until: 'dueAt' | 'graceUntil',
): Promise<void> {
  const campaign = await campaignOf(db, textInput(call, 'campaignId'))
  await mailTo(db, people, {
    key: call.idempotencyKey,
    template,
    ticketId: null,
    values: (locale, personId) => ({
      campaign: campaign.name,
      count: countOf(personId),
      dueOn: dateWords(campaign[until], locale),
      reviewUrl: `${publicUrl}/access/reviews`,
    }),
  })
}

/** Tells each reviewer what he has to answer, and the diagram who they are. */
const open: Step = async (call, context) => {
  const campaign = await campaignOf(context.db, textInput(call, 'campaignId'))
  const reviews = await openReviews(context.db, campaign.id)
  const countOf = (id: string) => reviews.find(({ reviewerId }) => reviewerId === id)?.total ?? 0
  const reviewers = reviews.map(({ reviewerId }) => reviewerId)
  await mailReviewers([call, context], 'review-opened', reviewers, countOf, 'dueAt')
  const [startedAt, dueAt] = [campaign.startedAt.getTime(), campaign.dueAt.getTime()]
  return {
    reviewers,
    remindAt: new Date(startedAt + ((dueAt - startedAt) * 2) / 3).toISOString(),
    dueAt: campaign.dueAt.toISOString(),
    graceUntil: campaign.graceUntil.toISOString(),
  }
}

const remind: Step = async (call, context) => {
  const reviewer = textInput(call, 'reviewer')
  const left = (await openReviews(context.db, textInput(call, 'campaignId'))).find(({ reviewerId }) => reviewerId === reviewer)?.open ?? 0
  if (left > 0) await mailReviewers([call, context], 'review-reminder', [reviewer], () => left, 'dueAt')
  return {}
}

/** The deadline has passed: the managers hear of it, and the reviewers once more. */
const escalate: Step = async (call, context) => {
  const campaignId = textInput(call, 'campaignId')
  const late = (await openReviews(context.db, campaignId)).filter(({ open }) => open > 0)
  const left = late.reduce((sum, { open }) => sum + open, 0)
  await markOverdue(context.db, campaignId, Date.now())
  const people = new Set([...(await membersOf(context.db, managersGroup)), ...late.map(({ reviewerId }) => reviewerId)])
  await mailReviewers([call, context], 'review-overdue', [...people], () => left, 'graceUntil')
  return {}
}

const close: Step = async (call, { db }) => {
  await closeCampaign(db, textInput(call, 'campaignId'), Date.now())
  return {}
}

/** Task type `review`: a recertification campaign. */
export const review = stepsHandler({ open, remind, escalate, close })
