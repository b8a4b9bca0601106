/**
 * A noun of the register: what is recorded beside tickets (people, configuration items, contracts, ...). One declaration gives the shape, the
 * table's columns, the routes, the screens, the history and the CSV import. Adding a noun is a file, a table, and a line in `nouns.ts`.
 */
import { z } from 'zod'
import type { Role } from './role.ts'

export interface Label {
  fr: string
  en: string
}
export const label = (fr: string, en: string): Label => ({ fr, en })

export type FieldKind =
  | 'text'
  | 'longText'
  | 'email'
  | 'integer'
  | 'amount'
  | 'date'
  | 'instant'
  | 'time'
  | 'timeZone'
  | 'flag'
  | 'choice'
  | 'choices'
  | 'reference'
  | 'references'

export interface NounChoice extends Label {
  value: string
}

export interface NounField<T = unknown> {
  kind: FieldKind
  label: Label
  schema: z.ZodType<T>
  isRequired: boolean
  hint?: Label
  choices?: readonly NounChoice[]
  /** Noun id, or `calendar` (a definition). */
  refersTo?: string
  /** Join table that holds the references, instead of a column. */
  through?: { table: string; own: string; other: string }
  /** What a new record has unless said otherwise. */
  initial?: T
  min?: number
  max?: number
  /** Further names of its column in a CSV file. */
  headers?: readonly string[]
  /** Set when the record is made, never edited afterwards. */
  isFixed?: boolean
}
export type NounFields = Record<string, NounField>
export type ValuesOf<F extends NounFields> = { [K in keyof F]: F[K] extends NounField<infer T> ? T : never }
export type RecordValues = Record<string, unknown>

/** What is wrong, at which field: a code of `api/problem-texts.ts`. */
export interface FieldIssue {
  field: string
  code: string
  /** Fills the code's text. */
  params?: Record<string, string | number>
}

export interface Noun<F extends NounFields = NounFields> {
  /** Names the stream of its facts: `<id>/<record id>`. */
  id: string
  /** In addresses: `/records/<path>`. */
  path: string
  table: string
  one: Label
  many: Label
  fields: F
  /** Natural key: unique, and how a CSV row finds its record. */
  key: readonly (keyof F & string)[]
  /** Fields whose values (or the names of what they refer to) make the record's title. */
  title: readonly (keyof F & string)[]
  /** Columns of the list beside the title, and fields that it may be filtered by. */
  list: readonly (keyof F & string)[]
  filters: readonly (keyof F & string)[]
  search: readonly (keyof F & string)[]
  readers: readonly [Role, ...Role[]]
  writers: readonly [Role, ...Role[]]
  /** Rules across fields; `before` is the record as it was, null for a new one. */
  check?: (values: ValuesOf<F>, before: ValuesOf<F> | null) => FieldIssue[]
  /** Flag column that says the opposite of archived (people). */
  activeColumn?: string
}

export const staffRoles = ['agent', 'processOwner', 'auditor', 'administrator'] as const satisfies readonly Role[]

/** Keeps the fields' types for `check`, forgets them for the registry. */
export function defineNoun<F extends NounFields>(noun: Noun<F>): Noun & { fields: F } {
  return noun as unknown as Noun & { fields: F }
}

const field = <T>(kind: FieldKind, fr: string, en: string, schema: z.ZodType<T>, more: Partial<NounField<T>> = {}): NounField<T> => ({
  kind,
  label: { fr, en },
  schema,
  isRequired: true,
  ...more,
})

/** Further headers of the CSV column come last. */
export const text = (fr: string, en: string, ...headers: string[]) => field('text', fr, en, z.string().trim().min(1).max(200), { headers })
export const longText = (fr: string, en: string) => field('longText', fr, en, z.string().trim().min(1).max(10_000))
export const email = (fr: string, en: string, ...headers: string[]) =>
  field(
    'email',
    fr,
    en,
    z
      .email()
      .max(254)
      .transform((address) => address.toLowerCase()) as unknown as z.ZodType<string>,
    { headers },
  )
export const integer = (fr: string, en: string, min: number, max: number) =>
  field('integer', fr, en, z.int().min(min).max(max), { min, max })
export const amount = (fr: string, en: string) => field('amount', fr, en, z.number().min(0).max(1e9), { min: 0, max: 1e9 })
export const date = (fr: string, en: string) => field('date', fr, en, z.iso.date())
export const instant = (fr: string, en: string) => field('instant', fr, en, z.iso.datetime())
export const time = (fr: string, en: string) => field('time', fr, en, z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/))
export const flag = (fr: string, en: string, initial = false) => field('flag', fr, en, z.boolean().default(initial), { initial })
export const reference = (fr: string, en: string, refersTo: string, ...headers: string[]) =>
  field('reference', fr, en, z.string().min(1).max(100), { refersTo, headers })
export const references = (fr: string, en: string, refersTo: string, through?: NounField['through']) =>
  field('references', fr, en, z.array(z.string().min(1).max(100)).max(500).default([]), {
    refersTo,
    initial: [],
    ...(through && { through }),
  })

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== ''
  } catch {
    return false
  }
}
export const timeZone = (fr: string, en: string) =>
  field(
    'timeZone',
    fr,
    en,
    z
      .string()
      .max(60)
      .refine(isTimeZone, { params: { code: 'unknownTimeZone' } })
      .default('Europe/Paris'),
    {
      initial: 'Europe/Paris',
    },
  )

type Choices = Record<string, [fr: string, en: string]>
const choicesOf = (choices: Choices): NounChoice[] => Object.entries(choices).map(([value, [fr, en]]) => ({ value, fr, en }))
/** One of these; the order is the one in which they are offered. */
export const choice = <C extends Choices>(fr: string, en: string, choices: C, initial?: keyof C & string) => {
  const schema = z.enum(Object.keys(choices) as [keyof C & string]) as unknown as z.ZodType<keyof C & string>
  return field('choice', fr, en, initial === undefined ? schema : schema.default(initial as never), {
    choices: choicesOf(choices),
    ...(initial !== undefined && { initial }),
  })
}
export const several = <C extends Choices>(fr: string, en: string, choices: C, initial: (keyof C & string)[] = []) =>
  field(
    'choices',
    fr,
    en,
    z.array(z.enum(Object.keys(choices) as [keyof C & string])).default(initial as never) as unknown as z.ZodType<(keyof C & string)[]>,
    { choices: choicesOf(choices), initial },
  )

/** May be left empty. */
export const maybe = <T>(from: NounField<T>): NounField<T | null> =>
  ({ ...from, isRequired: false, schema: from.schema.nullable().default(null) }) as unknown as NounField<T | null>
export const hint = <T>(from: NounField<T>, fr: string, en: string): NounField<T> => ({ ...from, hint: { fr, en } })
/** Cannot be changed once the record exists. */
export const fixed = <T>(from: NounField<T>): NounField<T> => ({ ...from, isFixed: true })
