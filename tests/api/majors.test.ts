import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { play, type ScriptStep } from '#domain/play'
import { TicketOpening } from '#schema/ticket'
import { composeBundle } from '../../activities/store/definition/definitions.ts'
import { loadDemoHistory } from '../../activities/store/demo/history.ts'
import { appendFacts } from '../../activities/store/facts.ts'
import { openTicket } from '../../activities/store/ticket/intake.ts'
import { linkTickets, linksOf } from '../../activities/store/ticket/ticket-links.ts'
import { systemActor } from '#schema/role'
import { acceptMajor } from '../../definitions/seed/major-stories.ts'
import { type TestDesk, testDesk } from './desk.ts'

const now = Date.UTC(2026, 10, 24, 14)
let desk: TestDesk
let incident: string
beforeAll(async () => {
  desk = await testDesk()
  desk.setClock(now)
  await loadDemoHistory(desk.database.db, now, 5)
  const fields = { title: 'CRM gone', requesterId: 'camille', service: 'crm', category: 'application' }
  const opened = await openTicket(desk.database.db, { kind: 'incident', channel: 'portal', openedById: 'camille', at: now, fields })
  incident = opened.number
})
afterAll(() => desk.close())

const complete = (actorId: string, elementId: string, values: Record<string, string>): ScriptStep => ({
  after: 5,
  isBusiness: false,
  actorId,
  act: 'complete',
  elementId,
  values,
})

/** A major incident as its workflow would have recorded it until now. */
async function played(number: string, service: string, steps: ScriptStep[]): Promise<string> {
  const { bundle, hash, version } = await composeBundle(desk.database.db, 'major-incident')
  const ticketId = randomUUID()
  const opening = TicketOpening.parse({
    ticketId,
    number,
    kind: 'incident',
    channel: 'api',
    interactionId: null,
    openedById: 'alex',
    fields: { title: `${service} down`, requesterId: 'alex', service, priority: 1 },
    extra: { technicalGroupId: null },
  })
  const options = { until: now, calendarId: 'fr-business', newId: randomUUID, sha256: () => '' }
  const { rehearsal, skipped } = play(bundle, opening, now - 3_600_000, steps, options)
  expect(skipped).toEqual([])
  const { db } = desk.database
  await db.insertInto('instance').values({ ticketId, processId: 'major-incident', processVersion: version, bundleHash: hash }).execute()
  await appendFacts(db, ticketId, 1, rehearsal.record)
  return ticketId
}
const update = { updateLevel: 'investigating', updateFr: 'Nous cherchons.', updateEn: 'We are looking.' }

