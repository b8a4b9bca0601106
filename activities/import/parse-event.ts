import type { CellKind, ImportMapping, MappedField } from '#schema/import-mapping'
import { type ChannelId, TicketFields, type TicketStatus } from '#schema/ticket'
import type { DateReader } from './parse-date.ts'
import { placeholder, type Placeholder, tidy } from './placeholder.ts'
import type { Rejection, RejectionCode } from './rejection.ts'

/** One row of the file, read: what the source says of one ticket at one instant. Instants are UTC epoch ms. */
export interface SourceEvent {
  line: number
  reference: string
  at: number
  order: number | null
  by: Placeholder | null
  openedAt: number
  openedBy: Placeholder | null
  resolvedAt: number | null
  closedAt: number | null
  /** The three instants as the file has them, for the words of a refusal. */
  written: { openedAt: string | null; resolvedAt: string | null; closedAt: string | null }
  reopenCount: number | null
  status: TicketStatus
  /** The source's own word for the status. */
  sourceStatus: string
  channel: ChannelId
  title: string
  description: string
  fields: Partial<Record<MappedField, string | number | null>>
  /** Placeholders that the fields name. */
  people: Placeholder[]
  groups: Placeholder[]
  isSlaMet: boolean | null
  extra: Record<string, string>
}

export type Row = Record<string, string>
export type ParsedRow = { ok: true; event: SourceEvent } | { ok: false; rejections: Rejection[] }

/** A cell may say "constructor": only the mapping's own words count. */
const own = <T>(words: Record<string, T>, word: string): T | undefined => (Object.hasOwn(words, word) ? words[word] : undefined)

const leadingNumber = /^(\d+)(?:\s*-.*)?$/

/** Reads one row, collecting every mistake in it rather than the first. Pure. */
export class RowReader {
  readonly #mapping: ImportMapping
  readonly #date: DateReader
  readonly #unknown: ReadonlySet<string>

  constructor(mapping: ImportMapping, date: DateReader) {
    this.#mapping = mapping
    this.#date = date
    this.#unknown = new Set(['', ...mapping.file.unknown])
  }

  /** The cell, or null where it says "not known". */
  cell(row: Row, column: string | undefined): string | null {
    if (column === undefined) return null
    const text = (row[column] ?? '').trim()
    return this.#unknown.has(text) ? null : text
  }

  read(row: Row, line: number, reference: string): ParsedRow {
    const mapping = this.#mapping
    const rejections: Rejection[] = []
    const refuse: Refuse = (code, column, reason, remedy) => {
      rejections.push({ line, reference, scope: 'ticket', code, column, value: row[column] ?? null, reason, remedy })
      return null
    }
    const at = this.#instant(row, mapping.event.at, true, refuse)
    const openedAt = this.#instant(row, mapping.opened.at, true, refuse)
    const resolvedAt = this.#instant(row, mapping.resolvedAt, false, refuse)
    const closedAt = this.#instant(row, mapping.closedAt, false, refuse)
    const status = this.#status(row, refuse)
    const named = this.#fields(row, refuse)
    const isSlaMet = this.#sla(row, refuse)
    if (rejections.length > 0 || at === null || openedAt === null || status === null) return { ok: false, rejections }
    const by = this.#person(row, mapping.event.by)
    const openedBy = this.#person(row, mapping.opened.by)
    const people = [...named.people, ...[by, openedBy].filter((one) => one !== null)]
    const instants = { at, openedAt, resolvedAt, closedAt, written: this.#written(row) }
    return {
      ok: true,
      event: { line, reference, ...instants, by, openedBy, status, isSlaMet, ...named, people, ...this.#words(row, reference) },
    }
  }

  /** What cannot be wrong: taken as it stands. */
  #words(row: Row, reference: string) {
    const mapping = this.#mapping
    const title = this.#joined(row, mapping.title)
    return {
      order: this.#count(row, mapping.event.order),
      reopenCount: this.#count(row, mapping.reopenCount),
      sourceStatus: this.cell(row, mapping.status.column) ?? '',
      channel: own(mapping.channel?.values ?? {}, this.cell(row, mapping.channel?.column) ?? '') ?? ('import' as const),
      title: (title === '' ? reference : title).slice(0, 200),
      description: mapping.description === undefined ? '' : this.#joined(row, mapping.description),
      extra: this.#extra(row),
    }
  }

  #instant(row: Row, column: string | undefined, isRequired: boolean, refuse: Refuse): number | null {
    if (column === undefined) return null
    const text = this.cell(row, column)
    if (text === null)
      return isRequired ? refuse('missingValue', column, `"${column}" is empty or unknown`, 'fill it in: an event needs its time') : null
    const reason = `"${text}" is not a date like ${this.#mapping.file.dateFormat}`
    return this.#date(text) ?? refuse('badDate', column, reason, 'correct the date, or file.dateFormat in the mapping')
  }

