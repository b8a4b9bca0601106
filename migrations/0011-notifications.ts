import { type Kysely, sql } from 'kysely'

/**
 * Who is told what and when (ADR 0016), and the desks: several in one installation, each with its type. Calls and walk-ins are interactions
 * with a queue; what the telephone system reported is kept event by event, so that the order in which it arrives does not matter.
 */
const statements = [
  // --- notifications ------------------------------------------------------
  'alter table mail_out drop constraint mail_out_state_check',
  // collected: waits for the recipient's digest; digest_id: the mail that it then went out in
  `alter table mail_out add constraint mail_out_state_check check (state in ('pending','collected','sent','failed','suppressed')),
    add column person_id text, add column reason_code text, add column digest_due_at timestamptz, add column digest_id uuid, add column is_mandatory boolean not null default false,
    add column delivery text check (delivery in ('delivered','delayed','bounced')), add column delivery_detail text, add column delivery_at timestamptz`,
  `create index mail_out_collected on mail_out (digest_due_at) where state = 'collected'`,
  'create index mail_out_recent on mail_out (recipient, created_at)',
  `create table notification_preference (person_id text primary key references person on delete cascade, time_zone text not null, daily_at text not null, modes jsonb not null default '{}', updated_at timestamptz not null)`,
  // an address that refuses mail for good, some times in a row, gets none any more
  `create table mail_address (address text primary key, hard_bounces int not null default 0, last_bounce_at timestamptz, last_reason text, blocked_at timestamptz)`,
  // --- desks --------------------------------------------------------------
  `create table desk (id text primary key, type text not null check (type in ('customerSupport','callCentre','itServiceDesk')), name_fr text not null, name_en text not null, is_default boolean not null default false, is_active boolean not null default true,
    channels text[] not null, kinds text[] not null, group_ids text[] not null default '{}', mail_addresses text[] not null default '{}', phone_numbers text[] not null default '{}', calendar_id text, updated_at timestamptz not null default now())`,
  'create unique index desk_default on desk (is_default) where is_default',
  'alter table ticket add column desk_id text, add column desk_type text',
  'create index ticket_desk on ticket (desk_id, status)',
  'alter table api_key add column desk_id text',
  // --- interactions -------------------------------------------------------
  `alter table interaction add column desk_id text, add column direction text not null default 'in' check (direction in ('in','out')), add column queue text, add column agent_id text, add column dialled text, add column call_id text unique,
    add column offered_at timestamptz, add column answered_at timestamptz, add column abandoned_at timestamptz, add column ended_at timestamptz, add column wrapped_up_at timestamptz, add column hold_ms bigint not null default 0,
    add column outcome text, add column outcome_note text, add column ticket_call text, add column called_at timestamptz`,
  'create index interaction_received on interaction (received_at desc, id desc)',
  'create index interaction_person on interaction (person_id, received_at desc)',
  'create index interaction_ticket on interaction (ticket_id)',
  `create index interaction_waiting on interaction (desk_id, offered_at) where channel = 'walkIn' and answered_at is null and abandoned_at is null`,
  `create table call_event (call_id text not null, type text not null, at timestamptz not null, body jsonb not null, received_at timestamptz not null, primary key (call_id, type, at))`,
  'create table person_phone (number text primary key, person_id text not null references person on delete cascade)',
  'create index person_phone_person on person_phone (person_id)',
  'grant select, insert, update, delete on notification_preference, mail_address, desk, call_event, person_phone to guichet_app',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
