/** The register of access rights: entitlements, who holds them, and how they end. Every change is a fact of the grant's own stream. */
import { randomUUID } from 'node:crypto'
import { reminderAt } from '#domain/access'
import type { Json, Variables } from '#schema/json'
import type { Selectable } from 'kysely'
import type { AccessGrant } from '../../../migrations/database.ts'
import { publishMessage } from '../correlation/publish.ts'
import { orderStart } from '../correlation/match.ts'
import { type Db, inTransaction, instant, maybeInstant, type Trx } from '../database.ts'
import { appendNext } from '../facts.ts'

export interface NewGrant {
  entitlementId: string
  personId: string
  grantedById: string
  /** The request's ticket. */
  requestId: string | null
  reason: string
  /** UTC epoch ms; null: it does not expire. */
  expiresAt: number | null
  at: number
}

/** Messages about a right wait this long for its process, which may be starting. */
const messageTtlMs = 24 * 3_600_000

const changed = (at: number, id: string, field: string, from: Json, to: Json) => ({
  type: 'recordChanged' as const,
  at,
  noun: 'grant',
  id,
  field,
  from,
  to,
})
const isoOrNull = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

/** The right that somebody holds now, or that is being taken away. */
const heldGrant = (db: Db | Trx, entitlementId: string, personId: string) =>
  db
    .selectFrom('accessGrant')
    .selectAll()
    .where('entitlementId', '=', entitlementId)
    .where('personId', '=', personId)
    .where('state', '!=', 'revoked')

/** The watch over a right with an end: a process of its own, started with the transaction. */
async function watchExpiry(trx: Trx, grantId: string, personId: string, from: number, expiresAt: number): Promise<string> {
  const variables = {
    grantId,
    personId,
    expiresAt: new Date(expiresAt).toISOString(),
    remindAt: new Date(reminderAt(from, expiresAt)).toISOString(),
  }
  const payload = { variables, startedById: 'system' }
  return orderStart(trx, { publicationId: null, processId: 'access-expiry', elementId: null, payload }, from)
}

/**
 * Writes a right into the register; one that is held already is left as it is. One that is being taken away has ended with this: it is granted anew, and
 * its removal is told, so that nobody takes away what was just given. @returns its id
 */
export function grantAccess(db: Db | Trx, grant: NewGrant): Promise<string> {
  return inTransaction(db, async (trx) => {
    const held = await heldGrant(trx, grant.entitlementId, grant.personId).forUpdate().executeTakeFirst()
    if (held?.state === 'active') return held.id
    if (held) await endRight(trx, held, { actorId: grant.grantedById, reason: 'grantedAnew', at: grant.at })
    const id = randomUUID()
    const { entitlementId, personId, grantedById, requestId, reason, expiresAt, at } = grant
    const expiryInstanceId = expiresAt === null ? null : await watchExpiry(trx, id, personId, at, expiresAt)
    await trx
      .insertInto('accessGrant')
      .values({
        id,
        entitlementId,
        personId,
        grantedById,
        requestId,
        reason,
        state: 'active',
        grantedAt: instant(at),
        expiresAt: maybeInstant(expiresAt),
        expiryInstanceId,
      })
      .execute()
    const facts = [
      changed(at, id, 'entitlementId', null, entitlementId),
      changed(at, id, 'personId', null, personId),
      changed(at, id, 'requestId', null, requestId),
      changed(at, id, 'reason', null, reason),
      changed(at, id, 'expiresAt', null, isoOrNull(expiresAt)),
      changed(at, id, 'state', null, 'active'),
    ]
    await appendNext(
      trx,
      `grant/${id}`,
      facts.map((fact) => ({ actorId: grantedById, fact })),
    )
    return id
  })
}

type Held = Pick<Selectable<AccessGrant>, 'id' | 'state' | 'revokeReason' | 'expiryInstanceId'>
interface Ending {
  actorId: string
  reason: string
  at: number
}

async function endRight(trx: Trx, held: Held, { actorId, reason, at }: Ending): Promise<void> {
  const isAnew = reason === 'grantedAnew'
  const why = isAnew ? reason : (held.revokeReason ?? reason)
  await trx
    .updateTable('accessGrant')
    .set({ state: 'revoked', revokedAt: instant(at), revokedById: actorId, revokeReason: why })
    .where('id', '=', held.id)
    .execute()
  const facts = [changed(at, held.id, 'state', held.state, 'revoked'), changed(at, held.id, 'revokeReason', held.revokeReason, why)]
  await appendNext(
    trx,
    `grant/${held.id}`,
    facts.map((fact) => ({ actorId, fact })),
  )
  if (held.expiryInstanceId !== null) await tell(trx, 'accessRevoked', held.id, `revoked/${held.id}`, {}, actorId, at)
  if (isAnew) await tell(trx, 'accessGrantedAnew', held.id, `anew/${held.id}`, {}, actorId, at)
}

