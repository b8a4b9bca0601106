import type { FactView } from '#schema/view'

/** What a fact changed: a field (of the ticket, a record, the process's variables), its old and its new value. */
export interface Change {
  field: string
  from: unknown
  to: unknown
}

/** The change in a fact, null where it is not one. */
export function changeOf({ type, fact }: Pick<FactView, 'type' | 'fact'>): Change | null {
  if (fact === null || typeof fact !== 'object' || Array.isArray(fact)) return null
  const { from = null, to = null } = fact
  if (type === 'ticketChanged' || type === 'recordChanged') return { field: String(fact.field), from, to }
  if (type === 'variableChanged') return { field: String(fact.name), from, to }
  if (type === 'taskAssigned') return { field: 'assigneeId', from, to }
  return null
}