describe('the status page', () => {
  it('tells the signed-in what is over and what was said of it, in both languages', async () => {
    const { json } = await (await desk.as('requester'))('/status')
    expect(json.current).toEqual([])
    expect(json.history).toMatchObject([
      {
        title: { fr: 'Envoi de courriels indisponible', en: 'Outgoing mail is down' },
        level: 'restored',
        service: 'email',
        updates: [{ level: 'restored' }, { level: 'identified' }, { level: 'investigating' }],
      },
    ])
  })
  it('is closed to strangers, unless the installation opens it', async () => {
    expect((await desk.call('/status')).json.code).toBe('notSignedIn')
    desk.deps.config.isStatusPublic = true
    const answer = await desk.call('/status')
    desk.deps.config.isStatusPublic = false
    expect(answer.status).toBe(200)
    expect(answer.json.history[0].ownNumber).toBeNull()
  })
  it('says nothing of candidates and of what was refused', async () => {
    await played('MAJ-000801', 'vpn', [])
    await played('MAJ-000802', 'wifi', [complete('helene', 'examine', { majorDecision: 'refuse', decisionReason: 'Un poste' })])
    const { json } = await (await desk.as('requester'))('/status')
    expect(JSON.stringify(json)).not.toMatch(/MAJ-00080[12]/)
  })
  it('a requester says once that he is affected too, and his incident hangs on it', async () => {
    const major = await played('MAJ-000810', 'erp', [
      complete('helene', 'examine', acceptMajor('ERP en panne', 'ERP down', 'outage')),
      complete('priya', 'communicate', update),
    ])
    const asRequester = await desk.as('requester')
    const path = '/status/MAJ-000810/affected'
    const first = await asRequester(path, { body: { text: 'I cannot save' } })
    expect([first.status, first.json.isNew]).toEqual([201, true])
    expect((await asRequester(path, { body: {} })).json).toEqual({ number: first.json.number, isNew: false })
    expect((await linksOf(desk.database.db, major, 'childOf')).map(({ other }) => [other.number, other.title])).toEqual([
      [first.json.number, 'ERP down'],
    ])
    const { json } = await asRequester('/status')
    expect(json.current).toMatchObject([{ number: 'MAJ-000810', ownNumber: first.json.number, severity: 'outage', level: 'investigating' }])
  })
  it.each([
    ['unknown', 'MAJ-000999', 404, 'majorNotFound'],
    ['a candidate', 'MAJ-000801', 404, 'majorNotFound'],
    ['over', 'MAJ-000001', 409, 'majorOver'],
  ])('nobody is affected by one that is %s', async (_, number, status, code) => {
    const answer = await (await desk.as('requester'))(`/status/${number}/affected`, { body: {} })
    expect([answer.status, answer.json.code]).toEqual([status, code])
  })
})

describe('a proposal', () => {
  const propose = async (number: string, reason: string, headers = {}) =>
    (await desk.as('agent'))(`/tickets/${number}/major`, { body: { reason }, headers })
  it('needs a reason', async () => expect((await propose(incident, ' ')).json.errors[0].path).toBe('reason'))
  it('opens one candidate, the incident its child, however often it is sent', async () => {
    const key = { 'idempotency-key': 'propose' }
    const [first, second] = [await propose(incident, 'Everybody', key), await propose(incident, 'Everybody', key)]
    expect([first.status, second.json]).toEqual([201, first.json])
    expect((await propose(incident, 'Again')).json).toMatchObject({
      code: 'underMajor',
      remedy: expect.stringContaining(first.json.number),
    })
    const { items } = (await (await desk.as('agent'))('/majors')).json
    expect(items.find((each: { number: string }) => each.number === first.json.number)).toMatchObject({ state: 'candidate', childCount: 1 })
  })
  it('over the service of a running one is refused, and names it', async () => {
    const fields = { title: 'ERP slow', requesterId: 'julie', service: 'erp' }
    const { number } = await openTicket(desk.database.db, { kind: 'incident', channel: 'portal', openedById: 'julie', at: now, fields })
    expect((await propose(number, 'Everybody')).json).toMatchObject({
      code: 'majorOfService',
      detail: expect.stringContaining('MAJ-000810'),
    })
  })
  it('of a major incident, or of one that is closed, is refused', async () => {
    expect((await propose('MAJ-000810', 'Everybody')).json.code).toBe('notAnIncident')
    const closed = await desk.database.db
      .selectFrom('ticket')
      .select('number')
      .where('status', '=', 'closed')
      .where('number', 'like', 'INC%')
      .executeTakeFirstOrThrow()
    expect((await propose(closed.number, 'Everybody')).json.code).toBe('wrongStatus')
  })
})

