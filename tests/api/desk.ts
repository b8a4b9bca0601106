/** A desk to call in tests: the real app on a database of its own, seeded, with the real Temporal server behind it. */
import { Connection, Client } from '@temporalio/client'
import pg from 'pg'
import pino from 'pino'
import { createDataConverter } from '../../activities/temporal-client.ts'
import { seedDefinitions, seedPeople } from '../../activities/store/seed.ts'
import { createApp } from '../../api/app.ts'
import { createCommander } from '../../api/commands.ts'
import { type ApiConfig, defaultLimits } from '../../api/config.ts'
import type { AppDeps } from '../../api/deps.ts'
import { createEventHub } from '../../api/events.ts'
import { createIdentity } from '../../api/identity.ts'
import { type FreshDatabase, freshDatabase, servers } from '../setup/database.ts'

export const demo = {
  requester: 'camille@example.org',
  agent: 'alex@example.org',
  processOwner: 'priya@example.org',
  auditor: 'odile@example.org',
  administrator: 'admin@example.org',
} as const
export type DemoRole = keyof typeof demo

export interface TestDesk {
  database: FreshDatabase
  deps: AppDeps
  client: Client
  /** Calls as nobody. */
  call(path: string, init?: CallInit): Promise<Answer>
  /** Signs in once per role, and calls with that cookie. */
  as(role: DemoRole): Promise<(path: string, init?: CallInit) => Promise<Answer>>
  /** Moves the desk's clock. */
  setClock(at: number): void
  close(): Promise<void>
}
export interface CallInit {
  method?: string
  body?: unknown
  headers?: Record<string, string>
}
export interface Answer {
  status: number
  headers: Headers
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked at, not computed with
  json: any
}

export const origin = 'http://desk.test'
const secret = 'a secret that is only used in tests, 32+'

export async function testDesk(
  options: {
    /** Absent: yes. */ hasDefinitions?: boolean
    temporalAddress?: string
    commandTimeoutMs?: number
    limits?: Partial<ApiConfig['limits']>
  } = {},
): Promise<TestDesk> {
  const database = await freshDatabase()
  await seedPeople(database.db)
  if (options.hasDefinitions !== false) await seedDefinitions(database.db)
  const config: ApiConfig = {
    databaseUrl: database.url,
    temporalAddress: options.temporalAddress ?? servers().temporalAddress,
    temporalNamespace: 'default',
    host: '127.0.0.1',
    port: 0,
    smtpHost: '127.0.0.1',
    smtpPort: 0,
    smtpUrl: null,
    publicUrl: origin,
    mailAddress: 'support@guichet.localhost',
    secret,
    trustProxy: false,
    isStatusPublic: false,
    uiFolder: '/nonexistent',
    limits: { ...defaultLimits, ...options.limits },
  }
  const connection = Connection.lazy({ address: config.temporalAddress })
  const client = new Client({ connection, dataConverter: createDataConverter(database.db, {}) })
  const pool = new pg.Pool({ connectionString: database.url, max: 2 })
  pool.on('error', () => {
    // the database is dropped under idle connections at the end
  })
  const log = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' })
  let now: number | null = null
  const isStarted = async (id: string) =>
    (await database.db.selectFrom('intake').select('startedAt').where('ticketId', '=', id).executeTakeFirst())?.startedAt != null
  const deps: AppDeps = {
    db: database.db,
    commander: createCommander(client, isStarted, options.commandTimeoutMs ?? 5_000),
    kickIntake: () => {},
    identity: createIdentity(pool, config),
    events: createEventHub(database.url, log),
    clock: () => now ?? Date.now(),
    config,
    log,
  }
  const app = createApp(deps)
  const call = async (path: string, init: CallInit = {}): Promise<Answer> => {
    const isForm = init.body instanceof FormData || typeof init.body === 'string'
    const headers = new Headers({
      'accept-language': 'en',
      ...(init.body !== undefined && !isForm ? { 'content-type': 'application/json' } : {}),
      ...init.headers,
    })
    const body = init.body === undefined ? null : isForm ? (init.body as FormData | string) : JSON.stringify(init.body)
    const response = await app.request(`${origin}${path.startsWith('/api/') ? path : `/api/v1${path}`}`, {
      method: init.method ?? (init.body === undefined ? 'GET' : 'POST'),
      headers,
      body,
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: /json/.test(response.headers.get('content-type') ?? '') && text !== '' ? JSON.parse(text) : null,
    }
  }
  const cookies = new Map<DemoRole, string>()
  return {
    database,
    deps,
    client,
    call,
    async as(role) {
      if (!cookies.has(role)) {
        const answer = await call('/api/auth/sign-in/email', { body: { email: demo[role], password: 'guichet' } })
        if (answer.status !== 200) throw new Error(`expected ${demo[role]} to sign in, found ${answer.status} ${answer.text}`)
        cookies.set(
          role,
          answer.headers
            .getSetCookie()
            .map((c) => c.split(';')[0])
            .join('; '),
        )
      }
      const cookie = cookies.get(role) ?? ''
      return (path, init = {}) => call(path, { ...init, headers: { cookie, ...init.headers } })
    },
    setClock(at) {
      now = at
    },
    async close() {
      await deps.events.close()
      await connection.close()
      await pool.end()
      await database.drop()
    },
  }
}
