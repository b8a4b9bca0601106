import { randomUUID } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDatabase } from '../../activities/store/database.ts'
import { appendFacts, readFacts } from '../../activities/store/facts.ts'
import { verifyLedger } from '../../activities/store/ledger.ts'
import { migrate } from '../../migrations/migrate.ts'
import { type PostgresServer, startPostgres } from '../../migrations/stack/postgres.ts'
import { isAlive, waitUntilGone } from '../../migrations/stack/process.ts'
import { opened } from '../store/opening.ts'

let dataFolder: string
const running: PostgresServer[] = []

beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'guichet-pg-'))
  chmodSync(dataFolder, 0o755)
})
afterEach(async () => {
  for (const server of running.splice(0)) {
    await server.stop()
    rmSync(server.folder, { recursive: true, force: true })
  }
  rmSync(dataFolder, { recursive: true, force: true })
})
const start = async () => {
  const server = await startPostgres({ dataFolder })
  running.push(server)
  return server
}

test('kill -9 of PostgreSQL while facts are written: what was confirmed is there, nothing else, the chain holds', async () => {
  let server = await start()
  await migrate(server.ownerUrl())
  let db = createDatabase(server.appUrl())
  const id = randomUUID()
  await appendFacts(db, id, 1, [{ actorId: 'camille', fact: opened(id) }])
  let confirmed = 1
  const writing = (async () => {
    for (;;) {
      await appendFacts(db, id, confirmed + 1, [
        { actorId: 'alex', fact: { type: 'ticketChanged', at: confirmed, field: 'impact', from: null, to: 1 + (confirmed % 3) } },
      ])
      confirmed += 1
    }
  })().catch(() => {})
  while (confirmed < 20) await new Promise((resolve) => setTimeout(resolve, 5))
  process.kill(server.pid, 'SIGKILL')
  await Promise.all([server.ended, writing])
  await db.destroy().catch(() => {})

  server = await start()
  db = createDatabase(server.appUrl())
  const facts = await readFacts(db, id, 0, 10_000)
  // The last commit may have reached the disk and lost its confirmation: one more, never one less.
  expect([confirmed, confirmed + 1]).toContain(facts.length)
  expect((await verifyLedger(db)).breaks).toEqual([])
  await appendFacts(db, id, facts.length + 1, [{ actorId: 'alex', fact: { type: 'surveyAnswered', at: 1, score: 5, comment: '' } }])
  await db.destroy()
})

test('a postmaster left behind is ended and its folder taken over', async () => {
  const first = await start()
  const second = await start()
  expect(isAlive(first.pid)).toBe(false)
  expect(isAlive(second.pid)).toBe(true)
})

test('a lock file whose number belongs to another program now is no hindrance', async () => {
  const first = await start()
  const lock = join(first.folder, 'postmaster.pid')
  const text = readFileSync(lock, 'utf8')
  await first.stop()
  writeFileSync(lock, text.replace(/^\d+/, String(process.pid)))
  const second = await start()
  expect(isAlive(process.pid)).toBe(true)
  expect(isAlive(second.pid)).toBe(true)
})

test('passwords are ours alone, and needed', async () => {
  const server = await start()
  expect(statSync(join(dataFolder, 'postgres.json')).mode & 0o077).toBe(0)
  const wrong = new URL(server.ownerUrl())
  wrong.password = 'guess'
  const client = new pg.Client({ connectionString: wrong.href })
  await expect(client.connect()).rejects.toThrow(/password authentication failed/)
  const right = new pg.Client({ connectionString: server.ownerUrl() })
  await right.connect()
  expect(
    (
      await right.query(
        'select pg_encoding_to_char(encoding) as encoding, datlocprovider, datlocale from pg_database where datname = current_database()',
      )
    ).rows,
  ).toEqual([{ encoding: 'UTF8', datlocprovider: 'b', datlocale: 'C.UTF-8' }])
  await right.end()
})

test('stop ends the postmaster and all its backends', async () => {
  const server = await start()
  const client = new pg.Client({ connectionString: server.ownerUrl() })
  client.on('error', () => {})
  await client.connect()
  const { rows } = await client.query('select pg_backend_pid() as pid')
  await server.stop()
  expect(isAlive(server.pid)).toBe(false)
  expect(await waitUntilGone(rows[0].pid, 2_000)).toBe(true)
  expect(existsSync(join(server.folder, 'postmaster.pid'))).toBe(false)
})
