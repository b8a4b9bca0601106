import { z } from 'zod'

/** RFC 9457 problem details; `code` is stable, `title` and `detail` are for people (in the caller's language), `errors` name the places. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string().optional(),
  /** What to do about it. */
  remedy: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), code: z.string(), message: z.string(), elementId: z.string().optional() })).optional(),
})
export type Problem = z.infer<typeof Problem>
