import type { Actor } from '#schema/role'
import { type Db, inTransaction, type Trx } from '../database.ts'
import { findPersonByEmail } from '../record/people.ts'
import { orderCommand } from './ticket-commands.ts'

/** Who follows a ticket that is not his. By person, or by address where the register does not know him. */
export interface NewWatcher {
  ticketId: string
  personId?: string
  address?: string
  /** Why: the number of his own ticket, or what an agent wrote. */
  reason?: string
  actor: Actor
  at?: number
}

export interface Watcher {
  address: string
  personId: string | null
  name: string | null
  locale: 'fr' | 'en'
  reason: string
}

async function whoIs(trx: Trx, { personId, address }: NewWatcher): Promise<{ address: string; personId: string | null } | null> {
  if (personId === undefined) {
    const known = address === undefined ? undefined : await findPersonByEmail(trx, address)
    return address === undefined ? null : { address: address.trim().toLowerCase(), personId: known?.id ?? null }
  }
  const person = await trx.selectFrom('person').select(['id', 'email']).where('id', '=', personId).executeTakeFirst()
  return person ? { address: person.email, personId: person.id } : null
}

/** Adds a watcher by a command to the ticket. False: there already, the ticket's own requester, or nobody we know. */
export function watchTicket(db: Db | Trx, watcher: NewWatcher): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    const { ticketId, reason = '', actor, at = Date.now() } = watcher
    const who = await whoIs(trx, watcher)
    if (who === null) return false
    const ticket = await trx.selectFrom('ticket').select('requesterId').where('id', '=', ticketId).executeTakeFirst()
    if (!ticket || ticket.requesterId === who.personId || (await isWatching(trx, ticketId, who.address))) return false
    const payload = { ...who, reason }
    await orderCommand(trx, { ticketId, name: 'watchTicket', payload, actor, key: `watch/${ticketId}/${who.address}/${at}`, at })
    return true
  })
}

/** Takes a watcher off. False: he does not watch. */
export function unwatchTicket(db: Db | Trx, watcher: NewWatcher & { address: string }): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    const { ticketId, address, reason = '', actor, at = Date.now() } = watcher
    const row = await trx
      .selectFrom('ticketWatcher')
      .select(['address', 'personId'])
      .where('ticketId', '=', ticketId)
      .where('address', '=', address.trim().toLowerCase())
      .executeTakeFirst()
    if (!row) return false
    await orderCommand(trx, {
      ticketId,
      name: 'unwatchTicket',
      payload: { ...row, reason },
      actor,
      key: `unwatch/${ticketId}/${address}/${at}`,
      at,
    })
    return true
  })
}

const isWatching = async (trx: Trx, ticketId: string, address: string): Promise<boolean> =>
  (await trx
    .selectFrom('ticketWatcher')
    .select('address')
    .where('ticketId', '=', ticketId)
    .where('address', '=', address)
    .executeTakeFirst()) !== undefined

/** In the order in which they came; those who left the register are left out. */
export async function watchersOf(db: Db | Trx, ticketId: string): Promise<Watcher[]> {
  const rows = await db
    .selectFrom('ticketWatcher')
    .leftJoin('person', 'person.id', 'ticketWatcher.personId')
    .select(['ticketWatcher.address', 'ticketWatcher.personId', 'ticketWatcher.reason', 'person.name', 'person.locale', 'person.isActive'])
    .where('ticketWatcher.ticketId', '=', ticketId)
    .orderBy('ticketWatcher.addedAt')
    .orderBy('ticketWatcher.address')
    .execute()
  return rows
    .filter(({ isActive }) => isActive !== false)
    .map(({ address, personId, reason, name, locale }) => ({ address, personId, reason, name, locale: locale === 'en' ? 'en' : 'fr' }))
}
