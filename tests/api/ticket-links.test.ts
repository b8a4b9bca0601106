import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTicket } from '../../activities/store/ticket/intake.ts'
import { type TestDesk, testDesk } from './desk.ts'

let desk: TestDesk
const numbers: string[] = []
beforeAll(async () => {
  desk = await testDesk()
  for (const title of ['Printer', 'Printer again', 'Printer still', 'Mail'])
    numbers.push((await openTicket(desk.database.db, incident(title))).number)
})
afterAll(() => desk.close())

const incident = (title: string) => ({
  kind: 'incident' as const,
  channel: 'portal' as const,
  openedById: 'camille',
  fields: { title, requesterId: 'camille' },
})
const at = (index: number) => `/tickets/${numbers[index]}/links`
const post = async (index: number, body: unknown, role: 'agent' | 'requester' = 'agent') => (await desk.as(role))(at(index), { body })

it('links two tickets, and each shows the other from its own side', async () => {
  const made = await post(0, { kind: 'childOf', other: numbers[1], reason: 'same printer' })
  expect(made.status).toBe(201)
  const [child, parent] = await Promise.all([0, 1].map(async (index) => (await (await desk.as('agent'))(at(index))).json.items))
  expect(child).toMatchObject([{ kind: 'childOf', direction: 'out', other: { number: numbers[1] }, reason: 'same printer' }])
  expect(parent).toMatchObject([{ kind: 'childOf', direction: 'in', other: { number: numbers[0] } }])
})

it.each([
  ['to itself', 0, { kind: 'related', other: 0 }, 422, 'linkToSelf'],
  ['in a circle', 1, { kind: 'childOf', other: 0 }, 409, 'linkCycle'],
  ['twice', 0, { kind: 'childOf', other: 1 }, 409, 'alreadyLinked'],
  ['to a second parent', 0, { kind: 'childOf', other: 2 }, 409, 'hasParent'],
  ['to an incident as a cause', 0, { kind: 'causedBy', other: 2 }, 422, 'linkKindMismatch'],
  ['to an unknown ticket', 0, { kind: 'related', other: 'INC-999999' }, 404, 'ticketNotFound'],
  ['of an unknown kind', 0, { kind: 'friendOf', other: 2 }, 422, 'invalidCall'],
] as const)('refuses a link %s, names the field, and changes nothing', async (_, index, { kind, other }, status, code) => {
  const before = await desk.database.db.selectFrom('ticketLink').select('id').execute()
  const answer = await post(index, { kind, other: typeof other === 'number' ? numbers[other] : other })
  expect([answer.status, answer.json.code]).toEqual([status, code])
  if (status !== 404) expect(answer.json.errors[0].path).toBe(code === 'invalidCall' ? 'kind' : 'other')
  if (code !== 'invalidCall') expect(answer.json.remedy).toBeTruthy()
  expect(await desk.database.db.selectFrom('ticketLink').select('id').execute()).toEqual(before)
})

it('refuses a requester, who neither links nor sees tickets of others', async () => {
  expect((await post(0, { kind: 'related', other: numbers[2] }, 'requester')).json.code).toBe('forbidden')
  const foreign = await openTicket(desk.database.db, {
    ...incident('Not his'),
    openedById: 'alex',
    fields: { title: 'Not his', requesterId: 'alex' },
  })
  await post(3, { kind: 'related', other: foreign.number })
  const asRequester = await desk.as('requester')
  expect((await asRequester(at(3))).json.items).toEqual([])
  expect((await asRequester(`/tickets/${foreign.number}/links`)).json.code).toBe('ticketNotFound')
})

it('a call repeated under its key links once', async () => {
  const call = { body: { kind: 'related', other: numbers[3] }, headers: { 'idempotency-key': 'once' } }
  const asAgent = await desk.as('agent')
  const [first, second] = [await asAgent(at(2), call), await asAgent(at(2), call)]
  expect(second.json).toEqual(first.json)
  expect((await asAgent(at(2))).json.items).toHaveLength(1)
})

it('removes a link with a reason, once', async () => {
  const asAgent = await desk.as('agent')
  const [link] = (await asAgent(at(2))).json.items
  const path = `${at(2)}/${link.linkId}/remove`
  expect((await asAgent(path, { body: { reason: ' ' } })).json.errors[0].path).toBe('reason')
  expect((await asAgent(path, { body: { reason: 'not related' } })).status).toBe(204)
  expect((await asAgent(path, { body: { reason: 'again' } })).json.code).toBe('unknownLink')
  expect((await asAgent(at(3))).json.items.map((each: { other: { number: string } }) => each.other.number)).not.toContain(numbers[2])
})
