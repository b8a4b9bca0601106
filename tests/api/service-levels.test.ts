import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeskFact } from '#schema/fact'
import { runRecomputationRound } from '../../activities/sla-recomputations.ts'
import { deployDefinition, getDefinition } from '../../activities/store/definition/definitions.ts'
import { appendFacts } from '../../activities/store/facts.ts'
import { type TestDesk, testDesk } from './desk.ts'

const hour = 3_600_000
let desk: TestDesk
let made = 0
beforeAll(async () => {
  desk = await testDesk()
})
afterAll(() => desk.close())

/** A ticket with one clock around the clock, due in so many hours; finished after `took` hours when that is given. */
async function ticket(clock: { status: 'new' | 'inProgress'; dueIn: number; took?: number; startedAgo?: number }): Promise<string> {
  made += 1
  const ticketId = `c0000000-0000-4000-8000-${String(made).padStart(12, '0')}`
  const now = Date.now()
  const at = now - (clock.startedAgo ?? clock.took ?? 0) * hour
  const named = { clockId: 'p.c', metric: 'resolution' }
  const facts: DeskFact[] = [
    {
      type: 'ticketOpened',
      at,
      opening: {
        ticketId,
        number: `INC-P${made}`,
        kind: 'incident',
        channel: 'portal',
        interactionId: null,
        openedById: 'camille',
        fields: { title: `Ticket ${made}`, requesterId: 'camille', groupId: 'network' },
        extra: {},
      },
    },
    {
      type: 'clockStarted',
      at,
      ...named,
      policyId: 'p',
      policyVersion: 1,
      calendarId: 'always',
      calendarVersion: 1,
      targetMs: now + clock.dueIn * hour - at,
      dueAt: now + clock.dueIn * hour,
      isPaused: false,
      kind: 'sla',
      groupId: 'network',
    },
  ]
  if (clock.status !== 'new') facts.push({ type: 'ticketChanged', at, field: 'status', from: 'new', to: clock.status })
  if (clock.took !== undefined) facts.push({ type: 'clockStopped', at: now, ...named, isMet: true, elapsedBusinessMs: clock.took * hour })
  await appendFacts(
    desk.database.db,
    ticketId,
    1,
    facts.map((fact) => ({ actorId: 'system', fact })),
  )
  return `INC-P${made}`
}

describe('what will probably be missed', () => {
  it('is what is due soon and not begun, and what needs longer than it has', async () => {
    for (let n = 0; n < 6; n++) await ticket({ status: 'inProgress', dueIn: 1, took: 10 })
    const idle = await ticket({ status: 'new', dueIn: 2 })
    const slow = await ticket({ status: 'inProgress', dueIn: 5, startedAgo: 1 })
    const calm = await ticket({ status: 'inProgress', dueIn: 48, startedAgo: 1 })
    const far = await ticket({ status: 'new', dueIn: 200 })
    const agent = await desk.as('agent')
    const found = (await agent('/service-levels/predicted?withinMinutes=240')).json
    const reasons = Object.fromEntries(
      found.items.map((item: { ticket: { number: string }; reason: string }) => [item.ticket.number, item.reason]),
    )
    expect(reasons).toMatchObject({ [idle]: 'notStarted', [slow]: 'slow' })
    expect([calm, far].filter((number) => number in reasons)).toEqual([])
    const item = found.items.find((one: { ticket: { number: string } }) => one.ticket.number === slow)
    expect(Math.round(item.typicalLeftMs / hour)).toBe(9)
    expect((await agent('/service-levels/predicted?groupId=workplace')).json).toEqual({ items: [], total: 0 })
  })
})

