/** Brings a CSV file into the register: what each row would do, then doing it. A row finds its record by the noun's natural key. */
import { parse } from 'csv-parse/sync'
import type { FieldIssue, Noun, RecordValues } from '#schema/noun'
import { nounOf } from '#schema/nouns'
import type { ImportReport, ImportRow } from '#schema/record'
import { checkRecord } from '#domain/record-check'
import { decodeText, delimiterOf, fieldsOfHeaders, plainWord, type Resolve, rowValues } from '#domain/record-import'
import type { Db } from '../database.ts'
import { anyTable, recordOf, type StoredRecord } from './columns.ts'
import { changesBetween, type RecordChange, saveRecord, withThrough } from './records.ts'

export const maxImportRows = 5_000
/** Rows that are told in the answer. */
const rowsTold = 500
/** References within the file are followed so many times over. */
const maxPasses = 6

/** The file itself is unusable. */
export class UnreadableCsv extends Error {
  override readonly name = 'UnreadableCsv'
  readonly code: 'csvEmpty' | 'csvBroken' | 'csvTooLong' | 'csvNoKey'
  readonly params: Record<string, string | number>
  constructor(code: UnreadableCsv['code'], params: Record<string, string | number> = {}) {
    super(`${code} ${JSON.stringify(params)}`)
    this.code = code
    this.params = params
  }
}

interface Sheet {
  encoding: ImportReport['encoding']
  delimiter: string
  headers: string[]
  rows: { line: number; cells: string[] }[]
}

function readSheet(bytes: Uint8Array): Sheet {
  const { text, encoding } = decodeText(bytes)
  const delimiter = delimiterOf(text)
  let records: { record: string[]; info: { lines: number } }[]
  try {
    const options = { delimiter, bom: true, info: true, relax_column_count: true, skip_empty_lines: true } as const
    records = parse(text, options) as unknown as typeof records
  } catch (error) {
    throw new UnreadableCsv('csvBroken', { reason: error instanceof Error ? error.message : String(error) })
  }
  const [head, ...body] = records
  if (!head || body.length === 0) throw new UnreadableCsv('csvEmpty')
  if (body.length > maxImportRows) throw new UnreadableCsv('csvTooLong', { limit: maxImportRows, found: body.length })
  return {
    encoding,
    delimiter,
    headers: head.record.map((header) => header.trim()),
    rows: body
      .filter(({ record }) => record.some((cell) => cell.trim() !== ''))
      .map(({ record, info }) => ({ line: info.lines, cells: record })),
  }
}

type Names = Map<string, Set<string>>
const note = (names: Names, word: unknown, id: string): void => {
  const plain = plainWord(String(word ?? ''))
  if (plain === '') return
  const known = names.get(plain)
  if (known) known.add(id)
  else names.set(plain, new Set([id]))
}

/** What people call the records that a noun's references may mean: id and key first, then title. */
async function namesFor(db: Db, refersTo: string): Promise<{ keys: Names; titles: Names }> {
  const keys: Names = new Map()
  const titles: Names = new Map()
  const noun = nounOf(refersTo)
  if (!noun) {
    const rows = await db.selectFrom('definition').select(['id', 'name']).distinct().where('kind', '=', 'calendar').execute()
    for (const { id, name } of rows) {
      note(keys, id, id)
      note(titles, name, id)
    }
    return { keys, titles }
  }
  const rows = await anyTable(db).selectFrom(noun.table).selectAll().where('archivedAt', 'is', null).execute()
  for (const row of rows) {
    const id = row['id'] as string
    note(keys, id, id)
    if (noun.key.length === 1) note(keys, row[noun.key[0] ?? ''], id)
    for (const title of noun.title) note(titles, row[title], id)
  }
  return { keys, titles }
}

/** Marks a record that another row of the file will make. */
const pendingId = (word: string): string => `pending:${plainWord(word)}`
const isPending = (value: unknown): boolean =>
  Array.isArray(value) ? value.some(isPending) : typeof value === 'string' && value.startsWith('pending:')

async function resolver(db: Db, noun: Noun, inFile: ReadonlySet<string>): Promise<Resolve> {
  const targets = [...new Set(Object.values(noun.fields).flatMap(({ refersTo }) => refersTo ?? []))]
  const names = new Map(await Promise.all(targets.map(async (target) => [target, await namesFor(db, target)] as const)))
  return (refersTo, words) => {
    const { keys, titles } = names.get(refersTo) ?? { keys: new Map(), titles: new Map() }
    const plain = plainWord(words)
    const found = keys.get(plain) ?? titles.get(plain)
    if (found) return [...found]
    return refersTo === noun.id && inFile.has(plain) ? [pendingId(words)] : []
  }
}

