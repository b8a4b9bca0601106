import { expect, test } from 'vitest'
import { loadDemoHistory } from '../../activities/store/demo/history.ts'
import { verifyLedger } from '../../activities/store/ledger.ts'
import { seed } from '../../activities/store/seed.ts'
import { testDatabase } from '../setup/database.ts'

test('the history of the demonstration is loaded once, closed, numbered without a gap, and proven by the ledger', async () => {
  const { db } = await testDatabase()
  await seed(db)
  const now = Date.UTC(2026, 5, 15, 9)
  const loaded = await loadDemoHistory(db, now, 30)
  expect(loaded).toBeGreaterThan(20)
  expect(await loadDemoHistory(db, now, 30)).toBe(0)
  const tickets = await db.selectFrom('ticket').selectAll().orderBy('number').execute()
  expect(tickets.map(({ number }) => number)).toEqual([
    ...Array.from({ length: loaded - 1 }, (_, index) => `INC-${String(index + 1).padStart(6, '0')}`),
    'MAJ-000001',
  ])
  expect(tickets.filter(({ status }) => status !== 'closed' && status !== 'canceled')).toEqual([])
  expect(tickets.every(({ openedAt, closedAt }) => closedAt !== null && closedAt > openedAt && closedAt.getTime() <= now)).toBe(true)
  expect(await db.selectFrom('instance').select('ticketId').where('isEnded', '=', false).execute()).toEqual([])
  expect(await db.selectFrom('task').select('waitId').where('state', '=', 'open').execute()).toEqual([])
  expect((await verifyLedger(db)).breaks).toEqual([])
})
