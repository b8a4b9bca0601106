/** Lists and views of the register's records, the same for every noun. */
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { z } from 'zod'
import type { Noun, RecordValues } from '#schema/noun'
import type { RecordView } from '#schema/record'
import { anyTable, recordOf, type StoredRecord } from '../../activities/store/record/columns.ts'
import { referenceNames, referenceTitleSql } from '../../activities/store/record/references.ts'
import { withThrough } from '../../activities/store/record/records.ts'
import type { Db } from '../deps.ts'
import type { Locale } from '../problem.ts'
import { derivedOf } from './record-derived.ts'
import { PageQuery, pageOf, readCursor, writeCursor } from './page.ts'

export const RecordQuery = PageQuery.extend({
  q: z.string().max(200).optional(),
  archived: z.enum(['no', 'only', 'all']).default('no'),
  sort: z.string().max(60).optional(),
}).catchall(z.string().max(200))
export type RecordQuery = z.output<typeof RecordQuery>

const dateWords = (day: string, locale: Locale): string =>
  new Intl.DateTimeFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`))

const words = (noun: Noun, field: string, value: unknown, names: RecordView['names'], locale: Locale): string => {
  const declared = noun.fields[field]
  if (declared?.refersTo) return names[field]?.[String(value)] ?? String(value ?? '')
  if (declared?.kind === 'date' && typeof value === 'string') return dateWords(value, locale)
  const choice = declared?.choices?.find((each) => each.value === value)
  return choice ? choice[locale] : String(value ?? '')
}

export const recordTitle = (noun: Noun, values: RecordValues, names: RecordView['names'], locale: Locale): string =>
  noun.title
    .map((field) => words(noun, field, values[field], names, locale))
    .filter(Boolean)
    .join(' ')

const viewOf = (noun: Noun, record: StoredRecord, names: RecordView['names'], locale: Locale): Omit<RecordView, 'derived'> => ({
  id: record.id,
  version: record.version,
  title: recordTitle(noun, record.values, names, locale),
  isArchived: record.archivedAt !== null,
  updatedAt: record.updatedAt.toISOString(),
  values: record.values as RecordView['values'],
  names: Object.fromEntries(
    Object.entries(names).map(([field, known]) => {
      const value = record.values[field]
      const ids = Array.isArray(value) ? (value as string[]) : typeof value === 'string' ? [value] : []
      return [field, Object.fromEntries(ids.flatMap((id) => (known[id] === undefined ? [] : [[id, known[id]]])))]
    }),
  ),
})

export async function recordViews(
  db: Db,
  noun: Noun,
  records: readonly StoredRecord[],
  locale: Locale,
  now: number,
): Promise<RecordView[]> {
  const names = await referenceNames(
    db,
    noun,
    records.map(({ values }) => values),
  )
  const derived = await derivedOf(db, noun.id, records, now)
  return records.map((record) => ({ ...viewOf(noun, record, names, locale), derived: derived.get(record.id) ?? {} }))
}

const column = (field: string): RawBuilder<unknown> => sql.ref(`record.${field}`)
const searchable = (noun: Noun, field: string): RawBuilder<unknown> => {
  const { refersTo } = noun.fields[field] ?? {}
  return sql`coalesce(${refersTo ? referenceTitleSql(refersTo, column(field)) : column(field)}::text, '')`
}

function filterOf(noun: Noun, field: string, value: string): RawBuilder<SqlBool> {
  const declared = noun.fields[field]
  if (declared?.through) {
    const { table, own, other } = declared.through
    return sql<SqlBool>`exists (select from ${sql.table(table)} joined where joined.${sql.ref(own)} = record.id and joined.${sql.ref(other)} = ${value})`
  }
  if (declared?.kind === 'references' || declared?.kind === 'choices') return sql<SqlBool>`${value} = any(${column(field)})`
  return sql<SqlBool>`${column(field)}::text = ${value}`
}

function conditions(noun: Noun, query: RecordQuery): RawBuilder<SqlBool> {
  const all: RawBuilder<SqlBool>[] = [sql<SqlBool>`true`]
  if (query.archived !== 'all') all.push(sql<SqlBool>`(record.archived_at is not null) = ${query.archived === 'only'}`)
  for (const field of noun.filters) {
    const value = query[field]
    if (typeof value === 'string' && value !== '') all.push(filterOf(noun, field, value))
  }
  const q = query.q?.trim()
  if (q) {
    const like = `%${q.replace(/[\\%_]/g, (c) => `\\${c}`)}%`
    const fields = noun.search.map((field) => searchable(noun, field))
    all.push(sql<SqlBool>`unaccent(${sql.join(fields, sql` || ' ' || `)}) ilike unaccent(${like})`)
  }
  return sql.join(all, sql` and `)
}

/** Ascending by title unless said otherwise; as text, so that one cursor shape serves every column. */
function orderOf(noun: Noun, sort: string | undefined): { value: RawBuilder<unknown>; isReverse: boolean } {
  const name = sort?.replace(/^-/, '') ?? ''
  const declared = noun.fields[name]
  const isReverse = sort?.startsWith('-') ?? false
  if (!declared || declared.through) return { value: sql`lower(${searchable(noun, noun.title[0] ?? 'id')})`, isReverse }
  if (declared.kind === 'integer' || declared.kind === 'amount')
    return { value: sql`lpad(coalesce(${column(name)}, 0)::text, 20, '0')`, isReverse }
  return { value: sql`lower(${searchable(noun, name)})`, isReverse }
}

/** One page; the total comes with the first page only. */
export async function listRecords(
  db: Db,
  noun: Noun,
  query: RecordQuery,
  locale: Locale,
  now: number,
): Promise<{ items: RecordView[]; nextCursor: string | null; total?: number }> {
  const after = query.cursor ? readCursor(query.cursor, z.tuple([z.string(), z.string()])) : null
  const where = conditions(noun, query)
  const { value, isReverse } = orderOf(noun, query.sort)
  const direction = isReverse ? sql`desc` : sql`asc`
  const beyond = after ? sql`and (${value}, record.id) ${isReverse ? sql`<` : sql`>`} (${after[0]}, ${after[1]})` : sql``
  const source = sql`${sql.table(noun.table)} record`
  const { rows } = await sql<
    Record<string, unknown> & { sortValue: string }
  >`select record.*, ${value} as sort_value from ${source} where ${where} ${beyond} order by ${value} ${direction}, record.id ${direction} limit ${query.limit + 1}`.execute(
    db,
  )
  const page = pageOf(
    rows,
    query.limit,
    (row) => row,
    (last) => writeCursor(last.sortValue, last['id'] as string),
  )
  const hasThrough = Object.values(noun.fields).some(({ through }) => through)
  const records = hasThrough
    ? await Promise.all(page.items.map((row) => withThrough(db, noun, row)))
    : page.items.map((row) => recordOf(noun, row))
  const items = await recordViews(db, noun, records, locale, now)
  if (after) return { items, nextCursor: page.nextCursor }
  const counted = await sql<{ total: number }>`select count(*)::int as total from ${source} where ${where}`.execute(db)
  return { items, nextCursor: page.nextCursor, total: counted.rows[0]?.total ?? 0 }
}

/** Id or natural key of one field. */
export async function findRecord(db: Db, noun: Noun, id: string): Promise<StoredRecord | undefined> {
  const row = await anyTable(db).selectFrom(noun.table).selectAll().where('id', '=', id).executeTakeFirst()
  return row && withThrough(db, noun, row)
}