  #written(row: Row): SourceEvent['written'] {
    const { opened, resolvedAt, closedAt } = this.#mapping
    return { openedAt: this.cell(row, opened.at), resolvedAt: this.cell(row, resolvedAt), closedAt: this.cell(row, closedAt) }
  }

  #person(row: Row, column: string | undefined): Placeholder | null {
    const name = this.cell(row, column)
    return name === null ? null : placeholder(this.#mapping.id, name)
  }

  #count(row: Row, column: string | undefined): number | null {
    const text = this.cell(row, column)
    return text === null || !/^\d+$/.test(text) ? null : Number(text)
  }

  #status(row: Row, refuse: Refuse): TicketStatus | null {
    const { column, values } = this.#mapping.status
    const text = this.cell(row, column)
    if (text === null) return refuse('missingValue', column, `"${column}" is empty or unknown`, 'fill in the state')
    const known = Object.keys(values).join(', ')
    return (
      own(values, text) ??
      refuse(
        'unknownStatus',
        column,
        `the state "${text}" is not in the mapping (${known})`,
        `add "${text}" to status.values in the mapping, or correct the row`,
      )
    )
  }

  #fields(row: Row, refuse: Refuse) {
    const fields: SourceEvent['fields'] = {}
    const people: Placeholder[] = []
    const groups: Placeholder[] = []
    for (const [name, source] of Object.entries(this.#mapping.fields) as [
      MappedField,
      { column: string; kind: CellKind; whenUnknown?: string } | undefined,
    ][]) {
      if (source === undefined) continue
      const text = this.cell(row, source.column) ?? source.whenUnknown ?? null
      const value = text === null ? null : this.#value(text, source.kind, people, groups)
      // A requester must be known; the first schema error speaks for the cell.
      const checked = TicketFields.shape[name].safeParse(value)
      if (checked.success) fields[name] = value
      else if (text === null)
        refuse('missingValue', source.column, `"${source.column}" is empty or unknown, and a ticket needs its ${name}`, 'fill it in')
      else
        refuse(
          'badValue',
          source.column,
          `"${text}" cannot be read as ${name}`,
          `correct the value, or the kind of fields.${name} in the mapping`,
        )
    }
    return { fields, people, groups }
  }

  #value(text: string, kind: CellKind, people: Placeholder[], groups: Placeholder[]): string | number {
    switch (kind) {
      case 'text':
        return tidy(text)
      case 'number':
        return Number(text)
      case 'leadingNumber':
        return Number(leadingNumber.exec(text)?.[1] ?? Number.NaN)
      case 'person':
      case 'group': {
        const one = placeholder(this.#mapping.id, text)
        ;(kind === 'person' ? people : groups).push(one)
        return one.id
      }
    }
  }

  #sla(row: Row, refuse: Refuse): boolean | null {
    const { sla } = this.#mapping
    const text = this.cell(row, sla?.column)
    if (sla === undefined || text === null) return null
    if (sla.met.includes(text)) return true
    if (sla.breached.includes(text)) return false
    return refuse(
      'badValue',
      sla.column,
      `"${text}" says neither kept (${sla.met.join(', ')}) nor missed (${sla.breached.join(', ')})`,
      'correct the value, or sla.met and sla.breached in the mapping',
    )
  }

  #joined(row: Row, part: { columns: string[]; separator: string }): string {
    return part.columns
      .map((column) => this.cell(row, column))
      .filter((text) => text !== null)
      .map(tidy)
      .join(part.separator)
  }

  #extra(row: Row): Record<string, string> {
    const entries = this.#mapping.extra.map((column) => [column, this.cell(row, column)] as const)
    return Object.fromEntries(entries.filter((entry): entry is readonly [string, string] => entry[1] !== null))
  }
}

type Refuse = (code: RejectionCode, column: string, reason: string, remedy: string) => null
