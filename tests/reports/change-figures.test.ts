import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { DeskFact } from '#schema/fact'
import type { TicketKind } from '#schema/ticket'
import { appendFacts } from '../../activities/store/facts.ts'
import { computeFigures, figureTickets } from '../../api/reports/index.ts'
import { freshDatabase, type FreshDatabase } from '../setup/database.ts'

const now = Date.UTC(2026, 10, 25, 12)
const at = new Date(now)
let database: FreshDatabase
let made = 0

/** A closed (or open) ticket, written as facts like every other. */
async function ticket(kind: TicketKind, groupId: string | null, outcome: string | null, changeType = 'normal'): Promise<string> {
  made += 1
  const ticketId = `c0000000-0000-4000-8000-${String(made).padStart(12, '0')}`
  const opening = {
    ticketId,
    number: `${kind}-${made}`,
    kind,
    channel: 'portal' as const,
    interactionId: null,
    openedById: 'system',
    fields: { title: 'A ticket', requesterId: 'someone', groupId },
    extra: { changeType: kind === 'change' ? changeType : null },
  }
  const facts: DeskFact[] = [{ type: 'ticketOpened', at: now - 1000, opening }]
  const set = (field: string, to: string) => facts.push({ type: 'ticketChanged', at: now, field, from: null, to })
  if (outcome !== null) {
    set('resolutionCode', outcome)
    set('status', outcome === 'abandoned' ? 'canceled' : 'closed')
  }
  await appendFacts(
    database.db,
    ticketId,
    1,
    facts.map((fact) => ({ actorId: 'system', fact })),
  )
  return ticketId
}

beforeAll(async () => {
  database = await freshDatabase()
  await database.db.insertInto('supportGroup').values({ id: 'applications', name: 'Applications' }).execute()
  for (const outcome of ['successful', 'successfulWithIssues', 'failed', 'canceled', 'abandoned', null])
    await ticket('change', 'applications', outcome)
  const cause = await ticket('change', null, 'backedOut', 'emergency')
  const incidents = [await ticket('incident', 'applications', 'fixed'), await ticket('incident', 'applications', null)]
  const link = { kind: 'causedBy', toId: cause, createdAt: at, createdBy: 'system' }
  for (const [index, fromId] of incidents.entries())
    await database.db
      .insertInto('ticketLink')
      .values({ ...link, id: `d0000000-0000-4000-8000-00000000000${index}`, fromId, unlinkedAt: index === 1 ? at : null })
      .execute()
})
afterAll(() => database.drop())

it('count what was made, by team; the share of emergencies; the incidents that changes caused', async () => {
  expect(await computeFigures(database.db, { at })).toMatchObject({
    changeSuccess: [
      { groupId: 'applications', name: 'Applications', closed: 3, successful: 2, rate: 2 / 3 },
      { groupId: 'none', name: null, closed: 1, successful: 0, rate: 0 },
    ],
    changeEmergency: { changes: 7, emergencies: 1, share: 1 / 7 },
    changeIncidents: 1,
  })
})

it.each([
  ['changeSuccess:applications:closed', 3],
  ['changeSuccess:applications:successful', 2],
  ['changeSuccess:none:closed', 1],
  ['changeEmergency:changes', 7],
  ['changeEmergency:emergencies', 1],
  ['changeIncidents', 1],
])('%s opens exactly its %i tickets', async (metric, count) => {
  const condition = figureTickets(metric, { at })
  if (condition === null) throw new Error(`expected a figure ${metric}`)
  const { rows } = await sql`select 1 from ticket where ${condition}`.execute(database.db)
  expect(rows).toHaveLength(count)
})

it.each(['changeSuccess', 'changeSuccess:applications', 'changeSuccess:applications:lost', 'changeEmergency', 'changeIncidents:all'])(
  '%s is no part of a figure',
  (metric) => expect(figureTickets(metric, { at })).toBeNull(),
)
