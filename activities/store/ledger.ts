import { sql } from 'kysely'
import type { LedgerReport } from '#schema/view'
import { canonicalJson, chainHash } from './canonical.ts'
import { type Db, inTransaction, instant, json, type Trx } from './database.ts'

type Break = LedgerReport['breaks'][number]

/** What a seal says of one stream: this fact, with this hash, was its last. */
interface SealedHead {
  streamId: string
  sequence: number
  hash: string
}

interface FactRow {
  streamId: string
  sequence: number
  type: string
  at: Date
  recordedAt: Date
  actorId: string
  elementId: string | null
  body: unknown
  canonical: string
  prevHash: string
  hash: string
}

/** Facts read at a time: memory stays flat however long the ledger is. */
const pageSize = 2_000
/** Only so many breaks are listed; the ledger is not intact with one. */
const breakLimit = 200

/** The columns that repeat what the canonical text says, compared with it: the text is hashed, the columns are what people read. */
function disagreement(row: FactRow): string | null {
  let stated: {
    streamId?: string
    sequence?: number
    actorId?: string
    recordedAt?: number
    fact?: { type?: string; at?: number; elementId?: string }
  }
  try {
    stated = JSON.parse(row.canonical)
  } catch {
    return 'its canonical text is not JSON'
  }
  const pairs: [string, unknown, unknown][] = [
    ['stream_id', row.streamId, stated.streamId],
    ['sequence', row.sequence, stated.sequence],
    ['actor_id', row.actorId, stated.actorId],
    ['recorded_at', row.recordedAt.getTime(), stated.recordedAt],
    ['type', row.type, stated.fact?.type],
    ['at', row.at.getTime(), Math.trunc(stated.fact?.at ?? Number.NaN)],
    ['element_id', row.elementId, stated.fact?.elementId ?? null],
    ['body', canonicalJson(row.body), canonicalJson(stated.fact ?? null)],
  ]
  const wrong = pairs.find(([, found, expected]) => found !== expected)
  return wrong ? `column ${wrong[0]}: expected ${String(wrong[2]).slice(0, 200)}, found ${String(wrong[1]).slice(0, 200)}` : null
}

/** Walks one stream after the other, link by link. */
class Walk {
  breaks: Break[] = []
  isComplete = true
  #previous: FactRow | null = null
  #sealed: Map<string, SealedHead[]>
  #heads: Map<string, { sequence: number; hash: string }>

  constructor(sealed: Map<string, SealedHead[]>, heads: Map<string, { sequence: number; hash: string }>) {
    this.#sealed = sealed
    this.#heads = heads
  }

  report(streamId: string, sequence: number, kind: Break['kind'], detail: string): void {
    if (this.breaks.some((known) => known.streamId === streamId && known.sequence === sequence && known.kind === kind)) return
    if (this.breaks.length < breakLimit) this.breaks.push({ streamId, ticketNumber: null, sequence, kind, detail })
    this.isComplete = false
  }

  next(row: FactRow): void {
    if (this.#previous && this.#previous.streamId !== row.streamId) this.endStream()
    const previous = this.#previous
    const expected = (previous?.sequence ?? 0) + 1
    for (let sequence = expected; sequence < row.sequence && sequence < expected + 50; sequence++)
      this.report(row.streamId, sequence, 'missing', `fact ${sequence} is gone; fact ${row.sequence} follows`)
    const head = this.#heads.get(row.streamId)
    const isBeyond = head === undefined || row.sequence > head.sequence
    if (isBeyond)
      this.report(
        row.streamId,
        row.sequence,
        'inserted',
        head ? `the stream ends with fact ${head.sequence}` : 'no such stream was ever written',
      )
    this.#checkLink(row, previous, expected, isBeyond)
    this.#previous = row
  }

  #checkLink(row: FactRow, previous: FactRow | null, expected: number, isBeyond: boolean): void {
    const isOwnHash = chainHash(row.prevHash, row.canonical) === row.hash
    const wrong = disagreement(row)
    if (!isBeyond && wrong) this.report(row.streamId, row.sequence, 'altered', wrong)
    else if (!isBeyond && !isOwnHash)
      this.report(row.streamId, row.sequence, 'altered', `expected hash ${chainHash(row.prevHash, row.canonical)}, found ${row.hash}`)
    else if (isOwnHash && row.sequence === expected && row.prevHash !== (previous?.hash ?? '')) {
      // This row is sound and was chained to another text of the one before: that one was rewritten, its hash made anew.
      if (previous)
        this.report(
          row.streamId,
          previous.sequence,
          isBeyond ? 'inserted' : 'altered',
          `fact ${row.sequence} was chained to hash ${row.prevHash}, found ${previous.hash}`,
        )
      else this.report(row.streamId, row.sequence, 'altered', 'the first fact of a stream has no hash before it')
    }
    for (const seal of this.#sealed.get(row.streamId) ?? []) {
      if (seal.sequence === row.sequence && seal.hash !== row.hash)
        this.report(row.streamId, row.sequence, 'altered', `sealed with hash ${seal.hash}, found ${row.hash}`)
    }
  }

