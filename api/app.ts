/** The API's composition: middleware in order, sign-in, all routes of the registry, the built UI. Everything it needs is passed in. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import type { AppDeps, AppEnv } from './deps.ts'
import { signIn } from './middleware/sign-in.ts'
import { identify } from './middleware/identify.ts'
import { sameOrigin } from './middleware/origin.ts'
import { requestLog } from './middleware/request-log.ts'
import { mountRoutes } from './mount.ts'
import { ApiProblem, preferredLocale, problemResponse } from './problem.ts'
import { routes } from './routes/registry.ts'

/** PostgreSQL is away: connection refused or reset, shutting down, too many clients. */
const awayCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EPIPE', '57P01', '57P02', '57P03', '53300', '08006', '08001'])

function asProblem(error: unknown, requestId: string): ApiProblem {
  if (error instanceof ApiProblem) return error
  const { code, message } = (error ?? {}) as { code?: string; message?: string }
  const isAway =
    (code !== undefined && awayCodes.has(code)) || /connection terminated|timeout exceeded when trying to connect/i.test(message ?? '')
  if (isAway) return new ApiProblem(503, 'databaseUnavailable', { cause: error, headers: { 'retry-after': '3' } })
  return new ApiProblem(500, 'internal', { params: { requestId }, cause: error })
}

export function createApp(deps: AppDeps): Hono<AppEnv> {
  const app = new Hono<AppEnv>()
  app.onError((error, c) => {
    const requestId = c.get('requestId') ?? ''
    const problem = asProblem(error, requestId)
    if (problem.status >= 500) (c.get('log') ?? deps.log).error({ err: error, code: problem.code }, 'call failed')
    return problemResponse(problem, c.get('locale') ?? preferredLocale(c.req.header('accept-language')), requestId)
  })
  app.notFound((c) => problemResponse(new ApiProblem(404, 'notFound'), c.get('locale') ?? 'fr', c.get('requestId')))
  app.use('*', requestLog(deps))
  app.use(
    '*',
    secureHeaders({
      xFrameOptions: 'DENY',
      referrerPolicy: 'same-origin',
      strictTransportSecurity: deps.config.publicUrl.startsWith('https://') ? 'max-age=31536000; includeSubDomains' : false,
      crossOriginResourcePolicy: 'same-origin',
    }),
  )
  app.use('/api/*', async (c, next) => {
    await next()
    if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store')
  })
  app.use('/api/*', sameOrigin(deps.config.publicUrl))
  signIn(app, deps)
  const api = new Hono<AppEnv>()
  api.use('*', identify(deps))
  mountRoutes(api, routes, deps)
  api.all('*', () => {
    throw new ApiProblem(404, 'notFound')
  })
  app.route('/api/v1', api)
  app.all('/api/*', () => {
    throw new ApiProblem(404, 'notFound')
  })
  serveUi(app, deps.config.uiFolder)
  return app
}

/** The UI's pages run our own scripts only; styles are set inline by the component library. */
const uiPolicy =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"

/** Built files as they are, any other page address gets the one page of the single-page application. */
function serveUi(app: Hono<AppEnv>, folder: string): void {
  if (!existsSync(folder)) return // an API without its UI: pages are not found
  app.use('*', async (c, next) => {
    await next()
    if ((c.res.headers.get('content-type') ?? '').startsWith('text/html') && !c.res.headers.has('content-security-policy'))
      c.res.headers.set('content-security-policy', uiPolicy)
  })
  app.use(
    '/assets/*',
    serveStatic({
      root: folder,
      onFound: (_path, c) => {
        c.header('cache-control', 'public, max-age=31536000, immutable')
      },
    }),
  )
  app.use('*', serveStatic({ root: folder }))
  app.get('*', async (c) => {
    const index = join(folder, 'index.html')
    const isFile = /\.\w{2,5}$/.test(c.req.path)
    if (isFile || !existsSync(index)) throw new ApiProblem(404, 'notFound')
    return c.html(await readFile(index, 'utf8'), 200, { 'cache-control': 'no-cache' })
  })
}
