import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const sources = [
  'ui/**/*',
  'definitions/schema/**/*',
  'workflows/{engine,domain}/**/*',
  'vite.config.ts',
  'package-lock.json',
  'tsconfig.json',
]

/** A digest of all that goes into the UI. */
function digest(root: string): string {
  const hash = createHash('sha256')
  const files = globSync(sources, { cwd: root, exclude: ['ui/dist', 'ui/dist/**'] }).sort()
  for (const file of files)
    if (statSync(join(root, file)).isFile())
      hash
        .update(file)
        .update('\0')
        .update(readFileSync(join(root, file)))
        .update('\0')
  return hash.digest('hex')
}

/** Builds the UI when its sources changed since it was last built. Throws with the build's own words when that fails. */
export async function buildUserInterface(root: string, log: (line: string) => void): Promise<void> {
  const stamp = join(root, 'node_modules', '.cache', 'guichet-ui')
  const now = digest(root)
  if (existsSync(join(root, 'ui', 'dist', 'index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return
  log('building the user interface')
  const started = Date.now()
  const child = spawn(process.execPath, [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn'], {
    cwd: root,
    // also when the tests build it: what they look at is what users get
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const killOnExit = () => child.kill('SIGKILL')
  process.once('exit', killOnExit)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-8_000)
    })
  }
  const ticker = setInterval(() => log(`still building the user interface, ${Math.round((Date.now() - started) / 1000)} s`), 10_000)
  const code = await new Promise<number | null>((resolve) => {
    child.once('exit', resolve)
    child.once('error', () => resolve(null))
  })
  clearInterval(ticker)
  process.off('exit', killOnExit)
  if (code !== 0) throw new Error(`The user interface could not be built:\n${output.trim()}`)
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, now)
  log(`user interface built in ${Math.round((Date.now() - started) / 1000)} s`)
}
