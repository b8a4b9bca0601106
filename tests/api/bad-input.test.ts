/** Input that a desk meets and cannot take: refused at its field, in the reader's language, with nothing stored of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getDefinition } from '../../activities/store/definition/definitions.ts'
import { type Answer, type TestDesk, testDesk } from './desk.ts'

let desk: TestDesk
beforeAll(async () => {
  desk = await testDesk()
}, 60_000)
afterAll(() => desk?.close(), 60_000)

const day = 86_400_000
const soon = (days: number) => new Date(Date.now() + days * day).toISOString()
const wall = (days: number) => soon(days).slice(0, 16)
/** All that a refusal must leave as it was. */
const tables = [
  'fact',
  'definition',
  'ticket',
  'onCallRotation',
  'maintenanceContract',
  'licence',
  'absence',
  'changeWindow',
  'cabMeeting',
  'delegation',
] as const
const stored = () =>
  Promise.all(
    tables.map(async (table) => {
      const counted = desk.database.owner.selectFrom(table).select((eb) => eb.fn.countAll().as('rows'))
      return `${table} ${(await counted.executeTakeFirstOrThrow()).rows}`
    }),
  )
interface Place {
  path: string
  code: string
  message: string
  elementId?: string
}
const errorsOf = ({ json }: Answer): Place[] => json.errors ?? []
const placesOf = (answer: Answer) => errorsOf(answer).map(({ path, elementId, code }) => `${elementId ?? path}: ${code}`)
const messagesOf = (answer: Answer) => errorsOf(answer).map(({ message }) => message)

/** Asked in both languages: the same refusal, in other words. */
async function refused(path: string, body: unknown): Promise<string[]> {
  const call = await desk.as('administrator')
  const before = await stored()
  const [french, english] = [
    await call(path, { body, headers: { 'accept-language': 'fr' } }),
    await call(path, { body, headers: { 'accept-language': 'en' } }),
  ]
  expect([french.status, english.status], english.text).toEqual([422, 422])
  expect(placesOf(french)).toEqual(placesOf(english))
  for (const [index, message] of messagesOf(french).entries()) expect(message).not.toBe(messagesOf(english)[index])
  expect(await stored()).toEqual(before)
  return placesOf(english)
}

describe('a record', () => {
  const rotation = {
    name: 'Nuits',
    groupId: 'network',
    level: 1,
    timeZone: 'Europe/Paris',
    memberIds: ['mei'],
    handover: 'weekly',
    handoverWeekday: 1,
    handoverTime: '09:00',
    startsOn: '2026-11-02',
    endsOn: null,
    days: 'all',
    coversFrom: null,
    coversTo: null,
  }
  const contract = { reference: 'C-1', name: 'Onduleurs', ownerId: 'alex', supplierId: 'x', startsOn: '2026-01-01', endsOn: '2026-12-31' }
  const seats = { name: 'CAO', seats: 1 }
  const away = { personId: 'alex', startsOn: '2026-02-02', endsOn: '2026-02-01' }
  it.each<[string, string, object, string]>([
    ['a rotation without members', 'on-call-rotations', { ...rotation, memberIds: [] }, 'memberIds: noMembers'],
    ['a rotation of nobody known', 'on-call-rotations', { ...rotation, memberIds: ['ghost'] }, 'memberIds: unknownReference'],
    ['a rotation that ends before it starts', 'on-call-rotations', { ...rotation, endsOn: '2026-11-01' }, 'endsOn: endsBeforeStart'],
    ['a rotation in no zone', 'on-call-rotations', { ...rotation, timeZone: 'Europe/Lutetia' }, 'timeZone: unknownTimeZone'],
    ['a rotation of no hours', 'on-call-rotations', { ...rotation, coversFrom: '09:00', coversTo: '09:00' }, 'coversTo: emptySpan'],
    ['a weekly rotation without its day', 'on-call-rotations', { ...rotation, handoverWeekday: null }, 'handoverWeekday: weekdayNeeded'],
    ['a contract that ends before it starts', 'contracts', { ...contract, endsOn: '2025-12-31' }, 'endsOn: endsBeforeStart'],
    ['a contract with a notice beyond its term', 'contracts', { ...contract, noticeValue: 24 }, 'noticeValue: noticeBeyondTerm'],
    ['a contract at a negative price', 'contracts', { ...contract, annualCost: -1 }, 'annualCost: tooSmall'],
    [
      'a licence that ends before it starts',
      'licences',
      { ...seats, startsOn: '2026-02-01', endsOn: '2026-01-01' },
      'endsOn: endsBeforeStart',
    ],
    ['a licence of fewer than no seats', 'licences', { ...seats, seats: -1 }, 'seats: tooSmall'],
    ['an absence that ends before it starts', 'absences', away, 'endsOn: endsBeforeStart'],
    ['a service in hours that are not there', 'services', { code: 'x', name: 'X', calendarId: 'moon' }, 'calendarId: unknownReference'],
  ])('%s', async (_, path, values, expected) => expect(await refused(`/records/${path}`, { values })).toEqual([`values.${expected}`]))

  it('a person under himself, or under somebody who is under him', async () => {
    const call = await desk.as('administrator')
    const manage = async (id: string, managerId: string) => {
      const { version } = (await call(`/records/people/${id}`)).json
      return call(`/records/people/${id}`, { method: 'PATCH', body: { version, values: { managerId } } })
    }
    expect((await manage('julie', 'emma')).status).toBe(200)
    const answers = [await manage('julie', 'julie'), await manage('emma', 'julie')]
    expect(answers.map((answer) => [answer.status, ...placesOf(answer)])).toEqual(Array(2).fill([422, 'values.managerId: referenceCircle']))
    expect((await call('/records/people/emma')).json.values.managerId).not.toBe('julie')
  })
})