it('a ticket knows the hours of the requester’s site and of the service, for policies that go by them', async () => {
  const { db } = desk.database
  const stamp = { createdAt: new Date(), updatedAt: new Date() }
  const site = { id: 'lyon', code: 'LYO', name: 'Lyon', timeZone: 'Europe/Paris', calendarId: 'fr-business', ...stamp }
  await db.insertInto('site').values(site).execute()
  await db.updateTable('person').set({ siteId: 'lyon' }).where('id', '=', 'camille').execute()
  const answer = await (await desk.as('requester'))('/interactions', { body: { subject: 'No sound', body: 'since noon' } })
  expect(answer.status).toBe(201)
  const { extra } = await db.selectFrom('ticket').select('extra').where('title', '=', 'No sound').executeTakeFirstOrThrow()
  expect(extra).toMatchObject({ siteCalendarId: 'fr-business' })
})

describe('holidays', () => {
  it('are dates of a country, and of a part of it, with the library that knew them', async () => {
    const owner = await desk.as('processOwner')
    const france = (await owner('/holidays?country=FR&fromYear=2026&toYear=2027')).json
    expect(france.holidays).toHaveLength(22)
    expect(france.holidays).toContainEqual({ date: '2026-04-06', name: expect.any(String) })
    expect(france.library).toMatch(/^date-holidays \d+\.\d+/)
    const alsace = (await owner('/holidays?country=FR&state=67&fromYear=2026&toYear=2026')).json
    expect(alsace.holidays.map(({ date }: { date: string }) => date)).toEqual(expect.arrayContaining(['2026-04-03', '2026-12-26']))
    const places = (await owner('/holidays/places?country=DE')).json
    expect(places.countries.length).toBeGreaterThan(100)
    expect(places.states.length).toBeGreaterThan(10)
  })
  it.each([
    ['country=ZZ&fromYear=2026&toYear=2026', 'query.country'],
    ['country=FR&state=QQ&fromYear=2026&toYear=2026', 'query.state'],
    ['country=FR&fromYear=2026&toYear=2025', 'query.toYear'],
  ])('%s is refused at its place', async (query, path) => {
    const answer = await (await desk.as('processOwner'))(`/holidays?${query}`)
    expect([answer.status, answer.json.errors[0].path]).toEqual([422, path])
  })
})

describe('a definition that is wrong', () => {
  const sourceOf = async (kind: 'sla' | 'calendar' | 'decision', id: string) =>
    (await getDefinition(desk.database.db, kind, id))?.source ?? ''
  const refused = async (kind: 'sla' | 'calendar' | 'decision', id: string, source: string) => {
    const current = await getDefinition(desk.database.db, kind, id)
    const answer = await (await desk.as('processOwner'))(`/definitions/${kind}/${id}`, {
      body: { source, baseVersion: current?.version ?? 0 },
    })
    return [answer.status, ...(answer.json.errors ?? []).map((one: { elementId: string; code: string }) => `${one.elementId}: ${one.code}`)]
  }
  it.each<[string, (calendar: Record<string, unknown>) => void, string]>([
    ['without working time', (calendar) => Object.assign(calendar, { week: {}, exceptions: [] }), 'week: noWorkingTime'],
    ['in no zone', (calendar) => Object.assign(calendar, { timeZone: 'Europe/Lutetia' }), 'timeZone: unknownTimeZone'],
    [
      'with overlapping spans',
      (calendar) =>
        Object.assign(calendar, {
          week: {
            '1': [
              { from: '08:00', to: '12:00' },
              { from: '11:00', to: '13:00' },
            ],
          },
        }),
      'week.1: overlappingSpans',
    ],
  ])('a calendar %s', async (_, change, expected) => {
    const calendar = JSON.parse(await sourceOf('calendar', 'fr-business'))
    change(calendar)
    expect(await refused('calendar', 'fr-business', JSON.stringify(calendar))).toEqual([422, expected])
  })
  it.each<[string, (clock: Record<string, unknown>) => void, string]>([
    ['on a calendar that is not there', (clock) => Object.assign(clock, { calendarId: 'moon' }), 'incident.firstResponse: unknownCalendar'],
    [
      'with two equal thresholds',
      (clock) =>
        Object.assign(clock, {
          thresholds: [
            { percent: 50, escalationCode: 'a' },
            { percent: 50, escalationCode: 'b' },
          ],
        }),
      'firstResponse.thresholds: duplicateThreshold',
    ],
    [
      'that looks at a step no process has',
      (clock) => Object.assign(clock, { stop: { elementLeft: 'qualify' } }),
      'incident.firstResponse.stop: unknownStep',
    ],
  ])('a clock %s', async (_, change, expected) => {
    const policy = JSON.parse(await sourceOf('sla', 'incident'))
    change(policy.clocks[0])
    expect(await refused('sla', 'incident', JSON.stringify(policy))).toEqual([422, expected])
  })
  it('a target of zero, in the table that a policy names', async () => {
    const source = (await sourceOf('decision', 'incident-targets')).replace('<text>15</text>', '<text>0</text>')
    expect(await refused('decision', 'incident-targets', source)).toEqual([422, 'targets-1: targetNotPositive'])
  })
})

