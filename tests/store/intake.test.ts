import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { InstanceInput } from './instance-input.ts'
import {
  composeBundle,
  deployDefinition,
  getDefinition,
  listDefinitions,
  listVersions,
  loadBundle,
} from '../../activities/store/definition/definitions.ts'
import { openTicket } from '../../activities/store/ticket/intake.ts'
import { readFacts } from '../../activities/store/facts.ts'
import { verifyLedger } from '../../activities/store/ledger.ts'
import { seed } from '../../activities/store/seed.ts'
import { type FreshDatabase, freshDatabase } from '../setup/database.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
  await seed(database.db)
})
afterAll(() => database.drop())

const at = Date.UTC(2026, 0, 5, 9)
const ticket = {
  kind: 'incident',
  channel: 'portal',
  openedById: 'camille',
  fields: { title: 'VPN', description: 'It does not connect', requesterId: 'camille' },
  at,
} as const

describe('openTicket', () => {
  test('commits number, interaction, message, facts, instance and intake together', async () => {
    const { db } = database
    const opened = await openTicket(db, {
      ...ticket,
      interaction: { channel: 'portal', personId: 'camille', subject: 'VPN', body: 'It does not connect', receivedAt: at },
      message: {
        at,
        authorId: 'camille',
        direction: 'in',
        visibility: 'public',
        channel: 'portal',
        text: 'It does not connect',
        attachments: [{ name: 'log.txt', mediaType: 'text/plain', content: Buffer.from('no route') }],
      },
    })
    expect(opened.number).toMatch(/^INC-\d{6}$/)
    expect((await readFacts(db, opened.ticketId)).map(({ fact }) => fact.type)).toEqual(['ticketOpened', 'messageAdded'])
    const interaction = await db
      .selectFrom('interaction')
      .selectAll()
      .where('id', '=', opened.interactionId ?? '')
      .executeTakeFirstOrThrow()
    expect(interaction).toMatchObject({ ticketId: opened.ticketId, disposition: 'ticket' })
    const intake = await db.selectFrom('intake').selectAll().where('ticketId', '=', opened.ticketId).executeTakeFirstOrThrow()
    const input = InstanceInput.parse(intake.input)
    expect(input).toMatchObject({ processId: 'incident', sequence: 2, openedAt: at })
    expect((await loadBundle(db, input.bundleHash)).process.processId).toBe('incident')
    expect(await db.selectFrom('attachment').select(['name', 'bytes']).execute()).toContainEqual({ name: 'log.txt', bytes: 8 })
  })

  test('numbers run without a gap, also when many open at once and one is refused', async () => {
    const { db } = database
    const first = Number((await openTicket(db, ticket)).number.slice(4))
    await expect(openTicket(db, { ...ticket, fields: { title: 'x'.repeat(300), requesterId: 'camille' } })).rejects.toThrow(/title/)
    const numbers = await Promise.all(Array.from({ length: 12 }, async () => Number((await openTicket(db, ticket)).number.slice(4))))
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, index) => first + 1 + index))
  })

  test('a process that is not deployed is refused by name', async () => {
    await expect(openTicket(database.db, { ...ticket, kind: 'change' })).rejects.toThrow("no process 'change' is deployed")
  })
})

describe('definitions', () => {
  test('seeding again deploys nothing and leaves the ledger intact', async () => {
    const before = await database.db.selectFrom('definition').select(['kind', 'id', 'version']).execute()
    await seed(database.db)
    expect(await database.db.selectFrom('definition').select(['kind', 'id', 'version']).execute()).toEqual(before)
    expect((await verifyLedger(database.db)).breaks).toEqual([])
  })

  test('a new version goes into the next bundle; a stale or broken one is refused', async () => {
    const { db } = database
    const current = await getDefinition(db, 'process', 'incident')
    const old = await composeBundle(db, 'incident')
    const source =
      current?.source
        .replace(/<bpmn:process /, '<bpmn:process name="Renamed" ')
        .replace(/name="Renamed" ([^>]*) name="[^"]*"/, 'name="Renamed" $1') ?? ''
    const deployment = {
      kind: 'process',
      id: 'incident',
      source,
      note: 'renamed',
      baseVersion: current?.version ?? 0,
      actorId: 'priya',
    } as const
    const deployed = await deployDefinition(db, deployment)
    expect(deployed).toMatchObject({ ok: true, version: 2 })
    expect(await deployDefinition(db, { ...deployment, source: current?.source ?? '' })).toEqual({
      ok: false,
      reason: 'stale',
      currentVersion: 2,
    })
    expect(await deployDefinition(db, { ...deployment, baseVersion: 2, source: '<nonsense' })).toMatchObject({
      ok: false,
      reason: 'invalid',
    })
    const fresh = await composeBundle(db, 'incident')
    expect(fresh.version).toBe(2)
    expect(fresh.hash).not.toBe(old.hash)
    expect(await loadBundle(db, old.hash)).toEqual(JSON.parse(JSON.stringify(old.bundle)))
    expect((await listVersions(db, 'process', 'incident')).map(({ version }) => version)).toEqual([2, 1])
    expect((await listDefinitions(db, 'process')).find(({ id }) => id === 'incident')?.version).toBe(2)
  })

  test('two who deploy on the same version at once: one of them is told that it is stale', async () => {
    const form = (title: string) => JSON.stringify({ id: 'race', type: 'default', title, components: [] })
    const results = await Promise.all(
      ['a', 'b', 'c'].map((title) =>
        deployDefinition(database.db, { kind: 'form', id: 'race', source: form(title), baseVersion: 0, actorId: 'priya' }),
      ),
    )
    expect(results.filter((result) => result.ok)).toHaveLength(1)
    expect(results.filter((result) => !result.ok && result.reason === 'stale')).toHaveLength(2)
  })
})
