import { type Kysely, sql } from 'kysely'

/** What led to the facts of each flush, for a workflow task that is lost after its flush; pruned as the stream grows. As `json`: the order of keys decides the order of facts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table stimulus (stream_id text not null, from_sequence int not null, stimuli json not null, recorded_at timestamptz not null default now(),
    primary key (stream_id, from_sequence))`.execute(db)
  await sql`create index stimulus_recorded on stimulus (recorded_at)`.execute(db)
  await sql`grant select, insert, delete on stimulus to guichet_app`.execute(db)
}
