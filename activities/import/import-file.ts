import { randomUUID } from 'node:crypto'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { ImportMapping } from '#schema/import-mapping'
import type { Database } from '../store/database.ts'
import { appendFacts } from '../store/facts.ts'
import { placeholderAddress } from './placeholder.ts'
import { readEvents } from './read-events.ts'
import type { Rejection, Repair } from './rejection.ts'
import { type ImportedTicket, toFacts } from './to-facts.ts'

export interface ImportReport {
  source: string
  rows: number
  /** Tickets in the file, refused ones included. */
  tickets: number
  accepted: number
  /** Known from an earlier import. */
  skipped: number
  facts: number
  rejections: Rejection[]
  repairs: Repair[]
}

export interface ImportOptions {
  path: string
  mapping: ImportMapping
  /** Read, check and report; write nothing. */
  isDryRun?: boolean
  onProgress?: (done: number, of: number) => void
}

/**
 * Brings an event log in as history. One transaction a ticket: a ticket is in whole or not at all, and an import that was cut off
 * goes on where it stopped when it is started again. Throws ImportRefused when the file as a whole cannot be read.
 */
export async function importFile(
  db: Kysely<Database>,
  { path, mapping, isDryRun = false, onProgress }: ImportOptions,
): Promise<ImportReport> {
  const file = await readEvents(path, mapping)
  const references = new Set([...file.incidents.keys(), ...file.rejections.map((one) => one.reference).filter((one) => one !== null)])
  const report: ImportReport = {
    source: mapping.id,
    rows: file.rows,
    tickets: references.size,
    accepted: 0,
    skipped: 0,
    facts: 0,
    rejections: file.rejections,
    repairs: [],
  }
  const runId = isDryRun ? null : await startRun(db, mapping, file.sha256)
  const known = await knownReferences(db, mapping.id)
  let done = 0
  for (const [reference, events] of file.incidents) {
    onProgress?.(++done, file.incidents.size)
    if (known.has(reference)) {
      report.skipped += 1
      continue
    }
    const made = toFacts(mapping, events)
    if (!made.ok) {
      report.rejections.push(...made.rejections)
      continue
    }
    const outcome = await take(db, mapping, made.ticket, isDryRun)
    if (outcome === 'accepted') {
      report.accepted += 1
      report.facts += made.ticket.facts.length
      report.repairs.push(...made.ticket.repairs)
    } else if (outcome === 'skipped') report.skipped += 1
    else report.rejections.push(outcome)
  }
  report.rejections.sort((a, b) => a.line - b.line)
  if (runId !== null) await endRun(db, runId, report)
  return report
}

async function take(
  db: Kysely<Database>,
  mapping: ImportMapping,
  ticket: ImportedTicket,
  isDryRun: boolean,
): Promise<'accepted' | 'skipped' | Rejection> {
  const taken = await db.selectFrom('ticket').select('id').where('number', '=', ticket.reference).executeTakeFirst()
  if (taken !== undefined && taken.id !== ticket.ticketId) {
    const line = ticket.facts.map(({ fact }) => (fact.type === 'imported' ? fact.line : 0)).find((number) => number > 0) ?? 0
    const reason = `the number ${ticket.reference} belongs to a ticket of another origin`
    return {
      line,
      reference: ticket.reference,
      scope: 'ticket',
      code: 'numberTaken',
      column: mapping.reference,
      value: ticket.reference,
      reason,
      remedy: 'renumber one of the two',
    }
  }
  if (isDryRun) return 'accepted'
  return db.transaction().execute(async (trx) => {
    const first = await trx
      .insertInto('importedRecord')
      .values({ source: mapping.id, reference: ticket.reference, ticketId: ticket.ticketId })
      .onConflict((conflict) => conflict.doNothing())
      .returning('ticketId')
      .executeTakeFirst()
    // Two imports at once: the second waits for the first's row, then finds it.
    if (first === undefined) return 'skipped'
    await addPlaceholders(trx, ticket)
    await appendFacts(trx, ticket.ticketId, 1, ticket.facts, { isSilent: true })
    return 'accepted'
  })
}

/** Sorted by id, so that two imports at once take their row locks in the same order. */
async function addPlaceholders(trx: Transaction<Database>, { people, groups }: ImportedTicket): Promise<void> {
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)
  if (people.length > 0) {
    const rows = [...people]
      .sort(byId)
      .map(({ id, name }) => ({ id, name, email: placeholderAddress(id), roles: [] as string[], isActive: false }))
    await trx
      .insertInto('person')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
  if (groups.length > 0)
    await trx
      .insertInto('supportGroup')
      .values([...groups].sort(byId))
      .onConflict((conflict) => conflict.doNothing())
      .execute()
}

async function knownReferences(db: Kysely<Database>, source: string): Promise<Set<string>> {
  const rows = await db.selectFrom('importedRecord').select('reference').where('source', '=', source).execute()
  return new Set(rows.map((row) => row.reference))
}

async function startRun(db: Kysely<Database>, mapping: ImportMapping, sha256: string): Promise<string> {
  const id = randomUUID()
  await db
    .insertInto('importRun')
    .values({ id, source: mapping.id, sourceSha256: sha256, mapping: JSON.stringify(mapping) })
    .execute()
  return id
}

async function endRun(db: Kysely<Database>, id: string, report: ImportReport): Promise<void> {
  await db
    .updateTable('importRun')
    .set({ endedAt: sql`now()`, accepted: report.accepted, skipped: report.skipped, rejected: JSON.stringify(report.rejections) })
    .where('id', '=', id)
    .execute()
}
