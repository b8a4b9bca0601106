import type { Json } from '#schema/json'
import { sameJson } from '#domain/desk/state'
import { json, type Trx } from '../database.ts'
import { appendNext } from '../facts.ts'

type Values = Record<string, unknown>
const plain = (value: unknown): Json => (value === undefined ? null : (JSON.parse(json(value)) as Json))

/** One `recordChanged` fact for every field that differs, in the record's own stream; returns the stream's last number, the record's version. */
export async function recordChanges(
  trx: Trx,
  record: { noun: string; id: string; before: Values | null; after: Values | null },
  actorId: string,
  at: number,
): Promise<number> {
  const { noun, id, before, after } = record
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  const changed = fields
    .map((field) => ({ field, from: plain(before?.[field]), to: plain(after?.[field]) }))
    .filter(({ from, to }) => !sameJson(from, to))
  const { sequence } = await appendNext(
    trx,
    `${noun}/${id}`,
    changed.map((change) => ({ actorId, fact: { type: 'recordChanged', at, noun, id, ...change } })),
  )
  return sequence
}
