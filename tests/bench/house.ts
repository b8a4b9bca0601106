/** The servers, the worker and the desk of a benchmark, in a temporary folder. */
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createDatabase, type Db } from '../../activities/store/database.ts'
import { seedDefinitions, seedPeople } from '../../activities/store/seed.ts'
import { migrate } from '../../migrations/migrate.ts'
import { startPostgres } from '../../migrations/stack/postgres.ts'
import { startTemporal } from '../../migrations/stack/temporal.ts'

export interface House {
  db: Db
  databaseUrl: string
  env: Record<string, string>
  folder: string
  /** Roots of the process trees that count. */
  pids: { postgres: number; temporal: number }
  spawnWorker(bundlePath: string): Promise<{ pid: number; stop(): Promise<void> }>
  close(): Promise<void>
}

export async function openHouse(): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-bench-'))
  chmodSync(folder, 0o755)
  // As `npm start` runs them: both write to disk.
  const [postgres, temporal] = await Promise.all([
    startPostgres({ dataFolder: folder }),
    startTemporal({ file: join(folder, 'temporal.db') }),
  ])
  await migrate(postgres.ownerUrl())
  const databaseUrl = postgres.appUrl()
  const db = createDatabase(databaseUrl)
  await seedDefinitions(db)
  await seedPeople(db)
  const env = { DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: temporal.address, GUICHET_DATA: folder }
  return {
    db,
    databaseUrl,
    env,
    folder,
    pids: { postgres: postgres.pid, temporal: temporal.pid },
    spawnWorker: (bundlePath) => spawnWorker(bundlePath, env),
    async close() {
      await db.destroy()
      await Promise.all([postgres.stop(), temporal.stop()])
      rmSync(folder, { recursive: true, force: true })
      rmSync(postgres.folder, { recursive: true, force: true })
    },
  }
}

function spawnWorker(bundlePath: string, env: Record<string, string>): Promise<{ pid: number; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('worker.ts', import.meta.url)), bundlePath], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  return new Promise((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-10_000)
      if (!output.includes('worker is polling')) return
      const ended = new Promise<void>((done) => child.once('exit', () => done()))
      resolve({
        pid: child.pid as number,
        async stop() {
          child.kill('SIGTERM')
          await ended
        },
      })
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.once('exit', () => reject(new Error(`expected the worker to run, found that it ended:\n${output}`)))
  })
}
