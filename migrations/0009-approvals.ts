import { type Kysely, sql } from 'kysely'

/**
 * Approvals (ADR 0014): `approval` is a projection of facts, one row for each person or group that was asked; `approval_notice` says which mails went out.
 * Known errors, the rules by which problems are proposed, and the proposals: each writes its own stream, in the same transaction as its row.
 */
const statements = [
  // --- approvals
  `create table approval (ticket_id uuid not null, wait_id text not null, element_id text not null, name text not null, subject text not null, approver_id text, candidate_groups text[] not null default '{}', candidate_users text[] not null default '{}',
    opened_at timestamptz not null, due_at timestamptz, state text not null check (state in ('pending','approved','rejected','abstained','withdrawn')), decided_by_id text, decided_for_id text, delegation_id uuid, comment text not null default '', via text,
    ended_at timestamptz, moves jsonb not null default '[]', primary key (ticket_id, wait_id))`,
  `create index approval_pending on approval (approver_id) where state = 'pending'`,
  'create index approval_decided on approval (decided_by_id, ended_at desc)',
  // what was done about a pending approval beside the ticket: asked, reminded, moved on; once each
  `create table approval_notice (ticket_id uuid not null, wait_id text not null, kind text not null check (kind in ('asked','reminded','moved','stuck')), person_id text not null, at timestamptz not null, primary key (ticket_id, wait_id, kind, person_id))`,
  // a delegate for a time; without a delegate: away
  `create table delegation (id uuid primary key, person_id text not null references person, delegate_id text references person, scope text not null check (scope in ('all','group','subject')), value text, starts_at timestamptz not null, ends_at timestamptz not null check (ends_at > starts_at),
    reason text not null default '', created_at timestamptz not null, created_by text not null, revoked_at timestamptz, revoked_by text)`,
  'create index delegation_delegate on delegation (delegate_id, ends_at) where revoked_at is null',
  'create index delegation_person on delegation (person_id, ends_at) where revoked_at is null',
  // --- known errors
  `create function plain_words(text) returns text language sql immutable parallel safe strict as $$ select public.unaccent('public.unaccent', $1) $$`,
  `create table known_error (id uuid primary key, number text not null unique, version int not null, title text not null, symptoms text not null, workaround text not null, root_cause text not null default '', audience text not null check (audience in ('internal','agents','customers','public')),
    state text not null check (state in ('draft','published','retired')), review_on date, problem_id uuid, service text, category text, ci_id text, created_at timestamptz not null, created_by text not null, updated_at timestamptz not null, updated_by text not null, published_at timestamptz, retired_at timestamptz,
    search tsvector generated always as (setweight(to_tsvector('simple', number), 'A') || setweight(to_tsvector('french', plain_words(title)), 'A') || setweight(to_tsvector('english', plain_words(title)), 'A')
      || setweight(to_tsvector('french', plain_words(left(symptoms, 50000))), 'B') || setweight(to_tsvector('english', plain_words(left(symptoms, 50000))), 'B')
      || setweight(to_tsvector('french', plain_words(left(workaround, 50000))), 'C') || setweight(to_tsvector('english', plain_words(left(workaround, 50000))), 'C')) stored)`,
  'create index known_error_search on known_error using gin (search)',
  'create index known_error_place on known_error (state, category, service)',
  'create index known_error_problem on known_error (problem_id)',
  "create table known_error_version (known_error_id uuid not null references known_error, version int not null, content jsonb not null, at timestamptz not null, by_id text not null, note text not null default '', primary key (known_error_id, version))",
  'create table known_error_use (known_error_id uuid not null references known_error, ticket_id uuid not null, version int not null, person_id text not null, at timestamptz not null, primary key (known_error_id, ticket_id))',
  'create index known_error_use_ticket on known_error_use (ticket_id)',
  'create index known_error_use_at on known_error_use (at)',
  // --- problems from recurrence
  `create table recurrence_rule (id text primary key, name_fr text not null, name_en text not null, field text not null check (field in ('ciId','category','service')), least int not null check (least >= 2), days int not null check (days between 1 and 366), is_active boolean not null, version int not null, updated_at timestamptz not null)`,
  `create table problem_proposal (id uuid primary key, rule_id text not null references recurrence_rule, field text not null, value text not null, least int not null, days int not null, ticket_ids uuid[] not null, first_at timestamptz not null, last_at timestamptz not null,
    state text not null check (state in ('open','accepted','dismissed')), proposed_at timestamptz not null, problem_id uuid, decided_at timestamptz, decided_by text, reason text not null default '')`,
  `create unique index problem_proposal_open on problem_proposal (rule_id, value) where state = 'open'`,
  'create index problem_proposal_place on problem_proposal (rule_id, value, last_at desc)',
  'grant select, insert, update, delete on approval, approval_notice, delegation, known_error, known_error_version, known_error_use, recurrence_rule, problem_proposal to guichet_app',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
