import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importFile, type ImportReport } from '../../activities/import/import-file.ts'
import { ticketIdOf } from '../../activities/import/placeholder.ts'
import { readMapping } from '../../activities/import/read-mapping.ts'
import { readFacts } from '../../activities/store/facts.ts'
import { verifyLedger } from '../../activities/store/ledger.ts'
import { computeFigures } from '../../api/reports/index.ts'
import { freshDatabase, type FreshDatabase } from '../setup/database.ts'

/**
 * The real event log stays outside the project. Where it is absent the comparison is skipped, and says so.
 * Everything expected here is computed straight from the file's text, by none of the code that imports it.
 */
const root = join(import.meta.dirname, '../..')
const path = process.env['GUICHET_REAL_CSV'] ?? join(root, '../shared/data/incident_event_log.csv')
const isAbsent = !existsSync(path)
if (isAbsent) console.warn(`The real event log is not at ${path}: its comparison is skipped. Set GUICHET_REAL_CSV to the file.`)

type Row = Record<string, string>
const rows = (): Row[] => {
  const [header = '', ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/)
  const names = header.split(',')
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, index) => [names[index], cell])))
}
/** "29-02-2016 01:16" as UTC. */
const ms = (text = ''): number => Date.parse(`${text.slice(6, 10)}-${text.slice(3, 5)}-${text.slice(0, 2)}T${text.slice(11)}:00Z`)
const tally = (values: string[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(values, (value) => value)].map(([value, same]) => [value, same.length]))
/** Linear interpolation between the closest ranks. */
const quantile = (values: number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const rank = (sorted.length - 1) * share
  const low = sorted[Math.floor(rank)] ?? Number.NaN
  return low + ((sorted[Math.ceil(rank)] ?? Number.NaN) - low) * (rank - Math.floor(rank))
}

