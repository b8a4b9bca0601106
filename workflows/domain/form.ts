/**
 * Are these values what the form asks for? The server's answer, whatever the browser checked.
 * A component hidden by its FEEL condition asks for nothing, and a value given for it is ignored.
 */
import { evaluateFeel } from '#engine/expression'
import type { Form, FormComponent } from '#schema/form'
import type { Json, Variables } from '#schema/json'

export interface FormProblem {
  /** The component's key. */
  path: string
  code: 'unknownField' | 'required' | 'wrongType' | 'notInList' | 'tooShort' | 'tooLong' | 'tooSmall' | 'tooLarge' | 'wrongPattern'
  message: string
  /** What to do about it. */
  remedy: string
}
type Locale = 'fr' | 'en'
type Keyed = Exclude<FormComponent, { type: 'text' }>
type Found = Pick<FormProblem, 'code'> & { limit?: string }

/** Where a condition cannot be evaluated (a variable that nobody gave), the component is shown: better to ask than to hide. */
export function isHidden(component: FormComponent, values: Variables, at = 0): boolean {
  const condition = component.conditional?.hide
  if (!condition) return false
  try {
    return evaluateFeel(condition.replace(/^=/, ''), values, { at, timeZone: 'UTC' }) === true
  } catch {
    return false
  }
}

export const keyedComponents = (form: Form): Keyed[] => form.components.filter((component): component is Keyed => component.type !== 'text')
export const labelOf = (component: Keyed, locale: Locale): string =>
  (locale === 'fr' ? component.label_fr : undefined) || component.label || component.key

const isEmpty = (value: Json | undefined) =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
const datetimes = { date: /^\d{4}-\d{2}-\d{2}$/, time: /^\d{2}:\d{2}(:\d{2})?$/, datetime: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/ }

/** The value of each kind of component; null: as it should be. `limit` is quoted in the message. */
const checks: { [T in Keyed['type']]: (component: Extract<Keyed, { type: T }>, value: Json) => Found | null } = {
  textfield: checkText,
  textarea: checkText,
  number: (component, value) => (typeof value !== 'number' ? { code: 'wrongType', limit: 'number' } : checkRange(component, value)),
  checkbox: (_, value) => (typeof value === 'boolean' ? null : { code: 'wrongType', limit: 'boolean' }),
  select: checkChoice,
  radio: checkChoice,
  datetime: (component, value) =>
    typeof value === 'string' &&
    datetimes[component.subtype].test(value) &&
    (component.subtype === 'time' || !Number.isNaN(Date.parse(value)))
      ? null
      : { code: 'wrongType', limit: component.subtype },
  filepicker: (component, value) => {
    const ids = component.multiple ? value : [value]
    return Array.isArray(ids) && ids.every((id) => typeof id === 'string') ? null : { code: 'wrongType', limit: 'file' }
  },
}

function checkText(component: Keyed, value: Json): Found | null {
  if (typeof value !== 'string') return { code: 'wrongType', limit: 'text' }
  const { minLength, maxLength, pattern } = component.validate ?? {}
  if (minLength !== undefined && value.trim().length < minLength) return { code: 'tooShort', limit: `${minLength}` }
  if (maxLength !== undefined && value.length > maxLength) return { code: 'tooLong', limit: `${maxLength}` }
  return pattern !== undefined && !new RegExp(`^(?:${pattern})$`, 'u').test(value) ? { code: 'wrongPattern', limit: pattern } : null
}
function checkRange(component: Keyed, value: number): Found | null {
  const { min, max } = component.validate ?? {}
  if (min !== undefined && value < min) return { code: 'tooSmall', limit: `${min}` }
  return max !== undefined && value > max ? { code: 'tooLarge', limit: `${max}` } : null
}
/** A list that is not written in the form (people, groups, ...) is checked by who knows it. */
function checkChoice(component: Extract<Keyed, { type: 'select' | 'radio' }>, value: Json): Found | null {
  if (typeof value !== 'string' && typeof value !== 'number') return { code: 'wrongType', limit: 'choice' }
  if (!component.values || component.values.length === 0) return null
  return component.values.some((option) => option.value === value)
    ? null
    : { code: 'notInList', limit: component.values.map((option) => option.value).join(', ') }
}

