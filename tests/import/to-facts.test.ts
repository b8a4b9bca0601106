import { describe, expect, it } from 'vitest'
import { Fact, type FactOf } from '#schema/fact'
import { readEvents } from '../../activities/import/read-events.ts'
import { toFacts } from '../../activities/import/to-facts.ts'
import { fileOf, life, log, mapping, row } from './event-log.ts'

async function facts(...rows: string[]) {
  const shipped = await mapping()
  const file = await readEvents(await fileOf(log(...rows)), shipped)
  const events = file.incidents.get('INC1')
  if (events === undefined) throw new Error(`expected INC1 to be read, found ${JSON.stringify(file.rejections)}`)
  return toFacts(shipped, events)
}
async function ticket(...rows: string[]) {
  const made = await facts(...rows)
  if (!made.ok) throw new Error(`expected facts, found ${JSON.stringify(made.rejections)}`)
  return made.ticket
}
type Made = Awaited<ReturnType<typeof ticket>>
const at = (instant: number) => new Date(instant).toISOString().slice(0, 16)
const changes = ({ facts: all }: Made, field: string) =>
  all.flatMap(({ fact }) =>
    fact.type === 'ticketChanged' && fact.field === field ? [`${at(fact.at)} ${String(fact.from)} > ${String(fact.to)}`] : [],
  )
const clock = ({ facts: all }: Made) =>
  all
    .map(({ fact }) => fact)
    .filter((fact): fact is FactOf<'clockStarted' | 'clockBreached' | 'clockStopped'> => fact.type.startsWith('clock'))

describe('the facts of a ticket', () => {
  it('stand in the order of time, at their own times, each by whom the source names', async () => {
    const made = await ticket(...life('INC1'))
    expect(
      made.facts.map(
        ({ actorId, fact }) =>
          `${at(fact.at)} ${actorId.replace('servicenow-incidents-', '')} ${fact.type}${fact.type === 'ticketChanged' ? `.${fact.field}` : ''}`,
      ),
    ).toEqual([
      '2016-03-01T09:00 opened-by-8 ticketOpened',
      '2016-03-01T09:00 system imported',
      '2016-03-01T09:00 system clockStarted',
      '2016-03-01T10:00 updated-by-21 ticketChanged.assigneeId',
      '2016-03-01T10:00 updated-by-21 ticketChanged.status',
      '2016-03-01T11:00 updated-by-21 ticketChanged.pendingReason',
      '2016-03-01T11:00 updated-by-21 ticketChanged.status',
      '2016-03-01T15:00 updated-by-21 ticketChanged.resolutionCode',
      '2016-03-01T15:00 updated-by-21 ticketChanged.pendingReason',
      '2016-03-01T15:00 updated-by-21 ticketChanged.status',
      '2016-03-06T16:00 updated-by-21 ticketChanged.status',
      '2016-03-06T16:00 system clockStopped',
    ])
    for (const { fact } of made.facts) expect(Fact.safeParse(fact).success).toBe(true)
  })

  it('are the same every time, ids included', async () => {
    expect(await ticket(...life('INC1'))).toEqual(await ticket(...life('INC1')))
  })

  it('do not depend on the order of the rows', async () => {
    const rows = life('INC1')
    const sorted = await ticket(...rows)
    const mixed = await ticket(...[3, 0, 4, 2, 1].map((index) => rows[index] ?? ''))
    expect(changes(mixed, 'status')).toEqual(changes(sorted, 'status'))
    expect(mixed.repairs.map(({ code }) => code)).toEqual(['outOfOrder'])
    expect(sorted.repairs).toEqual([])
  })

  it('keep the number and the words of the source', async () => {
    const opened = (await ticket(...life('INC1'))).facts[0]?.fact
    expect(opened).toMatchObject({
      opening: {
        number: 'INC1',
        channel: 'phone',
        kind: 'incident',
        fields: { title: 'Category 55 · Subcategory 170', impact: 2, urgency: 2, priority: 3, status: 'new' },
        extra: { location: 'Location 143' },
      },
    })
  })
})

