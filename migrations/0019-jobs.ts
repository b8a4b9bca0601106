import { type Kysely, sql } from 'kysely'

/**
 * Jobs for the customer's own workers (ADR 0024). `available_at`: until then it is locked by `worker`, or waits for its next attempt.
 * `attempt`: the engine's number for this wait, so that an offer that is repeated does not open what has ended.
 */
const statements = [
  `create table job (id uuid primary key, ticket_id uuid not null, wait_id text not null, attempt int not null, type text not null, process_id text not null, element_id text not null,
    headers jsonb not null, variables jsonb not null, retries int not null, state text not null default 'open' check (state in ('open','completed','failed','canceled')),
    worker text, available_at timestamptz not null, message text, created_at timestamptz not null, ended_at timestamptz, unique (ticket_id, wait_id))`,
  `create index job_open on job (type, available_at) where state = 'open'`,
  'create index job_recent on job (created_at desc, id desc)',
  'grant select, insert, update on job to guichet_app',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
