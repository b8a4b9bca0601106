/** What comes with a new desk for its requests: systems, entitlements, job profiles, and who is whose manager. What exists is left alone. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { ConnectorKind } from '#schema/access'
import { systemActor } from '#schema/role'
import type { Db, Trx } from '../database.ts'
import { appendNext } from '../facts.ts'

const source = new URL('../../../definitions/seed/access.json', import.meta.url)

const Named = { id: z.string(), nameFr: z.string(), nameEn: z.string() }
const Seed = z.object({
  connectors: z.array(z.object({ id: z.string(), kind: ConnectorKind, name: z.string() })),
  entitlements: z.array(
    z.object({
      ...Named,
      resource: z.string(),
      role: z.string(),
      ownerId: z.string(),
      connectorId: z.string(),
      groupId: z.string(),
      defaultDays: z.int().nullable(),
    }),
  ),
  profiles: z.array(z.object({ ...Named, entitlementIds: z.array(z.string()) })),
  managers: z.record(z.string(), z.array(z.string())),
})

const told = (trx: Trx, noun: string, id: string, field: string, to: string | string[] | null, at: number) =>
  appendNext(trx, `${noun}/${id}`, [{ actorId: systemActor.id, fact: { type: 'recordChanged', at, noun, id, field, from: null, to } }])

export async function seedAccess(db: Db, at = Date.now()): Promise<void> {
  const seed = Seed.parse(JSON.parse(readFileSync(source, 'utf8')))
  await db.transaction().execute(async (trx) => {
    await trx
      .insertInto('provisionConnector')
      .values(seed.connectors)
      .onConflict((on) => on.doNothing())
      .execute()
    for (const entitlement of seed.entitlements) {
      const added = await trx
        .insertInto('entitlement')
        .values(entitlement)
        .onConflict((on) => on.doNothing())
        .returning('id')
        .executeTakeFirst()
      if (added) await told(trx, 'entitlement', entitlement.id, 'ownerId', entitlement.ownerId, at)
    }
    for (const profile of seed.profiles) {
      const added = await trx
        .insertInto('accessProfile')
        .values(profile)
        .onConflict((on) => on.doNothing())
        .returning('id')
        .executeTakeFirst()
      if (added) await told(trx, 'accessProfile', profile.id, 'entitlementIds', profile.entitlementIds, at)
    }
    for (const [managerId, people] of Object.entries(seed.managers)) await giveManager(trx, managerId, people, at)
  })
}

/** Only where nobody has said anything about it; the register's version goes with its facts. */
async function giveManager(trx: Trx, managerId: string, people: readonly string[], at: number): Promise<void> {
  if (!(await trx.selectFrom('person').select('id').where('id', '=', managerId).executeTakeFirst())) return
  const changed = await trx
    .updateTable('person')
    .set({ managerId })
    .where('id', 'in', people)
    .where('managerId', 'is', null)
    .where('version', '<=', 3)
    .returning('id')
    .execute()
  for (const { id } of changed) {
    const { sequence } = await told(trx, 'person', id, 'managerId', managerId, at)
    await trx.updateTable('person').set({ version: sequence }).where('id', '=', id).execute()
  }
}