describe.skipIf(isAbsent)(`the real incidents${isAbsent ? ` (skipped: no file at ${path})` : ''}`, () => {
  let database: FreshDatabase
  let report: ImportReport
  const all = isAbsent ? [] : rows()
  const histories = Map.groupBy(all, (row) => row['number'] ?? '')
  const last = [...histories.values()].map((history) => history.at(-1) ?? {})
  const solved = last.filter((row) => row['resolved_at'] !== '?')

  beforeAll(async () => {
    database = await freshDatabase()
    report = await importFile(database.db, {
      path,
      mapping: await readMapping(join(root, 'definitions/imports/servicenow-incidents.json')),
    })
  }, 180_000)
  afterAll(() => database.drop())

  it('are all in, none refused', () => {
    expect(report).toMatchObject({ rows: all.length, tickets: histories.size, accepted: histories.size, skipped: 0, rejections: [] })
    expect(histories.size).toBeGreaterThan(0)
  })

  it('agree by state and by priority', async () => {
    const figures = await computeFigures(database.db, { source: 'imported' })
    expect(figures.total).toBe(histories.size)
    expect(Object.fromEntries(figures.byStatus.map(({ status, count }) => [status, count]))).toEqual(
      tally(last.map((row) => (row['incident_state'] ?? '').toLowerCase())),
    )
    expect(Object.fromEntries(figures.byPriority.map(({ priority, count }) => [String(priority), count]))).toEqual(
      tally(last.map((row) => (row['priority'] ?? '').slice(0, 1))),
    )
  })

  it('agree on the time to resolve: count, median, 90th percentile, mean', async () => {
    const durations = solved.map((row) => ms(row['resolved_at']) - ms(row['opened_at']))
    const { mttr } = await computeFigures(database.db, { source: 'imported' })
    expect(mttr.count).toBe(durations.length)
    expect(mttr.medianMs).toBeCloseTo(quantile(durations, 0.5), 3)
    expect(mttr.p90Ms).toBeCloseTo(quantile(durations, 0.9), 3)
    expect(mttr.meanMs).toBeCloseTo(durations.reduce((sum, duration) => sum + duration, 0) / durations.length, 3)
  })

  it('agree on the reopen rate', async () => {
    const resolved = [...histories.values()].filter((history) => history.some((row) => row['incident_state'] === 'Resolved')).length
    const reopened = last.filter((row) => Number(row['reopen_count']) > 0).length
    expect((await computeFigures(database.db, { source: 'imported' })).reopenRate).toEqual({
      resolved,
      reopened,
      rate: reopened / resolved,
    })
  })

  it('agree on SLA attainment', async () => {
    const { TRUE: met = 0, FALSE: breached = 0 } = tally(last.map((row) => row['made_sla'] ?? ''))
    expect((await computeFigures(database.db, { source: 'imported' })).slaAttainment).toEqual([
      { metric: 'resolution', met, breached, rate: met / (met + breached) },
    ])
  })

  it('agree per day', async () => {
    const day = (text = '') => `${text.slice(6, 10)}-${text.slice(3, 5)}-${text.slice(0, 2)}`
    const { perDay } = await computeFigures(database.db, { source: 'imported', timeZone: 'Etc/UTC' })
    const nonZero = (what: 'opened' | 'resolved') =>
      Object.fromEntries(perDay.filter((one) => one[what] > 0).map((one) => [one.day, one[what]]))
    expect(nonZero('opened')).toEqual(tally(last.map((row) => day(row['opened_at']))))
    expect(nonZero('resolved')).toEqual(tally(solved.map((row) => day(row['resolved_at']))))
  })

  it('agree ticket by ticket on their instants, caller, group and times reopened', async () => {
    const tickets = await database.db
      .selectFrom('ticket')
      .leftJoin('supportGroup', 'supportGroup.id', 'ticket.groupId')
      .leftJoin('person', 'person.id', 'ticket.requesterId')
      .select(['number', 'openedAt', 'resolvedAt', 'closedAt', 'reopenCount', 'supportGroup.name as group', 'person.name as caller'])
      .execute()
    const found = new Map(tickets.map((ticket) => [ticket.number, ticket]))
    for (const row of last) {
      const ticket = found.get(row['number'] ?? '')
      expect(ticket, row['number']).toMatchObject({
        openedAt: new Date(ms(row['opened_at'])),
        closedAt: new Date(ms(row['closed_at'])),
        reopenCount: Number(row['reopen_count']),
        group: row['assignment_group'] === '?' ? null : row['assignment_group'],
        caller: (row['caller_id'] ?? '').replace(/\s+/g, ' '),
      })
      if (row['resolved_at'] !== '?') expect(ticket?.resolvedAt, row['number']).toEqual(new Date(ms(row['resolved_at'])))
    }
  })

  it('have the timeline of the file: every change of state of a ticket at its time', async () => {
    const history = [...histories.values()].toSorted((a, b) => b.length - a.length)[0] ?? []
    const words: Record<string, string> = { New: 'new', Active: 'inProgress', Resolved: 'resolved', Closed: 'closed' }
    const states = history.map((row) => ({ at: ms(row['sys_updated_at']), status: words[row['incident_state'] ?? ''] ?? 'pending' }))
    const expected = states.filter(({ status }, index) => status !== (states[index - 1]?.status ?? 'new'))
    const facts = await readFacts(database.db, ticketIdOf('servicenow-incidents', history[0]?.['number'] ?? ''))
    const changes = facts.flatMap(({ fact }) =>
      fact.type === 'ticketChanged' && fact.field === 'status' && fact.from !== fact.to ? [{ at: fact.at, status: fact.to }] : [],
    )
    expect(changes.length).toBeGreaterThan(3)
    expect(changes).toEqual(expected)
  })

  it('leave the ledger intact, and a second import adds nothing', async () => {
    const before = await verifyLedger(database.db)
    expect(before).toMatchObject({ isIntact: true, facts: report.facts, streams: histories.size })
    expect(
      await importFile(database.db, { path, mapping: await readMapping(join(root, 'definitions/imports/servicenow-incidents.json')) }),
    ).toMatchObject({ accepted: 0, skipped: histories.size, facts: 0 })
    expect((await verifyLedger(database.db)).facts).toBe(before.facts)
  }, 180_000)
})
