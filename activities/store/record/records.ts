/** The store of the register: one record of a noun is one row of its table and one stream of facts, `<noun>/<id>`. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { FactOf } from '#schema/fact'
import type { Json } from '#schema/json'
import type { FieldIssue, Noun, RecordValues } from '#schema/noun'
import { type Db, inTransaction, instant, type Trx } from '../database.ts'
import { appendNext, readFacts } from '../facts.ts'
import { announceChange } from './announcements.ts'
import { anyTable, columnsOf, type RecordChange, recordOf, type StoredRecord } from './columns.ts'
import { circles, missingReferences } from './references.ts'

export type { RecordChange, StoredRecord } from './columns.ts'

export type Saved =
  | { ok: true; record: StoredRecord; changes: RecordChange[] }
  | { ok: false; reason: 'notFound' }
  /** Somebody saved since `version`: what he changed. */
  | { ok: false; reason: 'conflict'; version: number; changes: RecordChange[] }
  | { ok: false; reason: 'refused'; issues: FieldIssue[] }

export async function getRecord(db: Db | Trx, noun: Noun, id: string): Promise<StoredRecord | undefined> {
  const row = await anyTable(db).selectFrom(noun.table).selectAll().where('id', '=', id).executeTakeFirst()
  return row && withThrough(db, noun, row)
}

