import { createHash, randomBytes } from 'node:crypto'
import type { Db } from './deps.ts'

/** `last_used_at` is written at most this often per key. */
const usedEveryMs = 60_000
export const hashKey = (key: string): string => createHash('sha256').update(key).digest('hex')

/** A fresh key: `gk_` and 256 random bits. Only its hash is stored (random keys need no slow hash); `prefix` lets people tell keys apart. */
export function makeKey(): { key: string; prefix: string; keyHash: string } {
  const key = `gk_${randomBytes(32).toString('base64url')}`
  return { key, prefix: key.slice(0, 10), keyHash: hashKey(key) }
}

/** Whose a living key is, and the desk that it writes to; null: it is none. */
export async function findKeyPerson(db: Db, key: string, now: number): Promise<{ personId: string; deskId: string | null } | null> {
  const row = await db
    .selectFrom('apiKey')
    .select(['id', 'personId', 'deskId', 'expiresAt', 'lastUsedAt'])
    .where('keyHash', '=', hashKey(key))
    .where('revokedAt', 'is', null)
    .executeTakeFirst()
  if (!row || (row.expiresAt && row.expiresAt.getTime() <= now)) return null
  if (!row.lastUsedAt || now - row.lastUsedAt.getTime() > usedEveryMs)
    await db
      .updateTable('apiKey')
      .set({ lastUsedAt: new Date(now) })
      .where('id', '=', row.id)
      .execute()
  return { personId: row.personId, deskId: row.deskId }
}
