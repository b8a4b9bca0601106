/** The worker's composition root: database, Temporal, workflow bundle, activities, and the loops that go with them. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DefaultLogger, type LogLevel, NativeConnection, Runtime, Worker, type WorkflowBundleOption } from '@temporalio/worker'
import pino, { type Logger } from 'pino'
import { tellToCatchUp } from './catch-up.ts'
import { runApprovalLoop } from './approvals.ts'
import { runCorrelationLoop } from './correlator.ts'
import { runDigestLoop } from './digest.ts'
import { createFlush } from './flush.ts'
import { installationSecret } from './installation-secret.ts'
import { pause, runIntakeLoop } from './intake-starter.ts'
import { runMigrationLoop } from './process-migrations.ts'
import { createPublish } from './publish.ts'
import { runRecomputationLoop } from './sla-recomputations.ts'
import { createDatabase, type Db } from './store/database.ts'
import { sealLedger } from './store/ledger.ts'
import { proposeProblems } from './store/ticket/problem-proposals.ts'
import { createRunTask, publicUrlOf } from './tasks/index.ts'
import { createDataConverter, createTemporalClient, taskQueueOf, temporalSettings } from './temporal-client.ts'
import { cachedWorkflowBundle } from './workflow-bundle.ts'

const sealEveryMs = 60_000
const proposeEveryMs = 3_600_000
const reconnectAfterMs = 1_000

export interface WorkerSetup {
  db: Db
  env: Record<string, string | undefined>
  log: Logger
  /** Prebuilt workflow code; absent: built, or taken from the cache in GUICHET_DATA. */
  workflowBundle?: WorkflowBundleOption
  /** Leave waiting intakes to others; for benchmarks that start their own. */
  isWithoutIntake?: boolean
}

export interface RunningWorker {
  /** Resolves when the worker has come to an end, rejects when it failed. */
  done: Promise<void>
  /** Lets running tasks finish, then ends. */
  stop(): Promise<void>
}

/** Waits for Temporal to come up, then polls until stopped. */
export async function startWorker(setup: WorkerSetup): Promise<RunningWorker> {
  const { db, env, log } = setup
  const { address, namespace, tls, apiKey } = temporalSettings(env)
  const stopping = new AbortController()
  const { client, close } = createTemporalClient(db, env)
  const connection = await connect({ address, ...(tls !== undefined ? { tls } : {}), ...(apiKey !== undefined ? { apiKey } : {}) }, log)
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: taskQueueOf(env),
    workflowBundle: setup.workflowBundle ?? (await cachedWorkflowBundle(join(env.GUICHET_DATA ?? '.guichet', 'cache'))),
    dataConverter: createDataConverter(db, env),
    activities: { ...createFlush(db), ...createRunTask(db, env), ...createPublish(db) },
    // Two cores: a few pollers are enough to keep them busy, and every idle poll costs the server.
    maxConcurrentWorkflowTaskExecutions: 20,
    workflowTaskPollerBehavior: { type: 'simple-maximum', maximum: 3 },
    activityTaskPollerBehavior: { type: 'simple-maximum', maximum: 2 },
    maxConcurrentActivityTaskExecutions: 20,
    maxConcurrentLocalActivityExecutions: 20,
    maxCachedWorkflows: 1_000,
    stickyQueueScheduleToStartTimeout: '5s',
    shutdownGraceTime: '10s',
    shutdownForceTime: '20s',
  })
  await tellToCatchUp(db, client).catch((error: unknown) => log.error({ error }, 'telling instances to catch up failed'))
  const loops = Promise.all([
    setup.isWithoutIntake ? null : runIntakeLoop(db, client, stopping.signal, (error) => log.error({ error }, 'intake round failed')),
    runCorrelationLoop(db, client, stopping.signal, (error) => log.error({ error }, 'correlation round failed')),
    runSealLoop(db, stopping.signal, log),
    setup.isWithoutIntake ? null : runProposalLoop(db, stopping.signal, log),
    runDigestLoop(db, publicUrlOf(env), stopping.signal, (error) => log.error({ error }, 'digest round failed')),
    setup.isWithoutIntake
      ? null
      : runApprovalLoop({ db, publicUrl: publicUrlOf(env), secret: installationSecret(env) }, stopping.signal, (error) =>
          log.error({ error }, 'attending to approvals failed'),
        ),
    setup.isWithoutIntake
      ? null
      : runMigrationLoop(db, client, stopping.signal, (error) => log.error({ error }, 'moving tickets to another version failed')),
    setup.isWithoutIntake
      ? null
      : runRecomputationLoop(db, client, stopping.signal, (error) => log.error({ error }, 'recomputing service levels failed')),
  ])
  const done = worker.run().finally(async () => {
    stopping.abort()
    await loops
    await connection.close()
    await close()
  })
  log.info({ address, namespace }, 'worker is polling')
  return {
    done,
    async stop() {
      if (worker.getState() === 'RUNNING') worker.shutdown()
      await done
    },
  }
}

async function connect(options: Parameters<typeof NativeConnection.connect>[0], log: Logger): Promise<NativeConnection> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await NativeConnection.connect(options)
    } catch (error) {
      if (attempt % 10 === 0) log.warn({ reason: error instanceof Error ? error.message : String(error) }, 'waiting for Temporal')
      await new Promise((resolve) => setTimeout(resolve, reconnectAfterMs))
    }
  }
}

/** Seals the ledger each minute; several workers at once do no harm, one of them finds nothing to seal. */
async function runSealLoop(db: Db, signal: AbortSignal, log: Logger): Promise<void> {
  while (!signal.aborted) {
    await pause(sealEveryMs, signal)
    if (signal.aborted) return
    await sealLedger(db).catch((error: unknown) => log.error({ error }, 'sealing the ledger failed'))
  }
}

/** Recurring incidents propose problems; an hourly look is soon enough, and harmless by several workers. */
async function runProposalLoop(db: Db, signal: AbortSignal, log: Logger): Promise<void> {
  while (!signal.aborted) {
    await proposeProblems(db, Date.now()).catch((error: unknown) => log.error({ error }, 'looking for recurring incidents failed'))
    await pause(proposeEveryMs, signal)
  }
}

/** Core and worker write to our log. Once per process, before anything of Temporal's is used. */
export function installRuntime(log: Logger): void {
  const levels: Record<LogLevel, 'trace' | 'debug' | 'info' | 'warn' | 'error'> = {
    TRACE: 'trace',
    DEBUG: 'debug',
    INFO: 'info',
    WARN: 'warn',
    ERROR: 'error',
  }
  Runtime.install({
    // An attempt that failed is tried again; the last one becomes a stall or a drawn branch, which people see on the ticket.
    logger: new DefaultLogger('WARN', ({ level, message, meta }) =>
      log[message === 'Activity failed' ? 'info' : levels[level]](meta ?? {}, message),
    ),
    shutdownSignals: [],
  })
}

async function main(): Promise<void> {
  const log = pino({ name: 'worker', level: process.env.LOG_LEVEL ?? 'info' })
  const url = process.env.DATABASE_URL
  if (url === undefined)
    throw new Error('expected DATABASE_URL to be set, found nothing: start the whole with npm start, or point it to your PostgreSQL')
  installRuntime(log)
  if (process.env.GUICHET_DATA !== undefined) await mkdir(process.env.GUICHET_DATA, { recursive: true })
  const db = createDatabase(url)
  const worker = await startWorker({ db, env: process.env, log })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void worker.stop().catch(() => {}))
  await worker.done
  await db.destroy()
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main()