/** The record with its references in join tables. */
export async function withThrough(db: Db | Trx, noun: Noun, row: Record<string, unknown>): Promise<StoredRecord> {
  const record = recordOf(noun, row)
  for (const [name, field] of Object.entries(noun.fields)) {
    if (!field.through) continue
    const { table, own, other } = field.through
    const rows = await anyTable(db).selectFrom(table).select(other).where(own, '=', record.id).orderBy(other).execute()
    record.values[name] = rows.map((each) => each[other] as string)
  }
  return record
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
const unordered = (value: unknown, isSet: boolean): unknown => (isSet && Array.isArray(value) ? [...value].sort() : value)

/** Fields that differ, with what they were and are. */
export const changesBetween = (noun: Noun, before: RecordValues | null, after: RecordValues): RecordChange[] =>
  Object.entries(noun.fields).flatMap(([field, { through }]) => {
    const from = (unordered(before?.[field], through !== undefined) ?? null) as Json
    const to = (unordered(after[field], through !== undefined) ?? null) as Json
    return same(from, to) ? [] : [{ field, from, to }]
  })

const uniqueViolation = '23505'
const taken = (noun: Noun): FieldIssue[] => noun.key.map((field) => ({ field, code: 'keyTaken' }))

/**
 * Adds (`id` null) or changes a record: row, join tables and one `recordChanged` fact per changed field, in one transaction. `values` are complete
 * and checked (workflows/domain/record-check.ts). `version` null: whatever is there (seeding, imports).
 */
export async function saveRecord(
  db: Db | Trx,
  noun: Noun,
  save: { id: string | null; version: number | null; values: RecordValues; newId?: string },
  actorId: string,
  at = Date.now(),
): Promise<Saved> {
  try {
    return await inTransaction(db, async (trx) => {
      // A savepoint, so that a caller's transaction survives a refusal by the unique key.
      await sql`savepoint record`.execute(trx)
      const before = save.id === null ? null : await lock(trx, noun, save.id)
      if (save.id !== null && !before) return { ok: false, reason: 'notFound' } as const
      if (before && save.version !== null && save.version !== before.version) return await conflictOf(trx, noun, before, save.version)
      const changes = changesBetween(noun, before?.values ?? null, save.values)
      const rounds = save.id === null ? [] : await circles(trx, noun, save.id, changes)
      const issues = [...(await missingReferences(trx, noun, changes)), ...rounds]
      if (issues.length > 0) return { ok: false, reason: 'refused', issues } as const
      if (before && changes.length === 0) return { ok: true, record: before, changes } as const
      const id = save.id ?? save.newId ?? randomUUID()
      await write(trx, noun, id, before, save.values, changes, at)
      const record = await append(trx, noun, id, changes, actorId, at)
      return { ok: true, record, changes } as const
    })
  } catch (error) {
    if ((error as { code?: string }).code !== uniqueViolation) throw error
    if (db.isTransaction) await sql`rollback to savepoint record`.execute(db)
    return { ok: false, reason: 'refused', issues: taken(noun) }
  }
}

async function lock(trx: Trx, noun: Noun, id: string): Promise<StoredRecord | null> {
  const row = await anyTable(trx).selectFrom(noun.table).selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  return row ? withThrough(trx, noun, row) : null
}

/** What was changed since a version: the facts after it. A field that came back to what it was is not among them. */
async function conflictOf(trx: Trx, noun: Noun, now: StoredRecord, since: number): Promise<Saved> {
  const facts = await readFacts(trx, `${noun.id}/${now.id}`, since, 1_000)
  const first = new Map<string, Json>()
  for (const { fact } of facts) if (fact.type === 'recordChanged' && !first.has(fact.field)) first.set(fact.field, fact.from)
  const changes = [...first].map(([field, from]) => ({
    field,
    from,
    to: (field === 'archivedAt' ? (now.archivedAt?.toISOString() ?? null) : (now.values[field] ?? null)) as Json,
  }))
  return { ok: false, reason: 'conflict', version: now.version, changes: changes.filter(({ from, to }) => !same(from, to)) }
}

async function write(
  trx: Trx,
  noun: Noun,
  id: string,
  before: StoredRecord | null,
  values: RecordValues,
  changes: readonly RecordChange[],
  at: number,
): Promise<void> {
  const names = before ? changes.map(({ field }) => field) : Object.keys(noun.fields)
  const columns = columnsOf(noun, values, names)
  const stamp = { updatedAt: instant(at) }
  const table = anyTable(trx)
  if (before)
    await table
      .updateTable(noun.table)
      .set({ ...columns, ...stamp })
      .where('id', '=', id)
      .execute()
  else
    await table
      .insertInto(noun.table)
      .values({ id, ...columns, createdAt: instant(at), ...stamp })
      .execute()
  for (const name of names) {
    const through = noun.fields[name]?.through
    if (!through) continue
    await table.deleteFrom(through.table).where(through.own, '=', id).execute()
    const others = [...new Set(values[name] as string[])]
    if (others.length > 0)
      await table
        .insertInto(through.table)
        .values(others.map((other) => ({ [through.own]: id, [through.other]: other })))
        .execute()
  }
}

/** Records the changes; the stream's last number becomes the record's version. */
async function append(
  trx: Trx,
  noun: Noun,
  id: string,
  changes: readonly RecordChange[],
  actorId: string,
  at: number,
): Promise<StoredRecord> {
  const facts = changes.map(({ field, from, to }) => {
    const fact: FactOf<'recordChanged'> = { type: 'recordChanged', at, noun: noun.id, id, field, from, to }
    return { actorId, fact }
  })
  const { sequence } = await appendNext(trx, `${noun.id}/${id}`, facts)
  await anyTable(trx).updateTable(noun.table).set({ version: sequence }).where('id', '=', id).execute()
  await announceChange(trx, noun.id, id, actorId, at)
  const record = await getRecord(trx, noun, id)
  if (!record) throw new Error(`expected ${noun.id} ${id} after saving it, found nothing`)
  return record
}

/** Takes a record out of lists and choices, or brings it back; nothing is deleted. */
export function archiveRecord(
  db: Db | Trx,
  noun: Noun,
  change: { id: string; version: number | null; isArchived: boolean },
  actorId: string,
  at = Date.now(),
): Promise<Saved> {
  return inTransaction(db, async (trx): Promise<Saved> => {
    const before = await lock(trx, noun, change.id)
    if (!before) return { ok: false, reason: 'notFound' }
    if (change.version !== null && change.version !== before.version) return conflictOf(trx, noun, before, change.version)
    if (change.isArchived === (before.archivedAt !== null)) return { ok: true, record: before, changes: [] }
    const archivedAt = change.isArchived ? instant(at) : null
    await anyTable(trx)
      .updateTable(noun.table)
      .set({ archivedAt, updatedAt: instant(at), ...(noun.activeColumn && { [noun.activeColumn]: !change.isArchived }) })
      .where('id', '=', change.id)
      .execute()
    const changes = [{ field: 'archivedAt', from: before.archivedAt?.toISOString() ?? null, to: archivedAt?.toISOString() ?? null }]
    return { ok: true, record: await append(trx, noun, change.id, changes, actorId, at), changes }
  })
}
