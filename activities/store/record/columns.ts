/** Between a record's values and its table's typed columns. */
import type { Json } from '#schema/json'
import type { Kysely } from 'kysely'
import type { Noun, NounField, RecordValues } from '#schema/noun'
import type { Db, Trx } from '../database.ts'

/** Tables by name: the registry of nouns says which columns there are. */
export const anyTable = (db: Db | Trx) => db as unknown as Kysely<Record<string, Record<string, unknown>>>

/** A field of a record, before and after. */
export interface RecordChange {
  field: string
  from: Json
  to: Json
}

export interface StoredRecord {
  id: string
  version: number
  archivedAt: Date | null
  updatedAt: Date
  values: RecordValues
}

function fieldValue(field: NounField, column: unknown): unknown {
  if (column === null || column === undefined) return null
  if (field.kind === 'amount') return Number(column)
  if (field.kind === 'instant') return (column as Date).toISOString()
  return column
}

/** Values in join tables are left out: `withThrough` reads them. */
export function recordOf(noun: Noun, row: Record<string, unknown>): StoredRecord {
  const values: RecordValues = {}
  for (const [name, field] of Object.entries(noun.fields)) values[name] = field.through ? [] : fieldValue(field, row[name])
  return {
    id: row['id'] as string,
    version: row['version'] as number,
    archivedAt: (row['archivedAt'] as Date | null) ?? null,
    updatedAt: row['updatedAt'] as Date,
    values,
  }
}

/** The named fields as columns. */
export function columnsOf(noun: Noun, values: RecordValues, names: readonly string[]): Record<string, unknown> {
  const columns: Record<string, unknown> = {}
  for (const name of names) {
    const field = noun.fields[name]
    if (!field || field.through) continue
    const value = values[name] ?? null
    columns[name] = field.kind === 'instant' && typeof value === 'string' ? new Date(value) : value
  }
  return columns
}
