/** What stands behind the question mark of an address. */
export const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined

export interface QueueSearch {
  view?: string
  status?: string
  priority?: string
  group?: string
  /** Id of a configuration item. */
  ci?: string
  desk?: string
  q?: string
  sort?: string
  /** From a figure: the list it counts. */
  from?: string
  to?: string
  metric?: string
  source?: string
  vip?: string
}
export const queueSearch = (search: Record<string, unknown>): QueueSearch => {
  const found: QueueSearch = {}
  for (const name of ['view', 'status', 'priority', 'group', 'ci', 'desk', 'q', 'sort', 'from', 'to', 'metric', 'source', 'vip'] as const) {
    const value = text(search[name])
    if (value !== undefined) found[name] = value
  }
  return found
}

/** Search, order and filters of a register list: the noun says which names count. On a new record: what it begins with. */
export type RegisterSearch = Record<string, string | undefined>
export const registerSearch = (search: Record<string, unknown>): RegisterSearch =>
  Object.fromEntries(Object.entries(search).flatMap(([name, value]) => (text(value) === undefined ? [] : [[name, text(value)]])))

export interface InteractionSearch {
  q?: string | undefined
  desk?: string | undefined
  channel?: string | undefined
  state?: string | undefined
  /** From a figure: the list it counts. */
  metric?: string | undefined
  from?: string | undefined
}
export const interactionSearch = (search: Record<string, unknown>): InteractionSearch => {
  const found: InteractionSearch = {}
  for (const name of ['q', 'desk', 'channel', 'state', 'metric', 'from'] as const) {
    const value = text(search[name])
    if (value !== undefined) found[name] = value
  }
  return found
}
