import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Desk } from './desk.ts'
import { until } from './desk.ts'

const workerFile = fileURLToPath(new URL('../../activities/worker.ts', import.meta.url))
export const dyingWorkerFile = fileURLToPath(new URL('./dying-worker.ts', import.meta.url))

export interface ChildWorker {
  pid: number
  /** As `kill -9`: nothing is finished, nothing is handed over. */
  kill(): Promise<void>
  /** Resolves when it has ended by itself. */
  ended: Promise<void>
}

/** A worker as it runs in production: a process of its own. Resolves when it polls. */
export async function spawnWorker(env: Record<string, string>, file = workerFile): Promise<ChildWorker> {
  const child = spawn(process.execPath, [file], {
    env: { ...process.env, ...env, LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const listen = (chunk: Buffer) => {
    output += chunk.toString()
  }
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  await until(
    'the worker to poll',
    async () => {
      if (child.exitCode !== null) throw new Error(`expected the worker to run, found that it ended:\n${output}`)
      return output.includes('worker is polling')
    },
    40_000,
  )
  const ended = new Promise<void>((resolve) =>
    child.exitCode === null && child.signalCode === null ? child.once('exit', () => resolve()) : resolve(),
  )
  return { pid: child.pid as number, kill: () => killed(child), ended }
}

/** Somebody who sends an update and may not live to hear the answer. */
export function spawnCaller(
  env: Record<string, string>,
  call: { ticketId: string; name: string; command: unknown },
): { kill(): Promise<void> } {
  const file = fileURLToPath(new URL('./caller.ts', import.meta.url))
  const child = spawn(process.execPath, [file, JSON.stringify(call)], { env: { ...process.env, ...env }, stdio: 'ignore' })
  return { kill: () => killed(child) }
}

function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('expected a port, found none')),
      )
    })
  })
}

/** The steps of a ticket as its ledger tells them: each task opened and completed, each mail queued. For "no step twice". */
export async function steps(desk: Desk, ticketId: string): Promise<{ opened: string[]; completed: string[]; mails: string[] }> {
  const facts = await desk.db
    .selectFrom('fact')
    .select(['type', 'elementId'])
    .where('streamId', '=', ticketId)
    .orderBy('sequence')
    .execute()
  const mails = await desk.db
    .selectFrom('mailOut')
    .select(['template', 'recipient'])
    .where('ticketId', '=', ticketId)
    .orderBy('template')
    .execute()
  const of = (type: string) => facts.filter((fact) => fact.type === type).map((fact) => String(fact.elementId))
  return { opened: of('taskOpened'), completed: of('taskCompleted'), mails: mails.map(({ template }) => template).sort() }
}
