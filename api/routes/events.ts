import { streamSSE } from 'hono/streaming'
import type { Notice } from '../events.ts'
import { ApiProblem } from '../problem.ts'
import { listDesks } from '../../activities/store/record/desks.ts'
import { hearsOf } from '../read/visibility.ts'
import { type Call, defineRoute, type Route } from '../route.ts'

/** Proxies close what is silent for a minute. */
const heartbeatMs = 15_000
/** A reader this far behind is told to read again instead. */
const maxWaiting = 500
const streamsOf = new Map<string, number>()

async function openStream({ deps, caller, c }: Call<undefined, undefined, undefined>): Promise<Response> {
  const personId = caller.actor.id
  const open = streamsOf.get(personId) ?? 0
  if (open >= deps.config.limits.streamsPerPerson) throw new ApiProblem(429, 'tooManyStreams', { headers: { 'retry-after': '30' } })
  streamsOf.set(personId, open + 1)
  const mayHear = hearsOf(caller.actor, await listDesks(deps.db))
  const lastId = c.req.header('last-event-id')
  c.header('x-accel-buffering', 'no')
  return streamSSE(c, async (stream) => {
    let waiting: (Notice | 'resync')[] = []
    let wake = () => {}
    const unsubscribe = deps.events.subscribe((notice) => {
      if (notice !== 'resync' && !mayHear(notice)) return
      waiting = waiting.length >= maxWaiting ? ['resync'] : [...waiting, notice]
      wake()
    })
    stream.onAbort(() => wake())
    try {
      // notices are not kept: whoever was away reads again
      await stream.writeSSE({ event: lastId ? 'resync' : 'ready', data: '{}', id: `${deps.clock()}`, retry: 2_000 })
      while (!stream.aborted && !stream.closed) {
        for (const notice of waiting.splice(0)) {
          if (notice === 'resync') await stream.writeSSE({ event: 'resync', data: '{}', id: `${deps.clock()}` })
          else await stream.writeSSE({ data: JSON.stringify(notice), id: `${deps.clock()}` })
        }
        const isIdle = await new Promise<boolean>((resolve) => {
          const timer = setTimeout(() => resolve(true), heartbeatMs)
          wake = () => {
            clearTimeout(timer)
            resolve(false)
          }
          if (waiting.length > 0 || stream.aborted) wake()
        })
        if (isIdle) await stream.write(': still here\n\n')
      }
    } finally {
      unsubscribe()
      const left = (streamsOf.get(personId) ?? 1) - 1
      if (left > 0) streamsOf.set(personId, left)
      else streamsOf.delete(personId)
    }
  })
}

export const eventRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/events',
    access: 'anyone',
    tag: 'Operation',
    summary: 'Live changes, as server-sent events',
    description:
      'Each message: `{ticketId, number, sequence, types, requesterId, groupId, assigneeId, deskId}`. Requesters hear of their own tickets, agents of those of their desks as well. Event `resync`: something may have been missed, read again.',
    answers: { mediaType: 'text/event-stream', description: 'An endless stream with a heartbeat each 15 s' },
    problems: { 429: ['tooManyStreams'] },
    handle: async (call) => openStream(call as Call<undefined, undefined, undefined>),
  }),
]
