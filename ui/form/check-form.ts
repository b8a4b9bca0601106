/** Checks of a form before it is sent: what the server will refuse anyway is said at once, in the reader's language. */
import type { Form, FormComponent } from '#schema/form'
import type { Json, Variables } from '#schema/json'
import type { TextKey, TextValues } from '../i18n/index.ts'

export type Field = Exclude<FormComponent, { type: 'text' }>
export interface FieldRefusal {
  key: TextKey
  values?: TextValues
}

export const isField = (component: FormComponent): component is Field => component.type !== 'text'
export const fieldsOf = (form: Form): Field[] => form.components.filter(isField)
export const isBlank = (value: Json | undefined): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

function checkText(text: string, validate: NonNullable<Field['validate']>): FieldRefusal | null {
  if (validate.minLength !== undefined && text.length < validate.minLength)
    return { key: 'form.minLength', values: { min: validate.minLength } }
  if (validate.maxLength !== undefined && text.length > validate.maxLength)
    return { key: 'form.maxLength', values: { max: validate.maxLength } }
  if (validate.pattern !== undefined && !matches(validate.pattern, text)) return { key: 'form.pattern' }
  return null
}

/** An unreadable pattern refuses nothing here: the deployment's check is the place that names it. */
function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(text)
  } catch {
    return true
  }
}

/** The first refusal of one value, or null. */
export function checkField(field: Field, value: Json | undefined): FieldRefusal | null {
  const validate = field.validate ?? {}
  const isUnticked = field.type === 'checkbox' && value !== true
  if (isBlank(value) || isUnticked) return validate.required ? { key: 'common.required' } : null
  if (field.type === 'number') {
    if (typeof value !== 'number' || !Number.isFinite(value)) return { key: 'form.number' }
    if (validate.min !== undefined && value < validate.min) return { key: 'form.min', values: { min: validate.min } }
    if (validate.max !== undefined && value > validate.max) return { key: 'form.max', values: { max: validate.max } }
    return null
  }
  if ((field.type === 'select' || field.type === 'radio') && field.values !== undefined && field.values.length > 0)
    return field.values.some((choice) => choice.value === value) ? null : { key: 'form.choice' }
  return typeof value === 'string' ? checkText(value, validate) : null
}

/** Refusals by key; `hidden` fields are not asked. */
export function checkForm(form: Form, values: Variables, hidden: ReadonlySet<string> = new Set()): Record<string, FieldRefusal> {
  const found: Record<string, FieldRefusal> = {}
  for (const field of fieldsOf(form)) {
    if (hidden.has(field.id)) continue
    const refusal = checkField(field, values[field.key])
    if (refusal) found[field.key] = refusal
  }
  return found
}

/** What the form starts with: given values, then defaults; every key is there. */
export function startValues(form: Form, given: Variables): Variables {
  const values: Variables = {}
  for (const field of fieldsOf(form)) {
    const empty: Json = field.type === 'checkbox' ? false : field.type === 'filepicker' ? [] : null
    values[field.key] = given[field.key] ?? field.defaultValue ?? empty
  }
  return values
}

/** What is sent: shown fields only; blank optional ones as null. */
export function sentValues(form: Form, values: Variables, hidden: ReadonlySet<string> = new Set()): Variables {
  const sent: Variables = {}
  for (const field of fieldsOf(form)) {
    if (hidden.has(field.id)) continue
    const value = values[field.key]
    sent[field.key] = value === undefined || value === '' ? null : value
  }
  return sent
}
