import { expect, test } from 'vitest'
import { demoCalls } from '../../definitions/seed/contact-stories.ts'
import { loadDemoContacts } from '../../activities/store/demo/contacts.ts'
import { seedDesks, seedPeople } from '../../activities/store/seed.ts'
import { testDatabase } from '../setup/database.ts'

const now = Date.UTC(2026, 10, 25, 15)

test('the demonstration’s contacts are taken in once: calls of three desks, answered and given up, and a queue at the counter', async () => {
  const { db } = await testDatabase()
  await seedPeople(db)
  await seedDesks(db)
  expect(await loadDemoContacts(db, now, 60)).toBe(60)
  expect(await loadDemoContacts(db, now, 60)).toBe(0)
  const rows = await db.selectFrom('interaction').selectAll().execute()
  const calls = rows.filter(({ channel }) => channel === 'phone')
  expect(calls.length).toBe(60)
  expect([...new Set(calls.map(({ deskId }) => deskId))].sort()).toEqual(['calls', 'customers', 'it'])
  expect(calls.every(({ answeredAt, abandonedAt }) => (answeredAt === null) !== (abandonedAt === null))).toBe(true)
  expect(rows.filter(({ channel, answeredAt }) => channel === 'walkIn' && answeredAt === null).length).toBe(3)
  expect(rows.filter(({ personId }) => personId === 'durand-garage').length).toBeGreaterThan(1)
})

test('they are the same every time, and never in the future', () => {
  expect(demoCalls(now)).toEqual(demoCalls(now))
  expect(
    demoCalls(now).every(({ offeredAt, waitSeconds, talkSeconds }) => offeredAt + (waitSeconds + (talkSeconds ?? 0)) * 1_000 < now),
  ).toBe(true)
})