describe('a definition', () => {
  type Kind = 'calendar' | 'sla' | 'form' | 'catalogue' | 'decision'
  /** With this change of what is deployed. */
  const changed = async (kind: Kind, id: string, edit: (source: string) => string) => {
    const current = await getDefinition(desk.database.db, kind, id)
    const source = edit(current?.source ?? '')
    expect(source).not.toBe(current?.source)
    return refused(`/definitions/${kind}/${id}`, { source, baseVersion: current?.version })
  }
  // biome-ignore lint/suspicious/noExplicitAny: definitions of several kinds, broken on purpose
  const json = (edit: (parsed: any) => void) => (source: string) => {
    const parsed = JSON.parse(source)
    edit(parsed)
    return JSON.stringify(parsed)
  }
  it.each<[string, Kind, string, (source: string) => string, string]>([
    [
      'a calendar without working time',
      'calendar',
      'fr-business',
      json((calendar) => Object.assign(calendar, { week: {}, exceptions: [] })),
      'week: noWorkingTime',
    ],
    [
      'a calendar in no zone',
      'calendar',
      'fr-business',
      json((one) => Object.assign(one, { timeZone: 'Moon' })),
      'timeZone: unknownTimeZone',
    ],
    [
      'a form whose field has no key',
      'form',
      'incident-triage',
      json(({ components }) => delete components[0].key),
      'components.0.key: schema',
    ],
    [
      'an item whose form is not there',
      'catalogue',
      'laptop',
      json((item) => Object.assign(item, { formId: 'gone' })),
      'formId: unknownReference',
    ],
    [
      'an item at a negative price',
      'catalogue',
      'laptop',
      json(({ price }) => Object.assign(price, { amount: -5 })),
      'price.amount: schema',
    ],
    [
      'an item that nobody of that name approves',
      'catalogue',
      'laptop',
      json(({ approvals }) => Object.assign(approvals[0], { approvers: ['manager', { person: 'ghost' }] })),
      'approvals.0.approvers.1: unknownReference',
    ],
    [
      'an item for a group that is not there',
      'catalogue',
      'laptop',
      json((item) => Object.assign(item, { audience: { groups: ['nowhere'] } })),
      'audience.groups.0: unknownReference',
    ],
    [
      'an item that asks more voices than there are',
      'catalogue',
      'laptop',
      json(({ approvals }) => Object.assign(approvals[0], { quorum: 3 })),
      'approvals.0.quorum: quorumTooLarge',
    ],
    [
      'a policy on a calendar that is not there',
      'sla',
      'incident',
      json(({ clocks }) => Object.assign(clocks[0], { calendarId: 'moon' })),
      'incident.firstResponse: unknownCalendar',
    ],
    [
      'a target of zero',
      'decision',
      'incident-targets',
      (xml) => xml.replace('<text>15</text>', '<text>0</text>'),
      'targets-1: targetNotPositive',
    ],
    [
      'a quorum larger than the board',
      'decision',
      'change-approval',
      (xml) => xml.replace(/(id="change-approval-very-high-out3">\s*<text>)3/, (_, head: string) => `${head}9`),
      'change-approval-very-high: quorumBeyondGroup',
    ],
  ])('%s', async (_, kind, id, edit, expected) => expect(await changed(kind, id, edit)).toEqual([expected]))

  it('a table of which one row may fit, with rows that overlap', async () => {
    const found = await changed('decision', 'incident-targets', (xml) =>
      xml
        .replace('hitPolicy="FIRST"', 'hitPolicy="UNIQUE"')
        .replace('hitPolicy="UNIQUE"', 'hitPolicy="UNIQUE"')
        .replace(/<text>2<\/text>/, '<text>1</text>'),
    )
    expect(found).toContain('targets-2: overlappingRules')
  })
  it('a template with a name that nothing fills is deployed with a warning at its line', async () => {
    const call = await desk.as('administrator')
    const source = 'subject: {{number}}\n--- text\n{{nickname}}\n--- html\n<p>{{number}}</p>\n'
    const checked = await call('/definitions/template/check', { body: { source } })
    expect(checked.json.diagnostics).toMatchObject([{ code: 'unknownVariable', elementId: 'line 3', params: { name: 'nickname' } }])
  })
})

