import { type Kysely, sql } from 'kysely'

/** The register: people and things beside tickets. `version` is the number of the last fact in the record's stream. */
const common =
  'id text primary key, version int not null default 0, archived_at timestamptz, created_at timestamptz not null default now(), updated_at timestamptz not null default now()'

const statements = [
  `create table site (${common}, code text not null unique, name text not null, address text, city text, country text, time_zone text not null, calendar_id text)`,
  `create table skill (${common}, code text not null unique, name text not null, name_en text)`,
  // --- people and groups become records like the others ---------------------
  `alter table person add column version int not null default 0, add column archived_at timestamptz, add column phone text, add column manager_id text references person,
    add column site_id text references site`,
  `alter table support_group add column version int not null default 0, add column archived_at timestamptz, add column created_at timestamptz not null default now(),
    add column updated_at timestamptz not null default now(), add column name_en text, add column email text, add column manager_id text references person, add column calendar_id text,
    add column has_ola boolean not null default false`,
  'create unique index support_group_name on support_group (name)',
  'create table person_skill (person_id text not null references person on delete cascade, skill_id text not null references skill on delete cascade, primary key (person_id, skill_id))',
  'create index person_skill_skill on person_skill (skill_id)',
  // out of office: whole days in the person's own reckoning, both included
  `create table absence (${common}, person_id text not null references person, starts_on date not null, ends_on date not null, reason text, check (ends_on >= starts_on))`,
  'create index absence_person on absence (person_id, ends_on)',
  // --- on call --------------------------------------------------------------
  `create table on_call_rotation (${common}, name text not null unique, group_id text not null references support_group, level int not null, time_zone text not null, member_ids text[] not null, handover text not null,
    handover_weekday int, handover_time text not null, starts_on date not null, ends_on date, days text not null, covers_from text, covers_to text)`,
  `create table on_call_override (${common}, rotation_id text not null references on_call_rotation, person_id text not null references person, starts_at timestamptz not null, ends_at timestamptz not null, reason text,
    check (ends_at > starts_at))`,
  'create index on_call_override_rotation on on_call_override (rotation_id, ends_at)',
  // --- things ---------------------------------------------------------------
  `create table supplier (${common}, name text not null unique, contact text, email text, phone text, customer_number text, notes text)`,
  `create table service (${common}, code text not null unique, name text not null, name_en text, criticality text not null, desk_type text not null, owner_id text references person, group_id text references support_group,
    calendar_id text, description text)`,
  `create table customer (${common}, code text not null unique, name text not null, contact text, email text, phone text, address text, city text, country text, owner_id text references person, support_level text not null, notes text)`,
  `create table configuration_item (${common}, code text not null unique, name text not null, class text not null, status text not null, environment text not null, criticality text not null, service_id text references service,
    group_id text references support_group, owner_id text references person, site_id text references site, supplier_id text references supplier, description text)`,
  'create index configuration_item_service on configuration_item (service_id)',
  // from_id relies on to_id
  `create table ci_relation (${common}, from_id text not null references configuration_item, kind text not null, to_id text not null references configuration_item, note text, unique (from_id, kind, to_id), check (from_id <> to_id))`,
  'create index ci_relation_to on ci_relation (to_id)',
  `create table asset (${common}, tag text not null unique, name text not null, class text not null, status text not null, serial_number text, holder_id text references person, site_id text references site, ci_id text references configuration_item,
    supplier_id text references supplier, purchased_on date, warranty_ends_on date, cost numeric(12,2), notes text)`,
  'create index asset_holder on asset (holder_id)',
  `create table licence (${common}, name text not null unique, supplier_id text references supplier, metric text not null, seats int not null, starts_on date, ends_on date, renewal_lead_days int not null, reclaim_after_days int,
    annual_cost numeric(12,2), owner_id text references person, notes text)`,
  `create table installation (${common}, licence_id text not null references licence, person_id text references person, ci_id text references configuration_item, installed_on date not null, last_used_on date, status text not null,
    unique nulls not distinct (licence_id, person_id, ci_id))`,
  // watch_id: the process instance that waits for the contract's notice date
  `create table maintenance_contract (${common}, reference text not null unique, name text not null, supplier_id text not null references supplier, owner_id text not null references person, starts_on date not null, ends_on date not null,
    is_tacit boolean not null, renewal_months int not null, notice_value int not null, notice_unit text not null, lead_days int not null, calendar_id text, annual_cost numeric(12,2), ci_ids text[] not null default '{}', decision text not null,
    status text not null, notes text, watch_id uuid)`,
  'create index maintenance_contract_end on maintenance_contract (status, ends_on)',
  // --- tickets --------------------------------------------------------------
  'alter table ticket add column ci_id text',
  'create index ticket_ci on ticket (ci_id, status) where ci_id is not null',
  'create index ticket_assignee on ticket (assignee_id, status)',
  `grant select, insert, update, delete on site, skill, person_skill, absence, on_call_rotation, on_call_override, supplier, service, customer, configuration_item, ci_relation, asset, licence, installation,
    maintenance_contract to guichet_app`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
