import { sql } from 'kysely'
import { z } from 'zod'
import { Role } from '#schema/role'
import type { Db } from '../../activities/store/database.ts'
import { isDemoLoaded } from '../../activities/store/demo/history.ts'
import { getPerson } from '../../activities/store/record/people.ts'
import { defineRoute, type Route } from '../route.ts'

const State = z.enum(['up', 'down'])

/** A demo person as the sign-in page shows it. The password of them all is public: README. */
const DemoUser = z.object({ email: z.string(), name: z.string(), roles: z.array(Role) })
/** One per trade, in the order of an incident's life; the rest of the demonstration's people are in the administrator's list. */
const demoIds = ['camille', 'alex', 'priya', 'odile', 'admin']

/** Who may be tried out; null where the demonstration was not loaded, so that a real desk offers nobody's account. */
async function demoUsers(db: Db): Promise<z.infer<typeof DemoUser>[] | null> {
  const isDemo = (await isDemoLoaded(db, 'live')) || (await isDemoLoaded(db, 'history'))
  if (!isDemo) return null
  const people = await Promise.all(demoIds.map((id) => getPerson(db, id)))
  return people.flatMap((person) => (person ? [{ email: person.email, name: person.name, roles: person.roles }] : []))
}

export const healthRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/health',
    access: 'public',
    tag: 'Operation',
    summary: 'Is the desk able to work?',
    description: '`ok`: all of it. `degraded`: tickets are taken in, but their processes wait for the process engine.',
    response: z.object({
      status: z.enum(['ok', 'degraded', 'down']),
      version: z.string(),
      database: State,
      engine: State,
      demo: z.boolean(),
      demoUsers: z.array(DemoUser).optional(),
    }),
    handle: async ({ deps, c }) => {
      const [isDatabaseUp, isEngineUp] = await Promise.all([
        sql`select 1`.execute(deps.db).then(
          () => true,
          () => false,
        ),
        deps.commander.isReachable(),
      ])
      const status = !isDatabaseUp ? 'down' : isEngineUp ? 'ok' : 'degraded'
      const users = isDatabaseUp ? await demoUsers(deps.db).catch(() => null) : null
      const say = (isUp: boolean) => (isUp ? 'up' : 'down')
      c.header('cache-control', 'no-store')
      const parts = { status, version: '0.1.0', database: say(isDatabaseUp), engine: say(isEngineUp) } as const
      return c.json({ ...parts, demo: users !== null, ...(users ? { demoUsers: users } : {}) }, isDatabaseUp ? 200 : 503)
    },
  }),
]
