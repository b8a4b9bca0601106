/** Server-sent events: what another person or the desk changed is asked again, without a reload. */
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { address } from './http.ts'
import type { LiveEvent } from './types.ts'

/** Lists are asked at most this often, however many facts arrive. */
const listIntervalMs = 800

/** What is made of tickets and of what happens to them. */
const liveLists = ['tickets', 'tasks', 'approvals', 'orders', 'changes', 'majors', 'status', 'proposals', 'walkIns', 'interactions', 'mail']

export type LiveState = 'connecting' | 'open' | 'lost'

/** Invalidates what one event touches: the ticket under both its names at once; lists by `refreshLists`. */
export function applyLiveEvent(client: QueryClient, event: LiveEvent, refreshLists: () => void): void {
  for (const id of [event.ticketId, event.number]) if (id) void client.invalidateQueries({ queryKey: ['ticket', id] })
  refreshLists()
}

function throttledRefresh(client: QueryClient): { refresh: () => void; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  const refresh = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined
      for (const list of liveLists) void client.invalidateQueries({ queryKey: [list] })
    }, listIntervalMs)
  }
  return { refresh, stop: () => clearTimeout(timer) }
}

const parseEvent = (data: string): LiveEvent | null => {
  try {
    const found = JSON.parse(data) as Partial<LiveEvent>
    return typeof found.ticketId === 'string' ? (found as LiveEvent) : null
  } catch {
    return null
  }
}

/** Keeps one connection while mounted; after an interruption everything shown is asked again. */
export function useLive(): LiveState {
  const client = useQueryClient()
  const [state, setState] = useState<LiveState>('connecting')
  useEffect(() => {
    const lists = throttledRefresh(client)
    let source: EventSource | undefined
    let reopen: ReturnType<typeof setTimeout> | undefined
    let wasLost = false
    let attempts = 0
    const onEvent = (message: MessageEvent<string>): void => {
      const event = parseEvent(message.data)
      if (event) applyLiveEvent(client, event, lists.refresh)
    }
    const open = (): void => {
      source = new EventSource(address('/events'), { withCredentials: true })
      source.onopen = () => {
        setState('open')
        attempts = 0
        if (wasLost) void client.invalidateQueries()
        wasLost = false
      }
      source.onmessage = onEvent
      // the stream fell behind or was away: what is shown may be old
      source.addEventListener('resync', () => void client.invalidateQueries())
      source.onerror = () => {
        wasLost = true
        attempts += 1
        if (attempts > 1) setState('lost')
        if (source?.readyState !== EventSource.CLOSED) return
        reopen = setTimeout(open, Math.min(30_000, 1000 * 2 ** attempts))
      }
    }
    open()
    return () => {
      source?.close()
      clearTimeout(reopen)
      lists.stop()
    }
  }, [client])
  return state
}
