import { expect, test } from 'vitest'
import { planOnCall } from '#domain/on-call'
import { ciRelations, impactOf } from '../../activities/store/record/configuration-items.ts'
import { loadDemoRegister } from '../../activities/store/demo/register.ts'
import { onCallInput } from '../../activities/store/record/on-call.ts'
import { seedDefinitions, seedPeople } from '../../activities/store/seed.ts'
import { testDatabase } from '../setup/database.ts'

test('the register of the demonstration loads once, and shows what is worth looking at', async () => {
  const { db } = await testDatabase()
  await seedPeople(db)
  await seedDefinitions(db)
  expect(await loadDemoRegister(db)).toBeGreaterThan(150)
  expect(await loadDemoRegister(db)).toBe(0)
  expect((await db.selectFrom('configurationItem').select('id').execute()).length).toBeGreaterThanOrEqual(60)
  expect((await ciRelations(db)).length).toBeGreaterThan(40)
  const hit = await impactOf(db, 'ci-link-paris', 'upstream')
  expect(hit.items.map(({ serviceName }) => serviceName)).toContain('ERP (finance, achats)')
  const range = { from: Date.now(), to: Date.now() + 28 * 86_400_000 }
  const { gaps, doubleBookings } = planOnCall(await onCallInput(db, range), range)
  expect([...new Set(gaps.map(({ groupId }) => groupId))]).toEqual(['applications'])
  expect(doubleBookings).toEqual([])
})
