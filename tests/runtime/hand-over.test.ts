/** The command of a major incident changes hands while it runs. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { proposeMajor } from '../../activities/store/ticket/majors.ts'
import { systemActor } from '#schema/role'
import { until } from './desk.ts'
import { type House, openHouse } from './house.ts'

let house: House
let major: { id: string; number: string }
beforeAll(async () => {
  house = await openHouse()
  const fields = { title: 'ERP en panne', requesterId: 'camille', service: 'erp', impact: 1 as const, urgency: 1 as const }
  const { ticketId } = await house.open({ kind: 'incident', fields })
  const proposal = { incidentId: ticketId, majorId: randomUUID(), linkId: randomUUID(), reason: 'Tous les sites', actor: systemActor }
  major = await proposeMajor(house.database.db, proposal)
}, 120_000)
afterAll(() => house?.stop(), 60_000)

const openAt = (elementId: string) =>
  until(`an open task at ${elementId}`, async () => {
    await house.turn()
    return house.database.db
      .selectFrom('task')
      .select(['waitId', 'assigneeId'])
      .where('ticketId', '=', major.id)
      .where('elementId', '=', elementId)
      .where('state', '=', 'open')
      .executeTakeFirst()
  })
const handOver = (by: string, body: object = {}) =>
  house.by(by)(`/majors/${major.number}/hand-over`, {
    body: { role: 'commander', personId: 'mei', reason: 'Fin de service ; base de données en cours de reprise.', ...body },
  })

it('not before it is accepted', async () => {
  await openAt('examine')
  expect((await handOver('helene')).json.code).toBe('majorOver')
})

it('by those in command only, to an agent, with a reason; the open task and the next ones go with it', async () => {
  const { waitId } = await openAt('examine')
  const values = {
    majorDecision: 'accept',
    decisionReason: 'Tous les sites',
    commanderId: 'helene',
    communicationLeadId: 'helene',
    publicTitleFr: 'ERP indisponible',
    publicTitleEn: 'ERP down',
    publicSeverity: 'outage',
  }
  expect((await house.by('helene')(`/tickets/${major.id}/tasks/${waitId}/complete`, { body: { values } })).status).toBe(200)
  await openAt('restore')
  expect((await handOver('lucie')).json.code).toBe('notInCommand')
  expect((await handOver('helene', { personId: 'camille' })).json).toMatchObject({ code: 'notAnAgent', errors: [{ path: 'personId' }] })
  expect((await handOver('helene', { personId: 'helene' })).json).toMatchObject({ code: 'hasCommand', errors: [{ path: 'personId' }] })
  expect((await handOver('helene', { reason: '' })).json.errors).toMatchObject([{ path: 'reason' }])
  const done = await handOver('helene')
  expect([done.status, done.text]).toEqual([200, expect.any(String)])
  expect((await openAt('restore')).assigneeId).toBe('mei')
  const listed = (await house.by('alex')('/majors')).json.items.find(({ id }: { id: string }) => id === major.id)
  expect(listed).toMatchObject({ commander: { id: 'mei' }, communicationLead: { id: 'helene' } })
  // who has command hands over that, not the communication
  const communication = { role: 'communicationLead', personId: 'lucie' }
  expect((await handOver('mei', communication)).json.code).toBe('notInCommand')
  expect((await handOver('helene', communication)).status).toBe(200)
  expect((await openAt('communicate')).assigneeId).toBe('lucie')
})
