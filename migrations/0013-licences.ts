import { type Kysely, sql } from 'kysely'

/** Licences that act by themselves: the decision on a term, how long a holder has to answer, and what was answered. */
const statements = [
  `alter table licence add column renewal_months int not null default 12, add column reclaim_grace_days int not null default 10, add column decision text not null default 'none',
    add column decided_seats int, add column status text not null default 'active'`,
  'alter table installation add column reviewed_on date, add column keep_reason text',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
