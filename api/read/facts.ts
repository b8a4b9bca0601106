import { sql } from 'kysely'
import type { Fact } from '#schema/fact'
import type { FactView } from '#schema/view'
import { loadBundle } from '../../activities/store/definition/definitions.ts'
import type { Db } from '../deps.ts'
import type { Locale } from '../problem.ts'
import { elementNames } from './element-name.ts'

export interface FactRow {
  streamId: string
  sequence: number
  type: string
  at: Date
  recordedAt: Date
  actorId: string
  actorName: string | null
  elementId: string | null
  body: Fact
  hash: string
  ticketNumber: string | null
  bundleHash: string | null
}

/** Facts with the names of who acted; `where` is a condition on `fact`, `order` a list of its columns. */
export async function selectFacts(db: Db, where: ReturnType<typeof sql>, order: ReturnType<typeof sql>, limit: number): Promise<FactRow[]> {
  const { rows } =
    await sql<FactRow>`select fact.stream_id, fact.sequence, fact.type, fact.at, fact.recorded_at, fact.actor_id, person.name as actor_name, fact.element_id, fact.body, fact.hash, ticket.number as ticket_number, instance.bundle_hash
    from fact left join person on person.id = fact.actor_id left join ticket on ticket.id::text = fact.stream_id left join instance on instance.ticket_id = ticket.id
    where ${where} order by ${order} limit ${limit}`.execute(db)
  return rows
}

/** Where in the diagram it happened: an element, or the sequence flow that was taken. */
const placeOf = ({ elementId, body }: FactRow): string | null => elementId ?? (body.type === 'flowTaken' ? body.flowId : null)

/** Names of diagram elements, by the bundle of each ticket (immutable, cached by the store). */
export async function factViews(
  db: Db,
  rows: readonly FactRow[],
  locale: Locale,
): Promise<(FactView & { streamId: string; ticketNumber: string | null })[]> {
  const hashes = [...new Set(rows.flatMap((r) => (r.bundleHash && placeOf(r) ? [r.bundleHash] : [])))]
  const names = new Map(
    await Promise.all(hashes.map(async (hash) => [hash, await elementNames(db, await loadBundle(db, hash), locale)] as const)),
  )
  return rows.map((row) => {
    const nameOf = row.bundleHash ? names.get(row.bundleHash) : undefined
    const place = placeOf(row)
    return {
      streamId: row.streamId,
      ticketNumber: row.ticketNumber,
      sequence: row.sequence,
      at: row.at.toISOString(),
      recordedAt: row.recordedAt.toISOString(),
      type: row.type,
      actor: { id: row.actorId, name: row.actorName ?? (row.actorId === 'system' ? 'Guichet' : row.actorId) },
      elementId: row.elementId,
      elementName: place ? (nameOf?.(place) ?? null) : null,
      fact: row.body as unknown as FactView['fact'],
      hash: row.hash,
    }
  })
}
