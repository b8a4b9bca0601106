/** Writes migrations/database.ts from a database freshly migrated; run it after adding a migration. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, chmodSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { migrate } from '../migrate.ts'
import { startPostgres } from './postgres.ts'

const root = resolve(import.meta.dirname, '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'guichet-types-'))
chmodSync(folder, 0o755)
const server = await startPostgres({ dataFolder: folder, settings: ['fsync=off'] })
try {
  await migrate(server.ownerUrl())
  const instant = 'ColumnType<Date, Date | string, Date | string>'
  const mapping = JSON.stringify({
    int8: 'ColumnType<number, number | string, number | string>',
    timestamptz: instant,
    date: 'string',
    tsvector: 'string',
  })
  const args = [
    '--dialect',
    'postgres',
    '--url',
    server.ownerUrl(),
    '--camel-case',
    '--exclude-pattern',
    'kysely_*',
    '--type-mapping',
    mapping,
    '--out-file',
    'migrations/database.ts',
  ]
  const run = spawnSync(join(root, 'node_modules', '.bin', 'kysely-codegen'), args, { cwd: root, stdio: 'inherit' })
  process.exitCode = run.status ?? 1
} finally {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}
