import type { Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { AppDeps, AppEnv } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import { createAttemptLimit } from './rate-limit.ts'

/** What of better-auth is served; the rest of its many endpoints stays closed. */
export const authRoutes = [
  { method: 'POST', path: '/api/auth/sign-in/email' },
  { method: 'POST', path: '/api/auth/sign-out' },
  { method: 'GET', path: '/api/auth/get-session' },
] as const

const windowMs = 5 * 60_000
const maxBodyBytes = 16 * 1024

function clientAddress(c: Context<AppEnv>, trustProxy: boolean): string {
  const forwarded = trustProxy ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined
  if (forwarded) return forwarded
  try {
    return getConnInfo(c).remote.address ?? 'unknown'
  } catch {
    return 'unknown' // called in-process, without a socket
  }
}

/** Mounts sign-in and sign-out. Ten failures in five minutes for one account, or fifty from one address, make it wait. */
export function signIn(app: Hono<AppEnv>, deps: AppDeps): void {
  const perAccount = createAttemptLimit({ attempts: 10, windowMs })
  const perAddress = createAttemptLimit({ attempts: 50, windowMs })
  const tooLarge = () => {
    throw new ApiProblem(413, 'tooLarge', { params: { limit: '16 kB' } })
  }
  app.use('/api/auth/*', bodyLimit({ maxSize: maxBodyBytes, onError: tooLarge }))
  app.post('/api/auth/sign-in/email', async (c) => {
    const body = (await c.req.json().catch(() => {
      throw new ApiProblem(400, 'malformedJson')
    })) as { email?: unknown; password?: unknown } | null
    if (typeof body?.email !== 'string' || typeof body.password !== 'string') {
      throw new ApiProblem(422, 'invalidCall', {
        errors: ['email', 'password']
          .filter((k) => typeof (body as Record<string, unknown> | null)?.[k] !== 'string')
          .map((path) => ({ path, code: 'required', message: `expected ${path}` })),
      })
    }
    const email = body.email.trim().toLowerCase()
    const address = clientAddress(c, deps.config.trustProxy)
    const seconds = Math.max(perAccount.waitSeconds(email, deps.clock()), perAddress.waitSeconds(address, deps.clock()))
    if (seconds > 0) throw new ApiProblem(429, 'tooManyAttempts', { params: { seconds }, headers: { 'retry-after': String(seconds) } })
    const response = await deps.identity.handle(
      new Request(c.req.url, { method: 'POST', headers: c.req.raw.headers, body: JSON.stringify({ email, password: body.password }) }),
    )
    if (response.ok && (await isActive(deps, email))) {
      perAccount.succeed(email)
      return response
    }
    if (response.status >= 500) throw new Error(`expected better-auth to answer a sign-in, found ${response.status}`)
    perAccount.fail(email, deps.clock())
    perAddress.fail(address, deps.clock())
    throw new ApiProblem(401, 'signInFailed')
  })
  app.post('/api/auth/sign-out', (c) => {
    deps.identity.forget(c.req.raw.headers)
    return deps.identity.handle(new Request(c.req.url, { method: 'POST', headers: c.req.raw.headers, body: '{}' }))
  })
  app.get('/api/auth/get-session', (c) => deps.identity.handle(c.req.raw))
}

const isActive = async (deps: AppDeps, email: string): Promise<boolean> =>
  (await deps.db.selectFrom('person').select('id').where('email', '=', email).where('isActive', '=', true).executeTakeFirst()) !== undefined
