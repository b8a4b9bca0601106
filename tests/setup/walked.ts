/**
 * Which ways of the shipped diagrams the tests take on the real server. Each test's database is read before it goes; what it holds is
 * noted in a folder that belongs to the run, and tests/walked.test.ts, which runs last, compares it with the diagrams.
 */
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { sql } from 'kysely'
import type { Bundle } from '#domain/bundle'
import type { Db } from '../../activities/store/database.ts'

/** Sequence flows taken and elements entered, by process. */
export type Walked = Record<string, string[]>
interface Note {
  testFile: string
  walked: Walked
}

/** Scenarios drive workflows on the server; what tests elsewhere play in memory proves nothing about it. */
const isScenario = (testFile: string): boolean => /\/tests\/(runtime|api)\//.test(testFile)

/** For the whole run: the environment is handed down to its workers. @returns what removes it */
export function openWalkedFolder(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-walked-'))
  process.env.GUICHET_WALKED = folder
  return () => rmSync(folder, { recursive: true, force: true })
}

/** Notes what the instances of a database walked. */
export async function noteWalked(db: Db, testFile: string | undefined): Promise<void> {
  const folder = process.env.GUICHET_WALKED
  if (folder === undefined || testFile === undefined || !isScenario(testFile)) return
  const found = await sql<{ processId: string; bundleHash: string; ids: string[] }>`
    select i.process_id as "processId", i.bundle_hash as "bundleHash",
      array_agg(distinct coalesce(f.body ->> 'flowId', f.element_id)) as ids
    from fact f join instance i on i.ticket_id::text = f.stream_id
    where f.type in ('flowTaken', 'elementActivated')
    group by 1, 2`.execute(db)
  const walked: Walked = {}
  for (const { processId, bundleHash, ids } of found.rows) {
    for (const [id, owned] of Object.entries(await ownersOf(db, bundleHash, processId)))
      walked[id] = [...new Set([...(walked[id] ?? []), ...ids.filter((one) => owned.has(one))])]
  }
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${randomUUID()}.json`), JSON.stringify({ testFile, walked } satisfies Note))
}

/** What each process of a bundle draws. A fact names its element only; ids are told apart between a process and those that it calls. */
async function ownersOf(db: Db, bundleHash: string, processId: string): Promise<Record<string, Set<string>>> {
  const row = await db.selectFrom('blob').select('content').where('hash', '=', bundleHash).executeTakeFirst()
  if (!row) return {}
  const { process, called } = JSON.parse(gunzipSync(row.content).toString()) as Bundle
  return Object.fromEntries(
    Object.entries({ ...called, [processId]: process }).map(([id, { elements, flows }]) => [
      id,
      new Set([...Object.keys(elements), ...Object.keys(flows)]),
    ]),
  )
}

/** What was noted in this run, and which files noted something. */
export function readWalked(): { walked: Map<string, Set<string>>; testFiles: Set<string> } {
  const walked = new Map<string, Set<string>>()
  const testFiles = new Set<string>()
  const folder = process.env.GUICHET_WALKED
  if (folder === undefined) return { walked, testFiles }
  for (const name of readdirSync(folder)) {
    const note = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Note
    testFiles.add(basename(note.testFile))
    for (const [processId, ids] of Object.entries(note.walked)) {
      const known = walked.get(processId) ?? new Set()
      for (const id of ids) known.add(id)
      walked.set(processId, known)
    }
  }
  return { walked, testFiles }
}
