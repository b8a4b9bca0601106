/** What a form's own rules cannot say because it looks at the time or at two fields together: refused at the field, by form id. */
import type { Variables } from '#schema/json'
import { checkPlan, type Refusal } from '#domain/change/check'

type FormCheck = (values: Variables, at: number) => Refusal[]
const textOf = (value: Variables[string] | undefined): string | null => (typeof value === 'string' && value !== '' ? value : null)
const planOf = (values: Variables) => ({ plannedStart: textOf(values.plannedStart), plannedEnd: textOf(values.plannedEnd) })
/** A plan that begins at once is meant; the minute in which it is typed is not the past. */
const typingMs = 5 * 60_000

const checks: Record<string, FormCheck> = {
  'change-schedule': (values, at) => checkPlan(planOf(values), false, at - typingMs),
  'change-record': (values, at) => checkPlan(planOf(values), true, at),
}

export const checkFormTogether = (formId: string, values: Variables, at: number): Refusal[] => checks[formId]?.(values, at) ?? []
