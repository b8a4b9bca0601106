import { describe, expect, it } from 'vitest'
import { readEvents } from '../../activities/import/read-events.ts'
import { planReplay } from '../../activities/import/replay-plan.ts'
import { fileOf, life, log, mapping, row } from './event-log.ts'

const day = 86_400_000
const now = Date.UTC(2026, 0, 7, 12)

async function plan(rows: string[], { limit = 10, withinDays = 7 } = {}) {
  const shipped = await mapping()
  const file = await readEvents(await fileOf(log(...rows)), shipped)
  return planReplay(shipped, file.incidents.values(), { limit, withinDays, now })
}

describe('a replay', () => {
  it('is moved by whole weeks and ends before the present', async () => {
    const { startAt, endAt } = await plan(life('INC1'))
    expect((startAt - Date.UTC(2016, 2, 1, 9)) % (7 * day)).toBe(0)
    expect(endAt).toBeLessThanOrEqual(now)
    expect(now - endAt).toBeLessThan(7 * day)
  })

  it('does what was done, at the same distances', async () => {
    const { tickets } = await plan(life('INC1'))
    const [ticket] = tickets
    const hours = ticket?.moves.filter(({ to }) => to !== 'confirmed').map(({ at, to }) => [(at - ticket.openedAt) / 3_600_000, to])
    expect(hours).toEqual([
      [1, 'inProgress'],
      [2, 'pending'],
      [6, 'resolved'],
    ])
    expect(ticket?.expected).toEqual({ status: 'closed', reopenCount: 0, resolveMs: 6 * 3_600_000 })
  })

  it('hands over where the group changes, and reopens where the log does', async () => {
    const at = { resolved_at: '02-03-2016 15:00', closed_at: '08-03-2016 15:00' }
    const rows = [
      row({ ...at }),
      row({ ...at, sys_updated_at: '01-03-2016 10:00', sys_mod_count: '1', assignment_group: 'Group 70' }),
      row({ ...at, sys_updated_at: '01-03-2016 11:00', sys_mod_count: '2', assignment_group: 'Group 70', incident_state: 'Resolved' }),
      row({
        ...at,
        sys_updated_at: '02-03-2016 09:00',
        sys_mod_count: '3',
        assignment_group: 'Group 70',
        incident_state: 'Active',
        reopen_count: '1',
      }),
      row({
        ...at,
        sys_updated_at: '02-03-2016 15:00',
        sys_mod_count: '4',
        assignment_group: 'Group 70',
        incident_state: 'Resolved',
        reopen_count: '1',
      }),
      row({
        ...at,
        sys_updated_at: '08-03-2016 15:00',
        sys_mod_count: '5',
        assignment_group: 'Group 70',
        incident_state: 'Closed',
        reopen_count: '1',
      }),
    ]
    const [ticket] = (await plan(rows)).tickets
    expect(ticket?.moves.filter(({ to }) => to !== 'confirmed').map(({ to, sourceGroup }) => sourceGroup ?? to)).toEqual([
      'servicenow-incidents-group-70',
      'resolved',
      'inProgress',
      'resolved',
    ])
    expect(ticket?.expected.reopenCount).toBe(1)
  })

  it('takes the first so many that end in time', async () => {
    const long = life('INC2', { resolved_at: '30-03-2016 15:00', closed_at: '30-03-2016 16:00' }).map((line) =>
      line.replace('01-03-2016 15:00,Phone', '30-03-2016 15:00,Phone').replace('06-03-2016 16:00,Phone', '30-03-2016 16:00,Phone'),
    )
    const rows = [...life('INC1'), ...long, ...life('INC3'), ...life('INC4')]
    expect((await plan(rows, { limit: 2 })).tickets.map(({ reference }) => reference)).toEqual(['INC1', 'INC3'])
    expect((await plan(rows, { limit: 2, withinDays: 60 })).tickets.map(({ reference }) => reference)).toEqual(['INC1', 'INC2'])
  })

  it('has every third or so confirmed by its requester, always the same ones', async () => {
    const rows = Array.from({ length: 60 }, (_, index) => life(`INC${index}`)).flat()
    const confirmed = async () =>
      (await plan(rows, { limit: 60 })).tickets.filter(({ moves }) => moves.at(-1)?.to === 'confirmed').map(({ reference }) => reference)
    const first = await confirmed()
    expect(first.length).toBeGreaterThan(10)
    expect(first.length).toBeLessThan(30)
    expect(await confirmed()).toEqual(first)
  })
})
