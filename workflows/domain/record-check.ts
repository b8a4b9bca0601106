/** Whether what is given may be a record of a noun. Pure: the API, the import and the screens ask the same. */
import { z } from 'zod'
import type { FieldIssue, Noun, NounField, RecordValues } from '#schema/noun'

/** A refusal at a field; `message` is zod's own where the code has no text of its own. */
export interface RecordProblem extends FieldIssue {
  message: string
}
export type CheckedRecord = { ok: true; values: RecordValues } | { ok: false; problems: RecordProblem[] }

const frenchIssues = z.locales.fr().localeError
const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === 'string' && value.trim() === '') ||
  (Array.isArray(value) && value.length === 0)

/** Codes of our own for what people meet most often; zod's words for the rest. */
function problemAt(field: string, declared: NounField, value: unknown, issue: z.core.$ZodIssue): RecordProblem {
  const { message } = issue
  const custom = issue.code === 'custom' ? (issue.params?.['code'] as string | undefined) : undefined
  if (custom) return { field, code: custom, message, params: { value: String(value) } }
  if (issue.code === 'too_small' && declared.min !== undefined) return { field, code: 'tooSmall', message, params: { min: declared.min } }
  if (issue.code === 'too_big' && declared.max !== undefined)
    return { field, code: 'tooLarge.number', message, params: { max: declared.max } }
  if (declared.choices) {
    const expected = declared.choices.map((choice) => choice.value).join(', ')
    return { field, code: 'notAChoice', message, params: { value: String(value), expected } }
  }
  if (declared.kind === 'date' || declared.kind === 'instant') return { field, code: 'notADate', message, params: { value: String(value) } }
  return { field, code: issue.code, message, params: { value: String(value) } }
}

function checkField(field: string, declared: NounField, value: unknown, locale: 'fr' | 'en'): { value: unknown } | RecordProblem[] {
  const given = !isEmpty(value) || Array.isArray(value) ? value : declared.isRequired ? declared.initial : undefined
  if (given === undefined && declared.isRequired) return [{ field, code: 'required', message: locale === 'fr' ? 'à remplir' : 'required' }]
  const result = declared.schema.safeParse(given, locale === 'fr' ? { error: frenchIssues } : {})
  return result.success ? { value: result.data } : result.error.issues.map((issue) => problemAt(field, declared, value, issue))
}

/** Checks the complete values of a record, each field first, then the rules across fields. */
export function checkRecord(noun: Noun, given: RecordValues, before: RecordValues | null, locale: 'fr' | 'en' = 'en'): CheckedRecord {
  const problems: RecordProblem[] = []
  const values: RecordValues = {}
  for (const name of Object.keys(given))
    if (!Object.hasOwn(noun.fields, name)) problems.push({ field: name, code: 'unknownField', message: name, params: { name } })
  for (const [name, declared] of Object.entries(noun.fields)) {
    const checked = checkField(name, declared, given[name], locale)
    if (Array.isArray(checked)) problems.push(...checked)
    else values[name] = checked.value
    if (before && declared.isFixed && !Array.isArray(checked) && checked.value !== before[name])
      problems.push({ field: name, code: 'fieldFixed', message: name })
  }
  if (problems.length > 0) return { ok: false, problems }
  const issues = noun.check?.(values as never, before as never) ?? []
  return issues.length > 0 ? { ok: false, problems: issues.map((issue) => ({ ...issue, message: issue.code })) } : { ok: true, values }
}
