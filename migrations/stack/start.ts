import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { type Backends, startBackends } from './backends.ts'
import { releaseLock, type Running, takeLock, updateLock } from './lock.ts'
import { isPortFree, portNear } from './ports.ts'
import { pause } from './process.ts'
import { type Supervised, supervise } from './supervise.ts'
import { buildUserInterface } from './user-interface.ts'

const root = resolve(import.meta.dirname, '..', '..')
const dataFolder = resolve(process.env.GUICHET_DATA ?? join(root, '.guichet'))
const startedAt = Date.now()
const log = (line: string) => console.log(`[${String(Math.round((Date.now() - startedAt) / 1000)).padStart(3)} s] ${line}`)

class Refused extends Error {}

/** The wanted port when the user named one (refused when it is busy), else the first free one from the usual on. */
async function choosePort(variable: string, usual: number): Promise<number> {
  const wanted = process.env[variable]
  if (!wanted) {
    const port = await portNear(usual)
    if (port !== usual) log(`port ${usual} is busy: taking ${port}`)
    return port
  }
  const port = Number(wanted)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Refused(`expected a port between 1 and 65535 in ${variable}, found '${wanted}'`)
  if (await isPortFree(port)) return port
  throw new Refused(`Port ${port} is taken by another program. Choose another: ${variable}=${await portNear(port + 1)} npm start`)
}

/** Runs a script of ours to its end; throws when it fails. */
function runScript(script: string, args: string[], env: Record<string, string | undefined>): Promise<void> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, script), ...args], {
      cwd: root,
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    child.once('error', failed)
    child.once('exit', (code) => (code === 0 ? done() : failed(new Error(`${script} ended with exit ${code}: see above`))))
  })
}

async function waitUntilHealthy(url: string, isStopping: () => boolean): Promise<void> {
  const deadline = Date.now() + 120_000
  for (let reported = Date.now(); !isStopping(); await pause(250)) {
    const answer = await fetch(`${url}/api/v1/health`, { signal: AbortSignal.timeout(3_000) }).catch(() => null)
    if (answer?.ok) return
    if (Date.now() > deadline) throw new Error(`The desk does not answer at ${url} after two minutes. See ${join(dataFolder, 'logs')}.`)
    if (Date.now() - reported > 10_000) {
      log('waiting for the desk to answer')
      reported = Date.now()
    }
  }
}

async function main(): Promise<void> {
  const own: Running = { pid: process.pid, url: '', env: {}, children: {} }
  const other = await takeLock(dataFolder, own, log)
  if (other)
    throw new Refused(
      `Guichet is already running${other.url ? ` at ${other.url}` : ''} (process ${other.pid}). Stop it there with Ctrl-C, or by: kill ${other.pid}\nFor a second one, give it a folder of its own: GUICHET_DATA=/some/folder npm start`,
    )

  const children: Supervised[] = []
  let backends: Backends | undefined
  let isStopping = false
  let stoppingSince = 0
  const stop = async (code: number): Promise<void> => {
    // One Ctrl-C reaches us more than once (from the terminal and from npm); a second one, later, is meant.
    if (isStopping && Date.now() - stoppingSince > 1_000) process.exit(130)
    if (isStopping) return
    isStopping = true
    stoppingSince = Date.now()
    log('stopping (again Ctrl-C: at once)')
    await Promise.all(children.map((child) => child.stop()))
    await backends?.stop()
    releaseLock(dataFolder)
    log('stopped')
    process.exit(code)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0))

  try {
    const note = () => {
      own.children = { ...backends?.children(), ...Object.fromEntries(children.map((child) => [child.name, child.pid() ?? 0])) }
      updateLock(dataFolder, own)
    }
    const port = await choosePort('PORT', 8080)
    const smtpPort = process.env.SMTP_PORT === 'off' ? null : await choosePort('SMTP_PORT', 2525)
    const interfaceBuilt = buildUserInterface(root, log)
    interfaceBuilt.catch(() => {})
    backends = await startBackends({ dataFolder, env: process.env, needsTemporal: true, log, onChange: note })
    if (isStopping) return
    own.url = `http://localhost:${port}`
    own.env = {
      DATABASE_URL: backends.databaseUrl,
      TEMPORAL_ADDRESS: backends.temporalAddress,
      TEMPORAL_NAMESPACE: process.env.TEMPORAL_NAMESPACE ?? 'default',
      PORT: String(port),
      SMTP_PORT: smtpPort === null ? 'off' : String(smtpPort),
      GUICHET_DATA: dataFolder,
      GUICHET_PUBLIC_URL: process.env.GUICHET_PUBLIC_URL ?? own.url,
      GUICHET_API: own.url,
    }
    const env = { ...process.env, ...own.env }
    await runScript('activities/store/seed.ts', process.env.GUICHET_NO_DEMO ? [] : ['--demo'], env)
    await interfaceBuilt
    if (isStopping) return
    for (const [name, script] of [
      ['worker', 'activities/worker.ts'],
      ['api', 'api/server.ts'],
    ] as const) {
      children.push(
        supervise({
          name,
          args: [join(root, script)],
          env,
          cwd: root,
          logFolder: join(dataFolder, 'logs'),
          log,
          onStart: () => setImmediate(note),
        }),
      )
    }
    await waitUntilHealthy(own.url, () => isStopping)
    if (isStopping) return
    announce(own.url, smtpPort)
    const demo = 'activities/demo-live.ts'
    if (!process.env.GUICHET_NO_DEMO)
      await runScript(demo, [], env).catch((error: Error) => log(`the live demo tickets could not be driven: ${error.message}`))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    await stop(1)
  }
}

function announce(url: string, smtpPort: number | null): void {
  console.log(`
  Guichet is ready: ${url}

    requester      camille@example.org     password: guichet
    agent          alex@example.org
    process owner  priya@example.org
    auditor        odile@example.org
    administrator  admin@example.org

  ${smtpPort === null ? 'Mail is not taken in (SMTP_PORT=off).' : `Mail is taken in at localhost:${smtpPort} (SMTP).`} Data: ${dataFolder}
  Stop with Ctrl-C.
`)
}

try {
  await main()
} catch (error) {
  if (!(error instanceof Refused)) throw error
  console.error(error.message)
  process.exitCode = 1
}
