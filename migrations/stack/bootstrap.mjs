// Runs on whatever Node is there (18 or later), before anything is installed: plain JavaScript, no dependency.
// Installs what is missing, then hands over to Node 24 with the command's own entry.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const modules = join(root, 'node_modules')
const leastNode = 24

/** What each command runs. `run.ts` gives the entry a database (and a desk) when none is given. */
const commands = {
  start: ['migrations/stack/start.ts'],
  test: ['migrations/stack/test.ts'],
  bench: ['tests/bench/run.ts'],
  conformance: ['tests/conformance/run.ts'],
  import: ['migrations/stack/run.ts', 'database', 'activities/import/run.ts'],
  demo: ['migrations/stack/run.ts', 'desk', 'activities/import/demo.ts'],
  types: ['migrations/stack/generate-types.ts'],
}

function fail(message) {
  console.error(message)
  process.exit(1)
}

const lockDigest = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')

/** Installed already, and from the lock that is here now? */
function isInstalled() {
  const stamp = join(modules, '.guichet-lock')
  if (existsSync(stamp)) return readFileSync(stamp, 'utf8') === lockDigest()
  const own = join(modules, '.package-lock.json')
  return existsSync(own) && statSync(own).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs
}

function install() {
  console.log('Installing packages (once; some minutes on a slow line) ...')
  const npm = process.env.npm_execpath?.endsWith('.js')
    ? [process.execPath, process.env.npm_execpath]
    : [process.platform === 'win32' ? 'npm.cmd' : 'npm']
  const args = [
    ...npm.slice(1),
    'install',
    '--no-save',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--include=dev',
    '--include=optional',
    '--loglevel=error',
  ]
  const started = Date.now()
  const child = spawn(npm[0], args, { cwd: root, stdio: 'inherit' })
  const ticker = setInterval(() => console.log(`  still installing, ${Math.round((Date.now() - started) / 1000)} s`), 10_000)
  return new Promise((resolve) => {
    child.once('error', (error) => fail(`npm could not be run (${error.message}). Install npm, then try again.`))
    child.once('exit', (code) => {
      clearInterval(ticker)
      if (code !== 0) fail(`npm install failed (exit ${code}): see above. Mend that, then run the command again.`)
      writeFileSync(join(modules, '.guichet-lock'), lockDigest())
      console.log(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`)
      resolve()
    })
  })
}

/** This Node when it is recent enough, else the one among the packages. */
function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= leastNode) return process.execPath
  const own = join(modules, '.bin', 'node')
  const version = spawnSync(own, ['--version'], { encoding: 'utf8' }).stdout || ''
  if (Number(version.slice(1).split('.')[0]) >= leastNode) return own
  return fail(
    `Guichet needs Node ${leastNode} or later. This is Node ${process.versions.node}, and none could be installed for ${process.platform} ${process.arch}. Install Node ${leastNode}, then try again.`,
  )
}

const [name, ...args] = process.argv.slice(2)
const entry = commands[name]
if (!entry) fail(`expected one of ${Object.keys(commands).join(', ')}, found ${name}`)
if (!isInstalled()) await install()

const node = findNode()
const env = { ...process.env, PATH: [dirname(node), join(modules, '.bin'), process.env.PATH].join(delimiter) }
const child = spawn(node, ['--disable-warning=ExperimentalWarning', join(root, entry[0]), ...entry.slice(1), ...args], {
  stdio: 'inherit',
  env,
})
// Signals are passed on (a terminal's Ctrl-C may then arrive twice; the receiver knows). We end when the child has.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.once('error', (error) => fail(error.message))
child.once('exit', (code, signal) => process.exit(signal ? 128 + (constants.signals[signal] ?? 0) : (code ?? 1)))
