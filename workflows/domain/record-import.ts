/** A CSV file's words as values of a noun. Pure: what references mean is asked of the caller. */
import type { FieldIssue, Noun, NounField, RecordValues } from '#schema/noun'

/** Case, accents and punctuation do not matter. */
export const plainWord = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]+/gu, ' ')
    .trim()

/** Reads bytes as what they are: UTF-8 (with or without a mark), else what Windows writes. */
export function decodeText(bytes: Uint8Array): { text: string; encoding: 'utf-8' | 'windows-1252' } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8' }
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'windows-1252' }
  }
}

/** The separator of the first line: the one that stands there most often outside quotes. */
export function delimiterOf(text: string): ';' | ',' | '\t' {
  const first = (text.split(/\r?\n/, 1)[0] ?? '').replace(/"(?:[^"]|"")*"/g, '')
  const count = (mark: string): number => first.split(mark).length - 1
  const [best] = ([';', ',', '\t'] as const).map((mark) => ({ mark, times: count(mark) })).sort((a, b) => b.times - a.times)
  return best && best.times > 0 ? best.mark : ';'
}

/** Field of each header, by name, French or English label, or further names; the first header of a field has it. */
export function fieldsOfHeaders(
  noun: Noun,
  headers: readonly string[],
  chosen: Readonly<Record<string, string | null>> = {},
): (string | null)[] {
  const known = new Map<string, string>()
  for (const [name, field] of Object.entries(noun.fields))
    for (const word of [name, field.label.fr, field.label.en, ...(field.headers ?? [])])
      if (!known.has(plainWord(word))) known.set(plainWord(word), name)
  const taken = new Set<string>()
  return headers.map((header) => {
    const asked = chosen[header]
    const name = asked === undefined ? known.get(plainWord(header)) : asked
    if (name === undefined || name === null || !Object.hasOwn(noun.fields, name) || taken.has(name)) return null
    taken.add(name)
    return name
  })
}

/** Ids behind a reference's words; more or fewer than one is a refusal. */
export type Resolve = (refersTo: string, words: string) => string[]

const yes = new Set(['oui', 'yes', 'vrai', 'true', '1', 'x', 'o', 'y'])
const no = new Set(['non', 'no', 'faux', 'false', '0', 'n'])
const several = (text: string): string[] =>
  text
    .split(/[|,]/)
    .map((part) => part.trim())
    .filter(Boolean)

type Cell = { value: unknown } | { issue: Omit<FieldIssue, 'field'> }
const refuse = (code: string, value: string): Cell => ({ issue: { code, params: { value } } })

function number(text: string): Cell {
  const plain = text.replace(/[\s\u00a0\u202f€]/g, '').replace(',', '.')
  return /^-?\d+(\.\d+)?$/.test(plain) ? { value: Number(plain) } : refuse('notANumber', text)
}

/** 2026-03-31, or 31/03/2026 as it is written in France. */
function date(text: string): Cell {
  const [, day = '', month = '', year = ''] = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text) ?? []
  return { value: year === '' ? text : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` }
}

function choice(field: NounField, text: string): Cell {
  const word = plainWord(text)
  const found = field.choices?.find(({ value, fr, en }) => value === text || [value, fr, en].some((each) => plainWord(each) === word))
  return found
    ? { value: found.value }
    : { issue: { code: 'notAChoice', params: { value: text, expected: (field.choices ?? []).map(({ fr }) => fr).join(', ') } } }
}

function reference(field: NounField, text: string, resolve: Resolve): Cell {
  const [id, second] = resolve(field.refersTo ?? '', text)
  if (id === undefined) return refuse('unknownReference', text)
  return second === undefined ? { value: id } : refuse('ambiguousReference', text)
}

function all(parts: readonly string[], read: (part: string) => Cell): Cell {
  const values: unknown[] = []
  for (const part of parts) {
    const cell = read(part)
    if ('issue' in cell) return cell
    values.push(cell.value)
  }
  return { value: values }
}

function cellValue(field: NounField, text: string, resolve: Resolve): Cell {
  switch (field.kind) {
    case 'choices':
      return all(several(text), (part) => choice(field, part))
    case 'references':
      return all(several(text), (part) => reference(field, part, resolve))
    default:
      break
  }
  if (text === '') return { value: field.isRequired ? undefined : null }
  switch (field.kind) {
    case 'integer':
    case 'amount':
      return number(text)
    case 'date':
      return date(text)
    case 'flag':
      return yes.has(plainWord(text)) ? { value: true } : no.has(plainWord(text)) ? { value: false } : refuse('notYesNo', text)
    case 'choice':
      return choice(field, text)
    case 'reference':
      return reference(field, text, resolve)
    default:
      return { value: text }
  }
}

/** One row's values for the fields that the file has, and what could not be read. */
export function rowValues(
  noun: Noun,
  fields: readonly (string | null)[],
  cells: readonly string[],
  resolve: Resolve,
): { values: RecordValues; issues: FieldIssue[] } {
  const values: RecordValues = {}
  const issues: FieldIssue[] = []
  for (const [index, name] of fields.entries()) {
    const field = name === null ? undefined : noun.fields[name]
    if (name === null || !field) continue
    const cell = cellValue(field, (cells[index] ?? '').trim(), resolve)
    if ('issue' in cell) issues.push({ field: name, ...cell.issue })
    else if (cell.value !== undefined) values[name] = cell.value
    else if (field.initial === undefined) values[name] = null
  }
  return { values, issues }
}
