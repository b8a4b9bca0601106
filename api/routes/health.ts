import { sql } from 'kysely'
import { z } from 'zod'
import { defineRoute, type Route } from '../route.ts'

const State = z.enum(['up', 'down'])

export const healthRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/health',
    access: 'public',
    tag: 'Operation',
    summary: 'Is the desk able to work?',
    description: '`ok`: all of it. `degraded`: tickets are taken in, but their processes wait for the process engine.',
    response: z.object({ status: z.enum(['ok', 'degraded', 'down']), version: z.string(), database: State, engine: State }),
    handle: async ({ deps, c }) => {
      const [isDatabaseUp, isEngineUp] = await Promise.all([
        sql`select 1`.execute(deps.db).then(
          () => true,
          () => false,
        ),
        deps.commander.isReachable(),
      ])
      const status = !isDatabaseUp ? 'down' : isEngineUp ? 'ok' : 'degraded'
      const say = (isUp: boolean) => (isUp ? 'up' : 'down')
      c.header('cache-control', 'no-store')
      return c.json({ status, version: '0.1.0', database: say(isDatabaseUp), engine: say(isEngineUp) }, isDatabaseUp ? 200 : 503)
    },
  }),
]
