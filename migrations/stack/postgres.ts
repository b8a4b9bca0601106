import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { freePort, isPortFree } from './ports.ts'
import { canEnter, findBinaries, openFolder, type RunAs, runAs, sharedFolder } from './postgres-binaries.ts'
import { commandOf, isAlive, pause, signalOnExit, startProgram, stopProcess, waitUntilGone } from './process.ts'

export interface PostgresServer {
  port: number
  /** Process id of the postmaster. */
  pid: number
  /** Where its data is. */
  folder: string
  /** Connection of the owner (migrations); `database` defaults to guichet. */
  ownerUrl: (database?: string) => string
  /** Connection of the application's role, which may not change facts. */
  appUrl: (database?: string) => string
  /** Resolves when the postmaster has ended, however. */
  ended: Promise<void>
  stop: () => Promise<void>
}

interface Options {
  /** Data folder (GUICHET_DATA); the cluster lives in `postgres` under it. */
  dataFolder: string
  log?: (line: string) => void
  /** Extra settings, `name=value`. Tests turn fsync off. */
  settings?: string[]
}

interface Secrets {
  ownerPassword: string
  appPassword: string
  port: number
}

export const ownerRole = 'guichet'
export const appRole = 'guichet_app'

/** Where the cluster can live: in the data folder, or under /var/lib/guichet where that is closed to PostgreSQL's user. */
function clusterFolder(dataFolder: string, as: RunAs | null): string {
  mkdirSync(dataFolder, { recursive: true })
  const own = join(dataFolder, 'postgres')
  if (canEnter(dataFolder, as)) return own
  const shared = join(sharedFolder, createHash('sha256').update(dataFolder).digest('hex').slice(0, 12))
  mkdirSync(shared, { recursive: true })
  openFolder(sharedFolder)
  openFolder(shared)
  return join(shared, 'postgres')
}

/** Passwords and port, readable by us alone. */
function loadSecrets(dataFolder: string): Secrets {
  const file = join(dataFolder, 'postgres.json')
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Secrets
  const secret = () => randomBytes(24).toString('base64url')
  const secrets = { ownerPassword: secret(), appPassword: secret(), port: 0 }
  saveSecrets(dataFolder, secrets)
  return secrets
}

function saveSecrets(dataFolder: string, secrets: Secrets): void {
  const file = join(dataFolder, 'postgres.json')
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 })
  chmodSync(file, 0o600)
}

function initialize(binaries: string, folder: string, as: RunAs | null, password: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (as) chownSync(folder, as.uid, as.gid)
  const passwordFile = `${folder}.pw`
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (as) chownSync(passwordFile, as.uid, as.gid)
  const args = [
    '-D',
    folder,
    '-U',
    ownerRole,
    '-A',
    'scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--no-instructions',
  ]
  const run = spawnSync(join(binaries, 'bin', 'initdb'), args, {
    encoding: 'utf8',
    cwd: folder,
    env: { PATH: process.env.PATH, TZ: 'UTC' },
    ...(as && { uid: as.uid, gid: as.gid }),
  })
  rmSync(passwordFile, { force: true })
  if (run.status === 0) return
  rmSync(folder, { recursive: true, force: true })
  throw new Error(`PostgreSQL could not set up ${folder}: ${run.stderr || run.error?.message}`)
}

/** A postmaster of an earlier start that was killed hard: ended first. A lock file whose process id now belongs to another program is removed. */
async function endLeftover(folder: string, log: (line: string) => void): Promise<void> {
  const lock = join(folder, 'postmaster.pid')
  if (!existsSync(lock)) return
  const pid = Number.parseInt(readFileSync(lock, 'utf8'), 10)
  if (!(pid > 0) || !isAlive(pid)) return
  if (!commandOf(pid).includes(folder)) {
    rmSync(lock, { force: true })
    return
  }
  log(`ending the PostgreSQL (process ${pid}) that an earlier start left behind`)
  await stopProcess(pid, [
    { signal: 'SIGINT', waitMs: 15_000 },
    { signal: 'SIGQUIT', waitMs: 5_000 },
  ])
}

const url = (role: string, password: string, port: number, database: string) =>
  `postgres://${role}:${password}@127.0.0.1:${port}/${database}`

