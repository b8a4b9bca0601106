import { randomUUID } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import type { Json } from '#schema/json'
import { type KnownErrorContent, knownErrorFields, type KnownErrorState } from '#schema/known-error'
import { type Db, inTransaction, instant, json, type Trx } from '../database.ts'
import { appendNext } from '../facts.ts'

/** Somebody saved since the version that the author started from. */
export class StaleKnownError extends Error {
  override readonly name = 'StaleKnownError'
  readonly currentVersion: number
  constructor(currentVersion: number) {
    super(`expected another version, found ${currentVersion}`)
    this.currentVersion = currentVersion
  }
}

interface By {
  actorId: string
  /** UTC epoch ms. */
  at: number
}

const changed = ({ actorId, at }: By, id: string, field: string, from: Json, to: Json) => ({
  actorId,
  fact: { type: 'recordChanged' as const, at, noun: 'knownError', id, field, from, to },
})

async function nextNumber(trx: Trx): Promise<string> {
  const { value } = await trx
    .insertInto('counter')
    .values({ name: 'KE', value: 1 })
    .onConflict((on) => on.column('name').doUpdateSet({ value: sql<number>`counter.value + 1` }))
    .returning('value')
    .executeTakeFirstOrThrow()
  return `KE-${String(value).padStart(6, '0')}`
}

const keepVersion = (trx: Trx, id: string, version: number, content: KnownErrorContent, by: By, note: string) =>
  trx
    .insertInto('knownErrorVersion')
    .values({ knownErrorId: id, version, content: json(content), at: instant(by.at), byId: by.actorId, note })
    .execute()

/**
 * Adds a known error as a draft.
 * @param id decided beforehand where a repetition must not add a second one
 */
export function addKnownError(
  db: Db | Trx,
  content: KnownErrorContent,
  by: By,
  id: string = randomUUID(),
): Promise<{ id: string; number: string; isNew: boolean }> {
  return inTransaction(db, async (trx) => {
    const known = await trx.selectFrom('knownError').select('number').where('id', '=', id).executeTakeFirst()
    if (known) return { id, number: known.number, isNew: false }
    const number = await nextNumber(trx)
    const { actorId, at } = by
    await trx
      .insertInto('knownError')
      .values({
        id,
        number,
        version: 1,
        state: 'draft',
        ...content,
        createdAt: instant(at),
        createdBy: actorId,
        updatedAt: instant(at),
        updatedBy: actorId,
      })
      .execute()
    await keepVersion(trx, id, 1, content, by, '')
    const fields = knownErrorFields.filter((field) => content[field] !== null && content[field] !== '')
    await appendNext(trx, `knownError/${id}`, [
      changed(by, id, 'number', null, number),
      ...fields.map((field) => changed(by, id, field, null, content[field])),
    ])
    return { id, number, isNew: true }
  })
}

type Stored = KnownErrorContent & { version: number; state: KnownErrorState; number: string }

async function locked(trx: Trx, id: string): Promise<Stored | undefined> {
  const row = await trx.selectFrom('knownError').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  return row as unknown as Stored | undefined
}

/**
 * Saves a new version. Undefined: there is no such known error.
 * @throws StaleKnownError when it is not `baseVersion` any more
 */
export function editKnownError(
  db: Db | Trx,
  id: string,
  content: KnownErrorContent,
  by: By & { baseVersion: number; note: string },
): Promise<number | undefined> {
  return inTransaction(db, async (trx) => {
    const before = await locked(trx, id)
    if (!before) return undefined
    if (before.version !== by.baseVersion) throw new StaleKnownError(before.version)
    const fields = knownErrorFields.filter((field) => (before[field] ?? null) !== (content[field] ?? null))
    if (fields.length === 0) return before.version
    const version = before.version + 1
    await trx
      .updateTable('knownError')
      .set({ ...content, version, updatedAt: instant(by.at), updatedBy: by.actorId })
      .where('id', '=', id)
      .execute()
    await keepVersion(trx, id, version, content, by, by.note)
    await appendNext(
      trx,
      `knownError/${id}`,
      fields.map((field) => changed(by, id, field, before[field] ?? null, content[field] ?? null)),
    )
    return version
  })
}

/** What a known error becomes from what. A draft without a workaround is published all the same: that there is none is worth knowing. */
const nextStates: Record<KnownErrorState, readonly KnownErrorState[]> = {
  draft: ['published', 'retired'],
  published: ['retired'],
  retired: ['published'],
}

/** False: it cannot become that from what it is. Undefined: there is no such known error. */
export function moveKnownError(db: Db | Trx, id: string, to: KnownErrorState, by: By): Promise<boolean | undefined> {
  return inTransaction(db, async (trx) => {
    const before = await locked(trx, id)
    if (!before) return undefined
    if (!nextStates[before.state].includes(to)) return false
    const at = instant(by.at)
    await trx
      .updateTable('knownError')
      .set({
        state: to,
        updatedAt: at,
        updatedBy: by.actorId,
        ...(to === 'published' ? { publishedAt: at, retiredAt: null } : { retiredAt: at }),
      })
      .where('id', '=', id)
      .execute()
    await appendNext(trx, `knownError/${id}`, [changed(by, id, 'state', before.state, to)])
    return true
  })
}

/** Counts that a known error helped with a ticket: once each. */
export function recordUse(
  db: Db | Trx,
  use: By & { knownErrorId: string; ticketId: string; version: number; ticketNumber: string },
): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    const { knownErrorId, ticketId, version, actorId, at, ticketNumber } = use
    const row = await trx
      .insertInto('knownErrorUse')
      .values({ knownErrorId, ticketId, version, personId: actorId, at: instant(at) })
      .onConflict((on) => on.columns(['knownErrorId', 'ticketId']).doNothing())
      .returning('ticketId')
      .executeTakeFirst()
    if (row) await appendNext(trx, `knownError/${knownErrorId}`, [changed(use, knownErrorId, 'usedIn', null, ticketNumber)])
    return row !== undefined
  })
}

/**
 * The telling words of a text: without accents, and without what is a stop word in either language (the French "le" is a word to an
 * English dictionary, and would be found in every French article).
 */
export const tellingWordsOf = (text: string): RawBuilder<unknown> =>
  sql`array(select distinct word from regexp_split_to_table(lower(plain_words(${text})), '[^[:alnum:]]+') word
    where length(word) > 2 and plainto_tsquery('french', word)::text <> '' and plainto_tsquery('english', word)::text <> '')`

/** How many of these words a text has, in either language. */
export const wordsFound = (search: RawBuilder<unknown>, words: RawBuilder<unknown>): RawBuilder<number> =>
  sql`(select count(*)::int from unnest(${words}) word where ${search} @@ (plainto_tsquery('french', word) || plainto_tsquery('english', word)))`

/** All of these words, as people type them into a search box; numbers too. */
export const allWordsOf = (words: string): RawBuilder<unknown> =>
  sql`(websearch_to_tsquery('french', plain_words(${words})) || websearch_to_tsquery('english', plain_words(${words})) || websearch_to_tsquery('simple', ${words}))`
