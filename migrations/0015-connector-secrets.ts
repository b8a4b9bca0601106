import { type Kysely, sql } from 'kysely'

/** Systems behind a webhook: a secret that signs what they are sent (sealed, never read out again), and trials that are about no ticket. */
const statements = [
  'alter table provision_connector add column secret text, add column secret_set_at timestamptz',
  'alter table provision_attempt alter column ticket_id drop not null',
  'create index provision_attempt_connector on provision_attempt (connector_id, id desc)',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
