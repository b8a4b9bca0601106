import { sql } from 'kysely'
import type { Fact, RecordedFact } from '#schema/fact'
import { canonicalJson, chainHash } from './canonical.ts'
import { type Db, inTransaction, instant, isUuid, json, type Trx } from './database.ts'
import { type LiveSnapshot, project } from './projections/index.ts'

export interface NewFact {
  actorId: string
  fact: Fact
}

export interface AppendOptions {
  /** UTC epoch ms; the store's own clock when absent. */
  recordedAt?: number
  /** The instance as it stands after these facts; without it, active elements and stalls are derived from the facts. */
  snapshot?: LiveSnapshot
  /** No live notice to browsers (bulk imports). */
  isSilent?: boolean
  /** Repeated facts must be the recorded ones to the letter, and all of them: anything else is a FactConflict. */
  isExact?: boolean
}

export interface Appended {
  /** Number of the last fact in the stream now. */
  sequence: number
  /** What was new: facts that the stream had already are left out. */
  inserted: RecordedFact[]
}

/** The caller numbered its facts beyond the end of the stream: facts in between are missing. */
export class SequenceGap extends Error {
  override readonly name = 'SequenceGap'
}

/** The stream already holds something else under these numbers: two writers, or a writer that lost its place. */
export class FactConflict extends Error {
  override readonly name = 'FactConflict'
}

/** Name of the PostgreSQL channel on which every append is announced; the payload is a `FactNotice`. */
export const noticeChannel = 'guichet'
export interface FactNotice {
  ticketId: string
  number: string
  sequence: number
  types: string[]
  requesterId: string
  groupId: string | null
  assigneeId: string | null
  deskId: string | null
}

/** Locks the stream for this transaction and returns its last link. */
async function lockHead(trx: Trx, streamId: string): Promise<{ sequence: number; hash: string }> {
  const select = () =>
    trx.selectFrom('streamHead').select(['sequence', 'hash']).where('streamId', '=', streamId).forUpdate().executeTakeFirst()
  const head = await select()
  if (head) return head
  await trx
    .insertInto('streamHead')
    .values({ streamId, sequence: 0, hash: '' })
    .onConflict((on) => on.column('streamId').doNothing())
    .execute()
  return (await select()) ?? { sequence: 0, hash: '' }
}

const subject = (fact: Record<string, unknown>): string =>
  [fact.type, fact.waitId, fact.key, fact.elementId, fact.flowId, fact.field, fact.name, fact.clockId, fact.messageId].join('|')

/** A repeated append (a retried activity) must tell of the same things; instants may differ by the retry. */
async function checkRepeated(trx: Trx, streamId: string, fromSequence: number, facts: readonly NewFact[]): Promise<void> {
  const rows = await trx
    .selectFrom('fact')
    .select(['sequence', 'body'])
    .where('streamId', '=', streamId)
    .where('sequence', '>=', fromSequence)
    .where('sequence', '<', fromSequence + facts.length)
    .execute()
  for (const row of rows) {
    const repeated = facts[row.sequence - fromSequence]
    const found = subject(row.body as Record<string, unknown>)
    if (repeated === undefined || subject(repeated.fact) === found) continue
    throw new FactConflict(
      `stream ${streamId}, fact ${row.sequence}: expected '${subject(repeated.fact)}', found '${found}' already recorded`,
    )
  }
}

/** @throws FactConflict unless the stream's tail from `fromSequence` on is a beginning of `facts`; `isLast`: others may follow them. */
async function checkExact(trx: Trx, streamId: string, fromSequence: number, facts: readonly NewFact[], isLast: boolean): Promise<void> {
  const rows = await trx
    .selectFrom('fact')
    .select(['sequence', 'actorId', 'body'])
    .where('streamId', '=', streamId)
    .where('sequence', '>=', fromSequence)
    .orderBy('sequence')
    .execute()
  for (const [index, row] of rows.entries()) {
    const repeated = facts[index]
    if (repeated === undefined && isLast) return
    if (repeated && repeated.actorId === row.actorId && canonicalJson(repeated.fact) === canonicalJson(row.body)) continue
    throw new FactConflict(
      `stream ${streamId}: expected the recorded facts from ${fromSequence} on, found fact ${row.sequence} to be another`,
    )
  }
}

/**
 * Appends facts to a stream, the first numbered `fromSequence`, and brings the projections (ticket, tasks, clocks, instance)
 * up to date, in one transaction. Idempotent: facts that the stream holds already are left alone.
 * @throws SequenceGap when `fromSequence` lies beyond the end of the stream; FactConflict when a repeated number tells of something else.
 */
