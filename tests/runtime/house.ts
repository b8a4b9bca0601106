/** A desk with everything that approvals and problems need: API and worker on one database, people who sign in, mails to read. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { attendApprovals } from '../../activities/approvals.ts'
import { deliverWaiting } from '../../activities/correlator.ts'
import { deliverCommands, startWaitingIntakes } from '../../activities/intake-starter.ts'
import { deployDefinition } from '../../activities/store/definition/definitions.ts'
import { type NewTicket, openTicket } from '../../activities/store/ticket/intake.ts'
import { installRuntime, type RunningWorker, startWorker } from '../../activities/worker.ts'
import { cachedWorkflowBundle } from '../../activities/workflow-bundle.ts'
import { type Answer, type CallInit, origin, type TestDesk, testDesk } from '../api/desk.ts'
import { servers } from '../setup/database.ts'

export interface House extends TestDesk {
  /** Signs in by id, once. */
  by(personId: string): (path: string, init?: CallInit) => Promise<Answer>
  open(ticket: Partial<NewTicket> & Pick<NewTicket, 'kind' | 'fields'>): Promise<{ ticketId: string; number: string }>
  /** What the worker's loops do: commands and messages delivered, approvals attended to. */
  turn(): Promise<void>
  deploy(id: string, xml: string): Promise<void>
  /** Links in the mails to somebody, newest first. */
  linksTo(personId: string, template?: string): Promise<string[]>
  stop(): Promise<void>
}

const secret = 'a secret that is only used in tests, 32+'

export async function openHouse(): Promise<House> {
  const env = {
    TEMPORAL_ADDRESS: servers().temporalAddress,
    GUICHET_TASK_QUEUE: `test-${randomBytes(6).toString('hex')}`,
    GUICHET_DATA: mkdtempSync(join(tmpdir(), 'guichet-test-')),
    GUICHET_SECRET: secret,
    GUICHET_PUBLIC_URL: origin,
  }
  process.env.GUICHET_TASK_QUEUE = env.GUICHET_TASK_QUEUE
  const log = pino({ level: process.env.LOG_LEVEL ?? 'silent' })
  const desk = await testDesk({ commandTimeoutMs: 15_000 })
  const { db } = desk.database
  installRuntime(log)
  const workflowBundle = await cachedWorkflowBundle(join(tmpdir(), 'guichet-test-bundles'))
  const worker: RunningWorker = await startWorker({ db, env, log, isWithoutIntake: true, workflowBundle })
  const cookies = new Map<string, Promise<string>>()
  const signIn = async (personId: string): Promise<string> => {
    const answer = await desk.call('/api/auth/sign-in/email', { body: { email: `${personId}@example.org`, password: 'guichet' } })
    return answer.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ')
  }
  return {
    ...desk,
    by:
      (personId) =>
      async (path, init = {}) => {
        if (!cookies.has(personId)) cookies.set(personId, signIn(personId))
        return desk.call(path, { ...init, headers: { cookie: (await cookies.get(personId)) ?? '', ...init.headers } })
      },
    async open(ticket) {
      const opened = await openTicket(db, { channel: 'portal', openedById: ticket.fields.requesterId, ...ticket })
      await startWaitingIntakes(db, desk.client)
      return opened
    },
    async turn() {
      await attendApprovals({ db, publicUrl: origin, secret }, desk.deps.clock())
      await startWaitingIntakes(db, desk.client)
      // a round brings one command to each ticket
      while ((await deliverCommands(db, desk.client)).delivered > 0);
      await deliverWaiting(db, desk.client)
    },
    async deploy(id, source) {
      const done = await deployDefinition(db, { kind: 'process', id, source, baseVersion: null, actorId: 'priya' })
      if (!done.ok) throw new Error(`expected process ${id} to deploy, found ${JSON.stringify(done)}`)
    },
    async linksTo(personId, template = 'approval-asked') {
      const rows = await db
        .selectFrom('mailOut')
        .select('text')
        .where('recipient', '=', `${personId}@example.org`)
        .where('template', '=', template)
        .orderBy('createdAt', 'desc')
        .execute()
      return rows.flatMap(({ text }) => /\/approve\/(\S+)/.exec(text)?.[1] ?? [])
    },
    async stop() {
      await worker.stop()
      await desk.close()
    },
  }
}