describe('the board of major incidents', () => {
  it('says where each stands, who runs it and what is due', async () => {
    const { items } = (await (await desk.as('agent'))('/majors')).json
    const states = Object.fromEntries(items.map((each: { number: string; state: string }) => [each.number, each.state]))
    expect(states).toMatchObject({ 'MAJ-000001': 'closed', 'MAJ-000801': 'candidate', 'MAJ-000802': 'refused', 'MAJ-000810': 'running' })
    const running = items.find((each: { number: string }) => each.number === 'MAJ-000810')
    // said ten minutes after the report, an hour ago; critical: every half hour
    expect(running).toMatchObject({ commander: { name: expect.stringMatching(/^H/) }, updateCount: 1, childCount: 1 })
    expect(Date.parse(running.nextUpdateAt)).toBe(now - 3_600_000 + 10 * 60_000 + 30 * 60_000)
  })
  it('its queue view and the VIP filter hold what they say', async () => {
    const asAgent = await desk.as('agent')
    const numbers = (answer: { json: { items: { number: string }[] } }) => answer.json.items.map(({ number }) => number)
    expect(numbers(await asAgent('/tickets?view=majors'))).toContain('MAJ-000810')
    expect(numbers(await asAgent('/tickets?view=majors')).every((number) => number.startsWith('MAJ'))).toBe(true)
    await openTicket(desk.database.db, {
      kind: 'incident',
      channel: 'portal',
      openedById: 'marc',
      at: now,
      fields: { title: 'VIP', requesterId: 'marc' },
    })
    const vips = (await asAgent('/tickets?vip=true')).json.items
    expect(vips.length).toBeGreaterThan(0)
    expect(vips.every((row: { isVip: boolean }) => row.isVip)).toBe(true)
  })
})

describe('reopening by the policy', () => {
  const reopen = async (number: string, key: string) =>
    (await desk.as('requester'))(`/tickets/${number}/actions/reopen`, {
      body: { reason: 'Still broken' },
      headers: { 'idempotency-key': key },
    })
  it('too late: a new ticket opens, linked to the former, once', async () => {
    const { db } = desk.database
    const former = await db
      .selectFrom('ticket')
      .select(['id', 'number', 'title', 'service'])
      .where('requesterId', '=', 'camille')
      .where('status', '=', 'closed')
      .executeTakeFirst()
    const closed = former ?? (await closedIncident())
    const [first, second] = [await reopen(closed.number, 'late'), await reopen(closed.number, 'late')]
    expect(first.status).toBe(200)
    expect(second.json).toEqual(first.json)
    const links = await linksOf(db, closed.id)
    expect(links.filter(({ kind }) => kind === 'related').map(({ other }) => other.number)).toEqual([first.json.opened.number])
    expect(links.find(({ other }) => other.number === first.json.opened.number)?.other).toMatchObject({
      status: 'new',
      title: closed.title,
    })
  })
  it('a ticket of somebody else is not found', async () => {
    const foreign = await desk.database.db
      .selectFrom('ticket')
      .select('number')
      .where('requesterId', '<>', 'camille')
      .where('status', '=', 'closed')
      .executeTakeFirstOrThrow()
    expect((await reopen(foreign.number, 'foreign')).json.code).toBe('ticketNotFound')
  })
})

async function closedIncident() {
  const { db } = desk.database
  const { ticketId } = await openTicket(db, {
    kind: 'incident',
    channel: 'portal',
    openedById: 'camille',
    at: now,
    fields: { title: 'Old', requesterId: 'camille' },
  })
  await appendFacts(db, ticketId, 2, [
    { actorId: 'system', fact: { type: 'ticketChanged', at: now, field: 'status', from: 'new', to: 'closed' } },
    { actorId: 'system', fact: { type: 'instanceCompleted', at: now } },
  ])
  await db.updateTable('instance').set({ isEnded: true }).where('ticketId', '=', ticketId).execute()
  return db.selectFrom('ticket').select(['id', 'number', 'title', 'service']).where('id', '=', ticketId).executeTakeFirstOrThrow()
}

it('a link made by a machine may name a ticket twice under one id', async () => {
  const { db } = desk.database
  const [a, b] = await db.selectFrom('ticket').select('id').orderBy('number').limit(2).execute()
  const linkId = randomUUID()
  const link = { kind: 'related' as const, fromId: a?.id ?? '', toId: b?.id ?? '', actor: systemActor, linkId }
  expect(await linkTickets(db, link)).toMatchObject({ isNew: true })
  expect(await linkTickets(db, link)).toMatchObject({ isNew: false })
})