export function appendFacts(
  db: Db | Trx,
  streamId: string,
  fromSequence: number,
  facts: readonly NewFact[],
  options: AppendOptions = {},
): Promise<Appended> {
  return inTransaction(db, async (trx) => {
    const head = await lockHead(trx, streamId)
    if (fromSequence < 1 || fromSequence > head.sequence + 1)
      throw new SequenceGap(`stream ${streamId}: expected sequence ${head.sequence + 1}, found ${fromSequence}`)
    const known = head.sequence + 1 - fromSequence
    // after its end the store itself may have written to the stream (a link)
    const isLast = facts.length > 0 && options.snapshot?.isEnded === true
    if (known > 0 && options.isExact) await checkExact(trx, streamId, fromSequence, facts, isLast)
    else if (known > 0 && facts.length > 0) await checkRepeated(trx, streamId, fromSequence, facts)
    return write(trx, streamId, head, facts.slice(known), options)
  })
}

/** Appends at the end of the stream, wherever that is: for streams that several writers share (definitions, people, the desk). */
export function appendNext(db: Db | Trx, streamId: string, facts: readonly NewFact[], options: AppendOptions = {}): Promise<Appended> {
  return inTransaction(db, async (trx) => write(trx, streamId, await lockHead(trx, streamId), facts, options))
}

/** PostgreSQL takes 65,535 parameters a statement; a fact has eleven. */
const factsPerInsert = 2_000

async function write(
  trx: Trx,
  streamId: string,
  head: { sequence: number; hash: string },
  facts: readonly NewFact[],
  options: AppendOptions,
): Promise<Appended> {
  const recordedAt = options.recordedAt ?? Date.now()
  let { sequence, hash } = head
  const inserted: RecordedFact[] = []
  const rows = facts.map(({ actorId, fact }) => {
    sequence += 1
    const body = canonicalJson(fact)
    const canonical = `{"actorId":${canonicalJson(actorId)},"fact":${body},"recordedAt":${recordedAt},"sequence":${sequence},"streamId":${canonicalJson(streamId)}}`
    const prevHash = hash
    hash = chainHash(prevHash, canonical)
    const clean = JSON.parse(body) as Fact
    inserted.push({ streamId, sequence, fact: clean, actorId, recordedAt, prevHash, hash })
    const elementId = 'elementId' in clean ? clean.elementId : null
    return {
      streamId,
      sequence,
      type: clean.type,
      at: instant(clean.at),
      recordedAt: instant(recordedAt),
      actorId,
      elementId,
      body,
      canonical,
      prevHash,
      hash,
    }
  })
  for (let start = 0; start < rows.length; start += factsPerInsert)
    await trx
      .insertInto('fact')
      .values(rows.slice(start, start + factsPerInsert))
      .execute()
  if (rows.length > 0) await trx.updateTable('streamHead').set({ sequence, hash }).where('streamId', '=', streamId).execute()
  if (isUuid(streamId) && (rows.length > 0 || options.snapshot)) {
    const ticket = await project(trx, streamId, inserted, options.snapshot)
    if (ticket && rows.length > 0 && !options.isSilent)
      await announce(trx, { ticketId: streamId, ...ticket, sequence, types: [...new Set(inserted.map(({ fact }) => fact.type))] })
  }
  return { sequence, inserted }
}

async function announce(trx: Trx, notice: FactNotice): Promise<void> {
  await sql`select pg_notify(${noticeChannel}, ${json(notice)})`.execute(trx)
}

/** One page of a stream, in order; `after` is the last sequence of the page before. */
export async function readFacts(db: Db | Trx, streamId: string, after = 0, limit = 200): Promise<RecordedFact[]> {
  const rows = await db
    .selectFrom('fact')
    .selectAll()
    .where('streamId', '=', streamId)
    .where('sequence', '>', after)
    .orderBy('sequence')
    .limit(limit)
    .execute()
  return rows.map(recordedFact)
}

/** A row of the ledger as the rest of the program sees it. */
export function recordedFact(row: {
  streamId: string
  sequence: number
  body: unknown
  actorId: string
  recordedAt: Date
  prevHash: string
  hash: string
}): RecordedFact {
  return {
    streamId: row.streamId,
    sequence: row.sequence,
    fact: row.body as Fact,
    actorId: row.actorId,
    recordedAt: row.recordedAt.getTime(),
    prevHash: row.prevHash,
    hash: row.hash,
  }
}