describe('a comparison', () => {
  const checked = async (id: string) => {
    for (let round = 0; round < 20; round++) {
      await runRecomputationRound(desk.database.db, null)
      const view = (await (await desk.as('processOwner'))(`/sla-recomputations/${id}`)).json
      if (view.state === 'checked') return view
    }
    throw new Error('expected the comparison to end')
  }
  it('of a draft shows what it would change, and is applied only when that very text is deployed', async () => {
    const owner = await desk.as('processOwner')
    const { db } = desk.database
    const current = await getDefinition(db, 'sla', 'incident')
    const policy = JSON.parse(current?.source ?? '{}')
    policy.clocks = policy.clocks.filter(({ id }: { id: string }) => id !== 'firstResponse')
    const draft = JSON.stringify(policy)
    const scope = { kind: 'sla', id: 'incident' }
    const wrong = await owner('/sla-recomputations', { body: { scope, draft: draft.replace('fr-business', 'moon') } })
    expect([wrong.status, wrong.json.code, wrong.json.errors[0].code]).toEqual([422, 'invalidDefinition', 'unknownCalendar'])

    const started = await owner('/sla-recomputations', { body: { scope, draft } })
    expect([started.status, started.json.state, started.json.isDraft]).toEqual([201, 'checking', true])
    const view = await checked(started.json.id)
    expect(view.targetVersion).toBe((current?.version ?? 0) + 1)
    const action = (name: string, body: object = {}) => owner(`/sla-recomputations/${view.id}/${name}`, { body })
    const apply = (reason: string) => action('apply', { reason })
    expect((await apply('')).json.errors[0]).toMatchObject({ path: 'reason', code: 'required' })
    expect((await apply('Agreed anew')).json.code).toBe('recomputationNotDeployed')
    const deployed = await deployDefinition(db, { kind: 'sla', id: 'incident', source: draft, baseVersion: null, actorId: 'priya' })
    expect(deployed.ok).toBe(true)
    expect((await apply('Agreed anew')).json).toMatchObject({ state: 'applying', reason: 'Agreed anew' })
    expect((await action('abort')).json.state).toBe('aborted')
    expect((await apply('Again')).json.code).toBe('recomputationState')
    const states = await db
      .selectFrom('fact')
      .select('body')
      .where('streamId', '=', `sla-recomputation/${view.id}`)
      .orderBy('sequence')
      .execute()
    expect(states.map(({ body }) => (body as { to: string }).to)).toEqual(['checking', 'checked', 'applying', 'aborted'])
  })
  it('of what is not deployed, or of a draft of a process, is refused', async () => {
    const owner = await desk.as('processOwner')
    expect((await owner('/sla-recomputations', { body: { scope: { kind: 'sla', id: 'nothing' } } })).json.code).toBe('definitionNotFound')
    const draft = await owner('/sla-recomputations', { body: { scope: { kind: 'process', id: 'incident' }, draft: 'x' } })
    expect(draft.json.errors[0].path).toBe('draft')
    expect((await owner('/sla-recomputations/00000000-0000-4000-8000-000000000000')).json.code).toBe('recomputationNotFound')
  })
})
