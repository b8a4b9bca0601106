import { type Kysely, sql } from 'kysely'

/** What a maintenance contract promises: within how many covered minutes the supplier answers, and has it working again. */
const statements = ['alter table maintenance_contract add column response_minutes int, add column resolution_minutes int']

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