describe('elsewhere', () => {
  const everything = {
    kind: 'blackout',
    name: 'Gel',
    timeZone: 'UTC',
    startsAt: wall(-1),
    endsAt: wall(365),
    scope: { type: 'everything' },
  }
  const meeting = { title: 'CAB', startsAt: soon(1), endsAt: soon(2), chairId: 'helene', memberIds: ['helene', 'mei'], quorum: 3 }
  const rule = { id: 'none', name: { fr: 'x', en: 'x' }, field: 'category', least: 0, days: 0, isActive: true }
  it.each<[string, string, object, string[]]>([
    ['a blackout over everything', '/change-windows', everything, ['endsAt: change.noFreeMoment']],
    ['a meeting whose quorum is larger than its members', '/cab-meetings', meeting, ['quorum: change.quorumTooLarge']],
    ['a recurrence rule of nothing in no time', '/recurrence-rules', rule, ['least: too_small', 'days: too_small']],
    [
      'a delegation to oneself',
      '/delegations',
      { delegateId: 'admin', startsAt: soon(0), endsAt: soon(1) },
      ['delegateId: delegateIsSelf'],
    ],
    [
      'a delegation that ends before it starts',
      '/delegations',
      { delegateId: 'alex', startsAt: soon(2), endsAt: soon(1) },
      ['endsAt: endsBeforeStart'],
    ],
  ])('%s', async (_, path, body, expected) => expect(await refused(path, body)).toEqual(expected))

  it('a delegation in a circle', async () => {
    const call = await desk.as('administrator')
    const span = { startsAt: soon(0), endsAt: soon(5) }
    expect((await call('/delegations', { body: { personId: 'alex', delegateId: 'admin', ...span } })).status).toBe(201)
    expect(await refused('/delegations', { delegateId: 'alex', ...span })).toEqual(['delegateId: delegationCycle'])
  })
  it.each([
    ['in UTF-16', Buffer.from('\ufeffCode;Nom\nA;Aix\n', 'utf16le'), 422],
    ['larger than a file may be', `Code;Nom\n${'A;Aix\n'.repeat(2_000_000)}`, 413],
  ])('a file %s', async (_, text, status) => {
    const call = await desk.as('administrator')
    const before = await stored()
    const answer = await call('/records/sites/import', {
      body: { content: Buffer.from(text).toString('base64'), isDryRun: false, mapping: {} },
    })
    expect([answer.status, answer.json.remedy]).toEqual([status, expect.any(String)])
    expect(await stored()).toEqual(before)
  })
  it('a file whose headings name no field that must be filled in adds nothing, and says which is missing', async () => {
    const call = await desk.as('administrator')
    const before = await stored()
    const content = Buffer.from('Code;Couleur\nA;bleu\n').toString('base64')
    const answer = await call('/records/sites/import', { body: { content, isDryRun: false, mapping: {} } })
    expect(answer.json).toMatchObject({ counts: { add: 0, refused: 1 }, headers: [{ field: 'code' }, { header: 'Couleur', field: null }] })
    expect(answer.json.rows[0].problems).toMatchObject([{ code: 'required' }])
    expect(await stored()).toEqual(before)
  })
})
