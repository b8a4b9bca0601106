/** The API process: HTTP, the SMTP receiver, outgoing mail, the intake loop and live events, started and stopped together. */
import type { Server } from 'node:http'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { serve } from '@hono/node-server'
import pg from 'pg'
import pino, { type Logger } from 'pino'
import { type Receiver, startReceiver } from '../activities/channels/mail/receiver.ts'
import { runSender } from '../activities/channels/mail/sender.ts'
import { runIntakeLoop, startWaitingIntakes } from '../activities/intake-starter.ts'
import { createDatabase, type Db } from '../activities/store/database.ts'
import { createTemporalClient } from '../activities/temporal-client.ts'
import { createApp } from './app.ts'
import { createCommander } from './commands.ts'
import { type ApiConfig, readConfig } from './config.ts'
import { createEventHub } from './events.ts'
import { createIdentity } from './identity.ts'

/** Open calls get this long to finish. */
const graceMs = 8_000

export interface RunningApi {
  url: string
  smtpPort: number | null
  stop(): Promise<void>
}

class PortBusy extends Error {}

const hasStarted = async (db: Db, ticketId: string): Promise<boolean> =>
  (await db.selectFrom('intake').select('startedAt').where('ticketId', '=', ticketId).executeTakeFirst())?.startedAt != null

function listen(fetch: Parameters<typeof serve>[0]['fetch'], config: ApiConfig): Promise<Server> {
  return new Promise((done, failed) => {
    const server = serve({ fetch, hostname: config.host, port: config.port }, () => done(server as Server)) as Server
    // long enough for event streams, short enough for a client that dribbles its header
    server.headersTimeout = 15_000
    server.requestTimeout = 120_000
    server.once('error', (error: NodeJS.ErrnoException) =>
      failed(
        error.code === 'EADDRINUSE'
          ? new PortBusy(`Port ${config.port} is taken by another program. Choose another: PORT=${config.port + 1}`)
          : error,
      ),
    )
  })
}

/** One intake round at a time; a call while one runs asks for another. Never throws: the loop of this process and the worker's try again. */
function intakeKicker(round: () => Promise<unknown>, log: Logger): () => void {
  let isRunning = false
  let isWanted = false
  const kick = (): void => {
    isWanted = true
    if (isRunning) return
    isRunning = true
    void (async () => {
      while (isWanted) {
        isWanted = false
        await round().catch((error: unknown) => log.warn({ err: error }, 'intake waits for the process engine'))
      }
      isRunning = false
    })()
  }
  return kick
}

export async function startApi(config: ApiConfig, env: NodeJS.ProcessEnv, log: Logger): Promise<RunningApi> {
  const clock = () => Date.now()
  const stopping = new AbortController()
  const db = createDatabase(config.databaseUrl)
  const identityPool = new pg.Pool({ connectionString: config.databaseUrl, max: 4, connectionTimeoutMillis: 10_000 })
  identityPool.on('error', () => {
    // an idle connection died with the server; the pool opens another
  })
  const temporal = createTemporalClient(db, env)
  const events = createEventHub(config.databaseUrl, log)
  const kickIntake = intakeKicker(() => startWaitingIntakes(db, temporal.client), log)
  const app = createApp({
    db,
    commander: createCommander(temporal.client, (id) => hasStarted(db, id), config.limits.commandTimeoutMs),
    kickIntake,
    identity: createIdentity(identityPool, config),
    events,
    clock,
    config,
    log,
  })
  let receiver: Receiver | null = null
  let server: Server | null = null
  const loops: Promise<void>[] = []
  const stop = async () => {
    stopping.abort()
    const closed = new Promise<void>((done) => (server ? server.close(() => done()) : done()))
    server?.closeIdleConnections()
    const force = setTimeout(() => server?.closeAllConnections(), graceMs)
    await events.close()
    await receiver?.close()
    await Promise.race([closed, new Promise((done) => setTimeout(done, graceMs + 1_000).unref())])
    clearTimeout(force)
    await Promise.allSettled(loops)
    await temporal.close().catch(() => undefined)
    await identityPool.end()
    await db.destroy()
  }
  try {
    server = await listen(app.fetch, config)
    if (config.smtpPort !== null) {
      receiver = await startReceiver(
        { db, mailAddress: config.mailAddress, clock, maxBytes: config.limits.mailBytes, log, onIngested: kickIntake },
        config.smtpHost,
        config.smtpPort,
      ).catch((error: NodeJS.ErrnoException) => {
        throw error.code === 'EADDRINUSE'
          ? new PortBusy(
              `SMTP port ${config.smtpPort} is taken by another program. Choose another: SMTP_PORT=${Number(config.smtpPort) + 1}`,
            )
          : error
      })
    }
    loops.push(runIntakeLoop(db, temporal.client, stopping.signal, (error) => log.error({ err: error }, 'intake round failed')))
    const links = { publicUrl: config.publicUrl, secret: config.secret }
    loops.push(runSender({ db, smtpUrl: config.smtpUrl, mailAddress: config.mailAddress, links, clock, log }, stopping.signal))
  } catch (error) {
    await stop()
    throw error
  }
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : config.port
  return { url: `http://${config.host === '0.0.0.0' ? 'localhost' : config.host}:${port}`, smtpPort: receiver?.port ?? null, stop }
}

async function main(): Promise<void> {
  const log = pino({ name: 'api', level: process.env['LOG_LEVEL'] ?? 'info' })
  try {
    const api = await startApi(readConfig(process.env, resolve(import.meta.dirname, '..', 'ui', 'dist')), process.env, log)
    log.info({ url: api.url, smtpPort: api.smtpPort }, 'ready')
    let isStopping = false
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (isStopping) process.exit(1)
        isStopping = true
        log.info('stopping')
        api.stop().then(
          () => process.exit(0),
          (error: unknown) => {
            log.error({ err: error }, 'could not stop in order')
            process.exit(1)
          },
        )
      })
    }
  } catch (error) {
    if (error instanceof PortBusy) log.fatal(error.message)
    else log.fatal({ err: error }, 'the API could not start')
    process.exitCode = 1
    setTimeout(() => process.exit(1), 500).unref()
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main()
