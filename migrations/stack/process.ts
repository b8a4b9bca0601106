import { type ChildProcess, spawn, type SpawnOptions, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Whether a process with this id exists (a zombie counts as gone where /proc tells). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return true
  }
}

/** The command line of a process, or an empty text when it cannot be read. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? ''
  }
}

/** Resolves true when the process is gone, false when `timeoutMs` passed first. */
export async function waitUntilGone(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false
    await pause(50)
  }
  return true
}

/** Sends the signals one after the other, each with its time to work, until the process is gone. */
export async function stopProcess(pid: number, steps: readonly { signal: NodeJS.Signals; waitMs: number }[]): Promise<void> {
  for (const { signal, waitMs } of steps) {
    try {
      process.kill(pid, signal)
    } catch {
      return
    }
    if (await waitUntilGone(pid, waitMs)) return
  }
}

/**
 * Starts a program in its own process group, so that Ctrl-C in the terminal reaches the supervisor alone, which then stops
 * its children in order. The last 200 lines of output are kept for the error text.
 */
export function startProgram(command: string, args: string[], options: SpawnOptions = {}): { child: ChildProcess; tail: () => string } {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, ...options })
  const lines: string[] = []
  const keep = (chunk: Buffer) => {
    lines.push(...chunk.toString().split('\n').filter(Boolean))
    if (lines.length > 200) lines.splice(0, lines.length - 200)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  return { child, tail: () => lines.slice(-20).join('\n') }
}

/** When we end without having stopped it (an uncaught error), the program is told to end too. */
export function signalOnExit(child: ChildProcess, signal: NodeJS.Signals): void {
  const tell = () => child.kill(signal)
  process.once('exit', tell)
  child.once('exit', () => process.off('exit', tell))
}
