import { type Kysely, sql } from 'kysely'

/**
 * Requests of the catalogue and access rights (ADR 0013). What is asked for lives in the tickets; here is what holds them together (the order), what
 * outlives them (entitlements and grants), and what was done in other systems (provisioning, once per key).
 */
const statements = [
  `create table catalogue_order (id uuid primary key, number text not null unique, ordered_by_id text not null, requester_id text not null, notes text not null default '', totals jsonb not null, created_at timestamptz not null)`,
  'create index catalogue_order_people on catalogue_order (requester_id, created_at desc)',
  'create table catalogue_order_line (order_id uuid not null references catalogue_order on delete cascade, line int not null, ticket_id uuid not null unique, item_id text not null, item_version int not null, quantity int not null, unit_amount numeric(14,2), currency text, recurrence text, primary key (order_id, line))',
  'create index catalogue_order_line_item on catalogue_order_line (item_id)',
  // --- systems that deliver
  `create table provision_connector (id text primary key, kind text not null check (kind in ('manual','webhook','simulate')), name text not null, url text, is_failing boolean not null default false)`,
  `create table provision_attempt (id bigint generated always as identity primary key, idempotency_key text not null, connector_id text not null, ticket_id uuid not null, operation text not null, state text not null check (state in ('done','failed')), reference text, error text, at timestamptz not null)`,
  `create unique index provision_attempt_done on provision_attempt (idempotency_key) where state = 'done'`,
  'create index provision_attempt_ticket on provision_attempt (ticket_id, id)',
  // --- access rights
  `create table entitlement (id text primary key, name_fr text not null, name_en text not null, resource text not null, role text not null, owner_id text not null, connector_id text not null references provision_connector, group_id text not null, default_days int, is_active boolean not null default true)`,
  `create table access_grant (id uuid primary key, entitlement_id text not null references entitlement, person_id text not null, state text not null check (state in ('active','removing','revoked')), granted_at timestamptz not null, granted_by_id text not null, request_id uuid, reason text not null default '', expires_at timestamptz, expiry_instance_id uuid, revoked_at timestamptz, revoked_by_id text, revoke_reason text)`,
  `create unique index access_grant_once on access_grant (entitlement_id, person_id) where state <> 'revoked'`,
  'create index access_grant_person on access_grant (person_id, granted_at desc)',
  `create table access_profile (id text primary key, name_fr text not null, name_en text not null, entitlement_ids text[] not null default '{}')`,
  `create table review_campaign (id uuid primary key, name text not null, state text not null check (state in ('open','overdue','closed')), started_at timestamptz not null, started_by_id text not null, due_at timestamptz not null, grace_until timestamptz not null, ended_at timestamptz, unanswered text not null check (unanswered in ('revoke','keep')))`,
  `create table review_item (campaign_id uuid not null references review_campaign on delete cascade, grant_id uuid not null references access_grant, reviewer_id text not null, decision text check (decision in ('keep','revoke')), decided_at timestamptz, decided_by_id text, is_by_policy boolean not null default false, comment text, primary key (campaign_id, grant_id))`,
  'create index review_item_reviewer on review_item (reviewer_id, campaign_id)',
  'grant select, insert, update, delete on catalogue_order, catalogue_order_line, provision_connector, provision_attempt, entitlement, access_grant, access_profile, review_campaign, review_item to guichet_app',
  'grant usage, select on all sequences in schema public to guichet_app',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
