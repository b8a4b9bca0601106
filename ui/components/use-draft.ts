import { useCallback, useState } from 'react'

const keyOf = (name: string): string => `guichet.draft.${name}`

export function readDraft<T>(name: string): T | null {
  try {
    const raw = sessionStorage.getItem(keyOf(name))
    return raw === null ? null : (JSON.parse(raw) as T)
  } catch {
    return null
  }
}

/** Where there is no room or no right to store, the draft lives only in the page. */
export function writeDraft(name: string, value: unknown): void {
  try {
    if (value === null) sessionStorage.removeItem(keyOf(name))
    else sessionStorage.setItem(keyOf(name), JSON.stringify(value))
  } catch {
    return
  }
}

/** State that survives a reload or a lost session in this tab; `clear` when it was sent. */
export function useDraft<T>(name: string, initial: T): [T, (value: T) => void, () => void] {
  const [held, setHeld] = useState<{ name: string; value: T }>(() => ({ name, value: readDraft<T>(name) ?? initial }))
  const value = held.name === name ? held.value : (readDraft<T>(name) ?? initial)
  const set = useCallback(
    (next: T) => {
      setHeld({ name, value: next })
      writeDraft(name, next)
    },
    [name],
  )
  const clear = useCallback(() => {
    setHeld({ name, value: initial })
    writeDraft(name, null)
  }, [name, initial])
  return [value, set, clear]
}
