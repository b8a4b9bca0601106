import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addDays } from '#schema/calendar-date'
import { loadDemoRegister } from '../../activities/store/demo/register.ts'
import { readLicence } from '../../activities/store/record/licences.ts'
import { askOwner } from '../../activities/tasks/licence-questions.ts'
import { type Answer, type TestDesk, testDesk } from './desk.ts'

let desk: TestDesk
const today = new Date().toISOString().slice(0, 10)
beforeAll(async () => {
  desk = await testDesk()
  await loadDemoRegister(desk.database.db)
})
afterAll(() => desk.close())

const asAgent = async (path: string, init?: Parameters<Awaited<ReturnType<TestDesk['as']>>>[1]): Promise<Answer> =>
  (await desk.as('agent'))(path, init)
const places = (answer: Answer): string[] => answer.json.errors.map((each: { path: string; code: string }) => `${each.path}: ${each.code}`)
const licence = (values: Record<string, unknown>) =>
  asAgent('/records/licences', { body: { values: { name: 'Neuve', seats: 5, ...values } } })

describe('a licence’s record', () => {
  it('tells what was taken back and kept, what that is worth, and what the next term needs', async () => {
    const { json } = await asAgent('/records/licences/lic-bi/seats')
    // 4 800 € for 8 seats, two of them taken back.
    expect([json.counts, json.savedPerYear]).toEqual([{ waiting: 0, kept: 1, reclaimed: 2 }, 1200])
    expect(json.seats.find(({ state }: { state: string }) => state === 'kept')).toMatchObject({
      installationId: 'inst-bi-sarah',
      askedOn: addDays(today, -20),
      reason: expect.stringContaining('Clôture annuelle'),
    })
    expect(json.proposal).toMatchObject({ inUse: 5, decision: 'reduce', seats: 5, saving: 1800 })
  })

  it('lists what was asked, and who has the answer', async () => {
    const known = await readLicence(desk.database.db, 'lic-office')
    if (!known) throw new Error('expected the licence of the demonstration')
    expect((await asAgent('/records/licences/lic-office/questions')).json.items).toEqual([])
    for (let repetition = 0; repetition < 2; repetition++) await askOwner(desk.database.db, known, today, 'once')
    const { items } = (await asAgent('/records/licences/lic-office/questions')).json
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({ processId: 'licence-decision', isOpen: true, assignee: { id: 'helene' }, answer: null })
  })

  it('is not there, or not for everybody', async () => {
    expect((await asAgent('/records/licences/none/seats')).status).toBe(404)
    expect((await asAgent('/records/contracts/none/questions')).status).toBe(404)
    expect((await (await desk.as('requester'))('/records/licences/lic-bi/seats')).status).toBe(403)
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['negative seats', { seats: -1 }, 'values.seats: tooSmall'],
    ['an end before the start', { startsOn: '2026-05-01', endsOn: '2026-04-30' }, 'values.endsOn: endsBeforeStart'],
    [
      'a warning before the start',
      { startsOn: '2026-05-01', endsOn: '2026-06-30', renewalLeadDays: 90 },
      'values.renewalLeadDays: leadBeyondTerm',
    ],
    ['nothing to renew', { endsOn: '2026-06-30', renewalMonths: 0 }, 'values.renewalMonths: tooSmall'],
    ['no time to answer', { reclaimGraceDays: 0 }, 'values.reclaimGraceDays: tooSmall'],
    ['a decision about no end', { decision: 'renew' }, 'values.endsOn: endNeeded'],
    ['a reduction to more', { endsOn: '2026-06-30', decision: 'reduce', decidedSeats: 5 }, 'values.decidedSeats: seatsNotFewer'],
  ])('refuses %s at its field', async (_name, values, place) => {
    const answer = await licence(values)
    expect([answer.status, ...places(answer)]).toEqual([422, place])
    expect(answer.json.errors[0].message.length).toBeGreaterThan(5)
  })

  it('keeps an unused seat only with a reason', async () => {
    const { version } = (await asAgent('/records/installations/inst-bi-claire')).json
    const answer = await asAgent('/records/installations/inst-bi-claire', {
      method: 'PATCH',
      body: { version, values: { status: 'kept' } },
    })
    expect(places(answer)).toEqual(['values.keepReason: reasonNeeded'])
  })
})