/** Records by natural key. */
async function recordsByKey(db: Db, noun: Noun): Promise<Map<string, StoredRecord>> {
  const rows = await anyTable(db).selectFrom(noun.table).selectAll().execute()
  return new Map(
    rows.map((row) => {
      const record = recordOf(noun, row)
      return [keyOf(noun, record.values), record]
    }),
  )
}
const keyOf = (noun: Noun, values: RecordValues): string =>
  JSON.stringify(
    noun.key.map((field) => (typeof values[field] === 'string' ? (values[field] as string).toLowerCase() : (values[field] ?? null))),
  )

interface Planned {
  line: number
  cells: string[]
  title: string
  record: StoredRecord | null
  values: RecordValues
  changes: RecordChange[]
  issues: (FieldIssue & { message?: string })[]
}

interface Plan {
  noun: Noun
  sheet: Sheet
  fields: (string | null)[]
  locale: 'fr' | 'en'
}

async function planRow(db: Db, { noun, fields, locale }: Plan, row: Sheet['rows'][number], world: World): Promise<Planned> {
  const { values: given, issues } = rowValues(noun, fields, row.cells, world.resolve)
  const titleOf = (): string =>
    noun.title
      .map((name) => row.cells[fields.indexOf(name)] ?? '')
      .filter(Boolean)
      .join(' ')
  const key = keyOf(noun, given)
  const found = world.records.get(key)
  const record = found ? await withThroughOf(db, noun, found) : null
  const planned: Planned = {
    line: row.line,
    cells: row.cells,
    title: titleOf() || (row.cells[0] ?? ''),
    record,
    values: {},
    changes: [],
    issues: [],
  }
  const keyField = noun.key[0] ?? ''
  const first = world.seen.get(key)
  if (first !== undefined && issues.length === 0 && given[keyField] !== null)
    return { ...planned, issues: [{ field: keyField, code: 'duplicateRow', params: { line: first } }] }
  world.seen.set(key, row.line)
  if (record?.archivedAt) return { ...planned, issues: [{ field: keyField, code: 'rowArchived' }] }
  if (issues.length > 0) return { ...planned, issues }
  const checked = checkRecord(noun, { ...record?.values, ...given }, record?.values ?? null, locale)
  if (!checked.ok) return { ...planned, issues: checked.problems }
  return { ...planned, values: checked.values, changes: changesBetween(noun, record?.values ?? null, checked.values) }
}

const withThroughOf = async (db: Db, noun: Noun, record: StoredRecord): Promise<StoredRecord> => {
  if (!Object.values(noun.fields).some(({ through }) => through)) return record
  const row = await anyTable(db).selectFrom(noun.table).selectAll().where('id', '=', record.id).executeTakeFirstOrThrow()
  return withThrough(db, noun, row)
}

interface World {
  resolve: Resolve
  records: Map<string, StoredRecord>
  /** Line of each key. */
  seen: Map<string, number>
}
async function worldOf(db: Db, { noun, sheet, fields }: Plan): Promise<World> {
  const columns = [...new Set([...(noun.key.length === 1 ? noun.key : []), ...noun.title])]
    .map((name) => fields.indexOf(name))
    .filter((at) => at >= 0)
  const inFile = new Set(sheet.rows.flatMap(({ cells }) => columns.map((at) => plainWord(cells[at] ?? ''))).filter(Boolean))
  return { resolve: await resolver(db, noun, inFile), records: await recordsByKey(db, noun), seen: new Map() }
}

const waits = (planned: Planned): boolean => Object.values(planned.values).some(isPending)

/** Saves the rows that can be; those that refer to rows of the same file come after them. */
async function apply(db: Db, plan: Plan, actorId: string, at: number): Promise<Planned[]> {
  const done: Planned[] = []
  let rows = plan.sheet.rows
  for (let pass = 0; pass < maxPasses && rows.length > 0; pass += 1) {
    const world = await worldOf(db, plan)
    for (const planned of done) if (planned.issues.length === 0) world.seen.delete(keyOf(plan.noun, planned.values))
    const later: Sheet['rows'] = []
    for (const row of rows) {
      const planned = await planRow(db, plan, row, world)
      if (planned.issues.length === 0 && waits(planned) && pass < maxPasses - 1) {
        later.push(row)
        continue
      }
      done.push(await saveRow(db, plan.noun, planned, actorId, at))
    }
    if (later.length === rows.length) {
      done.push(...later.map((row) => unresolved(plan, row)))
      break
    }
    rows = later
  }
  return done.sort((a, b) => a.line - b.line)
}

