/** Changes to what the register of rights is made of: entitlements and the systems behind them. Each change is a fact. */
import type { Json } from '#schema/json'
import type { Db, Trx } from '../database.ts'
import { appendNext } from '../facts.ts'

export interface EntitlementValues {
  nameFr: string
  nameEn: string
  resource: string
  role: string
  ownerId: string
  connectorId: string
  groupId: string
  defaultDays: number | null
  isActive: boolean
}

/** One fact for each field that changes. */
async function tell(
  trx: Trx,
  noun: string,
  id: string,
  before: Record<string, Json>,
  after: Record<string, Json>,
  actorId: string,
  at: number,
): Promise<void> {
  const facts = Object.entries(after)
    .filter(([field, to]) => (before[field] ?? null) !== to)
    .map(([field, to]) => ({ actorId, fact: { type: 'recordChanged' as const, at, noun, id, field, from: before[field] ?? null, to } }))
  if (facts.length > 0) await appendNext(trx, `${noun}/${id}`, facts)
}

/** Adds or changes an entitlement. */
export function saveEntitlement(db: Db, id: string, values: EntitlementValues, actorId: string, at: number): Promise<void> {
  return db.transaction().execute(async (trx) => {
    const before = await trx.selectFrom('entitlement').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
    await trx
      .insertInto('entitlement')
      .values({ id, ...values })
      .onConflict((on) => on.column('id').doUpdateSet(values))
      .execute()
    await tell(trx, 'entitlement', id, before ?? {}, { ...values }, actorId, at)
  })
}

/** Adds or changes a system. */
export function saveConnector(
  db: Db,
  id: string,
  values: { kind: string; name: string; url: string | null; isFailing: boolean },
  actorId: string,
  at: number,
): Promise<void> {
  return db.transaction().execute(async (trx) => {
    const before = await trx
      .selectFrom('provisionConnector')
      .select(['kind', 'name', 'url', 'isFailing'])
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst()
    await trx
      .insertInto('provisionConnector')
      .values({ id, ...values })
      .onConflict((on) => on.column('id').doUpdateSet(values))
      .execute()
    await tell(trx, 'connector', id, before ?? {}, values, actorId, at)
  })
}
