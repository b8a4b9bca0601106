/** Recurrence rules as their owner writes and tries them; problems raised by hand, and from a major incident's review. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadDemoHistory } from '../../activities/store/demo/history.ts'
import { openTicket } from '../../activities/store/ticket/intake.ts'
import { linkTickets } from '../../activities/store/ticket/ticket-links.ts'
import { systemActor } from '#schema/role'
import { type TestDesk, testDesk } from './desk.ts'

const now = Date.UTC(2026, 10, 24, 14)
const day = 86_400_000
type Call = Awaited<ReturnType<TestDesk['as']>>
let desk: TestDesk
let owner: Call
let agent: Call
beforeAll(async () => {
  desk = await testDesk()
  desk.setClock(now)
  await loadDemoHistory(desk.database.db, now, 5)
  owner = await desk.as('processOwner')
  agent = await desk.as('agent')
})
afterAll(() => desk.close())

const incident = (title: string, daysAgo: number, service = 'wifi') =>
  openTicket(desk.database.db, {
    kind: 'incident',
    channel: 'portal',
    openedById: 'camille',
    at: now - daysAgo * day,
    fields: { title, requesterId: 'camille', service, category: 'network' },
  })
const rule = (parts: object = {}) => ({
  name: { fr: 'Même service, 4 fois en 9 jours', en: 'Same service, 4 times in 9 days' },
  field: 'service',
  least: 4,
  days: 9,
  isActive: true,
  ...parts,
})
const linkedTo = async (problemId: string) =>
  (
    await desk.database.db
      .selectFrom('ticketLink')
      .innerJoin('ticket', 'ticket.id', 'ticketLink.fromId')
      .select('ticket.number')
      .where('toId', '=', problemId)
      .where('ticketLink.kind', '=', 'causedBy')
      .orderBy('ticket.number')
      .execute()
  ).map(({ number }) => number)

describe('a recurrence rule', () => {
  it('is added without an id, edited at its version, and switched off; each change is recorded', async () => {
    const added = await owner('/recurrence-rules', { body: rule() })
    expect(added.json).toMatchObject({ id: expect.stringMatching(/^rule-/), version: 1, openProposals: 0 })
    const { id, openProposals: _open, ...saved } = added.json
    const edited = await owner('/recurrence-rules', { body: { ...saved, id, days: 10 } })
    expect(edited.json).toMatchObject({ id, days: 10, version: 2 })
    const late = await owner('/recurrence-rules', { body: { ...saved, id, least: 7 } })
    expect([late.status, late.json.code]).toEqual([409, 'ruleConflict'])
    expect((await owner('/recurrence-rules', { body: { ...saved, id, days: 10, version: 2, isActive: false } })).json.isActive).toBe(false)
    const facts = await desk.database.db.selectFrom('fact').select('body').where('streamId', '=', `recurrenceRule/${id}`).execute()
    expect(facts.map(({ body }) => (body as { field: string }).field)).toEqual([
      'name',
      'field',
      'least',
      'days',
      'isActive',
      'days',
      'isActive',
    ])
  })
  it.each([
    ['least', rule({ least: 1 })],
    ['days', rule({ days: 400 })],
    ['name.en', rule({ name: { fr: 'Une règle', en: ' ' } })],
    ['field', rule({ field: 'colour' })],
  ])('is refused at %s', async (path, body) => {
    const answer = await owner('/recurrence-rules', { body })
    expect([answer.status, answer.json.errors.map((one: { path: string }) => one.path)]).toEqual([422, [path]])
  })
  it('is not asked twice: the other active rule is named', async () => {
    const same = { field: 'ciId', least: 3, days: 30 }
    await owner('/recurrence-rules', { body: rule({ ...same, name: { fr: 'Même élément', en: 'Same item' } }) })
    const answer = await owner('/recurrence-rules', { body: rule(same) })
    expect(answer.json).toMatchObject({ code: 'ruleRepeated', errors: [{ path: 'least' }], detail: expect.stringContaining('Same item') })
    expect((await owner('/recurrence-rules', { body: rule({ ...same, isActive: false }) })).status).toBe(200)
  })
  it('is tried on the past before it is saved, and proposes nothing by that', async () => {
    for (const daysAgo of [20, 19, 18, 17]) await incident('Le Wi-Fi coupe', daysAgo)
    const { json } = await agent('/recurrence-rules/try', { body: { field: 'service', least: 4, days: 9, pastDays: 60 } })
    const wifi = json.proposals.filter(({ value }: { value: string }) => value === 'wifi')
    expect(wifi[0].incidents).toHaveLength(4)
    expect(json.total).toBeGreaterThanOrEqual(wifi.length)
    const strict = await agent('/recurrence-rules/try', { body: { field: 'service', least: 900, days: 9, pastDays: 60 } })
    expect(strict.json).toMatchObject({ total: 0, considered: json.considered })
    expect((await agent('/problem-proposals')).json.items).toEqual([])
    expect((await agent('/recurrence-rules/try', { body: { field: 'service', least: 4, days: 0 } })).json.errors).toMatchObject([
      { path: 'days' },
    ])
  })
})

describe('a problem raised by hand', () => {
  it('begins with the incident, which it is linked to', async () => {
    const { number } = await incident('Le Wi-Fi coupe encore', 1)
    const draft = (await agent(`/tickets/${number}/problem-draft`)).json
    expect(draft).toMatchObject({ title: expect.stringContaining('Le Wi-Fi coupe encore'), service: 'wifi', incidents: [{ number }] })
    const { incidents, ...fields } = draft
    const body = { ...fields, incidentIds: incidents.map(({ id }: { id: string }) => id) }
    const headers = { 'idempotency-key': randomUUID() }
    const opened = await agent('/problems', { body, headers })
    expect([opened.status, await linkedTo(opened.json.ticketId)]).toEqual([201, [number]])
  })
  it('is not opened when one of its incidents is not there: nothing is left behind', async () => {
    const { ticketId, number } = await incident('Autre chose', 1, 'crm')
    const body = { title: 'Avec un incident inconnu', incidentIds: [ticketId, randomUUID()] }
    const answer = await agent('/problems', { body })
    expect([answer.status, answer.json.errors[0].path]).toEqual([422, 'incidentIds.1'])
    const left = await desk.database.db.selectFrom('ticket').select('id').where('title', '=', body.title).execute()
    expect([left, (await agent(`/tickets/${number}/links`)).json.items]).toEqual([[], []])
  })
  it('from a major incident carries its timeline over, and the incidents under it', async () => {
    const major = await desk.database.db
      .selectFrom('instance')
      .innerJoin('ticket', 'ticket.id', 'instance.ticketId')
      .select(['ticket.id', 'ticket.number'])
      .where('processId', '=', 'major-incident')
      .where('ticket.resolutionCode', 'is distinct from', 'downgraded')
      .where('ticket.status', 'in', ['resolved', 'closed'])
      .executeTakeFirstOrThrow()
    const child = await incident('Les courriels ne partent pas', 3, 'email')
    await linkTickets(desk.database.db, { kind: 'childOf', fromId: child.ticketId, toId: major.id, actor: systemActor })
    const draft = (await agent(`/tickets/${major.number}/problem-draft`)).json
    expect(draft.description).toContain(`Following major incident ${major.number}.`)
    expect(draft.description).toContain('What happened')
    expect(draft.incidents.map(({ number }: { number: string }) => number)).toEqual(expect.arrayContaining([major.number, child.number]))
    const { incidents, ...fields } = draft
    const opened = await agent('/problems', { body: { ...fields, incidentIds: incidents.map(({ id }: { id: string }) => id) } })
    expect(await linkedTo(opened.json.ticketId)).toEqual(expect.arrayContaining([major.number, child.number]))
  })
  it('is drafted from incidents only', async () => {
    const { json } = await agent('/problems', { body: { title: 'Encore un' } })
    expect((await agent(`/tickets/${json.number}/problem-draft`)).json.code).toBe('notAnIncident')
  })
})
