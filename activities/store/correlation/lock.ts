import { sql } from 'kysely'
import type { Trx } from '../database.ts'

/** What decides who gets a message: its name and its key. */
export interface Address {
  name: string
  correlationKey: string | null
}

/**
 * One at a time for what could meet: messages and subscriptions with the same key, or of the same name without a key. Without it, a message and
 * a subscription committed in the same moment would not see one another. Taken in a fixed order, after the stream's own lock.
 */
export async function lockCorrelation(trx: Trx, addresses: readonly Address[]): Promise<void> {
  const names = addresses.map(({ name, correlationKey }) => (correlationKey === null ? `name:${name}` : `key:${correlationKey}`))
  for (const name of [...new Set(names)].sort()) await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 3))`.execute(trx)
}
