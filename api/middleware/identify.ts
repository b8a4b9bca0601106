import type { MiddlewareHandler } from 'hono'
import { standingsFor } from '../../activities/store/approval/delegations.ts'
import { actorOf, getPerson } from '../../activities/store/record/people.ts'
import { findKeyPerson } from '../api-key.ts'
import type { AppDeps, AppEnv, Caller, Db } from '../deps.ts'
import { ApiProblem } from '../problem.ts'

/** The person with roles and groups, and in whose place he may decide now; null when unknown or inactive. */
export async function loadCaller(db: Db, personId: string, via: Caller['via'], now = Date.now()): Promise<Caller | null> {
  const [person, actsFor] = await Promise.all([getPerson(db, personId), standingsFor(db, personId, now)])
  if (!person) return null
  return { via, person, actor: { ...actorOf(person), ...(actsFor.length > 0 ? { actsFor } : {}) } }
}

/** Resolves who calls, by API key or session cookie. Does not refuse the anonymous: the routes' guard does. */
export function identify(deps: AppDeps): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    c.set('caller', null)
    const authorization = c.req.header('authorization')
    if (authorization) {
      const key = /^Bearer\s+(gk_\S+)$/i.exec(authorization)?.[1]
      const found = key ? await findKeyPerson(deps.db, key, deps.clock()) : null
      const caller = found ? await loadCaller(deps.db, found.personId, 'apiKey', deps.clock()) : null
      if (!caller)
        throw new ApiProblem(401, 'invalidApiKey', { headers: { 'www-authenticate': 'Bearer realm="guichet", error="invalid_token"' } })
      c.set('caller', found?.deskId ? { ...caller, deskId: found.deskId } : caller)
    } else if (c.req.header('cookie')?.includes('guichet.session_token')) {
      const personId = await deps.identity.sessionPersonId(c.req.raw.headers)
      c.set('caller', personId ? await loadCaller(deps.db, personId, 'session', deps.clock()) : null)
    }
    const caller = c.get('caller')
    // a client that names a language is answered in it: the device's choice goes before the account's
    if (caller && !c.req.header('accept-language')) c.set('locale', caller.person.locale)
    await next()
  }
}
