/** Routes of the register, the same for each noun of `definitions/schema/nouns.ts`. */
import { z } from 'zod'
import type { Noun, RecordValues } from '#schema/noun'
import { nounList } from '#schema/nouns'
import { ImportReport, RecordChangeView, RecordView } from '#schema/record'
import { Page } from '#schema/view'
import { checkRecord } from '#domain/record-check'
import { importRecords, UnreadableCsv } from '../../activities/store/record/import.ts'
import { archiveRecord, type Saved, saveRecord } from '../../activities/store/record/records.ts'
import type { AppDeps, Caller } from '../deps.ts'
import { ApiProblem, codeWords, type Locale, type ProblemPlace } from '../problem.ts'
import { recordHistory } from '../read/record-history.ts'
import { findRecord, listRecords, RecordQuery, recordViews } from '../read/records.ts'
import { PageQuery } from '../read/page.ts'
import { defineRoute, type Route } from '../route.ts'

const RecordParams = z.object({ id: z.string().min(1).max(100) })
const Values = z.record(z.string().max(60), z.json())
const Created = z.strictObject({ values: Values })
const Changed = z.strictObject({ version: z.int().min(0), values: Values })
const Archived = z.strictObject({ version: z.int().min(0), isArchived: z.boolean() })

/** A refusal at its field, in the caller's words: the code's own text with its values, else zod's. */
export const placeOf = (
  issue: { field: string; code: string; message?: string; params?: Record<string, string | number> },
  locale: Locale,
): ProblemPlace => ({
  path: `values.${issue.field}`,
  code: issue.code,
  message: codeWords(`record.${issue.code}`, locale, issue.params) ?? issue.message ?? issue.code,
})

const notFound = (noun: Noun, id: string, locale: Locale) =>
  new ApiProblem(404, 'recordNotFound', { params: { id, noun: noun.one[locale] } })

function savedOrThrow(noun: Noun, saved: Saved, id: string, locale: Locale) {
  if (saved.ok) return saved.record
  if (saved.reason === 'notFound') throw notFound(noun, id, locale)
  if (saved.reason === 'conflict')
    throw new ApiProblem(409, 'recordConflict', {
      params: { version: saved.version, fields: saved.changes.map(({ field }) => noun.fields[field]?.label[locale] ?? field).join(', ') },
      errors: saved.changes.map(({ field, to }) => ({ path: `values.${field}`, code: 'changedMeanwhile', message: JSON.stringify(to) })),
    })
  const errors = saved.issues.map((issue) => placeOf(issue, locale))
  throw new ApiProblem(saved.issues.some(({ code }) => code === 'keyTaken') ? 409 : 422, 'recordRefused', { errors })
}

interface Save {
  deps: AppDeps
  caller: Caller
  locale: Locale
  noun: Noun
}

/** A new record, or the fields given of one that exists. */
async function save({ deps, caller, locale, noun }: Save, id: string | null, version: number | null, given: RecordValues) {
  const before = id === null ? null : await findRecord(deps.db, noun, id)
  if (id !== null && !before) throw notFound(noun, id, locale)
  const checked = checkRecord(noun, { ...before?.values, ...given }, before?.values ?? null, locale)
  if (!checked.ok) throw new ApiProblem(422, 'recordRefused', { errors: checked.problems.map((problem) => placeOf(problem, locale)) })
  const saved = await saveRecord(deps.db, noun, { id, version, values: checked.values }, caller.actor.id, deps.clock())
  const [view] = await recordViews(deps.db, noun, [savedOrThrow(noun, saved, id ?? '', locale)], locale, deps.clock())
  return view
}

