import { CamelCasePlugin, Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import type { DB } from '../../migrations/database.ts'

export type Database = DB
export type Db = Kysely<Database>
export type Trx = Transaction<Database>

/** bigint as a JavaScript number: our counters and milliseconds stay far below 2^53. `date` stays the text it is. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === 20) return Number
    if (oid === 1082) return String
    return pg.types.getTypeParser(oid, format)
  }) as typeof pg.types.getTypeParser,
}

/** How many connections one process may hold. */
const maxConnections = 10

/**
 * The application's access to PostgreSQL. snake_case in SQL becomes camelCase here, and nowhere else; the keys inside
 * JSON columns stay as they are. Lost idle connections (a restarted server) are replaced on the next query.
 */
export function createDatabase(url: string, options: { max?: number } = {}): Db {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? maxConnections,
    types,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 10_000,
  })
  // A server that dies takes its connections with it: queries under way reject, and the pool drops the connection.
  // Without listeners, node-postgres would end the whole process over a connection that nobody is asking anything of.
  const ignore = () => {}
  pool.on('error', ignore)
  pool.on('connect', (client) => client.on('error', ignore))
  return new Kysely<Database>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
}

/** Runs `work` in a transaction: the given one, when we are in one already. */
export const inTransaction = <T>(db: Db | Trx, work: (trx: Trx) => Promise<T>): Promise<T> =>
  db.isTransaction ? work(db as Trx) : db.transaction().execute(work)

export const instant = (ms: number): Date => new Date(ms)
export const maybeInstant = (ms: number | null | undefined): Date | null => (ms === null || ms === undefined ? null : new Date(ms))
export const iso = (date: Date): string => date.toISOString()
export const maybeIso = (date: Date | null | undefined): string | null => date?.toISOString() ?? null

/** A value for a jsonb column. node-postgres would send a JavaScript array as a PostgreSQL array. */
export const json = (value: unknown): string => JSON.stringify(value)

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
export const isUuid = (text: string): boolean => uuidPattern.test(text)
