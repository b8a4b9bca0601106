import { type Kysely, sql } from 'kysely'

/** Who was given a ticket by routing, once per step: until the ticket says so itself, the choice counts as load. */
const statements = [
  `create table routing_choice (idempotency_key text primary key, ticket_id uuid not null, group_id text not null, person_id text, reason jsonb not null, chosen_at timestamptz not null)`,
  'create index routing_choice_recent on routing_choice (group_id, chosen_at)',
  'grant select, insert, update, delete on routing_choice to guichet_app',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
