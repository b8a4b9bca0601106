/** User task: state, not an effect. A person completes it. */
import type { Behaviour } from '../behaviour.ts'
import type { ElementOf, Expression } from '../model.ts'
import { type Run, StallError } from '../run.ts'
import { parseInstant } from '../time.ts'

export const userTask: Behaviour<'userTask'> = {
  execute(run, activation, element) {
    const { key } = activation
    const dueAt = dueDate(run, key, element.dueDate)
    const opened = {
      elementId: element.id,
      waitId: key,
      name: element.name,
      formId: formOf(run, key, element),
      assignee: textOrNull(run, key, element.assignee, 'the assignee'),
      ...candidatesOf(run, key, element),
      dueAt,
      ...attributesNow(run, key, element),
    }
    run.draft.addWait({ ...opened, kind: 'task', ownerKey: key, role: 'self' })
    run.facts.push({ type: 'taskOpened', at: run.at, ...opened })
  },
}

/** The form that the task shows now. @throws StallError when its expression fails */
export const formOf = (run: Run, key: string, element: ElementOf<'userTask'>): string | null =>
  textOrNull(run, key, element.formId, 'the form id')

/** Who may take the task now. @throws StallError when an expression fails */
export const candidatesOf = (
  run: Run,
  key: string,
  element: ElementOf<'userTask'>,
): { candidateGroups: string[]; candidateUsers: string[] } => ({
  candidateGroups: names(run, key, element.candidateGroups),
  candidateUsers: names(run, key, element.candidateUsers),
})

/** The guichet: attributes as the task has them now: one that begins with `=` is evaluated. @throws StallError when its expression fails */
export function attributesNow(run: Run, key: string, { attributes }: ElementOf<'userTask'>): { attributes?: Record<string, string> } {
  if (!attributes) return {}
  const now = Object.entries(attributes).map(([name, value]): [string, string] => [
    name,
    value.startsWith('=') ? run.evaluateText(key, { feel: value.slice(1) }, `guichet:${name}`) : value,
  ])
  return { attributes: Object.fromEntries(now) }
}

function textOrNull(run: Run, key: string, expression: Expression | null, what: string): string | null {
  if (expression === null) return null
  const value = run.evaluate(key, expression)
  if (value === null || value === '') return null
  if (typeof value === 'string') return value
  throw new StallError('type', `expected ${what} to be a text, found ${JSON.stringify(value)}`)
}

/** A list, or a text with commas. */
function names(run: Run, key: string, expression: Expression | null): string[] {
  if (expression === null) return []
  const value = run.evaluate(key, expression)
  if (value === null) return []
  const list = typeof value === 'string' ? value.split(',') : value
  if (!Array.isArray(list) || !list.every((item) => typeof item === 'string'))
    throw new StallError('type', `expected a list of names, found ${JSON.stringify(value)}`)
  return list.map((item) => (item as string).trim()).filter((item) => item !== '')
}

function dueDate(run: Run, key: string, expression: Expression | null): number | null {
  if (expression === null) return null
  const value = run.evaluate(key, expression)
  if (value === null || value === '') return null
  if (typeof value === 'number') return value
  const dueAt = typeof value === 'string' ? parseInstant(value, run.model(run.draft.get(key).processId).timeZone) : null
  if (dueAt === null) throw new StallError('type', `expected the due date to be an ISO 8601 date-time, found ${JSON.stringify(value)}`)
  return dueAt
}
