/** Recertification: each owner keeps or revokes the rights that he answers for. Decisions are facts of the campaign's stream. */
import { sql } from 'kysely'
import { reviewerOf, unansweredDecision } from '#domain/access'
import type { Json } from '#schema/json'
import { orderRemoval } from './access-rights.ts'
import { managersGroup, membersOf } from '../approval/approvers.ts'
import { publishMessage } from '../correlation/publish.ts'
import { orderStart } from '../correlation/match.ts'
import { type Db, instant, type Trx } from '../database.ts'
import { appendNext } from '../facts.ts'

export interface NewCampaign {
  campaignId: string
  name: string
  /** Empty: all. */
  entitlementIds: readonly string[]
  startedById: string
  dueAt: number
  graceUntil: number
  unanswered: 'revoke' | 'keep'
  at: number
}

const messageTtlMs = 30 * 86_400_000
const changed = (at: number, id: string, field: string, from: Json, to: Json) => ({
  type: 'recordChanged' as const,
  at,
  noun: 'campaign',
  id,
  field,
  from,
  to,
})

/** Starts a campaign over the rights that are held now. @returns how many; 0: nothing was started */
export async function startCampaign(db: Db, campaign: NewCampaign): Promise<number> {
  const managers = await membersOf(db, managersGroup)
  const { campaignId: id, name, entitlementIds, startedById, dueAt, graceUntil, unanswered, at } = campaign
  return db.transaction().execute(async (trx) => {
    const known = await trx
      .selectFrom('reviewItem')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('campaignId', '=', id)
      .executeTakeFirstOrThrow()
    if (known.n > 0) return known.n
    let query = trx
      .selectFrom('accessGrant')
      .innerJoin('entitlement', 'entitlement.id', 'accessGrant.entitlementId')
      .select(['accessGrant.id', 'accessGrant.personId', 'entitlement.ownerId'])
      .where('accessGrant.state', '=', 'active')
    if (entitlementIds.length > 0) query = query.where('entitlement.id', 'in', entitlementIds)
    const grants = await query.orderBy('accessGrant.id').execute()
    if (grants.length === 0) return 0
    await trx
      .insertInto('reviewCampaign')
      .values({
        id,
        name,
        state: 'open',
        startedAt: instant(at),
        startedById,
        dueAt: instant(dueAt),
        graceUntil: instant(graceUntil),
        unanswered,
      })
      .execute()
    await trx
      .insertInto('reviewItem')
      .values(
        grants.map((grant) => ({ campaignId: id, grantId: grant.id, reviewerId: reviewerOf(grant.ownerId, grant.personId, managers) })),
      )
      .execute()
    const facts = [
      changed(at, id, 'name', null, name),
      changed(at, id, 'dueAt', null, new Date(dueAt).toISOString()),
      changed(at, id, 'unanswered', null, unanswered),
      changed(at, id, 'grants', null, grants.length),
    ]
    await appendNext(
      trx,
      `campaign/${id}`,
      facts.map((fact) => ({ actorId: startedById, fact })),
    )
    await orderStart(
      trx,
      { publicationId: null, processId: 'recertification', elementId: null, payload: { variables: { campaignId: id }, startedById } },
      at,
    )
    return grants.length
  })
}

export interface ReviewDecision {
  campaignId: string
  grantId: string
  decision: 'keep' | 'revoke'
  comment: string | null
  actorId: string
  at: number
}

/** Records a decision while the campaign is not closed. False: no such item, or closed. The caller has checked who decides. */
export function decideReview(db: Db, { campaignId, grantId, decision, comment, actorId, at }: ReviewDecision): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const campaign = await trx.selectFrom('reviewCampaign').select('state').where('id', '=', campaignId).forUpdate().executeTakeFirst()
    if (!campaign || campaign.state === 'closed') return false
    const item = await trx
      .selectFrom('reviewItem')
      .select(['decision', 'reviewerId', 'comment'])
      .where('campaignId', '=', campaignId)
      .where('grantId', '=', grantId)
      .executeTakeFirst()
    if (!item) return false
    if (item.decision === decision && item.comment === comment) return true
    await trx
      .updateTable('reviewItem')
      .set({ decision, comment, decidedAt: instant(at), decidedById: actorId })
      .where('campaignId', '=', campaignId)
      .where('grantId', '=', grantId)
      .execute()
    await appendNext(trx, `campaign/${campaignId}`, [
      { actorId, fact: changed(at, campaignId, `grant/${grantId}`, item.decision, { decision, comment }) },
    ])
    await tellAnswered(trx, campaignId, item.reviewerId, actorId, at)
    return true
  })
}

