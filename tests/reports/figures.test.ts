import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeskFact } from '#schema/fact'
import type { Metric, PolicyKind } from '#schema/sla'
import type { ChannelId, TicketStatus } from '#schema/ticket'
import { appendFacts } from '../../activities/store/facts.ts'
import { computeFigures, describeFigures, figures, figureTickets } from '../../api/reports/index.ts'
import { freshDatabase, type FreshDatabase } from '../setup/database.ts'

const hour = 3_600_000
/** A Monday noon, the instant of asking. */
const now = Date.UTC(2026, 0, 5, 12)
const at = new Date(now)

let database: FreshDatabase
let made = 0

interface Life {
  openedAt: number
  priority?: number
  channel?: ChannelId
  statuses?: [hours: number, to: TicketStatus][]
  clocks?: {
    metric: Metric
    dueIn: number
    end?: 'met' | 'late' | 'canceled'
    isPaused?: boolean
    kind?: PolicyKind
    groupId?: string
    owned?: Record<string, number>
  }[]
}

/** A ticket of that life, written as facts like every other. */
async function ticket({ openedAt, priority, channel = 'portal', statuses = [], clocks = [] }: Life): Promise<void> {
  made += 1
  const ticketId = `b0000000-0000-4000-8000-${String(made).padStart(12, '0')}`
  const facts: DeskFact[] = [
    {
      type: 'ticketOpened',
      at: openedAt,
      opening: {
        ticketId,
        number: `INC-${made}`,
        kind: 'incident',
        channel,
        interactionId: null,
        openedById: 'system',
        fields: { title: 'A ticket', requesterId: 'someone', priority: priority ?? null },
        extra: {},
      },
    },
  ]
  let status: TicketStatus = 'new'
  for (const [hours, to] of statuses) {
    facts.push({ type: 'ticketChanged', at: openedAt + hours * hour, field: 'status', from: status, to })
    status = to
  }
  for (const [index, { metric, dueIn, end, isPaused = false, kind, groupId = null, owned = {} }] of clocks.entries()) {
    const clock = { clockId: `clock-${index}`, metric }
    facts.push({
      type: 'clockStarted',
      at: openedAt,
      ...clock,
      policyId: 'p',
      policyVersion: 1,
      calendarId: 'always',
      calendarVersion: 1,
      targetMs: dueIn * hour,
      dueAt: openedAt + dueIn * hour,
      isPaused,
      ...(kind ? { kind, groupId } : {}),
    })
    if (end === 'late') facts.push({ type: 'clockBreached', at: openedAt + dueIn * hour, ...clock, lateMs: 0, ownedMs: owned })
    if (end === 'met' || end === 'late')
      facts.push({
        type: 'clockStopped',
        at: openedAt + (dueIn + (end === 'late' ? 1 : -1)) * hour,
        ...clock,
        isMet: end === 'met',
        elapsedBusinessMs: dueIn * hour,
      })
    if (end === 'canceled') facts.push({ type: 'clockCanceled', at: openedAt, ...clock })
  }
  await appendFacts(
    database.db,
    ticketId,
    1,
    facts.map((fact) => ({ actorId: 'system', fact })),
  )
}

beforeAll(async () => {
  database = await freshDatabase()
  const yesterday = now - 24 * hour
  await ticket({
    openedAt: yesterday,
    priority: 1,
    statuses: [
      [1, 'inProgress'],
      [2, 'resolved'],
      [3, 'closed'],
    ],
    clocks: [
      { metric: 'firstResponse', dueIn: 2, end: 'met' },
      { metric: 'resolution', dueIn: 8, end: 'met' },
    ],
  })
  await ticket({
    openedAt: yesterday,
    priority: 1,
    statuses: [[4, 'resolved']],
    clocks: [
      { metric: 'resolution', dueIn: 2, end: 'late', owned: { network: 1.5 * hour, 'service-desk': hour / 2 } },
      // Its groups: the first kept to its time, the second did not; the supplier is still at it, in time.
      { metric: 'resolution', dueIn: 1, end: 'met', kind: 'ola', groupId: 'service-desk' },
      { metric: 'resolution', dueIn: 3, end: 'late', kind: 'ola', groupId: 'network' },
      { metric: 'resolution', dueIn: 48, kind: 'uc' },
    ],
  })
  // Reopened, and open now: resolved once, but no longer.
  await ticket({
    openedAt: yesterday,
    priority: 3,
    statuses: [
      [1, 'resolved'],
      [2, 'inProgress'],
    ],
    clocks: [
      { metric: 'resolution', dueIn: 1, end: 'met' },
      { metric: 'resolution', dueIn: 4 },
    ],
  })
  // Reopened twice, resolved in the end: counts once, with its last resolution.
  await ticket({
    openedAt: yesterday,
    priority: 3,
    statuses: [
      [1, 'resolved'],
      [2, 'inProgress'],
      [3, 'resolved'],
      [4, 'inProgress'],
      [10, 'resolved'],
    ],
  })
  // Open: overdue though nobody said so yet; still in time; paused; canceled.
  await ticket({ openedAt: yesterday, clocks: [{ metric: 'firstResponse', dueIn: 1 }] })
  await ticket({ openedAt: yesterday, clocks: [{ metric: 'firstResponse', dueIn: 48 }] })
  await ticket({ openedAt: yesterday, statuses: [[1, 'pending']], clocks: [{ metric: 'resolution', dueIn: 1, isPaused: true }] })
  await ticket({ openedAt: yesterday, statuses: [[1, 'canceled']], clocks: [{ metric: 'resolution', dueIn: 1, end: 'canceled' }] })
  // Long ago, and by import.
  await ticket({
    openedAt: Date.UTC(2016, 2, 1, 23, 30),
    channel: 'import',
    priority: 4,
    statuses: [
      [1, 'resolved'],
      [2, 'closed'],
    ],
  })
})
afterAll(() => database.drop())

