import { type Kysely, sql } from 'kysely'

/**
 * Service levels: whose clock it is, why it stands still, and recomputation: what open clocks would be under other versions of their
 * policies and calendars (ADR 0010). An operation's rows are its own bookkeeping; what happened to a ticket stands in its facts.
 */
const statements = [
  `alter table clock add column kind text not null default 'sla' check (kind in ('sla','ola','uc')), add column name jsonb, add column group_id text, add column supplier_id text,
    add column pause_reason text, add column pause_owner text, add column pause_cap_at timestamptz`,
  'create index clock_policy on clock (policy_id, policy_version)',
  'create index clock_calendar on clock (calendar_id, calendar_version)',
  'create index clock_group on clock (group_id, kind)',
  // scope: which definition's latest version (or draft) the tickets are compared with; applying needs it deployed
  `create table sla_recomputation (id uuid primary key, scope_kind text not null check (scope_kind in ('sla','calendar','process')), scope_id text not null, draft text, target_version int, since timestamptz, reason text not null default '',
    state text not null check (state in ('checking','checked','applying','done','aborted')), actor jsonb not null, created_at timestamptz not null, updated_at timestamptz not null, ended_at timestamptz)`,
  'create index sla_recomputation_recent on sla_recomputation (created_at desc)',
  // from_hash, to_hash: the bundles compared; what is applied is what was compared.
  // past: its process has ended, so it is compared and never changed; transitions: what changes of the outcome there are, such as met:breached
  `create table sla_recomputation_item (recomputation_id uuid not null references sla_recomputation on delete cascade, ticket_id uuid not null, is_past boolean not null, from_hash text not null, to_hash text, state text not null default 'waiting' check (state in ('waiting','unchanged','changed','applied','refused','gone')),
    changes jsonb not null default '[]', transitions text[] not null default '{}', code text, message text, attempts int not null default 0, updated_at timestamptz not null default now(), primary key (recomputation_id, ticket_id))`,
  'create index sla_recomputation_item_state on sla_recomputation_item (recomputation_id, state)',
  'grant select, insert, update, delete on sla_recomputation, sla_recomputation_item to guichet_app',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
