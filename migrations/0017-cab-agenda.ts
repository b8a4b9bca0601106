import { type Kysely, sql } from 'kysely'

/** In which order the board takes the changes of a meeting, as whoever prepares it put them; those that it does not name come after, riskiest first. */
const statements = [`alter table cab_meeting add column agenda_order text[] not null default '{}'`]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
