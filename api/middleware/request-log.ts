import { randomUUID } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import type { AppDeps, AppEnv } from '../deps.ts'
import { preferredLocale } from '../problem.ts'

/** Numbers each call (or keeps the caller's number), picks a language for problems, logs one line when it is done. No bodies, no cookies. */
export function requestLog(deps: AppDeps): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const given = c.req.header('x-request-id')
    const requestId = given && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID()
    c.set('requestId', requestId)
    c.set('locale', preferredLocale(c.req.header('accept-language')))
    const log = deps.log.child({ requestId })
    c.set('log', log)
    const startedAt = performance.now()
    await next()
    c.res.headers.set('x-request-id', requestId)
    const entry = {
      method: c.req.method,
      path: c.req.path,
      status: c.res.status,
      ms: Math.round(performance.now() - startedAt),
      personId: c.get('caller')?.actor.id,
    }
    if (c.res.status >= 500) log.error(entry, 'call failed')
    else log.info(entry, 'call')
  }
}
