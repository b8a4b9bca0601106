/** Who hears of something that is told to whoever is on call: by rotations, overrides and absences, on the real database. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RecordValues } from '#schema/noun'
import { nouns } from '#schema/nouns'
import { archiveRecord, saveRecord } from '../../activities/store/record/records.ts'
import { openTicket } from '../../activities/store/ticket/intake.ts'
import { recipientsOf, ticketToNotify } from '../../activities/tasks/recipients.ts'
import { type TestDesk, testDesk } from '../api/desk.ts'

let desk: TestDesk
let ticketId: string
const day = 86_400_000
const date = (ms: number) => new Date(Date.now() + ms).toISOString().slice(0, 10)
const instant = (ms: number) => new Date(Date.now() + ms).toISOString()

async function save(noun: 'on-call-rotation' | 'on-call-override' | 'absence', values: RecordValues): Promise<string> {
  const saved = await saveRecord(desk.database.db, nouns[noun], { id: null, version: null, values }, 'admin')
  if (!saved.ok) throw new Error(JSON.stringify(saved))
  return saved.record.id
}
const drop = (noun: 'on-call-rotation' | 'on-call-override' | 'absence', id: string) =>
  archiveRecord(desk.database.db, nouns[noun], { id, version: null, isArchived: true }, 'admin')
const rotation = (name: string, level: number, memberIds: string[]) =>
  save('on-call-rotation', {
    name,
    groupId: 'network',
    level,
    timeZone: 'Europe/Paris',
    memberIds,
    handover: 'daily',
    handoverWeekday: null,
    handoverTime: '09:00',
    startsOn: date(-7 * day),
    endsOn: null,
    days: 'all',
    coversFrom: null,
    coversTo: null,
  })
const told = async (input: Record<string, string | string[]> = {}) => {
  const { db } = desk.database
  const found = await recipientsOf(db, 'onCall', { ticketId, ticket: await ticketToNotify(db, ticketId), input })
  return found.map(({ id }) => id)
}

beforeAll(async () => {
  desk = await testDesk()
  const opened = await openTicket(desk.database.db, {
    kind: 'incident',
    processId: 'incident',
    channel: 'phone',
    openedById: 'alex',
    fields: { title: 'No network', requesterId: 'camille', groupId: 'network' },
  })
  ticketId = opened.ticketId
}, 60_000)
afterAll(() => desk?.close(), 60_000)

it('is the whole group where it has no rotation', async () => expect(await told()).toEqual(['karim', 'mei']))

it('is who has the shift now; his stand-in when there is an override; the next level when he is away', async () => {
  const first = await rotation('Network, first', 1, ['mei'])
  await rotation('Network, second', 2, ['karim'])
  expect(await told()).toEqual(['mei'])
  const override = await save('on-call-override', {
    rotationId: first,
    personId: 'lucie',
    startsAt: instant(-day),
    endsAt: instant(day),
    reason: 'Swap',
  })
  expect(await told()).toEqual(['lucie'])
  await drop('on-call-override', override)
  const absence = await save('absence', { personId: 'mei', startsOn: date(-day), endsOn: date(2 * day), reason: null })
  expect(await told()).toEqual(['karim'])
  await drop('absence', absence)
  expect(await told()).toEqual(['mei'])
})

it('is whom the task names, person or group, before the ticket’s own rotation', async () => {
  expect(await told({ onCall: ['david'] })).toEqual(['david'])
  expect(await told({ onCallGroup: 'applications' })).toEqual(['david', 'lucie'])
})
