/**
 * `npm test`: style, types, the user interface's build, then every test. Each check and each test counts as one; the last line is
 * `N passed, N failed`, and the exit code tells the same. `--all` runs the benchmarks' and conformance's own commands too.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { stopProcess } from './process.ts'
import { findTemporal } from './temporal.ts'
import { buildUserInterface } from './user-interface.ts'

const root = resolve(import.meta.dirname, '..', '..')
const bin = (name: string) => join(root, 'node_modules', '.bin', name)
const args = process.argv.slice(2)
const casesFolder = resolve(root, process.env.GUICHET_CONFORMANCE ?? '../shared/conformance')
const count = { passed: 0, failed: 0 }
let running: ChildProcess | undefined

const say = (line: string) => console.log(line)

function run(command: string, commandArgs: string[]): Promise<number> {
  return new Promise((done) => {
    // Own process group: an interrupted run ends its servers and browsers before it ends itself.
    const child = spawn(command, commandArgs, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
      env: { ...process.env, NO_COLOR: '1', CI: '1' },
    })
    running = child
    const ticker = setInterval(() => say(`  ... still at it (${commandArgs[0] ?? command})`), 60_000)
    const end = (code: number | null) => {
      clearInterval(ticker)
      running = undefined
      done(code ?? 1)
    }
    child.once('error', (error) => {
      say(error.message)
      end(1)
    })
    child.once('exit', end)
  })
}

async function check(name: string, work: () => Promise<number>): Promise<void> {
  const started = Date.now()
  say(`\n== ${name}`)
  const code = await work().catch((error: Error) => {
    say(error.message)
    return 1
  })
  count[code === 0 ? 'passed' : 'failed'] += 1
  say(`== ${name}: ${code === 0 ? 'passed' : 'FAILED'} (${Math.round((Date.now() - started) / 1000)} s)`)
}

interface VitestReport {
  numPassedTests: number
  numFailedTests: number
  numFailedTestSuites: number
  success: boolean
  testResults: { status: string; assertionResults: unknown[] }[]
}

async function tests(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-report-'))
  const file = join(folder, 'report.json')
  say('\n== tests')
  const code = await run(process.execPath, [
    join(root, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...args.filter((arg) => arg !== '--all'),
  ])
  if (existsSync(file)) {
    const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport
    count.passed += report.numPassedTests
    // A file that does not even load has no tests to fail: it counts as one.
    const broken = report.testResults.filter((result) => result.status === 'failed' && result.assertionResults.length === 0).length
    count.failed += report.numFailedTests + broken
  }
  if (code !== 0 && count.failed === 0) count.failed += 1
  rmSync(folder, { recursive: true, force: true })
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, async () => {
    if (running?.pid)
      await stopProcess(running.pid, [
        { signal: 'SIGINT', waitMs: 20_000 },
        { signal: 'SIGKILL', waitMs: 1_000 },
      ])
    process.exit(130)
  })
}

if (!args.some((arg) => arg.startsWith('tests/'))) {
  await check('style (biome)', () => run(bin('biome'), ['check', '--max-diagnostics=30', '.']))
  await check('types (tsc)', () => run(bin('tsc'), ['--noEmit', '-p', 'tsconfig.json']))
  await check('user interface (vite)', async () => {
    await buildUserInterface(root, say)
    return 0
  })
}
// Here, where its progress shows: the tests' own start would build it in silence.
await check('Temporal server', async () => {
  await findTemporal(say)
  return 0
})
await tests()
if (args.includes('--all')) {
  const command = (...words: string[]) => run(process.execPath, [join(root, 'migrations', 'stack', 'bootstrap.mjs'), ...words])
  // Cases stay outside the project: their licences differ. Without them there is nothing to run.
  const cases = globSync('*cases.json', { cwd: casesFolder })
  if (cases.length === 0) say(`\n== conformance: skipped, no cases in ${casesFolder} (set GUICHET_CONFORMANCE to their folder)`)
  for (const file of cases.sort()) await check(`conformance ${file}`, () => command('conformance', join(casesFolder, file), '--known'))
  await check('bench', () => command('bench'))
  await check('bench of the engine', () => command('bench', 'engine'))
}
say(`\n${count.passed} passed, ${count.failed} failed`)
process.exitCode = count.failed > 0 ? 1 : 0