/** Rows of the file that wait for one another in a circle. */
function unresolved({ noun, fields }: Plan, row: Sheet['rows'][number]): Planned {
  const field =
    Object.entries(noun.fields).find(([name, { refersTo }]) => refersTo === noun.id && fields.includes(name))?.[0] ?? noun.key[0] ?? ''
  const value = row.cells[fields.indexOf(field)] ?? ''
  return {
    line: row.line,
    cells: row.cells,
    title: row.cells[0] ?? '',
    record: null,
    values: {},
    changes: [],
    issues: [{ field, code: 'unknownReference', params: { value } }],
  }
}

async function saveRow(db: Db, noun: Noun, planned: Planned, actorId: string, at: number): Promise<Planned> {
  if (planned.issues.length > 0 || planned.changes.length === 0) return planned
  const { record, values } = planned
  const saved = await saveRecord(db, noun, { id: record?.id ?? null, version: record?.version ?? null, values }, actorId, at)
  if (saved.ok) return planned
  if (saved.reason === 'refused') return { ...planned, issues: saved.issues }
  return { ...planned, issues: [{ field: noun.key[0] ?? '', code: 'changedMeanwhile' }] }
}

const outcomeOf = ({ issues, record, changes }: Planned): ImportRow['outcome'] =>
  issues.length > 0 ? 'refused' : record === null ? 'add' : changes.length > 0 ? 'change' : 'unchanged'

function told({ noun, sheet, fields }: Plan, planned: Planned, say: SayIssue): ImportRow {
  const outcome = outcomeOf(planned)
  const columnOf = (field: string): number => fields.indexOf(field)
  return {
    line: planned.line,
    outcome,
    title: planned.title,
    changes: outcome === 'change' ? planned.changes.map(({ field, from, to }) => ({ field, from, to: isPending(to) ? null : to })) : [],
    problems: planned.issues.map((issue) => ({
      column: sheet.headers[columnOf(issue.field)] ?? noun.fields[issue.field]?.label.fr ?? issue.field,
      value: planned.cells[columnOf(issue.field)] ?? '',
      code: issue.code,
      message: say(issue),
    })),
    ...(outcome === 'refused' && { cells: planned.cells }),
  }
}

export type SayIssue = (issue: FieldIssue & { message?: string }) => string
export interface ImportOrder {
  bytes: Uint8Array
  /** Field of a header, null: not taken in; headers that are not here are recognised by name. */
  mapping: Record<string, string | null>
  isDryRun: boolean
  actorId: string
  locale: 'fr' | 'en'
  at: number
  /** An issue in the reader's words. */
  say: SayIssue
}

/**
 * Says what the file would do (dry run), or does it: good rows are saved one by one, refused ones are listed. Run again, it changes nothing.
 * @throws UnreadableCsv when the file as a whole cannot be used.
 */
export async function importRecords(db: Db, noun: Noun, order: ImportOrder): Promise<ImportReport> {
  const sheet = readSheet(order.bytes)
  const fields = fieldsOfHeaders(noun, sheet.headers, order.mapping)
  const missing = noun.key.filter((name) => !fields.includes(name) && noun.fields[name]?.isRequired)
  if (missing.length > 0)
    throw new UnreadableCsv('csvNoKey', { fields: missing.map((name) => noun.fields[name]?.label[order.locale] ?? name).join(', ') })
  const plan: Plan = { noun, sheet, fields, locale: order.locale }
  let planned: Planned[] = []
  if (order.isDryRun) {
    const world = await worldOf(db, plan)
    for (const row of sheet.rows) planned.push(await planRow(db, plan, row, world))
  } else planned = await apply(db, plan, order.actorId, order.at)
  const rows = planned.map((each) => told(plan, each, order.say))
  const counts = { add: 0, change: 0, unchanged: 0, refused: 0 }
  for (const { outcome } of rows) counts[outcome] += 1
  const rank = { refused: 0, change: 1, add: 2, unchanged: 3 }
  const shown = [...rows].sort((a, b) => rank[a.outcome] - rank[b.outcome] || a.line - b.line).slice(0, Math.max(rowsTold, counts.refused))
  return {
    isDryRun: order.isDryRun,
    encoding: sheet.encoding,
    delimiter: sheet.delimiter,
    headers: sheet.headers.map((header, index) => ({ header, field: fields[index] ?? null })),
    counts,
    rows: shown,
    isCut: shown.length < rows.length,
  }
}
