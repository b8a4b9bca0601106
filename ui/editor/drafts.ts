/** Unsaved edits survive a closed tab: kept in this browser, per definition, until they are deployed or dropped. */
export interface Draft {
  source: string
  /** The version that the edit began from. */
  baseVersion: number
  /** Epoch ms. */
  savedAt: number
}

const keyOf = (kind: string, id: string): string => `guichet.draft.${kind}.${id}`

export function readDraft(kind: string, id: string): Draft | null {
  try {
    const found = JSON.parse(localStorage.getItem(keyOf(kind, id)) ?? 'null') as Partial<Draft> | null
    return typeof found?.source === 'string' && typeof found.baseVersion === 'number'
      ? { source: found.source, baseVersion: found.baseVersion, savedAt: found.savedAt ?? 0 }
      : null
  } catch {
    return null
  }
}

/** Answers whether it was kept: storage may be full or forbidden. */
export function keepDraft(kind: string, id: string, draft: Draft): boolean {
  try {
    localStorage.setItem(keyOf(kind, id), JSON.stringify(draft))
    return true
  } catch {
    return false
  }
}

export function dropDraft(kind: string, id: string): void {
  try {
    localStorage.removeItem(keyOf(kind, id))
  } catch {
    // Storage is forbidden: then there is no draft either.
  }
}
