import { expect, it } from 'vitest'
import { verifyLedger } from '../../activities/store/ledger.ts'
import { loadDemoRequests } from '../../activities/store/demo/requests.ts'
import { seed } from '../../activities/store/seed.ts'
import { computeFigures } from '../../api/reports/index.ts'
import { testDatabase } from '../setup/database.ts'

it('loads the past of the requests and the rights that are held, once, and the figures count them', async () => {
  const { db } = await testDatabase()
  await seed(db)
  const loaded = await loadDemoRequests(db, Date.now(), 30)
  expect(loaded).toBeGreaterThan(25)
  expect(await loadDemoRequests(db, Date.now(), 30)).toBe(0)
  const { requestDelivery } = await computeFigures(db)
  expect(requestDelivery.reduce((sum, { asked }) => sum + asked, 0)).toBe(loaded)
  const laptops = requestDelivery.find(({ itemId }) => itemId === 'laptop')
  expect(laptops?.medianDeliveryMs).toBeGreaterThan(3_600_000)
  expect(laptops?.medianApprovalMs).toBeGreaterThan(0)
  expect(await db.selectFrom('accessGrant').select('id').execute()).toHaveLength(17)
  const approvals = await db
    .selectFrom('approval')
    .innerJoin('instance', 'instance.ticketId', 'approval.ticketId')
    .where('instance.isEnded', '=', true)
    .select('approval.state')
    .execute()
  const states = approvals.map(({ state }) => state)
  expect(states).toContain('approved')
  expect(states).not.toContain('pending')
  expect((await verifyLedger(db)).isIntact).toBe(true)
})