const writeRoutes = (noun: Noun): Route[] => [
  defineRoute({
    method: 'post',
    path: `/records/${noun.path}`,
    access: noun.writers,
    tag: 'Register',
    summary: `Add: ${noun.one.en}`,
    body: Created,
    status: 201,
    response: RecordView,
    problems: { 409: ['recordRefused'] },
    handle: ({ deps, body, caller, locale }) => save({ deps, caller, locale, noun }, null, null, body.values),
  }),
  defineRoute({
    method: 'patch',
    path: `/records/${noun.path}/{id}`,
    access: noun.writers,
    tag: 'Register',
    summary: `Change: ${noun.one.en}`,
    description: 'Fields that are left out stay as they are. Refused when somebody saved since `version`: the answer says what he changed.',
    params: RecordParams,
    body: Changed,
    response: RecordView,
    problems: { 404: ['recordNotFound'], 409: ['recordConflict', 'recordRefused'] },
    handle: ({ deps, params, body, caller, locale }) => save({ deps, caller, locale, noun }, params.id, body.version, body.values),
  }),
  defineRoute({
    method: 'post',
    path: `/records/${noun.path}/{id}/archive`,
    access: noun.writers,
    tag: 'Register',
    summary: `Archive or bring back: ${noun.one.en}`,
    params: RecordParams,
    body: Archived,
    response: RecordView,
    problems: { 404: ['recordNotFound'], 409: ['recordConflict'] },
    handle: async ({ deps, params, body, caller, locale }) => {
      const saved = await archiveRecord(deps.db, noun, { id: params.id, ...body }, caller.actor.id, deps.clock())
      const [view] = await recordViews(deps.db, noun, [savedOrThrow(noun, saved, params.id, locale)], locale, deps.clock())
      return view
    },
  }),
]

const readRoutes = (noun: Noun): Route[] => [
  defineRoute({
    method: 'get',
    path: `/records/${noun.path}`,
    access: noun.readers,
    tag: 'Register',
    summary: `List: ${noun.many.en}`,
    description: `Search by q; sort by a field, \`-\` for the other way; filters: ${noun.filters.join(', ') || 'none'}.`,
    query: RecordQuery,
    response: Page(RecordView),
    handle: ({ deps, query, locale }) => listRecords(deps.db, noun, query, locale, deps.clock()),
  }),
  defineRoute({
    method: 'get',
    path: `/records/${noun.path}/{id}`,
    access: noun.readers,
    tag: 'Register',
    summary: `One: ${noun.one.en}`,
    params: RecordParams,
    response: RecordView,
    problems: { 404: ['recordNotFound'] },
    handle: async ({ deps, params, locale }) => {
      const record = await findRecord(deps.db, noun, params.id)
      if (!record) throw notFound(noun, params.id, locale)
      return (await recordViews(deps.db, noun, [record], locale, deps.clock()))[0]
    },
  }),
  defineRoute({
    method: 'get',
    path: `/records/${noun.path}/{id}/history`,
    access: noun.readers,
    tag: 'Register',
    summary: `History: ${noun.one.en}`,
    params: RecordParams,
    query: PageQuery,
    response: Page(RecordChangeView),
    handle: ({ deps, params, query }) => recordHistory(deps.db, noun, params.id, query),
  }),
]

const ImportBody = z.strictObject({
  content: z.base64().describe('The file’s bytes'),
  isDryRun: z.boolean().default(true),
  mapping: z.record(z.string().max(200), z.string().max(60).nullable()).default({}).describe('Field of a header; null: not taken in'),
})
const importRoute = (noun: Noun): Route =>
  defineRoute({
    method: 'post',
    path: `/records/${noun.path}/import`,
    access: noun.writers,
    tag: 'Register',
    summary: `Import a CSV file: ${noun.many.en}`,
    description: `By natural key (${noun.key.join(', ')}): run again, it changes nothing. A dry run says what it would do. Headers by field name, French or English label.`,
    body: ImportBody,
    maxBytes: (limits) => 2 * limits.definitionBytes,
    response: ImportReport,
    problems: { 422: ['csvEmpty', 'csvBroken', 'csvTooLong', 'csvNoKey'] },
    handle: async ({ deps, body, caller, locale }) => {
      const { content, isDryRun, mapping } = body
      const bytes = Buffer.from(content, 'base64')
      const say = (issue: Parameters<typeof placeOf>[0]) => placeOf(issue, locale).message
      try {
        return await importRecords(deps.db, noun, { bytes, mapping, isDryRun, actorId: caller.actor.id, locale, at: deps.clock(), say })
      } catch (error) {
        if (error instanceof UnreadableCsv) throw new ApiProblem(422, error.code, { params: error.params, cause: error })
        throw error
      }
    },
  })

export const recordRoutes: readonly Route[] = nounList.flatMap((noun) => [...readRoutes(noun), ...writeRoutes(noun), importRoute(noun)])
