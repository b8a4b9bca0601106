/** Three desks in one installation: what each takes, what each refuses, and who sees what. On the real database. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seedDesks } from '../../activities/store/seed.ts'
import { openTicket } from '../../activities/store/ticket/intake.ts'
import { addPerson } from '../../activities/store/record/people.ts'
import { hearsOf } from '../../api/read/visibility.ts'
import { hashPassword } from 'better-auth/crypto'
import { type Answer, type CallInit, type TestDesk, testDesk } from './desk.ts'

let desk: TestDesk
type Caller = (path: string, init?: CallInit) => Promise<Answer>
/** Agents of the three desks. */
let it1: Caller
let support: Caller
let phone: Caller
let admin: Caller

async function signedIn(email: string): Promise<Caller> {
  const answer = await desk.call('/api/auth/sign-in/email', { body: { email, password: 'guichet' } })
  const cookie = answer.headers
    .getSetCookie()
    .map((c) => c.split(';')[0])
    .join('; ')
  return (path, init = {}) => desk.call(path, { ...init, headers: { cookie, ...init.headers } })
}

beforeAll(async () => {
  desk = await testDesk()
  await seedDesks(desk.deps.db)
  it1 = await desk.as('agent')
  admin = await desk.as('administrator')
  support = await signedIn('nadia@example.org')
  phone = await signedIn('leila@example.org')
})
afterAll(() => desk.close())

const report = (caller: Caller, body: object, headers: Record<string, string> = {}) => caller('/interactions', { body, headers })
const ticketOf = async (answer: Answer) =>
  desk.deps.db.selectFrom('ticket').selectAll().where('id', '=', answer.json.ticketId).executeTakeFirstOrThrow()

describe('a contact comes to the desk', () => {
  it('that is the default one when nothing else is said', async () => {
    expect(await ticketOf(await report(await desk.as('requester'), { subject: 'Écran noir' }))).toMatchObject({
      deskId: 'it',
      deskType: 'itServiceDesk',
      groupId: null,
    })
  })

  it('that the caller names, and goes to its people and on its process', async () => {
    const made = await report(support, {
      subject: 'Facture incomprise',
      kind: 'request',
      channel: 'phone',
      requesterId: 'martin-boulangerie',
      deskId: 'customers',
    })
    const ticket = await ticketOf(made)
    expect(ticket).toMatchObject({ deskId: 'customers', deskType: 'customerSupport', groupId: 'customer-support', kind: 'request' })
    expect(await desk.deps.db.selectFrom('instance').select('processId').where('ticketId', '=', ticket.id).executeTakeFirst()).toEqual({
      processId: 'customer-case',
    })
  })

  it('that its API key writes to', async () => {
    const made = (await admin('/api-keys', { body: { name: 'chatbot', personId: 'leila', deskId: 'calls' } })).json
    const answer = await desk.call('/interactions', {
      body: { subject: 'Horaires ?', kind: 'request', channel: 'webhook' },
      headers: { authorization: `Bearer ${made.key}` },
    })
    expect(await ticketOf(answer)).toMatchObject({ deskId: 'calls', groupId: 'call-centre' })
    expect((await admin('/api-keys', { body: { name: 'x', deskId: 'nowhere' } })).json.errors[0]).toMatchObject({
      path: 'deskId',
      code: 'deskNotFound',
    })
  })
})

describe('a desk refuses, in both languages', () => {
  const refused = async (caller: Caller, body: object, locale = 'en') => {
    const { status, json } = await report(
      caller,
      { subject: 'x', requesterId: 'martin-boulangerie', ...body },
      { 'accept-language': locale },
    )
    return [status, json.code, json.errors?.[0]?.path]
  }
  it.each<[string, object, [number, string, string]]>([
    ['a visitor, at a call centre', { deskId: 'calls', channel: 'walkIn', kind: 'request' }, [422, 'channelNotOfDeskType', 'channel']],
    [
      'a social network, at customer support',
      { deskId: 'customers', channel: 'social', kind: 'request' },
      [422, 'channelNotOfDesk', 'channel'],
    ],
    [
      'an incident, at a call centre that has requests only',
      { deskId: 'calls', channel: 'phone', kind: 'incident' },
      [422, 'kindNotOfDesk', 'kind'],
    ],
    ['a desk that does not exist', { deskId: 'nowhere', channel: 'phone' }, [422, 'deskNotFound', 'deskId']],
  ])('%s', async (_name, body, expected) => expect(await refused(support, body)).toEqual(expected))

  it('saying which desk, and what to do', async () => {
    const { json } = await report(
      support,
      { subject: 'x', deskId: 'calls', channel: 'phone', kind: 'incident' },
      { 'accept-language': 'fr' },
    )
    expect([json.title, json.detail, json.remedy]).toEqual([
      'Type de ticket refusé',
      'Le centre « Centre d’appel » ne traite pas de ticket « incident ».',
      'Choisissez un autre centre, ou demandez à un administrateur de l’autoriser.',
    ])
  })

  it('a change, whoever opens it, and stores nothing', async () => {
    const before = await desk.deps.db.selectFrom('ticket').select('id').execute()
    for (const deskId of ['customers', 'calls'])
      await expect(
        openTicket(desk.deps.db, {
          kind: 'change',
          channel: 'phone',
          openedById: 'nadia',
          deskId,
          processId: 'incident',
          fields: { title: 'Replace the server', requesterId: 'nadia' },
        }),
      ).rejects.toMatchObject({ refusal: { code: 'kindNotOfDeskType' } })
    await expect(
      openTicket(desk.deps.db, {
        kind: 'request',
        channel: 'phone',
        openedById: 'nadia',
        deskId: 'customers',
        fields: { title: 'Printer', requesterId: 'nadia', ciId: 'ci-1' },
      }),
    ).rejects.toMatchObject({ refusal: { code: 'ciNotOfDesk' } })
    expect((await desk.deps.db.selectFrom('ticket').select('id').execute()).length).toBe(before.length)
  })
})

