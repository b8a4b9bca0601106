import { useEffect, useState } from 'react'
import type { DiagnosticView } from '#schema/view'
import { checkDefinition } from '../client/index.ts'

export interface Check {
  state: 'idle' | 'checking' | 'done' | 'failed'
  diagnostics: DiagnosticView[]
  error: unknown
}
/** An author pauses this long before what was drawn is checked. */
const debounceMs = 600

/** Has the server compile what is on the screen, a moment after every edit; answers of overtaken checks are dropped. */
export function useCheck(
  kind: string,
  /** Changes with every drawing opened and every edit of it. */
  revision: number | string,
  isReady: boolean,
  source: () => Promise<string> | string,
): [Check, (diagnostics: DiagnosticView[]) => void] {
  const [check, setCheck] = useState<Check>({ state: 'idle', diagnostics: [], error: null })
  // biome-ignore lint/correctness/useExhaustiveDependencies: `source` reads what `revision` counts
  useEffect(() => {
    if (!isReady) return
    let isCurrent = true
    setCheck((old) => ({ ...old, state: 'checking' }))
    const timer = setTimeout(async () => {
      try {
        const { diagnostics } = await checkDefinition(kind, await source())
        if (isCurrent) setCheck({ state: 'done', diagnostics, error: null })
      } catch (error) {
        if (isCurrent) setCheck({ state: 'failed', diagnostics: [], error })
      }
    }, debounceMs)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [kind, revision, isReady])
  return [check, (diagnostics) => setCheck({ state: 'done', diagnostics, error: null })]
}
