/** Live changes: one connection listens to PostgreSQL's `guichet` channel and hands each notice to the open event streams. */
import pg from 'pg'
import type { Logger } from 'pino'

/** What the store notifies after each commit; requester, assignee and desk decide who may hear of it. */
export interface Notice {
  ticketId: string
  number: string
  sequence: number
  types: string[]
  requesterId: string | null
  groupId: string | null
  assigneeId: string | null
  /** Null: the default desk. */
  deskId: string | null
}
type Listener = (notice: Notice | 'resync') => void

export interface EventHub {
  subscribe(listener: Listener): () => void
  close(): Promise<void>
}

/** Longest silence between two attempts to get the connection back, ms. */
const maxRetryMs = 10_000

export function createEventHub(databaseUrl: string, log: Logger): EventHub {
  const listeners = new Set<Listener>()
  let client: pg.Client | null = null
  let isClosed = false
  let retry: NodeJS.Timeout | undefined
  let attempts = 0

  const tell = (notice: Notice | 'resync') => {
    for (const listener of listeners) {
      try {
        listener(notice)
      } catch (error) {
        log.warn({ error }, 'event listener failed')
      }
    }
  }
  const again = () => {
    client = null
    if (isClosed || retry) return
    attempts += 1
    retry = setTimeout(
      () => {
        retry = undefined
        void connect()
      },
      Math.min(maxRetryMs, 250 * 2 ** attempts),
    )
  }
  const connect = async () => {
    const fresh = new pg.Client({ connectionString: databaseUrl, application_name: 'guichet-events' })
    fresh.on('error', again)
    fresh.on('end', again)
    fresh.on('notification', ({ payload }) => {
      if (!payload) return
      try {
        tell(JSON.parse(payload) as Notice)
      } catch (error) {
        log.warn({ error, payload }, 'expected JSON in a guichet notification')
      }
    })
    try {
      await fresh.connect()
      await fresh.query('listen guichet')
      if (isClosed) return void (await fresh.end())
      client = fresh
      // whatever was notified while we were deaf is gone: streams are told to read again
      if (attempts > 0) tell('resync')
      attempts = 0
    } catch (error) {
      log.warn({ error }, 'event listener cannot reach PostgreSQL')
      await fresh.end().catch(() => undefined)
      again()
    }
  }
  void connect()
  return {
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      isClosed = true
      clearTimeout(retry)
      listeners.clear()
      await client?.end().catch(() => undefined)
    },
  }
}
