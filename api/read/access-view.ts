/** The register of access rights as lists: who holds what, since when, why, until when. */
import { type SqlBool, sql } from 'kysely'
import type { CampaignView, EntitlementView, GrantView, ReviewItemView } from '#schema/access'
import type { Actor } from '#schema/role'
import type { Db } from '../deps.ts'
import type { Locale } from '../problem.ts'
import { namesOf } from './person-names.ts'

const entitlementRows = (db: Db) =>
  db
    .selectFrom('entitlement')
    .selectAll('entitlement')
    .select((eb) =>
      eb
        .selectFrom('accessGrant')
        .select(eb.fn.countAll<number>().as('holders'))
        .whereRef('accessGrant.entitlementId', '=', 'entitlement.id')
        .where('accessGrant.state', '!=', 'revoked')
        .as('holders'),
    )

export async function listEntitlements(db: Db, locale: Locale): Promise<EntitlementView[]> {
  const rows = await entitlementRows(db).orderBy('resource').orderBy('role').execute()
  const nameOf = await namesOf(
    db,
    rows.map(({ ownerId }) => ownerId),
  )
  return rows.map(({ ownerId, holders, ...row }) => ({
    ...row,
    name: locale === 'fr' ? row.nameFr : row.nameEn,
    owner: nameOf(ownerId),
    holders: holders ?? 0,
  }))
}

export interface GrantFilter {
  personId?: string | undefined
  entitlementId?: string | undefined
  ownerId?: string | undefined
  state?: string | undefined
  ids?: readonly string[]
}

const grantRows = (db: Db) =>
  db
    .selectFrom('accessGrant')
    .innerJoin('entitlement', 'entitlement.id', 'accessGrant.entitlementId')
    .leftJoin('ticket', 'ticket.id', 'accessGrant.requestId')
    .selectAll('accessGrant')
    .select([
      'entitlement.nameFr',
      'entitlement.nameEn',
      'entitlement.resource',
      'entitlement.role',
      'entitlement.ownerId',
      'ticket.number as requestNumber',
    ])

/** Newest first. */
export async function listGrants(
  db: Db,
  filter: GrantFilter,
  locale: Locale,
  after: readonly [string, string] | null,
  limit: number,
): Promise<GrantView[]> {
  let query = grantRows(db)
  if (filter.personId !== undefined) query = query.where('accessGrant.personId', '=', filter.personId)
  if (filter.entitlementId !== undefined) query = query.where('accessGrant.entitlementId', '=', filter.entitlementId)
  if (filter.ownerId !== undefined) query = query.where('entitlement.ownerId', '=', filter.ownerId)
  if (filter.state !== undefined) query = query.where('accessGrant.state', '=', filter.state)
  if (filter.ids !== undefined) query = query.where('accessGrant.id', 'in', filter.ids.length > 0 ? filter.ids : [emptyId])
  if (after)
    query = query.where(
      sql<SqlBool>`(date_trunc('milliseconds', access_grant.granted_at), access_grant.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`,
    )
  const rows = await query
    .orderBy(sql`date_trunc('milliseconds', access_grant.granted_at)`, 'desc')
    .orderBy('accessGrant.id', 'desc')
    .limit(limit)
    .execute()
  const nameOf = await namesOf(
    db,
    rows.flatMap((row) => [row.personId, row.ownerId, row.grantedById, row.revokedById ?? '']),
  )
  return rows.map((row) => ({
    id: row.id,
    entitlement: { id: row.entitlementId, name: locale === 'fr' ? row.nameFr : row.nameEn, resource: row.resource, role: row.role },
    person: nameOf(row.personId),
    owner: nameOf(row.ownerId),
    state: row.state as GrantView['state'],
    grantedAt: row.grantedAt.toISOString(),
    grantedBy: nameOf(row.grantedById),
    request: row.requestNumber,
    reason: row.reason,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
    revokedBy: row.revokedById === null ? null : nameOf(row.revokedById),
    revokeReason: row.revokeReason,
  }))
}
const emptyId = '00000000-0000-0000-0000-000000000000'

