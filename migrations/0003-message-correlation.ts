import { type Kysely, sql } from 'kysely'

/**
 * Messages, signals and starts across instances (BPMN 2.0 clause 10.5; ADR 0008). `subscription` is a projection of facts; the others hold what is
 * on its way: what was published, who was given it, and the outbox from which it is delivered.
 */
const statements = [
  // what an instance waits for now; delivery_id: something is on its way to it
  `create table subscription (id bigint generated always as identity primary key, ticket_id uuid not null, wait_id text not null, process_id text not null, element_id text not null,
    kind text not null check (kind in ('message','signal')), name text not null, correlation_key text, opened_at timestamptz not null, delivery_id bigint, unique (ticket_id, wait_id))`,
  'create index subscription_match on subscription (kind, name, correlation_key, id)',
  // what was published; messages wait here until they expire
  `create table publication (id bigint generated always as identity primary key, kind text not null check (kind in ('message','signal')), name text not null, correlation_key text, message_id text not null,
    variables jsonb not null, source text not null, published_at timestamptz not null, expires_at timestamptz not null)`,
  `create unique index publication_once on publication (kind, name, coalesce(correlation_key, ''), message_id)`,
  'create index publication_waiting on publication (name, correlation_key, id)',
  'create index publication_expiry on publication (expires_at)',
  // deliveries to running instances, and starts of new ones: once each, in order per receiver
  `create table delivery (id bigint generated always as identity primary key, kind text not null check (kind in ('message','signal','start')), publication_id bigint references publication on delete cascade, process_id text not null,
    ticket_id uuid not null, element_id text, payload jsonb not null, created_at timestamptz not null, settled_at timestamptz, outcome text, attempts int not null default 0, retry_at timestamptz, last_error text)`,
  'create index delivery_waiting on delivery (ticket_id, id) where settled_at is null',
  'create index delivery_publication on delivery (publication_id)',
  // a message goes to one receiver of each process definition
  `create table message_receipt (publication_id bigint not null references publication on delete cascade, process_id text not null, ticket_id uuid not null, wait_id text, taken_at timestamptz not null, correlated_at timestamptz,
    primary key (publication_id, process_id))`,
  'create index message_receipt_ticket on message_receipt (ticket_id)',
  // start events that the world may trigger, of the latest version of each process
  `create table start_trigger (process_id text not null, element_id text not null, version int not null, kind text not null check (kind in ('message','signal','timer')), name text,
    due_at timestamptz, interval text, remaining int, time_zone text not null, primary key (process_id, element_id))`,
  'create index start_trigger_name on start_trigger (kind, name)',
  'create index start_trigger_due on start_trigger (due_at) where due_at is not null',
  'create table start_catalogue (process_id text primary key, version int not null)',
  // while an instance that a message with this key started is running, no second one is started
  'create table exclusive_start (process_id text not null, correlation_key text not null, ticket_id uuid not null, primary key (process_id, correlation_key))',
  'create index exclusive_start_ticket on exclusive_start (ticket_id)',
  // subscriptions of the instances that run already
  `insert into subscription (ticket_id, wait_id, process_id, element_id, kind, name, correlation_key, opened_at)
    select instance.ticket_id, opened.body->>'waitId', instance.process_id, opened.body->>'elementId', opened.body->>'kind', opened.body->>'name', opened.body->>'correlationKey', opened.at
    from instance join fact opened on opened.stream_id = instance.ticket_id::text and opened.type = 'subscriptionOpened' and opened.body->>'kind' in ('message', 'signal')
    where not instance.is_ended and not exists (select from fact closed where closed.stream_id = opened.stream_id and closed.type = 'subscriptionClosed'
      and closed.sequence > opened.sequence and closed.body->>'waitId' = opened.body->>'waitId')
    order by opened.at, opened.sequence`,
  'grant select, insert, update, delete on subscription, publication, delivery, message_receipt, start_trigger, start_catalogue, exclusive_start to guichet_app',
  'grant usage, select on all sequences in schema public to guichet_app',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
