import { z } from 'zod'
import { ApiProblem } from '../problem.ts'

export const maxPageSize = 200
export const PageQuery = z.object({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(maxPageSize).default(50),
})

/** Opaque to callers: the sort values of the last row. */
export const writeCursor = (...values: (string | number)[]): string => Buffer.from(JSON.stringify(values)).toString('base64url')

/** @throws {ApiProblem} 422 when the cursor does not fit `shape` */
export function readCursor<T extends z.ZodType>(cursor: string, shape: T): z.output<T> {
  try {
    return shape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
  } catch (error) {
    throw new ApiProblem(422, 'invalidCursor', {
      cause: error,
      errors: [{ path: 'query.cursor', code: 'invalidCursor', message: 'expected a nextCursor of the same list' }],
    })
  }
}

/** Of `limit + 1` rows read, one page and where the next begins. */
export function pageOf<R, V>(
  rows: readonly R[],
  limit: number,
  view: (row: R) => V,
  cursor: (last: R) => string,
): { items: V[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { items: shown.map(view), nextCursor: rows.length > limit && last !== undefined ? cursor(last) : null }
}
