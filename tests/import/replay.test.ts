import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FactOf } from '#schema/fact'
import { demo } from '../../activities/import/demo.ts'
import { readFacts } from '../../activities/store/facts.ts'
import { verifyLedger } from '../../activities/store/ledger.ts'
import { createDesk, type Desk } from '../runtime/desk.ts'
import { fileOf, life, log, row } from './event-log.ts'

let desk: Desk
beforeAll(async () => {
  desk = await createDesk()
  await desk.startWorker()
})
afterAll(() => desk.close())

/** Resolved, found wanting by its requester the next day, and resolved again. */
function reopened(number: string): string[] {
  const at = { number, resolved_at: '02-03-2016 15:00', closed_at: '09-03-2016 15:00', assigned_to: 'Resolver 89' }
  return [
    row(at),
    row({ ...at, sys_updated_at: '01-03-2016 11:00', sys_mod_count: '1', incident_state: 'Resolved' }),
    row({ ...at, sys_updated_at: '02-03-2016 09:00', sys_mod_count: '2', incident_state: 'Active', reopen_count: '1' }),
    row({ ...at, sys_updated_at: '02-03-2016 15:00', sys_mod_count: '3', incident_state: 'Resolved', reopen_count: '1' }),
    row({ ...at, sys_updated_at: '09-03-2016 15:00', sys_mod_count: '4', incident_state: 'Closed', reopen_count: '1' }),
  ]
}

describe('a live replay', () => {
  it('runs tickets through the deployed process to the end that the log gives, by the people of the desk', async () => {
    const path = await fileOf(log(...life('INC1'), ...reopened('INC2')))
    expect(await demo([path, '--speed', '28800'], desk.env)).toBe(0)

    const tickets = await desk.db.selectFrom('ticket').selectAll().orderBy('openedAt').execute()
    expect(tickets.map(({ status, isImported }) => [status, isImported])).toEqual([
      ['closed', false],
      ['closed', false],
    ])
    const of = (reference: string) => tickets.find(({ extra }) => (extra as { replayOf?: string }).replayOf === reference)
    expect([of('INC1')?.reopenCount, of('INC2')?.reopenCount]).toEqual([0, 1])

    const facts = await readFacts(desk.db, of('INC1')?.id ?? '', 0, 1_000)
    const statuses = facts
      .map(({ fact }) => fact)
      .filter((fact): fact is FactOf<'ticketChanged'> => fact.type === 'ticketChanged' && fact.field === 'status')
    expect(statuses.map(({ to }) => to)).toEqual(expect.arrayContaining(['inProgress', 'pending', 'resolved', 'closed']))
    // Compressed: days of the process in seconds of ours, all of it in the past.
    const [first, last] = [facts[0], facts.at(-1)]
    if (first === undefined || last === undefined) throw new Error('expected facts, found none')
    expect(last.fact.at - first.fact.at).toBeGreaterThan(5 * 3_600_000)
    expect(last.recordedAt - first.recordedAt).toBeLessThan(120_000)
    expect(last.fact.at).toBeLessThan(Date.now())
    expect(new Set(facts.map(({ actorId }) => actorId))).toEqual(new Set(['system', 'camille', 'alex']))
    expect((await verifyLedger(desk.db)).isIntact).toBe(true)
  }, 180_000)

  it.each([
    ['without a running desk', ['--limit', '1'], {}, /no running Guichet/],
    ['with a speed that is none', ['--speed', 'fast'], null, /--speed is "fast"/],
    ['with no ticket that ends in time', ['--days', '0.01'], null, /no ticket of the file is resolved within 0.01 days/],
  ])('%s is refused', async (_, args, env, message) => {
    const path = await fileOf(log(...life('INC1')))
    await expect(demo([path, ...args], env ?? desk.env)).rejects.toMatchObject({
      name: 'ImportRefused',
      message: expect.stringMatching(message),
    })
  })
})
