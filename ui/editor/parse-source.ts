import type { z } from 'zod'

export type Parsed<T> = { ok: true; value: T } | { ok: false; reason: string }

/** Reads a JSON source by its schema; the reason names the first place that is wrong. */
export function parseSource<T extends z.ZodType>(schema: T, source: string): Parsed<z.infer<T>> {
  let json: unknown
  try {
    json = JSON.parse(source)
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) }
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return { ok: true, value: parsed.data }
  const issue = parsed.error.issues[0]
  return { ok: false, reason: issue ? `${issue.path.join('.')}: ${issue.message}` : '' }
}
