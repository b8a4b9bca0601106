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
  /** Person id of a valid session cookie, or null. */
  sessionPersonId(headers: Headers): Promise<string | null>
  hashPassword(password: string): Promise<string>
}

const times = { createdAt: 'created_at', updatedAt: 'updated_at' }
const sessionDays = 7

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
  return {
    handle: (request) => auth.handler(request),
    sessionPersonId: async (headers) => (await auth.api.getSession({ headers }))?.user.id ?? null,
    hashPassword,
  }
}
