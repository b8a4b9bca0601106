/** Job profiles: the rights that come with a job. */
import { accessDifference } from '#domain/access'
import type { ProfilePreview, ProfileView } from '#schema/access'
import type { Db } from '../database.ts'
import { appendNext } from '../facts.ts'

type Locale = 'fr' | 'en'
export interface ProfileValues {
  nameFr: string
  nameEn: string
  entitlementIds: string[]
}

export async function listProfiles(db: Db, locale: Locale): Promise<ProfileView[]> {
  const rows = await db
    .selectFrom('accessProfile')
    .selectAll()
    .orderBy(locale === 'fr' ? 'nameFr' : 'nameEn')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({ ...row, name: locale === 'fr' ? row.nameFr : row.nameEn }))
}

/** Adds or changes a profile; each field that changes is a fact. */
export function saveProfile(db: Db, id: string, values: ProfileValues, actorId: string, at: number): Promise<void> {
  return db.transaction().execute(async (trx) => {
    const before = await trx.selectFrom('accessProfile').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
    await trx
      .insertInto('accessProfile')
      .values({ id, ...values })
      .onConflict((on) => on.column('id').doUpdateSet(values))
      .execute()
    const facts = (Object.keys(values) as (keyof ProfileValues)[])
      .filter((field) => JSON.stringify(before?.[field] ?? null) !== JSON.stringify(values[field]))
      .map((field) => ({
        actorId,
        fact: { type: 'recordChanged' as const, at, noun: 'accessProfile', id, field, from: before?.[field] ?? null, to: values[field] },
      }))
    if (facts.length > 0) await appendNext(trx, `accessProfile/${id}`, facts)
  })
}

/**
 * What somebody would get by the job: a joiner all of it; one who has rights already gains, keeps and loses by difference. Withdrawn rights are not
 * given, which is said. @param personId null: a joiner
 */
export async function previewProfile(
  db: Db,
  entitlementIds: readonly string[],
  personId: string | null,
  locale: Locale,
): Promise<ProfilePreview> {
  const held =
    personId === null
      ? []
      : (
          await db
            .selectFrom('accessGrant')
            .select('entitlementId')
            .where('personId', '=', personId)
            .where('state', '=', 'active')
            .execute()
        ).map(({ entitlementId }) => entitlementId)
  const { grant, keep, revoke } = accessDifference(held, entitlementIds)
  const rows = await db
    .selectFrom('entitlement')
    .leftJoin('person', 'person.id', 'entitlement.ownerId')
    .leftJoin('provisionConnector', 'provisionConnector.id', 'entitlement.connectorId')
    .leftJoin('supportGroup', 'supportGroup.id', 'entitlement.groupId')
    .selectAll('entitlement')
    .select(['person.name as ownerName', 'provisionConnector.name as system', 'provisionConnector.kind', 'supportGroup.name as groupName'])
    .where('entitlement.id', 'in', [...grant, ...keep, ...revoke, ''])
    .execute()
  const lines = (ids: readonly string[]) =>
    ids.flatMap((id) => {
      const row = rows.find((each) => each.id === id)
      if (!row) return []
      return [
        {
          entitlementId: id,
          name: locale === 'fr' ? row.nameFr : row.nameEn,
          owner: { id: row.ownerId, name: row.ownerName ?? row.ownerId },
          system: row.system ?? row.connectorId,
          isByHand: row.kind === 'manual',
          group: row.groupName ?? row.groupId,
          days: row.defaultDays,
          isActive: row.isActive,
        },
      ]
    })
  return { grant: lines(grant), keep: lines(keep), revoke: lines(revoke) }
}