describe('figures', () => {
  it('count by status and priority, unknown last', async () => {
    const { total, byStatus, byPriority } = await computeFigures(database.db, { at })
    expect(total).toBe(9)
    expect(byStatus).toEqual([
      { status: 'new', count: 2 },
      { status: 'inProgress', count: 1 },
      { status: 'pending', count: 1 },
      { status: 'resolved', count: 2 },
      { status: 'closed', count: 2 },
      { status: 'canceled', count: 1 },
    ])
    expect(byPriority).toEqual([
      { priority: 1, count: 2 },
      { priority: 3, count: 2 },
      { priority: 4, count: 1 },
      { priority: null, count: 4 },
    ])
  })

  it('measure the time to the last resolution of tickets that are resolved', async () => {
    // 2, 4 and 10 hours.
    expect((await computeFigures(database.db, { at, source: 'live' })).mttr).toEqual({
      count: 3,
      medianMs: 4 * hour,
      p90Ms: expect.closeTo(8.8 * hour, 3),
      meanMs: expect.closeTo((16 / 3) * hour, 3),
    })
  })

  it('count a ticket reopened twice once, and one that is open again', async () => {
    expect((await computeFigures(database.db, { at, source: 'live' })).reopenRate).toEqual({ resolved: 4, reopened: 2, rate: 0.5 })
  })

  it('count an open overdue clock as breached, one missed clock for its ticket, and no clock that is undecided', async () => {
    expect((await computeFigures(database.db, { at })).slaAttainment).toEqual([
      { metric: 'firstResponse', met: 1, breached: 1, rate: 0.5 },
      { metric: 'resolution', met: 1, breached: 2, rate: 1 / 3 },
    ])
    const earlier = new Date(now - 24 * hour + hour / 2)
    expect((await computeFigures(database.db, { at: earlier })).slaAttainment[0]).toEqual({
      metric: 'firstResponse',
      met: 1,
      breached: 0,
      rate: 1,
    })
  })

  it('tell service levels apart by kind, policy and version', async () => {
    const rows = (await computeFigures(database.db, { at })).slaByPolicy
    expect(
      rows.map(({ kind, policyId, policyVersion, metric, met, breached }) => [kind, policyId, policyVersion, metric, met, breached]),
    ).toEqual([
      ['sla', 'p', 1, 'firstResponse', 1, 1],
      ['sla', 'p', 1, 'resolution', 1, 2],
      ['ola', 'p', 1, 'resolution', 0, 1],
    ])
  })

  it('give each group the time of its own clocks, and of each breach the time that it had the ticket', async () => {
    const { groupTime, breachTime } = await computeFigures(database.db, { at })
    expect(groupTime).toEqual([
      { groupId: 'network', name: 'network', tickets: 1, met: 0, breached: 1, rate: 0, medianMs: 3 * hour, p90Ms: 3 * hour },
      { groupId: 'service-desk', name: 'service-desk', tickets: 1, met: 1, breached: 0, rate: 1, medianMs: hour, p90Ms: hour },
    ])
    expect(breachTime).toEqual([
      { groupId: 'network', name: 'network', tickets: 1, ownedMs: 1.5 * hour },
      { groupId: 'service-desk', name: 'service-desk', tickets: 1, ownedMs: hour / 2 },
    ])
  })

  it('keep to the period and the source', async () => {
    expect((await computeFigures(database.db, { at, source: 'imported' })).total).toBe(1)
    expect((await computeFigures(database.db, { at, from: new Date(now - 24 * hour) })).total).toBe(8)
    expect((await computeFigures(database.db, { at, to: new Date(now - 24 * hour) })).total).toBe(1)
  })

  it('count days in the zone that is asked for', async () => {
    const days = async (timeZone: string) => (await computeFigures(database.db, { at, source: 'imported', timeZone })).perDay
    expect(await days('Etc/UTC')).toEqual([
      { day: '2016-03-01', opened: 1, resolved: 0 },
      { day: '2016-03-02', opened: 0, resolved: 1 },
    ])
    expect(await days('Europe/Paris')).toEqual([{ day: '2016-03-02', opened: 1, resolved: 1 }])
  })

  it('refuse a zone that does not exist', async () => {
    await expect(computeFigures(database.db, { at, timeZone: 'Mars/Olympus' })).rejects.toThrow(/time zone/)
  })

  it('of nothing are unknown, not zero', async () => {
    expect(await computeFigures(database.db, { at, to: new Date(0) })).toEqual({
      total: 0,
      firstContact: { solved: 0, solvable: 0, all: 0, net: null, gross: null },
      changeSuccess: [],
      changeEmergency: { changes: 0, emergencies: 0, share: null },
      changeIncidents: 0,
      byStatus: [],
      byPriority: [],
      perDay: [],
      requestDelivery: [],
      slaAttainment: [],
      slaByPolicy: [],
      groupTime: [],
      breachTime: [],
      mttr: { count: 0, medianMs: null, p90Ms: null, meanMs: null },
      reopenRate: { resolved: 0, reopened: 0, rate: null },
    })
  })
})