describe('resolution and closing', () => {
  it('recorded again later: the source instant is the last of them', async () => {
    const [first = ''] = life('INC1')
    const cells = { resolved_at: '01-03-2016 15:00', closed_at: '06-03-2016 16:00' }
    const made = await ticket(
      first,
      row({ ...cells, incident_state: 'Resolved', sys_mod_count: '1', sys_updated_at: '01-03-2016 12:00' }),
      row({ ...cells, incident_state: 'Resolved', sys_mod_count: '2', sys_updated_at: '01-03-2016 15:00' }),
      row({ ...cells, incident_state: 'Closed', sys_mod_count: '3', sys_updated_at: '06-03-2016 16:00' }),
    )
    expect(changes(made, 'status')).toEqual([
      '2016-03-01T12:00 new > resolved',
      '2016-03-01T15:00 resolved > resolved',
      '2016-03-06T16:00 resolved > closed',
    ])
  })

  it('dated a little before its row: the date counts', async () => {
    expect(changes(await ticket(...life('INC1', { resolved_at: '01-03-2016 14:58' })), 'status')[2]).toBe(
      '2016-03-01T14:58 pending > resolved',
    )
  })

  it('whose instant is unknown: the history has the row, the figures are told', async () => {
    const made = await ticket(...life('INC1', { resolved_at: '?', closed_at: '?' }))
    expect(made.facts[0]?.fact).toMatchObject({ opening: { extra: { isResolutionInstantUnknown: true } } })
    expect(changes(made, 'status').slice(2)).toEqual(['2016-03-01T15:00 pending > resolved', '2016-03-06T16:00 resolved > closed'])
  })

  it('without a row of its own: the instant alone is enough', async () => {
    const made = await ticket(...life('INC1').filter((line) => !line.includes(',Resolved,')))
    expect(changes(made, 'status').slice(2)).toEqual(['2016-03-01T15:00 pending > resolved', '2016-03-06T16:00 resolved > closed'])
  })

  it('whose instant contradicts the rows: the row counts, and it is said', async () => {
    const made = await ticket(...life('INC1', { resolved_at: '01-03-2016 09:30' }))
    expect(changes(made, 'status')[2]).toBe('2016-03-01T15:00 pending > resolved')
    expect(made.repairs.map(({ code }) => code)).toEqual(['resolvedAtIgnored'])
  })

  it.each([
    ['resolved before opened', { resolved_at: '29-02-2016 15:00' }, 'resolvedBeforeOpened', 'resolved_at'],
    ['closed before resolved', { closed_at: '01-03-2016 14:00' }, 'closedBeforeResolved', 'closed_at'],
  ])('%s: the ticket is refused, once', async (_, cells, code, column) => {
    expect(await facts(...life('INC1', cells))).toMatchObject({
      ok: false,
      rejections: [{ line: 2, scope: 'ticket', code, column, value: Object.values(cells)[0] }],
    })
  })

  it('opened at two times: the ticket is refused at the second', async () => {
    const [first = '', second = ''] = life('INC1')
    expect(await facts(first, second.replace('01-03-2016 09:00', '01-03-2016 08:00'))).toMatchObject({
      ok: false,
      rejections: [{ line: 3, code: 'openedTwice' }],
    })
  })
})

describe('going back', () => {
  const reopened = (count: string) => [
    ...life('INC1').slice(0, 4),
    row({
      resolved_at: '01-03-2016 15:00',
      sys_updated_at: '02-03-2016 08:00',
      sys_mod_count: '4',
      incident_state: 'Active',
      reopen_count: count,
    }),
  ]
  it('with the counter risen is a reopening', async () => {
    const made = await ticket(...reopened('1'))
    expect(changes(made, 'status').at(-1)).toBe('2016-03-02T08:00 resolved > inProgress')
    expect(made.repairs).toEqual([])
  })
  it('without it is a row that came late', async () => {
    const made = await ticket(...reopened('0'))
    expect(changes(made, 'status').at(-1)).toBe('2016-03-01T15:00 pending > resolved')
    expect(made.repairs).toMatchObject([{ line: 6, code: 'lateRow' }])
  })
  it('before the opening happens at the opening', async () => {
    const made = await ticket(row({ incident_state: 'Active', sys_updated_at: '01-03-2016 08:00' }))
    expect(changes(made, 'status')).toEqual(['2016-03-01T09:00 new > inProgress'])
    expect(made.repairs).toMatchObject([{ code: 'beforeOpening' }])
  })
})

describe('the agreement', () => {
  it('kept: the clock stops met', async () => {
    expect(clock(await ticket(...life('INC1')))).toMatchObject([{ type: 'clockStarted' }, { type: 'clockStopped', isMet: true }])
  })
  it('missed from a row on: breached there, stopped unmet at the end', async () => {
    const rows = life('INC1')
    const missed = [...rows.slice(0, 3), ...rows.slice(3).map((line) => line.replace(',TRUE,Caller', ',FALSE,Caller'))]
    const made = clock(await ticket(...missed))
    expect(made).toMatchObject([{ type: 'clockStarted' }, { type: 'clockBreached' }, { type: 'clockStopped', isMet: false }])
    expect(made.map((fact) => at(fact.at)).slice(1)).toEqual(['2016-03-01T15:00', '2016-03-06T16:00'])
  })
  it("missed and then kept after all: the source's last word counts", async () => {
    const rows = life('INC1')
    const made = clock(await ticket(rows[0] ?? '', (rows[1] ?? '').replace(',TRUE,Caller', ',FALSE,Caller'), ...rows.slice(2)))
    expect(made.map(({ type }) => type)).toEqual(['clockStarted', 'clockStopped'])
  })
  it('still open and kept so far: no clock, since its due instant is not known', async () => {
    expect(clock(await ticket(...life('INC1', { resolved_at: '?', closed_at: '?' }).slice(0, 3)))).toEqual([])
  })
})
