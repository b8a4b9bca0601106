import { spawn, spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { Connection } from '@temporalio/client'
import { freePort, portNear } from './ports.ts'
import { pause, signalOnExit, startProgram, stopProcess } from './process.ts'

/** The server's command line tool; its `server start-dev` is the whole server in one process, with a SQLite file. */
export const temporalVersion = '1.5.1'
const modulePath = `github.com/temporalio/cli/cmd/temporal@v${temporalVersion}`

export interface TemporalServer {
  address: string
  port: number
  pid: number
  /** Resolves when the server has ended, however. */
  ended: Promise<void>
  stop: () => Promise<void>
}

const cacheFolder = () => join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'guichet')

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const onPath = (name: string): string | undefined =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, name))
    .find(isProgram)

const answers = (program: string): boolean => spawnSync(program, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0

/** The release archive, by the SDK's own downloader. Undefined when it is not to be had soon. */
async function download(log: (line: string) => void): Promise<string | undefined> {
  log(`downloading the Temporal server ${temporalVersion}`)
  const folder = cacheFolder()
  mkdirSync(folder, { recursive: true })
  const target = join(folder, 'temporal')
  const address = `https://temporal.download/cli/archive/v${temporalVersion}?platform=${process.platform}&arch=${process.arch === 'x64' ? 'amd64' : process.arch}&format=tar.gz`
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(60_000) })
    if (!answer.ok || !answer.body) throw new Error(`status ${answer.status}`)
    const content = Buffer.from(await answer.arrayBuffer())
    const unpacked = spawnSync('tar', ['-xz', '-C', folder, 'temporal'], { input: content })
    if (unpacked.status !== 0) throw new Error(String(unpacked.stderr))
    return isProgram(target) && answers(target) ? target : undefined
  } catch (error) {
    log(`it cannot be downloaded (${error instanceof Error ? error.message : error})`)
    return undefined
  }
}

/** Builds it from source with Go: some minutes, once. */
async function build(log: (line: string) => void): Promise<string | undefined> {
  const go = [onPath('go'), '/usr/local/go/bin/go', '/usr/lib/go/bin/go'].find((path) => path && isProgram(path))
  if (!go) return undefined
  const folder = cacheFolder()
  mkdirSync(folder, { recursive: true })
  log(`building the Temporal server ${temporalVersion} with Go (once, some minutes)`)
  const started = Date.now()
  const child = spawn(go, ['install', modulePath], {
    env: { ...process.env, GOBIN: folder, GOFLAGS: '-trimpath', CGO_ENABLED: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-2_000)
  })
  const ticker = setInterval(
    () => log(`still building, ${Math.round((Date.now() - started) / 1000)} s: ${output.trim().split('\n').at(-1) ?? ''}`.slice(0, 140)),
    5_000,
  )
  const stop = () => child.kill('SIGTERM')
  process.once('exit', stop)
  const code = await new Promise<number | null>((resolve) => {
    child.once('exit', resolve)
    child.once('error', () => resolve(null))
  })
  clearInterval(ticker)
  process.off('exit', stop)
  if (code === 0) return join(folder, 'temporal')
  log(`Go could not build it:\n${output.trim()}`)
  return undefined
}

/**
 * The `temporal` program: $GUICHET_TEMPORAL, the PATH, our cache, Go's folder; else downloaded, else built.
 * @throws with what to do when none of these works.
 */
export async function findTemporal(log: (line: string) => void): Promise<string> {
  const known = [
    process.env.GUICHET_TEMPORAL,
    onPath('temporal'),
    join(cacheFolder(), 'temporal'),
    join(homedir(), 'go', 'bin', 'temporal'),
  ]
  const found = known.find((path): path is string => path !== undefined && existsSync(path) && isProgram(path) && answers(path))
  if (found) return found
  const made = (await download(log)) ?? (await build(log))
  if (made) return made
  throw new Error(
    `The Temporal server is not here and could be neither downloaded nor built. Install the Temporal CLI (https://docs.temporal.io/cli) so that \`temporal\` is on the PATH, or install Go 1.24 or later and start again, or set TEMPORAL_ADDRESS to a server of your own.`,
  )
}

async function isReady(address: string): Promise<boolean> {
  let connection: Connection | undefined
  try {
    connection = await Connection.connect({ address, connectTimeout: 1_000 })
    await connection.withDeadline(
      Date.now() + 2_000,
      () => connection?.workflowService.describeNamespace({ namespace: 'default' }) ?? Promise.resolve(undefined),
    )
    return true
  } catch {
    return false
  } finally {
    await connection?.close().catch(() => {})
  }
}

interface Options {
  /** File of the server's database; absent: in memory. */
  file?: string
  port?: number
  /** Wait for that very port rather than take another: clients know it already. */
  isExactPort?: boolean
  log?: (line: string) => void
}

/** Starts the local server and waits until its namespace answers. Throws with the server's own words when it does not within a minute. */
export async function startTemporal(options: Options): Promise<TemporalServer> {
  const log = options.log ?? (() => {})
  const program = await findTemporal(log)
  for (let attempt = 1; ; attempt++) {
    const port = options.port ? (options.isExactPort ? options.port : await portNear(options.port)) : await freePort()
    const args = [
      'server',
      'start-dev',
      '--headless',
      '--ip',
      '127.0.0.1',
      '--port',
      String(port),
      '--log-level',
      'error',
      '--dynamic-config-value',
      'frontend.enableUpdateWorkflowExecution=true',
    ]
    if (options.file)
      args.push('--db-filename', options.file, '--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL')
    const { child, tail } = startProgram(program, args)
    let hasEnded = false
    const ended = new Promise<void>((done) => {
      const end = () => {
        hasEnded = true
        done()
      }
      child.once('exit', end)
      child.once('error', end)
    })
    signalOnExit(child, 'SIGTERM')
    const address = `127.0.0.1:${port}`
    const deadline = Date.now() + 60_000
    while (!hasEnded && Date.now() < deadline) {
      if (!(await isReady(address))) {
        await pause(200)
        continue
      }
      const pid = child.pid as number
      const stop = () =>
        stopProcess(pid, [
          { signal: 'SIGTERM', waitMs: 10_000 },
          { signal: 'SIGKILL', waitMs: 2_000 },
        ])
      return { address, port, pid, ended, stop }
    }
    child.kill('SIGKILL')
    await ended
    if (options.isExactPort) await pause(500)
    if (attempt >= 5 || !/address already in use|bind/i.test(tail()))
      throw new Error(`The Temporal server did not start on port ${port}:\n${tail()}`)
  }
}