/** Campaigns with how far they are, newest first. */
export async function listCampaigns(db: Db, id?: string): Promise<CampaignView[]> {
  let query = db.selectFrom('reviewCampaign').selectAll()
  if (id !== undefined) query = query.where('id', '=', id)
  const campaigns = await query.orderBy('startedAt', 'desc').limit(200).execute()
  if (campaigns.length === 0) return []
  const items = await db
    .selectFrom('reviewItem')
    .select(['campaignId', 'reviewerId', 'decision', 'isByPolicy'])
    .where(
      'campaignId',
      'in',
      campaigns.map((campaign) => campaign.id),
    )
    .execute()
  const nameOf = await namesOf(db, [...campaigns.map(({ startedById }) => startedById), ...items.map(({ reviewerId }) => reviewerId)])
  return campaigns.map(({ startedById, startedAt, dueAt, graceUntil, endedAt, state, unanswered, ...campaign }) => {
    const own = items.filter(({ campaignId }) => campaignId === campaign.id)
    const count = (is: (item: (typeof own)[number]) => boolean) => own.filter(is).length
    const reviewers = [...new Set(own.map(({ reviewerId }) => reviewerId))].sort()
    return {
      ...campaign,
      state: state as CampaignView['state'],
      unanswered: unanswered as CampaignView['unanswered'],
      startedBy: nameOf(startedById),
      startedAt: startedAt.toISOString(),
      dueAt: dueAt.toISOString(),
      graceUntil: graceUntil.toISOString(),
      endedAt: endedAt?.toISOString() ?? null,
      total: own.length,
      kept: count(({ decision }) => decision === 'keep'),
      revoked: count(({ decision }) => decision === 'revoke'),
      waiting: count(({ decision }) => decision === null),
      byPolicy: count(({ isByPolicy }) => isByPolicy),
      owners: reviewers.map((reviewer) => ({
        ...nameOf(reviewer),
        total: count(({ reviewerId }) => reviewerId === reviewer),
        answered: count(({ reviewerId, decision, isByPolicy }) => reviewerId === reviewer && decision !== null && !isByPolicy),
      })),
    }
  })
}

/** What the actor has to review, or all of one campaign. */
export async function listReviewItems(
  db: Db,
  filter: { campaignId?: string; reviewerId?: string },
  actor: Actor,
  locale: Locale,
): Promise<ReviewItemView[]> {
  let query = db
    .selectFrom('reviewItem')
    .innerJoin('reviewCampaign', 'reviewCampaign.id', 'reviewItem.campaignId')
    .selectAll('reviewItem')
    .select(['reviewCampaign.name', 'reviewCampaign.state', 'reviewCampaign.dueAt', 'reviewCampaign.graceUntil'])
  if (filter.campaignId !== undefined) query = query.where('campaignId', '=', filter.campaignId)
  if (filter.reviewerId !== undefined)
    query = query.where('reviewerId', '=', filter.reviewerId).where('reviewCampaign.state', '!=', 'closed')
  const rows = await query.orderBy('reviewCampaign.dueAt').orderBy('reviewItem.grantId').limit(1_000).execute()
  const grants = await listGrants(db, { ids: rows.map(({ grantId }) => grantId) }, locale, null, 1_000)
  const nameOf = await namesOf(
    db,
    rows.flatMap(({ reviewerId, decidedById }) => [reviewerId, decidedById ?? '']),
  )
  return rows.flatMap((row) => {
    const grant = grants.find(({ id }) => id === row.grantId)
    if (!grant) return []
    return [
      {
        campaignId: row.campaignId,
        campaignName: row.name,
        dueAt: (row.state === 'overdue' ? row.graceUntil : row.dueAt).toISOString(),
        grant,
        reviewer: nameOf(row.reviewerId),
        decision: row.decision as ReviewItemView['decision'],
        decidedAt: row.decidedAt?.toISOString() ?? null,
        decidedBy: row.decidedById === null ? null : nameOf(row.decidedById),
        isByPolicy: row.isByPolicy,
        comment: row.comment,
        mayDecide: row.state !== 'closed' && mayReview(actor, row.reviewerId, grant.person.id),
      },
    ]
  })
}

/** The reviewer, or an administrator in his place; nobody about his own right. */
export const mayReview = (actor: Actor, reviewerId: string, holderId: string): boolean =>
  holderId !== actor.id && (reviewerId === actor.id || actor.roles.includes('administrator'))
