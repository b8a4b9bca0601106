/** What records refer to: whether it exists, and what it is called. */
import { sql } from 'kysely'
import type { FieldIssue, Noun, RecordValues } from '#schema/noun'
import { nounOf } from '#schema/nouns'
import type { Db, Trx } from '../database.ts'
import { anyTable, type RecordChange } from './columns.ts'

const idsIn = (value: unknown): string[] => (Array.isArray(value) ? (value as string[]) : typeof value === 'string' ? [value] : [])

/** Names by id of records of a noun, or of calendars; ids that are unknown are missing. `isCurrent`: archived ones too are missing. */
export async function namesOf(
  db: Db | Trx,
  refersTo: string,
  ids: readonly string[],
  options: { isCurrent?: boolean } = {},
): Promise<Map<string, string>> {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return new Map()
  if (refersTo === 'calendar') {
    const rows = await db
      .selectFrom('definition')
      .select(['id', 'name'])
      .distinctOn('id')
      .where('kind', '=', 'calendar')
      .where('id', 'in', wanted)
      .orderBy('id')
      .orderBy('version', 'desc')
      .execute()
    return new Map(rows.map(({ id, name }) => [id, name]))
  }
  const noun = nounOf(refersTo)
  if (!noun) throw new Error(`expected a noun or 'calendar' to refer to, found '${refersTo}'`)
  let query = anyTable(db).selectFrom(noun.table).selectAll().where('id', 'in', wanted)
  if (options.isCurrent) query = query.where('archivedAt', 'is', null)
  const rows = await query.execute()
  return new Map(rows.map((row) => [row['id'] as string, plainTitle(noun, row)]))
}

/** A title of the row's own columns; a record whose title is made of references is not referred to. */
const plainTitle = (noun: Noun, row: Record<string, unknown>): string => noun.title.map((field) => String(row[field] ?? '')).join(' ')

/** References that were changed to what is not there. */
export async function missingReferences(db: Db | Trx, noun: Noun, changes: readonly RecordChange[]): Promise<FieldIssue[]> {
  const issues: FieldIssue[] = []
  for (const { field, from, to } of changes) {
    const refersTo = noun.fields[field]?.refersTo
    if (!refersTo) continue
    const kept = new Set(idsIn(from))
    const ids = idsIn(to).filter((id) => !kept.has(id))
    const known = await namesOf(db, refersTo, ids, { isCurrent: true })
    for (const id of ids) if (!known.has(id)) issues.push({ field, code: 'unknownReference', params: { value: id } })
  }
  return issues
}

/** So many above one another are looked at; nobody has more managers. */
const highest = 100

/** Records of a noun that refer to their like, as people to their manager, never come back to where they began. */
export async function circles(db: Db | Trx, noun: Noun, id: string, changes: readonly RecordChange[]): Promise<FieldIssue[]> {
  const issues: FieldIssue[] = []
  for (const { field, to } of changes) {
    const declared = noun.fields[field]
    if (declared?.kind !== 'reference' || declared.refersTo !== noun.id) continue
    let above = to
    for (let step = 0; typeof above === 'string' && step < highest; step++) {
      if (above === id) {
        issues.push({ field, code: 'referenceCircle' })
        break
      }
      const row = await anyTable(db).selectFrom(noun.table).select(`${field} as above`).where('id', '=', above).executeTakeFirst()
      above = (row?.above as string | null | undefined) ?? null
    }
  }
  return issues
}

/** Names of everything that these values refer to, by field and id. */
export async function referenceNames(
  db: Db | Trx,
  noun: Noun,
  values: readonly RecordValues[],
): Promise<Record<string, Record<string, string>>> {
  const names: Record<string, Record<string, string>> = {}
  for (const [field, { refersTo }] of Object.entries(noun.fields)) {
    if (!refersTo) continue
    const found = await namesOf(
      db,
      refersTo,
      values.flatMap((each) => idsIn(each[field])),
    )
    names[field] = Object.fromEntries(found)
  }
  return names
}

/** SQL of a reference's name, for search and order. */
export const referenceTitleSql = (refersTo: string, column: ReturnType<typeof sql>) => {
  const target = nounOf(refersTo)
  if (!target) return column
  const title = sql.join(
    target.title.map((field) => sql`coalesce(target.${sql.ref(field)}::text, '')`),
    sql` || ' ' || `,
  )
  return sql`(select ${title} from ${sql.table(target.table)} target where target.id = ${column})`
}