describe('agents see the desks that they work at', () => {
  it('in lists, in figures that open exactly these lists, and by number', async () => {
    const made = await report(support, {
      subject: 'Livraison',
      kind: 'request',
      channel: 'phone',
      requesterId: 'durand-garage',
      deskId: 'customers',
    })
    const sees = async (caller: Caller) => (await caller(`/tickets/${made.json.number}`)).status
    expect(await Promise.all([support, it1, phone, admin].map(sees))).toEqual([200, 404, 404, 200])
    for (const caller of [support, it1, phone, admin]) {
      const list = (await caller('/tickets?metric=total&limit=200')).json
      expect((await caller('/figures')).json.total).toBe(list.total)
      expect(list.items.length).toBe(list.total)
    }
    const desks = async (caller: Caller) =>
      [...new Set((await caller('/tickets?limit=200')).json.items.map((row: { desk: { id: string } }) => row.desk.id))].sort()
    expect(await desks(support)).toEqual(['customers'])
    expect(await desks(it1)).toEqual(['it'])
    expect(
      (await admin('/tickets?deskId=customers&limit=200')).json.items.every((row: { desk: { id: string } }) => row.desk.id === 'customers'),
    ).toBe(true)
    expect(
      (await support('/interactions?limit=200')).json.items.every((row: { desk: { id: string } }) => row.desk.id === 'customers'),
    ).toBe(true)
  })

  it('somebody in no desk’s group works at the default one', async () => {
    await desk.deps.db.insertInto('supportGroup').values({ id: 'newcomers', name: 'Newcomers' }).execute()
    await addPerson(
      desk.deps.db,
      {
        id: 'zoe',
        name: 'Zoé',
        email: 'zoe@example.org',
        roles: ['agent'],
        groups: ['newcomers'],
        passwordHash: await hashPassword('guichet'),
      },
      'system',
    )
    const zoe = await signedIn('zoe@example.org')
    expect((await zoe('/desks')).json.items.filter((d: { isMine: boolean }) => d.isMine).map((d: { id: string }) => d.id)).toEqual(['it'])
    expect((await zoe('/tickets')).json.total).toBeGreaterThan(0)
  })
})

describe('setting up a desk', () => {
  const draft = {
    id: 'second',
    type: 'callCentre',
    name: { fr: 'Second centre', en: 'Second centre' },
    isDefault: false,
    isActive: true,
    channels: ['phone'],
    kinds: ['request'],
    groupIds: ['call-centre'],
    mailAddresses: [],
    phoneNumbers: ['0899000111'],
    calendarId: 'fr-business',
  }
  it.each<[string, object, string, string]>([
    ['a channel that its type excludes', { channels: ['phone', 'walkIn'] }, 'deskNotAllowedByType', 'channels.1'],
    ['a kind that its type excludes', { kinds: ['change'] }, 'deskNotAllowedByType', 'kinds.0'],
    ['an unknown group', { groupIds: ['nobody'] }, 'groupNotFound', 'groupIds.0'],
    ['an unknown calendar', { calendarId: 'moon' }, 'calendarNotFound', 'calendarId'],
    ['another desk’s number, however it is written', { phoneNumbers: ['+33800100200'] }, 'addressOfOtherDesk', 'phoneNumbers.0'],
    ['another desk’s address', { mailAddresses: ['Clients@example.org'] }, 'addressOfOtherDesk', 'mailAddresses.0'],
    ['a number with letters', { phoneNumbers: ['08 CALL ME'] }, 'invalidCall', 'phoneNumbers.0'],
    ['an identifier that exists', { id: 'it' }, 'deskExists', 'id'],
  ])('refuses %s', async (_name, change, code, path) => {
    const { json } = await admin('/desks', { body: { ...draft, ...change } })
    expect([json.code, json.errors[0].path]).toEqual([code, path])
  })

  it('is recorded; its type cannot change once it has tickets, and one desk stays the default', async () => {
    expect((await admin('/desks', { body: draft })).status).toBe(201)
    const { id: _, ...body } = draft
    expect((await admin('/desks/second', { body: { ...body, type: 'customerSupport' } })).status).toBe(200)
    const facts = await desk.deps.db.selectFrom('fact').select('body').where('streamId', '=', 'desk/second').orderBy('sequence').execute()
    expect(facts.at(-1)?.body).toMatchObject({
      type: 'recordChanged',
      noun: 'desk',
      field: 'type',
      from: 'callCentre',
      to: 'customerSupport',
    })
    const it0 = (await admin('/desks')).json.items.find((d: { id: string }) => d.id === 'it')
    const { id: __, typeName, isMine, hasOnSiteTasks, firstChannel, contactKinds, openTickets, kioskUrl, ...itBody } = it0
    expect([typeName, isMine, hasOnSiteTasks, firstChannel, contactKinds.join(), openTickets > 0, kioskUrl.startsWith('http')]).toEqual([
      'IT service desk',
      true,
      true,
      'phone',
      'incident',
      true,
      true,
    ])
    expect((await admin('/desks/it', { body: { ...itBody, type: 'callCentre' } })).json.code).toBe('deskTypeFixed')
    expect((await admin('/desks/it', { body: { ...itBody, isDefault: false } })).json.code).toBe('deskNeedsDefault')
    expect((await admin('/desks/it', { body: { ...itBody, isActive: false } })).json.code).toBe('deskNeedsDefault')
  })
})

