import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { type DelegationProblem, delegationProblems, type KnownDelegation, standingsOf } from '#domain/delegation'
import type { DelegationScope, Standing } from '#schema/approval'
import type { Delegation } from '#schema/delegation'
import { type Db, inTransaction, instant, type Trx } from '../database.ts'
import { appendNext } from '../facts.ts'

export interface NewDelegation extends Omit<Delegation, 'id'> {
  reason: string
  createdById: string
  /** UTC epoch ms. */
  at: number
}

/** It may not be; each place says why. */
export class DelegationRefused extends Error {
  override readonly name = 'DelegationRefused'
  readonly problems: DelegationProblem[]
  constructor(problems: DelegationProblem[]) {
    super(problems.map(({ code }) => code).join(', '))
    this.problems = problems
  }
}

interface Row {
  id: string
  personId: string
  delegateId: string | null
  scope: string
  value: string | null
  startsAt: Date
  endsAt: Date
  groups: string[]
}

const known = ({ scope, startsAt, endsAt, ...row }: Row): KnownDelegation => ({
  ...row,
  scope: scope as DelegationScope,
  startsAt: startsAt.getTime(),
  endsAt: endsAt.getTime(),
})

const columns = sql`d.id, d.person_id, d.delegate_id, d.scope, d.value, d.starts_at, d.ends_at,
  coalesce((select array_agg(m.group_id order by m.group_id) from group_member m where m.person_id = d.person_id), '{}') as groups`

/** The desk's days, for absences in whole days. */
const deskZone = 'Europe/Paris'

/** Delegations of people who are still there, that are neither revoked nor over at `now`; absences of the register are delegations to nobody. */
export async function standingDelegations(db: Db | Trx, now: number): Promise<KnownDelegation[]> {
  const { rows } = await sql<Row>`select ${columns} from (
      select id::text, person_id, delegate_id, scope, value, starts_at, ends_at from delegation where revoked_at is null
      union all select id, person_id, null, 'all', null, starts_on::timestamp at time zone ${deskZone}, (ends_on + 1)::timestamp at time zone ${deskZone} from absence where archived_at is null
    ) d join person p on p.id = d.person_id and p.is_active where d.ends_at > ${instant(now)} order by d.starts_at, d.id`.execute(db)
  return rows.map(known)
}

/** In whose place a person may decide now. Most people in nobody's: one look at an index says so. */
export async function standingsFor(db: Db | Trx, personId: string, now: number): Promise<Standing[]> {
  const any = await sql`select from delegation where delegate_id = ${personId} and revoked_at is null and starts_at <= ${instant(now)}
    and ends_at > ${instant(now)} limit 1`.execute(db)
  return any.rows.length === 0 ? [] : standingsOf(personId, await standingDelegations(db, now), now)
}

/** One decision about delegations at a time: two that would close a circle together do not see one another otherwise. */
const lock = (trx: Trx) => sql`select pg_advisory_xact_lock(hashtextextended('delegations', 9))`.execute(trx)

/** @throws DelegationRefused */
export function addDelegation(db: Db | Trx, made: NewDelegation): Promise<string> {
  return inTransaction(db, async (trx) => {
    await lock(trx)
    const { personId, delegateId, scope, value, startsAt, endsAt, reason, createdById, at } = made
    const id = randomUUID()
    const one: Delegation = { id, personId, delegateId, scope, value, startsAt, endsAt }
    const problems = delegationProblems(one, await standingDelegations(trx, at), at)
    if (problems.length > 0) throw new DelegationRefused(problems)
    await trx
      .insertInto('delegation')
      .values({ ...one, startsAt: instant(startsAt), endsAt: instant(endsAt), reason, createdAt: instant(at), createdBy: createdById })
      .execute()
    const changed = (field: string, to: string | null) => ({
      actorId: createdById,
      fact: { type: 'recordChanged' as const, at, noun: 'delegation', id, field, from: null, to },
    })
    await appendNext(trx, `delegation/${id}`, [
      changed('personId', personId),
      changed('delegateId', delegateId),
      changed('cover', scope === 'all' ? 'all' : `${scope} ${value}`),
      changed('startsAt', new Date(startsAt).toISOString()),
      changed('endsAt', new Date(endsAt).toISOString()),
      changed('reason', reason),
    ])
    return id
  })
}

/** Ends a delegation now; false when it was ended before or never was. */
export function revokeDelegation(db: Db | Trx, id: string, actorId: string, at: number): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    const row = await trx
      .updateTable('delegation')
      .set({ revokedAt: instant(at), revokedBy: actorId })
      .where('id', '=', id)
      .where('revokedAt', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (!row) return false
    const fact = {
      type: 'recordChanged' as const,
      at,
      noun: 'delegation',
      id,
      field: 'revokedAt',
      from: null,
      to: new Date(at).toISOString(),
    }
    await appendNext(trx, `delegation/${id}`, [{ actorId, fact }])
    return true
  })
}
