/**
 * Sign-in by better-auth on our own tables: its user is `person`. People are made by administrators and by intake, so there is no sign-up.
 * better-auth gets a pool of its own, whose column names are mapped here (the application's Kysely speaks camelCase).
 */
import { randomUUID } from 'node:crypto'
import { betterAuth } from 'better-auth'
import { hashPassword } from 'better-auth/crypto'
import type { Pool } from 'pg'
import type { ApiConfig } from './config.ts'

export interface Identity {
  /** Serves /api/auth/*. */
  handle(request: Request): Promise<Response>
  /** Person id of a valid session cookie, or null. Known for ten seconds without asking the database again. */
  sessionPersonId(headers: Headers): Promise<string | null>
  /** The session of this cookie ends now. */
  forget(headers: Headers): void
  hashPassword(password: string): Promise<string>
}

const times = { createdAt: 'created_at', updatedAt: 'updated_at' }
const sessionDays = 7
const rememberMs = 10_000
const rememberLimit = 5_000

/** Sessions seen a moment ago, by cookie. Whether the person is still active is asked at each call all the same. */
function createMemory() {
  const seen = new Map<string, { personId: string; until: number }>()
  const tokenOf = (headers: Headers) => /guichet\.session_token=([^;]+)/.exec(headers.get('cookie') ?? '')?.[1] ?? ''
  return {
    recall(headers: Headers): string | null {
      const found = seen.get(tokenOf(headers))
      return found && found.until > Date.now() ? found.personId : null
    },
    keep(headers: Headers, personId: string): void {
      if (seen.size >= rememberLimit) seen.clear()
      seen.set(tokenOf(headers), { personId, until: Date.now() + rememberMs })
    },
    forget: (headers: Headers) => void seen.delete(tokenOf(headers)),
  }
}

export function createIdentity(pool: Pool, config: Pick<ApiConfig, 'publicUrl' | 'secret'>): Identity {
  const auth = betterAuth({
    appName: 'Guichet',
    baseURL: config.publicUrl,
    basePath: '/api/auth',
    secret: config.secret,
    database: pool,
    telemetry: { enabled: false },
    // our own middleware limits attempts and checks the origin, and answers in problem+json
    rateLimit: { enabled: false },
    trustedOrigins: (request) =>
      request ? [new URL(request.url).origin, `http://${request.headers.get('host')}`, `https://${request.headers.get('host')}`] : [],
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 7, maxPasswordLength: 200 },
    user: { modelName: 'person', fields: { emailVerified: 'email_verified', ...times } },
    session: {
      modelName: 'auth_session',
      fields: { userId: 'user_id', expiresAt: 'expires_at', ipAddress: 'ip_address', userAgent: 'user_agent', ...times },
      expiresIn: sessionDays * 86_400,
    },
    account: {
      modelName: 'auth_account',
      fields: {
        userId: 'user_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        ...times,
      },
    },
    verification: { modelName: 'auth_verification', fields: { expiresAt: 'expires_at', ...times } },
    advanced: {
      cookiePrefix: 'guichet',
      useSecureCookies: config.publicUrl.startsWith('https://'),
      database: { generateId: () => randomUUID() },
    },
    logger: { disabled: true },
  })
  const memory = createMemory()
  return {
    handle: (request) => auth.handler(request),
    async sessionPersonId(headers) {
      const known = memory.recall(headers)
      if (known) return known
      const personId = (await auth.api.getSession({ headers }))?.user.id ?? null
      if (personId) memory.keep(headers, personId)
      return personId
    },
    forget: memory.forget,
    hashPassword,
  }
}
