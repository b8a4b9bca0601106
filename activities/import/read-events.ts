import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import { columnsOf, type ImportMapping } from '#schema/import-mapping'
import { dateReader } from './parse-date.ts'
import { type Row, RowReader, type SourceEvent } from './parse-event.ts'
import { ImportRefused, type Rejection } from './rejection.ts'

/** The file, read: its tickets in the order of their first row. */
export interface SourceFile {
  sha256: string
  rows: number
  incidents: Map<string, SourceEvent[]>
  rejections: Rejection[]
}

/** What csv-parse yields with `info`. */
interface ParsedRecord {
  record: string[]
  info: { lines: number }
}

/** A row longer than this is an unclosed quote or no CSV at all. */
const maxRecordBytes = 1_000_000

/**
 * Reads an event log as a stream. Only the tickets' read events stay in memory, because a ticket's rows may stand anywhere.
 * Throws ImportRefused when the file as a whole cannot be read: encoding, quoting, or a column that the mapping names and the header lacks.
 */
export async function readEvents(path: string, mapping: ImportMapping, onRow?: (rows: number) => void): Promise<SourceFile> {
  const digest = createHash('sha256')
  const reader = new RowReader(mapping, dateReader(mapping.file.dateFormat, mapping.file.timeZone))
  const file: SourceFile = { sha256: '', rows: 0, incidents: new Map(), rejections: [] }
  const spoilt = new Set<string>()
  const seen = new Map<string, number>()
  let header: string[] | null = null
  try {
    for await (const { record, info } of records(path, mapping, (chunk) => digest.update(chunk))) {
      if (header === null) {
        header = checkHeader(record, mapping)
        continue
      }
      file.rows += 1
      takeRow({ header, record, line: info.lines }, { mapping, reader, file, spoilt, seen })
      onRow?.(file.rows)
    }
  } catch (error) {
    throw refusalOf(error, mapping)
  }
  if (header === null) throw new ImportRefused('the file is empty', 'export it again, with its header line')
  for (const reference of spoilt) file.incidents.delete(reference)
  file.sha256 = digest.digest('hex')
  return file
}

async function* records(path: string, mapping: ImportMapping, onChunk: (chunk: Buffer) => void): AsyncGenerator<ParsedRecord> {
  const decoder = new TextDecoder(mapping.file.encoding, { fatal: true })
  async function* text(): AsyncGenerator<string> {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      onChunk(chunk)
      yield decoder.decode(chunk, { stream: true })
    }
    yield decoder.decode()
  }
  const options = {
    delimiter: mapping.file.delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    info: true,
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: maxRecordBytes,
  }
  const source = Readable.from(text())
  const parser = parse(options)
  source.on('error', (error) => parser.destroy(error))
  yield* source.pipe(parser) as AsyncIterable<ParsedRecord>
}

function checkHeader(record: string[], mapping: ImportMapping): string[] {
  const header = record.map((name) => name.trim())
  const missing = columnsOf(mapping).filter((name) => !header.includes(name))
  if (missing.length === 0) return header
  throw new ImportRefused(
    `line 1: the file has no column ${missing.map((name) => `"${name}"`).join(', ')}; it has ${header.join(', ')}`,
    `correct the mapping "${mapping.id}", or its file.delimiter ("${mapping.file.delimiter}")`,
  )
}

interface Reading {
  mapping: ImportMapping
  reader: RowReader
  file: SourceFile
  /** References with an unusable row: refused as a whole. */
  spoilt: Set<string>
  /** First line of each distinct row. */
  seen: Map<string, number>
}

type Refusal = Pick<Rejection, 'scope' | 'code' | 'column' | 'value' | 'reason' | 'remedy'>

function takeRow({ header, record, line }: { header: string[]; record: string[]; line: number }, reading: Reading): void {
  const { mapping, reader, file, spoilt } = reading
  const row: Row = Object.fromEntries(header.map((name, index) => [name, record[index] ?? '']))
  const reference = reader.cell(row, mapping.reference)
  const refusal = refusedUnread(row, reference, record, line, header.length, reading)
  if (refusal !== null) {
    file.rejections.push({ line, reference, ...refusal })
    if (refusal.scope === 'ticket' && reference !== null) spoilt.add(reference)
    return
  }
  if (reference === null) return
  const parsed = reader.read(row, line, reference)
  if (!parsed.ok) {
    file.rejections.push(...parsed.rejections)
    spoilt.add(reference)
    return
  }
  const events = file.incidents.get(reference)
  if (events === undefined) file.incidents.set(reference, [parsed.event])
  else events.push(parsed.event)
}

/** What can be told of a row before its cells are read: it has no number, not the header's cells, or stands in the file already. */
function refusedUnread(
  row: Row,
  reference: string | null,
  record: string[],
  line: number,
  width: number,
  { mapping, seen }: Reading,
): Refusal | null {
  if (reference === null) {
    const column = mapping.reference
    const reason = `"${column}" is empty or unknown: the row belongs to no ticket`
    return {
      scope: 'row',
      code: 'missingReference',
      column,
      value: row[column] ?? null,
      reason,
      remedy: 'fill in the number, or delete the row',
    }
  }
  if (record.length !== width) {
    const reason = `the row has ${record.length} cells, the header ${width}`
    const remedy = 'quote the cells that contain the delimiter, or complete the row'
    return { scope: 'ticket', code: 'columnCount', column: null, value: String(record.length), reason, remedy }
  }
  const identity = createHash('sha256').update(JSON.stringify(record)).digest('base64')
  const before = seen.get(identity)
  if (before === undefined) {
    seen.set(identity, line)
    return null
  }
  const reason = `the row repeats line ${before} exactly`
  return { scope: 'row', code: 'duplicate', column: null, value: null, reason, remedy: 'nothing is lost; delete it to silence this' }
}

function refusalOf(error: unknown, mapping: ImportMapping): unknown {
  if (!(error instanceof Error) || error instanceof ImportRefused) return error
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT' || code === 'EISDIR' || code === 'EACCES')
    return new ImportRefused(`the file cannot be read: ${error.message}`, 'check the path and its permissions')
  if (code.startsWith('CSV_'))
    return new ImportRefused(
      `the file is not well-formed CSV: ${error.message}`,
      'close the quote that the line names, or export the file again',
    )
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
    return new ImportRefused(
      `the file is not encoded as ${mapping.file.encoding}`,
      'set file.encoding in the mapping, such as windows-1252',
    )
  return error
}
