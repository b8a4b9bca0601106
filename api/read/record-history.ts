/** What happened to one record of the register, newest first. */
import { sql } from 'kysely'
import { z } from 'zod'
import type { Noun } from '#schema/noun'
import type { RecordChangeView } from '#schema/record'
import { namesOf } from '../../activities/store/record/references.ts'
import type { Db } from '../deps.ts'
import { selectFacts } from './facts.ts'
import { type PageQuery, pageOf, readCursor, writeCursor } from './page.ts'

const idsIn = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : [])

export async function recordHistory(
  db: Db,
  noun: Noun,
  id: string,
  query: z.output<typeof PageQuery>,
): Promise<{ items: RecordChangeView[]; nextCursor: string | null }> {
  const before = query.cursor ? readCursor(query.cursor, z.tuple([z.int()]))[0] : null
  const where = sql`fact.stream_id = ${`${noun.id}/${id}`} and fact.type = 'recordChanged' and ${before === null ? sql`true` : sql`fact.sequence < ${before}`}`
  const rows = await selectFacts(db, where, sql`fact.sequence desc`, query.limit + 1)
  const page = pageOf(
    rows,
    query.limit,
    (row) => row,
    (last) => writeCursor(last.sequence),
  )
  const items = await Promise.all(
    page.items.map(async (row) => {
      const { field, from, to } = row.body as unknown as { field: string; from: RecordChangeView['from']; to: RecordChangeView['to'] }
      const refersTo = noun.fields[field]?.refersTo
      const names = refersTo ? Object.fromEntries(await namesOf(db, refersTo, [...idsIn(from), ...idsIn(to)])) : {}
      const actor = { id: row.actorId, name: row.actorName ?? (row.actorId === 'system' ? 'Guichet' : row.actorId) }
      return { sequence: row.sequence, at: row.at.toISOString(), actor, field, from, to, names }
    }),
  )
  return { items, nextCursor: page.nextCursor }
}