  /** The end of a stream must be where its head, and every seal, say that it is. */
  endStream(): void {
    const last = this.#previous
    if (!last) return
    this.#checkEnd(last.streamId, last.sequence, last.hash)
    this.#heads.delete(last.streamId)
    this.#sealed.delete(last.streamId)
    this.#previous = null
  }

  #checkEnd(streamId: string, sequence: number, hash: string): void {
    const head = this.#heads.get(streamId)
    const sealedEnd = Math.max(0, ...(this.#sealed.get(streamId) ?? []).map((seal) => seal.sequence))
    const end = Math.max(head?.sequence ?? 0, sealedEnd)
    for (let gone = sequence + 1; gone <= end && gone <= sequence + 50; gone++)
      this.report(
        streamId,
        gone,
        'missing',
        `the stream is cut off after fact ${sequence}; it had ${end} ${sealedEnd === end ? '(sealed)' : ''}`.trimEnd(),
      )
    if (head && head.sequence === sequence && head.hash !== hash)
      this.report(streamId, sequence, 'altered', `expected the head's hash ${head.hash}, found ${hash}`)
  }

  /** Streams of which not a single fact is left. */
  end(): void {
    this.endStream()
    for (const streamId of new Set([...this.#heads.keys(), ...this.#sealed.keys()])) this.#checkEnd(streamId, 0, '')
  }
}

const sealText = (id: number, at: number, heads: readonly SealedHead[]): string => canonicalJson({ id, at, heads })

/** The chain of seals itself; what the sound ones say, by stream. */
async function readSeals(
  trx: Trx,
  walk: (seal: number, detail: string) => void,
): Promise<{ sealed: Map<string, SealedHead[]>; count: number }> {
  const sealed = new Map<string, SealedHead[]>()
  let prevHash = ''
  let expected = 1
  let count = 0
  for (;;) {
    const rows = await trx.selectFrom('ledgerSeal').selectAll().where('id', '>=', expected).orderBy('id').limit(200).execute()
    if (rows.length === 0) return { sealed, count }
    for (const row of rows) {
      const heads = row.heads as unknown as SealedHead[]
      if (row.id !== expected) walk(expected, `seal ${expected} is gone; seal ${row.id} follows`)
      else if (row.prevHash !== prevHash) walk(row.id, `expected the hash before to be ${prevHash}, found ${row.prevHash}`)
      if (chainHash(row.prevHash, sealText(row.id, row.at.getTime(), heads)) !== row.hash) walk(row.id, `seal ${row.id} was altered`)
      else for (const head of heads) sealed.set(head.streamId, [...(sealed.get(head.streamId) ?? []), head])
      prevHash = row.hash
      expected = row.id + 1
      count += 1
    }
  }
}

/**
 * Reads the whole ledger in one consistent snapshot and proves it: every fact's own hash, its columns, the link to the
 * one before, the end of each stream, the seals. Rows altered, missing or inserted are named. Seals taken out together with what they
 * sealed leave their mark in the heads; whoever keeps a seal's hash elsewhere is safe from an owner who rewrites all of it.
 */
export function verifyLedger(db: Db, at = Date.now()): Promise<LedgerReport> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (trx) => {
      const heads = new Map((await trx.selectFrom('streamHead').selectAll().execute()).map((head) => [head.streamId, head] as const))
      const streams = heads.size
      const broken: Break[] = []
      const { sealed, count } = await readSeals(trx, (seal, detail) =>
        broken.push({ streamId: 'ledger', ticketNumber: null, sequence: seal, kind: 'sealBroken', detail }),
      )
      for (const head of heads.values()) {
        const known = Math.max(0, ...(sealed.get(head.streamId) ?? []).map((seal) => seal.sequence))
        if (head.sealedSequence > known && broken.length < breakLimit)
          broken.push({
            streamId: head.streamId,
            ticketNumber: null,
            sequence: head.sealedSequence,
            kind: 'sealBroken',
            detail: `fact ${head.sealedSequence} was sealed; that seal is gone`,
          })
      }
      const walk = new Walk(sealed, heads)
      const facts = await walkFacts(trx, walk)
      const breaks = [...broken, ...walk.breaks].slice(0, breakLimit)
      await nameTickets(trx, breaks)
      return { isIntact: breaks.length === 0, streams, facts, seals: count, checkedAt: new Date(at).toISOString(), breaks }
    })
}

async function walkFacts(trx: Trx, walk: Walk): Promise<number> {
  let facts = 0
  let after: { streamId: string; sequence: number } | null = null
  for (;;) {
    let query = trx.selectFrom('fact').selectAll().orderBy('streamId').orderBy('sequence').limit(pageSize)
    if (after) query = query.where(sql<boolean>`(stream_id, sequence) > (${after.streamId}, ${after.sequence})`)
    const rows = await query.execute()
    for (const row of rows) walk.next(row)
    facts += rows.length
    const last = rows.at(-1)
    if (!last) break
    after = last
  }
  walk.end()
  return facts
}

async function nameTickets(trx: Trx, breaks: Break[]): Promise<void> {
  if (breaks.length === 0) return
  const rows = await trx
    .selectFrom('ticket')
    .select(['number', sql<string>`id::text`.as('id')])
    .where(sql<string>`id::text`, 'in', [...new Set(breaks.map((found) => found.streamId))])
    .execute()
  const numbers = new Map(rows.map((row) => [row.id, row.number]))
  for (const found of breaks) found.ticketNumber = numbers.get(found.streamId) ?? null
}

/** Streams that one seal covers at most; what is left waits for the next. */
const headsPerSeal = 5_000

/**
 * Seals the streams that grew since the last seal: from then on, cutting one off is found out even when its head is rewritten too.
 * @returns the seal's number, or null when nothing grew.
 */
export function sealLedger(db: Db, at = Date.now()): Promise<number | null> {
  return inTransaction(db, async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext('guichet.ledger_seal'))`.execute(trx)
    const grown = await trx
      .selectFrom('streamHead')
      .select(['streamId', 'sequence', 'hash'])
      .whereRef('sequence', '>', 'sealedSequence')
      .orderBy('streamId')
      .limit(headsPerSeal)
      .forUpdate()
      .skipLocked()
      .execute()
    if (grown.length === 0) return null
    const last = await trx.selectFrom('ledgerSeal').select(['id', 'hash']).orderBy('id', 'desc').limit(1).executeTakeFirst()
    const id = (last?.id ?? 0) + 1
    const prevHash = last?.hash ?? ''
    const heads = grown.map(({ streamId, sequence, hash }) => ({ streamId, sequence, hash }))
    await trx
      .insertInto('ledgerSeal')
      .values({ id, at: instant(at), heads: json(heads), prevHash, hash: chainHash(prevHash, sealText(id, at, heads)) })
      .execute()
    await trx
      .updateTable('streamHead')
      .set((eb) => ({ sealedSequence: eb.ref('sequence') }))
      .where(
        'streamId',
        'in',
        heads.map((head) => head.streamId),
      )
      .execute()
    return id
  })
}
