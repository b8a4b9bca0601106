import { afterAll, beforeAll, expect, test } from 'vitest'
import { driveChangeDemo } from '../../activities/demo-changes.ts'
import { listMeetings } from '../../activities/store/change/cab.ts'
import { listTemplates } from '../../activities/store/change/templates.ts'
import { changeWorld, type ChangeRow } from '../../activities/store/change/world.ts'
import { conflictsOf } from '#domain/change/conflict'
import { seedPeople } from '../../activities/store/seed.ts'
import { sql } from 'kysely'
import { createDesk, type Desk, until } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await createDesk()
  for (const table of ['groupMember', 'supportGroup', 'person'] as const) await desk.db.deleteFrom(table).execute()
  await seedPeople(desk.db)
  await desk.startWorker()
})
afterAll(() => desk.close())

test('the demonstration has changes in every state, windows, a blackout ahead, a withdrawn template, and meetings', async () => {
  expect(await driveChangeDemo(desk.db, desk.client)).toMatchObject({ problems: [] })
  const stands = (title: string, elementId: string) =>
    until(`'${title}' to stand at ${elementId}`, async () => {
      const { rows } = await sql`select 1 from change_record c join instance i on i.ticket_id = c.id where c.title = ${title}
        and i.active @> ${JSON.stringify([{ elementId }])}::jsonb`.execute(desk.db)
      return rows.length === 1
    })
  await stands('Passer la messagerie à l’authentification moderne', 'assess')
  await stands('Renouveler le certificat de l’intranet', 'peerApproval')
  await stands('Migrer l’ERP vers la version 12', 'cabApproval')
  await stands('Étendre le stockage du CRM', 'awaitStart')
  await stands('Mettre à jour l’annuaire téléphonique', 'schedule')
  await stands('Correctifs des postes de l’accueil', 'implement')
  await stands('Redémarrer le serveur de paie', 'awaitFreezeEnd')
  await stands('Correctifs des postes de l’étage 3', 'review')
  await stands('Isoler le serveur de fichiers compromis', 'ecabApproval')
  await stands('Corriger la faille du portail VPN', 'completeRecord')
  await stands('Règle de pare-feu modifiée hors de tout changement', 'investigate')
  await until('the closed ones', async () => {
    const { rows } = await sql<ChangeRow>`select * from change_record where is_ended`.execute(desk.db)
    return rows.filter(({ status }) => status === 'closed').length === 8 && rows.filter(({ status }) => status === 'canceled').length === 3
  })
  const world = await changeWorld(desk.db)
  expect(world.windows.map(({ kind }) => kind).sort()).toEqual(['blackout', 'blackout', 'maintenance', 'maintenance'])
  expect(world.changes.filter((change) => conflictsOf(change, world).length > 0).length).toBeGreaterThan(0)
  expect(
    (await listTemplates(desk.db)).filter(({ template }) => template.state === 'withdrawn').map(({ template }) => template.nameEn),
  ).toEqual(['Purge the print queues'])
  expect((await listMeetings(desk.db)).map(({ state }) => state).sort()).toEqual(['canceled', 'held', 'planned', 'planned'])
  expect(await driveChangeDemo(desk.db, desk.client)).toEqual({ driven: 0, problems: [] })
}, 120_000)
