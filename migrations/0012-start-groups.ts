import { type Kysely, sql } from 'kysely'

/** A start event may have several triggers; those of one group (a parallel start) all go to one instance. */
const statements = [
  'alter table start_trigger add column part int not null default 0, add column group_id text',
  'alter table start_trigger drop constraint start_trigger_pkey, add primary key (process_id, element_id, part)',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
