import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandOf, isAlive, stopProcess } from './process.ts'

/** Who runs on a data folder; lies in it while he does. Holds passwords: readable by its owner alone. */
export interface Running {
  pid: number
  /** Where the desk answers. */
  url: string
  /** What the children were given, for commands that work on the running desk. */
  env: Record<string, string>
  /** Children by name, for whoever cleans up after a hard kill. */
  children: Record<string, number>
}

const fileOf = (dataFolder: string) => join(dataFolder, 'running.json')
const supervisor = /migrations[\\/]stack[\\/](start|run)\.ts/

/** The lock as it lies there, alive or not. */
export function readLock(dataFolder: string): Running | null {
  try {
    return JSON.parse(readFileSync(fileOf(dataFolder), 'utf8')) as Running
  } catch {
    return null
  }
}

/** Who runs here now, or null. A lock left by a hard kill, its number perhaps given to another program since, does not count. */
export function findRunning(dataFolder: string): Running | null {
  const lock = readLock(dataFolder)
  return lock && lock.pid !== process.pid && isAlive(lock.pid) && supervisor.test(commandOf(lock.pid)) ? lock : null
}

/**
 * Takes the folder, or returns who has it. Children that a hard kill left behind are ended first.
 * @returns null when it is ours.
 */
export async function takeLock(dataFolder: string, own: Running, log: (line: string) => void): Promise<Running | null> {
  mkdirSync(dataFolder, { recursive: true })
  const running = findRunning(dataFolder)
  if (running) return running
  const stale = readLock(dataFolder)
  for (const [name, pid] of Object.entries(stale?.children ?? {})) {
    if (!isAlive(pid) || !/activities[\\/]worker\.ts|api[\\/]server\.ts|start-dev/.test(commandOf(pid))) continue
    log(`ending the ${name} (process ${pid}) that an earlier start left behind`)
    await stopProcess(pid, [
      { signal: 'SIGTERM', waitMs: 10_000 },
      { signal: 'SIGKILL', waitMs: 2_000 },
    ])
  }
  rmSync(fileOf(dataFolder), { force: true })
  try {
    writeFileSync(fileOf(dataFolder), JSON.stringify(own), { flag: 'wx', mode: 0o600 })
  } catch {
    return findRunning(dataFolder) ?? own
  }
  return null
}

export function updateLock(dataFolder: string, own: Running): void {
  writeFileSync(fileOf(dataFolder), JSON.stringify(own), { mode: 0o600 })
}

export function releaseLock(dataFolder: string): void {
  if (readLock(dataFolder)?.pid === process.pid) rmSync(fileOf(dataFolder), { force: true })
}
