import { Kysely, PostgresDialect, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import pg from 'pg'
import * as spine from './0001-spine.ts'
import * as processMigration from './0002-process-migration.ts'
import * as messageCorrelation from './0003-message-correlation.ts'
import * as stimuli from './0004-stimuli.ts'
import * as sla from './0005-sla.ts'
import * as ticketLinks from './0006-ticket-links.ts'
import * as changes from './0007-changes.ts'
import * as requests from './0008-requests.ts'
import * as register from './0010-register.ts'
import * as routingChoice from './0010-routing-choice.ts'
import * as notifications from './0011-notifications.ts'
import * as startGroups from './0012-start-groups.ts'
import * as approvals from './0009-approvals.ts'
import * as jobs from './0019-jobs.ts'
import * as licences from './0013-licences.ts'
import * as supplierPromises from './0014-supplier-promises.ts'
import * as cabAgenda from './0017-cab-agenda.ts'
import * as clockCalendar from './0014-clock-calendar.ts'
import * as connectorSecrets from './0015-connector-secrets.ts'

/** Every migration, in order. A new one is a new file and a line here; a released one is never edited. */
export const migrations = {
  '0001-spine': spine,
  '0002-process-migration': processMigration,
  '0003-message-correlation': messageCorrelation,
  '0004-stimuli': stimuli,
  '0005-sla': sla,
  '0006-ticket-links': ticketLinks,
  '0007-changes': changes,
  '0008-requests': requests,
  '0010-register': register,
  '0010-routing-choice': routingChoice,
  '0011-notifications': notifications,
  '0009-approvals': approvals,
  '0019-jobs': jobs,
  '0013-licences': licences,
  '0014-supplier-promises': supplierPromises,
  '0017-cab-agenda': cabAgenda,
  '0014-clock-calendar': clockCalendar,
  '0015-connector-secrets': connectorSecrets,
  '0012-start-groups': startGroups,
} satisfies Record<string, Migration>

/**
 * Brings the database to the latest schema; returns the names that were applied now. Needs the owner's connection.
 * Throws, naming the migration, when one fails; that one is then rolled back.
 */
export async function migrate(ownerUrl: string): Promise<string[]> {
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: ownerUrl, max: 2 }) }) })
  try {
    const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations }, allowUnorderedMigrations: true })
    const { error, results = [] } = await migrator.migrateToLatest()
    const failed = results.find((result) => result.status === 'Error')
    if (error)
      throw new Error(`migration ${failed?.migrationName ?? '?'} failed: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      })
    return results.map((result) => result.migrationName)
  } finally {
    await db.destroy()
  }
}

/** Gives the application's role a password on a server of your own (the embedded one does it itself). Needs CREATEROLE. */
export async function setAppPassword(ownerUrl: string, password: string): Promise<void> {
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: ownerUrl, max: 1 }) }) })
  try {
    await sql.raw(`alter role guichet_app login password '${password.replaceAll("'", "''")}'`).execute(db)
  } finally {
    await db.destroy()
  }
}