type Words = Record<FormProblem['code'], (label: string, limit: string) => [message: string, remedy: string]>
const words: Record<Locale, Words> = {
  en: {
    unknownField: (label) => [`The form has no field "${label}".`, 'Leave it out, or use the key of a field of this form.'],
    required: (label) => [`"${label}" is missing.`, 'Fill it in.'],
    wrongType: (label, limit) => [`"${label}" has a value of the wrong type.`, `Give a value of type ${limit}.`],
    notInList: (label, limit) => [`"${label}" has a value that is not in the list.`, `Choose one of: ${limit}.`],
    tooShort: (label, limit) => [`"${label}" is too short.`, `Write at least ${limit} characters.`],
    tooLong: (label, limit) => [`"${label}" is too long.`, `Write at most ${limit} characters.`],
    tooSmall: (label, limit) => [`"${label}" is too small.`, `Give ${limit} or more.`],
    tooLarge: (label, limit) => [`"${label}" is too large.`, `Give ${limit} or less.`],
    wrongPattern: (label, limit) => [`"${label}" does not have the expected form.`, `Write it as ${limit}.`],
  },
  fr: {
    unknownField: (label) => [
      `Le formulaire n'a pas de champ « ${label} ».`,
      "Retirez-le, ou utilisez la clé d'un champ de ce formulaire.",
    ],
    required: (label) => [`« ${label} » manque.`, 'Remplissez ce champ.'],
    wrongType: (label, limit) => [`« ${label} » a une valeur du mauvais type.`, `Donnez une valeur de type ${limit}.`],
    notInList: (label, limit) => [`« ${label} » a une valeur hors de la liste.`, `Choisissez parmi : ${limit}.`],
    tooShort: (label, limit) => [`« ${label} » est trop court.`, `Écrivez au moins ${limit} caractères.`],
    tooLong: (label, limit) => [`« ${label} » est trop long.`, `Écrivez au plus ${limit} caractères.`],
    tooSmall: (label, limit) => [`« ${label} » est trop petit.`, `Donnez ${limit} ou plus.`],
    tooLarge: (label, limit) => [`« ${label} » est trop grand.`, `Donnez ${limit} ou moins.`],
    wrongPattern: (label, limit) => [`« ${label} » n'a pas la forme attendue.`, `Écrivez-le ainsi : ${limit}.`],
  },
}

/**
 * Everything wrong with `values`, in the order of the form, unknown fields last; empty when all is well.
 * `known`: variables that conditions may look at beyond the values (the task's present ones).
 */
export function validateForm(
  form: Form,
  values: Variables,
  options: { locale?: Locale; known?: Variables; at?: number } = {},
): FormProblem[] {
  const text = words[options.locale ?? 'en']
  const problem = (path: string, label: string, { code, limit }: Found): FormProblem => {
    const [message, remedy] = text[code](label, limit ?? '')
    return { path, code, message, remedy }
  }
  const visible = { ...options.known, ...values }
  const components = keyedComponents(form)
  const problems: FormProblem[] = []
  for (const component of components) {
    if (isHidden(component, visible, options.at)) continue
    const value = values[component.key]
    const label = labelOf(component, options.locale ?? 'en')
    const isUnticked = component.type === 'checkbox' && value === false
    const check = checks[component.type] as (component: Keyed, value: Json) => Found | null
    const found: Found | null =
      isEmpty(value) || isUnticked ? (component.validate?.required ? { code: 'required' } : null) : check(component, value as Json)
    if (found) problems.push(problem(component.key, label, found))
  }
  const keys = new Set(components.map((component) => component.key))
  for (const key of Object.keys(values)) if (!keys.has(key)) problems.push(problem(key, key, { code: 'unknownField' }))
  return problems
}

/** The values that the form really asks for: hidden components' values are left out. Call after `validateForm`. */
export function askedValues(form: Form, values: Variables, known: Variables = {}): Variables {
  const visible = { ...known, ...values }
  const asked = keyedComponents(form).filter((component) => component.key in values && !isHidden(component, visible))
  return Object.fromEntries(asked.map((component) => [component.key, values[component.key] as Json]))
}