async function waitUntilReady(connection: string, hasEnded: () => boolean): Promise<boolean> {
  const deadline = Date.now() + 30_000
  while (Date.now() < deadline && !hasEnded()) {
    const client = new pg.Client({ connectionString: connection })
    client.on('error', () => {})
    try {
      await client.connect()
      await client.end()
      return true
    } catch {
      await client.end().catch(() => {})
      await pause(50)
    }
  }
  return false
}

/** Creates database and application role where absent; sets that role's password. Needs the owner's connection to `postgres`. */
async function ensureRoles(connection: string, secrets: Secrets): Promise<void> {
  const client = new pg.Client({ connectionString: connection })
  await client.connect()
  try {
    const role = await client.query('select from pg_roles where rolname = $1', [appRole])
    await client.query(`${role.rowCount ? 'alter' : 'create'} role ${appRole} login password ${client.escapeLiteral(secrets.appPassword)}`)
    const database = await client.query("select from pg_database where datname = 'guichet'")
    if (!database.rowCount) await client.query('create database guichet')
  } finally {
    await client.end()
  }
}

/**
 * Starts the embedded PostgreSQL of this data folder: set up on first use, loopback only, password required.
 * Throws with PostgreSQL's own words and a remedy when it does not come up.
 */
export async function startPostgres(options: Options): Promise<PostgresServer> {
  const log = options.log ?? (() => {})
  const dataFolder = resolve(options.dataFolder)
  const as = runAs()
  const binaries = findBinaries(as, log)
  const folder = clusterFolder(dataFolder, as)
  const secrets = loadSecrets(dataFolder)
  if (!existsSync(join(folder, 'PG_VERSION'))) {
    log('setting up PostgreSQL')
    initialize(binaries, folder, as, secrets.ownerPassword)
  }
  await endLeftover(folder, log)

  for (let attempt = 1; ; attempt++) {
    const port = secrets.port > 0 && (await isPortFree(secrets.port)) ? secrets.port : await freePort()
    const settings = [
      `port=${port}`,
      'listen_addresses=127.0.0.1',
      'unix_socket_directories=',
      'max_connections=200',
      'timezone=UTC',
      'log_min_messages=warning',
      ...(options.settings ?? []),
    ]
    const { child, tail } = startProgram(
      join(binaries, 'bin', 'postgres'),
      ['-D', folder, ...settings.flatMap((setting) => ['-c', setting])],
      { cwd: folder, env: { PATH: process.env.PATH, TZ: 'UTC' }, ...(as && { uid: as.uid, gid: as.gid }) },
    )
    let hasEnded = false
    const ended = new Promise<void>((done) => {
      const end = () => {
        hasEnded = true
        done()
      }
      child.once('exit', end)
      child.once('error', end)
    })
    signalOnExit(child, 'SIGINT')
    if (await waitUntilReady(url(ownerRole, secrets.ownerPassword, port, 'postgres'), () => hasEnded)) {
      const pid = child.pid as number
      await ensureRoles(url(ownerRole, secrets.ownerPassword, port, 'postgres'), secrets)
      saveSecrets(dataFolder, { ...secrets, port })
      return {
        port,
        pid,
        folder,
        ended,
        ownerUrl: (database = 'guichet') => url(ownerRole, secrets.ownerPassword, port, database),
        appUrl: (database = 'guichet') => url(appRole, secrets.appPassword, port, database),
        stop: async () => {
          await stopProcess(pid, [
            { signal: 'SIGINT', waitMs: 15_000 },
            { signal: 'SIGQUIT', waitMs: 5_000 },
            { signal: 'SIGKILL', waitMs: 2_000 },
          ])
          await waitUntilGone(pid, 2_000)
        },
      }
    }
    if (!hasEnded) child.kill('SIGQUIT')
    await ended
    // The backends of a killed postmaster take a moment to notice and let go of shared memory; a port may be taken between choosing and listening.
    if (attempt < 5 && /shared memory|address already in use|Address in use/i.test(tail())) await pause(500 * attempt)
    else throw new Error(`PostgreSQL did not start in ${folder}:\n${tail()}\nMend that, or set DATABASE_URL to a server of your own.`)
  }
}