/** The last answer of a reviewer, and the last of all, move the campaign's process on. */
async function tellAnswered(trx: Trx, campaignId: string, reviewerId: string, source: string, at: number): Promise<void> {
  const open = await trx
    .selectFrom('reviewItem')
    .select('reviewerId')
    .distinct()
    .where('campaignId', '=', campaignId)
    .where('decision', 'is', null)
    .execute()
  const message = { variables: {}, timeToLiveMs: messageTtlMs, source, at }
  if (!open.some((row) => row.reviewerId === reviewerId)) {
    const key = `${campaignId}/${reviewerId}`
    await publishMessage(trx, { name: 'reviewAnswered', correlationKey: key, messageId: key, ...message })
  }
  if (open.length === 0)
    await publishMessage(trx, { name: 'campaignAnswered', correlationKey: campaignId, messageId: campaignId, ...message })
}

/** How many rights each reviewer has yet to answer for. */
export const openReviews = (db: Db | Trx, campaignId: string) =>
  db
    .selectFrom('reviewItem')
    .select(['reviewerId', sql<number>`count(*)::int`.as('total'), sql<number>`count(*) filter (where decision is null)::int`.as('open')])
    .where('campaignId', '=', campaignId)
    .groupBy('reviewerId')
    .orderBy('reviewerId')
    .execute()

/** The deadline has passed with answers missing. */
export async function markOverdue(db: Db, campaignId: string, at: number): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const found = await trx
      .updateTable('reviewCampaign')
      .set({ state: 'overdue' })
      .where('id', '=', campaignId)
      .where('state', '=', 'open')
      .returning('id')
      .executeTakeFirst()
    if (found)
      await appendNext(trx, `campaign/${campaignId}`, [{ actorId: 'system', fact: changed(at, campaignId, 'state', 'open', 'overdue') }])
  })
}

/** What is unanswered follows the campaign's rule; what is to be revoked is taken away, each by its own request. Once. */
export async function closeCampaign(db: Db, campaignId: string, at: number): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const campaign = await trx.selectFrom('reviewCampaign').selectAll().where('id', '=', campaignId).forUpdate().executeTakeFirst()
    if (!campaign || campaign.state === 'closed') return
    const items = await trx.selectFrom('reviewItem').selectAll().where('campaignId', '=', campaignId).orderBy('grantId').execute()
    const policy = campaign.unanswered as 'revoke' | 'keep'
    for (const item of items) {
      const decision = unansweredDecision(policy, { decision: item.decision as 'keep' | 'revoke' | null })
      if (item.decision === null) {
        await trx
          .updateTable('reviewItem')
          .set({ decision, isByPolicy: true, decidedAt: instant(at), decidedById: 'system' })
          .where('campaignId', '=', campaignId)
          .where('grantId', '=', item.grantId)
          .execute()
        await appendNext(trx, `campaign/${campaignId}`, [
          {
            actorId: 'system',
            fact: changed(at, campaignId, `grant/${item.grantId}`, null, { decision, comment: null, isByPolicy: true }),
          },
        ])
      }
      if (decision === 'revoke') await orderRemoval(trx, item.grantId, { actorId: item.decidedById ?? 'system', reason: campaign.name, at })
    }
    await trx
      .updateTable('reviewCampaign')
      .set({ state: 'closed', endedAt: instant(at) })
      .where('id', '=', campaignId)
      .execute()
    await appendNext(trx, `campaign/${campaignId}`, [
      { actorId: 'system', fact: changed(at, campaignId, 'state', campaign.state, 'closed') },
    ])
  })
}
