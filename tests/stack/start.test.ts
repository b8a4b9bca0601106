import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../migrations/stack/ports.ts'
import { isAlive, waitUntilGone } from '../../migrations/stack/process.ts'

const root = resolve(import.meta.dirname, '..', '..')
const readyWithinMs = 150_000

interface Start {
  child: ChildProcess
  output: () => string
  /** Resolves when the text appears; rejects with all output when the program ends first. */
  until: (text: string | RegExp) => Promise<void>
  exit: Promise<number | null>
}

const started: ChildProcess[] = []

function npmStart(env: Record<string, string>): Start {
  const child = spawn(process.execPath, ['migrations/stack/bootstrap.mjs', 'start'], {
    cwd: root,
    env: { ...process.env, PORT: '', SMTP_PORT: '', DATABASE_URL: '', TEMPORAL_ADDRESS: '', GUICHET_NO_DEMO: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  let text = ''
  const waiting = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      for (const check of waiting) check()
    })
  }
  const exit = new Promise<number | null>((done) => {
    child.once('exit', (code) => done(code))
  })
  const until = (wanted: string | RegExp) =>
    new Promise<void>((done, failed) => {
      const check = () => {
        if (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)) done()
      }
      waiting.add(check)
      check()
      void exit.then((code) => failed(new Error(`expected '${wanted}', found exit ${code}:\n${text}`)))
    })
  return { child, output: () => text, until, exit }
}

afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) continue
    child.kill('SIGTERM')
    if (!(await waitUntilGone(child.pid, 40_000))) child.kill('SIGKILL')
  }
})

const healthy = async (port: number) => (await fetch(`http://localhost:${port}/api/v1/health`).catch(() => null))?.ok === true
const childrenOf = (folder: string): Record<string, number> => JSON.parse(readFileSync(join(folder, 'running.json'), 'utf8')).children

describe('npm start', { timeout: 3 * readyWithinMs }, () => {
  let dataFolder: string
  beforeAll(() => {
    dataFolder = mkdtempSync(join(tmpdir(), 'guichet-start-'))
  })
  afterAll(() => rmSync(dataFolder, { recursive: true, force: true }))

  test('comes up on its own servers, says where and as whom, tells a second start, and leaves nothing running', async () => {
    const [port, smtpPort] = [await freePort(), await freePort()]
    const env = { GUICHET_DATA: dataFolder, PORT: String(port), SMTP_PORT: String(smtpPort) }
    const first = npmStart(env)
    await first.until(`Guichet is ready: http://localhost:${port}`)
    expect(first.output()).toContain('camille@example.org')
    expect(await healthy(port)).toBe(true)

    const second = npmStart(env)
    expect(await second.exit).toBe(1)
    expect(second.output()).toContain(`Guichet is already running at http://localhost:${port}`)
    expect(await healthy(port)).toBe(true)

    const children = childrenOf(dataFolder)
    expect(Object.keys(children).sort()).toEqual(['api', 'postgres', 'temporal', 'worker'])
    first.child.kill('SIGINT')
    expect(await first.exit).toBe(0)
    expect(Object.entries(children).filter(([, pid]) => isAlive(pid))).toEqual([])
    expect(existsSync(join(dataFolder, 'running.json'))).toBe(false)
  })

  test('comes up again on the same data; a killed child is started again; a hard kill leaves nothing in the way', async () => {
    const [port, smtpPort] = [await freePort(), await freePort()]
    const env = { GUICHET_DATA: dataFolder, PORT: String(port), SMTP_PORT: String(smtpPort) }
    const first = npmStart(env)
    await first.until('Guichet is ready')
    expect(first.output()).not.toContain('setting up PostgreSQL')
    const children = childrenOf(dataFolder)
    process.kill(children.api as number, 'SIGKILL')
    await first.until(/api ended \(SIGKILL\)/)
    await expect.poll(() => healthy(port), { timeout: 60_000 }).toBe(true)
    process.kill(children.postgres as number, 'SIGKILL')
    await first.until(/PostgreSQL ended unexpectedly/)
    await expect.poll(() => healthy(port), { timeout: 60_000 }).toBe(true)

    const supervisor = JSON.parse(readFileSync(join(dataFolder, 'running.json'), 'utf8')).pid as number
    process.kill(supervisor, 'SIGKILL')
    await first.exit
    const second = npmStart(env)
    await second.until('Guichet is ready')
    second.child.kill('SIGTERM')
    expect(await second.exit).toBe(0)
  })

  test('a busy port is named, with a free one', async () => {
    const other = createServer()
    const port = await new Promise<number>((done) => other.listen(0, '127.0.0.1', () => done((other.address() as { port: number }).port)))
    try {
      const refused = npmStart({ GUICHET_DATA: dataFolder, PORT: String(port) })
      expect(await refused.exit).toBe(1)
      expect(refused.output()).toMatch(new RegExp(`Port ${port} is taken by another program. Choose another: PORT=\\d+ npm start`))
    } finally {
      other.close()
    }
  })

  test.each([
    ['PORT', { PORT: 'eighty' }, "expected a port between 1 and 65535 in PORT, found 'eighty'"],
    ['DATABASE_URL', { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }, 'DATABASE_URL: '],
  ])('an unusable %s is named', async (_name, env, text) => {
    const refused = npmStart({ GUICHET_DATA: dataFolder, ...(env as Record<string, string>) })
    expect(await refused.exit).toBe(1)
    expect(refused.output()).toContain(text)
  })
})
