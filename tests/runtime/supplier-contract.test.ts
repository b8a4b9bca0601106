/** The supplier's clock reads the contract behind the ticket's item; a group's clock runs on the group's own hours. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addDays } from '#schema/calendar-date'
import { type NounId, nouns } from '#schema/nouns'
import { deliverCommands } from '../../activities/intake-starter.ts'
import { composeBundle } from '../../activities/store/definition/definitions.ts'
import { saveRecord } from '../../activities/store/record/records.ts'
import { agent, createDesk, type Desk, openTask, requester, until } from './desk.ts'
import { triage } from './steps.ts'

let desk: Desk
const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris' }).format(Date.now())
const save = async (noun: NounId, id: string, values: Record<string, unknown>, isNew = true): Promise<void> => {
  const saved = await saveRecord(desk.db, nouns[noun], { id: isNew ? null : id, version: null, values, newId: id }, 'admin')
  if (!saved.ok) throw new Error(`expected ${noun} ${id}, found ${JSON.stringify(saved)}`)
}
const item = (id: string) =>
  save('configuration-item', id, {
    ...{ code: id, name: id, class: 'server', status: 'inUse', environment: 'production', criticality: 'normal' },
    ...{ serviceId: null, groupId: null, ownerId: null, siteId: null, supplierId: null, description: null },
  })
const contract = (id: string, change: Record<string, unknown>, isNew = true) =>
  save(
    'maintenance-contract',
    id,
    {
      ...{ reference: id, name: id, supplierId: 'sup', ownerId: agent.id, startsOn: addDays(today, -300), endsOn: addDays(today, 300) },
      ...{ isTacit: true, renewalMonths: 12, noticeValue: 30, noticeUnit: 'days', leadDays: 30, calendarId: 'always', annualCost: null },
      ...{ responseMinutes: 30, resolutionMinutes: 90, ciIds: [], decision: 'none', status: 'active', notes: null },
      ...change,
    },
    isNew,
  )
const open = (ciId: string | null) =>
  desk.start({
    kind: 'incident',
    channel: 'portal',
    openedById: requester.id,
    fields: {
      title: 'Panne',
      description: 'Depuis ce matin.',
      requesterId: requester.id,
      impact: 2,
      urgency: 2,
      category: 'network',
      ciId,
    },
  })
const clocksOf = (ticketId: string, kind: string) =>
  desk.db
    .selectFrom('clock')
    .select(['clockId', 'targetMs', 'calendarId', 'isCalendarFallback', 'state'])
    .where('ticketId', '=', ticketId)
    .where('kind', '=', kind)
    .orderBy('startedAt')
    .execute()
const variablesOf = async (ticketId: string) => (await desk.snapshot(ticketId)).variables
async function handToSupplier(ticketId: string): Promise<void> {
  await triage(desk, ticketId)
  const waitId = await openTask(desk, ticketId, 'resolve')
  const hold = { resolveOutcome: 'hold', holdReason: 'supplier', pendingReason: 'Carte en commande', holdUntil: addDays(today, 3) }
  await desk.update(ticketId, 'completeTask', { waitId, variables: hold })
  await openTask(desk, ticketId, 'onHold')
}

beforeAll(async () => {
  desk = await createDesk()
  await save('supplier', 'sup', { name: 'Sogelink', contact: null, email: null, phone: null, customerNumber: null, notes: null })
  for (const id of ['ci-covered', 'ci-late', 'ci-bare']) await item(id)
  await contract('C-FIBRE', { ciIds: ['ci-covered'] })
  await contract('C-OLD', {
    ciIds: ['ci-late'],
    startsOn: addDays(today, -500),
    endsOn: addDays(today, -3),
    isTacit: false,
    renewalMonths: 0,
  })
  await desk.startWorker()
})
afterAll(() => desk.close())

describe('a ticket handed to the supplier', () => {
  test('has the time, and the hours, that the contract of its item gives', async () => {
    const ticketId = await open('ci-covered')
    expect(await variablesOf(ticketId)).toMatchObject({
      contractState: 'inForce',
      contractReference: 'C-FIBRE',
      contractSupplier: 'Sogelink',
    })
    await handToSupplier(ticketId)
    expect(await clocksOf(ticketId, 'uc')).toEqual([
      { clockId: 'incident-supplier.return', targetMs: 90 * 60_000, calendarId: 'always', isCalendarFallback: false, state: 'running' },
    ])
  })

  test('without a contract has the customary time on the policy’s hours, and says so', async () => {
    const ticketId = await open('ci-bare')
    await handToSupplier(ticketId)
    expect(await clocksOf(ticketId, 'uc')).toMatchObject([{ targetMs: 1530 * 60_000, calendarId: 'fr-business', isCalendarFallback: true }])
  })

  test('whose contract is over has no clock: the supplier is bound to nothing, and the ticket tells', async () => {
    const ticketId = await open(null)
    // The item is found out later; the register is asked then.
    await desk.update(ticketId, 'changeTicket', { fields: { ciId: 'ci-late' } })
    const told = await until('the contract on the ticket', async () => {
      await deliverCommands(desk.db, desk.client)
      const variables = await variablesOf(ticketId)
      return variables.contractState === 'expired' ? variables : null
    })
    expect(told).toMatchObject({ contractReference: 'C-OLD', contractEndsOn: addDays(today, -3), contractResolutionMinutes: null })
    await handToSupplier(ticketId)
    expect(await clocksOf(ticketId, 'uc')).toEqual([])
  })
})

test('a group’s own clock runs on the hours of the group’s record, else on the policy’s, with that said', async () => {
  await desk.db.updateTable('supportGroup').set({ calendarId: 'always' }).where('id', '=', 'network').execute()
  const { bundle } = await composeBundle(desk.db, 'incident')
  expect(bundle.policies.find(({ id }) => id === 'incident-ola')?.clocks[0]?.calendar).toEqual({
    by: 'group',
    calendars: { network: 'always' },
  })
  const ticketId = await open(null)
  await triage(desk, ticketId, 'reassign', { groupId: 'network' })
  const clocks = await until('both groups’ clocks', async () => {
    const found = await clocksOf(ticketId, 'ola')
    return found.length === 2 && found
  })
  expect(clocks.map(({ calendarId, isCalendarFallback }) => [calendarId, isCalendarFallback])).toEqual([
    ['fr-business', true],
    ['always', false],
  ])
})
