import { type Kysely, sql } from 'kysely'

/**
 * Facts are append-only: the application's role (`guichet_app`) may insert and read them, never update or delete them.
 * Everything else that hangs on a stream is a projection that can be rebuilt from facts.
 */
const statements = [
  'create extension if not exists pg_trgm',
  'create extension if not exists unaccent',

  // --- people -------------------------------------------------------------
  `create table person (
    id text primary key, name text not null, email text not null unique, email_verified boolean not null default false, image text,
    locale text not null default 'fr' check (locale in ('fr','en')), roles text[] not null default '{requester}', is_vip boolean not null default false,
    is_active boolean not null default true, created_at timestamptz not null default now(), updated_at timestamptz not null default now())`,
  'create table support_group (id text primary key, name text not null)',
  'create table group_member (group_id text not null references support_group on delete cascade, person_id text not null references person on delete cascade, primary key (group_id, person_id))',
  // --- sign-in (better-auth's tables; its user table is person) ------------
  `create table auth_session (id text primary key, user_id text not null references person on delete cascade, token text not null unique, expires_at timestamptz not null,
    ip_address text, user_agent text, created_at timestamptz not null default now(), updated_at timestamptz not null default now())`,
  `create table auth_account (id text primary key, user_id text not null references person on delete cascade, account_id text not null, provider_id text not null, access_token text, refresh_token text,
    id_token text, access_token_expires_at timestamptz, refresh_token_expires_at timestamptz, scope text, password text, created_at timestamptz not null default now(), updated_at timestamptz not null default now())`,
  'create table auth_verification (id text primary key, identifier text not null, value text not null, expires_at timestamptz not null, created_at timestamptz default now(), updated_at timestamptz default now())',
  // --- definitions --------------------------------------------------------
  `create table definition (kind text not null, id text not null, version int not null, name text not null, hash text not null, source text not null, note text not null default '',
    deployed_at timestamptz not null default now(), deployed_by text not null, primary key (kind, id, version))`,
  // content-addressed: bundles (model + decisions + policies + calendars + forms) and large payloads of the codec
  'create table blob (hash text primary key, content bytea not null, created_at timestamptz not null default now())',
  // --- the ledger ---------------------------------------------------------
  `create table fact (stream_id text not null, sequence int not null, type text not null, at timestamptz not null, recorded_at timestamptz not null, actor_id text not null,
    element_id text, body jsonb not null, canonical text not null, prev_hash text not null, hash text not null, primary key (stream_id, sequence))`,
  'create index fact_type_at on fact (type, at)',
  'create table stream_head (stream_id text primary key, sequence int not null, hash text not null, sealed_sequence int not null default 0)',
  // each seal covers the heads of the streams that grew since the last one, and the seal before it
  `create table ledger_seal (id int primary key, at timestamptz not null, heads jsonb not null, prev_hash text not null, hash text not null)`,
  // --- tickets (projection) -----------------------------------------------
  'create table counter (name text primary key, value bigint not null)',
  `create table ticket (id uuid primary key, number text not null unique, kind text not null, channel text not null, interaction_id uuid, title text not null, description text not null default '', status text not null,
    impact int, urgency int, priority int, category text, service text, requester_id text not null, group_id text, assignee_id text, resolution_code text, resolution text, pending_reason text,
    opened_by_id text not null, opened_at timestamptz not null, updated_at timestamptz not null, responded_at timestamptz, resolved_at timestamptz, closed_at timestamptz, reopen_count int not null default 0,
    is_imported boolean not null default false, survey_score int, survey_comment text, extra jsonb not null default '{}',
    last_sequence int not null,
    search tsvector generated always as (setweight(to_tsvector('simple', number), 'A') || setweight(to_tsvector('french', title), 'A') || setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('french', left(description, 50000)), 'B') || setweight(to_tsvector('english', left(description, 50000)), 'B')) stored)`,
  'create index ticket_queue on ticket (status, priority, opened_at)',
  'create index ticket_requester on ticket (requester_id, opened_at desc)',
  'create index ticket_group on ticket (group_id, status)',
  'create index ticket_search on ticket using gin (search)',
  `create table instance (ticket_id uuid primary key, process_id text not null, process_version int not null, bundle_hash text not null, is_ended boolean not null default false,
    active jsonb not null default '[]', stalls jsonb not null default '[]', variables jsonb not null default '{}')`,
  `create table task (wait_id text not null, ticket_id uuid not null, element_id text not null, name text not null, form_id text, state text not null check (state in ('open','completed','canceled')),
    assignee_id text, candidate_groups text[] not null default '{}', candidate_users text[] not null default '{}', opened_at timestamptz not null, due_at timestamptz, ended_at timestamptz, completed_by text, primary key (ticket_id, wait_id))`,
  'create index task_open on task (state, assignee_id)',
  `create table clock (clock_id text not null, ticket_id uuid not null, metric text not null, policy_id text not null, policy_version int not null, calendar_id text not null, calendar_version int not null,
    state text not null check (state in ('running','paused','met','breached','canceled')), target_ms bigint not null, started_at timestamptz not null, due_at timestamptz, remaining_business_ms bigint, stopped_at timestamptz, elapsed_business_ms bigint,
    breached_at timestamptz, late_ms bigint, owned_ms jsonb not null default '{}', primary key (ticket_id, clock_id))`,
  'create index clock_due on clock (state, due_at)',
  // --- conversation -------------------------------------------------------
  `create table interaction (id uuid primary key, channel text not null, person_id text, address text, subject text not null, body text not null, received_at timestamptz not null, disposition text not null default 'open', ticket_id uuid,
    message_id text, raw_sha256 text, extra jsonb not null default '{}')`,
  `create table message (id uuid primary key, ticket_id uuid, interaction_id uuid, at timestamptz not null, author_id text, author_address text, direction text not null, visibility text not null, channel text not null, text text not null, html text,
    message_id text unique, in_reply_to text, mail_references text[] not null default '{}', is_recorded boolean not null default false)`,
  'create index message_ticket on message (ticket_id, at)',
  'create table attachment (id uuid primary key, message_id uuid references message on delete cascade, name text not null, media_type text not null, bytes int not null, sha256 text not null, content bytea not null)',
  // --- intake: committed before Temporal hears of it ----------------------
  `create table intake (ticket_id uuid primary key, input jsonb not null, created_at timestamptz not null default now(), started_at timestamptz, attempts int not null default 0, last_error text)`,
  'create index intake_waiting on intake (created_at) where started_at is null',
  // commands accepted while the workflow could not be reached (mail replies): delivered later, once, in order
  `create table command_outbox (id bigint generated always as identity primary key, ticket_id uuid not null, update_name text not null, command jsonb not null, created_at timestamptz not null default now(), delivered_at timestamptz, attempts int not null default 0, last_error text)`,
  'create index command_waiting on command_outbox (ticket_id, id) where delivered_at is null',
  // --- mail out -----------------------------------------------------------
  `create table mail_out (id uuid primary key, idempotency_key text not null unique, ticket_id uuid, template text not null, locale text not null, recipient text not null, subject text not null, text text not null, html text,
    message_id text not null unique, in_reply_to text, mail_references text[] not null default '{}', state text not null check (state in ('pending','sent','failed','suppressed')), reason text, attempts int not null default 0, created_at timestamptz not null default now(), sent_at timestamptz)`,
  `create table rejected_mail (id uuid primary key, received_at timestamptz not null, sender text, subject text, reason text not null, remedy text not null, raw bytea)`,
  // --- edges --------------------------------------------------------------
  `create table api_key (id text primary key, name text not null, prefix text not null, key_hash text not null unique, person_id text not null references person on delete cascade, created_at timestamptz not null default now(), expires_at timestamptz, revoked_at timestamptz, last_used_at timestamptz)`,
  `create table idempotency (key text not null, actor_id text not null, fingerprint text not null, status int, response text, created_at timestamptz not null default now(), primary key (key, actor_id))`,
  `create table import_run (id uuid primary key, source text not null, source_sha256 text not null, mapping jsonb not null, started_at timestamptz not null default now(), ended_at timestamptz, accepted int not null default 0, skipped int not null default 0, rejected jsonb not null default '[]')`,
  'create table imported_record (source text not null, reference text not null, ticket_id uuid not null, primary key (source, reference))',
]

const grants = [
  `do $$ begin if not exists (select from pg_roles where rolname = 'guichet_app') then create role guichet_app login; end if; end $$`,
  'grant usage on schema public to guichet_app',
  'grant select, insert, update, delete on all tables in schema public to guichet_app',
  'grant usage, select on all sequences in schema public to guichet_app',
  'revoke update, delete, truncate on fact, ledger_seal from guichet_app',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...statements, ...grants]) await sql.raw(statement).execute(db)
}
