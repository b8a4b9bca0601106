/** The systems that deliver: how they are set up, their secrets, and what became of each call to them. */
import { sql } from 'kysely'
import { ConnectorKind, type ConnectorAttempt, type ConnectorView } from '#schema/access'
import { type Db, instant } from '../database.ts'
import { appendNext } from '../facts.ts'

export async function listConnectors(db: Db): Promise<ConnectorView[]> {
  const { rows } = await sql<Omit<ConnectorView, 'kind'> & { kind: string; secretSetAt: Date | null }>`
    select c.id, c.kind, c.name, c.url, c.is_failing, c.secret is not null as has_secret, c.secret_set_at,
      (select count(*)::int from provision_attempt a where a.connector_id = c.id) as attempts,
      (select case when a.state = 'failed' then a.error end from provision_attempt a where a.connector_id = c.id order by a.id desc limit 1) as last_error
    from provision_connector c order by c.name, c.id`.execute(db)
  return rows.map((row) => ({ ...row, kind: ConnectorKind.parse(row.kind), secretSetAt: row.secretSetAt?.toISOString() ?? null }))
}

/** Gives a system a new secret; the one before is worth nothing from now on. The fact says that it changed, never what it is. False: there is no such system. */
export function setConnectorSecret(db: Db, id: string, sealed: string, actorId: string, at: number): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const before = await trx.selectFrom('provisionConnector').select('secretSetAt').where('id', '=', id).forUpdate().executeTakeFirst()
    if (!before) return false
    await trx
      .updateTable('provisionConnector')
      .set({ secret: sealed, secretSetAt: instant(at) })
      .where('id', '=', id)
      .execute()
    const from = before.secretSetAt?.toISOString() ?? null
    const fact = { type: 'recordChanged' as const, at, noun: 'connector', id, field: 'secretSetAt', from, to: new Date(at).toISOString() }
    await appendNext(trx, `connector/${id}`, [{ actorId, fact }])
    return true
  })
}

/** The log of one system, the latest first, before `before`. */
export async function connectorAttempts(db: Db, connectorId: string, before: number | null, limit: number): Promise<ConnectorAttempt[]> {
  const { rows } = await sql<Omit<ConnectorAttempt, 'at'> & { at: Date }>`
    select a.id::float8 as id, a.at, a.operation, a.state, a.reference, a.error, t.number as ticket
    from provision_attempt a left join ticket t on t.id = a.ticket_id
    where a.connector_id = ${connectorId} and (${before}::bigint is null or a.id < ${before}) order by a.id desc limit ${limit}`.execute(db)
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }))
}
