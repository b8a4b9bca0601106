import { randomUUID } from 'node:crypto'
import type { Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { z } from 'zod'
import type { AppDeps, AppEnv, Caller } from './deps.ts'
import { idempotent } from './middleware/idempotency.ts'
import { ApiProblem, type Locale, type ProblemPlace } from './problem.ts'
import { honoPath, mayCall, type Route } from './route.ts'

/** Bytes as people say them: 25 MB. */
export const sayBytes = (bytes: number): string =>
  bytes >= 1024 * 1024 ? `${Math.round((bytes / (1024 * 1024)) * 10) / 10} MB` : `${Math.round(bytes / 1024)} kB`

const placesOf = (where: string, issues: readonly z.core.$ZodIssue[]): ProblemPlace[] =>
  issues.flatMap((issue) => {
    const at = [where, ...issue.path.map(String)].filter(Boolean).join('.')
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ path: `${at ? `${at}.` : ''}${key}`, code: 'unknownField', message: issue.message }))
    return [{ path: at, code: issue.code, message: issue.message }]
  })

/** What zod says of a value, in French; English is its own. */
const frenchIssues = z.locales.fr().localeError

/** Parses one part of a call or throws `invalidCall` naming each place. */
function parse(where: string, schema: unknown, value: unknown, locale: Locale): unknown {
  if (!schema) return undefined
  const result = (schema as z.ZodType).safeParse(value, locale === 'fr' ? { error: frenchIssues } : {})
  if (result.success) return result.data
  throw new ApiProblem(422, 'invalidCall', { errors: placesOf(where, result.error.issues) })
}

async function readJson(c: Context<AppEnv>): Promise<unknown> {
  const type = c.req.header('content-type') ?? ''
  if (!/^application\/(\w+\+)?json\b/i.test(type))
    throw new ApiProblem(415, 'unsupportedMediaType', { params: { expected: 'application/json' } })
  try {
    return await c.req.json()
  } catch (error) {
    if (error instanceof ApiProblem) throw error
    throw new ApiProblem(400, 'malformedJson', { cause: error })
  }
}

export function guard(route: Pick<Route, 'access'>, caller: Caller | null): void {
  if (route.access === 'public') return
  if (!caller) throw new ApiProblem(401, 'notSignedIn', { headers: { 'www-authenticate': 'Bearer realm="guichet"' } })
  if (!mayCall(route.access, caller.actor.roles))
    throw new ApiProblem(403, 'forbidden', { params: { roles: route.access === 'anyone' ? '' : route.access.join(', ') } })
}

/** Keys of the caller's own making never meet another caller's. */
const commandKeyOf = (c: Context<AppEnv>): string => {
  const given = c.req.header('idempotency-key')
  return given ? `${c.get('caller')?.actor.id ?? 'public'}:${given}` : randomUUID()
}

async function answer(deps: AppDeps, route: Route, c: Context<AppEnv>): Promise<Response> {
  const locale: Locale = c.get('locale')
  const params = parse('path', route.params, c.req.param(), locale)
  const query = parse('query', route.query, c.req.query(), locale)
  const body = route.body ? parse('', route.body, await readJson(c), locale) : undefined
  const result = await route.handle({
    deps,
    params,
    query,
    body,
    locale,
    c,
    requestId: c.get('requestId'),
    caller: c.get('caller') as Caller,
    commandKey: commandKeyOf(c),
  } as Parameters<Route['handle']>[0])
  if (result instanceof Response) return result
  if (result === undefined || result === null) return c.body(null, 204)
  return c.json(result as object, route.status === 204 ? 200 : (route.status ?? 200))
}

/** Mounts every route of the registry: guard first, then size limit, idempotency, validation, handler. */
export function mountRoutes(app: Hono<AppEnv>, routes: readonly Route[], deps: AppDeps): void {
  for (const route of routes) {
    const maxSize = route.maxBytes?.(deps.config.limits) ?? deps.config.limits.jsonBytes
    const isWrite = route.method !== 'get'
    app.on(
      route.method.toUpperCase(),
      honoPath(route.path),
      async (c, next) => {
        guard(route, c.get('caller'))
        await next()
      },
      bodyLimit({
        maxSize,
        onError: () => {
          throw new ApiProblem(413, 'tooLarge', { params: { limit: sayBytes(maxSize) } })
        },
      }),
      (c) => (isWrite && route.access !== 'public' ? idempotent(deps, c, () => answer(deps, route, c)) : answer(deps, route, c)),
    )
  }
}