/**
 * Ends a right; one that has ended is left as it is. `grantId`: that one alone. `anew`: it has ended because it was granted again meanwhile.
 * @returns what became of it
 */
export function revokeAccess(
  db: Db | Trx,
  right: { entitlementId: string; personId: string; grantId?: string | null },
  by: Ending,
): Promise<'revoked' | 'anew' | 'none'> {
  return inTransaction(db, async (trx) => {
    const held = await heldGrant(trx, right.entitlementId, right.personId).forUpdate().executeTakeFirst()
    if (!held) return 'none'
    if (right.grantId && right.grantId !== held.id) return 'anew'
    await endRight(trx, held, by)
    return 'revoked'
  })
}

const tell = (trx: Trx, name: string, grantId: string, messageId: string, variables: Variables, source: string, at: number) =>
  publishMessage(trx, { name, correlationKey: grantId, messageId, variables, timeToLiveMs: messageTtlMs, source, at })

/** Moves the end of a right. False: the right is gone. */
export function extendAccess(
  db: Db,
  grantId: string,
  expiresAt: number,
  by: { actorId: string; at: number; key: string },
): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    const held = await trx
      .selectFrom('accessGrant')
      .selectAll()
      .where('id', '=', grantId)
      .where('state', '=', 'active')
      .forUpdate()
      .executeTakeFirst()
    if (!held) return false
    const { actorId, at, key } = by
    if (held.expiresAt?.getTime() === expiresAt) return true
    const variables = { expiresAt: new Date(expiresAt).toISOString(), remindAt: new Date(reminderAt(at, expiresAt)).toISOString() }
    const expiryInstanceId = held.expiryInstanceId ?? (await watchExpiry(trx, grantId, held.personId, at, expiresAt))
    await trx
      .updateTable('accessGrant')
      .set({ expiresAt: instant(expiresAt), expiryInstanceId })
      .where('id', '=', grantId)
      .execute()
    await appendNext(trx, `grant/${grantId}`, [
      { actorId, fact: changed(at, grantId, 'expiresAt', held.expiresAt?.toISOString() ?? null, variables.expiresAt) },
    ])
    if (held.expiryInstanceId !== null) await tell(trx, 'accessExtended', grantId, key, variables, actorId, at)
    return true
  })
}

/** Why a right is taken away, in the holder's language: it becomes a title. */
const removalTitle = {
  fr: (name: string, who: string) => `Retirer « ${name} » à ${who}`,
  en: (name: string, who: string) => `Remove "${name}" from ${who}`,
}

/**
 * Has a right taken away: by a request of its own, which does it in the system or gives it to the group that can. The right stands as
 * `removing` meanwhile. False: it is not active (any more).
 */
export function orderRemoval(db: Db | Trx, grantId: string, by: { actorId: string; reason: string; at: number }): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    const row = await trx
      .selectFrom('accessGrant')
      .innerJoin('entitlement', 'entitlement.id', 'accessGrant.entitlementId')
      .leftJoin('person', 'person.id', 'accessGrant.personId')
      .leftJoin('provisionConnector', 'provisionConnector.id', 'entitlement.connectorId')
      .selectAll('entitlement')
      .select(['accessGrant.personId', 'accessGrant.state', 'person.name as holder', 'person.locale', 'provisionConnector.kind'])
      .where('accessGrant.id', '=', grantId)
      .forUpdate('accessGrant')
      .executeTakeFirst()
    if (row?.state !== 'active') return false
    const { actorId, reason, at } = by
    const locale = row.locale === 'en' ? 'en' : 'fr'
    const variables: Variables = {
      title: removalTitle[locale](locale === 'en' ? row.nameEn : row.nameFr, row.holder ?? row.personId),
      requesterId: row.personId,
      groupId: row.groupId,
      category: 'access',
      priority: 3,
      grantId,
      personId: row.personId,
      entitlementId: row.id,
      connectorId: row.connectorId,
      isByHand: row.kind === 'manual',
      resource: row.resource,
      role: row.role,
      reason,
    }
    await trx.updateTable('accessGrant').set({ state: 'removing', revokeReason: reason }).where('id', '=', grantId).execute()
    await appendNext(trx, `grant/${grantId}`, [{ actorId, fact: changed(at, grantId, 'state', 'active', 'removing') }])
    await orderStart(
      trx,
      { publicationId: null, processId: 'access-removal', elementId: null, payload: { variables, startedById: 'system' } },
      at,
    )
    return true
  })
}

/** It could not be taken away: it stays, and the register says so. */
export function keepAccess(db: Db, grantId: string, at: number): Promise<void> {
  return inTransaction(db, async (trx) => {
    const found = await trx
      .updateTable('accessGrant')
      .set({ state: 'active', revokeReason: null })
      .where('id', '=', grantId)
      .where('state', '=', 'removing')
      .returning('id')
      .executeTakeFirst()
    if (found) await appendNext(trx, `grant/${grantId}`, [{ actorId: 'system', fact: changed(at, grantId, 'state', 'removing', 'active') }])
  })
}
