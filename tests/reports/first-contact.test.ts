import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadDemoHistory } from '../../activities/store/demo/history.ts'
import { openTicket } from '../../activities/store/ticket/intake.ts'
import { seed } from '../../activities/store/seed.ts'
import { computeFigures, figureTickets } from '../../api/reports/index.ts'
import { type FreshDatabase, freshDatabase } from '../setup/database.ts'

const now = Date.UTC(2026, 5, 15, 9)
let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
  await seed(database.db)
  await loadDemoHistory(database.db, now, 60)
}, 120_000)
afterAll(() => database.drop())

const counted = async (part: string): Promise<string[]> => {
  const where = figureTickets(`firstContact:${part}`)
  if (!where) throw new Error(`expected a part ${part}`)
  const { rows } = await sql<{ number: string }>`select ticket.number from ticket where ${where} order by ticket.number`.execute(
    database.db,
  )
  return rows.map(({ number }) => number)
}

/** The same from the facts, ticket by ticket, by none of the code that counts. */
async function byHand(): Promise<{ solved: string[]; solvable: string[]; all: string[] }> {
  const found = { solved: [] as string[], solvable: [] as string[], all: [] as string[] }
  const tickets = await database.db.selectFrom('ticket').selectAll().where('status', '=', 'closed').orderBy('number').execute()
  for (const ticket of tickets.filter(({ number }) => number.startsWith('INC'))) {
    const facts = await database.db
      .selectFrom('fact')
      .select(['type', 'elementId', 'body'])
      .where('streamId', '=', ticket.id)
      .orderBy('sequence')
      .execute()
    const groups = facts.flatMap(({ body }) => ((body as { field?: string }).field === 'groupId' ? [(body as { to: string }).to] : []))
    found.all.push(ticket.number)
    if (groups[0] !== groups.at(-1)) continue
    found.solvable.push(ticket.number)
    const tasks = facts.filter(({ type }) => type === 'taskOpened').map(({ elementId }) => elementId)
    const asked = facts.some(({ type, elementId }) => type === 'elementActivated' && elementId === 'requestInformation')
    if (tasks.every((task) => task === 'triage') && !asked && ticket.reopenCount === 0) found.solved.push(ticket.number)
  }
  return found
}

it('counts what the histories say, net and gross, and opens exactly the tickets that it counts', async () => {
  const expected = await byHand()
  const { firstContact } = await computeFigures(database.db)
  expect(firstContact).toMatchObject({ solved: expected.solved.length, solvable: expected.solvable.length, all: expected.all.length })
  expect(firstContact.net).toBeCloseTo(expected.solved.length / expected.solvable.length, 10)
  expect(firstContact.gross).toBeCloseTo(expected.solved.length / expected.all.length, 10)
  expect(await counted('solved')).toEqual(expected.solved)
  expect(await counted('solvable')).toEqual(expected.solvable)
  expect(await counted('all')).toEqual(expected.all)
  expect(expected.solved.length).toBeGreaterThan(0)
  expect(expected.all.length).toBeGreaterThan(expected.solved.length)
})

it('a ticket that soon is followed by another was not solved at the first contact', async () => {
  const [number = ''] = await counted('solved')
  const former = await database.db.selectFrom('ticket').selectAll().where('number', '=', number).executeTakeFirstOrThrow()
  await openTicket(database.db, {
    kind: 'incident',
    channel: 'portal',
    openedById: former.requesterId,
    at: (former.resolvedAt?.getTime() ?? 0) + 86_400_000,
    fields: { title: 'Again', requesterId: former.requesterId },
    extra: { followsTicket: number },
  })
  expect(await counted('solved')).not.toContain(number)
  expect(await counted('solvable')).toContain(number)
})

it('has no other part', () => expect(figureTickets('firstContact:nobody')).toBeNull())
