/**
 * Runs a command on the desk: `run.ts database|desk SCRIPT ...`. On the one that runs on this data folder, else on servers brought up for the
 * command alone (`desk`: with API and worker too). DATABASE_URL is then the application's.
 */
import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { startBackends } from './backends.ts'
import { findRunning, releaseLock, type Running, takeLock, updateLock } from './lock.ts'
import { freePort } from './ports.ts'
import { supervise } from './supervise.ts'

const root = resolve(import.meta.dirname, '..', '..')
const dataFolder = resolve(process.env.GUICHET_DATA ?? join(root, '.guichet'))
const log = (line: string) => console.error(line)

function runEntry(script: string, args: string[], env: Record<string, string | undefined>): Promise<number> {
  return new Promise((done) => {
    // The paths among the arguments are the caller's: npm tells where he stood.
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, script), ...args], {
      cwd: process.env.INIT_CWD ?? process.cwd(),
      env,
      stdio: 'inherit',
    })
    child.once('error', () => done(1))
    child.once('exit', (code) => done(code ?? 1))
  })
}

async function main(): Promise<number> {
  const [needs, script, ...args] = process.argv.slice(2)
  if ((needs !== 'database' && needs !== 'desk') || !script) throw new Error('expected: run.ts database|desk SCRIPT [arguments]')
  const running = findRunning(dataFolder)
  if (running) return runEntry(script, args, { ...process.env, ...running.env })

  const own: Running = { pid: process.pid, url: '', env: {}, children: {} }
  const other = await takeLock(dataFolder, own, log)
  if (other) throw new Error(`another command (process ${other.pid}) is starting on ${dataFolder}: wait until it is done`)
  const backends = await startBackends({ dataFolder, env: process.env, needsTemporal: needs === 'desk', log })
  const stops: (() => Promise<void>)[] = []
  try {
    const port = await freePort()
    own.env = {
      DATABASE_URL: backends.databaseUrl,
      TEMPORAL_ADDRESS: backends.temporalAddress,
      GUICHET_DATA: dataFolder,
      PORT: String(port),
      SMTP_PORT: 'off',
      GUICHET_API: `http://localhost:${port}`,
    }
    const env = { ...process.env, ...own.env }
    const seeded = await runEntry('activities/store/seed.ts', [], env)
    if (seeded !== 0) return seeded
    if (needs === 'desk') {
      for (const [name, entry] of [
        ['worker', 'activities/worker.ts'],
        ['api', 'api/server.ts'],
      ] as const) {
        stops.push(supervise({ name, args: [join(root, entry)], env, cwd: root, logFolder: join(dataFolder, 'logs'), log }).stop)
      }
    }
    own.children = backends.children()
    updateLock(dataFolder, own)
    return await runEntry(script, args, env)
  } finally {
    await Promise.all(stops.map((stop) => stop()))
    await backends.stop()
    releaseLock(dataFolder)
  }
}

process.on('SIGINT', () => {})
process.exit(
  await main().catch((error: Error) => {
    console.error(error.message)
    return 1
  }),
)
