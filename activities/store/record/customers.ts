/** Whose customer somebody is: what was contracted for him depends on it. */
import { sql } from 'kysely'
import type { Db, Trx } from '../database.ts'

/** Where everybody may have a mailbox: such an address names no firm. */
const publicDomains = new Set([
  ...[
    'gmail.com',
    'googlemail.com',
    'outlook.com',
    'outlook.fr',
    'hotmail.com',
    'hotmail.fr',
    'live.com',
    'live.fr',
    'msn.com',
    'icloud.com',
  ],
  ...['yahoo.com', 'yahoo.fr', 'orange.fr', 'wanadoo.fr', 'free.fr', 'sfr.fr', 'laposte.net', 'bbox.fr', 'proton.me', 'gmx.fr', 'gmx.net'],
])
const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase()

/** The customer with this very address, else the only one whose address is of the same firm. */
export async function customerOf(db: Db | Trx, email: string): Promise<{ id: string; supportLevel: string } | undefined> {
  const domain = domainOf(email)
  const rows = await db
    .selectFrom('customer')
    .select(['id', 'email', 'supportLevel'])
    .where('archivedAt', 'is', null)
    .where(sql<string>`lower(split_part(email, '@', 2))`, '=', domain)
    .execute()
  const own = rows.find((row) => row.email?.toLowerCase() === email.toLowerCase())
  return own ?? (rows.length === 1 && !publicDomains.has(domain) ? rows[0] : undefined)
}
