/** Which maintenance contract stands behind a configuration item: what the supplier's clock of its tickets goes by. */
import { sql } from 'kysely'
import type { Variables } from '#schema/json'
import { systemActor } from '#schema/role'
import type { Db, Trx } from '../database.ts'
import { orderCommand } from '../ticket/ticket-commands.ts'
import { contractTimeZone } from './contracts.ts'

const nothing = {
  contractState: 'none',
  contractId: null,
  contractReference: null,
  contractSupplier: null,
  contractEndsOn: null,
  contractCalendarId: null,
  contractResponseMinutes: null,
  contractResolutionMinutes: null,
} satisfies Variables

const dayOf = (at: number): string => new Intl.DateTimeFormat('en-CA', { timeZone: contractTimeZone }).format(at)

/**
 * Root variables of a ticket about the item: the contract in force with the shortest promise, else the one that ended last (`expired`), else
 * none. A contract that has not begun covers nothing yet.
 */
export async function coverageOf(db: Db | Trx, ciId: string | null, at: number): Promise<Variables> {
  if (ciId === null) return nothing
  const today = dayOf(at)
  const contract = await db
    .selectFrom('maintenanceContract as contract')
    .leftJoin('supplier', 'supplier.id', 'contract.supplierId')
    .select(['contract.id', 'reference', 'supplier.name as supplier', 'endsOn', 'calendarId', 'responseMinutes', 'resolutionMinutes'])
    .select(sql<boolean>`contract.status = 'active' and contract.ends_on >= ${today}::date`.as('isInForce'))
    .where('contract.archivedAt', 'is', null)
    .where('startsOn', '<=', today)
    .where(sql<boolean>`${ciId} = any(contract.ci_ids)`)
    .orderBy(sql`contract.status = 'active' and contract.ends_on >= ${today}::date`, 'desc')
    .orderBy(sql`resolution_minutes nulls last`)
    .orderBy('endsOn', 'desc')
    .orderBy('contract.id')
    .limit(1)
    .executeTakeFirst()
  if (!contract) return nothing
  const { id, reference, supplier, endsOn, calendarId, responseMinutes, resolutionMinutes, isInForce } = contract
  return {
    contractState: isInForce ? 'inForce' : 'expired',
    contractId: id,
    contractReference: reference,
    contractSupplier: supplier,
    contractEndsOn: endsOn,
    contractCalendarId: isInForce ? calendarId : null,
    contractResponseMinutes: isInForce ? responseMinutes : null,
    contractResolutionMinutes: isInForce ? resolutionMinutes : null,
  }
}

/** Tells a ticket's process of the contract behind its item. @param key the same key tells once */
export async function tellCoverage(trx: Trx, ticketId: string, ciId: string | null, key: string, at: number): Promise<void> {
  const variables = await coverageOf(trx, ciId, at)
  await orderCommand(trx, { ticketId, name: 'setVariables', payload: { variables }, actor: systemActor, key: `coverage/${key}`, at })
}

/** Open tickets told at once when a contract changes. */
const mostTickets = 500

/** A contract changed: the open tickets about what it covers, or covered, hear of it where it matters to them. */
export async function refreshCoverage(db: Db, contractId: string, ciIds: readonly string[], key: string, at: number): Promise<void> {
  const rows = await db
    .selectFrom('ticket')
    .innerJoin('instance', 'instance.ticketId', 'ticket.id')
    .select(['ticket.id', 'ticket.ciId', 'instance.variables'])
    .where('instance.isEnded', '=', false)
    .where((eb) => eb.or([eb('ticket.ciId', 'in', [...ciIds, '']), eb(sql<string>`instance.variables ->> 'contractId'`, '=', contractId)]))
    .orderBy('ticket.id')
    .limit(mostTickets)
    .execute()
  for (const { id, ciId, variables } of rows) {
    const known = variables as Variables
    const fresh = await coverageOf(db, ciId, at)
    if (Object.entries(fresh).every(([name, value]) => (known[name] ?? null) === value)) continue
    await db.transaction().execute((trx) => tellCoverage(trx, id, ciId, `${key}/${id}`, at))
  }
}
