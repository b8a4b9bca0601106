import { type Kysely, sql } from 'kysely'

/** A clock that should run on its group's or contract's own hours, and runs on the policy's for want of them: the ticket says so. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('alter table clock add column is_calendar_fallback boolean not null default false').execute(db)
}
