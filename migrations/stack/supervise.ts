import { type ChildProcess, spawn } from 'node:child_process'
import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pause, stopProcess } from './process.ts'

export interface Supervised {
  name: string
  pid: () => number | undefined
  /** Ends it and lets it stay ended. */
  stop: () => Promise<void>
}

interface Options {
  name: string
  /** Script and arguments, run by this Node. */
  args: string[]
  env: Record<string, string | undefined>
  cwd: string
  logFolder: string
  log: (line: string) => void
  onStart?: (pid: number) => void
}

const firstBackoffMs = 500
const lastBackoffMs = 30_000
/** After so long it counts as healthy again. */
const healthyAfterMs = 60_000

/** What a person at the terminal should see of a child: warnings and errors of its JSON log, and whatever is not JSON. */
function worthShowing(line: string): string | null {
  if (!line.startsWith('{')) return line
  try {
    const entry = JSON.parse(line) as {
      level?: number
      msg?: string
      err?: { message?: string }
      error?: { message?: string }
      reason?: string
    }
    if ((entry.level ?? 0) < 40) return null
    return [entry.msg, entry.reason ?? entry.err?.message ?? entry.error?.message].filter(Boolean).join(': ')
  } catch {
    return line
  }
}

/** Copies a child's output to its log file, line by line; shows what matters. */
function follow(child: ChildProcess, file: string, show: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    let rest = ''
    stream?.on('data', (chunk: Buffer) => {
      appendFileSync(file, chunk)
      const lines = (rest + chunk.toString()).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const text = worthShowing(line.trim())
        if (text) show(text.slice(0, 500))
      }
    })
  }
}

/** Starts a child and starts it again when it ends by itself: at once, then after growing pauses up to half a minute. */
export function supervise(options: Options): Supervised {
  const { name, log } = options
  mkdirSync(options.logFolder, { recursive: true, mode: 0o700 })
  const file = join(options.logFolder, `${name}.log`)
  let child: ChildProcess | undefined
  let isStopping = false
  let backoffMs = firstBackoffMs

  const start = () => {
    if (isStopping) return
    const startedAt = Date.now()
    child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...options.args], {
      cwd: options.cwd,
      env: options.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    const own = child
    follow(own, file, (line) => log(`${name}: ${line}`))
    if (own.pid !== undefined) options.onStart?.(own.pid)
    own.once('error', (error) => log(`${name} cannot be started: ${error.message}`))
    own.once('exit', async (code, signal) => {
      if (isStopping) return
      if (Date.now() - startedAt > healthyAfterMs) backoffMs = firstBackoffMs
      log(`${name} ended (${signal ?? `exit ${code}`}); starting it again in ${backoffMs / 1000} s. Its log: ${file}`)
      await pause(backoffMs)
      backoffMs = Math.min(backoffMs * 2, lastBackoffMs)
      start()
    })
  }
  const killOnExit = () => child?.kill('SIGKILL')
  process.once('exit', killOnExit)
  start()
  return {
    name,
    pid: () => child?.pid,
    stop: async () => {
      isStopping = true
      if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
      await stopProcess(child.pid, [
        { signal: 'SIGTERM', waitMs: 25_000 },
        { signal: 'SIGKILL', waitMs: 2_000 },
      ])
    },
  }
}
