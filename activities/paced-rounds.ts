/** Operations over many tickets, a round at a time: how fast, and what becomes of a ticket that cannot be reached. */
import { isGrpcServiceError, WorkflowNotFoundError } from '@temporalio/client'
import { pause } from './intake-starter.ts'

/** What a round of an operation came to: tickets that are done with, and those to be tried again. */
export interface Round {
  settled: number
  deferred: number
}

const idleMs = 1_000
const longestBackoffMs = 15_000

/**
 * Runs rounds until `signal` is aborted: at once while there is something to do, every second otherwise, slower while Temporal is away.
 * @param round given what earlier rounds have kept; an idle round forgets it
 */
export async function runPacedRounds<Kept>(
  round: (kept: Map<string, Kept>) => Promise<Round>,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  let waitMs = idleMs
  let kept = new Map<string, Kept>()
  while (!signal.aborted) {
    try {
      const { settled, deferred } = await round(kept)
      if (settled + deferred === 0) kept = new Map()
      if (deferred > 0) waitMs = Math.min(Math.max(waitMs, idleMs) * 2, longestBackoffMs)
      else waitMs = settled > 0 ? 1 : idleMs
    } catch (error) {
      onError(error)
      waitMs = Math.min(Math.max(waitMs, idleMs) * 2, longestBackoffMs)
    }
    await pause(waitMs, signal)
  }
}

/** What is kept under the key, made when it is not there; a failure is not kept. */
export function keptOr<T>(kept: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = kept.get(key)
  if (known) return known
  const made = make()
  kept.set(key, made)
  made.catch(() => kept.delete(key))
  return made
}

/** What becomes of a ticket whose workflow is not there: null, when the error says something else and is worth another try. */
export function outcomeOfAbsence(error: unknown): { state: 'gone' | 'refused'; code: string; message: string } | null {
  if (!(error instanceof WorkflowNotFoundError)) return null
  if (/already completed/i.test(error.message)) return { state: 'gone', code: 'instanceEnded', message: 'the ticket has ended' }
  return { state: 'refused', code: 'notStarted', message: 'the ticket’s process has not been started yet' }
}

export const messageOf = (error: unknown): string => {
  const cause = error instanceof Error && isGrpcServiceError(error.cause) ? error.cause : error
  return cause instanceof Error ? cause.message : String(cause)
}
