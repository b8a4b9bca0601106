import { z } from 'zod'
import { CampaignView, ReviewItemView, UnansweredPolicy } from '#schema/access'
import { Page } from '#schema/view'
import { decideReview, startCampaign } from '../../activities/store/access/campaigns.ts'
import { idOfKey } from '../id-of-key.ts'
import { ApiProblem } from '../problem.ts'
import { listCampaigns, listReviewItems, mayReview } from '../read/access-view.ts'
import { type Call, defineRoute, type Route } from '../route.ts'

const readers = ['agent', 'processOwner', 'auditor', 'administrator'] as const
const CampaignParams = z.object({ id: z.uuid() })
const longestGraceDays = 90
const dayMs = 86_400_000

const CampaignBody = z.strictObject({
  name: z.string().trim().min(1).max(120),
  entitlementIds: z.array(z.string().max(100)).max(500).default([]).describe('Empty: all'),
  dueAt: z.iso.datetime({ offset: true }),
  graceDays: z.number().min(0).max(longestGraceDays).default(5),
  unanswered: UnansweredPolicy.default('revoke'),
})
const DecisionBody = z.strictObject({ decision: z.enum(['keep', 'revoke']), comment: z.string().trim().max(2_000).default('') })

async function start({
  deps,
  body,
  caller,
  commandKey,
}: Call<undefined, undefined, typeof CampaignBody>): Promise<CampaignView | undefined> {
  const at = deps.clock()
  const dueAt = Date.parse(body.dueAt)
  if (dueAt <= at)
    throw new ApiProblem(422, 'invalidCampaign', { errors: [{ path: 'dueAt', code: 'deadlineInPast', message: body.dueAt }] })
  const known = new Set((await deps.db.selectFrom('entitlement').select('id').execute()).map(({ id }) => id))
  const unknown = body.entitlementIds.flatMap((id, index) =>
    known.has(id) ? [] : [{ path: `entitlementIds.${index}`, code: 'entitlementNotFound', message: id }],
  )
  if (unknown.length > 0) throw new ApiProblem(422, 'invalidCampaign', { errors: unknown })
  const campaignId = idOfKey(commandKey, 'campaign')
  const { name, entitlementIds, unanswered, graceDays } = body
  const campaign = {
    campaignId,
    name,
    entitlementIds,
    unanswered,
    startedById: caller.actor.id,
    dueAt,
    graceUntil: dueAt + graceDays * dayMs,
    at,
  }
  if ((await startCampaign(deps.db, campaign)) === 0)
    throw new ApiProblem(422, 'invalidCampaign', {
      errors: [{ path: 'entitlementIds', code: 'campaignWithoutGrants', message: 'nobody holds any of them' }],
    })
  return (await listCampaigns(deps.db, campaignId))[0]
}

const DecisionParams = CampaignParams.extend({ grantId: z.uuid() })

async function decide({
  deps,
  params,
  body,
  caller,
  locale,
}: Call<typeof DecisionParams, undefined, typeof DecisionBody>): Promise<ReviewItemView | undefined> {
  const find = async () =>
    (await listReviewItems(deps.db, { campaignId: params.id }, caller.actor, locale)).find(({ grant }) => grant.id === params.grantId)
  const item = await find()
  if (!item) throw new ApiProblem(404, 'reviewNotFound')
  if (!mayReview(caller.actor, item.reviewer.id, item.grant.person.id)) throw new ApiProblem(403, 'notReviewer')
  if (body.decision === 'revoke' && body.comment === '')
    throw new ApiProblem(422, 'invalidReview', { errors: [{ path: 'comment', code: 'revokeNeedsReason', message: 'say why' }] })
  const { id: campaignId, grantId } = params
  const isDecided = await decideReview(deps.db, {
    campaignId,
    grantId,
    decision: body.decision,
    comment: body.comment || null,
    actorId: caller.actor.id,
    at: deps.clock(),
  })
  if (!isDecided) throw new ApiProblem(409, 'campaignClosed')
  return find()
}

export const campaignRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/access/campaigns',
    access: readers,
    tag: 'Access reviews',
    summary: 'Recertification campaigns with their progress',
    response: Page(CampaignView),
    handle: async ({ deps }) => {
      const items = await listCampaigns(deps.db)
      return { items, nextCursor: null, total: items.length }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/access/campaigns',
    access: ['processOwner', 'administrator'],
    tag: 'Access reviews',
    summary: 'Start a campaign: every owner keeps or revokes the rights that he answers for',
    body: CampaignBody,
    status: 201,
    response: CampaignView,
    problems: { 422: ['invalidCampaign'] },
    handle: start,
  }),
  defineRoute({
    method: 'get',
    path: '/access/campaigns/{id}',
    access: readers,
    tag: 'Access reviews',
    summary: 'One campaign with every right and what was decided about it',
    params: CampaignParams,
    response: z.object({ campaign: CampaignView, items: z.array(ReviewItemView) }),
    problems: { 404: ['campaignNotFound'] },
    handle: async ({ deps, params, caller, locale }) => {
      const [campaign] = await listCampaigns(deps.db, params.id)
      if (!campaign) throw new ApiProblem(404, 'campaignNotFound')
      return { campaign, items: await listReviewItems(deps.db, { campaignId: params.id }, caller.actor, locale) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/access/reviews',
    access: 'anyone',
    tag: 'Access reviews',
    summary: 'What the caller has to review, soonest due first',
    response: Page(ReviewItemView),
    handle: async ({ deps, caller, locale }) => {
      const items = await listReviewItems(deps.db, { reviewerId: caller.actor.id }, caller.actor, locale)
      return { items, nextCursor: null, total: items.length }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/access/campaigns/{id}/grants/{grantId}',
    access: 'anyone',
    tag: 'Access reviews',
    summary: 'Keep or revoke a right; for its reviewer, or an administrator in his place',
    params: DecisionParams,
    body: DecisionBody,
    response: ReviewItemView,
    problems: { 403: ['notReviewer'], 404: ['reviewNotFound'], 409: ['campaignClosed'], 422: ['invalidReview'] },
    handle: decide,
  }),
]
