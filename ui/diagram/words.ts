import type { T } from '../i18n/index.ts'
import { problemWords } from '../templates/states.tsx'

/** What went wrong and what to do, in one line. */
export function problemText(error: unknown, t: T): string {
  const { title, detail, remedy } = problemWords(error, t)
  return [detail === '' ? title : detail, remedy].filter(Boolean).join(' ')
}