describe('every figure opens exactly the tickets it counts', () => {
  const open = async (metric: string, filter: Parameters<typeof figureTickets>[1] = { at }) => {
    const condition = figureTickets(metric, filter)
    if (condition === null) throw new Error(`expected tickets of ${metric}, found no such part`)
    return (await database.db.selectFrom('ticket').select('number').where(condition).execute()).length
  }

  it.each(['all', 'live', 'imported'] as const)('%s', async (source) => {
    const filter = { at, source }
    const now = await computeFigures(database.db, filter)
    const parts: [string, number][] = [
      ['total', now.total],
      ...now.byStatus.map(({ status, count }): [string, number] => [`byStatus:${status}`, count]),
      ...now.byPriority.map(({ priority, count }): [string, number] => [`byPriority:${priority ?? 'none'}`, count]),
      ['mttr', now.mttr.count],
      ['reopenRate:resolved', now.reopenRate.resolved],
      ['reopenRate:reopened', now.reopenRate.reopened],
      ...now.slaAttainment.flatMap(({ metric, met, breached }): [string, number][] => [
        [`slaAttainment:${metric}:met`, met],
        [`slaAttainment:${metric}:breached`, breached],
      ]),
      ...now.slaByPolicy.flatMap(({ kind, policyId, policyVersion, metric, met, breached }): [string, number][] => [
        [`slaByPolicy:${kind}:${policyId}:${policyVersion}:${metric}:met`, met],
        [`slaByPolicy:${kind}:${policyId}:${policyVersion}:${metric}:breached`, breached],
      ]),
      ...now.groupTime.flatMap(({ groupId, tickets, met, breached }): [string, number][] => [
        [`groupTime:${groupId}:all`, tickets],
        [`groupTime:${groupId}:met`, met],
        [`groupTime:${groupId}:breached`, breached],
      ]),
      ...now.breachTime.map(({ groupId, tickets }): [string, number] => [`breachTime:${groupId}`, tickets]),
      ...now.perDay.flatMap(({ day, opened, resolved }): [string, number][] => [
        [`perDay:${day}:opened`, opened],
        [`perDay:${day}:resolved`, resolved],
      ]),
    ]
    for (const [metric, count] of parts) expect(await open(metric, filter), metric).toBe(count)
  })

  it.each([
    'nothing',
    'constructor',
    'total:x',
    'byStatus',
    'byStatus:gone',
    'byPriority:9',
    'reopenRate',
    'slaAttainment:speed:met',
    'slaAttainment:resolution',
    'slaByPolicy:sla:p:one:resolution:met',
    'slaByPolicy:x:p:1:resolution:met',
    'groupTime:network',
    'groupTime:network:lost',
    'breachTime',
    'perDay:yesterday:opened',
    'perDay:2016-02-30:opened',
    "perDay:2016-03-01:opened' or true",
  ])('there is no %s', (metric) => expect(figureTickets(metric)).toBeNull())
})

it('every figure says in both languages how it is computed', () => {
  for (const locale of ['fr', 'en'] as const) {
    const described = describeFigures(locale)
    expect(described.map(({ id }) => id).sort()).toEqual(Object.keys(figures).sort())
    for (const { title, formula, version } of described) {
      expect(title).toMatch(/\w/)
      expect(formula).toMatch(/\.$/)
      expect(version).toBeGreaterThan(0)
    }
  }
})
