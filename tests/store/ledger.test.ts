import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { canonicalJson, chainHash } from '../../activities/store/canonical.ts'
import { appendFacts } from '../../activities/store/facts.ts'
import { sealLedger, verifyLedger } from '../../activities/store/ledger.ts'
import { type FreshDatabase, testDatabase } from '../setup/database.ts'
import { opened } from './opening.ts'

const at = Date.UTC(2026, 0, 5, 9)
let database: FreshDatabase
let id: string

/** Three tickets of four facts; `id` is the second. */
beforeEach(async () => {
  database = await testDatabase()
  const ids = [randomUUID(), randomUUID(), randomUUID()]
  id = ids[1] as string
  for (const [index, ticketId] of ids.entries()) {
    const changes = [1, 2, 3].map((priority) => ({
      actorId: 'alex',
      fact: { type: 'ticketChanged' as const, at: at + priority, field: 'priority', from: null, to: priority },
    }))
    await appendFacts(database.db, ticketId, 1, [{ actorId: 'camille', fact: opened(ticketId, `INC-00000${index + 1}`) }, ...changes])
  }
})

const verify = async () => {
  const report = await verifyLedger(database.db)
  expect(report.isIntact).toBe(report.breaks.length === 0)
  return report.breaks.map((found) => `${found.ticketNumber ?? found.streamId} ${found.sequence} ${found.kind}`)
}
const forge = (statement: string) => sql.raw(statement.replaceAll(':id', `'${id}'`)).execute(database.owner)
const third = 'where stream_id = :id and sequence = 3'

describe('verifyLedger', () => {
  test('an untouched ledger is intact, counted in full', async () => {
    await sealLedger(database.db)
    expect(await verifyLedger(database.db)).toMatchObject({ isIntact: true, streams: 3, facts: 12, seals: 1, breaks: [] })
  })

  test.each([
    ['its actor', `update fact set actor_id = 'somebody' ${third}`],
    ['its instant', `update fact set at = at + interval '1 hour' ${third}`],
    ['its content', `update fact set body = jsonb_set(body, '{to}', '1') ${third}`],
    ['its canonical text', `update fact set canonical = replace(canonical, 'alex', 'otto') ${third}`],
    ['its hash', `update fact set hash = repeat('0', 64) ${third}`],
    [
      'both copies of its content',
      `update fact set body = jsonb_set(body, '{to}', '9'), canonical = replace(canonical, '"to":2', '"to":9') ${third}`,
    ],
  ])('a row altered in %s is named', async (_what, statement) => {
    await forge(statement)
    expect(await verify()).toEqual(['INC-000002 3 altered'])
  })

  test('a row rewritten with a hash made anew is named by the row after it', async () => {
    const row = await database.owner
      .selectFrom('fact')
      .selectAll()
      .where('streamId', '=', id)
      .where('sequence', '=', 3)
      .executeTakeFirstOrThrow()
    const canonical = canonicalJson({ ...JSON.parse(row.canonical), actorId: 'otto' })
    await database.owner
      .updateTable('fact')
      .set({ actorId: 'otto', canonical, hash: chainHash(row.prevHash, canonical) })
      .where('streamId', '=', id)
      .where('sequence', '=', 3)
      .execute()
    expect(await verify()).toEqual(['INC-000002 3 altered'])
  })

  test('a row taken out is named', async () => {
    await forge(`delete from fact ${third}`)
    expect(await verify()).toEqual(['INC-000002 3 missing'])
  })

  test('a stream cut off is named', async () => {
    await forge('delete from fact where stream_id = :id and sequence > 2')
    expect(await verify()).toEqual(['INC-000002 3 missing', 'INC-000002 4 missing'])
  })

  test('a stream cut off with its head rewritten is named by the seal', async () => {
    await sealLedger(database.db)
    await forge('delete from fact where stream_id = :id and sequence > 2')
    await forge(
      'update stream_head set sequence = 2, hash = (select hash from fact where stream_id = :id and sequence = 2), sealed_sequence = 0 where stream_id = :id',
    )
    expect(await verify()).toEqual(['INC-000002 3 missing', 'INC-000002 4 missing'])
  })

  test('a whole ticket taken out of the ledger is named by the seal', async () => {
    await sealLedger(database.db)
    await forge('delete from fact where stream_id = :id')
    await forge('delete from stream_head where stream_id = :id')
    expect(await verify()).toEqual([1, 2, 3, 4].map((sequence) => `INC-000002 ${sequence} missing`))
  })

  test('a row put in at the end is named', async () => {
    await forge(
      `insert into fact select stream_id, 5, type, at, recorded_at, actor_id, element_id, body, canonical, hash, md5('x') from fact where stream_id = :id and sequence = 4`,
    )
    expect(await verify()).toEqual(['INC-000002 5 inserted'])
  })

  test('a seal altered or taken out is found', async () => {
    await sealLedger(database.db)
    await forge(`update ledger_seal set at = at - interval '1 day'`)
    expect(await verify()).toContain('ledger 1 sealBroken')
    await forge('delete from ledger_seal')
    expect(await verify()).toContain('INC-000002 4 sealBroken')
  })
})

describe('sealLedger', () => {
  test('seals only what grew, and says when nothing did', async () => {
    expect(await sealLedger(database.db)).toBe(1)
    expect(await sealLedger(database.db)).toBeNull()
    await appendFacts(database.db, id, 5, [{ actorId: 'alex', fact: { type: 'surveyAnswered', at, score: 4, comment: '' } }])
    expect(await sealLedger(database.db)).toBe(2)
    const seal = await database.db.selectFrom('ledgerSeal').select('heads').where('id', '=', 2).executeTakeFirstOrThrow()
    expect(seal.heads).toMatchObject([{ streamId: id, sequence: 5 }])
    expect(await verify()).toEqual([])
  })

  test('two at once make a chain, not a fork', async () => {
    await Promise.all([sealLedger(database.db), sealLedger(database.db), sealLedger(database.db)])
    expect(await verify()).toEqual([])
  })
})
