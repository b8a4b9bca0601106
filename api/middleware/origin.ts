import type { MiddlewareHandler } from 'hono'
import type { AppEnv } from '../deps.ts'
import { ApiProblem } from '../problem.ts'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses writes that a browser makes for another site with our cookie (CSRF). Browsers always say where a write comes from
 * (Sec-Fetch-Site, Origin); calls with an API key carry no ambient right and pass.
 */
export function sameOrigin(publicUrl: string): MiddlewareHandler<AppEnv> {
  const publicHost = new URL(publicUrl).host
  return async (c, next) => {
    if (!safeMethods.has(c.req.method) && !c.req.header('authorization')) {
      const site = c.req.header('sec-fetch-site')
      const origin = c.req.header('origin')
      if (site && site !== 'same-origin' && site !== 'none') throw new ApiProblem(403, 'wrongOrigin')
      if (origin) {
        const host = URL.canParse(origin) ? new URL(origin).host : null
        if (host !== c.req.header('host') && host !== publicHost && host !== new URL(c.req.url).host)
          throw new ApiProblem(403, 'wrongOrigin')
      }
    }
    await next()
  }
}
