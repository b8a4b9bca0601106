import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { expect, inject, onTestFinished } from 'vitest'
import { createDatabase, type Db } from '../../activities/store/database.ts'
import type { Servers } from './servers.ts'
import { noteWalked } from './walked.ts'

export interface FreshDatabase extends AsyncDisposable {
  /** As the application: may not change facts. */
  db: Db
  /** As the owner: may do anything, such as forging the ledger. */
  owner: Db
  url: string
  ownerUrl: string
  /** Closes the connections and drops the database. */
  drop: () => Promise<void>
}

export const servers = (): Servers => inject('servers')

const withDatabase = (url: string, name: string): string => {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}

async function asOwner(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: servers().ownerUrl })
  await client.connect()
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        await client.query(statement)
        return
      } catch (error) {
        // Another test clones the template in this very moment.
        if (attempt === 20 || (error as { code?: string }).code !== '55006') throw error
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
  } finally {
    await client.end()
  }
}

/** A migrated, empty database of its own. Drop it in `afterAll`, or call `testDatabase()` inside a test. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const name = `t_${randomBytes(8).toString('hex')}`
  await asOwner(`create database ${name} template ${servers().template}`)
  const url = withDatabase(servers().appUrl, name)
  const ownerUrl = withDatabase(servers().ownerUrl, name)
  const db = createDatabase(url)
  const owner = createDatabase(ownerUrl, { max: 2 })
  const { testPath } = expect.getState()
  const drop = async () => {
    await noteWalked(owner, testPath)
    await Promise.all([db.destroy(), owner.destroy()])
    await asOwner(`drop database if exists ${name} with (force)`)
  }
  return { db, owner, url, ownerUrl, drop, [Symbol.asyncDispose]: drop }
}

/** A fresh database for the running test alone, dropped when it ends. */
export async function testDatabase(): Promise<FreshDatabase> {
  const database = await freshDatabase()
  onTestFinished(() => database.drop())
  return database
}
