import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type TestDesk, testDesk } from './desk.ts'

let desk: TestDesk
beforeAll(async () => {
  desk = await testDesk({ hasDefinitions: false })
})
afterAll(() => desk.close())

const admin = async (path: string, init?: Parameters<Awaited<ReturnType<TestDesk['as']>>>[1]): Promise<Answer> =>
  (await desk.as('administrator'))(path, init)
const add = async (path: string, values: Record<string, unknown>): Promise<Answer> => admin(`/records/${path}`, { body: { values } })
const item = async (code: string, more: Record<string, unknown> = {}): Promise<string> =>
  (await add('configuration-items', { code, name: `Name of ${code}`, class: 'server', ...more })).json.id
const relation = (fromId: string, toId: string, kind = 'dependsOn') => add('ci-relations', { fromId, kind, toId })
const places = (answer: Answer): string[] =>
  (answer.json.errors ?? []).map((each: { path: string; code: string }) => `${each.path}: ${each.code}`)

describe('a record', () => {
  it('is added, read, changed and archived, with a fact for each field', async () => {
    const made = await add('suppliers', { name: 'Sogelink', email: 'Support@Sogelink.example' })
    expect([made.status, made.json.values.email]).toEqual([201, 'support@sogelink.example'])
    const { id, version } = made.json
    const changed = await admin(`/records/suppliers/${id}`, { method: 'PATCH', body: { version, values: { phone: '01 40 00 00 00' } } })
    expect(changed.json.values).toMatchObject({ name: 'Sogelink', phone: '01 40 00 00 00' })
    await admin(`/records/suppliers/${id}/archive`, { body: { version: changed.json.version, isArchived: true } })
    expect((await admin('/records/suppliers?q=sogelink')).json).toMatchObject({ items: [], total: 0 })
    expect((await admin('/records/suppliers?q=sogelink&archived=only')).json.total).toBe(1)
    const history = (await admin(`/records/suppliers/${id}/history`)).json.items
    expect(history.map((each: { field: string; actor: { id: string } }) => `${each.field} ${each.actor.id}`)).toEqual([
      'archivedAt admin',
      'phone admin',
      'email admin',
      'name admin',
    ])
  })

  it('that somebody saved meanwhile is refused with what he changed', async () => {
    const { id, version } = (await add('sites', { code: 'LYO', name: 'Lyon' })).json
    await admin(`/records/sites/${id}`, { method: 'PATCH', body: { version, values: { city: 'Villeurbanne' } } })
    const late = await admin(`/records/sites/${id}`, { method: 'PATCH', body: { version, values: { city: 'Lyon 3e' } } })
    expect([late.status, late.json.code]).toEqual([409, 'recordConflict'])
    expect(late.json.errors).toEqual([{ path: 'values.city', code: 'changedMeanwhile', message: '"Villeurbanne"' }])
    expect((await admin(`/records/sites/${id}`)).json.values.city).toBe('Villeurbanne')
  })

  it('twice at once is saved once', async () => {
    const { id, version } = (await add('sites', { code: 'NTE', name: 'Nantes' })).json
    const answers = await Promise.all(
      ['A', 'B', 'C'].map((city) => admin(`/records/sites/${id}`, { method: 'PATCH', body: { version, values: { city } } })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
  })

  it.each<[string, string, Record<string, unknown>, string[]]>([
    ['nothing filled in', 'configuration-items', {}, ['values.code: required', 'values.name: required', 'values.class: required']],
    ['a class that there is not', 'configuration-items', { code: 'X1', name: 'X', class: 'toaster' }, ['values.class: notAChoice']],
    [
      'a reference to nothing',
      'configuration-items',
      { code: 'X2', name: 'X', class: 'server', groupId: 'nobody' },
      ['values.groupId: unknownReference'],
    ],
    ['a field of another noun', 'suppliers', { name: 'X', colour: 'red' }, ['values.colour: unknownField']],
    ['a time zone that there is not', 'sites', { code: 'X', name: 'X', timeZone: 'Europe/Lutetia' }, ['values.timeZone: unknownTimeZone']],
  ])('with %s is refused at the field', async (_name, path, values, expected) => {
    const answer = await add(path, values)
    expect([answer.status, ...places(answer)]).toEqual([422, ...expected])
  })

  it('with the key of another is refused at the key, in the language asked for', async () => {
    await item('DUP-1')
    const answer = await admin('/records/configuration-items', {
      body: { values: { code: 'DUP-1', name: 'Other', class: 'server' } },
      headers: { 'accept-language': 'fr' },
    })
    expect([answer.status, ...places(answer)]).toEqual([409, 'values.code: keyTaken'])
    expect(answer.json.errors[0].message).toContain('Une autre fiche')
  })

  it('is written by those who may only', async () => {
    const agent = await desk.as('agent')
    expect((await agent('/records/sites', { body: { values: { code: 'Z', name: 'Z' } } })).status).toBe(403)
    expect((await (await desk.as('requester'))('/records/configuration-items')).status).toBe(403)
  })

  it('is listed by pages, filtered, without regard to accents', async () => {
    for (let n = 0; n < 7; n += 1) await item(`PAGE-${n}`, { class: 'printer', name: `Imprimante générale ${n}` })
    const seen: string[] = []
    for (let cursor = ''; ; ) {
      const page = (await admin(`/records/configuration-items?class=printer&q=GENERALE&limit=3${cursor && `&cursor=${cursor}`}`)).json
      seen.push(...page.items.map((each: { values: { code: string } }) => each.values.code))
      if (!page.nextCursor) break
      cursor = page.nextCursor
    }
    expect(seen).toEqual(Array.from({ length: 7 }, (_, n) => `PAGE-${n}`))
  })
})

describe('people and groups', () => {
  it('are records too: memberships are seen from both sides', async () => {
    const david = (await admin('/records/people/david')).json
    expect(david.values.groupIds).toEqual(['applications'])
    const changed = await admin('/records/people/david', {
      method: 'PATCH',
      body: { version: david.version, values: { groupIds: ['applications', 'network'] } },
    })
    expect(changed.status).toBe(200)
    expect((await admin('/records/groups/network')).json.values.memberIds).toContain('david')
    expect(changed.json.names.groupIds.network).toContain('Réseau')
  })

  it('who left cannot sign in and are offered nowhere', async () => {
    const paul = (await admin('/records/people/paul')).json
    await admin('/records/people/paul/archive', { body: { version: paul.version, isArchived: true } })
    expect((await admin('/people?q=vasseur')).json.items).toEqual([])
    const answer = await add('configuration-items', { code: 'OWN', name: 'X', class: 'server', ownerId: 'paul' })
    expect(places(answer)).toEqual(['values.ownerId: unknownReference'])
  })
})

describe('impact', () => {
  it('is walked both ways, through cycles, and shows the open tickets', async () => {
    const [app, database, server, front] = [await item('IMP-APP'), await item('IMP-DB'), await item('IMP-SRV'), await item('IMP-WEB')]
    for (const [from, to] of [
      [app, database],
      [database, server],
      [front, app],
      [server, front],
    ] as const)
      expect((await relation(from, to)).status).toBe(201)
    const { upstream, downstream, isCut } = (await admin(`/records/configuration-items/${server}/impact`)).json
    const codes = (items: { code: string; distance: number }[]) => items.map((each) => `${each.code} ${each.distance}`)
    expect(codes(upstream)).toEqual(['IMP-DB 1', 'IMP-APP 2', 'IMP-WEB 3'])
    expect(codes(downstream)).toEqual(['IMP-WEB 1', 'IMP-APP 2', 'IMP-DB 3'])
    expect(isCut).toBe(false)
    expect((await admin(`/records/configuration-items/${server}/impact?depth=1`)).json).toMatchObject({ isCut: true })
  })

  it('refuses an item that relies on itself', async () => {
    const app = await item('SELF')
    expect(places(await relation(app, app))).toEqual(['values.toId: relationToItself'])
  })
})
