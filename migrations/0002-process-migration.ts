import { type Kysely, sql } from 'kysely'

/**
 * Moving open tickets to another version of their process: one row per operation, one per ticket in it. Both are the operation's own
 * bookkeeping; what happened to a ticket stands in its facts (instanceMigrated).
 */
const statements = [
  // checking: the dry run is under way; checked: it is done, nothing was moved yet
  `create table process_migration (id uuid primary key, process_id text not null, from_version int not null, to_version int not null, mapping jsonb not null, retimes_timers boolean not null default false,
    state text not null check (state in ('checking','checked','running','paused','done','aborted')), actor jsonb not null, created_at timestamptz not null default now(), updated_at timestamptz not null default now(), ended_at timestamptz)`,
  'create index process_migration_recent on process_migration (process_id, created_at desc)',
  // waiting: not looked at yet; ready: the dry run found nothing against it; gone: ended, or on another version by now
  `create table process_migration_item (migration_id uuid not null references process_migration on delete cascade, ticket_id uuid not null, state text not null default 'waiting' check (state in ('waiting','ready','moved','refused','gone')),
    code text, element_id text, message text, attempts int not null default 0, updated_at timestamptz not null default now(), primary key (migration_id, ticket_id))`,
  'create index process_migration_item_state on process_migration_item (migration_id, state)',
  'grant select, insert, update, delete on process_migration, process_migration_item to guichet_app',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
