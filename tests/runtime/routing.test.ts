import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Calendar } from '#schema/calendar'
import { nouns } from '#schema/nouns'
import { RoutingReason } from '#domain/routing'
import { deployDefinition } from '../../activities/store/definition/definitions.ts'
import { saveRecord } from '../../activities/store/record/records.ts'
import { createDesk, type Desk, openTask, requester } from './desk.ts'
import { ticketOf } from './steps.ts'

let desk: Desk
const applications = 'applications'

/** Open on one weekday that is neither today nor next to it. */
function closedNow(): Calendar {
  const day = ((new Date().getUTCDay() + 2) % 7) + 1
  const week = { [String(day)]: [{ from: '09:00', to: '10:00' }] }
  return {
    id: 'closed-now',
    version: 1,
    name: { fr: 'Fermé', en: 'Closed' },
    timeZone: 'UTC',
    week,
    holidayCountry: null,
    holidays: [],
    exceptions: [],
  }
}

const isoDay = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
async function put(noun: keyof typeof nouns, values: Record<string, unknown>): Promise<string> {
  const saved = await saveRecord(desk.db, nouns[noun], { id: null, version: null, values }, 'admin')
  if (!saved.ok) throw new Error(`expected ${noun} to be saved, found ${JSON.stringify(saved)}`)
  return saved.record.id
}
const hours = (calendarId: string) => desk.db.updateTable('supportGroup').set({ calendarId }).where('id', '=', applications).execute()
const expert = async (id: string, skillId: string | null) => {
  await desk.db
    .insertInto('person')
    .values({ id, name: id, email: `${id}@example.org`, roles: ['agent'], locale: 'fr' })
    .execute()
  await desk.db.insertInto('groupMember').values({ groupId: applications, personId: id }).execute()
  if (skillId !== null) await desk.db.insertInto('personSkill').values({ personId: id, skillId }).execute()
}

beforeAll(async () => {
  desk = await createDesk()
  await deployDefinition(desk.db, {
    kind: 'calendar',
    id: 'closed-now',
    source: JSON.stringify(closedNow()),
    baseVersion: null,
    actorId: 'admin',
  })
  const erp = await put('skill', { code: 'erp', name: 'ERP', nameEn: null })
  await expert('lucie', erp)
  await expert('david', erp)
  await expert('nadia', erp)
  await expert('tom', null)
  await put('absence', { personId: 'nadia', startsOn: isoDay(-1), endsOn: isoDay(1), reason: 'Congés' })
  const rotation = {
    name: 'Applications',
    groupId: applications,
    level: 1,
    timeZone: 'Europe/Paris',
    memberIds: ['david'],
    handover: 'weekly',
  }
  const rest = {
    handoverWeekday: 1,
    handoverTime: '09:00',
    startsOn: isoDay(-30),
    endsOn: null,
    days: 'all',
    coversFrom: null,
    coversTo: null,
  }
  await put('on-call-rotation', { ...rotation, ...rest })
  await desk.startWorker()
})
afterAll(() => desk.close())

async function routed(impact: 1 | 2 | 3, urgency: 1 | 2 | 3, more: Record<string, unknown> = {}) {
  const fields = { title: 'The ERP is down', requesterId: requester.id, category: 'application', service: 'erp', impact, urgency, ...more }
  const ticketId = await desk.start({ fields })
  await openTask(desk, ticketId, 'triage')
  const { variables } = await desk.snapshot(ticketId)
  const ticket = await ticketOf(desk, ticketId)
  return { ticketId, ticket, reason: variables.routingReason ? RoutingReason.parse(variables.routingReason) : null }
}

test('a high incident on a business application goes to who can, is there, and has the least to do', async () => {
  await hours('always')
  const first = await routed(1, 2)
  expect(first.reason).toMatchObject({
    groupId: applications,
    mode: 'leastLoad',
    skills: ['erp'],
    ruleIds: ['business-outage'],
    why: 'leastLoad',
  })
  const told = first.reason?.candidates.map(({ id, isAway, missingSkills }) => `${id} ${isAway} ${missingSkills.join()}`)
  expect(told).toEqual(expect.arrayContaining(['nadia true ', 'tom false erp', 'lucie false ', 'david false ']))
  const second = await routed(1, 2)
  expect([first.ticket.assigneeId, second.ticket.assigneeId].sort()).toEqual(['david', 'lucie'])
  expect(first.ticket.status).toBe('assigned')
})

test('tickets that come at once do not all go to one person', async () => {
  const all = await Promise.all([routed(1, 2), routed(1, 2), routed(1, 2), routed(1, 2)])
  const people = all.map(({ ticket }) => ticket.assigneeId).sort()
  expect(people).toEqual(['david', 'david', 'lucie', 'lucie'])
})

test('a critical one outside the hours goes to who is on call, and he is told', async () => {
  await hours('closed-now')
  const { ticketId, ticket, reason } = await routed(1, 1)
  expect(reason).toMatchObject({ mode: 'onCall', why: 'onCall', isGroupOpen: false, ruleIds: ['critical-business'] })
  expect(ticket.assigneeId).toBe('david')
  const mails = await desk.db.selectFrom('mailOut').select(['recipient', 'template']).where('ticketId', '=', ticketId).execute()
  expect(mails).toContainEqual({ recipient: 'david@example.org', template: 'assigned' })
})

test('within the hours it waits in the queue, with the reason', async () => {
  await hours('always')
  const { ticket, reason } = await routed(1, 1)
  expect([ticket.assigneeId, ticket.groupId, reason?.why]).toEqual([null, applications, 'groupOpen'])
})

test('everything else goes to the first level, which picks for itself', async () => {
  const { ticket, reason } = await routed(2, 2, { category: 'access', service: 'email' })
  expect([ticket.groupId, ticket.assigneeId, reason]).toEqual(['service-desk', null, null])
})