describe('lists and figures', () => {
  it('show an agent of another desk nothing of this one’s, and its own agent all of it', async () => {
    const { db } = desk.deps
    const open = (kind: 'change' | 'problem' | 'incident', processId: string, title: string) =>
      openTicket(db, {
        kind,
        processId,
        channel: 'portal',
        openedById: 'alex',
        fields: { title, requesterId: 'mei', groupId: 'network' },
        extra: { plannedStart: '2027-03-01T08:00:00Z', plannedEnd: '2027-03-01T09:00:00Z', changeType: 'normal' },
      })
    const change = await open('change', 'change-normal', 'Replace the core switch')
    const problem = await open('problem', 'problem', 'Switch reboots')
    const major = await open('incident', 'major-incident', 'No network')
    const incident = await open('incident', 'incident', 'No wifi')
    await db
      .insertInto('ticketLink')
      .values({
        fromId: incident.ticketId,
        toId: problem.ticketId,
        kind: 'causedBy',
        id: randomUUID(),
        createdAt: new Date(),
        createdBy: 'alex',
      })
      .execute()
    const seen = async (caller: Caller) => {
      const from = encodeURIComponent('2027-02-28T00:00:00Z')
      const to = encodeURIComponent('2027-03-03T00:00:00Z')
      const texts = await Promise.all(
        [
          '/changes?view=all',
          `/change-calendar?from=${from}&to=${to}`,
          '/majors',
          '/problem-figures',
          '/service-levels/predicted?withinMinutes=10000',
          '/tickets?limit=200',
        ].map(async (path) => {
          const answer = await caller(path)
          expect([path, answer.status]).toEqual([path, 200])
          return answer.text
        }),
      )
      return [change, problem, major, incident].map(({ number }) => texts.filter((text) => text.includes(number)).length)
    }
    expect(await seen(support)).toEqual([0, 0, 0, 0])
    expect((await seen(it1)).every((count) => count > 0)).toBe(true)
    const figures = async (caller: Caller) => (await caller('/figures')).json.figures ?? (await caller('/figures')).json
    expect(JSON.stringify(await figures(support))).not.toBe(JSON.stringify(await figures(it1)))
  })
  it.each([
    ['of his desk', { deskId: 'it' }, true],
    ['of the default desk, said by nothing', { deskId: null }, true],
    ['of another desk', { deskId: 'customers' }, false],
    ['of another desk, but his to do', { deskId: 'customers', assigneeId: 'alex' }, true],
    ['of another desk, but his own', { deskId: 'customers', requesterId: 'alex' }, true],
  ])('live: an agent hears of a ticket %s: %j %s', (_, change, expected) => {
    const desks = [
      { id: 'it', groupIds: ['service-desk'], isDefault: true },
      { id: 'customers', groupIds: ['customer-support'], isDefault: false },
    ]
    const notice = { requesterId: 'camille', assigneeId: null, ...change }
    expect(hearsOf({ id: 'alex', name: 'Alex', roles: ['agent'], groups: ['service-desk'] }, desks)(notice)).toBe(expected)
    expect(hearsOf({ id: 'odile', name: 'Odile', roles: ['auditor'], groups: [] }, desks)(notice)).toBe(true)
    expect(hearsOf({ id: 'camille', name: 'Camille', roles: ['requester'], groups: [] }, desks)(notice)).toBe(
      notice.requesterId === 'camille',
    )
  })
})
