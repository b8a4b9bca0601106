import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import type { Fact } from '#schema/fact'
import { appendFacts, appendNext, FactConflict, type NewFact, readFacts, SequenceGap } from '../../activities/store/facts.ts'
import { chainHash } from '../../activities/store/canonical.ts'
import { testDatabase } from '../setup/database.ts'
import { opened } from './opening.ts'

const at = Date.UTC(2026, 0, 5, 9)
const minute = 60_000
const by = (actorId: string, ...facts: Fact[]): NewFact[] => facts.map((fact) => ({ actorId, fact }))

describe('appendFacts', () => {
  test('numbers, chains and projects in one go', async () => {
    const { db } = await testDatabase()
    const id = randomUUID()
    const { sequence, inserted } = await appendFacts(
      db,
      id,
      1,
      by('camille', opened(id), { type: 'ticketChanged', at: at + minute, field: 'priority', from: null, to: 2 }),
    )
    expect(sequence).toBe(2)
    expect(inserted[1]?.prevHash).toBe(inserted[0]?.hash)
    const rows = await db.selectFrom('fact').selectAll().where('streamId', '=', id).orderBy('sequence').execute()
    expect(rows.map((row) => chainHash(row.prevHash, row.canonical))).toEqual(inserted.map((fact) => fact.hash))
    const ticket = await db.selectFrom('ticket').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    expect(ticket).toMatchObject({
      number: 'INC-000001',
      title: 'Imprimante en panne',
      status: 'new',
      priority: 2,
      lastSequence: 2,
      extra: { floor: 3 },
    })
    expect(ticket.updatedAt.getTime()).toBe(at + minute)
  })

  test('a repeated append adds nothing, an overlapping one only what is new', async () => {
    const { db } = await testDatabase()
    const id = randomUUID()
    const first = by('camille', opened(id), { type: 'ticketChanged', at, field: 'status', from: 'new', to: 'assigned' })
    await appendFacts(db, id, 1, first)
    expect(await appendFacts(db, id, 1, first)).toMatchObject({ sequence: 2, inserted: [] })
    const more = await appendFacts(db, id, 2, [
      ...by('camille', { type: 'ticketChanged', at: at + 7, field: 'status', from: 'new', to: 'assigned' }),
      ...by('alex', { type: 'ticketChanged', at, field: 'impact', from: null, to: 1 }),
    ])
    expect(more.inserted.map((fact) => fact.sequence)).toEqual([3])
    expect(await readFacts(db, id)).toHaveLength(3)
  })

  test('twenty writers of the same facts at once leave one set of them', async () => {
    const { db } = await testDatabase()
    const id = randomUUID()
    const results = await Promise.all(Array.from({ length: 20 }, () => appendFacts(db, id, 1, by('camille', opened(id)))))
    expect(results.filter((result) => result.inserted.length === 1)).toHaveLength(1)
    expect(await readFacts(db, id)).toHaveLength(1)
  })

  test('twenty writers at the end of a shared stream leave no gap', async () => {
    const { db } = await testDatabase()
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        appendNext(
          db,
          'desk',
          by('admin', { type: 'recordChanged', at, noun: 'group', id: 'network', field: 'name', from: null, to: index }),
        ),
      ),
    )
    expect((await readFacts(db, 'desk')).map((fact) => fact.sequence)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
  })

  test('a gap is refused with both numbers', async () => {
    const { db } = await testDatabase()
    const id = randomUUID()
    await appendFacts(db, id, 1, by('camille', opened(id)))
    await expect(appendFacts(db, id, 5, by('alex', { type: 'instanceCompleted', at }))).rejects.toThrow(
      new SequenceGap(`stream ${id}: expected sequence 2, found 5`),
    )
  })

  test('a repeated number that tells of something else is refused, naming both', async () => {
    const { db } = await testDatabase()
    const id = randomUUID()
    await appendFacts(db, id, 1, by('camille', opened(id), { type: 'ticketChanged', at, field: 'status', from: 'new', to: 'assigned' }))
    const other = appendFacts(db, id, 2, by('alex', { type: 'surveyAnswered', at, score: 5, comment: '' }))
    await expect(other).rejects.toThrow(FactConflict)
    await expect(other).rejects.toThrow(/fact 2: expected 'surveyAnswered.*found 'ticketChanged/)
  })

  test('text that PostgreSQL cannot hold is mended, not refused', async () => {
    const { db } = await testDatabase()
    const id = randomUUID()
    await appendFacts(
      db,
      id,
      1,
      by('camille', opened(id), { type: 'ticketChanged', at, field: 'title', from: null, to: 'nul \0 and half \ud83d end' }),
    )
    const ticket = await db.selectFrom('ticket').select('title').where('id', '=', id).executeTakeFirstOrThrow()
    expect(ticket.title).toBe('nul \ufffd and half \ufffd end')
  })

  test("the application's role may neither change nor delete facts and seals", async () => {
    const { db } = await testDatabase()
    const id = randomUUID()
    await appendFacts(db, id, 1, by('camille', opened(id)))
    for (const statement of [
      "update fact set actor_id = 'nobody'",
      'delete from fact',
      'truncate fact',
      'update ledger_seal set id = 2',
      'delete from ledger_seal',
      'alter table fact add column x int',
      'drop table fact',
    ]) {
      await expect(sql.raw(statement).execute(db), statement).rejects.toThrow(/permission denied|must be owner/)
    }
    expect(await readFacts(db, id)).toHaveLength(1)
  })
})
