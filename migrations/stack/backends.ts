import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { migrate, setAppPassword } from '../migrate.ts'
import { pause } from './process.ts'
import { type PostgresServer, startPostgres } from './postgres.ts'
import { startTemporal, type TemporalServer } from './temporal.ts'

/** PostgreSQL and Temporal: our own, or those that the environment names. */
export interface Backends {
  /** Connection of the application's role. */
  databaseUrl: string
  temporalAddress: string
  /** Process ids of our own servers, by name. */
  children: () => Record<string, number>
  stop: () => Promise<void>
}

interface Options {
  dataFolder: string
  env: Record<string, string | undefined>
  needsTemporal: boolean
  log: (line: string) => void
  /** A server of ours was started (again). */
  onChange?: () => void
}

/** The application's connection to a PostgreSQL of your own; its role's password is made once and kept. */
async function externalDatabase(ownerUrl: string, options: Options): Promise<string> {
  if (options.env.GUICHET_APP_DATABASE_URL) return options.env.GUICHET_APP_DATABASE_URL
  const file = join(options.dataFolder, 'app-password')
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 })
  const password = readFileSync(file, 'utf8')
  try {
    await setAppPassword(ownerUrl, password)
  } catch (error) {
    throw new Error(
      `The role guichet_app could not be given a password (${(error as Error).message}). Let the user of DATABASE_URL create roles, or give the role a password yourself and set GUICHET_APP_DATABASE_URL.`,
    )
  }
  const url = new URL(ownerUrl)
  url.username = 'guichet_app'
  url.password = password
  return url.href
}

/** Runs a server and starts it again when it dies, on the port it had: everyone who knows its address finds it there. */
async function keep<S extends { ended: Promise<void>; stop: () => Promise<void> }>(
  name: string,
  start: (previous?: S) => Promise<S>,
  options: Options,
): Promise<{ current: () => S; stop: () => Promise<void> }> {
  let server = await start()
  let isStopping = false
  const watch = async (): Promise<void> => {
    await server.ended
    let waitMs = 200
    while (!isStopping) {
      options.log(`${name} ended unexpectedly; starting it again`)
      try {
        server = await start(server)
        if (isStopping) return await server.stop()
        options.onChange?.()
        return void watch()
      } catch (error) {
        options.log(error instanceof Error ? error.message : String(error))
        await pause(waitMs)
        waitMs = Math.min(waitMs * 2, 30_000)
      }
    }
  }
  void watch()
  return {
    current: () => server,
    stop: async () => {
      isStopping = true
      await server.stop()
    },
  }
}

/** Brings up what is not given, and migrates. */
export async function startBackends(options: Options): Promise<Backends> {
  const { env, log, dataFolder } = options
  const database = async () => {
    if (env.DATABASE_URL) {
      await report(await migrate(env.DATABASE_URL).catch(unreachable('DATABASE_URL')), log)
      return { url: await externalDatabase(env.DATABASE_URL, options), server: null }
    }
    const server = await keep<PostgresServer>('PostgreSQL', () => startPostgres({ dataFolder, log }), options)
    await report(await migrate(server.current().ownerUrl()), log)
    return { url: server.current().appUrl(), server }
  }
  const temporal = async () => {
    if (!options.needsTemporal || env.TEMPORAL_ADDRESS) return null
    const file = join(dataFolder, 'temporal.db')
    return keep<TemporalServer>(
      'Temporal',
      (previous) => startTemporal({ file, log, ...(previous && { port: previous.port, isExactPort: true }) }),
      options,
    )
  }
  const [db, server] = await Promise.allSettled([database(), temporal()])
  const stop = async () => {
    if (server.status === 'fulfilled') await server.value?.stop()
    if (db.status === 'fulfilled') await db.value.server?.stop()
  }
  if (db.status === 'rejected' || server.status === 'rejected') {
    await stop()
    throw db.status === 'rejected' ? db.reason : (server as PromiseRejectedResult).reason
  }
  return {
    databaseUrl: db.value.url,
    temporalAddress: server.value?.current().address ?? env.TEMPORAL_ADDRESS ?? '',
    children: () => ({
      ...(db.value.server && { postgres: db.value.server.current().pid }),
      ...(server.value && { temporal: server.value.current().pid }),
    }),
    stop,
  }
}

const unreachable = (variable: string) => (error: unknown) => {
  throw new Error(
    `${variable}: ${error instanceof Error ? error.message : error}. Check the address and the rights of its user, or unset it to use the built-in server.`,
  )
}

async function report(applied: string[], log: (line: string) => void): Promise<void> {
  if (applied.length > 0) log(`database brought to ${applied.at(-1)}`)
}
