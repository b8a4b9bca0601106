import { type Kysely, sql } from 'kysely'

/**
 * Links between tickets and the people who watch one. Both are projections of facts (ticketLinked, ticketUnlinked, watcherAdded, watcherRemoved);
 * a link's row is also written when the link is decided, in the transaction that decides it, so that the next decision sees it (ADR 0011).
 */
const statements = [
  // from_id is <kind> to_id
  `create table ticket_link (id uuid primary key, kind text not null check (kind in ('childOf','duplicateOf','causedBy','resolvedBy','related')), from_id uuid not null, to_id uuid not null check (to_id <> from_id),
    reason text not null default '', created_at timestamptz not null, created_by text not null, unlinked_at timestamptz, unlinked_by text, unlink_reason text)`,
  'create unique index ticket_link_once on ticket_link (kind, from_id, to_id) where unlinked_at is null',
  `create unique index ticket_link_single on ticket_link (kind, from_id) where unlinked_at is null and kind in ('childOf','duplicateOf')`,
  'create index ticket_link_to on ticket_link (to_id, kind) where unlinked_at is null',
  'create index ticket_link_from on ticket_link (from_id) where unlinked_at is null',
  `create table ticket_watcher (ticket_id uuid not null, address text not null, person_id text, reason text not null default '', added_at timestamptz not null, added_by text not null, primary key (ticket_id, address))`,
  'create index ticket_watcher_person on ticket_watcher (person_id)',
  'grant select, insert, update, delete on ticket_link, ticket_watcher to guichet_app',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
