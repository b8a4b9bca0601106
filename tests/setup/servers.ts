import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../migrations/migrate.ts'
import { startPostgres } from '../../migrations/stack/postgres.ts'
import { startTemporal } from '../../migrations/stack/temporal.ts'
import { openWalkedFolder } from './walked.ts'

/** What the tests are given; read with `inject('servers')`, or better by tests/setup/database.ts. */
export interface Servers {
  /** PostgreSQL's owner, database `postgres`. */
  ownerUrl: string
  /** PostgreSQL's application role, database `postgres`. */
  appUrl: string
  /** Migrated database that fresh ones are cloned from. */
  template: string
  temporalAddress: string
  postgresPid: number
  temporalPid: number
}

declare module 'vitest' {
  interface ProvidedContext {
    servers: Servers
  }
}

/** Starts both servers in a temporary folder, on free ports; ends and removes them after the last test. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-test-'))
  chmodSync(folder, 0o755)
  const starting = {
    postgres: startPostgres({ dataFolder: folder, settings: ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'] }),
    temporal: startTemporal({}),
  }
  const results = await Promise.allSettled([starting.postgres, starting.temporal])
  if (results.some((result) => result.status === 'rejected')) {
    await Promise.all(results.map((result) => (result.status === 'fulfilled' ? result.value.stop() : undefined)))
    rmSync(folder, { recursive: true, force: true })
  }
  const [postgres, temporal] = await Promise.all([starting.postgres, starting.temporal])
  const removeWalked = openWalkedFolder()
  const teardown = async () => {
    removeWalked()
    await Promise.all([postgres.stop(), temporal.stop()])
    rmSync(folder, { recursive: true, force: true })
    rmSync(postgres.folder, { recursive: true, force: true })
  }
  try {
    const template = 'guichet_template'
    const client = new pg.Client({ connectionString: postgres.ownerUrl('postgres') })
    await client.connect()
    await client.query(`create database ${template}`)
    await client.end()
    await migrate(postgres.ownerUrl(template))
    project.provide('servers', {
      ownerUrl: postgres.ownerUrl('postgres'),
      appUrl: postgres.appUrl('postgres'),
      template,
      temporalAddress: temporal.address,
      postgresPid: postgres.pid,
      temporalPid: temporal.pid,
    })
  } catch (error) {
    await teardown()
    throw error
  }
  return teardown
}
