import { type Kysely, sql } from 'kysely'

/**
 * Change enablement. Templates, windows and board meetings are records with streams of their own; a change is a ticket, and its plan lies in the
 * process's root variables: the view `change_record` reads them, whatever anybody put there.
 */
const statements = [
  `create table change_template (id text primary key, version int not null, state text not null check (state in ('active','withdrawn')), name text not null, draft jsonb not null, withdrawn_reason text,
    withdrawn_at timestamptz, revised_at timestamptz not null, created_at timestamptz not null)`,
  'create unique index change_template_name on change_template (lower(name))',
  `create table change_window (id uuid primary key, version int not null, kind text not null check (kind in ('maintenance','blackout')), name text not null, reason text not null default '', time_zone text not null,
    starts_at text not null, ends_at text not null, rule text, scope jsonb not null, created_by text not null, created_at timestamptz not null, check (ends_at > starts_at))`,
  `create table cab_meeting (id uuid primary key, version int not null, title text not null, starts_at timestamptz not null, ends_at timestamptz not null, location text not null default '', chair_id text not null,
    member_ids text[] not null, quorum int not null, state text not null check (state in ('planned','held','canceled')), attendee_ids text[] not null default '{}', notes text not null default '', created_at timestamptz not null,
    check (ends_at > starts_at), check (quorum between 1 and cardinality(member_ids)))`,
  'create index cab_meeting_time on cab_meeting (state, starts_at)',
  // what a meeting said about a change; one word of each meeting about each change
  `create table cab_decision (meeting_id uuid not null references cab_meeting, ticket_id uuid not null, decision text not null check (decision in ('approved','rejected','deferred')), minutes text not null, decided_by text not null,
    decided_at timestamptz not null, primary key (meeting_id, ticket_id))`,
  'create index cab_decision_ticket on cab_decision (ticket_id, decided_at)',
  `create function instant_or_null(given text) returns timestamptz language plpgsql stable as $$ begin return given::timestamptz; exception when others then return null; end $$`,
  `create function texts_of(given jsonb) returns text[] language sql immutable as $$ select case when jsonb_typeof(given) = 'array'
    then array(select jsonb_array_elements_text(given)) else '{}'::text[] end $$`,
  `create function int_or_null(given jsonb) returns int language sql immutable as $$ select case when jsonb_typeof(given) = 'number' and abs((given #>> '{}')::numeric) < 1000000
    then round((given #>> '{}')::numeric)::int end $$`,
  // before its workflow has started, a change is what its opening says
  `create view change_record as select ticket.id, ticket.number, ticket.title, ticket.status, ticket.service, ticket.group_id, ticket.requester_id, ticket.assignee_id, ticket.opened_at, ticket.closed_at, ticket.resolution_code as outcome,
    v.own ->> 'changeType' as change_type, v.own ->> 'templateId' as template_id, texts_of(v.own -> 'ciIds') as ci_ids, texts_of(v.own -> 'dependsOn') as depends_on, v.own ->> 'implementerId' as implementer_id,
    instant_or_null(v.own ->> 'plannedStart') as planned_start, instant_or_null(v.own ->> 'plannedEnd') as planned_end, int_or_null(v.own -> 'risk') as risk, v.own -> 'isUnauthorised' = 'true'::jsonb as is_unauthorised,
    coalesce(instance.is_ended, false) as is_ended,

    coalesce(instance.active @> '[{"elementId":"review"}]' or instance.active @> '[{"elementId":"completeRecord"}]', false) as is_implemented
    from ticket left join instance on instance.ticket_id = ticket.id cross join lateral (select ticket.extra || coalesce(instance.variables, '{}'::jsonb) as own) v where ticket.kind = 'change'`,
  `create index ticket_change on ticket (opened_at desc, id) where kind = 'change'`,
  'grant select, insert, update, delete on change_template, change_window, cab_meeting, cab_decision to guichet_app',
  'grant select on change_record to guichet_app',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
